"""What an evaluator returns, before it becomes a rule result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.policy import Rule
from assistant.records import Span, Status

NOT_GIVEN = "材料未说明"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's decision.

    ``observed`` says in a few Chinese words what the record has; ``message`` is for the enterprise: what
    is required, what was seen, what to do. ``missing`` names record fields and is non-empty exactly when
    the status is ``unknown``. ``required`` overrides the rule's own wording where the value decides it.
    """

    status: Status
    observed: str
    message: str
    missing: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    required: str = ""


def passed(observed: str, message: str, spans: Iterable[Span] = ()) -> Verdict:
    """The requirement is met."""
    return Verdict("pass", observed, message, spans=tuple(spans))


def unmet(rule: Rule, observed: str, message: str, spans: Iterable[Span] = ()) -> Verdict:
    """The requirement is not met: fail if the rule binds, otherwise advisory."""
    return Verdict("fail" if rule.binding else "advisory", observed, message, spans=tuple(spans))


def advisory(observed: str, message: str, spans: Iterable[Span] = ()) -> Verdict:
    """A person has to judge."""
    return Verdict("advisory", observed, message, spans=tuple(spans))


def unknown(missing: Iterable[str], message: str, observed: str = NOT_GIVEN) -> Verdict:
    """The record lacks what could change the verdict.

    Raises:
        ValueError: no missing field is named; an unknown must say what would settle it.
    """
    fields = tuple(dict.fromkeys(missing))
    if not fields:
        raise ValueError("an unknown verdict must name what is missing")
    return Verdict("unknown", observed, message, missing=fields)


def not_applicable(message: str, observed: str = "不适用") -> Verdict:
    """The rule has nothing to say about this record."""
    return Verdict("not_applicable", observed, message)


# The worst comes first; not_applicable says nothing and so never hides another status.
_ORDER: tuple[Status, ...] = ("fail", "advisory", "unknown", "pass", "not_applicable")


def worst(statuses: Iterable[Status]) -> Status:
    """Return the status of a topic: fail, advisory, unknown, pass, in this order."""
    found = set(statuses)
    return next((status for status in _ORDER if status in found), "not_applicable")


Several = tuple[Verdict, ...]
Evaluate = Callable[..., Verdict | Several]
