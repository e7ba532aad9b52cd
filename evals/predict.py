"""What the product says about one case, as plain data: the only module that calls the product."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import assistant
from assistant.errors import AssistantError
from assistant.records import Declaration
from assistant.settings import Settings
from evals.suite import Case, StatedApplication

RANK = ("fail", "advisory", "unknown", "pass", "not_applicable")


def predict(case: Case, folder: Path, settings: Settings) -> dict[str, Any]:
    """Return the product's answers to a case; ``unscored`` says why there is none.

    An input that the product refuses is ``refused`` (an answer); a component that is missing or a
    crash makes the case ``unscored``, which is neither right nor wrong.
    """
    try:
        return _predict(case, folder, settings)
    except AssistantError as error:
        return {"refused": str(error)} if error.exit_code == 2 else {"unscored": str(error)}
    except Exception as error:  # noqa: BLE001  one case must not end a run; it is shown as unscored
        return {"unscored": f"{type(error).__name__}: {error}"}


def _predict(case: Case, folder: Path, settings: Settings) -> dict[str, Any]:
    options = _options(case.application, settings)
    found: dict[str, Any] = {}
    if case.document is not None:
        found = _review(folder / case.document, options)
    elif case.text is not None:
        with tempfile.TemporaryDirectory() as place:
            file = Path(place) / "case.txt"
            file.write_text(case.text, encoding="utf-8")
            found = _review(file, options)
    elif case.record is not None:
        record = Declaration.model_validate(_jsonable(case.record))
        found = {
            "checks": topic_statuses(assistant.check_declaration(record, options).model_dump(mode="json"))
        }
    elif case.claim is not None:
        found = _verdict(case, settings)
    if case.expect.retrieval is not None:
        found["retrieval"] = [_retrieve(hit.query, hit.where, settings) for hit in case.expect.retrieval]
    return found


def _jsonable(record: dict[str, Any]) -> Any:
    """Return the record as the JSON parser of the product would see it (dates from strings)."""
    import json

    return Declaration.model_validate_json(json.dumps(record, ensure_ascii=False)).model_dump()


def _options(stated: StatedApplication | None, settings: Settings) -> assistant.Options:
    if stated is None:
        return assistant.Options(settings=settings)
    return assistant.Options(
        jurisdiction=stated.jurisdiction, tier=stated.tier, as_of=stated.as_of, settings=settings
    )


def _review(path: Path, options: assistant.Options) -> dict[str, Any]:
    outcome = assistant.review(path, options)
    review = outcome.review.model_dump(mode="json")
    declaration = review["declaration"]
    return {
        "scenes": [
            {key: scene[key] for key in ("catalog", "number", "plan", "as_written")}
            for scene in declaration["scenes"] or ()
        ],
        "kpis": [
            {
                **{key: kpi[key] for key in ("number", "baseline", "current", "stated_change", "plan")},
                "quote": kpi["spans"][0]["quote"] if kpi["spans"] else kpi["as_written"],
            }
            for kpi in declaration["kpis"] or ()
        ],
        "checks": topic_statuses(review["checks"]),
        "flags": [
            {"kind": flag["kind"], "quotes": [span["quote"] for span in flag["spans"]]}
            for flag in review["flags"]
        ],
        "fields": _leaves(declaration),
        "broken_spans": _broken_spans(review, outcome.document.text),
        "problems": review["problems"],
        "tokens": review["manifest"]["tokens"],
        "seconds": review["manifest"]["seconds"],
    }


def topic_statuses(report: dict[str, Any]) -> dict[str, str]:
    """Return the status of every topic: the worst of its results."""
    statuses: dict[str, str] = {}
    for result in report["results"]:
        topic, status = result["topic"], result["status"]
        if topic not in statuses or RANK.index(status) < RANK.index(statuses[topic]):
            statuses[topic] = status
    return statuses


def _leaves(declaration: dict[str, Any]) -> dict[str, Any]:
    groups = ("application", "enterprise", "maturity", "conduct")
    leaves = {
        f"{group}.{key}": value for group in groups for key, value in (declaration[group] or {}).items()
    }
    return {**leaves, "digital_score": declaration["digital_score"]}


def _broken_spans(value: Any, text: str) -> list[dict[str, Any]]:
    """Return every span of a review whose quote does not stand at its offsets."""
    broken: list[dict[str, Any]] = []
    if isinstance(value, dict):
        if {"start", "end", "quote"} <= value.keys():
            return [] if text[value["start"] : value["end"]] == value["quote"] else [value]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            broken += _broken_spans(item, text)
    return broken


def _verdict(case: Case, settings: Settings) -> dict[str, Any]:
    judge = None
    if settings.model != "off":
        from assistant import models

        judge = models.judge(settings)
    (verdict,) = assistant.judge_claims(((case.claim or "", case.evidence or ""),), judge=judge)
    return {"verdict": verdict if isinstance(verdict, dict) else verdict.model_dump(mode="json")}


def _retrieve(query: str, where: str | None, settings: Settings) -> dict[str, Any]:
    if where is not None and where != "ask":
        hits = assistant.searcher(where, settings).search(query, 10)
        return {"hits": (hits if isinstance(hits, dict) else hits.model_dump(mode="json"))["hits"]}
    answer = assistant.answerer(settings).ask(query)
    plain = answer if isinstance(answer, dict) else answer.model_dump(mode="json")
    return {"hits": plain["clauses"], "abstained": plain["abstained"]}
