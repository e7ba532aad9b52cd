"""All flags of a declaration: rules first, then what a model adds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from assistant.document import Document
from assistant.models.judgement import Judge
from assistant.records import CheckReport, Declaration, Flag, Problem
from assistant.verify.case import Case, Draft, finished
from assistant.verify.outcome import FlagOutcome
from assistant.verify.rule_document import (
    hidden_flags,
    instruction_flags,
    marking_flags,
    repeat_flags,
    unreadable_flags,
)
from assistant.verify.rule_kpis import kpi_flags
from assistant.verify.rule_materials import material_flags
from assistant.verify.rule_scenes import scene_flags
from assistant.verify.rule_statements import statement_flags

if TYPE_CHECKING:
    from assistant.verify.tasks import Extras

_RULES: tuple[tuple[str, Callable[[Case], Iterator[Draft]]], ...] = (
    ("保密标识", marking_flags),
    ("诱导评审", instruction_flags),
    ("隐藏文字", hidden_flags),
    ("重复文字", repeat_flags),
    ("页面质量", unreadable_flags),
    ("指标", kpi_flags),
    ("场景", scene_flags),
    ("断言", statement_flags),
    ("材料", material_flags),
)
_ORDER = {"high": 0, "medium": 1, "low": 2}


def flag(
    document: Document,
    declaration: Declaration,
    checks: CheckReport,
    *,
    judge: Judge | None = None,
    extras: Extras | None = None,
) -> FlagOutcome:
    """Return the flags of a declaration, worst first.

    The rules' flags are made before the model is asked and stay whatever it does; it only adds. ``extras``
    (only with a judge, and sharing its calls) is what it does beside judging.
    """
    case = Case(document, declaration, checks)
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for name, rule in _RULES:
        try:
            drafts += list(rule(case))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            # A rule that crashes must not take the others with it, nor pass in silence.
            problems.append(
                Problem(stage="verify", message=f"“{name}”类疑点未能检查完：{type(error).__name__}: {error}")
            )
    rules = finished(drafts)
    if judge is None:
        return FlagOutcome(_sorted(rules), tuple(problems))
    from assistant.verify.model_part import add_by_model

    added = add_by_model(case, rules, judge, extras)
    known = {f.id for f in rules}
    flags = (*rules, *(f for f in finished(added.drafts) if f.id not in known))
    return FlagOutcome(
        flags=_sorted(flags),
        problems=(*problems, *added.problems),
        calls=judge.calls,
        prompt_hashes={**judge.prompt_hashes, **(extras.writer.prompt_hashes if extras else {})},
        tokens={
            "in": sum(int(call.get("tokens_in", 0)) for call in judge.calls),
            "out": sum(int(call.get("tokens_out", 0)) for call in judge.calls),
        },
    )


def _sorted(flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
    """Worst first, then in reading order; what has no place stands last."""
    return tuple(
        sorted(
            flags, key=lambda f: (_ORDER[f.severity], f.spans[0].start if f.spans else 10**9, f.kind, f.id)
        )
    )
