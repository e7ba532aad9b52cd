"""政策: ask and search, documents, catalogues, KPI lists, crosswalk, rules by province, tier and date."""

from __future__ import annotations

from datetime import date
from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant import policy
from assistant.errors import UsageError
from assistant.labels import TOPICS
from assistant.records import TIERS
from assistant.report.citation import cite
from assistant.ui import retrieval
from assistant.ui.access import Doorman, messages
from assistant.ui.desk import template
from assistant.ui.texts import Words

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
CATALOGS = ("2025", "2024")
_PICK_JS = """
element.addEventListener('click', event => {
  const row = event.target.closest('[data-document]');
  if (row) trigger('click', {document: row.dataset.document});
});
"""


def build(blocks: gr.Blocks, doorman: Doorman) -> None:
    """Lay out the room and wire it."""
    words = doorman.words
    with gr.Tabs(elem_id="policy-tabs"):
        with gr.Tab(words("find"), id="find"):
            _find(doorman)
        with gr.Tab(words("documents"), id="documents"):
            _documents(blocks, doorman)
        with gr.Tab(words("catalogs"), id="catalogs"):
            _by_catalog(blocks, doorman, scenes_html)
        with gr.Tab(words("kpi_lists"), id="kpis"):
            _by_catalog(blocks, doorman, kpis_html)
        with gr.Tab(words("crosswalk"), id="crosswalk"):
            gr.HTML(crosswalk_html(words), apply_default_css=False)
        with gr.Tab(words("rules"), id="rules"):
            _rules(blocks, doorman)


def _find(doorman: Doorman) -> None:
    words = doorman.words
    with gr.Row(equal_height=True):
        question = gr.Textbox(
            label=words("ask"), placeholder=words("ask_hint"), scale=5, max_lines=2, elem_id="question"
        )
        place = gr.Dropdown(
            [(words("in_policy"), "policy"), (words("in_2025"), "scenes-2025"), (words("in_2024"), "scenes-2024")],
            value="policy", label=words("search_in"), scale=2, min_width=160,
        )  # fmt: skip
        ask = gr.Button(words("ask"), variant="primary", scale=1, min_width=90, elem_id="ask")
        look_up = gr.Button(words("look_up"), scale=1, min_width=90, elem_id="look-up")
    answer = gr.HTML(elem_id="answer", apply_default_css=False)

    def topic(key: str) -> str:
        return words.pick(TOPICS.get(key, (key, key)))

    def asked(text: str, request: gr.Request) -> Markup:
        with messages():
            doorman.enter(request, "policy")
            given = retrieval.ask(_needed(text, words), doorman.settings)
            html = template("answer.html.j2").render(
                t=words, answer=given, hits=None, cite=_cited, topic=topic
            )
            return Markup(html)  # noqa: S704  the template escapes

    def looked_up(text: str, where: str, request: gr.Request) -> Markup:
        with messages():
            doorman.enter(request, "policy")
            hits = retrieval.search(_needed(text, words), where, 10, doorman.settings)["hits"]
            html = template("answer.html.j2").render(
                t=words, answer=None, hits=hits, cite=_cited, topic=topic
            )
            return Markup(html)  # noqa: S704  the template escapes

    wait: dict[str, Any] = {"api_visibility": "private", "show_progress": "minimal"}
    ask.click(asked, question, answer, **wait)
    question.submit(asked, question, answer, **wait)
    look_up.click(looked_up, [question, place], answer, **wait)


def _needed(text: str | None, words: Words) -> str:
    if not (text or "").strip():
        raise UsageError(words("ask_first"))
    return str(text).strip()[:500]


def _cited(document: str, article: str) -> str:
    from assistant.records import Clause

    return cite(Clause(document=document, article=article, quote=""), quote=False)


