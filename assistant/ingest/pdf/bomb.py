"""Streams that unpack without end: told before any reader unpacks them."""

from __future__ import annotations

import re
import zlib

from assistant.errors import InputError
from assistant.ingest.source import Source

_STREAM = re.compile(rb"stream\r?\n")
_TWICE = re.compile(rb"/Fl(?:ateDecode)?\s*/Fl(?:ateDecode)?\b")
_HEADS = (b"\x78", b"\x48", b"\x58", b"\x68", b"\x08", b"\x18", b"\x28", b"\x38")
_WORTH_A_LOOK = 32 * 1024
_SAMPLE = 8 * 1024
_RATIO = 150
_MAX_STREAM = 256 * 1024 * 1024
_CHUNK = 4 * 1024 * 1024


def refuse_bomb(source: Source) -> None:
    """Refuse a PDF with a stream that grows beyond all reason.

    Raises:
        InputError: one stream, or all suspicious ones together, unpack beyond the limits.
    """
    data = source.data
    left = min(source.settings.max_unpacked_bytes, _MAX_STREAM)
    if _TWICE.search(data):
        raise _refusal(source)
    for match in _STREAM.finditer(data):
        begin = match.end()
        if data[begin : begin + 1] not in _HEADS:
            continue
        end = data.find(b"endstream", begin)
        end = len(data) if end < 0 else end
        if end - begin < _WORTH_A_LOOK or _ratio(data[begin : begin + _SAMPLE]) < _RATIO:
            continue
        left -= _unpacked(data[begin:end], left + 1)
        if left < 0:
            raise _refusal(source)


def _ratio(sample: bytes) -> float:
    try:
        return len(zlib.decompressobj().decompress(sample, _SAMPLE * _RATIO * 2)) / len(sample)
    except zlib.error:
        return 0.0


def _unpacked(data: bytes, limit: int) -> int:
    """Count what a stream unpacks to, up to a limit, without keeping it."""
    unpacker = zlib.decompressobj()
    total, rest = 0, data
    while rest and total <= limit and not unpacker.eof:
        try:
            part = unpacker.decompress(rest, _CHUNK)
        except zlib.error:
            break
        if not part:
            break
        total += len(part)
        rest = unpacker.unconsumed_tail
    return total


def _refusal(source: Source) -> InputError:
    return InputError(f"{source.name}：PDF 中的数据流解压后过大，疑似压缩炸弹", "请用原软件重新导出后再试")
