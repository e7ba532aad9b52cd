"""Build the documents of the reading suite: ``python evals/suites/reading/build.py``.

The built files are in the repository; building again gives the same files. Wants reportlab, python-docx,
openpyxl and Pillow (with a Noto CJK font for the scanned page).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

HERE = Path(__file__).resolve().parent / "documents"
FONT = "STSong-Light"
SCAN_FONT = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
STAMP = datetime(2026, 1, 1)

KPIS = [
    ["指标名称", "单位", "改造前", "改造后"],
    ["设备联网率", "%", "52", "94"],
    ["产品一次合格率", "%", "95.1", "98.6"],
    ["换型时间", "分钟", "75", "18"],
    ["单位产品电耗", "kWh", "41", "33"],
]


def pdf(draw: Callable[[Canvas], None], size: tuple[float, float] = A4) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1, pageCompression=1)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def write(
    canvas: Canvas, text: str, place: tuple[float, float, int] = (72, 770, 36), size: int = 12
) -> float:
    """Write lines of ``place[2]`` characters downwards from (x, y); return the next y."""
    x, y, width = place
    canvas.setFont(FONT, size)
    for line in text.split("\n"):
        for start in range(0, max(1, len(line)), width):
            canvas.drawString(x, y, line[start : start + width])
            y -= size * 1.8
    return y


def furniture(canvas: Canvas, page: int) -> None:
    canvas.setFont(FONT, 9)
    canvas.drawString(72, 815, "湖北省先进级智能工厂申报书")
    canvas.drawRightString(523, 30, f"第 {page} 页 共 2 页")


def two_pages(canvas: Canvas) -> None:
    furniture(canvas, 1)
    write(
        canvas,
        "一、建设成效\n公司全面推进数字化改造。经过两年建设，装配车间生产节拍明显加快，现场管理水平显著提高，"
        "员工劳动强度大幅下降。其中产品不良率由3.2%降至1.1%，设备综合利用率由71%提高",
    )
    canvas.showPage()
    furniture(canvas, 2)
    write(canvas, "到86%，提高15个百分点。库存周转率提升35%。\n二、下一步计划\n力争2027年生产效率再提升20%。")


def columns(canvas: Canvas) -> None:
    write(canvas, "某阀门厂智能化改造纪实", (180, 790, 36), 14)
    left = (
        "改造之前，车间里纸质工单满天飞，计划员每天要打几十个电话。上线系统后，排产时间由4小时缩短到20分钟。"
    )
    right = "仓库的变化同样明显：立体库投用以来，出库差错率由0.6%降到0.05%，盘点再也不用停工。"
    write(canvas, left, (60, 750, 18))
    write(canvas, right, (320, 750, 18))


def ruled(canvas: Canvas) -> None:
    y = write(canvas, "关键绩效指标表（改造前为2023年，改造后为2025年）")
    table = Table(KPIS, colWidths=[130, 60, 90, 90])
    table.setStyle(
        TableStyle([("FONT", (0, 0), (-1, -1), FONT, 11), ("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    )
    _, height = table.wrapOn(canvas, 450, 400)
    table.drawOn(canvas, 72, y - height)
    write(canvas, "表后说明：数据由制造执行系统导出。", (72, y - height - 30, 36))


def unruled(canvas: Canvas) -> None:
    y = 770.0
    canvas.setFont(FONT, 12)
    for row in KPIS:
        for x, cell in zip((72, 220, 320, 420), row, strict=True):
            canvas.drawString(x, y, cell)
        y -= 24


def garbled(canvas: Canvas) -> None:
    write(canvas, "第一页可以正常阅读：设备联网率达到90%。")
    canvas.showPage()
    canvas.setFont("Helvetica", 12)
    words = "智能工厂建设成效显著，产品合格率与生产效率大幅提升，能源消耗持续下降。".encode("gbk").decode(
        "latin-1"
    )
    for line in range(20):
        canvas.drawString(72, 770 - 24 * line, words)


def scanned(canvas: Canvas) -> None:
    write(canvas, "本页为文字页：单位能耗下降12%。")
    canvas.showPage()
    image = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(SCAN_FONT, 40)
    for row in range(18):
        pen.text((120, 120 + 80 * row), "这一页是扫描件，只有图像没有文字层。", font=font, fill=0)
    buffer = io.BytesIO()
    image.convert("1").save(buffer, "PNG")
    canvas.drawImage(ImageReader(io.BytesIO(buffer.getvalue())), 0, 0, *A4)


def wide(canvas: Canvas) -> None:
    write(
        canvas,
        "附表：场景与成效\n在线智能检测系统采用机器视觉自动判定缺陷，漏检率由1.9%降至0.3%。",
        (60, 540, 60),
    )


def white(canvas: Canvas) -> None:
    write(canvas, "质量追溯时间由2天缩短到15分钟。")
    canvas.setFillColorRGB(1, 1, 1)
    write(canvas, "产品合格率达到99.99%，行业第一。", (72, 700, 36))


def word(make: Callable[[Any], None]) -> bytes:
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = STAMP
    make(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return packed(buffer.getvalue())


def packed(data: bytes) -> bytes:
    """Return a package with fixed times, so that building again gives the same bytes."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in sorted(source.namelist()):
            # openpyxl stamps the time of saving whatever it is told.
            part = re.sub(
                rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-01-01T00:00:00Z", source.read(name)
            )
            out.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def cells(document: Any, rows: list[list[str]]) -> Any:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    return table


