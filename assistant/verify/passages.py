"""Cut evidence into clauses and read off each one's place, date and modality.

A clause inherits the place and the plan of the clauses before it in its sentence, as a reader does.
Offsets are code points of the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from assistant.verify.lexicon import any_of, lexicon
from assistant.verify.numerals import parse_chinese

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]?")
# 碱液回收：未做 is one statement: a short label goes with what stands behind its colon.
_CLAUSE = re.compile(r"(?:[^，,：:]{1,12}[：:](?=[^，,：:]))?[^，,：:]+[，,：:]?")
_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?=年|\D)(?!\d|[A-Za-z%％]|\s*(?:台|个|套|条|人|万|吨|块|件|次|名|项))"
)
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})[-./](1[0-2]|0?[1-9])(?:[-./](\d{1,2}))?(?![\d.])")
_MONTH = re.compile(r"(?<![\d个.])(\d{1,2})月(?!均)")
_QUARTER = re.compile(r"(?:第?([一二三四1-4])季度|[Qq]([1-4]))")
_HALF = re.compile(r"(上|下)半年")
_DAY = re.compile(r"月(\d{1,2})[日号]")
_LAST = re.compile(r"(?:上年|去年|上一年|前一年)(?:同期)?")
_CODE = re.compile(r"([A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,2}|[A-Z])(号|#|系列|区|线|栋|期|炼|厂|车间)")
_COUNTED = re.compile(
    r"[一二两三四五六七八九十\d]+[个条座台套家]$|^(?:还有|另有|另|共)?[一二两三四五六七八九十\d]+[个条座台套家]"
)
_EDGE = re.compile(
    r"(?:公司|企业|我司|其中|目前|已经?|均|将|在|于|和|与|及|或|对|由|从|为|把|各|该|的|到|至|而|但|并|等|向|使|让|有|是|了|给|含|以|个|"
    r"投用|覆盖|安装|采用|应用|实施|完成|实现|承担|现有|建成|建设|引入|部署|使用|导入|配备|改造|服务于|投产|推广|年|月|日|\d|[：:、，,（）()“”\"\s])"
)


@dataclass(frozen=True, slots=True)
class When:
    """A date as far as it is said; None where it is not."""

    year: int | None = None
    month: int | None = None
    quarter: int | None = None
    half: int | None = None
    day: int | None = None
    last: int = 0

    def conflicts(self, other: When) -> bool:
        """Return whether both say something different about the same part of a date."""
        pairs = zip(self.parts(), other.parts(), strict=True)
        return any(a is not None and b is not None and a != b for a, b in pairs)

    def parts(self) -> tuple[int | None, ...]:
        """Return year, quarter (also of a month), month, half, day."""
        quarter = self.quarter or ((self.month - 1) // 3 + 1 if self.month else None)
        half = self.half or (None if quarter is None else 1 if quarter < 3 else 2)
        return (self.year, quarter, self.month, half, self.day)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of work: what it is (车间, 线) and which one (冲压, 3, A)."""

    suffix: str
    which: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of evidence with what it says and what it takes over from the clauses before it."""

    start: int
    end: int
    text: str
    sentence: tuple[int, int]
    places: tuple[Place, ...]
    own_places: tuple[Place, ...]
    plan: bool
    negated: bool
    unchanged: bool
    partial: bool


@cache
def _cue(name: str) -> re.Pattern[str]:
    return any_of(lexicon().words[name])


@cache
def _place_pattern() -> re.Pattern[str]:
    names = lexicon().words["place_suffixes"]
    long, short = ("|".join(n for n in names if (len(n) > 1) is wanted) for wanted in (True, False))
    word = r"[\u4e00-\u9fffA-Za-z0-9]"
    # A short one ends many other words (上线, 手段, 社区): it needs a longer name before it.
    return re.compile(
        rf"({word}{{1,6}}?)({long})|({word}{{2,5}}?)(?<![上下在离射直曲产流光红内无热视干天手阶分出])({short})(?![上下性索路别分间])"
    )


def digits_folded(text: str) -> str:
    """Return a place name with Chinese ordinals as digits (三号 → 3号)."""
    return re.sub(r"[一二三四五六七八九十]+", lambda m: _digit(m[0]), text)


def _digit(text: str) -> str:
    value = parse_chinese(text)
    return str(int(value)) if value is not None else text


def find_places(text: str) -> tuple[Place, ...]:
    """Return the workshops, lines, plants and numbered units that ``text`` names."""
    found: list[Place] = []
    for m in _place_pattern().finditer(text):
        which = _COUNTED.sub("", _EDGE.split(m[1] or m[3])[-1][-5:]).lstrip("个条座台套家名道")
        which = _plain_name(which)
        if which:
            found.append(Place(m[2] or m[4], digits_folded(which)))
    for m in _CODE.finditer(text):
        if m[2] == "线" and text[m.end() : m.end() + 1] in "上下":
            continue
        found.append(Place(m[2], digits_folded(m[1])))
    return tuple(dict.fromkeys(found))


def _plain_name(which: str) -> str:
    """Return a name without 智能, 柔性 and the like at its end; empty when nothing particular is left."""
    words = lexicon().words["place_generic"]
    for word in words:
        if len(word) > 1 and which.endswith(word):
            which = which[: -len(word)]
    return "" if which in words else which


def same_place(a: Place, b: Place) -> bool:
    """Return whether two names of the same sort can mean the same place."""
    x, y = a.which, b.which
    return x == y or (
        min(len(x), len(y)) > 1 and (x.endswith(y) or y.endswith(x) or x.startswith(y) or y.startswith(x))
    )


def find_dates(text: str) -> tuple[tuple[int, When], ...]:
    """Return (offset, date) in order; a month without a year takes the year said just before it."""
    marks = sorted(_date_marks(text), key=lambda mark: mark[0])
    merged: list[tuple[int, int, When]] = []
    for start, end, name, value in marks:
        joins = merged and start - merged[-1][1] <= 1 and name not in ("year", "last")
        if name == "last":
            year = next((w.year for _, _, w in reversed(merged) if w.year), None)
            merged.append((start, end, When(year=year - 1 if year else None, last=True)))
        elif joins and getattr(merged[-1][2], name) is None:
            first, _, when = merged.pop()
            merged.append((first, end, replace(when, **{name: value})))
        else:
            merged.append((start, end, replace(When(), **{name: value})))
    return tuple((start, when) for start, _, when in merged)


def _date_marks(text: str) -> Iterator[tuple[int, int, str, int]]:
    for m in _YEAR.finditer(text):
        yield m.start(), m.end() + (text[m.end() : m.end() + 1] == "年"), "year", int(m[1])
    for m in _ISO.finditer(text):
        yield m.start(), m.start(2), "year", int(m[1])
        yield m.start(2), m.end(2), "month", int(m[2])
        if m[3]:
            yield m.start(3), m.end(), "day", int(m[3])
    for m in _MONTH.finditer(text):
        if 1 <= int(m[1]) <= 12:
            yield m.start(), m.end(), "month", int(m[1])
    for m in _QUARTER.finditer(text):
        if not text[max(0, m.start() - 2) : m.start()].endswith(("个", "续", "续三", "续两")):
            yield m.start(), m.end(), "quarter", int(_digit(m[1] or m[2]))
    for m in _HALF.finditer(text):
        yield m.start(), m.end(), "half", 1 if m[1] == "上" else 2
    for m in _DAY.finditer(text):
        yield m.start(1), m.end(), "day", int(m[1])
    for m in _LAST.finditer(text):
        yield m.start(), m.end(), "last", 1


def has_plan(text: str) -> bool:
    """Return whether ``text`` speaks of what is still to come."""
    return bool(_cue("plan").search(_masked(text, "plan_not")))


def has_negation(text: str) -> bool:
    """Return whether ``text`` denies something, leaving out words such as 不良 or 不低于."""
    return bool(_cue("negation").search(_masked(text, "negation_not")))


def _masked(text: str, name: str) -> str:
    """Blank out words that hold a cue without being one."""
    return _cue(name).sub(lambda m: "〇" * len(m[0]), text)


def cut(text: str) -> tuple[Clause, ...]:
    """Return the clauses of ``text`` in order."""
    clauses: list[Clause] = []
    places: tuple[Place, ...] = ()
    for sentence in _SENTENCE.finditer(text):
        plan = False
        for m in _CLAUSE.finditer(sentence[0]):
            if not m[0].strip(" ，,：:。；;\n"):
                continue
            own = find_places(m[0])
            places = _inherited(own, places)
            plan = (plan and not re.search(r"目前|已|现", m[0])) or has_plan(m[0])
            start = sentence.start() + m.start()
            clauses.append(
                Clause(
                    start=start,
                    end=start + len(m[0]),
                    text=m[0],
                    sentence=sentence.span(),
                    places=places,
                    own_places=own,
                    plan=plan,
                    negated=has_negation(m[0]),
                    unchanged=bool(_cue("unchanged").search(m[0])),
                    partial=bool(_cue("scope_part").search(m[0])),
                )
            )
    return tuple(clauses)


def _inherited(own: tuple[Place, ...], before: tuple[Place, ...]) -> tuple[Place, ...]:
    """A new place of some sort replaces the earlier ones of that sort and keeps the others."""
    if not own:
        return before
    sorts = {place.suffix for place in own}
    return own + tuple(place for place in before if place.suffix not in sorts)
