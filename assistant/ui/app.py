"""The Gradio application: lays out the rooms and mounts them in the web server."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from assistant.ui import enterprise, evaluator, library, panel
from assistant.ui.access import Doorman
from assistant.ui.texts import say
from assistant.ui.web import House, build

ASSETS = Path(__file__).parent / "assets"


def mount(house: House) -> FastAPI:
    """Return the web server with Gradio at its root."""
    server = build(house)

    def who(request: gr.Request) -> str | None:
        user = house.user(request)  # type: ignore[arg-type]  # Gradio hands on the server's own request here
        return user.name if user else None

    return gr.mount_gradio_app(
        server,
        rooms(Doorman(house)),
        path="/",
        auth_dependency=who,
        css=(ASSETS / "app.css").read_text("utf-8"),
        theme=theme(),
        footer_links=[],
        show_error=True,
        ssr_mode=False,
        enable_monitoring=False,
        max_file_size=house.settings.max_bytes,
        mcp_server=True,
    )


def theme() -> gr.Theme:
    """Return the look: system fonts only, nothing is fetched."""
    fonts = ["Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "sans-serif"]
    return gr.themes.Default(primary_hue="blue", neutral_hue="slate", font=fonts, font_mono=["monospace"])


def rooms(doorman: Doorman) -> gr.Blocks:
    """Return the four rooms."""
    with gr.Blocks(title=say("title"), analytics_enabled=False, fill_width=True) as blocks:
        gr.Markdown(f"## {say('title')}")
        with gr.Tabs():
            with gr.Tab(say("panel"), id="panel"):
                panel.build(blocks, doorman)
            with gr.Tab(say("enterprise"), id="enterprise"):
                enterprise.build(blocks, doorman)
            with gr.Tab(say("evaluator"), id="evaluator"):
                evaluator.build(blocks, doorman)
            with gr.Tab(say("policy"), id="policy"):
                library.build(blocks, doorman)
    return blocks
