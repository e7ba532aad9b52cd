"""PDF: running text, tables, furniture, places and page images."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections import Counter
from functools import lru_cache
from pathlib import Path

import docx
import numpy as np
import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.document import Box, Document
from assistant.errors import InputError
from assistant.ingest import page_image
from tests.ingest.making import cells, kinds, lines, pdf, read, saved, wrapped

SENTENCE = (
    "本企业建设了制造执行系统和仓储管理系统，部署了机器视觉检测装备，实现了产品质量在线检测与追溯，"
    "产品不良率从百分之三降至百分之一，设备联网率达到百分之九十五，单位产值综合能耗降低百分之十二，"
    "订单准时交付率由百分之八十提升到百分之九十八。"
)


def test_wrapped_lines_are_one_sentence_and_headings_stand_alone() -> None:
    page = lines("一、建设成效", *wrapped(SENTENCE), "1.设备联网率达到95%", "2.不良率下降40%")
    found = read(pdf(page), "a.pdf")
    assert kinds(found) == [
        ("heading", "一、建设成效"),
        ("paragraph", SENTENCE),
        ("list_item", "1.设备联网率达到95%"),
        ("list_item", "2.不良率下降40%"),
    ]


def test_short_lines_of_a_form_are_not_joined() -> None:
    page = lines("企业名称：某某轴承有限公司", "统一社会信用代码：91420000000000000X", "所属行业：高端装备")
    assert read(pdf(page), "a.pdf").text.count("\n") == 2


def test_indented_paragraphs_are_told_apart() -> None:
    first, second = SENTENCE, SENTENCE.replace("本企业", "该工厂")

    def draw(canvas: Canvas) -> None:
        y = 760
        for text in (first, second):
            for number, line in enumerate(wrapped("\u3000\u3000" + text)):
                canvas.drawString(72 + (24 if number == 0 else 0), y, line.strip("\u3000"))
                y -= 20

    assert [text for _, text in kinds(read(pdf(draw), "a.pdf"))] == [first, second]


def test_a_sentence_runs_on_over_a_page_break_and_furniture_stays_out() -> None:
    parts = wrapped(SENTENCE)

    def page(number: int, body: list[str]) -> object:
        def draw(canvas: Canvas) -> None:
            canvas.setFont("STSong-Light", 9)
            canvas.drawString(72, 810, "某某公司智能工厂申报书")
            canvas.drawCentredString(297, 30, f"- {number} -")
            canvas.setFont("STSong-Light", 12)
            for at, line in enumerate(body):
                canvas.drawString(72, 760 - 20 * at, line)

        return draw

    filler = [*wrapped(SENTENCE), "以上是本页内容。"]
    found = read(pdf(page(1, filler + parts[:2]), page(2, parts[2:] + filler), page(3, filler)), "a.pdf")  # type: ignore[arg-type]
    assert found.text.count(SENTENCE) == 4
    across = next(b for b in found.blocks if found.page_at(b.start) == 1 and found.page_at(b.end - 1) == 2)
    assert found.text[across.start : across.end] == SENTENCE
    assert {box.page for box in found.boxes(found.span(across.start, across.end))} == {1, 2}
    assert [text for kind, text in kinds(found) if kind == "header"] == ["某某公司智能工厂申报书"] * 3
    assert [text for kind, text in kinds(found) if kind == "footer"] == ["- 1 -", "- 2 -", "- 3 -"]


def test_repeated_body_lines_are_not_furniture() -> None:
    page = lines(*wrapped(SENTENCE), y=800)
    found = read(pdf(page, page, page), "a.pdf")
    assert {kind for kind, _ in kinds(found)} == {"paragraph"}


def _ruled(
    canvas: Canvas, rows: list[list[str]], y: float = 700, widths: tuple[float, ...] = (150, 90, 90)
) -> None:
    xs = [72.0]
    for width in widths:
        xs.append(xs[-1] + width)
    for at in range(len(rows) + 1):
        canvas.line(xs[0], y - 40 * at, xs[-1], y - 40 * at)
    for x in xs:
        canvas.line(x, y, x, y - 40 * len(rows))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            for at, line in enumerate(text.split("|")):
                canvas.drawString(xs[column] + 4, y - 40 * number - 15 - 14 * at, line)


def test_ruled_tables_become_rows_of_cells() -> None:
    rows = [
        ["指标", "改造前", "改造后"],
        ["设备综合利用率在改造后达|到的数值", "62%", "85%"],
        ["不良率", "3.2%", "1.1%"],
    ]
    found = read(pdf(lambda canvas: _ruled(canvas, rows)), "a.pdf")
    assert cells(found) == [
        ["指标", "改造前", "改造后"],
        ["设备综合利用率在改造后达到的数值", "62%", "85%"],
        ["不良率", "3.2%", "1.1%"],
    ]
    first = found.blocks[0]
    assert (first.header_row, found.blocks[1].header_row) == (True, False)
    for block in found.blocks:
        assert found.text[block.start : block.end].split("\t") == [found.text[a:b] for a, b in block.cells]


def test_a_table_goes_on_over_a_page_break() -> None:
    head = ["指标", "改造前", "改造后"]

    def one(canvas: Canvas) -> None:
        _ruled(canvas, [head, ["利用率", "62%", "85%"]], y=200)

    def two(canvas: Canvas) -> None:
        _ruled(canvas, [head, ["不良率", "3.2%", "1.1%"]], y=780)

    found = read(pdf(one, two), "a.pdf")
    assert [(b.table, b.row, b.header_row) for b in found.blocks] == [
        (0, 0, True),
        (0, 1, False),
        (0, 2, True),
        (0, 3, False),
    ]


def test_a_row_torn_by_a_page_break_is_mended() -> None:
    def one(canvas: Canvas) -> None:
        _ruled(
            canvas,
            [["场景", "系统", "建设内容和取得的成效"], ["能源管控", "EMS", "安装智能电表和能耗监测系"]],
            y=200,
            widths=(90, 90, 160),
        )

    def two(canvas: Canvas) -> None:
        _ruled(
            canvas,
            [["", "", "统，按车间统计并预警。"], ["仓储管理", "WMS", "建成立体库。"]],
            y=780,
            widths=(90, 90, 160),
        )

    assert cells(read(pdf(one, two), "a.pdf"))[1:] == [
        ["能源管控", "EMS", "安装智能电表和能耗监测系统，按车间统计并预警。"],
        ["仓储管理", "WMS", "建成立体库。"],
    ]


def test_a_code_broken_by_a_narrow_cell_is_whole() -> None:
    rows = [["统一社会信用代码", "91420100MA0XN0|0017"], ["系统", "Example MES|Platform"]]
    found = read(pdf(lambda canvas: _ruled(canvas, rows, widths=(120, 100))), "a.pdf")
    assert cells(found) == [["统一社会信用代码", "91420100MA0XN00017"], ["系统", "Example MES Platform"]]


def test_columns_without_ruling_become_rows() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 740, "主要指标如下。")
        for number, row in enumerate(
            [["指标", "改造前", "改造后"], ["利用率", "62%", "85%"], ["不良率", "3.2%", "1.1%"]]
        ):
            for column, text in enumerate(row):
                canvas.drawString(72 + 150 * column, 700 - 24 * number, text)

    assert cells(read(pdf(draw), "a.pdf")) == [
        ["指标", "改造前", "改造后"],
        ["利用率", "62%", "85%"],
        ["不良率", "3.2%", "1.1%"],
    ]


def test_a_table_with_level_lines_only_keeps_wrapped_cells_together() -> None:
    rows = [
        ["指标", "改造前", "改造后"],
        ["设备综合利用率含|停机时间的口径", "62%", "85%"],
        ["产品一次交检合格|率的月度平均值", "91%", "98%"],
    ]

    def draw(canvas: Canvas) -> None:
        y = 700.0
        for row in rows:
            canvas.line(72, y + 16, 480, y + 16)
            for column, text in enumerate(row):
                for at, line in enumerate(text.split("|")):
                    canvas.drawString(72 + 150 * column, y - 14 * at, line)
            y -= 14 * max(text.count("|") for text in row) + 24
        canvas.line(72, y + 16, 480, y + 16)

    found = read(pdf(draw, draw), "a.pdf")
    assert cells(found)[:3] == [[text.replace("|", "") for text in row] for row in rows]
    assert {block.table for block in found.blocks} == {0}


def test_two_columns_of_text_are_read_one_after_the_other() -> None:
    left, right = wrapped(SENTENCE, 17), wrapped(SENTENCE.replace("本企业", "该工厂"), 17)

    def draw(canvas: Canvas) -> None:
        for x, column in ((60, left), (310, right)):
            for number, line in enumerate(column):
                canvas.drawString(x, 760 - 20 * number, line)

    text = read(pdf(draw), "a.pdf").text.replace("\n", "")
    assert text.index("该工厂") > text.index("百分之九十八。")


def test_what_the_page_draws_out_of_order_is_read_in_order() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "以下简称")
        canvas.drawString(132, 700, "工信部")
        canvas.drawString(180, 700, "关于")
        canvas.drawString(120, 700, "“")
        canvas.drawString(168, 700, "”")
        canvas.drawString(72, 740, "写在后面的上一行。")

    assert read(pdf(draw), "a.pdf").text == "写在后面的上一行。\n以下简称“工信部”关于"


@lru_cache(maxsize=16)
def _dark(data: bytes, page: int, scale: int) -> np.ndarray:
    with pdfium.PdfDocument(data) as file:
        return np.array(file[page - 1].render(scale=scale).to_numpy()[:, :, :3]).min(axis=2) < 170


def _ink(data: bytes, box: Box, margin: float = 2.0) -> tuple[float, float, float, float]:
    """Return where the dark pixels in and around a box are."""
    scale = 4
    dark = _dark(data, box.page, scale)
    x0, y0 = max(int((box.x0 - margin) * scale), 0), max(int((box.y0 - margin) * scale), 0)
    ys, xs = np.where(dark[y0 : int((box.y1 + margin) * scale), x0 : int((box.x1 + margin) * scale)])
    return (
        (xs.min() + x0) / scale,
        (ys.min() + y0) / scale,
        (xs.max() + 1 + x0) / scale,
        (ys.max() + 1 + y0) / scale,
    )


def _overlap(box: Box, ink: tuple[float, float, float, float]) -> float:
    wide = min(box.x1, ink[2]) - max(box.x0, ink[0])
    high = min(box.y1, ink[3]) - max(box.y0, ink[1])
    both = max(wide, 0) * max(high, 0)
    either = (box.x1 - box.x0) * (box.y1 - box.y0) + (ink[2] - ink[0]) * (ink[3] - ink[1]) - both
    return both / either


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_cover_the_words_on_pages_turned_and_cropped(turn: int) -> None:
    import pypdf

    writer = pypdf.PdfWriter(
        io.BytesIO(pdf(lines("设备联网率达到百分之九十五", "第二行文字在这里", step=40)))
    )
    page = writer.pages[0]
    page.cropbox.lower_left, page.cropbox.upper_right = (20, 30), (560, 800)
    page.rotate(turn)
    buffer = io.BytesIO()
    writer.write(buffer)
    data = buffer.getvalue()
    found = read(data, "a.pdf")
    for text in ("设备联网率达到百分之九十五", "第二行文字在这里"):
        (box,) = found.boxes(found.span(found.text.index(text), found.text.index(text) + len(text)))
        assert _overlap(box, _ink(data, box)) >= 0.9


def test_upright_text_on_a_turned_page_is_read_line_by_line() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        for number, line in enumerate(wrapped(SENTENCE, 30)):
            canvas.drawString(100, -80 - 20 * number, line)

    import pypdf

    writer = pypdf.PdfWriter(io.BytesIO(pdf(draw)))
    writer.pages[0].rotate(90)
    buffer = io.BytesIO()
    writer.write(buffer)
    assert read(buffer.getvalue(), "a.pdf").text.replace("\n", "") == SENTENCE


def test_boxes_are_one_a_line_and_inside_cells() -> None:
    rows = [["指标", "改造前", "改造后"], ["设备综合利用率在改造后达|到的数值", "62%", "85%"]]
    data = pdf(lambda canvas: _ruled(canvas, rows))
    found = read(data, "a.pdf")
    start, end = found.blocks[1].cells[0]
    boxes = found.boxes(found.span(start, end))
    assert len(boxes) == 2
    assert all(72 < box.x0 < box.x1 < 222 for box in boxes)
    row = found.boxes(found.span(found.blocks[0].start, found.blocks[0].end))
    assert len(row) == 3


def test_page_image_is_a_png_of_the_page() -> None:
    data = pdf(lines("文字"))
    image = page_image(data, 1, 2.0)
    assert image.startswith(b"\x89PNG")
    assert int.from_bytes(image[16:20]) == pytest.approx(2 * 595.28, abs=2)
    assert page_image(data, 1, 2.0) == image
    for page, scale in ((2, 1.0), (0, 1.0), (1, 0.0), (1, 1e6), (1, float("nan"))):
        with pytest.raises(InputError):
            page_image(data, page, scale)


def test_form_field_values_are_read_where_they_stand() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "企业名称：")
        canvas.acroForm.textfield(name="company", value="Example Bearing", x=140, y=694, width=200, height=20)

    found = read(pdf(draw), "a.pdf")
    assert "企业名称： Example Bearing" in found.text
    start = found.text.index("Example")
    (box,) = found.boxes(found.span(start, start + 7))
    assert box.x0 == pytest.approx(140, abs=3)


def test_a_watermark_stands_aside() -> None:
    def draw(canvas: Canvas) -> None:
        lines(*wrapped(SENTENCE))(canvas)
        canvas.saveState()
        canvas.translate(150, 650)
        canvas.rotate(45)
        canvas.setFillGray(0.6)
        canvas.drawString(0, 0, "内部资料")
        canvas.restoreState()

    assert kinds(read(pdf(draw), "a.pdf")) == [("paragraph", SENTENCE), ("textbox", "内部资料")]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, Document, bytes]:
    """The same declaration as Word file and as the PDF that an office program prints from it."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("soffice is not installed: no realistic PDF can be printed")
    folder = tmp_path_factory.mktemp("printed")
    document = docx.Document()
    document.add_heading("某某轴承有限公司智能工厂申报书", 0)
    for number in range(1, 9):
        document.add_heading(f"第{number}部分 建设情况", 1)
        for _ in range(4):
            document.add_paragraph(SENTENCE + "（以下简称“本项目”）建成MES与WMS系统，联网率98%。" + SENTENCE)
        table = document.add_table(rows=3, cols=3, style="Table Grid")
        for r, row in enumerate(
            [
                ["指标名称", "改造前", "改造后"],
                ["设备综合利用率在线统计与分析结果", "62%", "85%"],
                ["不良率", "3%", "1%"],
            ]
        ):
            for c, text in enumerate(row):
                table.cell(r, c).text = text
    document.sections[0].header.paragraphs[0].text = "某某轴承有限公司"
    path = folder / "a.docx"
    path.write_bytes(saved(document))
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    data = Path(folder / "a.pdf").read_bytes()
    return read(path.read_bytes(), "a.docx"), read(data, "a.pdf"), data


@pytest.mark.slow
def test_a_printed_word_file_reads_like_the_word_file(printed: tuple[Document, Document, bytes]) -> None:
    word, paper, _ = printed

    def bare(document: Document, kind: str) -> list[str]:
        return ["".join(text.split()) for found, text in kinds(document) if found == kind]

    # A paragraph whose sentence ends with both line and page may be cut there; no character moves.
    assert "".join(bare(paper, "paragraph")) == "".join(bare(word, "paragraph"))
    same = Counter(bare(paper, "paragraph")) & Counter(bare(word, "paragraph"))
    assert same.total() >= 0.95 * len(bare(word, "paragraph"))
    assert bare(paper, "heading") == bare(word, "heading")
    assert cells(paper) == cells(word)


@pytest.mark.slow
def test_boxes_of_a_printed_word_file_cover_the_ink(printed: tuple[Document, Document, bytes]) -> None:
    _, paper, data = printed
    blocks = [block for block in paper.blocks if block.kind == "paragraph"][:12]
    scores = [
        _overlap(box, _ink(data, box, 1.0))
        for block in blocks
        for box in paper.boxes(paper.span(block.start, block.end))
    ]
    assert len(scores) > 40
    assert min(scores) >= 0.9
