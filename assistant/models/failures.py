"""One call to an endpoint; whatever goes wrong is put into one Chinese line, here and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.models.adapter import switched
from assistant.models.gateway import Ask, Reply
from assistant.models.vendors import Endpoint

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call failed, whether to try again, and how long the endpoint asks to wait (seconds).

    ``down`` says that the endpoint is at fault; a refusal or an answer cut short is about one question only.
    """

    message: str
    again: bool
    wait: float | None = None
    down: bool = True


def call(endpoint: Endpoint, ask: Ask, messages: Sequence[tuple[str, str]]) -> Reply | Failure:
    """Ask once. Whatever tracing the environment switches on stays out: it would send the text elsewhere."""
    from langsmith import tracing_context

    try:
        with tracing_context(enabled=False):
            answer = endpoint.model.invoke(_prepared(endpoint, ask, messages), **_options(endpoint, ask))
    except AssistantError as error:
        return Failure(str(error), again=False)
    except Exception as error:  # noqa: BLE001  endpoints and their clients fail in every way there is
        return _translated(error)
    return _reply(answer, ask)


def _prepared(endpoint: Endpoint, ask: Ask, messages: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where an endpoint takes no schema, the schema stands in the system text."""
    out = list(messages)
    if ask.schema and endpoint.structured == "json_object":
        role, text = out[0]
        out[0] = (role, f"{text}\nJSON Schema：{json.dumps(ask.schema, ensure_ascii=False)}")
    return out


def _options(endpoint: Endpoint, ask: Ask) -> dict[str, Any]:
    options: dict[str, Any] = {"max_tokens": ask.max_tokens}
    if endpoint.adapter:
        options["extra_body"] = switched(ask.tuned)
    if ask.top_logprobs and endpoint.logprobs:
        options |= {"logprobs": True, "top_logprobs": ask.top_logprobs}
    if ask.schema and endpoint.structured == "json_schema":
        shape = {"name": "answer", "schema": ask.schema, "strict": True}
        options["response_format"] = {"type": "json_schema", "json_schema": shape}
    elif ask.schema:
        options["response_format"] = {"type": "json_object"}
    return options


def _reply(answer: BaseMessage, ask: Ask) -> Reply | Failure:
    content = answer.content if isinstance(answer.content, str) else ""
    if answer.additional_kwargs.get("refusal"):
        return Failure("模型拒绝回答", again=False, down=False)
    usage = getattr(answer, "usage_metadata", None) or {}
    logprobs = None
    if ask.top_logprobs:
        try:
            first = (answer.response_metadata.get("logprobs") or {})["content"][0]["top_logprobs"]
            logprobs = {str(t["token"]): float(t["logprob"]) for t in first}
        except (KeyError, IndexError, TypeError, ValueError):
            logprobs = None
    if not content.strip() and not logprobs:
        return Failure("模型回答为空", again=False, down=False)
    return Reply(
        content, logprobs, None, int(usage.get("input_tokens", 0)), int(usage.get("output_tokens", 0))
    )


def _translated(error: Exception) -> Failure:
    try:
        import openai
    except ImportError:
        return Failure(f"模型调用失败：{type(error).__name__}", again=False)
    if isinstance(error, openai.APITimeoutError):
        return Failure("模型服务超时", again=True)
    if isinstance(error, openai.APIConnectionError):
        return Failure("连接不上模型服务", again=True)
    if isinstance(error, openai.RateLimitError):
        return Failure("模型服务限流（429）", again=True, wait=_retry_after(error))
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return Failure("模型服务拒绝了密钥", again=False)
    if isinstance(error, openai.InternalServerError):
        return Failure(f"模型服务出错（{error.status_code}）", again=True)
    if isinstance(error, openai.APIStatusError):
        # 400 and 422 are about this text (content filters answer so); the next one may pass.
        about_text = error.status_code in (400, 413, 422)
        return Failure(f"模型服务不接受请求（{error.status_code}）", again=False, down=not about_text)
    if isinstance(error, openai.LengthFinishReasonError):
        return Failure("模型回答被截断", again=False, down=False)
    return Failure(f"模型服务的回答无法识别（{type(error).__name__}）", again=False)


def _retry_after(error: Any) -> float | None:
    """Return the seconds that a server asks to wait: it gives a number or a date."""
    try:
        asked = str(error.response.headers.get("retry-after", ""))
    except AttributeError:
        return None
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
