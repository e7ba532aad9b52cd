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
            self.send_response(code)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

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
