"""All fields of a declaration but scenes and KPIs: read by topic, then one value chosen for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.document import Document
from assistant.extract.attachments import find_attachments
from assistant.extract.conduct_claims import BOUNDS
from assistant.extract.field_application import month_of_cover, read_application, read_jurisdiction
from assistant.extract.field_conduct import read_conduct
from assistant.extract.field_enterprise import read_enterprise
from assistant.extract.field_found import choose
from assistant.extract.field_maturity import read_maturity
from assistant.extract.field_notes import Notes
from assistant.extract.field_prior import LEAF as PRIOR
from assistant.extract.field_prior import read_prior, read_removal
from assistant.extract.sections import find_sections
from assistant.extract.statements import find_statements
from assistant.records import (
    Application,
    Attachment,
    Conduct,
    Enterprise,
    Maturity,
    Number,
    Quarantined,
    Span,
    Statement,
)


@dataclass(frozen=True)
class Fields:
    """What ``find_fields`` found; ``evidence`` says where each leaf was read.

    ``month`` is the first day of the month that the cover gives where it gives no day.
    """

    application: Application
    enterprise: Enterprise
    maturity: Maturity
    digital_score: Number | None
    conduct: Conduct
    statements: tuple[Statement, ...]
    attachments: tuple[Attachment, ...]
    evidence: dict[str, tuple[Span, ...]]
    quarantine: tuple[Quarantined, ...]
    month: date | None = None


def find_fields(document: Document) -> Fields:
    """Read every field but scenes and KPIs.

    A field that the document does not state stays None. Where two places disagree the stronger one is
    taken (a form's cell before a line, a title, prose) and the other is quarantined with its reason.
    """
    notes = Notes(document)
    read_application(notes)
    read_enterprise(notes)
    read_jurisdiction(notes)
    read_maturity(notes)
    read_conduct(notes)
    read_removal(notes)
    prior, prior_spans = read_prior(notes)
    found = choose(document, notes.candidates)
    evidence = {**found.evidence, **({PRIOR: prior_spans} if prior_spans else {})}
    evidence |= find_sections(notes)

    def part(name: str) -> dict[str, Any]:
        prefix = f"{name}."
        return {
            leaf.removeprefix(prefix): value
            for leaf, value in found.values.items()
            if leaf.startswith(prefix) and not leaf.endswith(BOUNDS)
        }

    digital: Any = found.values.get("digital_score")
    return Fields(
        application=Application(**part("application"), prior_recognition=prior),
        enterprise=Enterprise(**part("enterprise")),
        maturity=Maturity(**part("maturity")),
        digital_score=digital,
        conduct=Conduct(**part("conduct")),
        statements=find_statements(notes),
        attachments=find_attachments(notes),
        evidence=dict(sorted(evidence.items())),
        quarantine=(*notes.quarantine, *found.quarantine),
        month=month_of_cover(notes),
    )
