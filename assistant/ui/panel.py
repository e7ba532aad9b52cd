"""评审: the queue, riskiest first, the chair's tools, and one submission on the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from assistant.triage.queue import Filter
from assistant.triage.submissions import Upload
from assistant.ui import chair
from assistant.ui.access import Doorman, messages
from assistant.ui.desk import gather, render
from assistant.ui.forms import Stated, stated_inputs, taken
from assistant.ui.queueview import PAGE, Filters, queue_html

DESK_JS = (Path(__file__).parent / "assets" / "desk.js").read_text("utf-8")
PICK_JS = """
const open = event => {
  const row = event.target.closest('[data-id]');
  if (!row || event.target.closest('[data-delete]')) return;
  if (event.type === 'keydown' && event.key !== 'Enter') return;
  trigger('click', {id: row.dataset.id, tab: row.dataset.tab || ''});
};
element.addEventListener('click', open);
element.addEventListener('keydown', open);
"""
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


class Shelf(NamedTuple):
    """The components of the queue's side."""

    column: Any
    filters: Filters
    listing: Any
    offset: Any
    later: Any
    earlier: Any


class Table(NamedTuple):
    """The components of the desk's side."""

    column: Any
    html: Any
    current: Any
    back: Any
    following: Any


def build(blocks: gr.Blocks, doorman: Doorman) -> None:
    """Lay out the room and wire it."""
    words = doorman.words
    with gr.Column(visible=True) as column, gr.Tabs(elem_id="panel-tabs"):
        with gr.Tab(words("queue"), id="queue"):
            intake = _Intake(blocks, doorman)
            filters = Filters(words)
            offset = gr.State(0)
            listing = gr.HTML(js_on_load=PICK_JS, elem_id="queue", apply_default_css=False)
            with gr.Row(elem_id="pager"):
                earlier = gr.Button(words("earlier"), size="sm", min_width=80)
                later = gr.Button(words("later"), size="sm", min_width=80)
        with gr.Tab(words("chair"), id="chair", visible=doorman.alone) as tools:
            chairs = chair.build(blocks, doorman, tools)
    shelf = Shelf(column, filters, listing, offset, later, earlier)
    with gr.Column(visible=False) as other:
        with gr.Row(elem_id="desk-bar"):
            back = gr.Button(words("back"), size="sm", min_width=100, scale=0, elem_id="back")
            following = gr.Button(words("next_one"), size="sm", min_width=100, scale=0, elem_id="next")
        html = gr.HTML(js_on_load=DESK_JS, elem_id="desk", apply_default_css=False)
    table = Table(other, html, gr.State(""), back, following)
    refresh = _wire_queue(blocks, doorman, shelf, intake)
    _wire_desk(doorman, shelf, table, chairs.picked)
    shut = [gr.update(visible=False), gr.update(visible=True)]
    back.click(lambda: shut, None, [other, column], **QUIET).then(*refresh, **QUIET).then(
        *chairs.refresh, **QUIET
    )


