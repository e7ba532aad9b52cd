"""``python -m evals.all``: run every suite that ships here and compare with the blessed baselines."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from assistant.settings import Settings
from evals.command import HERE, RunOptions, baseline_of, compare, run
from evals.present import comparison_table, table
from evals.suite import load_suite


def main() -> int:
    """Return 1 when any suite regressed, 3 when none did but one is undecided, else 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true", help="only the suites marked fast")
    parser.add_argument("--out", type=Path, default=Path("out/evals"))
    arguments = parser.parse_args()
    worst = 0
    for folder in sorted(path.parent for path in (HERE / "suites").glob("*/suite.yaml")):
        if arguments.fast and not load_suite(folder).spec.fast:
            continue
        settings = Settings.from_env().model_copy(update={"model": "off"})
        (result,) = run(folder, [settings], RunOptions(out=arguments.out / f"{folder.name}.json"))
        print(table([result]))
        blessed = baseline_of(result["suite"])
        if not blessed.is_file():
            print(f"没有基线；用 assistant eval bless {arguments.out / folder.name}.json 确认\n")
            worst = worst or 3
            continue
        comparison = compare(json.loads(blessed.read_text("utf-8")), result, folder)
        print(comparison_table(comparison) + "\n")
        worst = 1 if 1 in (worst, comparison.exit_code) else max(worst, comparison.exit_code)
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
