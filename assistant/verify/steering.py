"""Weigh whether a plain passage steers its reviewer: who is spoken to, what is asked for, of what, in what mood.

A declaration tells of a factory. A passage that asks for a verdict, for silence about findings or for missing
papers to be counted, and is addressed to the reviewer or speaks of the review, instructs; the same words about
operators, products and the company's own systems do not. Word classes: ``corpus/verify/instructions.yaml``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from assistant.verify.lexicon import load_yaml

ENOUGH = 3.0
_CLASS = re.compile(r"<(\w+)>")
_GAP = re.compile(r"<~(\d+)>")
_NOR = "(?<!<nor>)"
_FOREIGN = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff]|[a-zA-ZäöüßéèêçñáíóúâîôûÀ-ÿ]")


@dataclass(frozen=True)
class Signs:
    """What was found in a passage; counts are of separate places."""

    favour: int
    silence: int
    provide: int
    orders: bool
    ready: bool
    model: bool
    person: bool
    you: bool
    review: bool
    company: bool
    asks: bool
    works: int
    told: bool
    quoting: bool
    form: bool
    courtesy: bool


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml("instructions.yaml")
    return data


@cache
def _pattern(*path: str) -> re.Pattern[str]:
    found: Any = _data()
    for name in path:
        found = found[name]
    parts = found if isinstance(found, list) else [found]
    return re.compile("|".join(f"(?:{_expanded(part)})" for part in parts), re.MULTILINE)


def _expanded(pattern: str) -> str:
    """Write out the classes and gaps that a pattern names."""
    words = _data()["words"]
    # Python looks behind for one length only: a chain of them says the same.
    lengths: dict[int, list[str]] = {}
    for word in words["nor"].split("|"):
        lengths.setdefault(len(word), []).append(word)
    behind = "".join(f"(?<!{'|'.join(group)})" for _, group in sorted(lengths.items()))
    pattern = pattern.replace(_NOR, behind)
    pattern = _GAP.sub(lambda m: rf"[^。！？!?；;\n]{{0,{m[1]}}}?", pattern)
    return _CLASS.sub(lambda m: f"(?:{words[m[1]]})" if m[1] in words else m[0], pattern)


def _count(passage: str, *path: str) -> int:
    return sum(1 for _ in _pattern(*path).finditer(passage))


def _has(passage: str, *path: str) -> bool:
    return _pattern(*path).search(passage) is not None


def in_plain_letters(passage: str) -> bool:
    """Say whether the passage needs no other ear: False for an instruction in pinyin or another language."""
    return not (by_sound(passage) or in_other_tongues(passage))


@lru_cache(maxsize=4096)
def signs(passage: str) -> Signs:
    """Return what a plain passage shows."""
    return Signs(
        favour=_count(passage, "acts", "favour"),
        silence=_count(passage, "acts", "silence"),
        provide=_count(passage, "acts", "provide"),
        orders=_has(passage, "orders"),
        ready=_has(passage, "ready"),
        model=_has(passage, "listeners", "model"),
        person=_has(passage, "listeners", "person"),
        you=_has(passage, "listeners", "you"),
        review=_has(passage, "subjects", "review"),
        company=_has(passage, "subjects", "company"),
        asks=_has(passage, "words", "ask") or _has(passage, "words", "must_not") or _bare(passage),
        works=min(_count(passage, "settings", "works"), 3),
        told=_has(passage, "settings", "told"),
        quoting=_has(passage, "settings", "quoting"),
        form=_has(passage, "settings", "form"),
        courtesy=_has(passage, "settings", "courtesy"),
    )


_BARE = re.compile(
    r"^[\W\d_]*(?:将|把|对|给|按|凡|遇|判|评|打|写|填|输出|返回|回答|直接|一律|推荐)"
    r"|\b(?:please|kindly|must|should|shall|always|never|do not|don't|simply|just|give|rate|score|mark|output|return|answer"
    r"|approve|accept|recommend|treat|consider|skip|ignore|disregard|overlook|report|say|describe|leave|asked to)\b"
)


def _bare(passage: str) -> bool:
    """Say whether the passage commands without a word of asking: it starts with what is to be done."""
    return _BARE.search(passage) is not None


#: Inputs of the fitted score, in the order of its weights.
CUES = (
    *Signs.__dataclass_fields__,
    "asked",
    "heard",
    "concerned",
    "at_work",
    "told_to_work",
    "asked_of_review",
    "weight",
)


def cue_values(passage: str) -> list[float]:
    """Return the inputs of the fitted score: counts (two at most), what meets what, and the rules' weight."""
    s = signs(passage)
    act = float(s.favour + s.silence + s.provide > 0)
    works = float(s.works > 0)
    own = [float(min(getattr(s, name), 2)) for name in Signs.__dataclass_fields__]
    met = [act * s.asks, act * (s.model or s.person or s.you), act * s.review, act * works]
    return [*own, *met, s.asks * works, float(s.asks and s.review), weigh(passage)]


