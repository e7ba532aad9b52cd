"""The scene lexicon: its notation, and that it speaks of every scene of both catalogues."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from assistant import policy, resources
from assistant.errors import PolicyError
from assistant.extract.scene_lexicon import FILE, build, expand, load, normal
from assistant.extract.scene_names import index
from assistant.extract.scene_text import Placed, Squeezed, Stretches, scan

MINIMAL = {
    "groups": {"deploy": ["部署"], "flaw": ["缺陷", "划痕"]},
    "hide": ["缺陷数据"],
    "activities": [
        {"id": "a", "scenes": {"2025": 24}, "names": ["在线{智能|}检测"], "sure": ["$flaw + {识别|检测} / 4"]}
    ],
    "composites": [],
}


def test_braces_expand_to_every_choice_and_nest() -> None:
    assert expand("{甲|乙|}丙") == ("甲丙", "乙丙", "丙")
    assert set(expand("{甲{一|二}|乙}丙")) == {"甲一丙", "甲二丙", "乙丙"}
    assert expand("ＷＭＳ 系统") == ("wms系统",)


def test_normal_keeps_the_length() -> None:
    text = "ＡＢ（１）　Ｉ̇İ在线"
    assert len(normal(text)) == len(text)


def test_an_unknown_group_is_named() -> None:
    broken = {**MINIMAL, "activities": [{**MINIMAL["activities"][0], "sure": ["$nowhere + 检测"]}]}  # type: ignore[index,dict-item]
    with pytest.raises(PolicyError, match="nowhere"):
        build(broken)


def test_a_covering_term_hides_the_terms_inside_it() -> None:
    lexicon = build(MINIMAL)
    text = "缺陷数据与 划 痕"
    found = scan(Squeezed(text), lexicon).all
    assert [text[hit.start : hit.end] for hit in found] == ["缺陷数据", "划 痕"]


def test_every_scene_of_both_catalogues_has_an_activity() -> None:
    lexicon = load()
    for catalog in ("2024", "2025"):
        for scene in policy.load().catalog(catalog).scenes:
            assert lexicon.of(catalog, scene.number), f"{catalog} {scene.number} {scene.name}"


def test_activities_agree_with_the_crosswalk() -> None:
    lexicon = load()
    for row in policy.load().crosswalk.scenes:
        if row.from_ is not None and row.to is not None:
            assert row.to in lexicon.numbers(lexicon.of("2024", row.from_), "2025"), row


def test_official_names_are_known_and_win_over_other_names() -> None:
    known = index().by_text
    for catalog in ("2024", "2025"):
        for scene in policy.load().catalog(catalog).scenes:
            name = known[normal(scene.name)]
            assert name.official
            assert scene.number in load().numbers(name.activities, catalog)


def test_the_file_has_no_activity_twice_and_no_empty_rule() -> None:
    raw = yaml.safe_load((resources.corpus() / "policies" / FILE).read_text(encoding="utf-8"))
    ids = Counter(one["id"] for one in raw["activities"])
    assert max(ids.values()) == 1
    lexicon = load()
    sizes = Counter(group for groups in lexicon.terms.values() for group in groups)
    for rule in lexicon.rules:
        assert all(sizes[group] for group in rule.groups), lexicon.activities[rule.activity].id


def test_places_and_stretches_answer_for_offsets() -> None:
    stretches = Stretches([(2, 4), (3, 6), (9, 10)])
    assert [offset for offset in range(12) if stretches.hold(offset)] == [2, 3, 4, 5, 9]
    assert stretches.touch(5, 8)
    assert not stretches.touch(6, 9)
    assert not Stretches([]).hold(0)
    lexicon = build(MINIMAL)
    hits = scan(Squeezed("划痕识别划痕"), lexicon)
    assert isinstance(hits, Placed)
    assert [hit.start for hit in hits.within(1, 6)] == [2, 4]
