"""Eval suites and stored runs, as the evaluator's room shows them; the harness lies beside the corpus."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, InputError, UnavailableError
from assistant.resources import root
from assistant.settings import Settings

_KEPT = 200
# A blessed baseline leaves out what changes from run to run.
_USUAL: dict[str, Any] = {"suite": "", "model": "off", "unscored": {}, "seconds": "", "started": ""}


@dataclass(frozen=True)
class SuiteLine:
    """A suite as listed; ``problem`` says why it cannot be run, empty when it can."""

    name: str
    measures: str
    cases: int
    problem: str


@dataclass(frozen=True)
class Change:
    """One item that the two runs judge differently."""

    case: str
    metric: str
    item: str
    before: bool | None
    after: bool | None
    note: str


def harness(name: str) -> Any:
    """Import a module of the eval harness.

    Raises:
        UnavailableError: the installation has none.
    """
    place = str(root())
    if place not in sys.path:
        sys.path.append(place)
    try:
        return import_module(f"evals.{name}")
    except ModuleNotFoundError as error:
        raise UnavailableError(f"找不到评测程序 evals.{name}", "请从源码目录或完整安装包运行") from error


def suites() -> tuple[SuiteLine, ...]:
    """Return the suites that ship here."""
    folders = sorted((root() / "evals" / "suites").glob("*/"))
    return tuple(_line(f, _stamp(f)) for f in folders if (f / "suite.yaml").is_file())


def _stamp(folder: Path) -> tuple[int, ...]:
    return tuple(path.stat().st_mtime_ns for path in sorted(folder.glob("*.*")) if path.is_file())


@lru_cache(maxsize=64)
def _line(folder: Path, _stamp: tuple[int, ...]) -> SuiteLine:
    """Read a suite; again only when its files have changed."""
    try:
        suite = harness("suite").load_suite(folder)
    except AssistantError as error:
        return SuiteLine(folder.name, "", 0, str(error))
    measures = suite.spec.measures
    text = measures if isinstance(measures, str) else "、".join(map(str, measures))
    return SuiteLine(folder.name, text, len(suite.cases), "")


def run(name: str, settings: Settings, progress: Callable[[int, int], None]) -> Path:
    """Run a suite without a model, store the run, and return its file.

    Raises:
        InputError: there is no such suite, or it does not fit.
    """
    if name not in {line.name for line in suites() if not line.problem}:
        raise InputError(f"没有这个评测集：{name}", "请从列表中选择")
    suite = harness("suite").load_suite(root() / "evals" / "suites" / name)
    offline = settings.model_copy(update={"model": "off"})
    # One process: a server full of threads must not fork.
    result = harness("run").run_suite(suite, harness("run").Plan(offline, 1, 1), progress)
    result["spec"] = suite.spec.model_dump(mode="json")
    target = folder_of(settings) / f"{result['started'].replace(':', '')}.{name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return target


def folder_of(settings: Settings) -> Path:
    """Return where runs of this application are kept."""
    return settings.data_dir / "evals"


def stored(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return the stored runs by name, newest first, and the blessed baselines after them."""
    own = sorted(folder_of(settings).glob("*.json"), reverse=True)[:_KEPT]
    blessed = sorted((root() / "evals" / "baselines").glob("*.json"))
    found = {}
    for path in [*own, *blessed]:
        try:
            value = json.loads(path.read_text("utf-8"))
        except (OSError, json.JSONDecodeError):
            continue
        if isinstance(value, dict) and "metrics" in value and "cases" in value:
            name = path.stem if path in own else f"基线 {path.stem}"
            found[name] = {**_USUAL, **value}
    return found


def trends(runs: dict[str, dict[str, Any]], suite: str) -> dict[str, list[float]]:
    """Return each metric's values over the stored runs of a suite, oldest first."""
    ordered = sorted(
        (r for r in runs.values() if r.get("suite") == suite), key=lambda r: str(r.get("started"))
    )
    values: dict[str, list[float]] = {}
    for one in ordered:
        for metric, figure in one["metrics"].items():
            values.setdefault(metric, []).append(float(figure["value"]))
    return values


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    """Return every item on which two runs of a suite differ, case by case."""
    old, new = _items(before), _items(after)
    notes = {(row["case"], key): note for row in after["cases"] for key, note in row.get("notes", {}).items()}
    return tuple(
        Change(case, metric, item, old.get(key), new.get(key), str(notes.get((case, item), "")))
        for key in sorted({*old, *new})
        for case, metric, item in (key,)
        if old.get(key) != new.get(key)
    )


def _items(run: dict[str, Any]) -> dict[tuple[str, str, str], bool]:
    return {
        (row["case"], metric, item): bool(right)
        for row in run["cases"]
        for metric, items in row.get("items", {}).items()
        for item, right in items.items()
    }
