"""Put the declaration record together: fields first, then the catalogue in force, then scenes and KPIs."""

from __future__ import annotations

from datetime import date

from assistant import policy
from assistant.document import Document
from assistant.extract.field_found import shown
from assistant.extract.fields import Fields, find_fields
from assistant.extract.scene_nearest import Nearness
from assistant.records import Application, Declaration, DocumentInfo, Quarantined

_STATED = ("jurisdiction", "tier", "date", "kind", "factory_name", "prior_recognition", "removed_on")


def extract(
    document: Document,
    *,
    application: Application | None = None,
    as_of: date | None = None,
    with_text: bool = False,
    nearness: Nearness | None = None,
) -> Declaration:
    """Return the whole declaration record of a document.

    Args:
        document: as ingest read it.
        application: what the user stated; it wins over the document, field by field.
        as_of: the day whose policy is wanted; without it the application's date decides the catalogue.
        with_text: put the canonical text under ``document.text``.
        nearness: ranks the scenes of a catalogue for some words; candidates for free prose come from it.
    """
    from assistant.extract.kpis import find_kpis
    from assistant.extract.scenes import find_scenes

    fields = find_fields(document)
    settled, overruled = _settle(fields, application)
    catalog = policy.load().catalog_in_force(settled.jurisdiction, as_of or settled.date or fields.month)
    return Declaration(
        document=document_info(document, with_text=with_text),
        application=settled,
        enterprise=fields.enterprise,
        maturity=fields.maturity,
        digital_score=fields.digital_score,
        conduct=fields.conduct,
        scenes=find_scenes(document, catalog, nearness),
        kpis=find_kpis(document, catalog),
        statements=fields.statements,
        attachments=fields.attachments,
        form=document.form,
        evidence={leaf: spans for leaf, spans in fields.evidence.items() if leaf not in _leaves(application)},
        quarantine=(*fields.quarantine, *overruled),
    )


def document_info(document: Document, *, with_text: bool = False) -> DocumentInfo:
    """Return what was read."""
    return DocumentInfo(
        name=document.name,
        sha256=document.sha256,
        media_type=document.media_type,
        pages=len(document.pages) or None,
        chars=len(document.text),
        text=document.text if with_text else None,
        quality=document.quality,
    )


def _leaves(application: Application | None) -> set[str]:
    """Name the fields that the user stated: their place is the command line, not the document."""
    if application is None:
        return set()
    return {f"application.{name}" for name in _STATED if getattr(application, name) is not None}


def _settle(fields: Fields, application: Application | None) -> tuple[Application, list[Quarantined]]:
    """Let what the user stated win; what the document says otherwise is kept in quarantine."""
    read = fields.application
    if application is None:
        return read, []
    stated = {name: getattr(application, name) for name in _STATED if getattr(application, name) is not None}
    overruled = []
    for name, value in stated.items():
        said = getattr(read, name)
        spans = fields.evidence.get(f"application.{name}", ())
        if said not in (None, value) and spans:
            reason = f"文件写的是“{shown(said)}”，审查时另行指定为“{shown(value)}”，以指定的为准"
            overruled.append(Quarantined(what=f"application.{name}", quote=spans[0].quote, reason=reason))
    return read.model_copy(update=stated), overruled
