"""预审: an enterprise checks a draft, sees what is in the way, compares it with the last one, and files it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.labels import TOPICS
from assistant.pipeline import Outcome
from assistant.records import Review
from assistant.report import findings
from assistant.report.citation import cite
from assistant.report.drafts import DraftComparison, compare_drafts
from assistant.triage.queue import STATE_NAMES, Filter
from assistant.triage.room import Room
from assistant.triage.submissions import Upload
from assistant.ui import pictures
from assistant.ui.access import Doorman, messages
from assistant.ui.desk import gather, render, template
from assistant.ui.forms import Stated, stated_inputs, taken
from assistant.ui.panel import DESK_JS, PICK_JS
from assistant.ui.texts import Words

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# Deleting is a plain request to our own checked address; the list is then asked for again.
_LIST_JS = (
    PICK_JS
    + """
element.addEventListener('click', async event => {
  const button = event.target.closest('[data-delete]');
  if (!button || !confirm(button.dataset.sure)) return;
  await fetch('/api/submissions/' + button.dataset.delete, {
    method: 'DELETE', headers: {'X-Requested-With': 'assistant', 'Content-Type': 'application/json'}, body: '{}',
  });
  trigger('submit', {});
});
"""
)


def build(blocks: gr.Blocks, doorman: Doorman) -> None:
    """Lay out the room and wire it."""
    words = doorman.words
    with gr.Row():
        with gr.Column(scale=2, min_width=280):
            files = gr.File(
                label=words("draft_files"), file_count="multiple", height=176, elem_id="draft-files"
            )
        with gr.Column(scale=3):
            stated = stated_inputs(words, doorman.settings)
            with gr.Row(equal_height=True):
                previous = gr.Dropdown(
                    [(words("no_compare"), "")],
                    value="",
                    label=words("previous"),
                    scale=3,
                    elem_id="previous",
                )
                start = gr.Button(words("run"), variant="primary", scale=1, elem_id="check-draft")
    nothing = Markup('<div class="empty">{}</div>').format(words("no_drafts"))
    gap = gr.HTML(nothing, elem_id="gap", apply_default_css=False)
    current = gr.State("")
    file_it = gr.Button(words("file_it"), visible=False, size="sm", elem_id="file-it")
    with gr.Accordion(words("see_draft"), open=False, visible=False) as beside:
        desk = gr.HTML(js_on_load=DESK_JS, elem_id="draft-desk", apply_default_css=False)
    mine = gr.HTML(js_on_load=_LIST_JS, elem_id="drafts", apply_default_css=False)
    room = _Drafts(doorman, stated, files, previous)
    outputs = [gap, current, file_it, beside, desk, files]
    listed = [mine, previous]
    blocks.load(room.listed, None, listed, **QUIET)
    start.click(
        room.run,
        {files, previous, *stated.parts},
        outputs,
        api_visibility="private",
        concurrency_limit=2,
        show_progress_on=gap,
    ).success(room.listed, None, listed, **QUIET)
    mine.click(room.reopen, None, outputs[:-1], **QUIET)
    mine.submit(room.listed, None, listed, **QUIET)
    file_it.click(room.file, current, file_it, **QUIET).success(room.listed, None, listed, **QUIET)


class _Drafts:
    """The handlers of the room."""

    def __init__(self, doorman: Doorman, stated: Stated, files: Any, previous: Any) -> None:
        self._doorman, self._stated, self._files, self._previous = doorman, stated, files, previous
        self._words = doorman.words

    def listed(self, request: gr.Request) -> list[Any]:
        """Return the enterprise's own files, newest first, and what can be compared with."""
        with messages():
            room = self._doorman.room(request)
            if room.user.role not in ("enterprise", "admin"):
                return [gr.skip(), gr.skip()]
            drafts = room.queue(Filter(kind="draft"), limit=200).entries
            filed = room.queue(Filter(), limit=200).entries if room.user.role == "enterprise" else ()
            rows = [(e, "draft") for e in drafts] + [(e, "formal") for e in filed]
            rows.sort(key=lambda row: row[0].created_at, reverse=True)
            html = template("drafts.html.j2").render(rows=rows, t=self._words, states=STATE_NAMES)
            recent = sorted(drafts, key=lambda entry: entry.created_at, reverse=True)
            choices = [(f"{e.file_name}（{e.created_at:%m-%d %H:%M}）", e.id) for e in recent]
            empty = (self._words("no_compare"), "")
            return [html, gr.update(choices=[empty, *choices], value=recent[0].id if recent else "")]

    def run(
        self,
        data: dict[Any, Any],
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008  Gradio finds its progress bar in this default
    ) -> list[Any]:
        """Review the chosen files and show the gaps; the first is compared with the earlier draft."""
        with messages():
            room = self._doorman.enter(request, "enterprise")
            paths = data[self._files] or []
            if not paths:
                raise gr.Error(self._words("choose_files"), print_exception=False, title="没有完成")
            options = self._stated.options(data, self._doorman.settings)
            previous = data[self._previous] or None
            earlier = room.open(previous).review if previous else None
            found: list[tuple[str, Outcome]] = []
            for path in progress.tqdm(paths, desc=self._words("reading")):
                name, content = taken(path)
                outcome = self._doorman.review(Path(path), options)
                identifier = room.add(Upload(name, content, outcome.review, "draft", previous=previous))
                found.append((identifier, outcome))
                Path(path).unlink(missing_ok=True)
            reports = [
                gap_report(identifier, outcome.review, self._words, earlier if number == 0 else None)
                for number, (identifier, outcome) in enumerate(found)
            ]
            return [*self._shown(room, found[0][0], Markup("\n").join(reports)), None]

    def reopen(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """Show an earlier result again."""
        with messages():
            room = self._doorman.enter(request, "enterprise")
            opened = room.open(str(event.id))
            earlier = room.open(opened.previous).review if opened.previous else None
            return self._shown(room, opened.id, gap_report(opened.id, opened.review, self._words, earlier))

    def file(self, identifier: str, request: gr.Request) -> Any:
        """File a draft as a submission."""
        with messages():
            room = self._doorman.enter(request, "enterprise")
            opened = room.open(identifier)
            room.add(Upload(opened.file_name, room.file(identifier), opened.review, previous=identifier))
            gr.Info(self._words("filed"), title=self._words("done"))
            return gr.update(visible=False)

    def _shown(self, room: Room, identifier: str, report: Markup) -> list[Any]:
        desk = gather(room, identifier, self._doorman.read)
        is_draft = desk.opened.kind == "draft"
        return [
            report,
            identifier,
            gr.update(visible=is_draft),
            gr.update(visible=True),
            render(desk, self._words),
        ]


def gap_report(identifier: str, review: Review, words: Words, earlier: Review | None = None) -> Markup:
    """Return what stands in the way, what is missing for the next tier, and what changed, as HTML."""
    shown = findings(review)
    document = review.declaration.document
    compared: DraftComparison | None = compare_drafts(earlier, review) if earlier else None
    html = template("gap.html.j2").render(
        t=words,
        id=identifier,
        review=review,
        name=(document.name if document else None) or "",
        blocking=[f for f in shown if f.grade in ("fail", "high")],
        missing=[f for f in shown if f.grade == "unknown"],
        softer=[f for f in shown if f.grade not in ("fail", "high", "unknown")],
        ladder=pictures.ladder(review, words),
        topic=lambda key: words.pick(TOPICS.get(key, (key, key))),
        compared=compared,
        cite=cite,
    )
    return Markup(html)  # noqa: S704  the template escapes
