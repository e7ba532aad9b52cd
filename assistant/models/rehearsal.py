"""Go through a run without asking anything: how many calls, tokens, seconds, and what they cost.

A rehearsal is a gateway like any other, so that a forecast counts the very prompts of the run. It answers as
is dearest: every claim is doubted, every answer as long as it may be. What the cache holds costs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant.models.gateway import Ask, Gateway, Reply
from assistant.models.vendors import Endpoint
from assistant.settings import Settings

#: What Chinese text takes at most with the tokenizers of the usual models.
TOKENS_PER_CHARACTER = 0.75
# The embedded model on two cores: tokens read and written a second; JSON answers end at about half their cap.
_READ, _WRITTEN, _SHARE = 30.0, 8.0, 0.5
_DOUBTED = {"否": -0.01, "B": -0.01, "是": -6.0, "A": -6.0, "C": -6.0}


@dataclass(frozen=True)
class Forecast:
    """What a run will ask at most.

    ``cost`` is in the currency of the prices, None where none are set; ``seconds`` only for the embedded
    model; ``within_cap`` says whether the caps of the settings allow all of it; ``tasks`` counts by prompt.
    """

    model: str
    host: str
    leaves_machine: bool
    calls: int
    cached: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    seconds: int | None
    within_cap: bool
    tasks: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


class Rehearsal(Gateway):
    """Counts what would be asked; nothing is sent and nothing is kept."""

    def __init__(self, endpoint: Endpoint, settings: Settings) -> None:
        super().__init__(endpoint, settings)
        self._tasks: Counter[str] = Counter()
        self._cached = self._in = self._out = self._fresh = self._expected = 0
        self._previous = ""

    def _ask(self, number: int, ask: Ask) -> Reply:  # noqa: ARG002  (nothing is recorded)
        messages, _ = self._messages(ask)
        kept = self._cache.get(self._key(ask, messages))
        text = "".join(text for _, text in messages)
        with self._lock:
            self._tasks[ask.prompt.name] += 1
            if kept is not None:
                self._cached += 1
                return kept
            self._in += len(text)
            self._out += ask.max_tokens
            self._expected += ask.max_tokens if ask.top_logprobs else round(ask.max_tokens * _SHARE)
            # The beginning that a prompt shares with the one before it is read once by a local server.
            self._fresh += len(text) - _shared(self._previous, text)
            self._previous = text
        return Reply("否", _DOUBTED if ask.top_logprobs else None)

    def forecast(self) -> Forecast:
        """Return what was counted."""
        settings, calls = self._settings, sum(self._tasks.values()) - self._cached
        tokens_in = round(self._in * TOKENS_PER_CHARACTER)
        seconds = self._fresh * TOKENS_PER_CHARACTER / _READ + self._expected / _WRITTEN
        return Forecast(
            model=settings.model,
            host=self.endpoint.host,
            leaves_machine=self.endpoint.leaves_machine,
            calls=calls,
            cached=self._cached,
            tokens_in=tokens_in,
            tokens_out=self._out,
            cost=price(settings, tokens_in, self._out),
            seconds=round(seconds) if settings.model == "embedded" else None,
            within_cap=within_cap(settings, calls, tokens_in + self._out),
            tasks=dict(sorted(self._tasks.items())),
        )


def price(settings: Settings, tokens_in: int, tokens_out: int) -> float | None:
    """Return what tokens cost; None where prices (per million tokens) are not set."""
    if settings.model_price_in is None or settings.model_price_out is None:
        return None
    return round((tokens_in * settings.model_price_in + tokens_out * settings.model_price_out) / 1e6, 4)


def within_cap(settings: Settings, calls: int, tokens: int) -> bool:
    """Return whether the caps of the settings allow so many calls and tokens."""
    return calls <= settings.model_max_calls and tokens <= settings.model_max_tokens


def _shared(a: str, b: str) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
