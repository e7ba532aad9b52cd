"""What a model says of a claim and its evidence, and what verification asks of a judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

VerdictName = Literal["supported", "unsupported", "contradicted"]


@dataclass(frozen=True)
class Judgement:
    """What the model says of one pair. ``margin``, ``kind`` and ``tuned`` are log-odds for "supported".

    ``tuned`` comes from the embedded model with its adapter, and with it ``otherwise``: the log-odds that
    evidence which does not bear a claim out says otherwise, rather than nothing. The other two come from a
    model as it is, asked for one token.
    """

    margin: float | None = None
    kind: float | None = None
    tuned: float | None = None
    otherwise: float | None = None
    verdict: VerdictName | None = None
    quotes: tuple[str, ...] = ()
    reason: str = ""
    missing: str = ""
    problem: str | None = None


class Judge(Protocol):
    """A model behind the door, as verification sees it. It never raises for a failed call."""

    @property
    def author(self) -> str:
        """Return ``model:NAME``."""
        ...

    @property
    def calls(self) -> tuple[Mapping[str, Any], ...]:
        """Return a record of each call made: prompt hash, model, tokens, seconds."""
        ...

    @property
    def prompt_hashes(self) -> Mapping[str, str]:
        """Return the digest of each prompt template used."""
        ...

    def refuses(self, *, confidential: bool) -> str | None:
        """Return in Chinese why a document must not be sent, None when it may."""
        ...

    def margins(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
        """Judge each (claim, evidence) as cheaply as the model allows."""
        ...

    def explain(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
        """Judge each (claim, evidence) in words, with quotes."""
        ...
