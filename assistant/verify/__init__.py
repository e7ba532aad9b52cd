"""Claims beside their evidence: rule flags, an evidence score, and a model's flags on top.

The model only ever adds: it removes no rule flag and decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.models.judgement import Judge, Judgement
from assistant.verify.flagging import flag
from assistant.verify.judging import judge_claims
from assistant.verify.outcome import FlagOutcome, Verdict

if TYPE_CHECKING:
    from assistant.verify.tasks import Extras

__all__ = ["Extras", "FlagOutcome", "Judge", "Judgement", "Verdict", "flag", "judge_claims"]


def __getattr__(name: str) -> Any:
    # Without a model nothing of the model's tasks is imported.
    if name == "Extras":
        from assistant.verify.tasks import Extras

        return Extras
    raise AttributeError(f"module 'assistant.verify' has no attribute {name!r}")