def _documents(blocks: gr.Blocks, doorman: Doorman) -> None:
    words = doorman.words
    with gr.Row(equal_height=False):
        with gr.Column(scale=2):
            listing = gr.HTML(js_on_load=_PICK_JS, elem_id="documents", apply_default_css=False)
        with gr.Column(scale=3):
            text = gr.HTML(
                Markup('<div class="empty">{}</div>').format(words("choose_document")),
                elem_id="document-text",
                apply_default_css=False,
            )

    def listed(request: gr.Request) -> Markup:
        with messages():
            doorman.enter(request, "policy")
            rows = list(policy.load().documents.values())
            return Markup(template("documents.html.j2").render(t=words, rows=rows))  # noqa: S704

    def read(event: gr.EventData, request: gr.Request) -> Markup:
        with messages():
            doorman.enter(request, "policy")
            corpus = policy.load()
            document = corpus.documents.get(str(event.document))
            if document is None:
                raise UsageError("政策库中没有这份文件", "请从列表中选择")
            html = template("document.html.j2").render(
                t=words, document=document, articles=corpus.articles(document.id), text=document.text
            )
            return Markup(html)  # noqa: S704  the template escapes

    blocks.load(listed, None, listing, **QUIET)
    listing.click(read, None, text, **QUIET)


def _by_catalog(blocks: gr.Blocks, doorman: Doorman, paint: Any) -> None:
    words = doorman.words
    choice = gr.Radio([(f"{name}年版", name) for name in CATALOGS], value=CATALOGS[0], label=words("catalog"))
    html = gr.HTML(apply_default_css=False)

    def show(catalog: str, request: gr.Request) -> Markup:
        with messages():
            doorman.enter(request, "policy")
            painted: Markup = paint(catalog, words)
            return painted

    blocks.load(show, choice, html, **QUIET)
    choice.change(show, choice, html, **QUIET)


def _rules(blocks: gr.Blocks, doorman: Doorman) -> None:
    words = doorman.words
    with gr.Row():
        place = gr.Dropdown(list(policy.load().jurisdictions), value="国家", label=words("jurisdiction"))
        tier = gr.Dropdown(
            [(words("any"), ""), *((t, t) for t in TIERS)], value="先进级", label=words("tier")
        )
        day = gr.Textbox(label=words("as_of"), placeholder="YYYY-MM-DD", max_lines=1, elem_id="rules-date")
    html = gr.HTML(elem_id="rules-table", apply_default_css=False)

    def show(where: str, level: str, as_of: str, request: gr.Request) -> Markup:
        with messages():
            doorman.enter(request, "policy")
            return rules_html(where, level, as_of, words)

    inputs = [place, tier, day]
    blocks.load(show, inputs, html, **QUIET)
    gr.on([place.change, tier.change, day.submit, day.blur], show, inputs, html, **QUIET)


def rules_html(place: str, tier: str, as_of: str | None, words: Words) -> Markup:
    """Return the rules in force as a table.

    Raises:
        UsageError: the date is none.
    """
    try:
        day = date.fromisoformat(as_of.strip()) if (as_of or "").strip() else None  # type: ignore[union-attr]
    except ValueError as error:
        raise UsageError(f"日期不可用：{as_of}", "请写成 YYYY-MM-DD") from error
    level = next((known for known in TIERS if known == tier), None)
    rules = policy.load().rules(place or None, level, day)
    html = template("rules.html.j2").render(
        t=words, rules=rules, cite=cite, topic=lambda key: words.pick(TOPICS.get(key, (key, key)))
    )
    return Markup(html)  # noqa: S704  the template escapes


def scenes_html(catalog: str, words: Words) -> Markup:
    """Return a scene catalogue as a table."""
    scenes = policy.load().catalog(catalog if catalog in CATALOGS else CATALOGS[0]).scenes
    return Markup(template("scenes.html.j2").render(t=words, scenes=scenes))  # noqa: S704


def kpis_html(catalog: str, words: Words) -> Markup:
    """Return a KPI list as a table."""
    kpis = policy.load().kpis(catalog if catalog in CATALOGS else CATALOGS[0])
    return Markup(template("kpis.html.j2").render(t=words, kpis=kpis))  # noqa: S704


def crosswalk_html(words: Words) -> Markup:
    """Return how the older lists became the newer ones."""
    corpus = policy.load()
    steps = corpus.crosswalk
    scenes = [{s.number: s.name for s in corpus.catalog(c).scenes} for c in (steps.older, steps.newer)]
    kpis = [{k.number: k.name for k in corpus.kpis(c)} for c in (steps.older, steps.newer)]
    html = template("crosswalk.html.j2").render(
        t=words, steps=steps, parts=[("scenes", steps.scenes, scenes), ("kpis", steps.kpis, kpis)]
    )
    return Markup(html)  # noqa: S704  the template escapes
