"""Labelled rows about scenes, and what is read from a text in them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import yaml

from assistant.document import Block, Document
from assistant.extract.scenes import find_scenes
from assistant.records import SceneClaim

DATA = Path(__file__).parent / "data"


def document(text: str, blocks: tuple[Block, ...] = ()) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(name="样例.txt", sha256=digest, media_type="text/plain", text=text, blocks=blocks)


def scenes(text: str, catalog: str = "2025") -> tuple[SceneClaim, ...]:
    return find_scenes(document(text), catalog)


def built(text: str, catalog: str = "2025") -> set[int | None]:
    return {claim.number for claim in scenes(text, catalog) if not claim.plan}


def planned(text: str, catalog: str = "2025") -> set[int | None]:
    return {claim.number for claim in scenes(text, catalog) if claim.plan}


def cases(name: str) -> list[dict]:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def f1(rows: list[dict]) -> float:
    hit = false = missed = 0
    for row in rows:
        got, gold = built(row["text"], row.get("catalog", "2025")), set(row["scenes"])
        hit, false, missed = hit + len(got & gold), false + len(got - gold), missed + len(gold - got)
    return 2 * hit / (2 * hit + false + missed)
