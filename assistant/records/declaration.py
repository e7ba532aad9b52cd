"""The declaration record: all that a declaration claims, and where each leaf was read."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812  (a field of the contract is called ``date``)
from typing import Annotated, Literal

from pydantic import Field

from assistant.records.base import SCHEMA_VERSION, Accident, CatalogName, Number, Record, Span, Tier


class PageQuality(Record):
    """How well one page could be read; ``reason`` is Chinese and empty when good."""

    page: int
    grade: Literal["good", "fair", "poor", "unreadable"]
    reason: str = ""


class Quality(Record):
    """How well a document could be read: the worst page grade, and the pages that are not good."""

    grade: Literal["good", "fair", "poor", "unreadable"] = "good"
    pages: tuple[PageQuality, ...] = ()


class DocumentInfo(Record):
    """What was read. ``text`` is the canonical text, only with ``--with-text``."""

    name: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    pages: int | None = None
    chars: int | None = None
    text: str | None = None
    quality: Quality | None = None


class PriorRecognition(Record):
    """A tier that was granted before."""

    tier: Tier | None = None
    granted_on: Date | None = None


class Application(Record):
    """What is applied for, where and when."""

    jurisdiction: str | None = None
    tier: Tier | None = None
    date: Date | None = None
    kind: Literal["new", "renewal", "acceptance"] | None = None
    factory_name: str | None = None
    prior_recognition: tuple[PriorRecognition, ...] | None = None
    removed_on: Date | None = None


class Enterprise(Record):
    """Who applies."""

    name: str | None = None
    uscc: str | None = None
    registered_in: str | None = None
    legal_person: bool | None = None
    above_scale: bool | None = None
    sme_class: Literal["创新型中小企业", "省级专精特新中小企业", "国家专精特新小巨人"] | None = None
    industry: str | None = None
    contact_phone: str | None = None


class Maturity(Record):
    """Self-assessed maturity after GB/T 39116-2020."""

    level: Annotated[int, Field(ge=1, le=5)] | None = None
    score: Number | None = None


class Conduct(Record):
    """Accidents and credit over the last three years."""

    safety_accident: Accident | None = None
    environment_accident: Accident | None = None
    fatal_accident: bool | None = None
    dishonest_list: bool | None = None
    abnormal_list: bool | None = None
    violations: bool | None = None
    tax_violation: bool | None = None


class SceneElements(Record):
    """Where a scene's text names its four elements."""

    activity: tuple[Span, ...] = ()
    system: tuple[Span, ...] = ()
    technique: tuple[Span, ...] = ()
    effect: tuple[Span, ...] = ()


class SceneClaim(Record):
    """A catalogue scene that the document says is built (once per number)."""

    catalog: CatalogName | None = None
    number: int | None = None
    name: str | None = None
    as_written: str | None = None
    strength: Literal["claimed", "evidenced"] | None = None
    uses_ai: bool | None = None
    plan: bool | None = None
    spans: tuple[Span, ...] = ()
    ai_spans: tuple[Span, ...] = ()
    elements: SceneElements | None = None


class KpiClaim(Record):
    """A quantified statement of an effect or a level, numbers as written."""

    catalog: CatalogName | None = None
    number: int | None = None
    name: str | None = None
    as_written: str | None = None
    baseline: Number | None = None
    current: Number | None = None
    stated_change: Number | None = None
    unit: str | None = None
    basis: Literal["relative", "points", "level", "unknown"] | None = None
    direction: Literal["up", "down"] | None = None
    plan: bool | None = None
    period: str | None = None
    spans: tuple[Span, ...] = ()


class Statement(Record):
    """A superlative or other statement that wants proof (国内领先, 首创, 填补空白)."""

    kind: str | None = None
    as_written: str | None = None
    spans: tuple[Span, ...] = ()


class Attachment(Record):
    """A supporting document that the declaration names or carries."""

    name: str | None = None
    kind: str | None = None
    spans: tuple[Span, ...] = ()


class FormImage(Record):
    """A figure; ``bytes`` is its stored size, ``pixels`` is width x height."""

    bytes: int | None = None
    pixels: int | None = None
    numbered: bool | None = None
    captioned: bool | None = None


class FormFacts(Record):
    """What the format rules look at; sizes in points."""

    char_count: int | None = None
    font: str | None = None
    font_size_pt: Number | None = None
    line_spacing_pt: Number | None = None
    images: tuple[FormImage, ...] | None = None


class Quarantined(Record):
    """Something proposed whose quote could not be found in the text."""

    what: str
    quote: str
    reason: str


class Declaration(Record):
    """All that a declaration claims, each leaf with the place it was read (``evidence``)."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    document: DocumentInfo | None = None
    application: Application | None = None
    enterprise: Enterprise | None = None
    maturity: Maturity | None = None
    digital_score: Number | None = None
    conduct: Conduct | None = None
    scenes: tuple[SceneClaim, ...] | None = None
    kpis: tuple[KpiClaim, ...] | None = None
    statements: tuple[Statement, ...] | None = None
    attachments: tuple[Attachment, ...] | None = None
    form: FormFacts | None = None
    evidence: dict[str, tuple[Span, ...]] | None = None
    quarantine: tuple[Quarantined, ...] | None = None
