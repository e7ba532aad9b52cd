"""Metric names and thresholds as people write them, brought to the names used here.

A suite may be written from the public contract alone, so ``suite.yaml`` may say ``kpi_f1: 0.9``,
``kpis: {precision: 90%}`` or a list; all mean a floor for a metric, or for its precision or recall.
"""

from __future__ import annotations

import re
from typing import Any

# scenes >= 0.8
_SAID = re.compile(r"([\w@.\- ]+?)\s*(?:>=|≥|>|:|=)\s*([\d.]+\s*[%％]?)")
_METRICS = {
    "scene": "scenes", "scenes": "scenes", "kpi": "kpis", "kpis": "kpis", "check": "checks", "checks": "checks",
    "rule": "checks", "rules": "checks", "topics": "checks", "topic": "checks", "flag": "flags", "flags": "flags",
    "retrieval": "retrieval", "hits": "retrieval", "hit": "retrieval", "search": "retrieval",
    "span": "spans", "spans": "spans", "field": "fields", "fields": "fields", "verdict": "verdict",
    "verdicts": "verdict", "support": "verdict", "abstention": "abstention", "abstain": "abstention",
    "abstained": "abstention", "unanswerable": "abstention", "mrr": "mrr", "not_supported": "not_supported",
    "kpi_numbers": "kpi_numbers", "kpi_number": "kpi_numbers", "kpis_number": "kpi_numbers",
    "text": "text", "reading": "text", "ai_scenes": "ai_scenes", "retrieval_at_1": "retrieval_at_1", "planned": "planned_kpis",
    "planned_kpis": "planned_kpis",
}  # fmt: skip
_PART_WORDS = {
    "f1": "value", "accuracy": "value", "acc": "value", "rate": "value", "score": "value", "value": "value",
    "exact": "value", "match": "value", "hit": "value", "recall": "recall", "precision": "precision",
    "recall_at_5": "value", "recall@5": "value", "hit@5": "value", "hit_rate": "value", "exactness": "value",
}  # fmt: skip
_FLOOR_KEYS = ("minimum", "min", "floor", "at_least", "threshold", "value", "target", "gte")
_NAME_KEYS = ("metric", "name", "measure", "key")
_MARGIN_KEYS = ("margin", "max_drop", "tolerance", "max_loss", "allowed_drop", "max_regression")


def metric_of(name: str) -> tuple[str, str]:
    """Return (metric, part) for a name as written; an unknown name stays as it is."""
    plain = name.strip().lower().replace("-", "_").replace(".", "_").replace(" ", "_").replace("/", "_")
    plain = plain.removeprefix("min_").removesuffix("_min")
    if plain in _METRICS:
        return _METRICS[plain], "value"
    for word in sorted(_PART_WORDS, key=len, reverse=True):
        for stem in (plain.removesuffix(f"_{word}"), plain.removeprefix(f"{word}_")):
            if stem != plain and stem in _METRICS:
                return _METRICS[stem], _PART_WORDS[word]
    return name, "value"


def share(value: Any) -> float | None:
    """Return a share 0..1 from 0.9, 90, "90%"; None when it is no number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip().lstrip(">=≥ ")
        try:
            return float(text.rstrip("%％")) / (100 if text[-1:] in "%％" else 1)
        except ValueError:
            return None
    if not isinstance(value, int | float):
        return None
    return float(value) / 100 if 1 < value <= 100 else float(value)


def floors(value: Any) -> tuple[list[dict[str, Any]], float | None]:
    """Return (rows {metric, part, minimum}, margin) from thresholds in any reasonable shape."""
    rows: list[dict[str, Any]] = []
    margin: float | None = None
    for name, given in _pairs(value):
        if name.lower() in _MARGIN_KEYS:
            margin = share(given)
            continue
        metric, part = metric_of(name)
        for word, number in _parts(given):
            floor = share(number)
            if floor is not None and 0 <= floor <= 1:
                chosen = part if word is None else _PART_WORDS.get(word, "value")
                rows.append({"metric": metric, "part": chosen, "minimum": floor})
    return rows, margin


def _pairs(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(str(name), given) for name, given in value.items()]
    pairs: list[tuple[str, Any]] = []
    for row in value if isinstance(value, list | tuple) else ():
        if isinstance(row, str) and (said := _SAID.fullmatch(row.strip())):
            pairs.append((said[1], said[2]))
        if not isinstance(row, dict):
            continue
        name = next((row[key] for key in _NAME_KEYS if isinstance(row.get(key), str)), None)
        if name is None:
            pairs += _pairs(row)
        else:
            pairs.append((name, {k: v for k, v in row.items() if k not in _NAME_KEYS}))
    return pairs


def _parts(given: Any) -> list[tuple[str | None, Any]]:
    """Return (precision, recall, f1 … or None, number) for one metric's threshold."""
    if not isinstance(given, dict):
        return [(None, given)]
    said = given.get("part")
    found: list[tuple[str | None, Any]] = []
    for key, number in given.items():
        word = str(key).lower().removeprefix("min_")
        if word in _FLOOR_KEYS:
            found.append((said if isinstance(said, str) else None, number))
        elif word in _PART_WORDS:
            found += [(word, inner) for _, inner in _parts(number)]
    return found
