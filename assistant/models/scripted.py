"""A chat model that answers from a script: for tests, demonstrations and evals without a real model.

A script is YAML: ``rules`` are tried in order, the first whose ``contains`` (a word or list of words) all
stand in the last message answers with ``content``, and with ``logprobs`` (token to log probability) where
one token is asked for; ``default`` answers the rest. ``fail`` raises instead, to rehearse a broken endpoint.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.errors import InputError, ModelError

#: What a script answers: text, and the log probabilities of the first token.
Answer = tuple[str, dict[str, float]]


class ScriptedChatModel(BaseChatModel):
    """Answers by calling ``script`` with the text of the last message."""

    script: Callable[[str], Answer]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002  (langchain's signature)
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002  (langchain's signature)
        **kwargs: Any,  # noqa: ARG002  (langchain's signature)
    ) -> ChatResult:
        content, logprobs = self.script(str(messages[-1].content))
        return ChatResult(generations=[ChatGeneration(message=answer_message(content, logprobs))])


def answer_message(content: str, logprobs: dict[str, float]) -> AIMessage:
    """Return an answer in the shape that OpenAI-compatible endpoints give."""
    top = [{"token": token, "logprob": value} for token, value in logprobs.items()]
    metadata = {"logprobs": {"content": [{"token": content[:1], "top_logprobs": top}]}} if top else {}
    return AIMessage(
        content=content,
        response_metadata=metadata,
        usage_metadata={"input_tokens": 0, "output_tokens": 1, "total_tokens": 1},
    )


def load(path: str) -> ScriptedChatModel:
    """Read a script.

    Raises:
        InputError: the file is missing or is no script.
    """
    try:
        data = yaml.safe_load(Path(path).read_text("utf-8"))
        rules = [(_words(r["contains"]), r) for r in data.get("rules", ())]
        default = data.get("default", {"content": ""})
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise InputError(f"模型脚本 {path} 读不出来：{error}", "应为含 rules 和 default 的 YAML") from error

    def script(text: str) -> Answer:
        rule = next((r for words, r in rules if all(word in text for word in words)), default)
        if "fail" in rule:
            raise ModelError(str(rule["fail"]))
        return str(rule.get("content", "")), dict(rule.get("logprobs", {}))

    return ScriptedChatModel(script=script)


def _words(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
