"""What a file is, by its bytes first and its name second."""

from __future__ import annotations

from typing import Literal

from assistant.errors import InputError
from assistant.ingest.archive import Package, is_ole, ole_is_encrypted
from assistant.ingest.source import Source

Kind = Literal["pdf", "docx", "xlsx", "text", "markdown"]
_EXPECTED = "应为 PDF、DOCX、XLSX、TXT 或 Markdown"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "图片（PNG）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"GIF8", "图片（GIF）"),
    (b"BM", "图片（BMP）"),
    (b"II*\x00", "图片（TIFF）"),
    (b"MM\x00*", "图片（TIFF）"),
    (b"RIFF", "图片或音视频（RIFF）"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"SQLite format 3", "数据库文件"),
    (b"{\\rtf", "RTF 文档"),
)
_SUFFIXES: dict[str, Kind] = {
    "txt": "text", "text": "text", "log": "text", "csv": "text",
    "md": "markdown", "markdown": "markdown",
}  # fmt: skip
_OFFICE = {"docx": "Word（.docx）", "docm": "Word（.docm）", "xlsx": "Excel（.xlsx）", "pdf": "PDF"}


def suffix(name: str) -> str:
    """Return the lower-case suffix of a file name without its dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_of(source: Source) -> Kind:
    """Return what the file is.

    Raises:
        InputError: a kind that is not read, or bytes that do not fit the name.
    """
    data, end = source.data, suffix(source.name)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _office(source)
    if is_ole(data):
        raise _old_office(source)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"{source.name}：这是{what}，{_EXPECTED}", _advice(what))
    if end in _OFFICE:
        raise InputError(
            f"{source.name}：内容不是 {_OFFICE[end]} 文件（后缀与内容不符或文件已损坏）", "请用原软件重新导出"
        )
    if end in {"doc", "xls", "ppt", "wps", "et", "rtf", "pptx", "odt", "html", "htm", "json", "xml"}:
        raise InputError(f"{source.name}：不支持 .{end} 文件，{_EXPECTED}", "请另存为 DOCX 或 PDF 后再试")
    _refuse_binary(source)
    return _SUFFIXES.get(end, "text")


def _advice(what: str) -> str:
    if what.startswith("图片"):
        return "请先做文字识别（OCR）并提交 PDF 或 DOCX"
    return "请解压后提交其中的文件" if "压缩包" in what else "请另存为 DOCX 或 PDF 后再试"


def _office(source: Source) -> Kind:
    package = Package(source, "Office")
    if package.has("word/document.xml") or package.main.lower().startswith("word/"):
        return "docx"
    if package.has("xl/workbook.xml") or package.main.lower().startswith("xl/"):
        return "xlsx"
    what = "PPT 演示文稿" if package.has("ppt/presentation.xml") else "压缩包"
    raise InputError(f"{source.name}：这是{what}，{_EXPECTED}", _advice(what))


def _old_office(source: Source) -> InputError:
    if ole_is_encrypted(source.data):
        return InputError(f"{source.name}：文件已加密，需要密码才能打开", "请先去除密码保护再提交")
    return InputError(
        f"{source.name}：这是旧版 Office 文件（.doc/.xls），{_EXPECTED}", "请另存为 DOCX 或 XLSX 后再试"
    )


def _refuse_binary(source: Source) -> None:
    sample = source.data[:8192]
    odd = sum(1 for byte in sample if byte < 9 or 13 < byte < 27 or 27 < byte < 32)
    utf16 = sample[:2] in {b"\xff\xfe", b"\xfe\xff"} or sample[1::2].count(0) > len(sample) // 8
    utf16 = utf16 or sample[::2].count(0) > len(sample) // 8
    if odd > max(0.05 * len(sample), 8) and not utf16:
        raise InputError(f"{source.name}：内容不是文本，{_EXPECTED}", "请确认文件类型")
