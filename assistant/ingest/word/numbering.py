"""Automatic numbers: what Word prints before a numbered paragraph, as text."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from assistant.ingest.word.names import child, number, value, w

_DIGITS = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "ideographDigital",
    }
)
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN_LOW = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_CYCLES = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "upperLetter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
}
_LEVELS = 9


def _chinese(count: int, digits: str = _DIGITS) -> str:
    if count < 10:
        return digits[count]
    if count < 20 and digits is _DIGITS:
        return "十" + (digits[count - 10] if count > 10 else "")
    units = ("", "十", "百", "千") if digits is _DIGITS else ("", "拾", "佰", "仟")
    text, zero = "", False
    for position, figure in reversed(tuple(enumerate(int(d) for d in reversed(str(count))))):
        if figure == 0:
            zero = True
            continue
        text += ("零" if zero and text else "") + digits[figure] + units[position % 4]
        zero = False
    return text


def _roman(count: int) -> str:
    text = ""
    for worth, letters in (*_ROMAN, *_ROMAN_LOW):
        text += letters * (count // worth)
        count %= worth
    return text


def written(count: int, style: str) -> str:
    """Return ``count`` in one of Word's number formats; unknown formats become decimal."""
    if not 0 < count < 10_000:
        return str(count)
    if style in _CHINESE:
        return _chinese(count)
    if style in {"chineseLegalSimplified", "ideographLegalTraditional"}:
        return _chinese(count, _FORMAL)
    if style in {"upperRoman", "lowerRoman"}:
        return _roman(count) if style == "upperRoman" else _roman(count).lower()
    if style in _CYCLES:
        cycle = _CYCLES[style]
        turns, at = divmod(count - 1, len(cycle))
        return cycle[at] * (turns + 1)
    if style.startswith("decimalEnclosedCircle") and count <= 20:
        return chr(0x2460 + count - 1)
    if style == "decimalEnclosedParen" and count <= 20:
        return chr(0x2474 + count - 1)
    if style == "decimalEnclosedFullstop" and count <= 20:
        return chr(0x2488 + count - 1)
    return f"{count:02d}" if style == "decimalZero" else str(count)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: number format, text pattern, first number, what follows the number."""

    style: str = "decimal"
    pattern: str = ""
    start: int = 1
    suffix: str = "tab"
    legal: bool = False


@dataclass(slots=True)
class _Counter:
    counts: list[int] = field(default_factory=lambda: [0] * _LEVELS)


class Numbering:
    """All lists of a document, counting as the paragraphs are read in order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._abstract: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, Level]]] = {}
        self._counters: dict[str, _Counter] = {}
        self._started: set[tuple[str, int]] = set()
        if root is None:
            return
        for element in root.iter(w("abstractNum")):
            self._abstract[value(element, "abstractNumId") or ""] = _levels(element)
        for element in root.iter(w("num")):
            self._add_list(element)

    def _add_list(self, element: etree._Element) -> None:
        abstract = value(child(element, "abstractNumId")) or ""
        changed: dict[int, Level] = {}
        for override in element.iter(w("lvlOverride")):
            at = int(number(value(override, "ilvl")) or 0)
            full = _levels(override)
            base = full.get(at) or self._abstract.get(abstract, {}).get(at) or Level()
            start = number(value(child(override, "startOverride")))
            changed[at] = base if start is None else _restarted(base, int(start))
        self._lists[value(element, "numId") or ""] = (abstract, changed)

    def _level(self, identity: str, at: int) -> Level | None:
        abstract, changed = self._lists[identity]
        return changed.get(at) or self._abstract.get(abstract, {}).get(at)

    def next(self, identity: str | None, at: int) -> str:
        """Count one paragraph on and return its printed number with what parts it from the text."""
        if identity is None or identity == "0" or identity not in self._lists or not 0 <= at < _LEVELS:
            return ""
        level = self._level(identity, at)
        if level is None:
            return ""
        abstract, changed = self._lists[identity]
        counter = self._counters.setdefault(abstract, _Counter())
        if at in changed and (identity, at) not in self._started:
            counter.counts[at] = 0
        self._started.add((identity, at))
        counter.counts[at] = counter.counts[at] + 1 if counter.counts[at] else level.start
        counter.counts[at + 1 :] = [0] * (_LEVELS - at - 1)
        return self._printed(identity, level, counter.counts)

    def _printed(self, identity: str, level: Level, counts: list[int]) -> str:
        if level.style == "none" and "%" not in level.pattern:
            text = level.pattern
        elif level.style == "bullet":
            text = "•" if level.pattern else ""
        else:
            text = level.pattern
            for position in range(_LEVELS):
                mark = f"%{position + 1}"
                if mark in text:
                    part = self._level(identity, position) or Level()
                    style = "decimal" if level.legal else part.style
                    text = text.replace(mark, written(counts[position] or part.start, style))
        if not text or level.suffix == "nothing" or (level.suffix == "tab" and text[-1] in "、）。．）"):
            return text
        return text + " "


def _levels(element: etree._Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for level in element.iter(w("lvl")):
        start = number(value(child(level, "start")))
        found[int(number(value(level, "ilvl")) or 0)] = Level(
            style=value(child(level, "numFmt")) or "decimal",
            pattern=value(child(level, "lvlText")) or "",
            start=1 if start is None else int(start),
            suffix=value(child(level, "suff")) or "tab",
            legal=child(level, "isLgl") is not None,
        )
    return found


def _restarted(level: Level, start: int) -> Level:
    return Level(level.style, level.pattern, start, level.suffix, level.legal)
