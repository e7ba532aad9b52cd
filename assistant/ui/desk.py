"""One submission on the desk: the document on one side, findings, scenes and KPIs on the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from assistant.document import Document
from assistant.labels import STATUSES, TOPICS, label
from assistant.records import Review, Span
from assistant.report import facts
from assistant.report.findings import Finding, findings
from assistant.triage.decisions import VERDICTS, Conflict, Decision, Opinion
from assistant.triage.room import Room
from assistant.triage.submissions import Opened
from assistant.ui.pageview import document_view

ELEMENTS = (
    ("activity", "业务活动"),
    ("system", "系统装备"),
    ("technique", "技术方法"),
    ("effect", "实施效果"),
)


@dataclass(frozen=True)
class Desk:
    """What a desk shows, gathered from the store for one user."""

    opened: Opened
    document: Document
    decisions: tuple[Decision, ...]
    opinions: tuple[Opinion, ...]
    conflicts: tuple[Conflict, ...]
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
    return environment.get_template(name)


def gather(room: Room, identifier: str, read: Any) -> Desk:
    """Collect a submission for ``room``'s user; ``read(data, name)`` opens its file.

    Raises:
        AccessError: not the user's to see.
        InputError: the file is gone.
    """
    opened = room.open(identifier)
    conflicts = room.conflicts() if room.user.role in ("chair", "admin") else ()
    return Desk(
        opened=opened,
        document=read(room.file(identifier), opened.file_name),
        decisions=room.decisions(identifier),
        opinions=room.opinions(identifier),
        conflicts=tuple(c for c in conflicts if c.submission == identifier),
        user=room.user.name,
    )


def render(desk: Desk) -> str:
    """Return the desk as HTML."""
    review = desk.opened.review
    shown = findings(review)
    return template("desk.html.j2").render(
        desk=desk,
        review=review,
        facts=facts.heading_facts(review),
        summary=facts.summary_line(review),
        groups=_groups(shown),
        mine={d.finding: d for d in desk.decisions if d.reviewer == desk.user},
        others=[d for d in desk.decisions if d.reviewer != desk.user and d.verdict],
        own_opinion=next((o for o in desk.opinions if o.reviewer == desk.user), None),
        other_opinions=[o for o in desk.opinions if o.reviewer != desk.user],
        verdicts=VERDICTS,
        scenes=[_scene(i, s) for i, s in enumerate(facts.scenes_of(review.declaration))],
        elements=ELEMENTS,
        kpis=[(f"kpi-{i}", facts.kpi_row(k)) for i, k in enumerate(facts.kpis_of(review.declaration))],
        coverage=coverage(review),
        topic=lambda key: label(TOPICS, key),
        status=lambda key: label(STATUSES, key),
        view=document_view(desk.document, f"/pages/{desk.opened.id}", _marks(review, shown)),
    )


def _groups(shown: tuple[Finding, ...]) -> list[tuple[str, list[Finding]]]:
    rules = [finding for finding in shown if finding.source == "check"]
    flags = [finding for finding in shown if finding.source == "flag"]
    return [(title, found) for title, found in (("疑点", flags), ("条款检查", rules)) if found]


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
        "elements": [bool(found and getattr(found, key)) for key, _ in ELEMENTS],
    }


def coverage(review: Review) -> Markup:
    """Return the five groups as a picture: how many built scenes lie in each."""
    from assistant import policy

    corpus = policy.load()
    catalog = corpus.catalog(review.checks.policy.catalog or "2025")
    counts = dict.fromkeys(catalog.groups, 0)
    built = {
        s.number
        for s in facts.scenes_of(review.declaration)
        if s.number and not s.plan and s.catalog == review.checks.policy.catalog
    }
    for scene in catalog.scenes:
        if scene.number in built and scene.group:
            counts[scene.group] += 1
    most = max([*counts.values(), 1])
    rows = [
        Markup(
            '<div class="bar {}"><span class="name">{}</span><span class="track"><span style="width:{}%"></span></span>'
            '<span class="count">{}</span></div>'
        ).format("" if count else "none", group, round(count / most * 100), count)
        for group, count in counts.items()
    ]
    return Markup("").join(rows)
