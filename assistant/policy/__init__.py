"""The policy corpus as data: documents, catalogues, KPI lists, crosswalk, jurisdictions, rules.

``policy.load()`` opens it; the ``…_json`` functions give what ``assistant policy …`` prints.
"""

from assistant.policy.answers import diff_json, kpis_json, rules_json, scenes_json
from assistant.policy.articles import Article
from assistant.policy.load import Policy, load
from assistant.policy.model import (
    ELEMENT_KINDS,
    GROUPS,
    Catalog,
    CatalogScene,
    Crosswalk,
    CrosswalkRow,
    Jurisdiction,
    KpiDef,
    SourceDocument,
)
from assistant.policy.rules import TOPICS, Rule

__all__ = [
    "ELEMENT_KINDS",
    "GROUPS",
    "TOPICS",
    "Article",
    "Catalog",
    "CatalogScene",
    "Crosswalk",
    "CrosswalkRow",
    "Jurisdiction",
    "KpiDef",
    "Policy",
    "Rule",
    "SourceDocument",
    "diff_json",
    "kpis_json",
    "load",
    "rules_json",
    "scenes_json",
]