def _wire_queue(blocks: gr.Blocks, doorman: Doorman, shelf: Shelf, intake: _Intake) -> tuple[Any, ...]:
    filters, offset = shelf.filters, shelf.offset
    inputs = {*filters.parts, offset}

    def page(data: dict[Any, Any], request: gr.Request, move: int) -> list[Any]:
        with messages():
            room = doorman.enter(request, "panel")
            start = max(0, int(data[offset] or 0) + move * PAGE) if move else 0
            found = room.queue(filters.wanted(data), offset=start, limit=PAGE)
            if not found.entries and start:
                start = max(0, (found.total - 1) // PAGE * PAGE)
                found = room.queue(filters.wanted(data), offset=start, limit=PAGE)
            narrowed = filters.wanted(data) != Filter()
            html = queue_html(found, doorman.words, start=start, narrowed=narrowed, role=room.user.role)
            ends = gr.update(visible=start + PAGE < found.total), gr.update(visible=start > 0)
            return [html, start, *ends]

    def first(data: dict[Any, Any], request: gr.Request) -> list[Any]:
        return page(data, request, 0)

    def later(data: dict[Any, Any], request: gr.Request) -> list[Any]:
        return page(data, request, 1)

    def earlier(data: dict[Any, Any], request: gr.Request) -> list[Any]:
        return page(data, request, -1)

    def offer(request: gr.Request) -> list[Any]:
        room = doorman.room(request)
        return (
            filters.offer(room.facets())
            if room.user.role in ("chair", "reviewer", "admin")
            else [gr.skip()] * 2
        )

    outputs = [shelf.listing, offset, shelf.later, shelf.earlier]
    choices = [filters.jurisdiction, filters.industry]
    blocks.load(_only_inside(doorman, first, len(outputs)), inputs, outputs, **QUIET)
    blocks.load(offer, None, choices, **QUIET)
    gr.on(
        [part.change for part in filters.parts], first, inputs, outputs, trigger_mode="always_last", **QUIET
    )
    shelf.later.click(later, inputs, outputs, **QUIET)
    shelf.earlier.click(earlier, inputs, outputs, **QUIET)
    intake.done.success(first, inputs, outputs, **QUIET).then(offer, None, choices, **QUIET)
    return first, inputs, outputs


def _only_inside(doorman: Doorman, handler: Any, outputs: int) -> Any:
    """Leave the room empty, without a message, for roles that do not see it."""

    def run(data: dict[Any, Any], request: gr.Request) -> list[Any]:
        if doorman.room(request).user.role not in ("chair", "reviewer", "admin"):
            return [gr.skip()] * outputs
        found: list[Any] = handler(data, request)
        return found

    return run


def _wire_desk(doorman: Doorman, shelf: Shelf, table: Table, picked: Any) -> None:
    filters, words = shelf.filters, doorman.words
    outputs = [table.html, table.current, table.column, shelf.column]

    def show(identifier: str, tab: str, request: gr.Request) -> list[Any]:
        with messages():
            desk = gather(doorman.enter(request, "panel"), identifier, doorman.read)
            html = render(desk, words, tab=tab if tab == "opinion" else "findings")
            return [html, identifier, gr.update(visible=True), gr.update(visible=False)]

    def open_one(event: gr.EventData, request: gr.Request) -> list[Any]:
        return show(str(event.id), str(getattr(event, "tab", "") or ""), request)

    def open_next(data: dict[Any, Any], request: gr.Request) -> list[Any]:
        with messages():
            room = doorman.enter(request, "panel")
            listed = [entry.id for entry in room.queue(filters.wanted(data), limit=1000).entries]
            at = listed.index(data[table.current]) if data[table.current] in listed else -1
            if at + 1 >= len(listed):
                raise gr.Error(words("last_one"), print_exception=False, title="没有完成")
            return show(listed[at + 1], "", request)

    for source in (shelf.listing, picked):
        source.click(open_one, None, outputs, **QUIET)
    table.html.submit(open_one, None, outputs, **QUIET)
    table.following.click(open_next, {*filters.parts, table.current}, outputs, **QUIET)


class _Intake:
    """Taking declarations in: for chairs and administrators."""

    def __init__(self, blocks: gr.Blocks, doorman: Doorman) -> None:
        words = doorman.words
        self._doorman = doorman
        box = gr.Accordion(words("intake"), open=False, visible=doorman.alone, elem_id="intake")
        with box, gr.Row():
            with gr.Column(scale=2, min_width=280):
                self._files = gr.File(label=words("upload"), file_count="multiple", height=150)
            with gr.Column(scale=3):
                self._stated: Stated = stated_inputs(words, doorman.settings)
                self._panel = gr.Dropdown([(words("no_panel"), 0)], value=0, label=words("into_panel"))
                start = gr.Button(words("submit"), variant="primary", elem_id="take-in")
        inputs = {self._files, self._panel, *self._stated.parts}
        self.done = start.click(
            self._take, inputs, [self._files], api_visibility="private", concurrency_limit=2
        )
        blocks.load(self._offer, None, [box, self._panel], **QUIET)

    def _offer(self, request: gr.Request) -> list[Any]:
        room = self._doorman.room(request)
        if room.user.role not in ("chair", "admin"):
            return [gr.update(visible=False), gr.skip()]
        choices = [(self._doorman.words("no_panel"), 0), *((p.name, p.id) for p in room.panels())]
        return [gr.update(visible=True), gr.update(choices=choices)]

    def _take(
        self,
        data: dict[Any, Any],
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008  Gradio finds its progress bar in this default
    ) -> Any:
        with messages():
            words = self._doorman.words
            room = self._doorman.enter(request, "panel")
            paths = data[self._files] or []
            if not paths:
                raise gr.Error(words("choose_files"), print_exception=False, title="没有完成")
            options = self._stated.options(data, self._doorman.settings)
            panel = int(data[self._panel] or 0) or None
            for path in progress.tqdm(paths, desc=words("reading")):
                name, content = taken(path)
                outcome = self._doorman.review(Path(path), options)
                identifier = room.add(Upload(name, content, outcome.review))
                if panel is not None:
                    room.move_to_panel(identifier, panel)
                Path(path).unlink(missing_ok=True)
            gr.Info(words("added", count=len(paths)), title=words("done"))
            return None
