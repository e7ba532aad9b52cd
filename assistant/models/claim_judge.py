"""The claim judge: one token with its probability where that can be had, words with quotes where not.

The embedded model is asked with the adapter that was trained for it. A judge never raises for what a model
does: an answer that fails to come, to parse or to fit is a problem.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from assistant.models import adapter, prompting
from assistant.models.answers import ClaimAnswer
from assistant.models.gateway import Ask, Gateway, Reply
from assistant.models.judgement import Judgement
from assistant.settings import Settings

_YES, _NO = ("是", "Yes", "yes"), ("否", "No", "no", "不")
_FLOOR = -12.0
# A model that gives what was asked for less than this (log probability) has not answered.
_UNASKED = -3.0
_PROMPTS = (adapter.PROMPT, "judge-margin", "judge-kind", "judge-claim")
# A judge reads the passage that matters, not a whole document: about 1,000 tokens.
LONGEST_EVIDENCE = 1500


class ModelJudge:
    """Judges (claim, evidence) pairs with one endpoint."""

    def __init__(self, gateway: Gateway, settings: Settings) -> None:
        self._gateway = gateway
        self._settings = settings
        self._prompts = {n: prompting.load(n) for n in _PROMPTS}

    @property
    def author(self) -> str:
        """Return ``model:NAME``."""
        return f"model:{self._gateway.endpoint.name}"

    @property
    def gives_margins(self) -> bool:
        """Return whether one token with its probability can be had."""
        return self._gateway.endpoint.logprobs

    @property
    def is_tuned(self) -> bool:
        """Return whether the model comes with the adapter, and the adapter was trained with this very prompt."""
        shipped = self._gateway.endpoint.adapter
        return bool(shipped) and adapter.adapter().prompt == self._prompts[adapter.PROMPT].digest

    @property
    def calls(self) -> tuple[Mapping[str, Any], ...]:
        """Return a record of each call."""
        return self._gateway.calls

    @property
    def prompt_hashes(self) -> Mapping[str, str]:
        """Return the digest of each prompt."""
        return {name: prompt.digest for name, prompt in sorted(self._prompts.items())}

    def refuses(self, *, confidential: bool) -> str | None:
        """Return why text must not be sent (a confidential document, an endpoint elsewhere), else None."""
        if confidential and self._gateway.endpoint.leaves_machine and not self._settings.send_confidential:
            return f"文件带有保密标识，未发送给 {self._gateway.endpoint.host}；确需发送请设置 ASSISTANT_SEND_CONFIDENTIAL=true"
        return None

    def margins(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
        """Judge pairs by one letter with the adapter, by tokens without it; in words where there are no probabilities."""
        if self.is_tuned:
            return self.by_letter(pairs)
        return self.by_tokens(pairs) if self.gives_margins else self.explain(pairs)

    def by_letter(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
        """Judge pairs by the letter that the model with its adapter answers: one call a pair."""
        prompt = self._prompts[adapter.PROMPT]
        asks = [Ask(prompt, _values(pair), 1, top_logprobs=20, tuned=True) for pair in pairs]
        return tuple(map(_from_letter, self._gateway.ask_all(asks)))

    def by_tokens(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
        """Judge pairs by the probability of one token, twice asked."""
        # The two questions of a pair share all but their last line, so the server reads a pair once.
        asks = [self._one_token(name, pair) for pair in pairs for name in ("judge-margin", "judge-kind")]
        replies = self._gateway.ask_all(asks)
        return tuple(_from_tokens(y, k) for y, k in zip(replies[::2], replies[1::2], strict=True))

    def explain(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
        """Judge pairs in words, with quotes and what is missing."""
        schema = ClaimAnswer.model_json_schema()
        asks = [Ask(self._prompts["judge-claim"], _values(pair), 220, schema) for pair in pairs]
        return tuple(_from_words(reply) for reply in self._gateway.ask_all(asks))

    def _one_token(self, name: str, pair: tuple[str, str]) -> Ask:
        return Ask(self._prompts[name], _values(pair), 1, top_logprobs=20)


def _values(pair: tuple[str, str]) -> dict[str, str]:
    claim, evidence = pair
    return {"claim": claim[:LONGEST_EVIDENCE], "evidence": evidence[:LONGEST_EVIDENCE]}


def _mass(logprobs: Mapping[str, float], tokens: Sequence[str]) -> float:
    """Return the log of the probability that the first token is one of ``tokens``."""
    total = sum(math.exp(v) for t, v in logprobs.items() if t.strip() in tokens)
    return math.log(total) if total > 0 else _FLOOR


def _letters(logprobs: Mapping[str, float]) -> tuple[float, float, float]:
    """Return the log of the probability of each letter: borne out, not said, said otherwise."""
    a, b, c = (_mass(logprobs, (letter,)) for letter in "ABC")
    return a, b, c


def _from_letter(reply: Reply) -> Judgement:
    if reply.problem or not reply.logprobs:
        return Judgement(problem=reply.problem or "模型没有给出概率")
    a, b, c = _letters(reply.logprobs)
    if max(a, b, c) <= _UNASKED:
        return Judgement(problem="模型没有按要求作答")
    other = math.log(math.exp(b) + math.exp(c))
    return Judgement(tuned=_clipped(a - other), otherwise=_clipped(c - b))


def _from_tokens(yes: Reply, kind: Reply) -> Judgement:
    problem = yes.problem or kind.problem
    if problem or not yes.logprobs or not kind.logprobs:
        return Judgement(problem=problem or "模型没有给出概率")
    said, denied = _mass(yes.logprobs, _YES), _mass(yes.logprobs, _NO)
    a, b, c = _letters(kind.logprobs)
    if max(said, denied) <= _UNASKED or max(a, b, c) <= _UNASKED:
        return Judgement(problem="模型没有按要求作答")
    other = math.log(math.exp(b) + math.exp(c))
    return Judgement(margin=_clipped(said - denied), kind=_clipped(a - other))


def _clipped(value: float) -> float:
    return max(-10.0, min(10.0, value))


def _from_words(reply: Reply) -> Judgement:
    if reply.problem:
        return Judgement(problem=reply.problem)
    try:
        answer = ClaimAnswer.model_validate_json(reply.text)
    except ValidationError:
        return Judgement(problem="模型的回答不是要求的 JSON")
    return Judgement(verdict=answer.verdict, quotes=answer.quotes, missing=answer.missing)
