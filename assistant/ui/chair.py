"""The chair's tools: panels, blind switch, assignment, differences, agreement, drift, the list to send on."""

from __future__ import annotations

from typing import Any, NamedTuple

import gradio as gr
from markupsafe import Markup

from assistant.report.findings import findings
from assistant.resources import corpus
from assistant.triage.queue import STATE_NAMES, Entry, Filter
from assistant.triage.room import Room
from assistant.ui.access import Doorman, messages
from assistant.ui.desk import template
from assistant.ui.texts import Words

_LISTED = 300
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_PICK_JS = """
element.addEventListener('click', event => {
  const row = event.target.closest('[data-id]');
  if (row) trigger('click', {id: row.dataset.id, tab: 'opinion'});
});
"""


class Parts(NamedTuple):
    """The components that change together."""

    panel: Any
    pool: Any
    inside: Any
    reviewers: Any
    blind: Any
    what: Any
    figures: Any
    conflicts: Any


class Tools(NamedTuple):
    """What the room around needs: what opens a submission when clicked, and how to fill the tools in again."""

    picked: Any
    refresh: tuple[Any, ...]


def build(blocks: gr.Blocks, doorman: Doorman, tab: Any) -> Tools:
    """Lay out the tools and wire them; returns what opens a submission when clicked."""
    words = doorman.words
    with gr.Row(equal_height=False):
        with gr.Column(scale=3):
            with gr.Row():
                panel = gr.Dropdown([], label=words("my_panels"), elem_id="panel-choice", scale=3)
                blind = gr.Button(
                    words("blind_on"), size="sm", scale=1, min_width=110, elem_id="blind-switch"
                )
                refresh = gr.Button(words("refresh"), size="sm", scale=1, min_width=80)
            pool = gr.CheckboxGroup([], label=words("pool"), elem_id="pool", elem_classes=["listing"])
            move = gr.Button(words("pool_move"), size="sm", elem_id="move")
            inside = gr.CheckboxGroup([], label=words("in_panel"), elem_id="inside", elem_classes=["listing"])
            with gr.Row():
                reviewers = gr.Dropdown(
                    [], label=words("give_to"), multiselect=True, elem_id="reviewers", scale=3
                )
                give = gr.Button(words("assign"), variant="primary", scale=1, elem_id="assign")
        with gr.Column(scale=2):
            conflicts = gr.HTML(js_on_load=_PICK_JS, elem_id="conflicts", apply_default_css=False)
            what = gr.Radio(
                [(words("on_opinions"), "opinions"), (words("on_decisions"), "decisions")],
                value="opinions",
                label=words("agreement_on"),
            )
            figures = gr.HTML(elem_id="agreement", apply_default_css=False)
            created = _new_panel(doorman)
    parts = Parts(panel, pool, inside, reviewers, blind, what, figures, conflicts)
    desk = _Desk(doorman, parts)
    inputs: set[Any] = {panel, what}
    outputs = list(parts)
    tab.select(desk.show, inputs, outputs, **QUIET)
    for source in (panel.input, what.input, refresh.click):
        source(desk.show, inputs, outputs, **QUIET)
    created.success(desk.show, inputs, outputs, **QUIET)
    for button, action, extra in ((move, desk.move, {pool}), (give, desk.give, {inside, reviewers})):
        button.click(action, inputs | extra, None, **QUIET).success(desk.show, inputs, outputs, **QUIET)
    blind.click(desk.switch, inputs, None, **QUIET).success(desk.show, inputs, outputs, **QUIET)
    blocks.load(desk.greet, None, tab, **QUIET)
    return Tools(conflicts, (desk.again, inputs, outputs))


def _new_panel(doorman: Doorman) -> Any:
    """Lay out the form for a new panel; returns its event."""
    words = doorman.words
    rubrics = sorted(path.stem for path in (corpus() / "rubrics").glob("*.yaml"))
    with gr.Accordion(words("new_panel"), open=True):
        name = gr.Textbox(label=words("panel_name"), max_lines=1, elem_id="panel-name")
        with gr.Row():
            blind = gr.Checkbox(label=words("blind"), value=True, scale=2)
            rubric = gr.Dropdown(rubrics, value=rubrics[0] if rubrics else None, label=words("rubric"))
        button = gr.Button(words("create"), size="sm", elem_id="create-panel")

    def create(called: str, first: bool, sheet: str, request: gr.Request) -> str:
        with messages():
            doorman.enter(request, "panel").create_panel(called or "", blind=bool(first), rubric=sheet)
            gr.Info(words("created"), title=words("done"))
            return ""

    return button.click(create, [name, blind, rubric], name, **QUIET)


