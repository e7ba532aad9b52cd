"""Runs and comparisons for people and for other tools: terminal table, HTML, JUnit XML."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.compare import Comparison
from evals.suite import Case, Suite

OUTCOMES = {"fine": "正常", "regressed": "退步", "undecided": "无法判断"}


def table(runs: list[dict[str, Any]]) -> str:
    """Return the metrics of one or more runs of a suite as a text table, a column a model."""
    names = sorted({metric for run in runs for metric in run["metrics"]})
    head = f"{'指标':<18}" + "".join(f"{_short(run['model']):>26}" for run in runs)
    lines = [f"评测集 {runs[0]['suite']}（{len(runs[0]['cases'])} 例）", head]
    lines += [f"{name:<20}" + "".join(f"{_cell(run, name):>28}" for run in runs) for name in names]
    lines.append(f"{'用时（秒）':<15}" + "".join(f"{run['seconds']:>28}" for run in runs))
    tokens = [sum(run["tokens"].values()) for run in runs]
    lines.append(f"{'词元':<18}" + "".join(f"{count:>28}" for count in tokens))
    lines += [_triage(run) for run in runs if run.get("triage")]
    for run in runs:
        if run["unscored"]:
            lines.append(
                f"未评分（{run['model']}）{len(run['unscored'])} 例：{'；'.join(list(run['unscored'].values())[:2])}"
            )
        if run["straddling"]:
            lines.append(f"多次回答不一致（{run['model']}）：{'、'.join(run['straddling'][:10])}")
    return "\n".join(lines)


def _short(model: str) -> str:
    return model if len(model) <= 24 else "…" + model[-23:]


def _triage(run: dict[str, Any]) -> str:
    """Return one line on how well the score ranks bad claims."""
    triage = run["triage"]
    points = "，".join(
        f"查出 {p['wanted']:.0%} 需看 {p['flagged']:.0%}（阈值 {p['threshold']:.2f}）"
        for p in triage["operating_points"]
    )
    wss = "—" if triage["wss95"] is None else f"{triage['wss95']:.2f}"
    return f"分诊（{run['model']}，{triage['claims']} 条）：{points}；WSS@95 {wss}，ECE {triage['ece']:.3f}"


def _cell(run: dict[str, Any], name: str) -> str:
    metric = run["metrics"].get(name)
    if metric is None:
        return "—"
    low_high = metric.get("interval")
    spread = f" [{low_high[0]:.3f}, {low_high[1]:.3f}]" if low_high else ""
    return f"{metric['value']:.3f}{spread} n={metric['items']}"


def comparison_table(comparison: Comparison) -> str:
    """Return a comparison as text: one line a metric, then what was lost."""
    lines = [f"结论：{OUTCOMES[comparison.outcome]}"]
    for verdict in comparison.verdicts:
        before = "—" if verdict.before is None else f"{verdict.before:.4f}"
        after = "—" if verdict.after is None else f"{verdict.after:.4f}"
        lines.append(
            f"{verdict.metric:<16} {before} → {after}  {OUTCOMES[verdict.outcome]}：{verdict.reason}"
        )
        lines += [f"    失分 {name}" for name in verdict.examples]
    if comparison.change is not None:
        low, high = comparison.change
        lines.append(f"每例平均正确率的变化（配对自助法 95% 区间）：{low:+.2%} 至 {high:+.2%}")
    if comparison.unscored:
        lines.append(f"未评分 {comparison.unscored} 例（不算对，也不算错）")
    return "\n".join(lines)


def junit(run: dict[str, Any]) -> bytes:
    """Return the run as JUnit XML: a test a case, failed when any of its items is wrong."""
    suite = ET.Element("testsuite", name=run["suite"], tests=str(len(run["cases"])), time=str(run["seconds"]))
    failures = 0
    for row in run["cases"]:
        case = ET.SubElement(suite, "testcase", classname=run["suite"], name=row["case"])
        if "unscored" in row:
            ET.SubElement(case, "skipped", message=_xml(row["unscored"]))
        elif wrong := [
            f"{m} {k}" for m, items in row.get("items", {}).items() for k, ok in items.items() if not ok
        ]:
            failures += 1
            notes = "\n".join(f"{key}: {note}" for key, note in row.get("notes", {}).items())
            failure = ET.SubElement(case, "failure", message=_xml("; ".join(wrong)))
            failure.text = _xml(notes)
    suite.set("failures", str(failures))
    suite.set("skipped", str(len(run["unscored"])))
    return bytes(ET.tostring(suite, encoding="utf-8", xml_declaration=True))


def _xml(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\n\t")


def html(run: dict[str, Any], suite: Suite, history: list[dict[str, Any]]) -> str:
    """Return one self-contained HTML page: metrics, trend, confusion, calibration, worst cases."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("run.html.j2").render(
        run=run,
        measures=suite.spec.measures,
        trends=[_trend(name, [*history, run]) for name in run["metrics"]],
        confusions=_confusions(run),
        worst=_worst(run, suite),
        triage=run.get("triage"),
    )


def _trend(name: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    values = [(r["started"], r["metrics"][name]["value"]) for r in runs if name in r["metrics"]]
    width, height = 220, 46
    step = width / max(1, len(values) - 1)
    points = " ".join(
        f"{i * step:.1f},{height - 4 - value * (height - 8):.1f}" for i, (_, value) in enumerate(values)
    )
    return {
        "name": name,
        "points": points,
        "last": values[-1][1],
        "count": len(values),
        "width": width,
        "height": height,
    }


def _confusions(run: dict[str, Any]) -> list[dict[str, Any]]:
    pairs = Counter((m, e, g) for row in run["cases"] for m, e, g in row.get("confusion", []))
    tables = []
    for metric in sorted({m for m, _, _ in pairs}):
        labels = sorted({x for m, e, g in pairs if m == metric for x in (e, g)})
        rows = [(e, [pairs[metric, e, g] for g in labels]) for e in labels]
        tables.append({"metric": metric, "labels": labels, "rows": rows})
    return tables


def _worst(run: dict[str, Any], suite: Suite, limit: int = 30) -> list[dict[str, Any]]:
    cases = {case.id: case for case in suite.cases}
    rows = [
        (sum(not ok for items in r.get("items", {}).values() for ok in items.values()), r)
        for r in run["cases"]
    ]
    rows.sort(key=lambda pair: (-pair[0], pair[1]["case"]))
    return [
        {
            "id": row["case"],
            "wrong": wrong,
            "notes": row.get("notes", {}),
            "pieces": _pieces(cases[row["case"]], row),
        }
        for wrong, row in rows[:limit]
        if wrong
    ]


def _pieces(case: Case, row: dict[str, Any]) -> list[tuple[str, str]]:
    """Cut a case's text into (text, class): ``missed`` where a label was not found, ``extra`` where too much was said."""
    text = (
        case.text or "\n".join(part for part in (case.claim, case.evidence) if part) or (case.document or "")
    )
    marks: list[tuple[int, int, str]] = []
    for note in row.get("notes", {}).values():
        for prefix, kind in (("漏读：", "missed"), ("多读：", "extra")):
            if note.startswith(prefix) and (quote := note.removeprefix(prefix)) and quote in text:
                start = text.index(quote)
                marks.append((start, start + len(quote), kind))
    pieces: list[tuple[str, str]] = []
    position = 0
    for start, end, kind in sorted(marks):
        if start >= position:
            pieces += [(text[position:start], ""), (text[start:end], kind)]
            position = end
    return [piece for piece in [*pieces, (text[position:], "")] if piece[0]]
