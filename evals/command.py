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
from evals.present import html, junit
from evals.run import Plan, run_suite
from evals.suite import Suite, SuiteSpec, load_suite

HERE = Path(__file__).resolve().parent
BASELINES = HERE / "baselines"
HISTORY = 50


def find_suite(place: Path) -> Path:
    """Return the folder of a suite: a path, or the name of one that ships here."""
    return place if place.is_dir() or not (HERE / "suites" / place).is_dir() else HERE / "suites" / place


@dataclass(frozen=True)
class RunOptions:
    """How to run a suite, and where to write the result (JSON, with HTML and JUnit beside it)."""

    repeat: int = 1
    jobs: int = 2
    use_cache: bool = True
    out: Path | None = None


def run(place: Path, settings: list[Settings], options: RunOptions) -> list[dict[str, Any]]:
    """Run a suite once for every model."""
    suite = load_suite(find_suite(place))
    runs = []
    for one in settings:
        _forecast(suite, one, options.repeat)
        result = run_suite(suite, Plan(one, options.repeat, options.jobs, options.use_cache), _progress)
        # The comparison needs the margins that held when the run was made.
        result["spec"] = suite.spec.model_dump(mode="json")
        history = _remember(result, one)
        if options.out is not None:
            target = options.out if len(settings) == 1 else _named(options.out, one.model)
            _write(target, result, suite, history)
        runs.append(result)
    return runs


def compare(before: dict[str, Any], after: dict[str, Any], place: Path | None) -> Comparison:
    """Compare two runs with the margins of the suite, or of the newer run when no suite is given."""
    if place is not None:
        return compare_runs(before, after, load_suite(find_suite(place)).spec)
    return compare_runs(
        before, after, SuiteSpec.model_validate(after.get("spec") or {"name": after.get("suite", "")})
    )


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
    blessed = {**result, "blessed_reason": reason} if reason else result
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(blessed, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    return target


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


def _forecast(suite: Suite, settings: Settings, repeat: int) -> None:
    """Say beforehand what a run with a paid model may cost; the cap itself is the model door's."""
    if settings.model in ("off", "embedded"):
        return
    characters = sum(len(case.model_dump_json()) for case in suite.cases) * repeat
    # About 0.7 tokens a Chinese character, and a fixed prompt of some 600 tokens a case.
    tokens = int(characters * 0.7) + 600 * len(suite.cases) * repeat
    print(
        f"预计约 {tokens:,} 个词元（{len(suite.cases) * repeat} 次调用以上，模型 {settings.model}）",
        file=sys.stderr,
    )


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total}", end="" if done < total else "\n", file=sys.stderr, flush=True)
