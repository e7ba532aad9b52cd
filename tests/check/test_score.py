"""Jiangsu's self-assessment."""

from __future__ import annotations

import pytest

from assistant.check import score
from assistant.errors import InputError

LEVELLED = (1, 2, 3, 4, 5, 6, 8, 9, 10)


def answers(points: float = 72, level: int = 5, **others: dict) -> dict:
    """All ten indicators with the same level and points; ``i3={...}`` replaces an answer."""
    rows = {number: {"indicator": number, "level": level, "score": points} for number in LEVELLED}
    rows[7] = {"indicator": 7, "amount": 800, "score": points}
    rows.update({int(name[1:]): {"indicator": int(name[1:]), **row} for name, row in others.items()})
    return {"answers": list(rows.values())}


def test_all_alike() -> None:
    report = score(answers())
    assert (report.score, report.tier_hint, report.problems) == (72, "先进级", ())
    assert [one.number for one in report.indicators] == list(range(1, 11))


@pytest.mark.parametrize(
    ("points", "level", "hint"),
    [(60, 5, None), (61, 5, "基础级"), (70, 5, "基础级"), (71, 5, "先进级"), (80, 6, "先进级"), (81, 6, "卓越级"), (90, 6, "卓越级"), (91, 6, "领航级"), (100, 6, "领航级"), (0, 1, None)],
)  # fmt: skip
def test_hints_are_strictly_above(points: int, level: int, hint: str | None) -> None:
    report = score(answers(points, level))
    assert (report.score, report.tier_hint, report.problems) == (points, hint, ())


def test_not_involved_gives_its_weight_to_the_others() -> None:
    report = score(
        answers(70, i1={"not_involved": True}, i5={"level": "不涉及此环节"}, i2={"level": 6, "score": 90})
    )
    assert report.score == pytest.approx((7 * 70 + 90) / 8, abs=0.005)
    assert [one.status for one in report.indicators if one.number in (1, 5)] == ["not_involved"] * 2
    assert report.problems == ()


@pytest.mark.parametrize("number", [2, 3, 4, 7, 8, 9, 10])
def test_only_1_5_and_6_may_be_not_involved(number: int) -> None:
    report = score(answers(**{f"i{number}": {"not_involved": True}}))
    assert report.score is None and "第1、5、6项" in report.problems[0]


@pytest.mark.parametrize(
    ("level", "points", "fits"),
    [(1, 0, True), (1, 1, False), (2, 0, False), (2, 0.5, True), (2, 19.9, True), (2, 20, False), (3, 20, True), (3, 40, False), (4, 40, True), (4, 60, False), (5, 60, True), (5, 80, False), (6, 80, True), (6, 100, True), (6, 79, False)],
)  # fmt: skip
def test_points_lie_in_the_band_of_the_level(level: int, points: float, fits: bool) -> None:
    report = score(answers(i2={"level": level, "score": points}))
    assert (report.problems == ()) is fits
    assert report.score is not None  # the points count as given, the contradiction is shown


def test_an_amount_without_points_is_left_out_and_said_so() -> None:
    report = score(answers(70, i7={"amount": 800}))
    assert report.score == 70 and "第7项" in report.problems[0]
    seventh = report.indicators[6]
    assert (seventh.status, seventh.amount, seventh.score) == ("left_out", 800, None)


def test_an_amount_that_is_not_given_does_not_stand_in_the_way() -> None:
    report = score([row for row in answers()["answers"] if row["indicator"] != 7])
    assert report.score == 72 and report.indicators[6].status == "left_out" and len(report.problems) == 1


def test_a_missing_answer_gives_no_score() -> None:
    given = answers()
    given["answers"] = given["answers"][1:]
    report = score(given)
    assert report.score is None and report.tier_hint is None and "第1项" in report.problems[0]


@pytest.mark.parametrize("points", [-1, 101, "许多", None, True])
def test_unusable_points_give_no_score(points: object) -> None:
    report = score(answers(i3={"level": 3, "score": points}))
    assert report.score is None and "第3项" in report.problems[0]


def test_a_wrong_level_is_a_problem() -> None:
    assert "等级应为1至6" in score(answers(i3={"level": 7, "score": 70})).problems[0]
    assert "没有填等级" in score(answers(i3={"score": 70})).problems[0]


def test_other_shapes_are_read_too() -> None:
    rows = answers()["answers"]
    expected = score(answers())
    assert score(rows) == expected
    assert (
        score({str(row["indicator"]): {k: v for k, v in row.items() if k != "indicator"} for row in rows})
        == expected
    )
    assert (
        score(
            [
                {
                    "序号": r["indicator"],
                    "等级": r.get("level"),
                    "打分": str(r["score"]),
                    "金额": r.get("amount"),
                }
                for r in rows
            ]
        )
        == expected
    )


def test_doubled_and_unknown_indicators_are_said() -> None:
    report = score(
        [*answers()["answers"], {"indicator": 3, "level": 2, "score": 8}, {"indicator": 11, "score": 3}]
    )
    assert report.score == 72 and len(report.problems) == 2


@pytest.mark.parametrize("bad", [None, 7, "x", [1, 2], {"answers": 5}])
def test_a_wrong_shape_is_refused_in_one_line(bad: object) -> None:
    with pytest.raises(InputError) as caught:
        score(bad)
    assert "\n" not in str(caught.value)
