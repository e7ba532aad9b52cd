"""The queue's filters and its table."""

from __future__ import annotations

from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.labels import FLAG_KINDS
from assistant.records import TIERS
from assistant.triage.queue import STATE_NAMES, Facets, Filter, Queue
from assistant.ui.desk import template
from assistant.ui.forms import tier_choices
from assistant.ui.texts import Words

PAGE = 50


class Filters:
    """What narrows the queue."""

    def __init__(self, words: Words) -> None:
        self._all = words("any")
        states = [(self._all, ""), *((name, key) for key, name in STATE_NAMES.items())]
        kinds = [(self._all, ""), *((words.pick(name), key) for key, name in FLAG_KINDS.items())]
        with gr.Row(elem_id="filters", equal_height=True):
            self.search = gr.Textbox(
                label=words("search"),
                placeholder=words("search_hint"),
                scale=3,
                min_width=200,
                elem_id="search",
            )
            self.tier = gr.Dropdown(tier_choices(self._all), value="", label=words("tier"), min_width=110)
            self.jurisdiction = gr.Dropdown(
                [(self._all, "")], value="", label=words("jurisdiction"), min_width=110
            )
            self.industry = gr.Dropdown([(self._all, "")], value="", label=words("industry"), min_width=150)
            self.state = gr.Dropdown(states, value="", label=words("state"), min_width=110)
            self.kind = gr.Dropdown(kinds, value="", label=words("flag_kind"), min_width=150)
            self.awaiting = gr.Checkbox(label=words("awaiting"), min_width=150)

    @property
    def parts(self) -> tuple[Any, ...]:
        """All inputs."""
        return (
            self.search, self.tier, self.jurisdiction, self.industry, self.state, self.kind, self.awaiting,
        )  # fmt: skip

    def offer(self, facets: Facets) -> list[Any]:
        """Return the choices of jurisdiction and industry."""
        return [
            gr.update(choices=[(self._all, ""), *((v, v) for v in values)])
            for values in (facets.jurisdictions, facets.industries)
        ]

    def wanted(self, data: dict[Any, Any]) -> Filter:
        """Return the filter that is set; a value that there is not counts as none."""
        state = data[self.state] if data[self.state] in STATE_NAMES else None
        return Filter(
            tier=data[self.tier] if data[self.tier] in TIERS else None,
            jurisdiction=data[self.jurisdiction] or None,
            industry=data[self.industry] or None,
            state=state,
            flag_kind=data[self.kind] if data[self.kind] in FLAG_KINDS else None,
            search=data[self.search] or "",
            awaiting=bool(data[self.awaiting]),
        )


def queue_html(queue: Queue, words: Words, *, start: int, narrowed: bool, role: str) -> Markup:
    """Return a page of the queue as a table with its progress."""
    empty = "empty_match" if narrowed else "empty_reviewer" if role == "reviewer" else "empty_queue"
    html = template("queue.html.j2").render(
        queue=queue,
        states=STATE_NAMES,
        t=words,
        empty=words(empty),
        page=start // PAGE + 1,
        pages=max(1, -(-queue.total // PAGE)),
        first=start + 1,
        top=max((entry.risk for entry in queue.entries), default=0) or 1,
    )
    return Markup(html)  # noqa: S704  the template escapes
