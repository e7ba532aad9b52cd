"""What ``assistant eval`` does: run, compare, bless, and where runs and baselines are kept."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError, UsageError
from assistant.settings import Settings
from evals.compare import Comparison
from evals.compare import compare as compare_runs
from evals.compare import unmet as below_floor
from evals.present import html, junit
from evals.run import Plan, run_suite
from evals.suite import Case, Suite, SuiteSpec, load_suite

HERE = Path(__file__).resolve().parent
BASELINES = HERE / "baselines"
HISTORY = 50


def find_suite(place: Path) -> Path:
    """Return the folder of a suite: a path (also of its suite.yaml), or the name of one that ships here."""
    if place.is_file() and place.name in ("suite.yaml", "cases.jsonl"):
        return place.parent
    return place if place.is_dir() or not (HERE / "suites" / place).is_dir() else HERE / "suites" / place


@dataclass(frozen=True)
class RunOptions:
    """How to run a suite, and where to write the result (JSON, with HTML and JUnit beside it).

    ``tag`` takes only the cases that carry it; ``max_tokens`` caps a run with a model; None takes the cap of the settings for paid models.
    """

    repeat: int = 1
    jobs: int = 2
    use_cache: bool = True
    out: Path | None = None
    max_tokens: int | None = None
    tag: str | None = None


def run(place: Path, settings: list[Settings], options: RunOptions) -> list[dict[str, Any]]:
    """Run a suite once for every model.

    Raises:
        UsageError: a run with a paid model is expected to need more than its cap; nothing was asked.
    """
    suite = _tagged(load_suite(find_suite(place)), options.tag)
    caps = [forecast(suite, one, options) for one in settings]
    runs = []
    for one, cap in zip(settings, caps, strict=True):
        result = run_suite(suite, Plan(one, options.repeat, options.jobs, options.use_cache, cap), _progress)
        # The comparison needs the margins that held when the run was made.
        result["spec"] = suite.spec.model_dump(mode="json")
        history = _remember(result, one)
        if options.out is not None:
            target = options.out if len(settings) == 1 else _named(options.out, one.model)
            _write(target, result, suite, history)
        runs.append(result)
    return runs


def _tagged(suite: Suite, tag: str | None) -> Suite:
    cases = tuple(case for case in suite.cases if tag in (None, *case.tags))
    if not cases:
        known = sorted({tag for case in suite.cases for tag in case.tags})
        raise UsageError(
            f"评测集 {suite.spec.name} 没有标签为 {tag} 的案例", f"可用：{'、'.join(known[:20])}"
        )
    return suite.model_copy(update={"cases": cases})


def compare(before: dict[str, Any], after: dict[str, Any], place: Path | None) -> Comparison:
    """Compare two runs with the margins of the suite, or of the newer run when no suite is given."""
    if place is not None:
        return compare_runs(before, after, load_suite(find_suite(place)).spec)
    return compare_runs(
        before, after, SuiteSpec.model_validate(after.get("spec") or {"name": after.get("suite", "")})
    )


def unmet(runs: list[dict[str, Any]]) -> list[str]:
    """Return, in words, which floors of the suite which run does not reach."""
    return [
        f"{run['model']} {floor.metric}{'' if floor.part == 'value' else ' ' + floor.part}"
        f" {run['metrics'][floor.metric][floor.part]:.3f} < {floor.minimum:g}"
        for run in runs
        for floor in below_floor(run, SuiteSpec.model_validate(run["spec"]))
    ]


def comparison_json(comparison: Comparison) -> str:
    """Return a comparison as JSON."""
    return json.dumps({"schema_version": "1.0", **asdict(comparison)}, ensure_ascii=False, indent=2)


def bless(result: dict[str, Any], *, reason: str | None, folder: Path | None) -> Path:
    """Make a run the baseline of its suite.

    Raises:
        UsageError: it is worse than the present baseline, or undecidable, and no reason is given.
    """
    target = (folder or BASELINES) / f"{result['suite']}.{_safe(result['model'])}.json"
    if target.is_file():
        old = json.loads(target.read_text("utf-8"))
        same_cases = old.get("suite_digest") == result.get("suite_digest")
        outcome = compare(old, result, None).outcome if same_cases else "undecided"
        if outcome != "fine" and not (reason or "").strip():
            what = {"regressed": "比现有基线差", "undecided": "与现有基线无法比较（案例变了或样本太小）"}[
                outcome
            ]
            raise UsageError(f"这次运行{what}，没有理由不能作为基线", "确要如此，请用 --reason 说明")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_baseline(result, reason), "utf-8")
    return target


# What a comparison and the quality table need of a run; notes and settings stay in the run itself.
_KEPT = (
    "schema_version", "suite", "suite_version", "suite_digest", "model", "repeat", "product_digest", "spec",
    "metrics", "held_out", "unscored", "triage",
)  # fmt: skip


def _baseline(result: dict[str, Any], reason: str | None) -> str:
    """Return a run as a baseline: small, and a line a case so that a changed baseline reads well in a diff."""
    kept = {key: result[key] for key in _KEPT if key in result}
    head = json.dumps({**kept, "blessed_reason": reason}, ensure_ascii=False, indent=1, sort_keys=True)
    rows = [{key: row[key] for key in ("case", "items") if key in row} for row in result["cases"]]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f'{head[:-2]},\n "cases": [\n{lines}\n ]\n}}\n'


def baseline_of(suite: str, model: str = "off") -> Path:
    """Return where the blessed baseline of a suite and model is kept."""
    return BASELINES / f"{suite}.{_safe(model)}.json"


def _safe(model: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in model)


def _named(out: Path, model: str) -> Path:
    return out.with_name(f"{out.stem}.{_safe(model)}{out.suffix}")


def _write(out: Path, result: dict[str, Any], suite: Suite, history: list[dict[str, Any]]) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
        out.with_suffix(".html").write_text(html(result, suite, history), "utf-8")
        out.with_suffix(".xml").write_bytes(junit(result))
    except OSError as error:
        raise InputError(f"写不了评测结果 {out}：{error.strerror}", "请换一个可写的 --out") from error


def _remember(result: dict[str, Any], settings: Settings) -> list[dict[str, Any]]:
    """Append the run's metrics to the local history and return what was there before (for trends)."""
    file = (
        settings.cache_dir / "evals" / "history" / f"{_safe(result['suite'])}.{_safe(result['model'])}.jsonl"
    )
    try:
        lines = file.read_text("utf-8").splitlines()[-HISTORY:] if file.is_file() else []
        kept = {key: result[key] for key in ("started", "model", "metrics", "product_digest")}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join([*lines, json.dumps(kept, ensure_ascii=False)]) + "\n", "utf-8")
        return [json.loads(line) for line in lines]
    except (OSError, json.JSONDecodeError) as error:
        print(f"评测历史不可用（{error}），走势从本次开始", file=sys.stderr)
        return []


