"""What holds for every record."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import policy
from assistant.check import check, topic_statuses
from assistant.check.form import _uscc_fault
from assistant.records import TIERS, Declaration
from tests.check.expand import eval_cases

RECORDS = [case["record"] for case in eval_cases()]
FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The order of evils; not_applicable says nothing.
RANK = {"pass": 0, "not_applicable": 0, "unknown": 1, "advisory": 2, "fail": 3}


def statuses(record: dict[str, Any], **context: Any) -> dict[str, str]:
    report = check(Declaration.model_validate_json(json.dumps(record)), **context)
    return dict(topic_statuses(report.results))


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """A record of the cases, with scenes and KPIs drawn from several others."""
    record = json.loads(json.dumps(draw(st.sampled_from(RECORDS))))
    others = draw(st.lists(st.sampled_from(RECORDS), min_size=1, max_size=3))
    for name in ("scenes", "kpis"):
        pool = [claim for other in others for claim in other.get(name) or []]
        record[name] = draw(
            st.one_of(st.none(), st.lists(st.sampled_from(pool), max_size=12) if pool else st.just([]))
        )
    record["application"]["jurisdiction"] = draw(
        st.sampled_from(["国家", "湖北", "江苏", "上海", "广东", None])
    )
    record["application"]["tier"] = draw(st.sampled_from([*TIERS, None]))
    record["application"]["date"] = draw(
        st.sampled_from(
            [
                None,
                "2024-06-01",
                "2024-10-28",
                "2024-11-22",
                "2024-12-01",
                "2025-01-01",
                "2026-01-07",
                "2026-01-08",
            ]
        )
    )
    return record


@FAST
@given(records(), st.randoms(use_true_random=False))
def test_order_of_scenes_and_kpis_does_not_matter(record: dict[str, Any], random: Any) -> None:
    before = statuses(record)
    for name in ("scenes", "kpis"):
        if record[name]:
            random.shuffle(record[name])
    assert statuses(record) == before


@FAST
@given(records())
def test_claiming_everything_twice_changes_nothing(record: dict[str, Any]) -> None:
    before = statuses(record)
    for name in ("scenes", "kpis"):
        record[name] = record[name] and [*record[name], *record[name]]
    assert statuses(record) == before


@FAST
@given(records())
def test_every_topic_occurs_and_unknown_says_what_is_missing(record: dict[str, Any]) -> None:
    report = check(Declaration.model_validate_json(json.dumps(record)))
    assert {r.topic for r in report.results} == set(policy.TOPICS)
    for result in report.results:
        assert result.message and result.required and result.observed
        assert "运行出错" not in result.message
        assert (result.status == "unknown") == bool(result.missing)
        for name in result.missing:
            assert name == "evidence.sections" or name.split(".")[0].split("[")[0] in Declaration.model_fields


@FAST
@given(records(), st.data())
def test_silence_never_turns_a_fail_into_a_pass(record: dict[str, Any], data: st.DataObject) -> None:
    """Whatever leaf is taken away, a topic that failed does not pass (a plan that is no longer called one aside)."""
    leaves = [
        (section, name)
        for section in ("application", "enterprise", "maturity", "conduct", "form")
        for name in (record.get(section) or {})
        if name not in ("jurisdiction", "tier", "date")
    ] + [(name, None) for name in ("digital_score", "scenes", "kpis", "statements", "attachments")]
    section, name = data.draw(st.sampled_from(leaves))
    before = statuses(record)
    if name is None:
        record[section] = None
    else:
        record[section][name] = None
    after = statuses(record)
    assert not [t for t in before if before[t] == "fail" and after[t] == "pass"]


@FAST
@given(records(), st.data())
def test_unstated_ai_use_lies_between_yes_and_no(record: dict[str, Any], data: st.DataObject) -> None:
    if not record["scenes"]:
        return
    index = data.draw(st.integers(0, len(record["scenes"]) - 1))
    found = {}
    for value in (True, False, None):
        scenes = json.loads(json.dumps(record["scenes"]))
        scenes[index]["uses_ai"] = value
        found[value] = statuses({**record, "scenes": scenes})["ai.ratio"]
    if found[True] == found[False]:
        assert found[None] == found[True]
    else:
        assert found[None] in ("unknown", found[True], found[False])
        assert RANK[found[None]] <= RANK[found[False]]


@FAST
@given(records())
def test_without_a_tier_a_verdict_holds_for_every_tier(record: dict[str, Any]) -> None:
    record["application"]["tier"] = None
    alone = statuses(record)
    every = [statuses(record, tier=tier) for tier in TIERS]
    for topic, status in alone.items():
        if status != "unknown":
            assert {one[topic] for one in every} == {status}, topic


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_is_always_found(place: int, character: str) -> None:
    code = "91350100M000100Y43"  # the example of GB 32100-2015
    changed = code[:place] + character + code[place + 1 :]
    assert bool(_uscc_fault(changed)) == (changed != code)
