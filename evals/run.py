"""Run a suite: in parallel, resumable, cached by what can change an answer; the result is one JSON file."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import assistant
from assistant.policy.load import POLICY_DIR
from assistant.resources import root
from assistant.settings import Settings
from evals.metrics import aggregate, by_tag
from evals.predict import predict
from evals.score import CaseScore, score_case
from evals.suite import Case, Suite
from evals.triage import triage

RUN_SCHEMA = "1.0"


@dataclass(frozen=True)
class Plan:
    """How to run: ``jobs`` processes, ``repeat`` answers per case for models that vary.

    ``max_tokens`` caps what the whole run may use; cases beyond it are unscored.
    """

    settings: Settings
    repeat: int = 1
    jobs: int = 2
    use_cache: bool = True
    max_tokens: int | None = None


def run_suite(suite: Suite, plan: Plan, progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    """Return the run as plain data (see README, section Evals)."""
    started, clock = datetime.now(UTC), time.perf_counter()
    answers = _answers(suite, plan, progress)
    scores, straddling = _scores(suite, answers)
    result: dict[str, Any] = {
        "schema_version": RUN_SCHEMA,
        "suite": suite.spec.name,
        "suite_version": suite.spec.version,
        "suite_digest": suite_digest(suite),
        "model": plan.settings.model,
        "repeat": plan.repeat,
        "product_digest": product_digest(),
        "settings_digest": plan.settings.digest(),
        "metrics": aggregate(scores),
        "tags": by_tag(scores),
        # What nobody has looked at while the product was made; suites name it in one of two ways.
        "held_out": aggregate(s for s in scores if {"split:test", "test", "final"} & set(s.tags)),
        "unscored": {s.case: s.unscored for s in scores if s.unscored},
        "straddling": straddling,
        "cases": [_case_row(score) for score in scores],
        "triage": triage(suite, scores),
        "tokens": _tokens(answers),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 2),
    }
    return result


def _case_row(score: CaseScore) -> dict[str, Any]:
    return {
        key: value for key, value in asdict(score).items() if key == "case" or value not in (None, {}, ())
    }


def _scores(suite: Suite, answers: dict[str, list[dict[str, Any]]]) -> tuple[list[CaseScore], list[str]]:
    """Score every repetition and keep the majority's verdict item by item; ties are unscored."""
    merged: list[CaseScore] = []
    straddling: list[str] = []
    for case in suite.cases:
        rows = [score_case(case, found, suite.spec) for found in answers[case.id]]
        score, split = _majority(rows)
        merged.append(score)
        if split:
            straddling.append(case.id)
    return merged, straddling


def _majority(rows: list[CaseScore]) -> tuple[CaseScore, bool]:
    scored = [row for row in rows if row.unscored is None]
    if not scored:
        return rows[0], False
    if len(scored) == 1:
        return scored[0], False
    items: dict[str, dict[str, bool]] = {}
    split = False
    for metric in {m for row in scored for m in row.items}:
        keys = sorted({key for row in scored for key in row.items.get(metric, {})})
        items[metric] = {}
        for key in keys:
            # An extra item that a repetition did not say is right there.
            right = sum(row.items.get(metric, {}).get(key, True) for row in scored)
            split |= 0 < right < len(scored)
            if 2 * right != len(scored):
                items[metric][key] = 2 * right > len(scored)
    best = scored[0]
    return CaseScore(best.case, best.tags, items, best.notes, None, best.scores), split


def _answers(
    suite: Suite, plan: Plan, progress: Callable[[int, int], None] | None
) -> dict[str, list[dict[str, Any]]]:
    jobs = [(case, number) for case in suite.cases for number in range(plan.repeat)]
    answers: dict[str, list[dict[str, Any]]] = {case.id: [] for case in suite.cases}
    todo: list[tuple[Case, int, Path]] = []
    for case, number in jobs:
        file = _cache_file(suite, case, number, plan)
        known = _load(file) if plan.use_cache else None
        if known is None:
            todo.append((case, number, file))
        else:
            # Answers from the cache cost nothing this time.
            answers[case.id].append({**known, "tokens": {}})
    done = len(jobs) - len(todo)
    fresh = _work(suite, [(case, number) for case, number, _ in todo], plan)
    for (case, _, file), found in zip(todo, fresh, strict=True):
        answers[case.id].append(found)
        if _lasting(found):
            _store(file, found)
        done += 1
        if progress:
            progress(done, len(jobs))
    return answers


