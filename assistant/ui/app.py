"""The Gradio application: lays out the rooms and mounts them in the web server, once a language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request
from markupsafe import Markup

from assistant.ui import api, enterprise, evaluator, library, panel
from assistant.ui.access import ROOMS, Doorman, messages
from assistant.ui.texts import ENGLISH, Words
from assistant.ui.web import House, build

ASSETS = Path(__file__).parent / "assets"
_BUILDERS = {
    "panel": panel.build,
    "enterprise": enterprise.build,
    "evaluator": evaluator.build,
    "policy": library.build,
}
_HEADER_JS = """
element.addEventListener('click', async event => {
  if (!event.target.closest('[data-logout]')) return;
  await fetch('/api/logout', {method: 'POST', headers: {'X-Requested-With': 'assistant'}, body: ''});
  location.href = '/login';
});
"""


def mount(house: House) -> FastAPI:
    """Return the web server with Gradio at its root, and in English under ``/en``."""
    server = build(house)
    # The longer address first: the root takes whatever is left.
    _mount(server, house, Words("en"), "/en")
    return _mount(server, house, Words("zh"), "/")


def _mount(server: FastAPI, house: House, words: Words, path: str) -> FastAPI:
    async def who(request: Request) -> str | None:
        # The gate has asked the store; without its mark nobody is let in here either.
        name = request.scope.get("state", {}).get("user")
        return str(name) if name else None

    mounted: FastAPI = gr.mount_gradio_app(
        server,
        rooms(Doorman(house, words), with_api=path == "/"),
        path=path,
        auth_dependency=who,
        css=(ASSETS / "app.css").read_text("utf-8"),
        theme=theme(),
        footer_links=[],
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        max_file_size=house.settings.max_bytes,
        mcp_server=path == "/",
    )
    return mounted


def theme() -> gr.Theme:
    """Return the look: system fonts only, nothing is fetched."""
    fonts = ["Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "sans-serif"]
    return gr.themes.Default(
        primary_hue="blue", neutral_hue="slate", font=fonts, font_mono=["monospace"], text_size="md"
    ).set(
        body_background_fill="#f3f5f8",
        block_radius="10px",
        block_shadow="none",
        button_primary_background_fill="#0b5cad",
        button_primary_background_fill_hover="#094a8c",
        button_primary_text_color="#ffffff",
    )


def rooms(doorman: Doorman, *, with_api: bool) -> gr.Blocks:
    """Return the four rooms; each is shown to the roles that have business there."""
    words = doorman.words
    # Upload copies that a handler could not delete itself go after an hour.
    with gr.Blocks(
        title=words("title"), analytics_enabled=False, fill_width=True, delete_cache=(600, 3600)
    ) as blocks:
        header = gr.HTML(_header(doorman, None), js_on_load=_HEADER_JS, elem_id="header", padding=False)
        tabs = []
        with gr.Tabs(elem_id="rooms") as choice:
            for key, lay_out in _BUILDERS.items():
                with gr.Tab(words(key), id=key, visible=doorman.alone) as tab:
                    lay_out(blocks, doorman)
                tabs.append(tab)

        def greet(request: gr.Request) -> list[Any]:
            with messages():
                user = doorman.room(request).user
                shown = [gr.update(visible=user.role in ROOMS[key]) for key in _BUILDERS]
                mine = next(key for key in _BUILDERS if user.role in ROOMS[key])
                who = _header(doorman, f"{user.display_name}（{words(f'role_{user.role}')}）")
                return [who, gr.update(selected=mine), *shown]

        blocks.load(greet, None, [header, choice, *tabs], api_visibility="private", show_progress="hidden")
        if with_api:
            api.add(doorman)
    # Reviewers work side by side; what takes long has limits of its own.
    queued: gr.Blocks = blocks.queue(default_concurrency_limit=20)
    return queued


def _header(doorman: Doorman, who: str | None) -> Markup:
    words = doorman.words
    other, name = ("/", "中文") if words.language == ENGLISH else ("/en/", "English")
    leave = Markup('<button data-logout="1">{}</button>').format(words("logout"))
    return Markup(
        '<div class="top"><strong>{}</strong><span class="sub">{}</span><span class="who">{}</span>{}<a href="{}">{}</a></div>'
    ).format(
        words("title"), words("subtitle"), words("alone") if doorman.alone else who or "",
        "" if doorman.alone else leave, other, name,
    )  # fmt: skip
