"""What a model reads out of a text or words for people, task by task. A failure is a problem, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.models import prompting
from assistant.models.answers import Advice, ElementsAnswer, SceneMapping, WordedAnswer
from assistant.models.gateway import Ask, Gateway

Shape = TypeVar("Shape", bound=BaseModel)
# A writer reads the passage that matters, not a whole document: about 600 tokens.
LONGEST_PASSAGE = 800
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Told(Generic[Shape]):
    """One answer: ``value``, or ``problem`` (Chinese) when nothing usable came."""

    value: Shape | None = None
    problem: str | None = None


class ModelWriter:
    """Reads and words with one endpoint; whether a quote stands in the text is for its user to look up."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._used: dict[str, str] = {}
        self._problems: dict[str, None] = {}

    @property
    def problems(self) -> tuple[str, ...]:
        """Return why answers were not worded, each reason once."""
        return tuple(self._problems)

    @property
    def author(self) -> str:
        """Return ``model:NAME``."""
        return f"model:{self._gateway.endpoint.name}"

    @property
    def calls(self) -> tuple[Mapping[str, Any], ...]:
        """Return a record of each call."""
        return self._gateway.calls

    @property
    def prompt_hashes(self) -> Mapping[str, str]:
        """Return the digest of each prompt used so far."""
        return dict(sorted(self._used.items()))

    def answer(self, question: str, clauses: Sequence[str]) -> str | None:
        """Word an answer from clauses alone; None when the model gave no usable one (see ``problems``)."""
        listed = "\n".join(f"[{number}] {clause}" for number, clause in enumerate(clauses, 1))
        values = {"question": question, "clauses": listed}
        told = self._ask("answer-from-clauses", [values], WordedAnswer, 260)[0]
        problem = told.problem or _unfounded(told.value, question, clauses)
        if problem or told.value is None:
            self._problems[problem or ""] = None
            return None
        return told.value.answer.strip()

    def suggest(self, findings: Sequence[tuple[str, str]]) -> tuple[Told[Advice], ...]:
        """Word a suggestion for each (what was found, the passage it is about)."""
        values = [{"finding": finding, "passage": _cut(passage)} for finding, passage in findings]
        return self._ask("suggest", values, Advice, 160)

    def scenes(self, passages: Sequence[tuple[Mapping[int, str], str]]) -> tuple[Told[SceneMapping], ...]:
        """Map each passage to the scenes that come into question (number to description)."""
        values = [
            {"scenes": "\n".join(f"{n} {words}" for n, words in listed.items()), "passage": _cut(passage)}
            for listed, passage in passages
        ]
        return self._ask("map-scene", values, SceneMapping, 160)

    def elements(self, scenes: Sequence[tuple[str, str]]) -> tuple[Told[ElementsAnswer], ...]:
        """Look for the four elements in each (scene's name, its text)."""
        values = [{"scene": name, "passage": _cut(passage)} for name, passage in scenes]
        return self._ask("find-elements", values, ElementsAnswer, 220)

    def _ask(
        self, name: str, questions: Sequence[Mapping[str, str]], shape: type[Shape], tokens: int
    ) -> tuple[Told[Shape], ...]:
        if not questions:
            return ()
        prompt = prompting.load(name)
        self._used[name] = prompt.digest
        schema = shape.model_json_schema()
        replies = self._gateway.ask_all([Ask(prompt, values, tokens, schema) for values in questions])
        return tuple(
            Told(problem=reply.problem) if reply.problem else _read(reply.text, shape) for reply in replies
        )


def _read(text: str, shape: type[Shape]) -> Told[Shape]:
    try:
        return Told(shape.model_validate_json(text))
    except ValidationError:
        return Told(problem="模型的回答不是要求的 JSON")


def _unfounded(answer: WordedAnswer | None, question: str, clauses: Sequence[str]) -> str | None:
    """Return why an answer must not be shown: it is empty, or says what no clause says."""
    if answer is None or not answer.answer.strip():
        return "模型回答为空"
    if not all(1 <= n <= len(clauses) for n in answer.used):
        return "模型引用了没有给它的条款"
    known = {*_NUMBER.findall(question), *_NUMBER.findall("\n".join(clauses))}
    known |= {str(n) for n in range(1, len(clauses) + 1)}
    if any(number not in known for number in _NUMBER.findall(answer.answer)):
        return "模型的回答含有条款没有的数字，已弃用"
    return None


def _cut(passage: str) -> str:
    return passage[:LONGEST_PASSAGE]
