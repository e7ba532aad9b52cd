"""The suites that ship: complete, in step with their sources, described, and as large as they say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from evals import readme
from evals.authoring import lines
from evals.command import BASELINES, HERE, compare
from evals.coverage import coverage, uncovered
from evals.suite import load_suite
from evals.triage import RECALLS

ROOT = HERE.parent
SUITES = sorted(path.parent for path in (HERE / "suites").glob("*/suite.yaml"))


def test_every_kind_of_suite_is_there() -> None:
    assert {folder.name for folder in SUITES} == {
        "claim-support", "declarations", "fields", "injection", "kpis", "reading", "retrieval", "rules", "scenes",
    }  # fmt: skip


@pytest.mark.parametrize("folder", SUITES, ids=lambda folder: folder.name)
def test_a_suite_loads_is_described_and_has_its_documents(folder: Path) -> None:
    suite = load_suite(folder)
    assert suite.spec.name == folder.name
    assert suite.spec.measures and suite.spec.thresholds
    sheet = folder / "DATASHEET.md"
    assert sheet.is_file() and "label" in sheet.read_text("utf-8").lower()
    for case in suite.cases:
        assert case.document is None or (folder / case.document).is_file(), case.id


@pytest.mark.parametrize("source", sorted((HERE / "suites").glob("*/cases.txt")), ids=lambda p: p.parent.name)
def test_cases_are_what_their_annotated_text_says(source: Path) -> None:
    assert source.with_name("cases.jsonl").read_text("utf-8") == lines(source)


def test_the_rule_suite_is_what_the_rule_cases_say() -> None:
    done = subprocess.run([sys.executable, "tools/export_rule_cases.py", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "run tools/export_rule_cases.py"


def test_the_suites_are_as_large_as_promised() -> None:
    cases = {folder.name: load_suite(folder).cases for folder in SUITES}
    statements = sum(
        len(case.expect.kpis or ()) + len(case.expect.planned_kpis or ()) for case in cases["kpis"]
    )
    attacks = sum(
        any(f.kind == "instruction_to_reviewer" for f in c.expect.flags or ()) for c in cases["injection"]
    )
    queries = [hit for case in cases["retrieval"] for hit in case.expect.retrieval or ()]
    assert statements >= 500
    assert len(cases["rules"]) >= 300
    assert len(queries) >= 300 and any(hit.document is None and hit.scene is None for hit in queries)
    assert len(cases["claim-support"]) >= 400
    assert attacks >= 60
    assert len(cases["scenes"]) >= 60 and len(cases["fields"]) >= 40
    assert len(cases["declarations"]) >= 20
    formats = {Path(case.document or "x.text").suffix for case in cases["declarations"]}
    assert formats == {".pdf", ".docx", ".text"}


def test_contradictions_of_every_kind_are_planted() -> None:
    tags = Counter(tag for case in load_suite(HERE / "suites" / "kpis").cases for tag in case.tags)
    for kind in ("arithmetic", "direction", "points", "two-values", "over100"):
        assert tags[f"contradiction:{kind}"] >= 3, kind
    assert tags["no-baseline"] >= 3 and tags["hard-negative"] >= 8


@pytest.mark.parametrize("quote", [(folder, case.id) for folder in SUITES for case in load_suite(folder).cases
                                   if case.text and case.expect.kpis], ids=str)  # fmt: skip
def test_a_labelled_quote_stands_in_its_text(quote: tuple[Path, str]) -> None:
    (case,) = [case for case in load_suite(quote[0]).cases if case.id == quote[1]]
    assert all(kpi.quote in (case.text or "") for kpi in case.expect.kpis or () if kpi.quote)


# Verdicts that a rule can have and that no labelled case has; this list must not grow.
KNOWN_GAPS = {
    ("unknown", "CN-CO-04"),
    ("unknown", "CN-CO-06"),
    ("unknown", "JS-CO-05"),
    ("unknown", "JS-CO-06"),
}


def test_every_rule_has_a_case_that_passes_or_decides() -> None:
    found = coverage()
    gaps = {(status, rule) for rule, status in uncovered(found) if rule != "-"}
    decided = {
        rule
        for rule, counts in found.items()
        if counts["fail"] or counts["advisory"] or counts["not_applicable"]
    }
    idle = {rule for rule in found if rule != "-"} - decided
    assert idle <= {"CN-EF-01", "JS-EL-01"}, idle
    silent = {pair for pair in gaps if pair[0] == "unknown"}
    deadlines = {("unknown", "CN-DL-01"), ("unknown", "HB-DL-01"), ("unknown", "HB-EF-01")}  # cannot be had
    assert silent <= KNOWN_GAPS | deadlines


@pytest.mark.parametrize("folder", SUITES, ids=lambda folder: folder.name)
def test_a_blessed_baseline_fits_its_suite_and_is_small(folder: Path) -> None:
    file = BASELINES / f"{folder.name}.off.json"
    blessed = json.loads(file.read_text("utf-8"))
    assert {row["case"] for row in blessed["cases"]} == {case.id for case in load_suite(folder).cases}
    assert file.stat().st_size < 300_000
    assert compare(blessed, blessed, folder).exit_code == 0
    assert not re.search(r'"(?:/[a-z]+){2,}', file.read_text("utf-8"))


def test_the_claim_suite_carries_calibration_and_operating_points() -> None:
    triage = json.loads((BASELINES / "claim-support.off.json").read_text("utf-8"))["triage"]
    assert triage["split"] == "test"
    assert [point["wanted"] for point in triage["operating_points"]] == list(RECALLS)
    assert 0 <= triage["ece"] <= 1 and triage["wss95"] is not None
    assert sum(row["count"] for row in triage["calibration"]) == triage["claims"]
    assert [row["ratio"] for row in triage["costs"]] == [1, 5, 20]


def test_readme_says_what_the_baselines_say() -> None:
    text = readme.README.read_text("utf-8")
    assert readme.with_table(text) == text, "run make quality"
