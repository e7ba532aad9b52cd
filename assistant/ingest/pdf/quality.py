"""How well each page was read, from the text itself and from where the two readers disagree."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

from assistant.document import Page
from assistant.ingest.hygiene import INVISIBLE, LOOKALIKES
from assistant.ingest.pdf.opinion import Opinion
from assistant.ingest.pdf.pages import PageLayout
from assistant.records import PageQuality, Problem, Quality

_CID = re.compile(r"\(cid:\d+\)")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_ODD = re.compile("[\ufffd\x00-\x08\x0e-\x1f\x80-\x9f]")
_HANZI = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[A-Za-z0-9]")
_FOREIGN = re.compile("[\u00a1-\u024f\u0370-\u1fff\uac00-\ud7af\u0400-\u04ff]")
_GRADES = ("good", "fair", "poor", "unreadable")
_MIN_CHARS = 20
_DISAGREE = 0.30
_UNEASY = 0.10
_RARE = 0.30
_UNREADABLE = 0.6


@cache
def _common() -> frozenset[str]:
    """The 3755 first-level characters of GB 2312, which make up nearly all of any Chinese text."""
    codes = ((high, low) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return frozenset(bytes(code).decode("gb2312", "ignore") for code in codes) - {""}


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


@lru_cache(maxsize=65_536)
def _class(char: str) -> str:
    """Return what a character counts as."""
    if _HANZI.match(char):
        return "hanzi" if char in _common() else "rare"
    for name, pattern in (("private", _PRIVATE), ("odd", _ODD), ("letter", _LETTER), ("foreign", _FOREIGN)):
        if pattern.match(char):
            return name
    return "other"


def oddities(text: str) -> tuple[str, float]:
    """Return what is wrong with a page's characters by themselves, and their share (0..1)."""
    counts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        if not char.isspace():
            counts[_class(char)] += count
    total = max(counts.total(), 1)
    cid = sum(len(match) for match in _CID.findall(text)) if "(cid:" in text else 0
    shares = [
        ("含有未能还原的字形编号 (cid:n)", cid / total),
        ("含有私有区字符，字体缺少编码对照", counts["private"] / total),
        ("含有无法识别的字符", counts["odd"] / total),
    ]
    hanzi = counts["hanzi"] + counts["rare"]
    if hanzi >= _MIN_CHARS:
        rare = counts["rare"] / hanzi
        shares.append(("生僻字比例异常，疑为字体编码错乱", rare if rare > _RARE else 0.0))
    if total >= _MIN_CHARS and hanzi + counts["letter"] < 0.5 * total:
        shares.append(("文字成分异常，疑为字体编码错乱", counts["foreign"] / total))
    return max(shares, key=lambda share: share[1])


def page_quality(layout: PageLayout, other: str | None) -> PageQuality:
    """Grade one page; ``other`` is what the second reader read, None where it could not."""
    text = layout.raw
    if not text.strip():
        if other is not None and len("".join(other.split())) >= _MIN_CHARS:
            return PageQuality(
                page=layout.number, grade="unreadable", reason="两种解析结果不一致，本页文字未能读出"
            )
        if layout.pictures:
            return PageQuality(
                page=layout.number, grade="unreadable", reason="本页只有图像，没有文字层（疑似扫描页）"
            )
        return PageQuality(page=layout.number, grade="good")
    reason, share = oddities(text)
    if share > 0.05:
        grade = "unreadable" if share > _UNREADABLE else "poor"
        return PageQuality(page=layout.number, grade=grade, reason=f"{reason}（约 {share:.0%}）")
    apart = disagreement(text, other) if other is not None else 0.0
    if apart > _DISAGREE and len(text) >= _MIN_CHARS:
        return PageQuality(
            page=layout.number, grade="poor", reason=f"两种解析结果相差约 {apart:.0%}，文字可能错乱"
        )
    if layout.machine_read:
        return PageQuality(page=layout.number, grade="fair", reason="扫描页，文字来自识别层，可能有识别错误")
    if apart > _UNEASY and len(text) >= 5 * _MIN_CHARS:
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
