"""A real server in a process of its own, with a user of every role, and clients for each."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("gradio", reason="the ui extra is not installed")

from assistant.pipeline import review
from assistant.triage.room import Store
from assistant.triage.submissions import Upload

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "corpus" / "declarations"
PASSWORD = "correct horse battery"  # noqa: S105
PEOPLE = {
    "组长": "chair",
    "专家甲": "reviewer",
    "专家乙": "reviewer",
    "企业甲": "enterprise",
    "企业乙": "enterprise",
    "评测员": "evaluator",
    "管理员": "admin",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A running server and the folder that its store lies in."""

    folder: Path
    database: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = {**os.environ, "ASSISTANT_DATA_DIR": str(self.folder), "PYTHONUNBUFFERED": "1"}
        command = [
            sys.executable,
            "-m",
            "assistant",
            "ui",
            "--port",
            str(self.port),
            "--database",
            self.database,
        ]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        for _ in range(600):
            if self.process.poll() is not None:
                break
            try:
                httpx.get(f"{self.url}/login", timeout=2)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError((self.folder / "server.log").read_text())

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)

    def store(self) -> Store:
        return Store(self.database, self.folder / "files")

    def token(self, name: str) -> str:
        answer = httpx.post(f"{self.url}/api/login", json={"name": name, "password": PASSWORD}, headers=PAGE)
        return str(answer.json()["token"])

    def client(self, name: str, **options: Any) -> httpx.Client:
        """Return a browser-like client that is logged in; nobody for an empty name."""
        cookies = {"assistant_session": self.token(name)} if name else {}
        return httpx.Client(base_url=self.url, cookies=cookies, timeout=60, **options)


PAGE = {"X-Requested-With": "assistant"}


def make_house(folder: Path, database: str = "") -> Served:
    served = Served(folder, database or f"sqlite:///{folder / 'store.db'}")
    store = served.store()
    for name, role in PEOPLE.items():
        store.accounts.add(name, role, PASSWORD)
    store.close()
    return served


def add_sample(served: Served, owner: str, name: str, kind: Any = "submission") -> str:
    """Put a reviewed sample declaration into the store as ``owner``'s."""
    path = SAMPLES / name
    store = served.store()
    user = store.accounts.named(owner)
    assert user is not None
    identifier = store.room(user).add(Upload(name, path.read_bytes(), review(path).review, kind))
    store.close()
    return identifier


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    house = make_house(tmp_path_factory.mktemp("house"))
    house.start()
    yield house
    house.stop()


@pytest.fixture(scope="session")
def paper(served: Served) -> str:
    """A submission of 企业甲, a PDF."""
    return add_sample(served, "企业甲", "hubei-excellent-2026.pdf")


def events(client: httpx.Client, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Run one event of the page as the page does, and return all that the server answers."""
    joined = client.post("/gradio_api/queue/join", json=body)
    if joined.status_code != 200:
        return [{"status": joined.status_code, "text": joined.text}]
    said: list[dict[str, Any]] = []
    address = f"/gradio_api/queue/data?session_hash={body['session_hash']}"
    with client.stream("GET", address, timeout=60) as stream:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                said.append(json.loads(line.removeprefix("data:")))
                if said[-1].get("msg") in ("process_completed", "close_stream", "unexpected_error"):
                    break
    return said
