"""How fast reading is, beside the two libraries it stands on, in one run.

Prints for PDFs of 200 pages (set by reportlab, with an embedded font, and printed by an office program
where one is installed) the seconds of pypdfium2's own text extraction, of pypdf's, and of ours, and the
ratio ours / (pypdfium2 + pypdf), best of ``--repeat`` interleaved rounds; and the seconds for a Word file of
about 50 pages. Exit code 1 when a bar is missed: 1.5 for PDFs, 1 s for Word.

Run with: python -m evals.bench.reading
"""

from __future__ import annotations

import argparse
import io
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import docx
import pypdf
import pypdfium2 as pdfium
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from assistant.ingest import read_bytes
from assistant.settings import Settings

PDF_BAR = 1.5
WORD_BAR = 1.0
_PAGES = 200
_WORDS = (
    "建设制造执行系统", "部署机器视觉检测装备", "实现质量在线检测", "设备联网率达到", "单位产值综合能耗降低", "订单准时交付率",
    "应用数字孪生技术", "打通研发设计与生产", "覆盖全部车间", "由人工排产改为自动排产", "不良率从3.2%降至1.1%", "提升25%",
)  # fmt: skip
_TTF = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",)


def sentence(chance: random.Random, length: int) -> str:
    """Return a made-up sentence of about ``length`` characters."""
    text = ""
    while len(text) < length:
        text += chance.choice(_WORDS) + chance.choice("，，，；。")
    return text[: length - 1] + "。"


def set_pdf(font: str, latin: bool) -> bytes:
    """Return a PDF of 200 full pages set line by line in one font."""
    chance = random.Random(1)  # noqa: S311  a fixed seed for made-up text
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for number in range(_PAGES):
        canvas.setFont(font, 12)
        for line in range(34):
            text = sentence(chance, 38)
            canvas.drawString(
                72, 770 - 21 * line, "The line speed rose by 25 % and scrap fell to 1.1 %" if latin else text
            )
        canvas.drawCentredString(297, 30, f"- {number + 1} -")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def word(pages: int) -> bytes:
    """Return a Word file of about so many pages, with headings and tables."""
    chance = random.Random(2)  # noqa: S311  a fixed seed for made-up text
    document = docx.Document()
    for number in range(pages):
        document.add_heading(f"第{number + 1}节 建设情况", 1)
        for _ in range(6):
            document.add_paragraph(sentence(chance, 180))
        table = document.add_table(rows=4, cols=4, style="Table Grid")
        for cell in table._cells:
            cell.text = chance.choice(_WORDS)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def printed(data: bytes) -> bytes | None:
    """Return the PDF that an office program prints from a Word file, None where none is installed."""
    office = shutil.which("soffice")
    if not office:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.docx"
        path.write_bytes(data)
        command = [
            office,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
        ]
        subprocess.run(
            [*command, "--outdir", folder, str(path)], check=True, capture_output=True, timeout=300
        )
        return path.with_suffix(".pdf").read_bytes()


def _pdfium(data: bytes) -> int:
    with pdfium.PdfDocument(data) as file:
        return sum(len(file[i].get_textpage().get_text_range()) for i in range(len(file)))


def _pypdf(data: bytes) -> int:
    return sum(len(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def _ours(data: bytes, name: str = "a.pdf") -> int:
    return len(read_bytes(data, name, settings=Settings()).text)


def _seconds(work: Callable[[bytes], int], data: bytes) -> float:
    begun = time.perf_counter()
    work(data)
    return time.perf_counter() - begun


def measure(data: bytes, repeat: int) -> dict[str, float]:
    """Return the best seconds of each reader over interleaved rounds, and the ratio."""
    rounds = [(_seconds(_pdfium, data), _seconds(_pypdf, data), _seconds(_ours, data)) for _ in range(repeat)]
    one, two, ours = (min(round_[i] for round_ in rounds) for i in range(3))
    return {"pypdfium2": one, "pypdf": two, "ours": ours, "ratio": ours / (one + two)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    files = {"set, Chinese": set_pdf("STSong-Light", latin=False)}
    try:
        pdfmetrics.registerFont(TTFont("Embedded", _TTF[0]))
        files["set, Latin, embedded font"] = set_pdf("Embedded", latin=True)
    except TTFError:
        print("no TrueType font found: the PDF with an embedded font is left out", file=sys.stderr)
    paper = printed(word(200))
    if paper is None:
        print("soffice is not installed: the printed PDF is left out", file=sys.stderr)
    else:
        files["printed from Word"] = paper
    results: dict[str, dict[str, float]] = {name: measure(data, repeat) for name, data in files.items()}
    text = word(50)
    seconds = min(_seconds(lambda data: _ours(data, "a.docx"), text) for _ in range(repeat))
    results["Word, 50 pages"] = {"ours": seconds}
    print(
        json.dumps(
            {k: {n: round(v, 3) for n, v in row.items()} for k, row in results.items()},
            ensure_ascii=False,
            indent=1,
        )
    )
    late = [name for name, row in results.items() if row.get("ratio", 0) > PDF_BAR]
    return 1 if late or seconds > WORD_BAR else 0


if __name__ == "__main__":
    sys.exit(main())
