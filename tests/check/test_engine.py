"""The policy context, rules that crash, another province by YAML alone, speed and imports."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from assistant import policy
from assistant.check import check, engine, topic_statuses
from assistant.errors import PolicyError
from assistant.policy import rules
from assistant.records import Application, Declaration, Maturity
from tests.check.expand import eval_cases

COMPLETE = next(case["record"] for case in eval_cases() if case["id"] == "scenes/excellent-five")


def declaration(record: dict | None = None) -> Declaration:
    return Declaration.model_validate_json(json.dumps(record or COMPLETE))


def test_arguments_win_over_the_record() -> None:
    report = check(declaration(), jurisdiction="湖北", tier="先进级", as_of=date(2026, 2, 1))
    assert report.policy.model_dump(exclude={"version"}) == {
        "jurisdiction": "湖北",
        "tier": "先进级",
        "as_of": date(2026, 2, 1),
        "catalog": "2025",
    }


def test_an_empty_record_has_every_topic_and_fails_nothing() -> None:
    report = check(Declaration())
    assert report.policy.as_of is None and report.policy.tier is None
    assert {r.topic for r in report.results} == set(policy.TOPICS)
    assert report.summary.fail == 0 and report.summary.passed == 0
    assert report.policy.catalog == "2025"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("湖北省", "湖北"),
        (" 江苏 ", "江苏"),
        ("武汉市", "湖北"),
        ("广东", "广东"),
        ("", None),
        ("月球", "月球"),
    ],
)
def test_places_are_understood(said: str, meant: str | None) -> None:
    assert engine.resolve_jurisdiction(policy.load(), said) == meant


def test_a_province_without_rules_has_the_national_ones() -> None:
    ours = topic_statuses(check(declaration(), jurisdiction="国家").results)
    assert topic_statuses(check(declaration(), jurisdiction="广东").results) == ours


def test_before_the_programme_began_no_condition_holds() -> None:
    statuses = topic_statuses(check(declaration(), as_of=date(2024, 10, 27)).results)
    numbers = {topic for topic in statuses if topic.startswith("kpi.")}
    assert {s for t, s in statuses.items() if t not in numbers} == {"not_applicable"}


def test_a_rule_that_crashes_becomes_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(case: object, rule: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(engine, "EVALUATORS", {**engine.EVALUATORS, "maturity_level": broken})
    report = check(declaration())
    result = next(r for r in report.results if r.topic == "maturity.level")
    assert result.status == "unknown" and result.missing
    assert "CN-MA-01" in result.message and "division by zero" in result.message
    assert sum(r.status == "pass" for r in report.results) > 5  # the others still ran


def test_a_rule_with_an_unheard_of_evaluator_becomes_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "EVALUATORS", {k: v for k, v in engine.EVALUATORS.items() if k != "coverage"})
    result = next(r for r in check(declaration()).results if r.topic == "coverage.segments")
    assert result.status == "unknown" and "CN-CV-02" in result.message


NEW_PROVINCE = """
jurisdiction: 浙江
rules:
  - code: ZJ-MA-01
    topic: maturity.level
    evaluator: maturity_level
    required: 智能制造能力成熟度四级及以上
    threshold: 4
    versions:
      - from: 2025-07-01
        clauses: [{document: zhejiang-test, article: 第一条, quote: 四级及以上}]
"""


def test_another_province_is_added_by_yaml_alone(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "zhejiang.yaml").write_text(NEW_PROVINCE, encoding="utf-8")
    corpus = policy.load((tmp_path,))
    record = Declaration(
        application=Application(jurisdiction="浙江", tier="卓越级", date=date(2025, 7, 1)),
        maturity=Maturity(level=3),
    )
    report = engine.report(engine.case_of(record, corpus))
    statuses = topic_statuses(report.results)
    assert statuses["maturity.level"] == "fail"  # its own rule
    assert statuses["progression.prior_tier"] == "unknown"  # where it is silent, the national one
    earlier = engine.report(engine.case_of(record, corpus, as_of=date(2025, 6, 30)))
    assert topic_statuses(earlier.results)["maturity.level"] == "pass"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("topic: maturity.level", "topic: maturity.levels"), "主题"),
        (("from: 2025-07-01", "from: 七月"), "from"),
        (("threshold: 4", "threshold: [4"), "YAML"),
        (("    threshold: 4", "    treshold: 4"), "treshold"),
    ],
)
def test_a_damaged_rule_file_is_named(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    (tmp_path / "zhejiang.yaml").write_text(NEW_PROVINCE.replace(*change), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        rules.load(tmp_path)
    assert "zhejiang.yaml" in str(caught.value) and reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_codes_and_periods_must_be_unambiguous(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(NEW_PROVINCE, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(NEW_PROVINCE.replace("浙江", "安徽"), encoding="utf-8")
    with pytest.raises(PolicyError, match="ZJ-MA-01"):
        rules.load(tmp_path)
    (tmp_path / "b.yaml").unlink()
    twice = NEW_PROVINCE + NEW_PROVINCE[NEW_PROVINCE.index("      - from") :].replace(
        "2025-07-01", "2026-07-01"
    )
    (tmp_path / "a.yaml").write_text(twice, encoding="utf-8")
    with pytest.raises(PolicyError, match="重叠"):
        rules.load(tmp_path)


def test_a_reference_is_given_the_rules_in_force() -> None:
    found = policy.rules_json("湖北", "卓越级", date(2026, 1, 8))
    by_code = {rule["code"]: rule for rule in found["rules"]}
    assert by_code["HB-SC-01"]["binding"] is True
    assert by_code["HB-SC-01"]["in_force"] == {"from": "2026-01-08", "to": None}
    assert by_code["HB-MA-01"]["threshold"] == 3
    assert "CN-MA-01" not in by_code and "CN-EF-01" not in by_code
    assert "CN-MS-01" in by_code
    json.dumps(found)


def test_without_a_tier_the_rules_of_every_tier_are_listed() -> None:
    thresholds = {
        rule["threshold"]
        for rule in policy.rules_json("江苏", None, None)["rules"]
        if rule["code"] == "JS-SC-02"
    }
    assert thresholds == {8, 15, 20, 25}


def test_two_runs_give_the_same_bytes() -> None:
    assert check(declaration()).model_dump_json() == check(declaration()).model_dump_json()


def test_a_thousand_checks_take_at_most_a_second() -> None:
    record = declaration(
        {**COMPLETE, "kpis": [k for c in eval_cases() for k in c["record"].get("kpis") or []][:15]}
    )
    check(record)
    best = min(_timed(record) for _ in range(3))
    assert best < 1.0, f"{best:.2f} s"


def _timed(record: Declaration) -> float:
    started = time.process_time()
    for _ in range(1000):
        check(record)
    return time.process_time() - started


def test_checking_imports_nothing_heavy() -> None:
    code = (
        "import sys; from assistant.check import check; from assistant.records import Declaration; "
        "check(Declaration()); "
        "print([m for m in ('torch', 'langchain', 'langchain_core', 'gradio', 'faiss', 'numpy') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
