"""Values before and after: which two quantities of a sentence are one thing at two times.

由4小时缩短到40分钟 · 原来要6个小时，现在只需半小时 · 只用了12秒，过去则要1分钟 · 由65%提升20个百分点至85%.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.extract.kpi_grammar import FROM, NOW, PAST, after_past, comparable, grammar
from assistant.extract.kpi_lexicon import lexicon
from assistant.extract.kpi_reading import Reading, Verb, about
from assistant.extract.numbers import Quantity

_TO_LATER = re.compile(
    r"[，,]?(?:以上)?(?:提升|提高|增加|降低|下降|缩短|减少|达|升|降)?(?:到了?|至|达到)\w{0,3}"
)
_THEN = re.compile(r"而?(?:在)?(?:过去|以前|以往|此前|之前|原来|原先|传统|改造前|人工)")
_CLAUSES = re.compile(r"[，,；;]")
# How far apart, in characters, the two values of 原来…，现在… may stand.
_CROSSING = 40
_REVERSED = 24


class Pairs:
    """Finds the pairs of one compact sentence; quantities are asked for in order.

    Args:
        text: the sentence.
        quantities: its quantities in order.
    """

    def __init__(self, text: str, quantities: tuple[Quantity, ...]) -> None:
        self._text = text
        self._quantities = quantities
        self._after: set[int] = set()
        self._before: set[int] = set()

    def read(self, reading: Reading, index: int) -> Reading | None:
        """Return the reading of quantity ``index`` as one side of a pair, None when it is none."""
        if index in self._after:
            return _value_after(reading)
        if index in self._before:
            return replace(reading, part="former")
        if index + 1 == len(self._quantities):
            return None
        return (
            self._over_change(reading, index) or self._first(reading, index) or self._second(reading, index)
        )

    def _between(self, index: int) -> str:
        return self._text[self._quantities[index].end : self._quantities[index + 1].start]

    def _over_change(self, reading: Reading, index: int) -> Reading | None:
        """由65%提升了20个百分点至85%: the value after stands behind the change."""
        marked = FROM.search(reading.left)
        if marked is None or index + 2 >= len(self._quantities):
            return None
        if not comparable(reading.quantity, self._quantities[index + 2]):
            return None
        if not _TO_LATER.fullmatch(self._between(index + 1)):
            return None
        return about(reading, "base", reading.left[: marked.start()])

    def _first(self, reading: Reading, index: int) -> Reading | None:
        """Return the value before, said first."""
        following, between = self._quantities[index + 1], self._between(index)
        if re.search(r"[。；;]", between) or not comparable(reading.quantity, following):
            return None
        marked = FROM.search(reading.left)
        phrase = reading.left[: marked.start()] if marked else reading.left
        words = grammar()
        joined = words.arrow.match(between) and (marked or not words.change.search(reading.left))
        clauses = _CLAUSES.split(between)
        if len(clauses) > 1 and lexicon().head(clauses[-1]) and not _THEN.search(reading.left):
            joined = None  # …达到100%，退货率降至200ppm: the second value has a name of its own
        if joined or (marked and words.bare_to.match(between)) or self._contrasted(reading, index):
            self._after.add(index + 1)
            return about(reading, "base", after_past(phrase))
        return None

    def _contrasted(self, reading: Reading, index: int) -> bool:
        """原来要6个小时，现在只需半小时: told by words for then and now in two clauses."""
        between, following = self._between(index), self._quantities[index + 1]
        if len(between) > _CROSSING or not _CLAUSES.search(between):
            return False
        start = reading.quantity.start
        earlier = re.split(r"[。；;]", self._text[max(start - 30, 0) : start])[-1]
        now = _CLAUSES.split(between)[-1] + "\n" + self._text[following.end : following.end + 4]
        return PAST.search(earlier) is not None and NOW.search(now) is not None

    def _second(self, reading: Reading, index: int) -> Reading | None:
        """现在只需2小时，而过去要3天: the value after is said first."""
        following, between = self._quantities[index + 1], self._between(index)
        clauses = _CLAUSES.split(between)
        if len(clauses) != 2 or len(between) > _REVERSED or "。" in between:
            return None
        if reading.quantity.unit is None or not comparable(reading.quantity, following):
            return None
        words = grammar()
        present = words.only.search(reading.left) or NOW.search(reading.left)
        if not _THEN.match(clauses[1]) or not present or words.change.search(reading.left):
            return None
        self._before.add(index + 1)
        return about(reading, "to", words.only.sub("", reading.left))


def _value_after(reading: Reading) -> Reading:
    match = grammar().reach.search(reading.left)
    if match is None:
        return about(reading, "to", "", look_behind=True)
    verb = Verb(match["verb"], grammar().direction_of(match["verb"]))
    return about(reading, "to", reading.left[: match.start()], verb, look_behind=True)
