"""Damaged files of every kind: a document or one clear error, soon, within little memory."""

from __future__ import annotations

import io
import random
import resource
import time
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.document import Document
from assistant.errors import InputError
from assistant.ingest import read_bytes
from tests.ingest.making import SETTINGS, lines, p, pdf, word, wrapped
from tests.ingest.test_pdf import SENTENCE

_ROUNDS = 75
_SECONDS_EACH = 8.0
_MAX_GROWTH = 700 * 1024
"""Kilobytes by which the process may grow over all files."""


def _page(canvas: Canvas) -> None:
    canvas.setPageCompression(0)
    lines("一、建设成效", *wrapped(SENTENCE))(canvas)
    canvas.grid([72, 200, 300], [300, 330, 360])
    canvas.drawString(80, 310, "利用率")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(72, 250, "白字")


def _packed_page(canvas: Canvas) -> None:
    canvas.setPageCompression(1)
    lines(*wrapped(SENTENCE))(canvas)


def _book() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number in range(20):
        sheet.append([f"指标{number}", number / 7, f"{number}%", None])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _word() -> bytes:
    cell = f"<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{p('单元格')}</w:tc>"
    body = (
        p(SENTENCE) * 3
        + f"<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>"
        + p("白字", run='<w:color w:val="FFFFFF"/>')
    )
    return word(body)


_BASES: dict[str, Callable[[], bytes]] = {
    "plain.pdf": lambda: pdf(_page, _packed_page),
    "packed.pdf": lambda: pdf(_packed_page, _packed_page),
    "a.docx": _word,
    "a.xlsx": _book,
    "a.txt": lambda: ("一、概况\n" + SENTENCE).encode("gb18030"),
    "a.md": ("# 标题\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n" + SENTENCE).encode,
    "b.txt": lambda: SENTENCE.encode("utf-16"),
}


def _damaged(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one kind of damage."""
    changed = bytearray(data)
    at = chance.randrange(len(changed))
    kind = chance.randrange(7)
    if kind == 0:
        for _ in range(chance.choice((1, 4, 40))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    elif kind == 1:
        del changed[at:]
    elif kind == 2:
        del changed[at : at + chance.choice((1, 16, 400))]
    elif kind == 3:
        changed[at:at] = chance.randbytes(chance.choice((1, 30, 3000)))
    elif kind == 4:
        changed[at:at] = changed[at : at + 500] * chance.choice((1, 5, 50))
    elif kind == 5:
        changed = _numbers_changed(changed, chance)
    else:
        changed[at : at + 200] = b"\0" * 200
    return bytes(changed)


def _numbers_changed(data: bytearray, chance: random.Random) -> bytearray:
    """Put extreme numbers where digits stand: lengths, offsets, sizes, spans."""
    places = [at for at in range(len(data)) if 48 <= data[at] <= 57]
    for _ in range(3):
        if places:
            at = chance.choice(places)
            data[at : at + 1] = chance.choice((b"0", b"-1", b"999999999", b"4294967296", b"1e99"))
    return data


def _damaged_inside(data: bytes, chance: random.Random) -> bytes:
    """Damage one part of a package and close it again properly."""
    old = zipfile.ZipFile(io.BytesIO(data))
    victim = chance.choice([name for name in old.namelist() if name.endswith((".xml", ".rels"))])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, _damaged(content, chance) if name == victim else content)
    return buffer.getvalue()


def _tags_swapped(data: bytes, chance: random.Random) -> bytes:
    """Swap element names in a package's main part: well-formed, but nonsense."""
    old = zipfile.ZipFile(io.BytesIO(data))
    buffer = io.BytesIO()
    names = [b"w:p", b"w:tbl", b"w:tr", b"w:tc", b"w:r", b"w:t", b"w:pPr", b"w:body", b"w:del", b"w:sdt"]
    one, two = chance.sample(names, 2)
    with zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                for sign in (b"<%s>", b"<%s ", b"</%s>"):
                    content = (
                        content.replace(sign % one, b"@")
                        .replace(sign % two, sign % one)
                        .replace(b"@", sign % two)
                    )
            new.writestr(name, content)
    return buffer.getvalue()


def _tried(data: bytes, name: str) -> bool:
    """Read and tell whether a document came out; anything but a document or a clear error fails the test."""
    begun = time.monotonic()
    try:
        found = read_bytes(data, name, settings=SETTINGS)
    except InputError as error:
        assert name in str(error)
        return False
    finally:
        assert time.monotonic() - begun < _SECONDS_EACH
    _exercise(found)
    return True


def _exercise(found: Document) -> None:
    assert found.text.strip()
    for block in found.blocks[:3]:
        span = found.span(block.start, block.end)
        assert found.text[span.start : span.end] == span.quote
        found.boxes(span)


@pytest.mark.slow
def test_more_than_five_hundred_damaged_files() -> None:
    chance = random.Random(20260108)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tried = read = 0
    for name, make in _BASES.items():
        base = make()
        assert _tried(base, name)
        for number in range(_ROUNDS):
            data = _damaged(base, chance)
            if name.endswith((".docx", ".xlsx")) and number % 3:
                data = _damaged_inside(base, chance)
            read += _tried(data, name)
            tried += 1
    base = _word()
    for _ in range(20):
        read += _tried(_tags_swapped(base, chance), "a.docx")
        tried += 1
    assert tried >= 500
    assert 0.2 * tried < read < tried  # neither refuse everything nor notice nothing
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < _MAX_GROWTH


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx", "a.txt", "a.md", "noname"])
def test_noise_is_refused_or_read_never_fatal(name: str) -> None:
    chance = random.Random(7)
    heads = (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf")
    for size in (1, 7, 100, 5000):
        for head in heads:
            _tried(head + chance.randbytes(size), name)
