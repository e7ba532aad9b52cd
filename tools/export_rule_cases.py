"""Write the rule cases of ``tests/check/cases/*.yaml`` as an eval suite of the public contract.

    python tools/export_rule_cases.py          # writes evals/suites/rules/cases.jsonl
    python tools/export_rule_cases.py --check  # exits 1 when the suite is not what the cases say

The YAML is what people edit; the suite is the same cases with every record written out.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "evals" / "suites" / "rules" / "cases.jsonl"
KEYS = ("id", "record", "application", "expect", "tags")


def lines() -> str:
    """Return the suite's cases, one a line."""
    sys.path.insert(0, str(ROOT))
    from tests.check.expand import eval_cases

    rows = ({key: case[key] for key in KEYS if case[key]} for case in eval_cases())
    return "".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain) + "\n" for row in rows
    )


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {value!r}")


def main() -> int:
    """Write the suite, or say whether it is in step."""
    if "--check" in sys.argv:
        return 0 if TARGET.is_file() and TARGET.read_text("utf-8") == lines() else 1
    TARGET.write_text(lines(), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
