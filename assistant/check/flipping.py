"""What would change under another catalogue, day or province."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from assistant import policy
from assistant.check.case import Case
from assistant.check.engine import case_of, report, topic_statuses
from assistant.policy import Policy
from assistant.policy.rules import NATIONAL
from assistant.records import SCHEMA_VERSION, Declaration, PolicyContext, Record, SceneClaim, Status

_Varied = Literal["catalog", "as_of", "jurisdiction"]


class Under(Record):
    """The context of a comparison."""

    jurisdiction: str | None
    as_of: date | None
    catalog: str


class Change(Record):
    """One topic whose status differs; ``was`` and ``now`` are printed as ``from`` and ``to``."""

    under: Under
    varied: _Varied
    topic: str
    was: Status
    now: Status


class Base(Record):
    """The verdicts that the others are compared with."""

    policy: PolicyContext
    topics: dict[str, Status]


def flip(declaration: Declaration) -> dict[str, object]:
    """Return which topics' statuses change when one thing about the context changes.

    Varied one at a time: the catalogue (scenes moved through the crosswalk), the day (the day on which
    any rule begins, and the day before), the jurisdiction (all that the corpus knows).

    Returns:
        ``{"schema_version", "base", "changes": [{"under", "varied", "topic", "from", "to"}]}``
    """
    corpus = policy.load()
    case = case_of(declaration, corpus)
    base = report(case)
    before = topic_statuses(base.results)
    changes: list[Change] = []
    for varied, other in _variants(case, corpus):
        after = topic_statuses(report(other).results)
        under = Under(jurisdiction=other.jurisdiction, as_of=other.as_of, catalog=other.catalog)
        changes.extend(
            Change(under=under, varied=varied, topic=topic, was=before[topic], now=status)
            for topic, status in after.items()
            if status != before[topic]
        )
    return {
        "schema_version": SCHEMA_VERSION,
        "base": Base(policy=base.policy, topics=before).model_dump(mode="json"),
        "changes": [_plain(change) for change in changes],
    }


def _plain(change: Change) -> dict[str, object]:
    plain = change.model_dump(mode="json")
    plain["from"], plain["to"] = plain.pop("was"), plain.pop("now")
    return plain


def _variants(case: Case, corpus: Policy) -> list[tuple[Literal["catalog", "as_of", "jurisdiction"], Case]]:
    catalogs = [c for c in (corpus.crosswalk.older, corpus.crosswalk.newer) if c != case.catalog]
    days = [day for day in _days(corpus) if day != case.as_of]
    places = [place for place in corpus.jurisdictions if place != (case.jurisdiction or NATIONAL)]
    in_force = corpus.catalog_in_force
    return [
        *(("catalog", _fresh(case, catalog=one)) for one in catalogs),
        *(("as_of", _fresh(case, as_of=day, catalog=in_force(case.jurisdiction, day))) for day in days),
        *(
            ("jurisdiction", _fresh(case, jurisdiction=one, catalog=in_force(one, case.as_of)))
            for one in places
        ),
    ]


def _days(corpus: Policy) -> tuple[date, ...]:
    """Return the first day of every period in which the same rules and catalogues hold, and the day before."""
    starts = {
        *corpus.rule_book.boundaries(),
        *(period.since for one in corpus.jurisdictions.values() for period in one.catalogs),
    }
    return tuple(sorted({*starts, *(day - timedelta(days=1) for day in starts)}))


def _fresh(case: Case, **changes: object) -> Case:
    """Return the case in another context, with its scenes moved to the catalogue that holds there."""
    moved: Case = replace(case, **changes)  # type: ignore[arg-type]
    if moved.catalog == case.catalog or case.placed is None:
        return moved
    scenes = _translated(case, moved)
    return replace(moved, declaration=case.declaration.model_copy(update={"scenes": scenes}))


def _translated(case: Case, moved: Case) -> tuple[SceneClaim, ...]:
    """Return the scenes under the other catalogue where the crosswalk leads there one to one."""
    names = {scene.number: scene.name for scene in moved.policy.catalog(moved.catalog).scenes}
    scenes = list(case.declaration.scenes or ())
    for placed in moved.placed or ():
        clean = next(p for p in case.placed or () if p.index == placed.index).trouble is None
        if clean and placed.trouble == "other_catalog" and placed.number is not None:
            scenes[placed.index] = placed.claim.model_copy(
                update={"catalog": moved.catalog, "number": placed.number, "name": names[placed.number]}
            )
    return tuple(scenes)
