"""The claim judge: one token with its probability where that can be had, words with quotes where not.

The embedded model's hidden state is read beside its tokens. It never raises for what a model does: an
answer that fails to come, to parse or to fit is a problem.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from assistant.models import hidden_state, prompting
from assistant.models.answers import ClaimAnswer
from assistant.models.gateway import Ask, Gateway, Reply
from assistant.models.judgement import Judgement
from assistant.settings import Settings

_YES, _NO = ("是", "Yes", "yes"), ("否", "No", "no", "不")
_FLOOR = -12.0
_PROMPTS = (hidden_state.PROMPT, "judge-margin", "judge-kind", "judge-claim")
# Claim and evidence together have to fit one batch of the embedded server.
_LONGEST_STATED = 350
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
    def _reads_state(self) -> bool:
        """Return whether the reading was fitted with this very file and prompt."""
        fitted = hidden_state.reading()
        return (fitted.model, fitted.prompt) == (
            self._gateway.endpoint.state,
            self._prompts[hidden_state.PROMPT].digest,
        )

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
        """Judge pairs by tokens, with the hidden state where it can be read; in words where there are no probabilities."""
        if not self.gives_margins:
            return self.explain(pairs)
        said = self.by_tokens(pairs)
        return self._with_states(pairs, said) if self._reads_state else said

    def _with_states(
        self, pairs: Sequence[tuple[str, str]], said: Sequence[Judgement]
    ) -> tuple[Judgement, ...]:
        """Add the hidden state to judgements: tokens are surer of plain pairs, the state of hard ones."""
        prompt = self._prompts[hidden_state.PROMPT]
        asks = [Ask(prompt, _values(pair, _LONGEST_STATED), 0, state=True) for pair in pairs]
        return tuple(map(_joined, said, self._gateway.ask_all(asks)))

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


def _values(pair: tuple[str, str], longest: int = LONGEST_EVIDENCE) -> dict[str, str]:
    claim, evidence = pair
    return {"claim": claim[:longest], "evidence": evidence[:longest]}


def _joined(said: Judgement, reply: Reply) -> Judgement:
    """Return a judgement with the state read; without the one or the other it is a problem."""
    problem = said.problem or reply.problem
    if problem:
        return Judgement(problem=problem)
    try:
        return replace(said, state=_clipped(float(reply.text)))
    except ValueError:
        return Judgement(problem="模型的内部状态读不出来")


def _mass(logprobs: Mapping[str, float], tokens: Sequence[str]) -> float:
    """Return the log of the probability that the first token is one of ``tokens``."""
    total = sum(math.exp(v) for t, v in logprobs.items() if t.strip() in tokens)
    return math.log(total) if total > 0 else _FLOOR


def _from_tokens(yes: Reply, kind: Reply) -> Judgement:
    problem = yes.problem or kind.problem
    if problem or not yes.logprobs or not kind.logprobs:
        return Judgement(problem=problem or "模型没有给出概率")
    said, denied = _mass(yes.logprobs, _YES), _mass(yes.logprobs, _NO)
    a, b, c = (_mass(kind.logprobs, (letter,)) for letter in "ABC")
    if max(said, denied) <= -3.0 or max(a, b, c) <= -3.0:
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
