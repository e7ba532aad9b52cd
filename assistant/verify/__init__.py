"""Claims beside their evidence: rule flags, an evidence score, and a model's flags on top.

The model only ever adds: it removes no rule flag and decides nothing.
"""

from __future__ import annotations

from assistant.models.judgement import Judge, Judgement
from assistant.verify.flagging import flag
from assistant.verify.judging import judge_claims
from assistant.verify.outcome import FlagOutcome, Verdict

__all__ = ["FlagOutcome", "Judge", "Judgement", "Verdict", "flag", "judge_claims"]