class _Desk:
    """The handlers; ``data`` maps components to their values."""

    def __init__(self, doorman: Doorman, parts: Parts) -> None:
        self._doorman, self._parts, self._words = doorman, parts, doorman.words

    def greet(self, request: gr.Request) -> Any:
        """Show the tab to chairs and administrators."""
        return gr.update(visible=self._doorman.room(request).user.role in ("chair", "admin"))

    def again(self, data: dict[Any, Any], request: gr.Request) -> list[Any]:
        """Fill in everything after a look at the desk; nothing for those who do not see these tools."""
        if self._doorman.room(request).user.role not in ("chair", "admin"):
            return [gr.skip()] * len(self._parts)
        return self.show(data, request)

    def show(self, data: dict[Any, Any], request: gr.Request) -> list[Any]:
        """Fill in everything for the chosen panel, the first one when none is chosen."""
        with messages():
            room = self._doorman.enter(request, "panel")
            panels = room.panels()
            chosen = next(
                (p for p in panels if p.id == data[self._parts.panel]), panels[0] if panels else None
            )
            free = room.queue(Filter(free=True), limit=_LISTED).entries
            inside = room.queue(Filter(panel=chosen.id), limit=_LISTED).entries if chosen else ()
            words = self._words
            return [
                gr.update(choices=[(p.name, p.id) for p in panels], value=chosen.id if chosen else None),
                gr.update(choices=[_line(entry) for entry in free], value=[]),
                gr.update(choices=[_line(entry) for entry in inside], value=[]),
                gr.update(choices=list(room.reviewers())),
                gr.update(
                    value=words("blind_off" if chosen and chosen.blind else "blind_on"),
                    interactive=bool(chosen),
                ),
                gr.skip(),
                figures_html(room, chosen.id if chosen else None, data[self._parts.what], words),
                conflicts_html(room, words),
            ]

    def move(self, data: dict[Any, Any], request: gr.Request) -> None:
        """Put submissions before the panel."""
        with messages():
            room, panel = self._doorman.enter(request, "panel"), self._panel(data)
            for identifier in data[self._parts.pool] or ():
                room.move_to_panel(identifier, panel)
            gr.Info(self._words("moved", count=len(data[self._parts.pool] or ())), title=self._words("done"))

    def give(self, data: dict[Any, Any], request: gr.Request) -> None:
        """Assign submissions to reviewers."""
        with messages():
            room = self._doorman.enter(request, "panel")
            chosen, names = data[self._parts.inside] or (), data[self._parts.reviewers] or ()
            if not chosen or not names:
                raise gr.Error(self._words("choose_some"), print_exception=False, title="没有完成")
            for identifier in chosen:
                for name in names:
                    room.assign(identifier, name)
            gr.Info(self._words("assigned"), title=self._words("done"))

    def switch(self, data: dict[Any, Any], request: gr.Request) -> None:
        """Turn blind-first on or off."""
        with messages():
            room, panel = self._doorman.enter(request, "panel"), self._panel(data)
            now = next((p.blind for p in room.panels() if p.id == panel), True)
            room.set_blind(panel, blind=not now)

    def _panel(self, data: dict[Any, Any]) -> int:
        if not data[self._parts.panel]:
            raise gr.Error(self._words("choose_panel"), print_exception=False, title="没有完成")
        return int(data[self._parts.panel])


def _line(entry: Entry) -> tuple[str, str]:
    seats = f"{entry.opinions}/{entry.assigned}" if entry.assigned else ""
    parts = (entry.enterprise or entry.file_name, entry.tier, STATE_NAMES[entry.state], seats)
    return "　".join(part for part in parts if part), entry.id


def figures_html(room: Room, panel: int | None, what: str, words: Words) -> Markup:
    """Return agreement and drift of a panel."""
    if panel is None:
        return Markup('<div class="empty">{}</div>').format(words("no_panels"))
    html = template("agreement.html.j2").render(
        t=words, a=room.agreement(panel, what), drift=room.drift(panel), panel=panel
    )
    return Markup(html)  # noqa: S704  the template escapes


def conflicts_html(room: Room, words: Words) -> Markup:
    """Return the open differences of what the chair may see."""
    rows = []
    for conflict in room.conflicts()[:_LISTED]:
        opened = room.open(conflict.submission)
        titles = {f.key: f.title for f in findings(opened.review)}
        enterprise = opened.review.declaration.enterprise
        name = (enterprise.name if enterprise else None) or opened.file_name
        about = titles.get(conflict.finding, conflict.finding) if conflict.finding else words("overall")
        rows.append((conflict.submission, name, about, conflict.verdicts))
    return Markup(template("conflicts.html.j2").render(t=words, rows=rows))  # noqa: S704  the template escapes
