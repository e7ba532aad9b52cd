"""Comparison of runs: planted regressions are caught, identical runs pass, small suites do not decide."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UsageError
from evals.compare import compare, unmet
from evals.metrics import aggregate
from evals.score import CaseScore
from evals.stats import loss_upper_bound, mcnemar_worse, operating_points, reliability, wilson, work_saved_at
from evals.suite import SuiteSpec, Threshold

SPEC = SuiteSpec(name="s")


def _run(
    items: dict[str, dict[str, dict[str, bool]]], unscored: dict[str, str] | None = None
) -> dict[str, Any]:
    scores = [CaseScore(case=case, items=metrics) for case, metrics in items.items()]
    return {
        "suite": "s",
        "suite_digest": "d",
        "metrics": aggregate(scores),
        "unscored": unscored or {},
        "cases": [{"case": score.case, "items": score.items} for score in scores],
    }


def _verdicts(outcomes: list[bool], metric: str = "verdict") -> dict[str, Any]:
    return _run({f"c{i}": {metric: {"exact": ok}} for i, ok in enumerate(outcomes)})


def test_an_identical_run_is_fine_however_small() -> None:
    run = _verdicts([True, False, True])
    assert compare(run, run, SPEC).exit_code == 0


def test_a_judge_that_flips_three_percent_is_caught() -> None:
    draw = random.Random(7)
    before = [draw.random() < 0.9 for _ in range(400)]
    after = list(before)
    for index in draw.sample(range(400), 12):
        after[index] = not after[index]
    assert compare(_verdicts(before), _verdicts(after), SPEC).exit_code == 1


def test_extraction_that_drops_every_twentieth_statement_is_caught() -> None:
    before = {f"c{i}": {"kpis": {str(k): True for k in range(10)}} for i in range(50)}
    after = {
        case: {"kpis": {k: (i * 10 + int(k)) % 20 != 0 for k in items["kpis"]}}
        for i, (case, items) in enumerate(before.items())
    }
    assert compare(_run(before), _run(after), SPEC).exit_code == 1


def test_one_lost_rule_case_is_a_regression() -> None:
    before = _verdicts([True] * 300, "checks")
    after = _verdicts([True] * 299 + [False], "checks")
    comparison = compare(before, after, SPEC)
    assert comparison.exit_code == 1
    assert comparison.verdicts[0].examples == ("c299：exact",)


def test_a_suite_too_small_to_tell_says_how_many_cases_would() -> None:
    comparison = compare(_verdicts([True] * 10), _verdicts([True] * 9 + [False]), SPEC)
    assert comparison.exit_code == 3
    needed = comparison.verdicts[0].needed
    assert needed is not None and needed > 10


def test_one_loss_in_many_is_within_the_margin() -> None:
    assert compare(_verdicts([True] * 600), _verdicts([True] * 599 + [False]), SPEC).exit_code == 0


def test_extra_statements_count_against_the_run_that_makes_them() -> None:
    before = {f"c{i}": {"scenes": {"2025-1": True}} for i in range(60)}
    after = {case: {"scenes": {"2025-1": True, "+2025-2": False}} for case in before}
    assert compare(_run(before), _run(after), SPEC).exit_code == 1
    assert compare(_run(after), _run(before), SPEC).exit_code == 0


def test_falling_below_a_floor_is_a_regression_even_within_the_margin() -> None:
    spec = SuiteSpec(name="s", thresholds=(Threshold(metric="verdict", minimum=1.0),))
    before, after = _verdicts([True] * 600), _verdicts([True] * 599 + [False])
    assert compare(before, after, spec).exit_code == 1
    assert compare(before, before, spec).exit_code == 0


def test_a_run_that_never_met_its_floor_has_not_regressed_but_is_named() -> None:
    run = _verdicts([True, False])
    spec = SuiteSpec(name="s", thresholds=(Threshold(metric="verdict", minimum=0.9),))
    assert compare(run, run, spec).exit_code == 0
    assert [floor.metric for floor in unmet(run, spec)] == ["verdict"]


def test_newly_unscored_cases_prove_nothing() -> None:
    before = _verdicts([True] * 50)
    after = _verdicts([True] * 50)
    after["unscored"] = {"c3": "模型不可用"}
    comparison = compare(before, after, SPEC)
    assert (comparison.exit_code, comparison.unscored) == (3, 1)


def test_runs_of_other_cases_are_refused() -> None:
    run = _verdicts([True])
    with pytest.raises(UsageError, match="案例不同"):
        compare(run, {**run, "suite_digest": "other"}, SPEC)


def test_mcnemar_and_wilson_by_hand() -> None:
    assert mcnemar_worse(5, 0) == pytest.approx(1 / 32)
    assert mcnemar_worse(0, 0) == 1
    interval = wilson(8, 10)
    assert interval is not None
    assert (interval.low, interval.high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


@given(st.integers(0, 60), st.integers(0, 60), st.integers(120, 500))
def test_the_loss_bound_lies_above_the_observed_loss(lost: int, won: int, items: int) -> None:
    assert loss_upper_bound(lost, won, items) >= (lost - won) / items - 1e-12


def test_operating_points_and_calibration() -> None:
    scores, bad = [0.9, 0.8, 0.3, 0.1], [True, True, False, False]
    points = operating_points(scores, bad)
    assert [(p.flagged, p.recall) for p in points] == [(0.25, 0.5), (0.5, 1.0), (0.75, 1.0), (1.0, 1.0)]
    assert work_saved_at(points) == pytest.approx(0.5 - 0.05)
    table, error = reliability([0.95, 0.95, 0.05, 0.05], [True, True, False, False])
    assert error == pytest.approx(0.05)
    assert sum(row.count for row in table) == 4