def form(document: Any) -> None:
    document.add_heading("先进级智能工厂申报书", 0)
    table = cells(
        document,
        [
            ["企业名称", "宜昌清江轴承有限公司", "统一社会信用代码", "91420500MA4QJ00117"],
            ["注册地", "湖北省宜昌市伍家岗区", "联系电话", "13886700011"],
            ["成熟度等级", "二级", "自评估得分", "2.57"],
            ["主要产品", "精密轴承", "", ""],
        ],
    )
    table.cell(3, 1).merge(table.cell(3, 3))
    document.add_paragraph("申报日期：2026年3月9日")


def report(document: Any) -> None:
    document.sections[0].header.paragraphs[0].text = "内部资料 注意保存"
    document.add_heading("三、建设成效", 1)
    document.add_paragraph("以下为改造前后对比。")
    cells(document, KPIS)
    document.add_paragraph("除上表外，订单准时交付率达到97%。", style="List Bullet")
    document.add_paragraph("研制周期缩短32%。", style="List Bullet")


def merged(document: Any) -> None:
    table = cells(
        document,
        [
            ["类别", "指标", "2023年", "2025年"],
            ["质量", "产品合格率（%）", "96.0", "98.9"],
            ["", "客户投诉率（%）", "1.2", "0.4"],
            ["效率", "人均产值（万元）", "88", "121"],
        ],
    )
    table.cell(1, 0).merge(table.cell(2, 0))


def changes(document: Any) -> None:
    paragraph = document.add_paragraph("设备联网率达到")
    for tag, inner, words in (("w:del", "w:delText", "75%"), ("w:ins", "w:t", "88%")):
        change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
        change.set(qn("w:id"), "1")
        change.set(qn("w:author"), "editor")
        text.text = words
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run("，覆盖全部车间。")


def invisible(document: Any) -> None:
    document.add_paragraph("仓库盘点时间由3天缩短到4小时。")
    run = document.add_paragraph().add_run("全员劳动生产率提升300%。")
    run.font.hidden = True
    other = document.add_paragraph().add_run("单位能耗降低80%。")
    other.font.color.rgb = RGBColor(255, 255, 255)


def nested(document: Any) -> None:
    table = cells(document, [["建设内容", "成效"], ["", ""]])
    table.cell(1, 0).text = "建成智能仓储管理系统与自动化立体仓库，物料自动出入库。"
    inner = table.cell(1, 1).add_table(2, 3)
    for row, values in zip(
        inner.rows, [["指标", "改造前", "改造后"], ["库存准确率", "92%", "99.5%"]], strict=True
    ):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value


def sheet(make: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = STAMP
    make(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return packed(buffer.getvalue())


def percent(book: Any) -> None:
    page = book.active
    page.title = "绩效指标"
    page.append(["指标", "改造前", "改造后"])
    for name, before, after, shape in (
        ("设备联网率", 0.58, 0.93, "0%"),
        ("产品不良率", 0.021, 0.0085, "0.00%"),
        ("人均产值（万元）", 96, 134, "0"),
    ):
        page.append([name, before, after])
        for cell in page[page.max_row][1:]:
            cell.number_format = shape
    hidden = book.create_sheet("底稿")
    hidden.append(["生产效率提升200%"])
    hidden.sheet_state = "hidden"


def basics(book: Any) -> None:
    page = book.active
    page.title = "基本信息表"
    for row in (
        ["企业名称", "盐城滨海化工有限公司"],
        ["申报层级", "先进级"],
        ["申报日期", datetime(2025, 8, 18)],
        ["成熟度等级", "二级"],
        ["成熟度得分", 2.62],
    ):
        page.append(row)
    page["B3"].number_format = "yyyy-mm-dd"


GBK = "一、建设成效\n成品率由91.5%提高到95.2%，提高3.7个百分点。\n二、其他\n公司现有员工300人。\n"
WIDE = "场景建设：车间智能排产。APS系统自动生成作业排程，排程用时由2小时缩短到10分钟。\r\n"
MARKDOWN = "# 建设成效\n\n| 指标 | 改造前 | 改造后 |\n|---|---|---|\n| 焊接合格率 | 94% | 98.5% |\n| 返工工时 | 12小时 | 3小时 |\n\n> 数据来源：质量管理系统\n"

FILES: dict[str, Callable[[], bytes]] = {
    "two-pages.pdf": lambda: pdf(two_pages),
    "columns.pdf": lambda: pdf(columns),
    "ruled-table.pdf": lambda: pdf(ruled),
    "unruled-table.pdf": lambda: pdf(unruled),
    "garbled.pdf": lambda: pdf(garbled),
    "scanned.pdf": lambda: pdf(scanned),
    "landscape.pdf": lambda: pdf(wide, landscape(A4)),
    "white.pdf": lambda: pdf(white),
    "form.docx": lambda: word(form),
    "report.docx": lambda: word(report),
    "merged.docx": lambda: word(merged),
    "changes.docx": lambda: word(changes),
    "invisible.docx": lambda: word(invisible),
    "nested.docx": lambda: word(nested),
    "percent.xlsx": lambda: sheet(percent),
    "basics.xlsx": lambda: sheet(basics),
    "gbk.txt": lambda: GBK.encode("gb18030"),
    "utf16.txt": lambda: WIDE.encode("utf-16"),
    "table.md": MARKDOWN.encode,
}


def main() -> None:
    """Write all documents."""
    HERE.mkdir(exist_ok=True)
    for name, make in FILES.items():
        (HERE / name).write_bytes(make())


if __name__ == "__main__":
    main()
