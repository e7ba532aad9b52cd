"""The records that stages hand to one another and that the commands print.

Source of every field: the public contract (schema version 1.0). ``None`` means that the document
does not say; an empty tuple means that it was read and there is none. Policy terms stay Chinese.
"""

from __future__ import annotations

from assistant.records.base import (
    SCHEMA_VERSION,
    TIERS,
    Accident,
    CatalogName,
    Number,
    Record,
    Severity,
    Span,
    Status,
    Tier,
)
from assistant.records.checks import (
    CheckReport,
    CheckSummary,
    Clause,
    PolicyContext,
    RuleResult,
)
from assistant.records.declaration import (
    Application,
    Attachment,
    Conduct,
    Declaration,
    DocumentInfo,
    Enterprise,
    FormFacts,
    FormImage,
    KpiClaim,
    Maturity,
    PageQuality,
    PriorRecognition,
    Quality,
    Quarantined,
    SceneClaim,
    SceneElements,
    Statement,
)
from assistant.records.review import (
    ClaimRef,
    Flag,
    FlagKind,
    Manifest,
    Problem,
    Review,
)

__all__ = [
    "SCHEMA_VERSION",
    "TIERS",
    "Accident",
    "Application",
    "Attachment",
    "CatalogName",
    "CheckReport",
    "CheckSummary",
    "ClaimRef",
    "Clause",
    "Conduct",
    "Declaration",
    "DocumentInfo",
    "Enterprise",
    "Flag",
    "FlagKind",
    "FormFacts",
    "FormImage",
    "KpiClaim",
    "Manifest",
    "Maturity",
    "Number",
    "PageQuality",
    "PolicyContext",
    "PriorRecognition",
    "Problem",
    "Quality",
    "Quarantined",
    "Record",
    "Review",
    "RuleResult",
    "SceneClaim",
    "SceneElements",
    "Severity",
    "Span",
    "Statement",
    "Status",
    "Tier",
]
