"""预审: an enterprise checks a draft, sees what is in the way, and compares it with the last one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.check.advise import advise
from assistant.pipeline import Outcome
from assistant.report import findings, render
from assistant.report.citation import cite
from assistant.report.drafts import DraftComparison, compare_drafts
from assistant.triage.queue import Filter
from assistant.triage.room import Room
from assistant.triage.submissions import Upload
from assistant.ui.access import Doorman, messages
from assistant.ui.desk import gather, template
from assistant.ui.desk import render as render_desk
from assistant.ui.forms import options_from, stated_inputs
from assistant.ui.panel import DESK_JS
from assistant.ui.texts import say


def build(blocks: gr.Blocks, doorman: Doorman) -> None:
    """Lay out the room and wire it."""
    with gr.Row():
        with gr.Column(scale=2):
            files = gr.File(label=say("upload"), file_count="multiple")
        with gr.Column(scale=3):
            stated = stated_inputs()
            previous = gr.Dropdown([], label=say("previous"), value=None)
            start = gr.Button(say("run"), variant="primary")
    gap = gr.HTML(elem_id="gap", apply_default_css=False)
    with gr.Row():
        word = gr.DownloadButton("下载 Word 预审意见", visible=False)
        page = gr.DownloadButton("下载网页报告", visible=False)
    desk = gr.HTML(js_on_load=DESK_JS, elem_id="draft-desk", apply_default_css=False)

    def drafts(request: gr.Request) -> dict[str, Any]:
        with messages():
            entries = doorman.room(request).queue(Filter(kind="draft"), limit=100).entries
            recent = sorted(entries, key=lambda entry: entry.created_at, reverse=True)
            choices = [(f"{e.file_name}（{e.created_at:%Y-%m-%d %H:%M}）", e.id) for e in recent]
            return gr.update(choices=[("不比较", ""), *choices], value="")

    def run(
        paths: list[str] | None,
        jurisdiction: str,
        tier: str,
        as_of: str,
        previous: str,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008  Gradio finds its progress bar in this default
    ) -> tuple[str, Any, Any, str]:
        with messages():
            if not paths:
                raise gr.Error("请先选择申报书文件", print_exception=False)
            options = options_from(jurisdiction, tier, as_of, doorman.settings)
            room = doorman.room(request)
            outcomes: list[tuple[str, Outcome]] = []
            for path in progress.tqdm(paths, desc=say("run")):
                outcome = doorman.review(Path(path), options)
                upload = Upload(
                    Path(path).name,
                    Path(path).read_bytes(),
                    outcome.review,
                    "draft",
                    previous=previous or None,
                )
                outcomes.append((room.add(upload), outcome))
            return _shown(room, doorman, outcomes, previous)

    blocks.load(drafts, None, previous, api_name=False)
    start.click(run, [files, *stated, previous], [gap, word, page, desk], api_name=False).success(
        drafts, None, previous, api_name=False
    )


def _shown(
    room: Room, doorman: Doorman, outcomes: list[tuple[str, Outcome]], previous: str
) -> tuple[str, Any, Any, str]:
    identifier, first = outcomes[0]
    compared = compare_drafts(room.open(previous).review, first.review) if previous else None
    return (
        "\n".join(
            gap_report(outcome, compared if number == 0 else None)
            for number, (_, outcome) in enumerate(outcomes)
        ),
        gr.update(value=_file(first, "docx"), visible=True),
        gr.update(value=_file(first, "html"), visible=True),
        render_desk(gather(room, identifier, doorman.read)),
    )


def gap_report(outcome: Outcome, compared: DraftComparison | None = None) -> str:
    """Return what stands in the way, what is missing for the next tier, and what changed, as HTML."""
    review = outcome.review
    shown = findings(review)
    return template("gap.html.j2").render(
        review=review,
        name=outcome.document.name,
        blocking=[f for f in shown if f.grade in ("fail", "high")],
        missing=[f for f in shown if f.grade == "unknown"],
        softer=[f for f in shown if f.grade not in ("fail", "high", "unknown")],
        advice=advise(review.declaration, as_of=review.checks.policy.as_of),
        compared=compared,
        cite=cite,
    )


def _file(outcome: Outcome, form: str) -> str:
    """Write a report where only this download can find it, and return its path."""
    folder = Path(tempfile.mkdtemp(prefix="report-"))
    target = folder / f"{Path(outcome.document.name).stem}.预审意见.{form}"
    target.write_bytes(render(outcome.review, outcome.document, form))
    return str(target)
