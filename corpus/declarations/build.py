"""Build the sample declarations: ``source/*.md`` → DOCX, or PDF by way of LibreOffice.

    python corpus/declarations/build.py [NAME ...]

The built files are in the repository, so nobody needs this to use them. Building wants Pillow,
python-docx, a Chinese font file (``--font``) for the figures and, for PDF, ``soffice`` on the path.
A DOCX is the same bytes each time; a PDF depends on the installed fonts.

A source file is a YAML head (format, font, size_pt, spacing_pt, header, title) and Markdown: ``#`` title,
``##`` and ``###`` headings, pipe tables, ``![图1 说明](bars: 甲=1, 乙=2)`` or ``(layers: 甲/乙)`` or
``(flow: 甲>乙)`` figures, every other line one paragraph.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import yaml
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
STAMP = datetime(2026, 1, 1)  # noqa: DTZ001  a fixed stamp, of no zone
SIZE = (1000, 560)
COLOURS = ("#2f5d8a", "#6b9ac4", "#97b67a", "#d9a441", "#b5654a", "#7a6f9b")
MARK = "示例申报书：企业、人员、数据均为虚构，仅供软件演示与测试"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="which samples; none: all")
    parser.add_argument("--font", default=FONT, help="a Chinese font for the figures")
    options = parser.parse_args()
    sources = [path for path in sorted((HERE / "source").glob("*.md")) if not options.names or path.stem in options.names]
    for path in sources:
        print(build(path, options.font).name)
    return 0


def build(path: Path, font: str) -> Path:
    """Build one sample."""
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    meta = yaml.safe_load(head)
    document = compose(meta, body, font)
    target = HERE / f"{path.stem}.docx"
    target.write_bytes(packed(document))
    return target if meta["format"] == "docx" else to_pdf(target)


def compose(meta: dict[str, Any], body: str, font: str) -> Any:
    """Lay the Markdown out as a Word document."""
    document = docx.Document()
    prepare(document, meta)
    rows: list[list[str]] = []
    for line in [*body.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        if rows:
            add_table(document, [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)])
            rows = []
        if line.strip():
            add_line(document, line.rstrip(), font)
    return document


def prepare(document: Any, meta: dict[str, Any]) -> None:
    """Set page, styles, running header and properties; the properties say that all is invented."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    header = section.header.paragraphs[0]
    header.text = MARK
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = meta["font"]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), meta["font"])
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(theme), None)
    normal = document.styles["Normal"]
    normal.font.size = Pt(meta["size_pt"])
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = Pt(meta["spacing_pt"])
    core = document.core_properties
    core.title, core.subject, core.author = meta["title"], MARK, "示例（虚构）"
    core.keywords, core.comments = "虚构,示例", MARK
    core.created = core.modified = STAMP
    core.last_modified_by = "示例（虚构）"


def add_line(document: Any, line: str, font: str) -> None:
    """Add a heading, a figure or a paragraph."""
    if figure := re.fullmatch(r"!\[(?P<caption>[^]]+)\]\((?P<kind>\w+): (?P<what>[^)]+)\)", line):
        add_figure(document, figure, font)
    elif line.startswith("# "):
        paragraph = document.add_paragraph(line[2:], style="Title")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif line.startswith("### "):
        document.add_heading(line[4:], 2)
    elif line.startswith("## "):
        document.add_heading(line[3:], 1)
    else:
        paragraph = document.add_paragraph(line)
        if len(line) > 40:
            paragraph.paragraph_format.first_line_indent = Pt(2 * document.styles["Normal"].font.size.pt)


def add_table(document: Any, rows: list[list[str]]) -> None:
    """Add a ruled table; its text is a little smaller than the body's, as in real forms."""
    table = document.add_table(rows=len(rows), cols=max(map(len, rows)), style="Table Grid")
    for cells, row in zip(rows, table.rows, strict=True):
        for text, cell in zip(cells, row.cells, strict=False):
            cell.paragraphs[0].text = text
            cell.paragraphs[0].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(10.5)


def add_figure(document: Any, figure: re.Match[str], font: str) -> None:
    """Add a drawing and its caption below."""
    drawing = {"bars": draw_bars, "layers": draw_layers, "flow": draw_flow}[figure["kind"]]
    image = Image.new("RGB", SIZE, "white")
    drawing(ImageDraw.Draw(image), figure["what"], ImageFont.truetype(font, 26))
    data = io.BytesIO()
    image.quantize(32).save(data, "PNG", optimize=True)
    data.seek(0)
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.add_run().add_picture(data, width=Cm(12))
    caption = document.add_paragraph(figure["caption"])
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def draw_bars(draw: ImageDraw.ImageDraw, what: str, font: Any) -> None:
    """Draw a bar chart: 甲=1, 乙=2."""
    pairs = [(name.strip(), float(value)) for name, value in (part.split("=") for part in what.split(","))]
    top, step = max(value for _, value in pairs), (SIZE[0] - 120) / len(pairs)
    draw.line([(60, 480), (SIZE[0] - 40, 480)], fill="#444444", width=3)
    for index, (name, value) in enumerate(pairs):
        left, height = 80 + index * step, 400 * value / top
        draw.rectangle([left, 480 - height, left + 0.6 * step, 480], fill=COLOURS[index % len(COLOURS)])
        draw.text((left, 440 - height), f"{value:g}", fill="#222222", font=font)
        draw.text((left, 495), name, fill="#222222", font=font)


def draw_layers(draw: ImageDraw.ImageDraw, what: str, font: Any) -> None:
    """Draw an architecture: 甲/乙, the top layer first."""
    names = what.split("/")
    height = (SIZE[1] - 40) / len(names)
    for index, name in enumerate(names):
        y = 20 + index * height
        draw.rectangle([60, y + 6, SIZE[0] - 60, y + height - 6], fill=COLOURS[index % len(COLOURS)])
        draw.text((100, y + height / 2 - 16), name.strip(), fill="white", font=font)


def draw_flow(draw: ImageDraw.ImageDraw, what: str, font: Any) -> None:
    """Draw a process: 甲>乙."""
    names = what.split(">")
    width = (SIZE[0] - 60) / len(names)
    for index, name in enumerate(names):
        x = 30 + index * width
        draw.rounded_rectangle([x + 8, 220, x + width - 28, 340], 14, fill=COLOURS[index % len(COLOURS)])
        draw.text((x + 18, 262), name.strip(), fill="white", font=font)
        if index + 1 < len(names):
            draw.polygon([(x + width - 24, 268), (x + width - 24, 292), (x + width + 2, 280)], fill="#444444")


def packed(document: Any) -> bytes:
    """Return the document's bytes with every time in the archive fixed."""
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()


def to_pdf(path: Path) -> Path:
    """Convert a DOCX with LibreOffice and drop the DOCX."""
    soffice = shutil.which("soffice")
    if soffice is None:
        path.unlink()
        sys.exit("生成 PDF 需要 LibreOffice（soffice），请安装后再试")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(STAMP.timestamp()))}
    command = [soffice, "--headless", "--convert-to", "pdf", "--outdir", str(HERE), str(path)]
    subprocess.run(command, check=True, capture_output=True, env=environment)  # noqa: S603
    path.unlink()
    return path.with_suffix(".pdf")


if __name__ == "__main__":
    sys.exit(main())
