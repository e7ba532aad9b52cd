"""Inputs that two rooms share: province, tier, date, and what a model may do besides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import policy
from assistant.errors import UsageError
from assistant.pipeline import Options
from assistant.records import TIERS
from assistant.settings import Settings
from assistant.ui.texts import Words


@dataclass(frozen=True)
class Stated:
    """The inputs; empty means: read it from the text."""

    jurisdiction: Any
    tier: Any
    as_of: Any
    extras: Any

    @property
    def parts(self) -> set[Any]:
        """The inputs, for a handler that takes a dictionary."""
        return {self.jurisdiction, self.tier, self.as_of, self.extras}

    def options(self, data: dict[Any, Any], settings: Settings) -> Options:
        """Return what was stated.

        Raises:
            UsageError: the date is none.
        """
        stated = options_from(data[self.jurisdiction], data[self.tier], data[self.as_of], settings)
        chosen = data[self.extras] or []
        return replace(stated, suggest="suggest" in chosen, map_scenes="map_scenes" in chosen)


def stated_inputs(words: Words, settings: Settings) -> Stated:
    """Lay out province, tier and date, and the model's further tasks where there is a model."""
    with gr.Row():
        places = [(words("from_text"), ""), *((name, name) for name in policy.load().jurisdictions)]
        jurisdiction = gr.Dropdown(places, value="", label=words("jurisdiction"), min_width=140)
        tier = gr.Dropdown(tier_choices(words("from_text")), value="", label=words("tier"), min_width=140)
        as_of = gr.Textbox(
            label=words("as_of"), placeholder=words("as_of_hint"), value="", max_lines=1, min_width=180
        )
    extras = gr.CheckboxGroup(
        [(words("suggest"), "suggest"), (words("map_scenes"), "map_scenes")],
        value=[],
        label=words("extras"),
        visible=settings.model != "off",
        elem_classes="extras",
    )
    return Stated(jurisdiction, tier, as_of, extras)


def tier_choices(empty: str) -> list[tuple[str, str]]:
    """Return the tiers with an empty choice called ``empty``."""
    return [(empty, ""), *((tier, tier) for tier in TIERS)]


def options_from(
    jurisdiction: str | None, tier: str | None, as_of: str | None, settings: Settings
) -> Options:
    """Return what was stated.

    Raises:
        UsageError: a date, tier or province that there is not.
    """
    try:
        day = date.fromisoformat(as_of.strip()) if as_of and as_of.strip() else None
    except ValueError as error:
        raise UsageError(f"日期不可用：{as_of}", "请写成 YYYY-MM-DD") from error
    if tier and tier not in TIERS:
        raise UsageError(f"没有这个层级：{tier}", f"可用：{'、'.join(TIERS)}")
    known = policy.load().jurisdictions
    if jurisdiction and jurisdiction not in known:
        raise UsageError(f"政策库中没有这个地区：{jurisdiction}", f"可用：{'、'.join(known)}")
    wanted = next((known for known in TIERS if known == tier), None)
    return Options(jurisdiction=jurisdiction or None, tier=wanted, as_of=day, settings=settings)


def taken(path: str) -> tuple[str, bytes]:
    """Return an upload's name and bytes, and delete the server's temporary copy.

    Raises:
        UsageError: the copy is gone (a page left open over night).
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file.name}：上传的文件已过期", "请重新选择文件") from error
    return file.name, data
