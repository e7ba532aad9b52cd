"""The sample declarations yield what was written down for them by hand, beside each."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml
from pypdf import PdfReader

from assistant import pipeline
from assistant.check import score
from assistant.document import Document
from assistant.records import Declaration, Review
from assistant.settings import Settings

FOLDER = Path(__file__).resolve().parents[2] / "corpus" / "declarations"
NAMES = sorted(path.name.removesuffix(".expected.yaml") for path in FOLDER.glob("*.expected.yaml"))
# The worst status of a topic's rules is the topic's (contract).
_ORDER = ("fail", "advisory", "unknown", "pass", "not_applicable")


def sample(name: str) -> Path:
    (path,) = (path for path in FOLDER.glob(f"{name}.*") if path.suffix in (".docx", ".pdf"))
    return path


class Sample:
    """One reviewed sample beside what it should yield."""

    def __init__(self, name: str) -> None:
        self.expected: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.expected.yaml").read_text("utf-8"))
        outcome = pipeline.review(sample(name), pipeline.Options(settings=Settings()))
        self.review: Review = outcome.review
        self.document: Document = outcome.document
        self.record: Declaration = outcome.review.declaration


@pytest.fixture(scope="module", params=NAMES)
def given(request: pytest.FixtureRequest) -> Sample:
    return Sample(request.param)


def triples(record: Declaration, *, plan: bool) -> Counter[tuple[float | None, ...]]:
    return Counter(
        (k.baseline, k.current, k.stated_change) for k in record.kpis or () if bool(k.plan) == plan
    )


def test_there_is_a_sample_of_every_kind() -> None:
    records = [yaml.safe_load((FOLDER / f"{name}.expected.yaml").read_text("utf-8")) for name in NAMES]
    assert len(NAMES) >= 8
    assert {one["application"]["tier"] for one in records} == {"基础级", "先进级", "卓越级", "领航级"}
    assert {"湖北", "江苏", "上海"} < {one["application"]["jurisdiction"] for one in records}
    assert {sample(name).suffix for name in NAMES} == {".docx", ".pdf"}


def test_every_stage_did_its_work(given: Sample) -> None:
    assert given.review.problems == ()


def test_fields(given: Sample) -> None:
    for part in ("application", "enterprise", "maturity", "conduct"):
        found = getattr(given.record, part).model_dump()
        expected = given.expected.get(part, {})
        assert {name: found[name] for name in expected} == expected, part
    assert given.record.digital_score == given.expected.get("digital_score")


def test_earlier_recognitions(given: Sample) -> None:
    assert given.record.application is not None
    prior = given.record.application.prior_recognition
    expected = given.expected.get("prior")
    assert (prior is None) == (expected is None)
    assert [[one.tier, one.granted_on] for one in prior or ()] == (expected or [])


def test_scenes(given: Sample) -> None:
    scenes = [scene for scene in given.record.scenes or () if not scene.plan]
    assert {scene.catalog for scene in scenes} == {given.expected["catalog"]}
    assert sorted(scene.number or 0 for scene in scenes) == given.expected["scenes"]
    if "ai_scenes" in given.expected:
        assert sorted(s.number or 0 for s in scenes if s.uses_ai) == given.expected["ai_scenes"]


def test_kpis(given: Sample) -> None:
    assert triples(given.record, plan=False) == Counter(map(tuple, given.expected["kpis"]))
    assert triples(given.record, plan=True) == Counter(map(tuple, given.expected["planned_kpis"]))


def test_statements_and_attachments(given: Sample) -> None:
    if "statements" in given.expected:
        assert [one.kind for one in given.record.statements or ()] == given.expected["statements"]
    assert [one.kind for one in given.record.attachments or ()] == given.expected["attachments"]


def test_checks(given: Sample) -> None:
    found: dict[str, str] = {}
    for result in given.review.checks.results:
        known = found.get(result.topic, "not_applicable")
        found[result.topic] = min(known, result.status, key=_ORDER.index)
    expected = given.expected["checks"]
    assert {topic: found[topic] for topic in expected} == expected


def test_flags(given: Sample) -> None:
    assert set(given.expected.get("flags", ())) <= {flag.kind for flag in given.review.flags}


def test_every_span_is_exact(given: Sample) -> None:
    def spans(value: Any) -> Any:
        if isinstance(value, dict):
            if {"start", "end", "quote"} <= value.keys():
                yield value
            for inner in value.values():
                yield from spans(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                yield from spans(inner)

    text = given.document.text
    found = list(spans(given.record.model_dump()))
    assert found
    assert all(text[span["start"] : span["end"]] == span["quote"] for span in found)


def test_the_self_assessment_beside_the_jiangsu_sample() -> None:
    for path in FOLDER.glob("*.answers.json"):
        name = path.name.removesuffix(".answers.json")
        expected = yaml.safe_load((FOLDER / f"{name}.expected.yaml").read_text("utf-8"))["score"]
        report = score(json.loads(path.read_text("utf-8")))
        assert {"score": report.score, "tier_hint": report.tier_hint} == expected
        assert report.problems == ()


def test_every_sample_says_that_it_is_invented(given: Sample) -> None:
    assert given.record.enterprise is not None
    assert "（虚构）" in (given.record.enterprise.name or "")


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_its_source_is_small_and_its_properties_say_that_it_is_invented(name: str) -> None:
    path = sample(name)
    assert (FOLDER / "source" / f"{name}.md").is_file()
    assert path.stat().st_size < 1_500_000
    if path.suffix == ".docx":
        properties = docx.Document(str(path)).core_properties
        marks = (properties.title, properties.subject, properties.keywords)
    else:
        information = PdfReader(path).metadata
        assert information is not None
        marks = (information.title, information.subject)
    assert all("虚构" in (mark or "") for mark in marks)
