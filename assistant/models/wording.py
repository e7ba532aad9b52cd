"""Words for people: answers from clauses, suggestions to enterprises. A failure is None, never a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.models import prompting
from assistant.models.answers import Advice, ElementsAnswer, SceneMapping, WordedAnswer
from assistant.models.gateway import Ask, Gateway

Shape = TypeVar("Shape", bound=BaseModel)


class ModelWriter:
    """Words what was found; it finds nothing itself."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    @property
    def author(self) -> str:
        """Return ``model:NAME``."""
        return f"model:{self._gateway.endpoint.name}"

    @property
    def calls(self) -> tuple[Mapping[str, Any], ...]:
        """Return a record of each call."""
        return self._gateway.calls

    def answer(self, question: str, clauses: Sequence[str]) -> str | None:
        """Word an answer from clauses alone; None when the model gave no usable one."""
        listed = "\n".join(f"[{number}] {clause}" for number, clause in enumerate(clauses, 1))
        found = self._ask("answer-from-clauses", {"question": question, "clauses": listed}, WordedAnswer, 260)
        if found is None or not found.answer.strip() or not all(1 <= n <= len(clauses) for n in found.used):
            return None
        return found.answer.strip()

    def suggest(self, finding: str, passage: str) -> str | None:
        """Word a suggestion for an enterprise."""
        found = self._ask("suggest", {"finding": finding, "passage": passage}, Advice, 160)
        return found.suggestion.strip() if found else None

    def scenes(self, passage: str, catalogue: Mapping[int, str]) -> SceneMapping | None:
        """Map a passage to catalogue scenes; a quote that the passage lacks is dropped."""
        listed = "\n".join(f"{number} {name}" for number, name in sorted(catalogue.items()))
        found = self._ask("map-scene", {"scenes": listed, "passage": passage}, SceneMapping, 300)
        if found is None:
            return None
        kept = tuple(s for s in found.scenes if s.number in catalogue and s.quote in passage)
        return SceneMapping(scenes=kept)

    def elements(self, scene: str, passage: str) -> ElementsAnswer | None:
        """Find the four elements of a scene; what the passage lacks comes back empty."""
        found = self._ask("find-elements", {"scene": scene, "passage": passage}, ElementsAnswer, 300)
        if found is None:
            return None
        return ElementsAnswer(
            **{name: text if text in passage else "" for name, text in found.model_dump().items()}
        )

    def _ask(self, name: str, values: Mapping[str, str], shape: type[Shape], tokens: int) -> Shape | None:
        ask = Ask(prompting.load(name), values, tokens, shape.model_json_schema())
        (reply,) = self._gateway.ask_all([ask])
        if reply.problem:
            return None
        try:
            return shape.model_validate_json(reply.text)
        except ValidationError:
            return None
