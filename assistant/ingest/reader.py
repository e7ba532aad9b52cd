"""The front door of reading: size, kind, then the reader of that kind."""

from __future__ import annotations

from pathlib import Path

from assistant.document import Document
from assistant.errors import InputError
from assistant.ingest.sniff import kind_of
from assistant.ingest.source import Source, empty
from assistant.settings import Settings


def read(path: Path, *, settings: Settings) -> Document:
    """Read a file into a document.

    Raises:
        InputError: it cannot be found or read, is of no supported kind, damaged, locked, empty or too large.
    """
    try:
        if path.is_dir():
            raise InputError(
                f"{path.name}：这是文件夹，应为单个文件", "请给出 PDF、DOCX、XLSX、TXT 或 MD 文件"
            )
        size = path.stat().st_size
        _within(path.name, size, settings)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path}：找不到文件", "请检查路径和文件名") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}：无法读取文件", "请检查文件权限") from error
    return read_bytes(data, path.name, settings=settings)


def read_bytes(data: bytes, name: str, *, settings: Settings) -> Document:
    """Read a file's bytes into a document; ``name`` is what messages call it.

    Raises:
        InputError: see ``read``.
    """
    source = Source(name, data, settings)
    _within(name, len(data), settings)
    if not data.strip(b"\x00 \t\r\n"):
        raise empty(source) if data else InputError(f"{name}：文件是空的（0 字节）", "请换一个有内容的文件")
    kind = kind_of(source)
    if kind == "pdf":
        from assistant.ingest.pdf import read_pdf

        return read_pdf(source)
    if kind == "docx":
        from assistant.ingest.word import read_docx

        return read_docx(source)
    if kind == "xlsx":
        from assistant.ingest.xlsx import read_xlsx

        return read_xlsx(source)
    from assistant.ingest.plain import read_markdown, read_text

    return read_markdown(source) if kind == "markdown" else read_text(source)


def _within(name: str, size: int, settings: Settings) -> None:
    if size > settings.max_bytes:
        limit = settings.max_bytes / (1024 * 1024)
        raise InputError(
            f"{name}：文件 {size / (1024 * 1024):.1f} MB，超过上限 {limit:g} MB",
            "请压缩图片或拆分文件，或调大 ASSISTANT_MAX_BYTES",
        )
