"""Inputs that two rooms share: province, tier, date."""

from __future__ import annotations

from datetime import date
from typing import Any

import gradio as gr

from assistant import policy
from assistant.errors import UsageError
from assistant.pipeline import Options
from assistant.records import TIERS
from assistant.settings import Settings
from assistant.ui.texts import say


def stated_inputs() -> list[Any]:
    """Lay out province, tier and date; empty means: read it from the text."""
    with gr.Row():
        places = [(say("from_text"), ""), *((name, name) for name in policy.load().jurisdictions)]
        jurisdiction = gr.Dropdown(places, value="", label=say("jurisdiction"))
        tier = gr.Dropdown(tier_choices(say("from_text")), value="", label=say("tier"))
        as_of = gr.Textbox(label=say("as_of"), value="", max_lines=1)
    return [jurisdiction, tier, as_of]


def tier_choices(empty: str) -> list[tuple[str, str]]:
    """Return the tiers with an empty choice called ``empty``."""
    return [(empty, ""), *((tier, tier) for tier in TIERS)]


def options_from(jurisdiction: str, tier: str, as_of: str, settings: Settings) -> Options:
    """Return what was stated.

    Raises:
        UsageError: the date is none.
    """
    try:
        day = date.fromisoformat(as_of.strip()) if as_of and as_of.strip() else None
    except ValueError as error:
        raise UsageError(f"日期不可用：{as_of}", "请写成 YYYY-MM-DD") from error
    wanted = next((known for known in TIERS if known == tier), None)
    return Options(jurisdiction=jurisdiction or None, tier=wanted, as_of=day, settings=settings)