def unrelated(passage: str) -> bool:
    """Say whether nothing in the passage has to do with a review."""
    s = signs(passage)
    acts = s.favour or s.silence or s.provide or s.orders or s.ready
    return not (acts or s.model or s.person or s.you or s.review)


def courteous(passage: str) -> bool:
    """Say whether the passage only asks to be read, checked or corrected, as every application does."""
    s = signs(passage)
    return s.courtesy and not (s.favour or s.silence or s.provide or s.orders or s.ready)


def shown_only(passage: str) -> bool:
    """Say whether the passage shows such words as what a defence stops or a product is told."""
    return signs(passage).quoting


def ordinary(passage: str) -> bool:
    """Say whether the passage speaks of the works, of the past, or as forms and letters do."""
    s = signs(passage)
    return bool(s.works or s.told or s.form or s.courtesy)


def weigh(passage: str, *, hidden: bool = False) -> float:
    """Return how strongly a plain passage instructs its reviewer; 3 and more is an instruction."""
    if not in_plain_letters(passage):
        return ENOUGH
    s = signs(passage)
    if s.quoting:
        return 0.0
    strong = 3.0 * s.orders + 2.0 * s.ready
    kinds = (s.favour > 0) + (s.silence > 0) + (s.provide > 0)
    act = (1.5 + 0.5 * (kinds - 1) + 0.3 * (s.favour + s.silence + s.provide > kinds)) if kinds else 0.0
    if not strong and not act:
        return 0.0
    listener = 1.2 if s.model else 1.0 if s.person else 0.6 if s.you else 0.0
    subject = 0.8 if s.review else 0.4 if s.company else 0.0
    total = strong + act + listener + subject + 0.7 * s.asks + 1.2 * hidden
    if hidden and act and not s.works:
        total += 0.5
    return max(0.0, total - _doubt(s))


def _doubt(s: Signs) -> float:
    """Return what speaks for an ordinary passage."""
    doubt = 0.7 * s.works + 1.2 * s.told + 1.5 * s.form
    if s.courtesy and not s.provide and s.favour + s.silence < 2:
        doubt += 1.0
    return doubt


def by_sound(passage: str) -> bool:
    """Say whether the passage spells an instruction in pinyin."""
    letters = "".join(
        c for c in unicodedata.normalize("NFD", passage) if not unicodedata.combining(c) and c.isascii()
    )
    for run in re.findall(r"[a-z][a-z ,.'\-]{12,}", letters.lower().replace("u:", "v")):
        sound = re.sub(r"[^a-z]", "", run)
        found = {kind: [word for word in words if word in sound] for kind, words in _data()["pinyin"].items()}
        covered = sum(len(word) for words in found.values() for word in words)
        if sum(map(bool, found.values())) >= 3 and covered >= 0.4 * len(sound):
            return True
    return False


def in_other_tongues(passage: str) -> bool:
    """Say whether the passage, in neither Chinese nor English, orders its reviewer about."""
    han = sum("\u4e00" <= c <= "\u9fff" for c in passage)
    letters = len(_FOREIGN.findall(passage))
    if letters < 8 or (han > letters and not re.search("[\u3040-\u30ff]{4}", passage)):
        return False
    kinds = {kind for kind in _data()["foreign"] if _has(passage, "foreign", kind)}
    return "order" in kinds and len(kinds) >= 2 and not _english(passage)


def _english(passage: str) -> bool:
    return len(re.findall(r"\b(?:the|to|and|of|is|it|in|for|this|that|with|every|all|not)\b", passage)) >= 2
