"""Suites written by hand as annotated text: ``cases.txt`` beside ``suite.yaml`` becomes ``cases.jsonl``.

    python -m evals.authoring            # writes every cases.jsonl that has a cases.txt
    python -m evals.authoring --check    # exits 1 when one is not what its source says

A case begins with ``### id tag tag | jurisdiction tier date`` (the part after the bar may be missing), then the
text as it stands, and after a line ``---`` what else it should yield. KPI statements are marked in the text:
``{不良率从3.2%降至1.1%|b3.2 c1.1 n10}``: b baseline, c current, d stated change, n the catalogue number
(``n-``: on no list), ``plan``: a plan. What is not marked is labelled as no KPI statement. Lines after ``---``:

* ``document FILE``                 the case is this file, not the text; KPI lines follow as ``kpi QUOTE|b1 c2``
* ``scenes 2025: 3 18* 24``         scenes in operation, ``*`` where AI is used for them; ``scenes: none`` none
* ``check TOPIC STATUS``, ``flag KIND QUOTE``, ``field NAME = VALUE`` (JSON, or a bare word)
* ``text PHRASE``, ``absent PHRASE``: stands in the canonical text, after the phrase before; stands nowhere in it
* ``unlabelled kpis``               KPI statements are not labelled in this case

A line ``every …`` before the first case is added to every case.

Every case is in the split ``dev`` or ``test`` by the hash of its id: what is found wrong in ``dev`` may be used to
mend the product, ``test`` only measures.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent / "suites"
_MARK = re.compile(r"\{([^{}]*)\|([^|{}]*)\}")
_KEYS = {"b": "baseline", "c": "current", "d": "stated_change"}


def cases(source: str) -> list[dict[str, Any]]:
    """Return the cases of an annotated text."""
    head, *parts = re.split(r"^### ", source, flags=re.MULTILINE)
    common = [line.removeprefix("every ") for line in head.split("\n") if line.startswith("every ")]
    return [_case(part, common) for part in parts]


def _case(part: str, common: list[str]) -> dict[str, Any]:
    head, _, rest = part.partition("\n")
    body, _, more = f"\n{rest}".partition("\n---\n")
    title, _, stated = head.partition(" | ")
    name, *tags = title.split()
    expect: dict[str, Any] = {"kpis": []}
    text = _MARK.sub(lambda found: _mark(found, expect), body.strip("\n"))
    case: dict[str, Any] = {"id": name, "text": text}
    if stated.strip():
        case["application"] = dict(zip(("jurisdiction", "tier", "date"), _words(stated), strict=False))
    for line in filter(None, map(str.strip, [*common, *more.split("\n")])):
        _expect(line, case, expect)
    if "document" in case:
        del case["text"]
    return {**case, "expect": expect, "tags": [*tags, split(name)]}


def split(name: str) -> str:
    """Return the half that a case belongs to."""
    return "split:test" if hashlib.sha256(name.encode()).digest()[0] % 2 else "split:dev"


def _words(stated: str) -> list[str | None]:
    return [None if word == "-" else word for word in stated.split()]


def _mark(found: re.Match[str], expect: dict[str, Any]) -> str:
    _kpi(found[1], found[2], expect)
    return found[1]


def _kpi(quote: str, marks: str, expect: dict[str, Any]) -> None:
    label: dict[str, Any] = {"quote": quote, "baseline": None, "current": None, "stated_change": None}
    target = "kpis"
    for mark in marks.split():
        if mark == "plan":
            target = "planned_kpis"
        elif mark[0] == "n":
            label["number"] = None if mark == "n-" else int(mark[1:])
        else:
            value = float(mark[1:])
            label[_KEYS[mark[0]]] = int(value) if value.is_integer() else value
    expect.setdefault(target, []).append(label)


def _expect(line: str, case: dict[str, Any], expect: dict[str, Any]) -> None:
    word, _, rest = line.partition(" ")
    if word == "document":
        case["document"] = rest
    elif word == "kpi":
        quote, _, marks = rest.rpartition("|")
        _kpi(quote, marks, expect)
    elif word in ("scenes", "scenes:"):
        _scenes(rest, expect)
    elif word == "check":
        topic, status = rest.split()
        expect.setdefault("checks", {})[topic] = status
    elif word == "flag":
        kind, _, quote = rest.partition(" ")
        expect.setdefault("flags", []).append({"kind": kind, **({"quote": quote} if quote else {})})
    elif word == "field":
        name, _, value = rest.partition(" = ")
        expect.setdefault("fields", {})[name] = _value(value)
    elif word in ("text", "absent"):
        expect.setdefault(word, []).append(rest)
    elif line == "unlabelled kpis":
        expect.pop("kpis", None)
    else:
        raise ValueError(f"{case['id']}: unknown line {line!r}")


def _scenes(rest: str, expect: dict[str, Any]) -> None:
    expect.setdefault("scenes", [])
    if rest.strip() == "none":
        return
    catalog, _, numbers = rest.partition(":")
    for number in numbers.split():
        label = {"catalog": catalog.strip(), "number": int(number.rstrip("*-"))}
        # 3* uses AI, 3- plainly does not, 3 is not labelled either way.
        label |= {"uses_ai": number.endswith("*")} if number[-1] in "*-" else {}
        expect["scenes"].append(label)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def samples(folder: Path, place: str) -> list[dict[str, Any]]:
    """Return a case for each sample declaration that has its labels beside it (``NAME.expected.yaml``).

    The samples were at hand while the product was made: they are never held out.
    """
    rows = []
    for labels in sorted((folder / place).resolve().glob("*.expected.yaml")):
        name = labels.name.removesuffix(".expected.yaml")
        (file,) = (p for p in labels.parent.glob(f"{name}.*") if p.suffix in (".pdf", ".docx"))
        given = yaml.safe_load(labels.read_text("utf-8"))
        rows.append(
            {
                "id": name,
                "document": f"{place}/{file.name}",
                "expect": _sample(given),
                "tags": [
                    file.suffix[1:],
                    given["application"]["jurisdiction"],
                    given["application"]["tier"],
                    "split:dev",
                ],
            }
        )
    return rows


def _sample(given: dict[str, Any]) -> dict[str, Any]:
    ai = given.get("ai_scenes")
    scenes = [{"catalog": given["catalog"], "number": n} for n in given["scenes"]]
    prior = given.get("prior")
    fields = {
        f"{group}.{key}": value.isoformat() if isinstance(value, date) else value
        for group in ("application", "enterprise", "maturity", "conduct")
        for key, value in given.get(group, {}).items()
    }
    if prior is not None:
        fields["application.prior_recognition"] = [{"tier": t, "granted_on": str(day)} for t, day in prior]
    return {
        "scenes": scenes if ai is None else [{**s, "uses_ai": s["number"] in ai} for s in scenes],
        "kpis": [dict(zip(_KEYS.values(), row, strict=True)) for row in given["kpis"]],
        "planned_kpis": [dict(zip(_KEYS.values(), row, strict=True)) for row in given["planned_kpis"]],
        "checks": given["checks"],
        "flags": [{"kind": kind} for kind in given.get("flags", ())],
        "fields": {**fields, "digital_score": given.get("digital_score")},
    }


def lines(source: Path) -> str:
    """Return the JSON Lines of an annotated text; ``samples FOLDER`` at its head adds sample declarations."""
    text = source.read_text("utf-8")
    rows = cases(text)
    if text.startswith("samples "):
        rows = [*samples(source.parent, text.partition("\n")[0].removeprefix("samples ")), *rows]
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)


def main() -> int:
    """Write the suites, or say which are not in step."""
    stale = []
    for source in sorted(HERE.glob("*/cases.txt")):
        target, content = source.with_name("cases.jsonl"), lines(source)
        if not target.is_file() or target.read_text("utf-8") != content:
            stale.append(source.parent.name)
            if "--check" not in sys.argv:
                target.write_text(content, "utf-8")
    if "--check" in sys.argv and stale:
        print(f"not in step: {', '.join(stale)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
