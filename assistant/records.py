"""The records that stages hand to one another and that the commands print.

Source of every field: the public contract (schema version 1.0). ``None`` means that the document
does not say; an empty tuple means that it was read and there is none. Policy terms stay Chinese.
"""

from __future__ import annotations

from datetime import date as Date  # noqa: N812  (a field of the contract is called ``date``)
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION: Literal["1.0"] = "1.0"

Number = Annotated[int | float, Field(allow_inf_nan=False)]
Tier = Literal["基础级", "先进级", "卓越级", "领航级"]
TIERS: tuple[Tier, ...] = ("基础级", "先进级", "卓越级", "领航级")
Accident = Literal["无", "一般", "较大", "重大", "特别重大"]
Status = Literal["pass", "fail", "advisory", "unknown", "not_applicable"]
Severity = Literal["high", "medium", "low"]
FlagKind = Literal[
    "unsupported_scene",
    "weak_scene",
    "boilerplate",
    "kpi_arithmetic",
    "kpi_inconsistent",
    "kpi_no_baseline",
    "kpi_no_period",
    "kpi_implausible",
    "unsupported_statement",
    "contradiction",
    "outdated_name",
    "missing_section",
    "missing_attachment",
    "hidden_text",
    "instruction_to_reviewer",
    "confidentiality_marking",
    "duplicate_text",
    "unreadable_page",
]


class Record(BaseModel):
    """Base of every record: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Record):
    """An exact place: code-point offsets into the canonical text, half-open.

    ``text[start:end] == quote`` always holds. ``page`` is 1-based, None where there are no pages.
    """

    page: int | None = None
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    quote: str


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

    catalog: str | None = None
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

    catalog: str | None = None
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


class Clause(Record):
    """A verbatim quote from a policy document; ``article`` says where in it."""

    document: str
    article: str
    quote: str


class RuleResult(Record):
    """One rule's verdict. ``missing`` names the record fields that an ``unknown`` lacks."""

    rule: str
    topic: str
    status: Status
    required: str
    observed: str
    message: str
    missing: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    spans: tuple[Span, ...] = ()


class PolicyContext(Record):
    """Which policy a report stands on. None: not known, and the message says what was assumed."""

    jurisdiction: str | None = None
    tier: Tier | None = None
    as_of: Date | None = None
    catalog: str | None = None
    version: str | None = None


class CheckSummary(Record):
    """How many rule results have each status."""

    # ``pass`` is a Python keyword, hence the alias; JSON always says ``pass``.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    passed: int = Field(default=0, alias="pass")
    fail: int = 0
    advisory: int = 0
    unknown: int = 0
    not_applicable: int = 0


class CheckReport(Record):
    """The deterministic tier checks."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    policy: PolicyContext
    results: tuple[RuleResult, ...]
    summary: CheckSummary


class ClaimRef(Record):
    """Which claim a flag is about; ``index`` counts in the declaration's list, None for the document."""

    type: Literal["scene", "kpi", "statement", "document"]
    index: int | None = None


class Flag(Record):
    """Something a person should look at. ``author`` is ``rule`` or ``model:NAME``."""

    id: str
    kind: FlagKind
    severity: Severity
    claim: ClaimRef
    message: str
    suggestion: str = ""
    spans: tuple[Span, ...] = ()
    clauses: tuple[Clause, ...] = ()
    author: str = "rule"


class Problem(Record):
    """A stage that could not do its work; never silence."""

    stage: str
    message: str


class Manifest(Record):
    """Enough to repeat a run. ``started`` and ``seconds`` are the only fields that differ between runs."""

    input_sha256: str
    package_version: str
    policy_version: str
    rule_version: str
    model: str
    prompt_hashes: dict[str, str] = Field(default_factory=dict)
    settings_digest: str
    started: str
    seconds: Number
    tokens: dict[str, int] = Field(default_factory=dict)
    calls: tuple[dict[str, Any], ...] = ()


class Review(Record):
    """The whole result of the main job."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    declaration: Declaration
    checks: CheckReport
    flags: tuple[Flag, ...] = ()
    problems: tuple[Problem, ...] = ()
    manifest: Manifest

    @model_validator(mode="after")
    def _unique_flag_ids(self) -> Review:
        ids = [flag.id for flag in self.flags]
        if len(ids) != len(set(ids)):
            raise ValueError("flag ids must be unique within a review")
        return self
