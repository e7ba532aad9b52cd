"""One quantity in its clause, and the noun phrase that it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from assistant.extract.kpi_grammar import ADVERB, strip_phrase
from assistant.extract.kpi_lexicon import Direction, Head, lexicon
from assistant.extract.numbers import Quantity

Part = Literal["base", "to", "former", "change", "level", "list", "none"]
# Quantities that may be named inside a comparison (比人工检测效率高出10倍).
_COMPARABLE_KINDS = {"plain_rate", "time", "cost", "rate", "precision"}
_NAMED_AFTER = re.compile(r"^(?:以上|左右|多)?的(?P<named>[^，,。；;、\d]{2,14})")


@dataclass(frozen=True, slots=True)
class Verb:
    """The word that says what happens to the quantity, and which way it points."""

    word: str = ""
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a quantity says: its part, the noun phrase it is about and that phrase's quantity word.

    ``start``/``end`` bound the statement; ``left`` and ``right`` are the words of its clause around it.
    """

    quantity: Quantity
    part: Part
    start: int
    end: int
    phrase: str = ""
    head: Head | None = None
    verb: Verb = Verb()
    left: str = ""
    right: str = ""

    @property
    def nameless(self) -> bool:
        """Whether its own clause names no quantity, so that it goes with the statement before."""
        return self.head is None and len(strip_phrase(self.phrase)) <= 1


def about(
    reading: Reading, part: Part, phrase: str, verb: Verb | None = None, look_behind: bool = False
) -> Reading:
    """Return the reading with its part and noun phrase.

    ``look_behind``: a phrase without a quantity word is looked for behind the figure (节省了30%的采购时间).
    """
    named = strip_phrase(phrase)
    head = lexicon().head(named)
    if head is None:
        whole = ADVERB.sub("", phrase)
        compared = lexicon().head(whole)
        if compared is not None and compared.end == len(whole) and compared.kind in _COMPARABLE_KINDS:
            named, head = phrase[: compared.end], compared
    end = reading.end
    if (
        look_behind
        and (head is None or head.end < len(named))
        and (match := _NAMED_AFTER.match(reading.right))
    ):
        behind = lexicon().head(match["named"])
        if behind is not None and behind.kind != "excluded":
            named, head = match["named"][: behind.end], behind
            end = max(end, reading.quantity.end + match.start("named") + behind.end)
    return replace(reading, part=part, end=end, phrase=named, head=head, verb=verb or Verb())
