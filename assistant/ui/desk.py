"""One submission on the desk: the document on one side, findings, scenes and KPIs on the other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from assistant.document import Document
from assistant.labels import STATUSES, TOPICS
from assistant.records import Review, Span
from assistant.report import facts
from assistant.report.citation import cite
from assistant.report.findings import Finding, findings
from assistant.triage.audit import Event
from assistant.triage.decisions import RECOMMENDATIONS, VERDICTS, Conflict, Decision, Opinion
from assistant.triage.panels import Seats
from assistant.triage.room import Room
from assistant.triage.rubric import Rubric, load_rubric
from assistant.triage.submissions import Opened
from assistant.ui import pictures
from assistant.ui.pageview import document_view
from assistant.ui.texts import Words

ELEMENTS = ("activity", "system", "technique", "effect")
_SCRIPT_WORDS = (
    "saved", "undone", "ruled", "choose_first", "need_reason", "no_answer", "rubric_partial",
)  # fmt: skip
_GROUPS = ("flag-document", "flag-scene", "flag-kpi", "flag-statement", "check")


@dataclass(frozen=True)
class Desk:
    """What a desk shows, gathered from the store for one user."""

    opened: Opened
    document: Document
    decisions: tuple[Decision, ...]
    opinions: tuple[Opinion, ...]
    conflicts: tuple[Conflict, ...]
    events: tuple[Event, ...]
    seats: Seats
    rubric: Rubric
    user: str


@cache
def template(name: str) -> Template:
    """Return one of this package's templates."""
    environment = Environment(
        loader=PackageLoader("assistant.ui", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["cited"] = lambda clause: cite(clause, quote=False)
    return environment.get_template(name)


def gather(room: Room, identifier: str, read: Any) -> Desk:
    """Collect a submission for ``room``'s user; ``read(data, name)`` opens its file.

    Raises:
        AccessError: not the user's to see.
        InputError: the file is gone.
    """
    opened = room.open(identifier)
    seats = room.seats(identifier)
    conflicts = room.conflicts() if seats.rules and opened.state == "conflict" else ()
    return Desk(
        opened=opened,
        document=read(room.file(identifier), opened.file_name),
        decisions=room.decisions(identifier),
        opinions=room.opinions(identifier),
        conflicts=tuple(c for c in conflicts if c.submission == identifier),
        events=room.history(identifier),
        seats=seats,
        rubric=load_rubric(opened.rubric),
        user=room.user.name,
    )


def render(desk: Desk, words: Words, *, tab: str = "findings") -> str:
    """Return the desk as HTML, opened at ``tab``."""
    review = desk.opened.review
    shown = findings(review)
    own = next((o for o in desk.opinions if o.reviewer == desk.user), None)
    return template("desk.html.j2").render(
        desk=desk,
        t=words,
        tab=tab,
        review=review,
        facts=facts.heading_facts(review),
        summary=facts.summary_line(review),
        groups=_groups(review, shown),
        titles={"": words("overall"), **{f.key: f.title for f in shown}},
        mine={d.finding: d for d in desk.decisions if d.reviewer == desk.user},
        others=[d for d in desk.decisions if d.reviewer != desk.user and d.verdict],
        own_opinion=own,
        total=desk.rubric.total(_known(desk.rubric, own.scores)) if own else None,
        other_opinions=[o for o in desk.opinions if o.reviewer != desk.user],
        verdicts=VERDICTS,
        recommendations=RECOMMENDATIONS,
        scenes=[_scene(i, s) for i, s in enumerate(facts.scenes_of(review.declaration))],
        elements=ELEMENTS,
        kpis=[(f"kpi-{i}", facts.kpi_row(k)) for i, k in enumerate(facts.kpis_of(review.declaration))],
        coverage=pictures.coverage(review),
        ladder=pictures.ladder(review, words),
        topic=lambda key: words.pick(TOPICS.get(key, (key, key))),
        status=lambda key: words.pick(STATUSES.get(key, (key, key))),
        cite=cite,
        history=[pictures.event_row(event) for event in desk.events],
        script_words=json.dumps({key: words(key) for key in _SCRIPT_WORDS}, ensure_ascii=False),
        view=document_view(desk.document, f"/pages/{desk.opened.id}", _marks(review, shown)),
    )


def _known(rubric: Rubric, scores: dict[str, float]) -> dict[str, float]:
    """Leave out scores of dimensions that the sheet no longer has, or that it now limits otherwise."""
    limits = {dimension.key: dimension.maximum for dimension in rubric.dimensions}
    return {key: score for key, score in scores.items() if 0 <= score <= limits.get(key, -1)}


def _groups(review: Review, shown: tuple[Finding, ...]) -> list[tuple[str, list[Finding]]]:
    """Sort findings into flags on the whole text, scenes, KPIs, statements, and rule checks."""
    about = {f"flag-{flag.id}": f"flag-{flag.claim.type}" for flag in review.flags}
    found: dict[str, list[Finding]] = {name: [] for name in _GROUPS}
    for finding in shown:
        found[about.get(finding.key, "check")].append(finding)
    return [("group_" + name.removeprefix("flag-"), many) for name, many in found.items() if many]


def _marks(review: Review, shown: tuple[Finding, ...]) -> list[tuple[str, Span]]:
    declaration = review.declaration
    marks = [(finding.key, span) for finding in shown for span in finding.spans]
    marks += [(f"scene-{i}", s) for i, scene in enumerate(facts.scenes_of(declaration)) for s in scene.spans]
    marks += [(f"kpi-{i}", s) for i, kpi in enumerate(facts.kpis_of(declaration)) for s in kpi.spans]
    return marks


def _scene(index: int, scene: Any) -> dict[str, Any]:
    number, name, state, uses, _place = facts.scene_row(scene)
    found = scene.elements
    return {
        "key": f"scene-{index}",
        "number": number,
        "name": name,
        "state": state,
        "ai": uses,
        "elements": [bool(found and getattr(found, key)) for key in ELEMENTS],
    }
