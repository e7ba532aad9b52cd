"""评审: the queue, riskiest first, and one submission on the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.labels import FLAG_KINDS
from assistant.records import TIERS
from assistant.triage.queue import STATE_NAMES, Filter, Queue
from assistant.triage.submissions import Upload
from assistant.ui.access import Doorman, messages
from assistant.ui.desk import gather, render, template
from assistant.ui.forms import options_from, stated_inputs, tier_choices
from assistant.ui.texts import say

DESK_JS = (Path(__file__).parent / "assets" / "desk.js").read_text("utf-8")
_QUEUE_JS = """
const open = event => {
  const row = event.target.closest('tr[data-id]');
  if (row && (event.type === 'click' || event.key === 'Enter')) trigger('click', {id: row.dataset.id});
};
element.addEventListener('click', open);
element.addEventListener('keydown', open);
"""
PAGE = 50


def build(blocks: gr.Blocks, doorman: Doorman) -> None:
    """Lay out the room and wire it."""
    with gr.Accordion(say("submit"), open=False):
        files = gr.File(label=say("upload"), file_count="multiple")
        stated = stated_inputs()
        take_in = gr.Button(say("submit"), variant="primary")
    with gr.Row():
        words = gr.Textbox(label=say("search"), scale=3)
        tier = gr.Dropdown(tier_choices(""), value="", label=say("tier"))
        state = gr.Dropdown(
            [("", ""), *((n, k) for k, n in STATE_NAMES.items())], value="", label=say("state")
        )
        kind = gr.Dropdown(
            [("", ""), *((n[0], k) for k, n in FLAG_KINDS.items())], value="", label=say("flag_kind")
        )
        mine = gr.Checkbox(label=say("awaiting"))
    filters: list[Any] = [words, tier, state, kind, mine]
    listing = gr.HTML(elem_classes=["queue"], js_on_load=_QUEUE_JS, elem_id="queue")
    desk = gr.HTML(js_on_load=DESK_JS, elem_id="desk", apply_default_css=False)

    def show(*values: Any, request: gr.Request) -> str:
        with messages():
            return queue_html(doorman.room(request).queue(_filter(*values), limit=PAGE))

    def list_queue(words: str, tier: str, state: str, kind: str, mine: bool, request: gr.Request) -> str:
        return show(words, tier, state, kind, mine, request=request)

    def open_submission(event: gr.EventData, request: gr.Request) -> str:
        with messages():
            return render(gather(doorman.room(request), str(event.id), doorman.read))

    def add(
        paths: list[str], jurisdiction: str, tier: str, as_of: str, request: gr.Request, progress: gr.Progress = gr.Progress()
    ) -> None:  # fmt: skip
        with messages():
            options = options_from(jurisdiction, tier, as_of, doorman.settings)
            room = doorman.room(request)
            for path in progress.tqdm(paths or [], desc=say("submit")):
                outcome = doorman.review(Path(path), options)
                room.add(Upload(Path(path).name, Path(path).read_bytes(), outcome.review))

    blocks.load(list_queue, filters, listing, api_name=False)
    for control in filters:
        control.change(list_queue, filters, listing, api_name=False)
    take_in.click(add, [files, *stated], None, api_name=False).success(
        list_queue, filters, listing, api_name=False
    )
    listing.click(open_submission, None, desk, api_name=False)
    desk.submit(open_submission, None, desk, api_name=False)


def _filter(words: str, tier: str, state: str, kind: str, mine: bool) -> Filter:
    wanted_state = next((key for key in ("new", "reviewing", "conflict", "decided") if key == state), None)
    return Filter(
        tier=tier if tier in TIERS else None,
        state=wanted_state,  # type: ignore[arg-type]  # one of the literals above
        flag_kind=kind or None,
        search=words or "",
        awaiting=mine,
    )


def queue_html(queue: Queue) -> Markup:
    """Return the queue as a table with its progress."""
    return Markup(template("queue.html.j2").render(queue=queue, states=STATE_NAMES, empty=say("empty_queue")))  # noqa: S704
