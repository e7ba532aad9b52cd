"""The model's part in one review: a judge and a writer that share caps, cache, log and count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.models.claim_judge import ModelJudge
from assistant.models.gateway import Gateway
from assistant.models.rehearsal import Forecast, Rehearsal
from assistant.models.wording import ModelWriter


@dataclass(frozen=True)
class ModelPart:
    """Judge and writer behind one gateway."""

    gateway: Gateway
    judge: ModelJudge
    writer: ModelWriter

    def protect(self, text: str) -> None:
        """Learn from the whole document which names have to be masked in every piece of it."""
        self.gateway.protect(text)

    @property
    def calls(self) -> tuple[Mapping[str, Any], ...]:
        """Return a record of each call, in the order of the questions."""
        return self.gateway.calls

    def forecast(self) -> Forecast | None:
        """Return what a rehearsal counted; None when this was a real run."""
        return self.gateway.forecast() if isinstance(self.gateway, Rehearsal) else None
