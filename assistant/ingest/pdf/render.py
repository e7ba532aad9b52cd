"""Page images."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from assistant.errors import InputError
from assistant.ingest.pdf.native import opened
from assistant.ingest.source import Source
from assistant.settings import Settings

_MAX_PIXELS = 40_000_000


def _png(width: int, height: int, stride: int, rgb: bytes) -> bytes:
    """Return a PNG of 8-bit RGB rows that lie ``stride`` bytes apart."""
    rows = b"".join(b"\x00" + rgb[y * stride : y * stride + width * 3] for y in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 6))
        + chunk(b"IEND", b"")
    )


def page_image(source: Path | bytes, page: int, scale: float = 1.5) -> bytes:
    """Return one page of a PDF as PNG; ``page`` counts from 1, ``scale`` is pixels a point.

    Raises:
        InputError: no such page, an unusable scale, or a file that cannot be opened.
    """
    name = source.name if isinstance(source, Path) else "PDF"
    data = source.read_bytes() if isinstance(source, Path) else source
    with opened(Source(name, data, Settings())) as file:
        if not 1 <= page <= len(file):
            raise InputError(f"{name}：没有第 {page} 页，共 {len(file)} 页", "请改用存在的页码")
        sheet = file[page - 1]
        width, height = sheet.get_size()
        if not scale > 0 or width * height * scale * scale > _MAX_PIXELS:
            raise InputError(f"{name}：第 {page} 页按 {scale:g} 倍渲染过大", "请减小缩放倍数")
        bitmap = sheet.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
        return _png(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
