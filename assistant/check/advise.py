"""Which tier a record supports today, in each province, and what stands in the way of the next."""

from __future__ import annotations

from datetime import date

from assistant import policy
from assistant.check.engine import check
from assistant.records import TIERS, Declaration, Record, RuleResult, Tier

# These depend on the file that was made for one tier and province, not on what the factory is.
_OF_THE_FILE = ("form.", "materials.", "deadline.")


class Step(Record):
    """One tier: what fails, and what the record does not say."""

    tier: Tier
    failing: tuple[RuleResult, ...]
    unknown: tuple[RuleResult, ...]


class Advice(Record):
    """One province. ``supported`` is the highest tier with nothing failing up to it; None when none is.

    ``certain`` is False when some fact that the tier needs is missing from the record. ``next_step`` is the
    tier above with what stands in its way, None at the top.
    """

    jurisdiction: str
    supported: Tier | None
    certain: bool
    next_step: Step | None


def advise(declaration: Declaration, *, as_of: date | None = None) -> tuple[Advice, ...]:
    """Return advice for every jurisdiction of the corpus; rules about the file's form are left out."""
    return tuple(_advise(declaration, name, as_of) for name in policy.load().jurisdictions)


def _advise(declaration: Declaration, jurisdiction: str, as_of: date | None) -> Advice:
    supported: Step | None = None
    for tier in TIERS:
        step = _step(declaration, jurisdiction, tier, as_of)
        if step.failing:
            return _advice(jurisdiction, supported, step)
        supported = step
    return _advice(jurisdiction, supported, None)


def _advice(jurisdiction: str, supported: Step | None, following: Step | None) -> Advice:
    return Advice(
        jurisdiction=jurisdiction,
        supported=supported.tier if supported else None,
        certain=supported is not None and not supported.unknown,
        next_step=following,
    )


def _step(declaration: Declaration, jurisdiction: str, tier: Tier, as_of: date | None) -> Step:
    report = check(declaration, jurisdiction=jurisdiction, tier=tier, as_of=as_of)
    results = [result for result in report.results if not result.topic.startswith(_OF_THE_FILE)]
    return Step(
        tier=tier,
        failing=tuple(result for result in results if result.status == "fail"),
        unknown=tuple(result for result in results if result.status == "unknown"),
    )
