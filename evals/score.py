"""Scoring: predictions against labels, item by item.

A metric is a mapping item -> right or wrong. Items that exist only because the product said too much (a scene
or KPI that is not there) are marked ``+``: a run that does not say it has that item right. So two runs of one
suite can be compared item by item even when they say different things.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from evals.suite import (
    Case,
    Expectation,
    ExpectedHit,
    ExpectedKpi,
    ExpectedPlace,
    ExpectedScene,
    SuiteSpec,
)

EXTRA = "+"


@dataclass(frozen=True)
class CaseScore:
    """What one case adds: ``items[metric][item]`` is right or wrong; ``notes`` explain the wrong ones."""

    case: str
    tags: tuple[str, ...] = ()
    items: dict[str, dict[str, bool]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    unscored: str | None = None
    scores: dict[str, float] = field(default_factory=dict)
    confusion: list[tuple[str, str, str]] = field(default_factory=list)


def score_case(case: Case, found: dict[str, Any], spec: SuiteSpec) -> CaseScore:
    """Compare one prediction with the labels of its case."""
    if "unscored" in found:
        return CaseScore(case=case.id, tags=case.tags, unscored=str(found["unscored"]))
    result = CaseScore(case=case.id, tags=case.tags)
    if "refused" in found:
        result.notes["refused"] = f"产品拒绝了这份输入：{found['refused']}"
    for problem in found.get("problems", ()):
        result.notes[f"problem {problem['stage']}"] = problem["message"]
    if "broken_spans" in found:
        result.items["spans"] = {"all": not found["broken_spans"]}
    _claims(result, case.expect, found)
    _findings(result, case, found, spec)
    return result


def _claims(result: CaseScore, expect: Expectation, found: dict[str, Any]) -> None:
    """Score what a document says: scenes, KPI statements, fields, its text."""
    if expect.scenes is not None:
        _scenes(result, expect.scenes, found.get("scenes", []))
    if expect.kpis is not None:
        _kpis(result, "kpis", expect.kpis, [k for k in found.get("kpis", []) if not k["plan"]])
    if expect.planned_kpis is not None:
        _kpis(result, "planned_kpis", expect.planned_kpis, [k for k in found.get("kpis", []) if k["plan"]])
    if expect.fields is not None:
        _equal(result, "fields", expect.fields, found.get("fields", {}))
    if expect.text is not None or expect.absent is not None:
        _text(result, expect, fold(found.get("text", "")))


def _findings(result: CaseScore, case: Case, found: dict[str, Any], spec: SuiteSpec) -> None:
    """Score what the product makes of it: checks, flags, hits, verdicts."""
    expect = case.expect
    if expect.checks is not None:
        _equal(result, "checks", dict(expect.checks), found.get("checks", {}))
    if expect.flags is not None:
        _flags(result, case, found.get("flags", []), spec)
    if expect.retrieval is not None:
        _retrieval(result, expect.retrieval, found.get("retrieval", []))
    if expect.verdict is not None:
        _verdict(result, expect.verdict, found.get("verdict") or {})


def fold(text: str) -> str:
    """Return text without spaces, width and case differences (for comparing quotes)."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _scenes(result: CaseScore, expected: tuple[ExpectedScene, ...], found: list[dict[str, Any]]) -> None:
    items: dict[str, bool] = {}
    built = [scene for scene in found if not scene["plan"]]
    said = {(scene["catalog"], scene["number"]) for scene in built}
    wanted = {(scene.catalog, scene.number) for scene in expected}
    for catalog, number in sorted(wanted, key=str):
        items[f"{catalog or '*'}-{number}"] = any(n == number and catalog in (None, c) for c, n in said)
        if not items[f"{catalog or '*'}-{number}"]:
            result.notes[f"scenes {catalog or '*'}-{number}"] = "未读出"
    for catalog, number in sorted(said, key=str):
        if not any(n == number and c in (None, catalog) for c, n in wanted):
            items[f"{EXTRA}{catalog}-{number}"] = False
            written = next(s["as_written"] for s in built if s["number"] == number)
            result.notes[f"scenes {EXTRA}{catalog}-{number}"] = f"多读：{written}"
    result.items["scenes"] = items
    uses = {scene["number"]: bool(scene.get("uses_ai")) for scene in built}
    ai = {
        str(scene.number): uses[scene.number] == scene.uses_ai
        for scene in expected
        if scene.uses_ai is not None and scene.number in uses
    }
    if ai:
        result.items["ai_scenes"] = ai
        for number in (number for number, right in ai.items() if not right):
            said = "用" if uses[int(number)] else "未用"
            result.notes[f"ai_scenes {number}"] = f"判为{said}人工智能，与标注相反"


def _kpis(
    result: CaseScore, metric: str, expected: tuple[ExpectedKpi, ...], found: list[dict[str, Any]]
) -> None:
    left = list(found)
    items: dict[str, bool] = {}
    numbers: dict[str, bool] = {}
    for position, label in enumerate(expected):
        hits = [kpi for kpi in left if _is_kpi(label, kpi)]
        hits.sort(key=lambda kpi: not _overlap(label.quote, kpi["quote"]))
        items[str(position)] = bool(hits)
        if hits:
            left.remove(hits[0])
            if "number" in label.model_fields_set:
                numbers[str(position)] = hits[0]["number"] == label.number
                if hits[0]["number"] != label.number:
                    result.notes[f"kpi_numbers {position}"] = f"应为 {label.number}，得到 {hits[0]['number']}"
        else:
            result.notes[f"{metric} {position}"] = f"漏读：{label.quote or _triple(label)}"
    for kpi in left:
        key = f"{EXTRA}{fold(kpi['quote'] or '')[:40]}|{kpi['baseline']}|{kpi['current']}|{kpi['stated_change']}"
        items[key] = False
        result.notes[f"{metric} {key}"] = f"多读：{kpi['quote']}"
    result.items[metric] = items
    if numbers:
        result.items["kpi_numbers"] = numbers


