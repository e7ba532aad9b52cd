"""Where a claimed scene stands in the catalogue in force."""

from __future__ import annotations

import pytest

from assistant import policy
from assistant.check.placing import Placed, fold, place
from assistant.records import SceneClaim


def placed(in_force: str, jurisdiction: str | None = None, /, **claim: object) -> Placed:
    return place((SceneClaim(**claim),), policy.load(), in_force, jurisdiction)[0]


@pytest.mark.parametrize("catalog", ["2024", "2025"])
def test_every_official_scene_is_itself(catalog: str) -> None:
    for scene in policy.load().catalog(catalog).scenes:
        for claim in (
            {"catalog": catalog, "number": scene.number, "name": scene.name},
            {"catalog": catalog, "number": scene.number},
            {"catalog": catalog, "name": scene.name},
            {"name": f" {scene.number}．{scene.name}"},
        ):
            found = placed(catalog, **claim)
            assert (found.number, found.trouble) == (scene.number, None), claim
            assert found.groups == ({scene.group} if scene.group else set())


def test_the_crosswalk_is_followed_only_one_to_one() -> None:
    rows = [row for row in policy.load().crosswalk.scenes if row.from_ and row.to]
    for row in rows:
        alone = sum(r.from_ == row.from_ for r in rows) == 1 and sum(r.to == row.to for r in rows) == 1
        found = placed("2025", catalog="2024", number=row.from_)
        assert found.trouble == "other_catalog"
        assert found.number == (row.to if alone else None)


def test_a_dropped_scene_is_still_a_scene_but_covers_nothing() -> None:
    found = placed("2025", catalog="2024", number=37)
    assert (found.number, found.identity, found.groups) == (None, ("2024", 37), frozenset())


def test_a_split_scene_keeps_its_certain_group() -> None:
    assert placed("2025", catalog="2024", number=15).groups == {"生产作业"}


@pytest.mark.parametrize(
    ("claim", "number", "trouble"),
    [
        ({"catalog": "2025", "number": 41}, None, "bad_number"),
        ({"catalog": "2025", "number": -1, "name": "工艺动态优化"}, None, "bad_number"),
        ({"catalog": "2025", "number": 21, "name": "车间智能排产"}, None, "name_differs"),
        ({"catalog": "2025", "number": 12, "name": "智能仓储"}, 12, "old_name"),
        ({"catalog": "2025", "number": 9, "name": "智能排产调度"}, 9, "old_name"),
        ({"catalog": "2025", "number": 3, "name": "智能仓储"}, None, "name_differs"),
        ({"number": 18, "name": "智能仓储"}, 12, "other_catalog"),
        ({"name": "智能仓储"}, 12, "other_catalog"),
        ({"catalog": "2025", "number": 5, "name": "从未见过的名称"}, 5, "unknown_name"),
        ({"catalog": "2025", "name": "从未见过的名称"}, None, "unknown_name"),
        ({"catalog": "2025"}, None, "nameless"),
        ({"catalog": "2025年版", "number": 5}, 5, None),
        ({"catalog": "其他", "number": 5}, 5, None),
    ],
)
def test_odd_claims(claim: dict, number: int | None, trouble: str | None) -> None:
    found = placed("2025", **claim)
    assert (found.number, found.trouble) == (number, trouble)


def test_jiangsus_own_table_order_is_understood_only_there() -> None:
    claim = {"catalog": "2024", "number": 29, "name": "供应链物流智能配送"}
    here = placed("2024", "江苏", **claim)
    assert (here.number, here.trouble, here.own_order) == (30, None, True)
    assert placed("2024", "湖北", **claim).trouble == "name_differs"


def test_names_are_compared_without_width_case_and_punctuation() -> None:
    assert fold("１２．仓储 智能管理") == fold("仓储智能管理") == fold("12、仓储智能管理")
