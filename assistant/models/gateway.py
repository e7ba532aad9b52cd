"""The one way to a chat model: cap, cache, retries, rate, masking, and a record of every call.

A call that fails becomes a ``Reply`` with a problem; nothing here raises for what an endpoint does.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from assistant.models.ledger import AnswerCache, SendLog
from assistant.models.privacy import Mask, names_in
from assistant.models.prompting import Prompt
from assistant.models.vendors import Endpoint
from assistant.settings import Settings

# After so many failures in a row an endpoint counts as down: the rest is not asked any more.
_GIVE_UP_AFTER = 3
_LONGEST_WAIT = 20.0
#: Told while a batch is worked off: the prompt's name, how many things asked about are done, of how many.
Watch = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Ask:
    """One question: a prompt with its variables, how much may come back, and in what shape.

    With ``tuned`` it goes to the model with its adapter (``assistant.models.adapter``).
    """

    prompt: Prompt
    values: Mapping[str, str]
    max_tokens: int
    schema: Mapping[str, Any] | None = None
    top_logprobs: int = 0
    tuned: bool = False


@dataclass(frozen=True)
class Reply:
    """What came back; ``problem`` (Chinese) is not None when nothing usable did."""

    text: str = ""
    logprobs: Mapping[str, float] | None = None
    problem: str | None = None
    tokens_in: int = 0
    tokens_out: int = 0


class Gateway:
    """Asks one endpoint; keeps count for one run. Safe to use from several threads."""

    def __init__(self, endpoint: Endpoint, settings: Settings, watch: Watch | None = None) -> None:
        self.endpoint = endpoint
        self._settings = settings
        self._watch = watch
        self._names: tuple[str, ...] = ()
        self._cache = AnswerCache(settings.cache_dir / "answers")
        self._log = SendLog(settings.cache_dir / "sent.jsonl")
        self._lock = threading.Lock()
        self._calls: list[tuple[int, dict[str, Any]]] = []
        self._asked = self._made = self._tokens = self._failures = 0
        self._next_slot = 0.0
        self._started = time.monotonic()

    @property
    def calls(self) -> tuple[Mapping[str, Any], ...]:
        """Return a record of each call, in the order of the questions."""
        return tuple(call for _, call in sorted(self._calls, key=lambda item: item[0]))

    def protect(self, text: str) -> None:
        """Learn the names of contacts from a whole document, so that they are masked in every piece of it."""
        self._names = names_in(text) if self.endpoint.leaves_machine else ()

    def ask_all(self, asks: Sequence[Ask]) -> tuple[Reply, ...]:
        """Answer questions, several at a time where the endpoint is not this machine; order is kept."""
        base = self._asked
        self._asked += len(asks)
        count = _Count(asks, self._watch)

        def ask(number: int, one: Ask) -> Reply:
            reply = self._ask(base + number, one)
            count.finished(one)
            return reply

        workers = self._settings.model_concurrency if self.endpoint.leaves_machine else 1
        if workers == 1 or len(asks) < 2:
            return tuple(ask(i, one) for i, one in enumerate(asks))
        with ThreadPoolExecutor(max_workers=workers) as pool:
            return tuple(pool.map(ask, range(len(asks)), asks))

    def _ask(self, number: int, ask: Ask) -> Reply:
        messages, mask = self._messages(ask)
        key = self._key(ask, messages)
        started = time.monotonic()
        reply = self._cache.get(key)
        cached = reply is not None
        if reply is None:
            reply = self._refusal() or self._with_retries(ask, messages, mask)
            if reply.problem is None:
                self._cache.put(key, reply)
        record = {
            "prompt": ask.prompt.name,
            "prompt_hash": ask.prompt.digest,
            "key": key[:16],
            "model": self._identity(ask),
            "tokens_in": 0 if cached else reply.tokens_in,
            "tokens_out": 0 if cached else reply.tokens_out,
            "seconds": 0.0 if cached else round(time.monotonic() - started, 3),
            "cached": cached,
            "ok": reply.problem is None,
        }
        with self._lock:
            self._calls.append((number, record))
        return _restored(reply, mask, ask)

    def _messages(self, ask: Ask) -> tuple[list[tuple[str, str]], Mask | None]:
        """Return what is sent, masked where it leaves the machine, and the mask that undoes it."""
        plain = ask.prompt.messages(ask.values)
        if not self.endpoint.leaves_machine:
            return plain, None
        mask = Mask(self._names)
        return [(role, mask.hide(text)) for role, text in plain], mask

    def _key(self, ask: Ask, messages: Sequence[tuple[str, str]]) -> str:
        """Content, prompt, model and form of the answer make the key of the cache."""
        body = [
            self._identity(ask),
            ask.prompt.digest,
            messages,
            ask.max_tokens,
            ask.schema,
            ask.top_logprobs,
        ]
        return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def _identity(self, ask: Ask) -> str:
        """Return which model answers: with its adapter it is another one."""
        endpoint = self.endpoint
        return f"{endpoint.identity}+{endpoint.adapter[:12]}" if ask.tuned else endpoint.identity

    def _refusal(self) -> Reply | None:
        """Return why nothing may be asked any more, None when it may."""
        with self._lock:
            if self._failures >= _GIVE_UP_AFTER:
                return Reply(problem="模型服务连续失败，已停止调用")
            if self._made >= self._settings.model_max_calls:
                return Reply(problem=f"已达到调用次数上限 {self._settings.model_max_calls}")
            if self._tokens >= self._settings.model_max_tokens:
                return Reply(problem=f"已达到用量上限 {self._settings.model_max_tokens} 个词元")
            if time.monotonic() - self._started > self._settings.model_max_seconds:
                return Reply(problem=f"已达到时间上限 {self._settings.model_max_seconds:.0f} 秒")
            self._made += 1
        return None

    def _with_retries(self, ask: Ask, messages: Sequence[tuple[str, str]], mask: Mask | None) -> Reply:
        from assistant.models.failures import Failure, call

        wait = 0.5
        for attempt in range(self._settings.model_retries + 1):
            self._take_turn()
            if self.endpoint.leaves_machine:
                try:
                    self._log.write(self.endpoint, ask.prompt, messages, mask.hidden if mask else 0)
                except OSError as error:
                    # What cannot be logged is not sent.
                    return Reply(problem=f"发送记录 sent.jsonl 写不进去，没有发送：{error.strerror}")
            result = call(self.endpoint, ask, messages)
            if isinstance(result, Reply):
                with self._lock:
                    self._failures = 0
                    self._tokens += result.tokens_in + result.tokens_out
                return result
            failure: Failure = result
            if not failure.again or attempt == self._settings.model_retries:
                break
            time.sleep(min(failure.wait or wait, _LONGEST_WAIT))
            wait *= 2
        if failure.down:
            with self._lock:
                self._failures += 1
        return Reply(problem=failure.message)

    def _take_turn(self) -> None:
        """Wait until the rate limit allows another request."""
        rate = self._settings.model_requests_per_minute
        if not rate:
            return
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next_slot)
            self._next_slot = at + 60.0 / rate
        time.sleep(max(0.0, at - now))


class _Count:
    """Counts what is done of a batch: a thing may be asked about more than once."""

    def __init__(self, asks: Sequence[Ask], watch: Watch | None) -> None:
        self._open = Counter(_subject(ask) for ask in asks)
        self._total, self._done = len(self._open), 0
        self._watch = watch
        self._lock = threading.Lock()

    def finished(self, ask: Ask) -> None:
        """Count one answer and tell the watcher when a thing is done."""
        if self._watch is None:
            return
        with self._lock:
            self._open[_subject(ask)] -= 1
            if self._open[_subject(ask)] == 0:
                self._done += 1
                self._watch(ask.prompt.name, self._done, self._total)


def _subject(ask: Ask) -> tuple[str, ...]:
    return tuple(value for _, value in sorted(ask.values.items()))


def _restored(reply: Reply, mask: Mask | None, ask: Ask) -> Reply:
    return replace(reply, text=mask.restore(reply.text, in_json=ask.schema is not None)) if mask else reply