_NUMBERS = ("baseline", "current", "stated_change")


def _triple(label: ExpectedKpi) -> str:
    return "、".join(f"{name}={getattr(label, name)}" for name in _NUMBERS if name in label.model_fields_set)


def _is_kpi(label: ExpectedKpi, kpi: dict[str, Any]) -> bool:
    """Say whether a statement read is the labelled one: by its numbers, by its words where none is labelled."""
    named = [name for name in _NUMBERS if name in label.model_fields_set]
    if not named:
        return _overlap(label.quote, kpi["quote"])
    return all(_same(getattr(label, name), kpi[name]) for name in named)


def _same(a: float | None, b: float | None) -> bool:
    return a is b if a is None or b is None else math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def _overlap(label: str | None, quote: str | None) -> bool:
    if not label or not quote:
        return True
    a, b = fold(label), fold(quote)
    return a in b or b in a


def _equal(result: CaseScore, metric: str, expected: dict[str, Any], found: dict[str, Any]) -> None:
    result.items[metric] = {key: found.get(key) == value for key, value in expected.items()}
    if metric == "checks":
        result.confusion.extend((metric, str(v), str(found.get(k))) for k, v in expected.items())
    for key, value in expected.items():
        if found.get(key) != value:
            result.notes[f"{metric} {key}"] = f"应为 {value}，得到 {found.get(key)}"


def _text(result: CaseScore, expect: Expectation, text: str) -> None:
    """Score reading order: each phrase must stand after the one before it."""
    items: dict[str, bool] = {}
    position = 0
    for phrase in expect.text or ():
        place = text.find(fold(phrase), position)
        items[phrase] = place >= 0
        if place >= 0:
            position = place
        else:
            result.notes[f"text {phrase}"] = "次序不对" if fold(phrase) in text else f"漏读：{phrase}"
    for phrase in expect.absent or ():
        items[f"absent {phrase}"] = fold(phrase) not in text
    result.items["text"] = items


def _flags(result: CaseScore, case: Case, found: list[dict[str, Any]], spec: SuiteSpec) -> None:
    items: dict[str, bool] = {}
    labels = case.expect.flags or ()
    for position, label in enumerate(labels):
        items[f"{label.kind}#{position}"] = any(
            flag["kind"] == label.kind
            and (label.quote is None or any(_overlap(label.quote, q) for q in flag["quotes"]))
            for flag in found
        )
    for kind in spec.exhaustive_flags:
        raised = sum(flag["kind"] == kind for flag in found)
        if raised and not any(label.kind == kind for label in labels):
            items[f"{EXTRA}{kind}"] = False
    result.items["flags"] = items


def _retrieval(result: CaseScore, expected: tuple[ExpectedHit, ...], found: list[dict[str, Any]]) -> None:
    hits: dict[str, bool] = {}
    abstained: dict[str, bool] = {}
    for label, answer in zip(expected, found, strict=False):
        if not label.places and label.scene is None:
            abstained[label.query] = bool(answer.get("abstained"))
            continue
        if "abstained" in answer:
            abstained[label.query] = not answer["abstained"]
        rank = next((i for i, hit in enumerate(answer["hits"], start=1) if _is_hit(label, hit)), 0)
        hits[label.query] = 0 < rank <= (3 if label.scene is not None else 5)
        result.scores[f"mrr {label.query}"] = 1 / rank if rank else 0.0
    if hits:
        result.items["retrieval"] = hits
    if abstained:
        result.items["abstention"] = abstained


def _is_hit(label: ExpectedHit, hit: dict[str, Any]) -> bool:
    if label.scene is not None:
        return bool(hit.get("scene") == label.scene)
    return any(_is_place(place, hit) for place in label.places)


def _is_place(place: ExpectedPlace, hit: dict[str, Any]) -> bool:
    if not same_document(place.document, str(hit.get("document"))):
        return False
    article, wanted = fold(str(hit.get("article") or "")), fold(place.article or "")
    return not wanted or _holds(article, wanted) or _holds(wanted, article)


def _holds(whole: str, part: str) -> bool:
    """Say whether a place lies in another: 第十五条第二款 in 第十五条, but 附件12 not in 附件1."""
    return bool(part) and bool(re.search(re.escape(part) + r"(?!\d)", whole))


@cache
def same_document(label: str | None, document: str) -> bool:
    """Say whether a label means a policy document: by its id, number, title or the name of its file."""
    if label is None or label == document:
        return label == document
    from assistant import policy

    source = policy.load().documents.get(document)
    wanted = fold(label).strip("《》")
    if source is None or len(wanted) < 6:
        return False
    names = (source.number, source.title)
    return any(wanted in fold(name) or fold(name) in wanted for name in names if name)


def _verdict(result: CaseScore, expected: str, found: dict[str, Any]) -> None:
    said = found.get("verdict")
    result.confusion.append(("verdict", expected, str(said)))
    result.items["verdict"] = {"exact": said == expected}
    bad, flagged = expected != "supported", said != "supported"
    result.items["not_supported"] = (
        {"bad" if bad else f"{EXTRA}flagged": bad == flagged} if bad or flagged else {}
    )
    if isinstance(found.get("score"), int | float):
        result.scores["support"] = float(found["score"])
    if said != expected:
        result.notes["verdict"] = f"应为 {expected}，得到 {said}：{found.get('reason', '')}"
