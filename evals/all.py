"""``python -m evals.all``: run every suite that ships here and compare with the blessed baselines.

Exit code 1 when any suite regressed, 3 when none did but one is undecided, else 0. ``--fast`` leaves out the
suites that need minutes; a suite of queries needs the local embedding model and is left out, by name, without it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from assistant.settings import Settings
from evals.command import HERE, RunOptions, baseline_of, bless, compare, run
from evals.present import comparison_table, table
from evals.suite import Suite, load_suite


def main() -> int:
    """Run, compare, say what came out, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true", help="only the suites marked fast")
    parser.add_argument("--out", type=Path, default=Path("out/evals"))
    parser.add_argument("--bless", metavar="REASON", help="make these runs the baselines, for this reason")
    arguments = parser.parse_args()
    settings = Settings.from_env().model_copy(update={"model": "off"})
    outcomes: list[int] = []
    for folder in sorted(path.parent for path in (HERE / "suites").glob("*/suite.yaml")):
        suite = load_suite(folder)
        reason = _left_out(suite, settings, fast=arguments.fast)
        if reason:
            print(f"评测集 {suite.spec.name}：未运行，{reason}\n")
            continue
        outcomes.append(_one(folder, settings, arguments.out, arguments.bless))
    return 1 if 1 in outcomes else max(outcomes, default=3)


def _left_out(suite: Suite, settings: Settings, *, fast: bool) -> str:
    """Return why a suite is not run here; empty when it is."""
    if fast and not suite.spec.fast:
        return "不在 --fast 之列"
    queries = any(case.expect.retrieval is not None for case in suite.cases)
    models = settings.cache_dir / "models"
    if queries and not any(models.glob("multilingual*")):
        return "没有安装检索用的嵌入模型（assistant models install），只按字词检索的结果不能与基线相比"
    return ""


def _one(folder: Path, settings: Settings, out: Path, reason: str | None) -> int:
    (result,) = run(folder, [settings], RunOptions(out=out / f"{folder.name}.json"))
    print(table([result]))
    blessed = baseline_of(result["suite"])
    if reason is not None:
        print(f"已写入基线 {bless(result, reason=reason, folder=None).name}\n")
        return 0
    if not blessed.is_file():
        print(f"没有基线；用 assistant eval bless {out / folder.name}.json 确认\n")
        return 3
    before = json.loads(blessed.read_text("utf-8"))
    if before["suite_digest"] != result["suite_digest"]:
        print("案例与基线的不同；用 assistant eval bless 确认新的基线\n")
        return 3
    comparison = compare(before, result, folder)
    print(comparison_table(comparison) + "\n")
    return comparison.exit_code


if __name__ == "__main__":
    raise SystemExit(main())
