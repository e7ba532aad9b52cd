"""A small server that speaks the OpenAI protocol on loopback, well or badly, as a test asks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assistant.settings import Settings

#: Given the request's body: (status, headers, body bytes).
Behaviour = Callable[[dict[str, Any]], tuple[int, dict[str, str], bytes]]


def completion(content: str, logprobs: dict[str, float] | None = None) -> bytes:
    """Return a chat completion as endpoints send it."""
    choice: dict[str, Any] = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": content},
    }
    if logprobs is not None:
        top = [{"token": t, "logprob": v, "bytes": None} for t, v in logprobs.items()]
        choice["logprobs"] = {
            "content": [{"token": content[:1], "logprob": -0.1, "bytes": None, "top_logprobs": top}]
        }
    body = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "fake",
        "choices": [choice],
        "usage": {"prompt_tokens": 50, "completion_tokens": 5, "total_tokens": 55},
    }
    return json.dumps(body).encode()


def says(content: str, logprobs: dict[str, float] | None = None) -> Behaviour:
    """Always answer the same."""
    return lambda request: (200, {}, completion(content, logprobs))


def status(code: int, headers: dict[str, str] | None = None) -> Behaviour:
    """Always fail with a status."""
    return lambda request: (code, headers or {}, json.dumps({"error": {"message": "no"}}).encode())


@dataclass
class Endpoint:
    """A running fake endpoint: its address, how it behaves, and what it was sent."""

    url: str
    behaviour: Behaviour
    requests: list[dict[str, Any]] = field(default_factory=list)
    most_at_once: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        with self._lock:
            self.requests.append(request)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            return self.behaviour(request)
        finally:
            with self._lock:
                self._now -= 1


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    state = Endpoint("", says("是"))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            code, headers, content = state.answer(body)
            broken = code == BREAK_OFF
            self.send_response(200 if broken else code)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if broken else content)
            self.close_connection = broken

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(endpoint: Endpoint, tmp_path: Any) -> Settings:
    return Settings(
        model="custom:fake",
        base_url=endpoint.url,
        cache_dir=tmp_path / "cache",
        model_timeout=2.0,
        model_retries=1,
    )


def slowly(seconds: float, behaviour: Behaviour) -> Behaviour:
    """Answer late."""

    def wait(request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        time.sleep(seconds)
        return behaviour(request)

    return wait


#: How the prompts of the tasks can be told apart in a request: a few words of the system text.
TASKS = {
    "judge-claim": "判断证据是否支持断言",
    "find-elements": "逐字抄录该场景的四个要素",
    "map-scene": "典型场景目录",
    "suggest": "帮助企业修改",
    "answer-from-clauses": "梯度培育政策问题",
}
UNSUPPORTED = {"quotes": [], "missing": "没有写明统计时间", "verdict": "unsupported"}
NOTHING = {"activity": "", "system": "", "technique": "", "effect": ""}


def task_of(request: dict[str, Any]) -> str:
    """Return which prompt a request was made from."""
    system = request["messages"][0]["content"]
    return next(name for name, words in TASKS.items() if words in system)


def by_task(**answers: dict[str, Any] | Behaviour) -> Behaviour:
    """Answer each task in its shape; a name's ``_`` stands for ``-``."""
    usual: dict[str, dict[str, Any]] = {
        "judge-claim": UNSUPPORTED,
        "find-elements": NOTHING,
        "map-scene": {"scenes": []},
        "suggest": {"suggestion": "请补充统计起止时间和数据来源。"},
        "answer-from-clauses": {"answer": "见条款[1]。", "used": [1]},
    }
    given = usual | {name.replace("_", "-"): answer for name, answer in answers.items()}

    def answer(request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        found = given[task_of(request)]
        return found(request) if callable(found) else says(json.dumps(found, ensure_ascii=False))(request)

    return answer


#: Status of a behaviour that breaks the connection off in the middle of its answer.
BREAK_OFF = 0


def breaks_off(request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Begin a good answer and close the connection midway."""
    return BREAK_OFF, {}, completion("{}")


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every passage come near two scenes, so that no test hangs on what retrieval finds."""
    from assistant import pipeline

    monkeypatch.setattr(
        pipeline, "_shortlist", lambda catalog, settings: lambda passage: ((1, 6.0), (4, 5.5))
    )
