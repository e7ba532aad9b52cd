"""All that a model adds to one review: judging first, then what else it was asked for.

A document that must not be sent is asked nothing about. A task that fails takes no other with it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from assistant.models.judgement import Judge
from assistant.models.privacy import confidential
from assistant.records import Flag, Problem
from assistant.verify.added import Added
from assistant.verify.advice import advice_flags
from assistant.verify.case import Case
from assistant.verify.model_flags import model_flags
from assistant.verify.scene_mapping import mapping_flags
from assistant.verify.scene_reading import element_flags
from assistant.verify.tasks import Extras


def add_by_model(case: Case, rules: tuple[Flag, ...], judge: Judge, extras: Extras | None) -> Added:
    """Return what the model adds to the rules' flags."""
    out = Added()
    refused = judge.refuses(confidential=_marked(case))
    if refused:
        out.problems.append(Problem(stage="model", message=refused))
        return out
    _run(out, "核对断言", lambda: model_flags(case, judge))
    if extras is None:
        return out
    writer, shortlist = extras.writer, extras.shortlist
    _run(out, "查找场景要素", lambda: element_flags(case, writer, rules))
    if shortlist is not None:
        _run(out, "对应场景", lambda: mapping_flags(case, writer, shortlist))
    if extras.suggest:
        _run(out, "起草建议", lambda: advice_flags(case, writer, rules))
    return out


def _marked(case: Case) -> bool:
    """Return whether the document is marked confidential: in its text, its name, or where nobody sees it."""
    document = case.document
    texts = (document.text, PurePath(document.name).stem, *(piece.text for piece in document.hidden))
    return any(map(confidential, texts))


def _run(out: Added, name: str, task: Callable[[], Added]) -> None:
    try:
        added = task()
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        out.problems.append(
            Problem(stage="model", message=f"模型“{name}”未能完成：{type(error).__name__}: {error}")
        )
        return
    out.drafts += added.drafts
    out.problems += added.problems
