"""``python -m evals.readme``: write README's quality table from the blessed baselines.

``--check`` writes nothing and exits 1 when the table is not what the baselines say.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from evals.command import BASELINES

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- quality:begin -->", "<!-- quality:end -->"

# What a reader wants to know, in the order of the pipeline: (suite, metric, words).
ROWS = (
    ("reading", "text", "Phrases read, in order"),
    ("reading", "kpis", "Table rows and sentences in PDF, DOCX, XLSX (F1)"),
    ("fields", "fields", "Form and prose fields"),
    ("scenes", "scenes", "Scenes in short texts (F1)"),
    ("scenes", "ai_scenes", "AI used for the scene"),
    ("kpis", "kpis", "KPI statements, all numbers exact (F1)"),
    ("kpis", "checks", "Planted KPI contradictions and their lawful twins"),
    ("rules", "checks", "Rule verdicts on records"),
    ("declarations", "scenes", "Whole declarations: scenes (F1)"),
    ("declarations", "kpis", "Whole declarations: KPI statements (F1)"),
    ("declarations", "fields", "Whole declarations: fields"),
    ("declarations", "checks", "Whole declarations: verdicts"),
    ("retrieval", "retrieval", "Right clause in 5, right scene in 3"),
    ("retrieval", "abstention", "Answers what the corpus says, abstains otherwise"),
    ("claim-support", "not_supported", "Claims not borne out, no model (F1)"),
    ("claim-support", "verdict", "Supported, unsupported or contradicted, no model"),
    ("injection", "flags", "Instructions to the reviewer flagged, look-alikes not (F1)"),
)


def quality() -> str:
    """Return the table as Markdown: held-out cases first where a suite is split, all cases beside."""
    lines = [
        "| what | suite | value | 95 % interval | n | held-out half |",
        "|---|---|--:|---|--:|--:|",
    ]
    for suite, metric, words in ROWS:
        run = _baseline(suite)
        found = run.get("metrics", {}).get(metric)
        if found is None:
            continue
        low, high = found["interval"]
        test = run.get("held_out", {}).get(metric)
        held = f"{test['value']:.3f} (n={_count(test)})" if test else "–"
        lines.append(
            f"| {words} | {suite} | {found['value']:.3f} | {low:.3f}–{high:.3f} | {_count(found)} | {held} |"
        )
    return "\n".join([*lines, "", *_notes()])


def _count(metric: dict[str, Any]) -> int:
    """Return the number of labelled items; what is said too much has none."""
    return int(metric.get("labelled", metric["items"]))


def _notes() -> list[str]:
    triage = _baseline("claim-support").get("triage")
    notes = [
        "Written by `make quality` from the blessed baselines in `evals/baselines/` (no language model, "
        "offline). Intervals are Wilson's; for F1 with the mean of said and labelled items as n. "
        "Who labelled what, how, and what the figures do not say: `evals/suites/*/DATASHEET.md`."
    ]
    if triage:
        point = next(p for p in triage["operating_points"] if p["wanted"] == 0.95)
        notes.append(
            f"Triage by the evidence score on the {triage['split']} split ({triage['claims']} claims, "
            f"{triage['bad']} bad): to find 95 % of the bad claims a panel looks at "
            f"{point['flagged']:.0%} of all; WSS@95 {triage['wss95']:.2f}, ECE {triage['ece']:.2f}."
        )
    return notes


def _baseline(suite: str) -> dict[str, Any]:
    file = BASELINES / f"{suite}.off.json"
    run: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return run


def with_table(text: str) -> str:
    """Return README with the table between its marks."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{quality()}\n{END}{tail}"


def main() -> int:
    """Write the table, or say whether it is in step."""
    text = README.read_text("utf-8")
    if BEGIN not in text or END not in text:
        print(f"{README} lacks {BEGIN} … {END}", file=sys.stderr)
        return 2
    fresh = with_table(text)
    if "--check" in sys.argv:
        return 0 if fresh == text else 1
    README.write_text(fresh, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
