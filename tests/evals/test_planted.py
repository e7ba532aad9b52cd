"""Planted regressions on the suites that ship: each is caught, and nothing is caught where nothing changed."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import assistant
import assistant.extract
from assistant import policy
from assistant.policy.load import Policy
from assistant.settings import Settings
from evals.command import HERE, RunOptions, compare
from evals.run import Plan, run_suite
from evals.suite import Suite, load_suite

FRESH = RunOptions(jobs=1, use_cache=False)


def suite(name: str, cases: slice = slice(None)) -> Suite:
    found = load_suite(HERE / "suites" / name)
    return found.model_copy(update={"cases": found.cases[cases]})


def run(what: Suite) -> dict[str, Any]:
    result = run_suite(what, Plan(Settings(), jobs=1, use_cache=False))
    return {**result, "spec": what.spec.model_dump(mode="json")}


def test_one_changed_threshold_of_one_rule_is_a_regression(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = suite("rules")
    before = run(rules)
    assert compare(before, run(rules), None).exit_code == 0
    original = Policy.rules

    def stricter(self: Policy, *arguments: Any, **names: Any) -> tuple[policy.Rule, ...]:
        found = original(self, *arguments, **names)
        return tuple(
            dataclasses.replace(rule, threshold=61) if rule.code == "JS-DS-01" else rule for rule in found
        )

    monkeypatch.setattr(Policy, "rules", stricter)
    comparison = compare(before, run(rules), None)
    assert comparison.exit_code == 1
    assert [v.metric for v in comparison.verdicts if v.outcome == "regressed"] == ["checks"]


def test_dropping_every_twentieth_kpi_statement_is_a_regression(monkeypatch: pytest.MonkeyPatch) -> None:
    kpis = suite("kpis")
    before = run(kpis)
    original = assistant.extract.extract
    count = 0

    def forgetful(*arguments: Any, **names: Any) -> assistant.records.Declaration:
        nonlocal count
        declaration = original(*arguments, **names)
        kept = []
        for kpi in declaration.kpis or ():
            count += 1
            if count % 20:
                kept.append(kpi)
        return declaration.model_copy(update={"kpis": tuple(kept)})

    monkeypatch.setattr(assistant.extract, "extract", forgetful)
    comparison = compare(before, run(kpis), None)
    assert count > 450
    assert comparison.exit_code == 1
    assert "kpis" in [v.metric for v in comparison.verdicts if v.outcome == "regressed"]


def _flip(monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    original = assistant.judge_claims
    count = 0

    def wavering(pairs: Any, **names: Any) -> Any:
        nonlocal count
        (verdict,) = original(pairs, **names)
        count += 1
        if count % every:
            return (verdict,)
        flipped = "unsupported" if verdict.verdict == "supported" else "supported"
        return (verdict.model_copy(update={"verdict": flipped}),)

    monkeypatch.setattr(assistant, "judge_claims", wavering, raising=False)


def test_a_judge_that_flips_three_percent_of_its_verdicts_is_a_regression(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claims = suite("claim-support")
    before = run(claims)
    assert compare(before, run(claims), None).exit_code == 0
    _flip(monkeypatch, 33)
    assert compare(before, run(claims), None).exit_code == 1


def test_one_flip_in_forty_claims_cannot_be_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = suite("claim-support", slice(40))
    before = run(claims)
    right = [row["case"] for row in before["cases"] if row["items"]["verdict"]["exact"]]
    _flip(monkeypatch, 1 + [case.id for case in claims.cases].index(right[20]))
    comparison = compare(before, run(claims), None)
    assert comparison.exit_code == 3
    (verdict,) = [v for v in comparison.verdicts if v.metric == "verdict"]
    assert (verdict.lost, verdict.won) == (1, 0)
    assert verdict.needed is not None and verdict.needed > 40