def _lasting(found: dict[str, Any]) -> bool:
    """Say whether an answer may be kept: not one that a missing component or a failing stage has spoilt.

    What reading could not do is a property of the document and lasts.
    """
    return "unscored" not in found and all(p["stage"] == "ingest" for p in found.get("problems", ()))


def _work(suite: Suite, jobs: list[tuple[Case, int]], plan: Plan) -> Iterator[dict[str, Any]]:
    # A local model or a shared index is loaded once a process: more processes only cost memory then.
    shared = plan.settings.model != "off" or any(case.expect.retrieval is not None for case, _ in jobs)
    if plan.jobs <= 1 or shared or len(jobs) < 8:
        used = 0
        for case, number in jobs:
            if plan.max_tokens is not None and used >= plan.max_tokens:
                yield {"unscored": f"这次运行已达到用量上限 {plan.max_tokens} 个词元"}
                continue
            found = predict(case, suite.folder, _settings(plan, number), plan.settings)
            used += sum((found.get("tokens") or {}).values())
            yield found
        return
    with ProcessPoolExecutor(plan.jobs) as pool:
        cases, settings = zip(*((case, _settings(plan, number)) for case, number in jobs), strict=True)
        yield from pool.map(predict, cases, [suite.folder] * len(jobs), settings, chunksize=4)


def _settings(plan: Plan, number: int) -> Settings:
    """Return the settings of one repetition: it must ask anew, not read the first one's replies."""
    if plan.settings.model == "off" or (number == 0 and plan.use_cache):
        return plan.settings
    from assistant.models import weights

    place = plan.settings.cache_dir / "evals" / f"repetition-{number}"
    place = place if plan.use_cache else place / f"{os.getpid()}"
    return plan.settings.model_copy(update={"cache_dir": place, "model_path": weights.place(plan.settings)})


def _cache_file(suite: Suite, case: Case, number: int, plan: Plan) -> Path:
    digest = hashlib.sha256()
    installed = _installed(plan.settings.cache_dir / "models")
    for part in (
        product_digest(),
        plan.settings.digest(),
        installed,
        case.model_dump_json(exclude_unset=True),
        str(number),
    ):
        digest.update(part.encode() + b"\0")
    if case.document is not None and (suite.folder / case.document).is_file():
        digest.update((suite.folder / case.document).read_bytes())
    return plan.settings.cache_dir / "evals" / f"{digest.hexdigest()}.json"


def _load(file: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(file.read_text("utf-8"))
    except (OSError, json.JSONDecodeError):
        return None
    return value if isinstance(value, dict) else None


def _store(file: Path, found: dict[str, Any]) -> None:
    """Write atomically: an interrupted run leaves whole answers or none."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
        temporary.replace(file)
    except OSError as error:
        print(f"评测缓存写不了（{error.strerror}），继续不缓存", file=sys.stderr)


@cache
def _installed(folder: Path) -> str:
    """Return which local models there are: with and without them the same question has two answers."""
    return "\n".join(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else ""


@cache
def product_digest() -> str:
    """Return a hash of all that can change an answer: code, corpus, prompts."""
    digest = hashlib.sha256()
    more = (Path(part) for part in os.environ.get(POLICY_DIR, "").split(os.pathsep) if part)
    folders = (Path(assistant.__file__).parent, root() / "corpus", root() / "prompts", *more)
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and "declarations" not in file.parts:
                digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def suite_digest(suite: Suite) -> str:
    """Return a hash of the labelled cases: two runs compare only on the same cases."""
    # Only what a case says: a field that the harness learns later must not make old runs incomparable.
    lines = "\n".join(case.model_dump_json(exclude_unset=True) for case in suite.cases)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def _tokens(answers: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for found in (one for many in answers.values() for one in many):
        for kind, count in (found.get("tokens") or {}).items():
            total[kind] = total.get(kind, 0) + count
    return total
