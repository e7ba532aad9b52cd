"""How well each page was read, from the text itself and from where the two readers disagree."""

from __future__ import annotations

from collections import Counter

from assistant.document import Page
from assistant.ingest.hygiene import INVISIBLE, LOOKALIKES
from assistant.ingest.oddities import MIN_CHARS, POOR, oddities
from assistant.ingest.pdf.opinion import Opinion
from assistant.ingest.pdf.pages import PageLayout
from assistant.records import PageQuality, Problem, Quality

_GRADES = ("good", "fair", "poor", "unreadable")
_DISAGREE = 0.30
_UNEASY = 0.10
_UNREADABLE = 0.6


def _bare(text: str) -> Counter[str]:
    """Count the characters that carry text: no spaces, nothing invisible, look-alikes made alike."""
    return Counter(INVISIBLE.sub("", "".join(text.split()).translate(LOOKALIKES)))


def disagreement(one: str, two: str) -> float:
    """Return the share of characters (0..1) that only one of two readings of a page has."""
    first, second = _bare(one), _bare(two)
    more = max(sum(first.values()), sum(second.values()))
    if not more:
        return 0.0
    common = sum((first & second).values())
    return 1.0 - common / more


def page_quality(layout: PageLayout, other: str | None) -> PageQuality:
    """Grade one page; ``other`` is what the second reader read, None where it could not."""
    text = layout.raw
    if not text.strip():
        if other is not None and len("".join(other.split())) >= MIN_CHARS:
            return PageQuality(
                page=layout.number, grade="unreadable", reason="两种解析结果不一致，本页文字未能读出"
            )
        if layout.pictures:
            return PageQuality(
                page=layout.number, grade="unreadable", reason="本页只有图像，没有文字层（疑似扫描页）"
            )
        return PageQuality(page=layout.number, grade="good")
    reason, share = oddities(text)
    if share > POOR:
        grade = "unreadable" if share > _UNREADABLE else "poor"
        return PageQuality(page=layout.number, grade=grade, reason=f"{reason}（约 {share:.0%}）")
    apart = disagreement(text, other) if other is not None else 0.0
    if apart > _DISAGREE and len(text) >= MIN_CHARS:
        return PageQuality(
            page=layout.number, grade="poor", reason=f"两种解析结果相差约 {apart:.0%}，文字可能错乱"
        )
    if layout.machine_read:
        return PageQuality(page=layout.number, grade="fair", reason="扫描页，文字来自识别层，可能有识别错误")
    if apart > _UNEASY and len(text) >= 5 * MIN_CHARS:
        return PageQuality(page=layout.number, grade="fair", reason=f"两种解析结果相差约 {apart:.0%}")
    if share > 0.005:
        return PageQuality(page=layout.number, grade="fair", reason=reason)
    return PageQuality(page=layout.number, grade="good")


def judge(layouts: list[PageLayout], opinion: Opinion) -> tuple[Quality, tuple[Problem, ...]]:
    """Return the document's quality, and a problem for each page that cannot be relied on."""
    others = opinion.pages + [None] * (len(layouts) - len(opinion.pages))
    graded = [page_quality(layout, other) for layout, other in zip(layouts, others, strict=False)]
    problems = [
        Problem(stage="ingest", message=f"第 {page.page} 页未能可靠读取：{page.reason}，请人工核对原件")
        for page in graded
        if page.grade in {"poor", "unreadable"}
    ]
    problems += [
        Problem(stage="ingest", message=f"第 {layout.number} 页：{layout.problem}")
        for layout in layouts
        if layout.problem
    ]
    if opinion.problem:
        problems.append(
            Problem(stage="ingest", message=f"第二种解析未完成：{opinion.problem}，乱码检查不完整")
        )
    notable = tuple(page for page in graded if page.grade != "good")
    worst = max((page.grade for page in graded), key=_GRADES.index, default="good")
    return Quality(grade=worst, pages=notable), tuple(problems)


def page_table(layouts: list[PageLayout], starts: dict[int, int], length: int) -> tuple[Page, ...]:
    """Return the pages with where their text begins and ends; a page without text is empty."""
    begins: list[int] = []
    following = length
    for layout in reversed(layouts):
        following = min(starts.get(layout.number, following), following)
        begins.append(following)
    begins.reverse()
    begins[0] = 0
    ends = [*begins[1:], length]
    return tuple(
        Page(layout.number, begin, end, layout.width, layout.height)
        for layout, begin, end in zip(layouts, begins, ends, strict=True)
    )
