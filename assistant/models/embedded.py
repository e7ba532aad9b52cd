"""The embedded language model: llama.cpp inside this process, answering on loopback only.

One server a process and file, started on first use. It speaks the OpenAI protocol, so that the same
client serves it and every other endpoint; a random key keeps other users of the machine out.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import UnavailableError
from assistant.models import weights
from assistant.models.adapter import belonging
from assistant.settings import Settings

CONTEXT = 6144


@dataclass(frozen=True)
class Running:
    """A running server: its address, the key it asks for, and the object that keeps it alive."""

    base_url: str
    key: str
    server: Any


def running(settings: Settings) -> Running:
    """Return the server, started if need be.

    Raises:
        UnavailableError: the weights or the runner are not installed, or the file cannot be loaded.
        PolicyError: the adapter is damaged.
    """
    path = weights.place(settings)
    if not weights.installed(settings):
        raise UnavailableError(
            f"没有内置模型文件：{path}", "请先运行 assistant models install，或用 --model off 不用模型"
        )
    trained = belonging(settings)
    return _start(path, trained.path if trained else None, os.cpu_count() or 2)


@cache
def _start(path: Path, trained: Path | None, threads: int) -> Running:
    try:
        import xllamacpp
    except ImportError as error:
        raise UnavailableError(
            "没有安装内置模型的运行环境 xllamacpp", '请运行 pip install "smart-factory-assistant[llm]"'
        ) from error
    key = secrets.token_hex(16)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    parameters.cache_ram_mib = 0
    if trained is not None:
        # Loaded and off: a request says when it wants it.
        parameters.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(trained), 0.0)]
    parameters.cpuparams.n_threads = threads
    parameters.verbosity = -1
    parameters.ui = False
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [key]
    try:
        server = xllamacpp.Server(parameters)
    except RuntimeError as error:
        raise UnavailableError(
            f"内置模型文件打不开：{path}", "请运行 assistant models check 核对文件"
        ) from error
    return Running(f"{server.listening_address}/v1", key, server)
