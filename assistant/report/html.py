"""The report as one HTML file that works offline: findings left, the declaration right."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from assistant.document import Document
from assistant.labels import STAGES, STATUSES, TOPICS, label
from assistant.records import Review
from assistant.report import facts
from assistant.report.citation import cite
from assistant.report.findings import findings
from assistant.report.layout import document_html


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("assistant.report", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("review.html.j2")


def render_html(review: Review, document: Document) -> str:
    """Return one self-contained HTML page (styles and script inside, nothing fetched)."""
    shown = findings(review)
    declaration = review.declaration
    marks = [(finding.key, span) for finding in shown for span in finding.spans]
    marks += [(f"scene-{i}", s) for i, scene in enumerate(facts.scenes_of(declaration)) for s in scene.spans]
    marks += [(f"kpi-{i}", s) for i, kpi in enumerate(facts.kpis_of(declaration)) for s in kpi.spans]
    return _template().render(
        review=review,
        facts=facts.heading_facts(review),
        summary=facts.summary_line(review),
        notice=facts.NOTICE,
        findings=shown,
        scenes=[facts.scene_row(scene) for scene in facts.scenes_of(declaration)],
        kpis=[facts.kpi_row(kpi) for kpi in facts.kpis_of(declaration)],
        topic=lambda key: label(TOPICS, key),
        status=lambda key: label(STATUSES, key),
        stage=lambda key: label(STAGES, key),
        cite=cite,
        text=document_html(document, marks),
        hidden=document.hidden,
    )
