"""Plain text and Markdown."""

from __future__ import annotations

import re

from assistant.document import Document, HiddenText
from assistant.errors import InputError
from assistant.ingest.build import TextBuilder
from assistant.ingest.outline import classify
from assistant.ingest.source import Source, document

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*$")
_RULE_ROW = re.compile(r"\|?\s*:?-{1,}:?\s*(\|\s*:?-{1,}:?\s*)*\|?\s*$")
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+\S")
_FENCE = re.compile(r"\s*(```|~~~)")
_CELL_BREAK = re.compile(r"(?<!\\)\|")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)


def _guess_utf16(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by where its zero or CJK high bytes stand."""
    sample = data[:4000]
    if len(sample) < 4 or len(data) % 2:
        return None
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        likely = sum(1 for byte in high if byte in (0, 0x30, 0xFF) or 0x4E <= byte <= 0x9F)
        if likely > 0.95 * len(high) and 0 in sample:
            return encoding
    return None


def decode(source: Source) -> tuple[str, str]:
    """Return the text and the encoding it was read in.

    Raises:
        InputError: no encoding that Chinese texts come in fits.
    """
    data = source.data
    marked = [encoding for mark, encoding in _BOMS if data.startswith(mark)]
    guessed = _guess_utf16(data)
    for encoding in (*marked, *([guessed] if guessed else []), "utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.count("\x00") <= max(len(text) // 100, 4):
            return text, encoding
    raise InputError(
        f"{source.name}：认不出文字编码，应为 UTF-8、GB18030 或 UTF-16 的文本", "请另存为 UTF-8 后再试"
    )


def read_text(source: Source) -> Document:
    """Read plain text: one block a line, headings and list items told by their numbers."""
    text, encoding = decode(source)
    builder = TextBuilder(source.name, source.settings.max_chars)
    for line in text.splitlines():
        stripped = line.strip(" \t\u3000\ufeff")
        kind, level = classify(stripped)
        builder.add(kind, stripped, level)
    return document(source, f"text/plain; charset={encoding}", builder)


def read_markdown(source: Source) -> Document:
    """Read Markdown: headings, lists and pipe tables become blocks, their marks leave the text."""
    text, encoding = decode(source)
    builder = TextBuilder(source.name, source.settings.max_chars)
    for hidden in _COMMENT.findall(text):
        builder.hide(HiddenText(hidden, "comment", None, "HTML 注释"))
    _Markdown(builder).feed(_COMMENT.sub("", text).splitlines())
    return document(source, f"text/markdown; charset={encoding}", builder)


class _Markdown:
    """Line by line reader of Markdown blocks."""

    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder
        self._tables = 0
        self._paragraph: list[str] = []
        self._fenced = False

    def feed(self, lines: list[str]) -> None:
        at = 0
        while at < len(lines):
            end = self._table_end(lines, at)
            if end:
                self._flush()
                self._table(lines[at:end])
                at = end
            else:
                self._line(lines[at])
                at += 1
        self._flush()

    def _table_end(self, lines: list[str], at: int) -> int:
        if self._fenced or at + 1 >= len(lines) or "|" not in lines[at]:
            return 0
        if "-" not in lines[at + 1] or not _RULE_ROW.match(lines[at + 1].strip()):
            return 0
        end = at + 2
        while end < len(lines) and "|" in lines[end]:
            end += 1
        return end

    def _table(self, lines: list[str]) -> None:
        rows = [lines[0], *lines[2:]]
        for number, line in enumerate(rows):
            body = line.strip().removeprefix("|")
            body = body[:-1] if body.endswith("|") and not body.endswith("\\|") else body
            cells = [_plain(cell.replace("\\|", "|").strip()) for cell in _CELL_BREAK.split(body)]
            self._builder.add_row(cells, self._tables, number, header_row=number == 0)
        self._tables += 1

    def _line(self, line: str) -> None:
        if _FENCE.match(line):
            self._flush()
            self._fenced = not self._fenced
            return
        heading = None if self._fenced else _HEADING.match(line)
        if heading:
            self._flush()
            self._builder.add("heading", _plain(heading.group(2)), len(heading.group(1)))
        elif not line.strip():
            self._flush()
        elif self._fenced or _BULLET.match(line) or line.startswith(("    ", "\t")):
            self._flush()
            self._paragraph.append(line.strip())
        else:
            self._paragraph.append(line.strip().removeprefix(">").strip())

    def _flush(self) -> None:
        if self._paragraph:
            joined = _plain(_join(self._paragraph))
            kind, level = classify(joined)
            bullet = _BULLET.match(self._paragraph[0])
            self._builder.add("list_item" if bullet else kind, joined, None if bullet else level)
        self._paragraph = []


def _join(lines: list[str]) -> str:
    """Join soft-wrapped lines: a space between Latin words, nothing between Chinese characters."""
    text = lines[0]
    for line in lines[1:]:
        glue = " " if text[-1:].isascii() and line[:1].isascii() else ""
        text += glue + line
    return text


def _plain(text: str) -> str:
    return _EMPHASIS.sub(r"\2", text).replace("<br>", "\n").replace("<br/>", "\n")
