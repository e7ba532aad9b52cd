"""Declaration → CheckReport: the deterministic tier checks.

Each evaluator decides one kind of rule and takes its thresholds from the policy corpus; which rules are
in force is the corpus' affair. Nothing here reads files, calls a model, or rejects a submission.
"""

from assistant.check.engine import check, topic_statuses
from assistant.check.flipping import flip
from assistant.check.self_assessment import ScoreReport, score

__all__ = ["ScoreReport", "check", "flip", "score", "topic_statuses"]
