"""Name a chat model: ``off``, ``embedded`` or ``VENDOR:NAME``; every endpoint speaks the OpenAI protocol."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml

from assistant.errors import UnavailableError, UsageError
from assistant.models.adapter import belonging, switched
from assistant.resources import corpus
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PASSED_ON = re.compile(r"[-:]cloud$")
_PATIENCE = 3
_MISSING = 'pip install "smart-factory-assistant[llm]"'


@dataclass(frozen=True, slots=True)
class Vendor:
    """How an endpoint is reached. ``structured`` is how it takes a schema: json_schema or json_object."""

    base_url: str | None
    key: str | None
    structured: str = "json_schema"
    logprobs: bool = False


@dataclass(frozen=True)
class Endpoint:
    """A chat model with what the door has to know about it.

    ``adapter`` is the SHA-256 of the adapter that it can be asked with, else empty.
    """

    model: BaseChatModel
    name: str
    identity: str
    host: str
    structured: str
    logprobs: bool
    adapter: str = ""

    @property
    def leaves_machine(self) -> bool:
        """Return whether text sent here leaves this machine."""
        # A local Ollama passes models of this name on to its maker's servers.
        return self.host not in LOOPBACK or bool(_PASSED_ON.search(self.name))


@cache
def vendors() -> dict[str, Vendor]:
    """Return the known vendors by name."""
    data = yaml.safe_load((corpus() / "models" / "vendors.yaml").read_text("utf-8"))
    return {name: Vendor(**facts) for name, facts in data.items()}


def connect(settings: Settings, *, start: bool = True) -> Endpoint:
    """Return the chat model that ``settings.model`` names.

    With ``start`` False nothing is loaded for the embedded model: only the facts about it are wanted.

    Raises:
        UsageError: the name is not ``embedded`` or ``VENDOR:NAME`` of a known vendor.
        UnavailableError: an extra, a key, an address or the weights are missing, or calls are forbidden.
    """
    vendor, _, name = settings.model.partition(":")
    if vendor in ("scripted", "recorded"):
        return _from_file(vendor, name)
    if settings.forbid_model_calls:
        raise UnavailableError(
            "已禁止调用真实模型（ASSISTANT_FORBID_MODEL_CALLS）", "请改用 --model off 或 scripted:文件"
        )
    if settings.model == "embedded":
        return _embedded(settings) if start else _embedded_facts(settings, _silent())
    if vendor not in vendors() or not name:
        known = "、".join(sorted(vendors()))
        raise UsageError(
            f"不认识的模型：{settings.model}", f"可用：off、embedded 或 厂商:模型名，厂商有 {known}"
        )
    return _remote(settings, vendor, name)


def _embedded(settings: Settings) -> Endpoint:
    from assistant.models import embedded, weights

    server = embedded.running(settings)
    # A machine under load is slow and not down; nobody else's server is waited for so long.
    patient = settings.model_copy(update={"model_timeout": _PATIENCE * settings.model_timeout})
    plain = switched(on=False) if belonging(settings) else None
    model = _client(patient, weights.embedded().name, server.base_url, server.key, plain)
    return _embedded_facts(settings, model)


def _embedded_facts(settings: Settings, model: BaseChatModel) -> Endpoint:
    from assistant.models import weights

    facts = weights.embedded()
    own = settings.model_path
    identity = f"{facts.name}@{facts.sha256[:12]}" if own is None else f"file@{own.name}"
    trained = belonging(settings)
    return Endpoint(
        model, facts.name, identity, "127.0.0.1", "json_schema", logprobs=True,
        adapter=trained.sha256 if trained else "",
    )  # fmt: skip


def _silent() -> BaseChatModel:
    try:
        from assistant.models.scripted import ScriptedChatModel
    except ImportError as error:
        raise UnavailableError("没有安装 langchain-core", f"请运行 {_MISSING}") from error
    return ScriptedChatModel(script=lambda _: ("", {}))


def _remote(settings: Settings, vendor: str, name: str) -> Endpoint:
    facts = vendors()[vendor]
    base = settings.base_url or facts.base_url
    if not base:
        raise UnavailableError(
            f"{vendor} 需要服务地址", "请设置 ASSISTANT_BASE_URL，如 http://127.0.0.1:8000/v1"
        )
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"服务地址不可用：{base}", "请写成 https://主机/v1")
    key = settings.api_key.get_secret_value() if settings.api_key else os.environ.get(facts.key or "", "")
    if facts.key and not key and parts.hostname not in LOOPBACK:
        raise UnavailableError(f"{vendor} 需要密钥", f"请设置环境变量 {facts.key} 或 ASSISTANT_API_KEY")
    model = _client(settings, name, base, key or "none")
    identity = f"{vendor}:{name}@{base}"
    return Endpoint(
        model, name, identity, parts.hostname, facts.structured, facts.logprobs and settings.model_logprobs
    )


def _client(
    settings: Settings, name: str, base_url: str, key: str, extra: dict[str, Any] | None = None
) -> BaseChatModel:
    try:
        import httpx
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr
    except ImportError as error:
        raise UnavailableError("没有安装模型接口 langchain-openai", f"请运行 {_MISSING}") from error
    # What is meant for this machine goes through no proxy; nothing follows a redirect to another host.
    local = urlsplit(base_url).hostname in LOOPBACK
    http = httpx.Client(trust_env=not local, follow_redirects=False, timeout=settings.model_timeout)
    # Retries are ours: one place counts, waits and gives up.
    return ChatOpenAI(
        model=name,
        base_url=base_url,
        api_key=SecretStr(key),
        timeout=settings.model_timeout,
        max_retries=0,
        http_client=http,
        openai_proxy=None,
        temperature=0.0,
        seed=7,
        extra_body=extra,
    )


def _from_file(kind: str, path: str) -> Endpoint:
    if not path:
        raise UsageError(f"{kind} 需要文件", f"请写成 {kind}:文件路径")
    try:
        from assistant.models import recorded, scripted
    except ImportError as error:
        raise UnavailableError("没有安装 langchain-core", f"请运行 {_MISSING}") from error
    model: BaseChatModel = scripted.load(path) if kind == "scripted" else recorded.load(path)
    return Endpoint(model, kind, f"{kind}:{path}", "127.0.0.1", "json_schema", logprobs=True)
