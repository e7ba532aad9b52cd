"""Turn the rule cases of ``cases/*.yaml`` into eval cases of the public contract.

A file holds ``base`` (a record of bases.yaml), ``application`` (laid over the base's), ``tags`` and
``cases``. A case has ``id`` and ``expect`` {topic: status}; ``set`` {dotted field: value} is laid over the
record, so is ``application``; ``base`` names another record. ``scenes`` and ``kpis`` have short forms:

* ``scenes: {catalog: "2025", numbers: "1-8, 12", ai: "1-3", ai_unknown: "4", plan: "8"}``, or a list of
  claims as they are; ``more`` appends claims as they are.
* ``missing`` {topic: [field]} and ``rules`` {rule code: status} are further expectations of the tests here.
* ``days`` {day: {topic: status}} in place of ``expect`` makes one case a day, with that application date.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "cases"


def eval_cases() -> Iterator[dict[str, Any]]:
    """Yield every case with the contract's keys, plus ``missing`` and ``rules``."""
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.name != "bases.yaml":
            content = read(path)
            for case in content["cases"]:
                for one in by_day(case):
                    yield expand(content, one, path.stem)


def by_day(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a case as it is, or one case for each of its ``days``."""
    days = case.get("days")
    if days is None:
        yield case
        return
    for day, expect in days.items():
        rest = {key: value for key, value in case.items() if key != "days"}
        application = {**case.get("application", {}), "date": str(day)}
        yield {**rest, "id": f"{case['id']}@{day}", "application": application, "expect": expect}


def expand(content: dict[str, Any], case: dict[str, Any], family: str) -> dict[str, Any]:
    """Return one case with its whole record written out."""
    unknown = set(case) - {
        "id", "expect", "set", "application", "base", "tags", "scenes", "kpis", "missing", "rules", "why",
    }  # fmt: skip
    if unknown:
        raise ValueError(f"{family}: case {case.get('id')} has unknown keys {sorted(unknown)}")
    record = copy.deepcopy(read(FOLDER / "bases.yaml")[case.get("base", content["base"])])
    record["application"] = {
        **(record.get("application") or {}),
        **content.get("application", {}),
        **case.get("application", {}),
    }
    for name, value in case.get("set", {}).items():
        lay(record, name, value)
    if "scenes" in case:
        record["scenes"] = scenes(case["scenes"])
    if "kpis" in case:
        record["kpis"] = case["kpis"]
    return {
        "id": f"{family}/{case['id']}",
        "record": record,
        "application": {},
        "expect": {"checks": case["expect"]},
        "tags": [family, *content.get("tags", []), *case.get("tags", [])],
        "missing": case.get("missing", {}),
        "rules": case.get("rules", {}),
    }


def lay(record: dict[str, Any], name: str, value: Any) -> None:
    """Set a dotted field, making the sections on the way."""
    *sections, leaf = name.split(".") if not name.startswith("evidence.") else ["evidence", name[9:]]
    for section in sections:
        if record.get(section) is None:
            record[section] = {}
        record = record[section]
    record[leaf] = value


def scenes(short: Any) -> Any:
    """Return scene claims from their short form."""
    if not isinstance(short, dict):
        return short
    names = official_names(short["catalog"])
    ai, open_, plan = (numbers(short.get(key, "")) for key in ("ai", "ai_unknown", "plan"))
    claims = [
        {
            "catalog": short["catalog"],
            "number": number,
            "name": names[number],
            "strength": "evidenced",
            "uses_ai": None if number in open_ else number in ai,
            "plan": number in plan,
        }
        for number in numbers(short["numbers"])
    ]
    return [*claims, *short.get("more", [])]


def numbers(text: str | int) -> list[int]:
    """Return the numbers of ``1-3, 7``."""
    found: list[int] = []
    for part in str(text).replace(" ", "").split(","):
        if part:
            low, _, high = part.partition("-")
            found.extend(range(int(low), int(high or low) + 1))
    return found


@cache
def official_names(catalog: str) -> dict[int, str]:
    path = Path(__file__).parents[2] / "corpus" / "policies" / f"scenes-{catalog}.yaml"
    return {scene["number"]: scene["name"] for scene in read(path)["scenes"]}


@cache
def read(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (a safe loader)
