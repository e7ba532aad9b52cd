"""What the product says about one case, as plain data: the only module that calls the product."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import assistant
from assistant.cli.common import parse_jurisdiction, parse_record
from assistant.errors import AssistantError, UnavailableError
from assistant.settings import Settings
from evals.suite import Case, StatedApplication

RANK = ("fail", "advisory", "unknown", "pass", "not_applicable")


def predict(case: Case, folder: Path, settings: Settings, index: Settings | None = None) -> dict[str, Any]:
    """Return the product's answers to a case; ``unscored`` says why there is none.

    ``index`` are the settings to search with where they differ: a repetition keeps its own replies of the
    model, but there is one index.

    An input that the product refuses is ``refused`` (an answer); a component that is missing or a
    crash makes the case ``unscored``, which is neither right nor wrong.
    """
    try:
        found = _predict(case, folder, settings)
        if case.expect.retrieval is not None:
            asked = [(hit.query, hit.where) for hit in case.expect.retrieval]
            found["retrieval"] = [_retrieve(query, where, index or settings) for query, where in asked]
        return found  # noqa: TRY300  a crash while searching is caught like any other
    except AssistantError as error:
        return {"refused": str(error)} if error.exit_code == 2 else {"unscored": str(error)}
    except Exception as error:  # noqa: BLE001  one case must not end a run; it is shown as unscored
        return {"unscored": f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"}


def _predict(case: Case, folder: Path, settings: Settings) -> dict[str, Any]:
    options = _options(case.application, settings)
    found: dict[str, Any] = {}
    if case.claim is not None:
        found = _verdict(case, folder, settings)
    elif case.document is not None:
        found = _review(_inside(folder, case.document), options)
    elif case.text is not None:
        with tempfile.TemporaryDirectory() as place:
            file = Path(place) / "case.txt"
            file.write_text(case.text, encoding="utf-8", newline="")
            found = _review(file, options)
    elif case.record is not None:
        record = parse_record(_stated(case.record, case.application), f"案例 {case.id}")
        found = {
            "checks": topic_statuses(assistant.check_declaration(record, options).model_dump(mode="json"))
        }
    return found


def _inside(folder: Path, name: str) -> Path:
    """Return a case's document; a missing one is a fault of the suite, not an answer of the product."""
    path = folder / name
    if not path.is_file():
        raise UnavailableError(f"评测集缺少文件 {name}", f"应在 {folder} 之下")
    return path


def _stated(record: dict[str, Any], stated: StatedApplication | None) -> dict[str, Any]:
    """Return the record with what the case states of the application where the record is silent."""
    application = stated.application() if stated else {}
    own = {key: value for key, value in (record.get("application") or {}).items() if value is not None}
    return {**record, "application": {**application, **own}} if application else record


def _options(stated: StatedApplication | None, settings: Settings) -> assistant.Options:
    if stated is None:
        return assistant.Options(settings=settings)
    return assistant.Options(
        jurisdiction=_jurisdiction(stated.jurisdiction),
        tier=stated.tier,
        as_of=stated.as_of,
        settings=settings,
    )


@lru_cache
def _jurisdiction(name: str | None) -> str | None:
    """Return the corpus's name of a jurisdiction, as the commands do (湖北省 is 湖北)."""
    return parse_jurisdiction(name)


def _review(path: Path, options: assistant.Options) -> dict[str, Any]:
    outcome = assistant.review(path, options)
    review = outcome.review.model_dump(mode="json")
    declaration = review["declaration"]
    return {
        "scenes": [
            {key: scene[key] for key in ("catalog", "number", "plan", "as_written", "uses_ai")}
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
        "text": outcome.document.text,
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


def _verdict(case: Case, folder: Path, settings: Settings) -> dict[str, Any]:
    judge = _judge(settings)
    before = len(judge.calls) if judge is not None else 0
    evidence = case.evidence if case.evidence is not None else case.text
    if evidence is None and case.document is not None:
        evidence = assistant.read(_inside(folder, case.document), settings=settings).text
    (verdict,) = assistant.judge_claims(((case.claim or "", evidence or ""),), judge=judge)
    if judge is not None and verdict.problem:
        # The model that was asked for had no part in this: neither right nor wrong.
        raise UnavailableError(f"模型没有参与判断：{verdict.problem}", "修好模型后再运行，已有的回答会保留")
    tokens = _tokens(judge.calls[before:]) if judge is not None else {}
    return {"verdict": verdict.model_dump(mode="json"), "tokens": tokens}


def _tokens(calls: Any) -> dict[str, int]:
    """Return the sum of every count of tokens that the calls report."""
    total: dict[str, int] = {}
    for call in calls:
        for key, value in call.items():
            if key.startswith("tokens") and isinstance(value, int):
                total[key.removeprefix("tokens_")] = total.get(key.removeprefix("tokens_"), 0) + value
    return total


# Loading a model or an index takes seconds: once a process, not once a question.
@lru_cache(maxsize=2)
def _judge(settings: Settings) -> Any:
    from assistant import models

    # The caps of the settings are for one document; a run keeps its own account (see run.py).
    caps = {"model_max_calls": 10**9, "model_max_tokens": 10**12, "model_max_seconds": 1e9}
    return models.judge(settings.model_copy(update=caps))


@lru_cache(maxsize=4)
def _searcher(where: str, settings: Settings) -> Any:
    return assistant.searcher(where, settings)


@lru_cache(maxsize=2)
def _answerer(settings: Settings) -> Any:
    return assistant.answerer(settings)


def _retrieve(query: str, where: str | None, settings: Settings) -> dict[str, Any]:
    if where is not None and where != "ask":
        return {"hits": _searcher(where, settings).search(query, 10)["hits"]}
    answer = _answerer(settings).ask(query)
    return {"hits": answer["clauses"], "abstained": answer["abstained"]}
