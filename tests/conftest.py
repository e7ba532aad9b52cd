"""Shared fixtures: settings that touch nothing of the user's, the samples, the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "corpus" / "declarations"

Runner = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(autouse=True)
def _own_places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from the user's data; the cache stays, since models are fetched once."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    for name in ("ASSISTANT_MODEL", "ASSISTANT_BASE_URL", "ASSISTANT_API_KEY", "ASSISTANT_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run() -> Runner:
    """Run the command line in a process of its own, as a user does."""

    def go(*arguments: object, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "assistant", *map(str, arguments)]
        env = {**os.environ, **environment}
        return subprocess.run(command, input=stdin, capture_output=True, env=env, cwd=ROOT, check=False)

    return go
