"""One room of the application."""

from __future__ import annotations

import gradio as gr

from assistant.ui.access import Doorman


def build(blocks: gr.Blocks, doorman: Doorman) -> None:
    """Lay out the room and wire it."""
    gr.Markdown("…")
