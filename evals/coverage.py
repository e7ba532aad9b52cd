"""Which rule has which verdict in the rule suite: ``python -m evals.coverage``.

A verdict that no case has is printed. Some cannot be had at all (a binding rule gives no *advisory*); a test
keeps the list of what is uncovered from growing.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import assistant
from assistant.records import Declaration
from evals.command import HERE
from evals.suite import load_suite

STATUSES = ("pass", "fail", "advisory", "unknown", "not_applicable")


def coverage(folder: Path = HERE / "suites" / "rules") -> dict[str, Counter[str]]:
    """Return {rule code: {status: how many labelled results}}; only results of labelled topics count."""
    found: dict[str, Counter[str]] = {}
    for case in load_suite(folder).cases:
        record = Declaration.model_validate(case.record, strict=False)
        for result in assistant.check_declaration(record).results:
            counts = found.setdefault(result.rule, Counter())
            if result.topic in (case.expect.checks or {}):
                counts[result.status] += 1
    return dict(sorted(found.items()))


def uncovered(found: dict[str, Counter[str]]) -> list[tuple[str, str]]:
    """Return every (rule, status) that no labelled case has."""
    return [(rule, status) for rule, counts in found.items() for status in STATUSES if not counts[status]]


def main() -> None:
    """Print the table, then what is uncovered."""
    found = coverage()
    width = max(map(len, found))
    print(f"{'rule':<{width}}" + "".join(f"{status:>16}" for status in STATUSES))
    for rule, counts in found.items():
        print(f"{rule:<{width}}" + "".join(f"{counts[status] or '·':>16}" for status in STATUSES))
    gaps = uncovered(found)
    print(
        f"\n{len(found)} rules, {len(found) * len(STATUSES) - len(gaps)} of {len(found) * len(STATUSES)} verdicts"
    )
    for status in STATUSES:
        rules = [rule for rule, missing in gaps if missing == status]
        print(f"uncovered {status} ({len(rules)}): {', '.join(rules)}")


if __name__ == "__main__":
    main()
