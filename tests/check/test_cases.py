"""Every rule case, every rule × reachable status, and the clauses."""

from __future__ import annotations

import json

import pytest

from assistant import policy
from assistant.check import check, topic_statuses
from assistant.check.registry import EVALUATORS
from assistant.records import TIERS, CheckReport, Declaration
from tests.check.expand import eval_cases

CASES = list(eval_cases())

# What an evaluator can say of a binding rule; a soft rule says advisory instead of fail.
USUAL = {"pass", "fail", "unknown"}
REACHABLE: dict[str, set[str]] = {
    "must_be_false": USUAL,
    "benchmark": {"advisory", "unknown"},
    "set_aside": {"not_applicable"},
    "prior_tier": USUAL,
    "renewal": {*USUAL, "not_applicable"},
    "renewal_unregulated": {"fail", "unknown", "not_applicable"},
    "deadline": {"pass", "fail"},  # without a day the newest rules hold, and the deadline is not among them
    "font_family": {*USUAL, "advisory"},
    "image_bytes": {*USUAL, "advisory"},
    "kpi_arithmetic": {*USUAL, "advisory", "not_applicable"},
    "kpi_consistency": {*USUAL, "not_applicable"},
    "kpi_plausibility": {*USUAL, "advisory", "not_applicable"},
}


def run(case: dict[str, object]) -> CheckReport:
    return check(Declaration.model_validate_json(json.dumps(case["record"])))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict) -> None:
    report = run(case)
    statuses = topic_statuses(report.results)
    expected = case["expect"]["checks"]
    assert {topic: statuses[topic] for topic in expected} == expected
    for topic, fields in case["missing"].items():
        found = [f for r in report.results if r.topic == topic for f in r.missing]
        assert set(fields) <= set(found), topic
    for code, status in case["rules"].items():
        assert status in [r.status for r in report.results if r.rule == code], code


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_report_is_well_formed(case: dict) -> None:
    report = run(case)
    assert list(dict.fromkeys(r.topic for r in report.results)) == list(policy.TOPICS)
    for result in report.results:
        assert result.message and result.required and result.observed, result.rule
        assert (result.status == "unknown") == bool(result.missing), result.rule
        assert result.rule == "-" or result.clauses, result.rule
    counts = report.summary.model_dump()
    assert sum(counts.values()) == len(report.results)


def test_there_are_enough_cases_with_unique_names() -> None:
    ids = [case["id"] for case in CASES]
    assert len(ids) >= 300
    assert len(ids) == len(set(ids))


def test_every_rule_reaches_every_status(capsys: pytest.CaptureFixture[str]) -> None:
    seen = {(r.rule, r.status) for case in CASES for r in run(case).results}
    wanted = {
        (row.code, status)
        for rows in policy.load().rule_book.rows.values()
        for row in rows
        for status in _reachable(row)
    }
    uncovered = sorted(wanted - seen)
    with capsys.disabled():
        print(f"\nrule x status: {len(wanted & seen)} of {len(wanted)} covered")
        for code, status in uncovered:
            print(f"  not covered: {code} {status}")
    assert not uncovered


def _reachable(row) -> set[str]:
    statuses = REACHABLE.get(row.evaluator, USUAL)
    binding = {row.binding if v.binding is None else v.binding for v in row.versions}
    asks = {{**row.params, **(v.params or {})}.get("ask", True) for v in row.versions}
    found = set(statuses)
    if binding == {False}:
        found = {"advisory" if status == "fail" else status for status in statuses}
    if row.params.get("sme_may_apply"):
        found -= {"fail"}  # the record cannot say "none of the three classes", only leave it open
    if asks == {False}:
        found = (found - {"unknown"}) | {"not_applicable"}
    return found


def test_every_rule_names_an_evaluator_and_every_evaluator_is_used() -> None:
    named = {row.evaluator for rows in policy.load().rule_book.rows.values() for row in rows}
    assert named == set(EVALUATORS)


def test_every_clause_is_verbatim_in_its_document() -> None:
    corpus = policy.load()
    wrong = [
        (code, clause.document, clause.quote)
        for code, clause in corpus.rule_book.clauses()
        if clause.quote not in corpus.documents[clause.document].text
    ]
    assert not wrong


def test_every_rule_has_a_clause_for_each_of_its_tiers_on_each_day() -> None:
    book = policy.load().rule_book
    for place in book.jurisdictions():
        for day in (None, *book.boundaries()):
            for tier in TIERS:
                for rule in book.select(place, tier, day):
                    assert rule.clauses, (rule.code, tier, day)
                    assert rule.required, (rule.code, tier, day)
