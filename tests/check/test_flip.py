"""What changes under another day, catalogue or province."""

from __future__ import annotations

import json

from assistant import policy
from assistant.check import check, flip, topic_statuses
from assistant.records import Declaration
from tests.check.expand import FOLDER, expand, read

CONTENT = read(FOLDER / "scenes.yaml")


def record(**case: object) -> Declaration:
    made = expand(CONTENT, {"id": "x", "expect": {}, **case}, "flip")
    return Declaration.model_validate_json(json.dumps(made["record"]))


def changes(found: dict, varied: str, **under: object) -> dict[str, tuple[str, str]]:
    return {
        one["topic"]: (one["from"], one["to"])
        for one in found["changes"]
        if one["varied"] == varied and all(one["under"][k] == v for k, v in under.items())
    }


def test_the_change_of_catalogue_in_hubei_shows() -> None:
    made = record(
        application={"jurisdiction": "湖北", "date": "2025-12-01"},
        scenes={"catalog": "2024", "numbers": "1-20, 25"},
    )
    found = flip(made)
    assert found["base"]["topics"] == topic_statuses(check(made).results)
    assert found["base"]["policy"]["catalog"] == "2024"
    after = changes(found, "as_of", as_of="2026-01-08")
    assert after["scenes.catalog"] == ("pass", "fail")  # what is split or merged cannot simply be renamed
    assert "scenes.catalog" not in changes(found, "as_of", as_of="2026-01-07")


def test_one_to_one_scenes_move_with_the_catalogue() -> None:
    made = record(
        application={"jurisdiction": "湖北", "date": "2025-12-01"},
        scenes={"catalog": "2024", "numbers": "5, 7, 11, 12, 14"},
    )
    found = flip(made)
    assert "scenes.catalog" not in changes(found, "as_of", as_of="2026-01-08")
    assert "scenes.catalog" not in changes(found, "catalog", catalog="2025")


def test_provinces_show_their_own_conditions() -> None:
    found = flip(
        record(scenes={"catalog": "2025", "numbers": "1-4, 8, 21"}, set={"conduct.safety_accident": "较大"})
    )
    jiangsu = changes(found, "jurisdiction", jurisdiction="江苏")
    assert jiangsu["eligibility.conduct"] == ("fail", "pass")
    assert jiangsu["scenes.count"] == ("not_applicable", "fail")
    assert changes(found, "jurisdiction", jurisdiction="湖北")["effect.benchmark"] == (
        "advisory",
        "not_applicable",
    )


def test_dates_show_when_the_ai_share_began() -> None:
    found = flip(record(scenes={"catalog": "2025", "numbers": "1, 4, 8, 21, 30"}))
    assert changes(found, "as_of", as_of="2024-12-31")["ai.ratio"] == ("fail", "not_applicable")
    assert changes(found, "as_of", as_of="2024-10-27")["maturity.level"] == ("pass", "not_applicable")


def test_a_change_is_never_no_change_and_the_record_is_untouched() -> None:
    made = record(scenes={"catalog": "2024", "numbers": "1-40"})
    before = made.model_dump_json()
    found = flip(made)
    assert all(one["from"] != one["to"] for one in found["changes"])
    assert {one["topic"] for one in found["changes"]} <= set(policy.TOPICS)
    assert made.model_dump_json() == before
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
