"""Retrieval's word on free prose: what it adds, what it takes back, and what it may not touch."""

from __future__ import annotations

import pytest

from assistant.extract.scene_nearest import Near
from assistant.extract.scenes import find_scenes
from assistant.index import scenes_near
from tests.extract.scene_cases import built, cases, document

# Told in words that no rule of the lexicon holds for.
TOLD = (
    "衬套压进缸体以前，压机先量一遍过盈量，量出来的值和曲轴号写在一起，将来哪台车响，翻得出当天那一下压力。"
)


def numbers(text: str, catalog: str = "2025") -> set[int | None]:
    return {claim.number for claim in find_scenes(document(text), catalog, scenes_near) if not claim.plan}


def answer(*near: Near):
    return lambda _catalog, _words: near


@pytest.mark.parametrize(
    ("near", "expected"),
    [
        ((25, 4.0, 20.0), {25}),
        ((25, 3.0, 20.0), set()),  # not far enough ahead of the others
        ((25, 4.0, 9.0), set()),  # too few of its words
        ((None, 6.0, 30.0), set()),  # nearest to what is about no scene
    ],
)
def test_a_plain_neighbour_is_evidence(near: Near, expected: set[int]) -> None:
    assert built(TOLD) == set()
    found = find_scenes(document(TOLD), "2025", answer(near))
    assert {claim.number for claim in found} == expected
    assert all(TOLD[s.start : s.end] == s.quote for claim in found for s in claim.spans)


def test_a_rule_is_overruled_only_by_a_plain_other_scene() -> None:
    text = "车间部署机器视觉系统，在线识别产品表面缺陷并自动剔除。"
    assert built(text) == {24}
    apart = ((20, 4.5, 20.0), (32, 1.0, 9.0), (9, 0.5, 8.0))
    assert 24 not in {claim.number for claim in find_scenes(document(text), "2025", answer(*apart))}
    beside = ((20, 4.5, 9.0), (24, 1.0, 9.0), (9, 0.5, 8.0))
    assert 24 in {claim.number for claim in find_scenes(document(text), "2025", answer(*beside))}


def test_plans_and_former_ways_are_told_as_such() -> None:
    near = answer((25, 5.0, 30.0))
    plan = find_scenes(
        document("公司计划明年把压装曲线和发动机号写在一起，出了问题能查到当天的压力。"), "2025", near
    )
    assert [claim.plan for claim in plan] == [True]
    assert not find_scenes(
        document("过去全靠老师傅凭手感判断压装好坏，出了问题要翻几天纸质单据。"), "2025", near
    )


@pytest.mark.parametrize(
    "text",
    [
        "公司成立于二〇〇五年，为规模以上工业企业，现有职工三百余人，注册资本六千万元，产品远销海外。",
        "企业近三年未发生较大及以上安全、环保事故，未被列入严重失信主体名单，无违法违规行为。",
        "申报单位：江汉示例阀门有限公司\n申报日期：2026年3月2日\n注册地：湖北省武汉市江汉区",
        "公司坚持智能化、绿色化、融合化发展方向，全面推进数字化转型，努力打造行业一流工厂。",
    ],
)
def test_what_every_declaration_says_is_no_scene(text: str) -> None:
    assert numbers(text) == set()


def test_styles_gain_and_lose_nothing_else() -> None:
    """On labelled texts of every style retrieval may not cost more than it brings."""
    for name in ("scenes_styles_declarations.yaml", "scenes_styles_prose.yaml"):
        rows = [(row["text"], row.get("catalog", "2025"), set(row["scenes"])) for row in cases(name)]
        alone = sum(len(built(text, catalog) ^ wanted) for text, catalog, wanted in rows)
        together = sum(len(numbers(text, catalog) ^ wanted) for text, catalog, wanted in rows)
        assert together <= alone
