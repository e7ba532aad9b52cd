"""A chat model that replays answers recorded before, and one that records while another answers.

A recording is JSON Lines: ``{"key", "content", "logprobs"}``; the key is a hash of the messages, so a
changed prompt is a missing answer and never a wrong one.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.errors import InputError, ModelError
from assistant.models.scripted import answer_message


def message_key(messages: list[BaseMessage]) -> str:
    """Return the hash of a conversation."""
    body = json.dumps([[m.type, str(m.content)] for m in messages], ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


class RecordedChatModel(BaseChatModel):
    """Replays ``answers`` by key; an unknown key raises."""

    answers: dict[str, tuple[str, dict[str, float]]]

    @property
    def _llm_type(self) -> str:
        return "recorded"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002  (langchain's signature)
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002  (langchain's signature)
        **kwargs: Any,  # noqa: ARG002  (langchain's signature)
    ) -> ChatResult:
        found = self.answers.get(message_key(messages))
        if found is None:
            raise ModelError("录制文件中没有这一问的回答", "请重新录制")
        return ChatResult(generations=[ChatGeneration(message=answer_message(*found))])


class RecordingChatModel(BaseChatModel):
    """Passes questions to ``inner`` and appends each answer to ``path``."""

    inner: BaseChatModel
    path: Path

    @property
    def _llm_type(self) -> str:
        return "recording"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002  (langchain's signature)
        **kwargs: Any,
    ) -> ChatResult:
        message = self.inner.invoke(messages, stop=stop, **kwargs)
        content = (message.response_metadata.get("logprobs") or {}).get("content") or [{}]
        top = {t["token"]: t["logprob"] for t in content[0].get("top_logprobs", ())}
        line = {"key": message_key(messages), "content": str(message.content), "logprobs": top}
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        return ChatResult(generations=[ChatGeneration(message=message)])


def load(path: str) -> RecordedChatModel:
    """Read a recording.

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        lines = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines() if line.strip()]
        answers = {line["key"]: (line["content"], dict(line.get("logprobs", {}))) for line in lines}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"模型录制文件 {path} 读不出来：{error}", "应为每行一个回答的 .jsonl") from error
    return RecordedChatModel(answers=answers)
