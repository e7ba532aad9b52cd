"""评测: suites, runs, trends, and a diff of two runs down to the case."""

from __future__ import annotations

from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.ui import pictures, runs
from assistant.ui.access import Doorman, messages
from assistant.ui.desk import template

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_LISTED = 500


def build(blocks: gr.Blocks, doorman: Doorman) -> None:
    """Lay out the room and wire it."""
    words = doorman.words
    with gr.Row(equal_height=True, elem_id="eval-bar"):
        suite = gr.Dropdown([], label=words("suite"), scale=3, elem_id="suite")
        start = gr.Button(words("run_suite"), variant="primary", scale=1, elem_id="run-suite")
    state = gr.HTML(elem_id="suite-state", apply_default_css=False)
    with gr.Row(equal_height=True):
        before = gr.Dropdown([], label=words("older"), scale=2, elem_id="run-before")
        after = gr.Dropdown([], label=words("newer"), scale=2, elem_id="run-after")
        compare = gr.Button(words("compare"), scale=1, elem_id="compare-runs")
    difference = gr.HTML(elem_id="run-diff", apply_default_css=False)
    room = _Bench(doorman)
    shown = [suite, state, before, after]
    blocks.load(room.show, suite, shown, **QUIET)
    suite.input(room.show, suite, shown, **QUIET)
    start.click(
        room.run, suite, state, api_visibility="private", concurrency_limit=1, show_progress_on=state
    ).success(room.show, suite, shown, **QUIET)
    compare.click(room.compare, [before, after], difference, **QUIET)


class _Bench:
    """The handlers of the room."""

    def __init__(self, doorman: Doorman) -> None:
        self._doorman, self._words = doorman, doorman.words

    def show(self, suite: str | None, request: gr.Request) -> list[Any]:
        """Show the suites, the chosen one's runs and trends."""
        with messages():
            if self._doorman.room(request).user.role not in ("evaluator", "admin"):
                return [gr.skip()] * 4
            listed = runs.suites()
            names = [line.name for line in listed if not line.problem]
            chosen = suite if suite in names else (names[0] if names else None)
            kept = runs.stored(self._doorman.settings)
            own = [name for name, run in kept.items() if run.get("suite") == chosen]
            html = template("evals.html.j2").render(
                t=self._words,
                suites=listed,
                chosen=chosen,
                runs=[(name, kept[name]) for name in own],
                trends=[
                    (metric, values[-1], pictures.trend(values), len(values))
                    for metric, values in runs.trends(kept, chosen or "").items()
                ],
            )
            return [
                gr.update(choices=names, value=chosen),
                html,
                gr.update(choices=own, value=own[1] if len(own) > 1 else None),
                gr.update(choices=own, value=own[0] if own else None),
            ]

    def run(
        self,
        suite: str | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008  Gradio finds its progress bar in this default
    ) -> Any:
        """Run a suite without a model."""
        with messages():
            self._doorman.enter(request, "evaluator")
            if not suite:
                raise gr.Error(self._words("choose_suite"), print_exception=False, title="没有完成")
            runs.run(suite, self._doorman.settings, lambda done, total: progress((done, total), desc=suite))
            return gr.skip()

    def compare(self, before: str | None, after: str | None, request: gr.Request) -> Markup:
        """Compare two stored runs item by item."""
        with messages():
            self._doorman.enter(request, "evaluator")
            kept = runs.stored(self._doorman.settings)
            if before not in kept or after not in kept:
                raise gr.Error(self._words("choose_runs"), print_exception=False, title="没有完成")
            old, new = kept[before], kept[after]
            comparison = runs.harness("command").compare(old, new, None)
            html = template("rundiff.html.j2").render(
                t=self._words,
                comparison=comparison,
                outcomes=runs.harness("present").OUTCOMES,
                changes=runs.changes(old, new)[:_LISTED],
            )
            return Markup(html)  # noqa: S704  the template escapes
