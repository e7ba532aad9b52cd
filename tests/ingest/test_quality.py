"""Garbled, scanned and damaged pages are said to be so, page by page."""

from __future__ import annotations

import io
import random

import pypdf
import pytest
from pypdf.generic import NameObject, StreamObject
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import InputError
from assistant.ingest.oddities import oddities
from assistant.ingest.pdf.quality import disagreement
from tests.ingest.making import lines, pdf, read, wrapped
from tests.ingest.test_pdf import SENTENCE

GOOD = lines(*wrapped(SENTENCE))


def _with_map(data: bytes, page: int, shift: int) -> bytes:
    """Return the PDF with a font on one page whose table of characters says something else than it shows."""
    writer = pypdf.PdfWriter(io.BytesIO(data))
    table = StreamObject()
    first = 0x4E00
    ranges = "\n".join(
        f"<{first + 256 * i:04X}> <{first + 256 * i + 255:04X}> <{first + 256 * i + shift:04X}>"
        for i in range(80)
    )
    table.set_data(
        f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"80 beginbfrange\n{ranges}\nendbfrange endcmap end end".encode()
    )
    reference = writer._add_object(table)
    fonts = writer.pages[page]["/Resources"]["/Font"].get_object()
    for name in list(fonts):
        font = fonts[name].get_object().clone(writer)
        if "STSong" in str(font.get("/BaseFont")):
            font[NameObject("/ToUnicode")] = reference
            fonts[NameObject(name)] = font
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_clean_document_is_good() -> None:
    found = read(pdf(GOOD, GOOD), "a.pdf")
    assert (found.quality.grade, found.quality.pages, found.problems) == ("good", (), ())


@pytest.mark.parametrize("shift", [0x1000, 0x0A7, 0x3FF, 0xE000 - 0x4E00])
def test_a_page_with_a_wrong_character_table_is_garbled(shift: int) -> None:
    found = read(_with_map(pdf(GOOD), 0, shift), "a.pdf")
    assert found.quality.grade in {"poor", "unreadable"}
    assert found.quality.pages[0].page == 1
    assert found.quality.pages[0].reason
    assert any("第 1 页" in problem.message for problem in found.problems)


def test_unlike_readings_and_odd_characters_are_measured() -> None:
    assert disagreement("智能工厂 建设", "智能工厂建设") == 0
    assert disagreement("智能工厂", "") == 1
    assert disagreement("", "") == 0
    assert disagreement("⼯⼚", "工厂") == 0
    for text in ("(cid:12)(cid:13)(cid:14)", "\ue001\ue002\ue003文字", "\ufffd\ufffd\ufffd文字"):
        assert oddities(text)[1] > 0.05
    assert oddities(SENTENCE)[1] == 0
    assert oddities("Overall equipment effectiveness reached 85 percent in 2024.")[1] == 0
    rare = random.Random(1)
    assert oddities("".join(chr(rare.randrange(0x5000, 0x9F00)) for _ in range(60)))[1] > 0.3


def test_one_scanned_page_among_good_ones_is_a_problem_not_an_error() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def scan(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("L", (600, 800), 200)), 0, 0, 595, 842)

    found = read(pdf(GOOD, scan, GOOD), "a.pdf")
    assert [(page.page, page.grade) for page in found.quality.pages] == [(2, "unreadable")]
    assert found.quality.grade == "unreadable"
    assert "扫描" in found.problems[0].message
    assert [(page.number, page.end > page.start) for page in found.pages] == [
        (1, True),
        (2, False),
        (3, True),
    ]
    with pytest.raises(InputError, match=r"扫描件"):
        read(pdf(scan, scan), "a.pdf")


def test_a_blank_page_is_no_problem() -> None:
    assert read(pdf(GOOD, lambda canvas: None, GOOD), "a.pdf").quality.grade == "good"


def test_a_broken_page_leaves_the_others() -> None:
    writer = pypdf.PdfWriter(io.BytesIO(pdf(GOOD, GOOD, GOOD)))
    broken = StreamObject()
    broken.set_data(b"BT /F9 12 Tf (\x00\xff\xfe) Tj (((( ET q q q 1 0 0")
    writer.pages[1][NameObject("/Contents")] = writer._add_object(broken)
    buffer = io.BytesIO()
    writer.write(buffer)
    found = read(buffer.getvalue(), "a.pdf")
    assert found.text.count(SENTENCE) == 2