def forecast(suite: Suite, settings: Settings, options: RunOptions) -> int | None:
    """Say beforehand what a run with a model may cost, and return the cap it must keep to.

    Raises:
        UsageError: a paid run is expected to need more than its cap.
    """
    if settings.model == "off":
        return None
    from assistant import models

    cases = len(suite.cases) * options.repeat
    characters = sum(_length(case, suite.folder) for case in suite.cases) * options.repeat
    expected = models.forecast(settings, cases, characters)
    tokens = expected["tokens_in"] + expected["tokens_out"]
    cost = "" if expected["cost"] is None else f"，费用约 {expected['cost']}"
    print(
        f"预计 {expected['calls']} 次调用、{tokens:,} 个词元{cost}（模型 {settings.model}）", file=sys.stderr
    )
    if settings.model == "embedded":
        return options.max_tokens
    cap = options.max_tokens or settings.model_max_tokens
    if tokens > cap:
        raise UsageError(
            f"预计用 {tokens:,} 个词元，超过上限 {cap:,}，没有开始",
            "用 --max-tokens 或 ASSISTANT_MODEL_MAX_TOKENS 放宽，或减少案例",
        )
    return cap


def _length(case: Case, folder: Path) -> int:
    """Return about how many characters of a case a model may be shown."""
    if case.document is not None and (folder / case.document).is_file():
        # Three bytes a Chinese character; a packed document holds about as many characters.
        return (folder / case.document).stat().st_size // 3
    return len(case.text or "") + len(case.evidence or "") + len(case.claim or "")


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total}", end="" if done < total else "\n", file=sys.stderr, flush=True)
