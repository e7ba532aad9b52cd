"""What a model may be asked in a review beside judging claims, and who does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.models.answers import Advice, ElementsAnswer, SceneMapping
from assistant.models.wording import Told

#: Given a passage: the catalogue's scenes that come into question as (number, likeness), likeliest first;
#: none where it speaks of no scene's business.
Shortlist = Callable[[str], Sequence[tuple[int, float]]]


class Writer(Protocol):
    """A model that reads and words. It never raises for a failed call: that is a problem in its answer."""

    @property
    def author(self) -> str:
        """Return ``model:NAME``."""
        ...

    @property
    def prompt_hashes(self) -> Mapping[str, str]:
        """Return the digest of each prompt used so far."""
        ...

    def suggest(self, findings: Sequence[tuple[str, str]]) -> tuple[Told[Advice], ...]:
        """Word a suggestion for each (what was found, the passage it is about)."""
        ...

    def scenes(self, passages: Sequence[tuple[Mapping[int, str], str]]) -> tuple[Told[SceneMapping], ...]:
        """Map each passage to the scenes that come into question (number to description)."""
        ...

    def elements(self, scenes: Sequence[tuple[str, str]]) -> tuple[Told[ElementsAnswer], ...]:
        """Look for the four elements in each (scene's name, its text)."""
        ...


@dataclass(frozen=True)
class Extras:
    """What the writer does beside the judge.

    Elements of doubtful scenes are always looked for; ``suggest`` and ``shortlist`` (which maps free prose to
    scenes) only when asked for, since each takes its time.
    """

    writer: Writer
    suggest: bool = False
    shortlist: Shortlist | None = None
