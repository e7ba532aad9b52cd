"""The document as units (headings, items, rows, paragraphs) with depth, and the zones that headings open.

Ingest marks headings and rows where the file has them; plain text has only its numbering. Depths
are relative: a numbering style that appears under another one lies deeper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from assistant.document import Document
from assistant.extract.plan_cues import tells_the_present

Zone = Literal["body", "profile", "plan", "guide", "contents"]

_CN = "一二三四五六七八九十百"
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chapter", re.compile(rf"第[{_CN}\d]+(?:章|部分|篇)[、:：.\s]*")),
    ("section", re.compile(rf"第[{_CN}\d]+节[、:：.\s]*")),
    ("cn", re.compile(rf"[{_CN}]{{1,3}}[、．.]\s*")),
    ("cn_bracket", re.compile(rf"[（(]\s*[{_CN}]{{1,3}}\s*[）)]\s*[、.]?")),
    ("dec4", re.compile(r"\d{1,2}(?:[.．]\d{1,2}){3}[.．、]?\s*")),
    ("dec3", re.compile(r"\d{1,2}[.．]\d{1,2}[.．]\d{1,2}[.．、]?(?!\d)\s*")),
    ("dec2", re.compile(r"\d{1,2}[.．]\d{1,2}[.．、]?(?![\d%％])\s*")),
    ("num", re.compile(r"\d{1,2}(?:\s*[、．]|\.(?!\d))\s*|\d{1,2}\s+(?=[^\d\s])")),
    ("num_bracket", re.compile(r"[（(]\s*\d{1,2}\s*[）)]\s*[、.]?|\d{1,2}[)）]\s*")),
    ("circle", re.compile(r"[①-⑳⑴-⒇➀-➓]\s*")),
    ("code", re.compile(r"[A-Z]{1,4}-?\d{1,3}(?:\s*[、:：.．]\s*|\s+)(?=[一-鿿])")),
    ("letter", re.compile(r"[a-zA-Z][.、)）]\s*")),
    (
        "ordinal",
        re.compile(
            rf"(?:[{_CN}]{{1,3}}是|其[{_CN}]{{1,2}}[是，,、:：]|第[{_CN}]{{1,3}}[，,、:：]|首先[，,]|其次[，,]|再次[，,]|最后[，,])\s*"
        ),
    ),
)
_SCENE_LABEL = re.compile(
    rf"(?:典型|应用|智能制造|建设|智能|重点)?场景\s*(?:名称)?\s*[（(]?(?:[{_CN}]{{1,3}}|\d{{1,2}}|[A-Z]?\d{{1,2}})?[）)]?\s*[:：、.\s—-]+"
)
_BULLET = re.compile(r"[-*•●■◆▪◇□○※➢➤‣·–—→☆★]\s*|\*\*")
_HASHES = re.compile(r"(#{1,6})\s+")
_LEADERS = re.compile(r"(?:[.…·．]{3,}|\s{3,}|\t)\s*\d{1,3}\s*$")
_PLAN = re.compile(
    r"(?:后续|下一?步|未来|今后|下一?阶段|远期|中长期)[^，。]{0,10}(?:计划|规划|打算|工作|思路|展望|方向|安排|目标|举措|建设|提升|场景|实施)"
    r"|(?:拟建|待建|规划建?设?|计划建设|在建|未建|尚未建设|待建设|拟建设|暂未)(?:的)?(?:典型|智能)?(?:场景|项目|内容)|(?:发展|实施|提升|改进|推进)(?:计划|规划)|展望|存在的?(?:问题|不足)|短板|差距"
)
_GUIDE = re.compile(
    r"参考指引|填报说明|填写说明|填报要求|填表说明|编制说明|编制依据|填写要求|政策(?:依据|背景|要求)|场景目录|场景对照表|指引目录|名词解释|术语|相关政策|申报通知|要素条件"
)
# Sections about the firm, the architecture, what is new or the benefit name many systems in passing.
_PROFILE = re.compile(
    r"(?:概况|简介|基本情况|基本信息|总体架构|架构|总体思路|总体设计|技术路线|摘要|概述|背景|保障(?:措施|机制)?|组织机构|效益分析|投资|信息化基础|资质|荣誉|创新(?:点|性)?|新技术应用|带动性?|先进性)(?:[（(].*[）)]|等?方面|[与和及].{0,8})?(?:介绍|说明|情况)?\s*$"
)
# A section that reports on scenes may name the guide that it goes by; one that sets it out reports nothing.
_REPORTS = re.compile(
    r"(?:建设|应用|实施|覆盖|完成|落地|开展|推进|创建)[^，。]{0,4}(?:情况|现状|成效|成果|进展|说明|内容|一览|清单|表)"
)
_CAPTION = re.compile(r"[图表]\s*\d{1,2}(?:[-—.]\d{1,2})?[\s：:、.]*\S[^。；，]{0,30}$")
_CONTENTS = re.compile(r"^\s*(?:目\s*录|目\s*次|CONTENTS)\s*$", re.IGNORECASE)
_TITLE_WIDTH = 46
_PLAIN_WIDTH = 30
_CONTENTS_WIDTH = 40
_SENTENCE_MARK = re.compile(r"[。；;！!？?，,]")


class Numbering(NamedTuple):
    """How a line is numbered: its style and how many characters the number takes."""

    style: str
    length: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A line or block: ``title`` is where its words start behind the number.

    ``depth`` is None for anything that is no heading; smaller is higher. ``cells`` are (start, end).
    """

    start: int
    end: int
    title: int
    style: str
    depth: int | None
    zone: Zone
    cells: tuple[tuple[int, int], ...] = ()
    table: int | None = None
    header: bool = False


def numbering(line: str) -> Numbering:
    """Return the number, bullet or label in front of a line (style ``""`` when there is none)."""
    length, style = 0, ""
    hashes = _HASHES.match(line)
    if hashes:
        length, style = hashes.end(), f"md{len(hashes.group(1))}"
    for name, pattern in _STYLES:
        match = pattern.match(line, length)
        if match:
            style, length = style or name, match.end()
            break
    else:
        bullet = _BULLET.match(line, length)
        if bullet:
            style, length = style or "bullet", bullet.end()
    label = _SCENE_LABEL.match(line, length)
    if label and label.end() > length + 2:
        style, length = style or "label", label.end()
    return Numbering(style, length)


def _row_cells(line: str, start: int) -> tuple[tuple[int, int], ...]:
    separator = "\t" if "\t" in line else "|" if line.count("|") >= 2 else None
    pattern = re.compile(re.escape(separator)) if separator else re.compile(r"[ \u3000]{2,}| (?=\S)")
    places, begin = [], 0
    for match in [*pattern.finditer(line), None]:
        stop = match.start() if match else len(line)
        piece = line[begin:stop]
        if separator or piece.strip():
            lead = len(piece) - len(piece.lstrip())
            places.append((start + begin + lead, start + begin + max(lead, len(piece.rstrip()))))
        begin = match.end() if match else stop
    return tuple(places)


def _looks_like_row(line: str) -> bool:
    stripped = line.strip()
    if "\t" in stripped or stripped.count("|") >= 2:
        return True
    if _HASHES.match(stripped):
        return False
    return len(re.findall(r"\S[ \u3000]+(?=\S)", stripped)) >= 2 and not _SENTENCE_MARK.search(stripped)


class _Raw(NamedTuple):
    start: int
    end: int
    kind: str
    level: int | None
    cells: tuple[tuple[int, int], ...]
    table: int | None
    header: bool


def _lines(text: str, start: int, end: int, level: int | None = None) -> list[_Raw]:
    found, at = [], start
    for line in text[start:end].split("\n"):
        if line.strip():
            row = _looks_like_row(line)
            cells = _row_cells(line, at) if row else ()
            found.append(_Raw(at, at + len(line), "line", level, cells, None, False))
        at += len(line) + 1
    return found


def _raws(document: Document) -> list[_Raw]:
    if not document.blocks:
        return _lines(document.text, 0, len(document.text))
    found: list[_Raw] = []
    for block in document.blocks:
        if block.kind in ("header", "footer"):
            continue
        if block.kind == "table_row" and block.cells:
            found.append(
                _Raw(block.start, block.end, "row", None, block.cells, block.table, block.header_row)
            )
        else:
            level = block.level if block.kind == "heading" else None
            found += _lines(document.text, block.start, block.end, level)
    return found


class _Depths:
    """Ranks numbering styles by the order in which they nest."""

    def __init__(self) -> None:
        self._stack: list[str] = []

    def of(self, style: str) -> int:
        if style in self._stack:
            del self._stack[self._stack.index(style) + 1 :]
        else:
            self._stack.append(style)
        return len(self._stack)


def _is_title(line: str, numbered: Numbering, level: int | None) -> bool:
    words = line[numbered.length :].strip()
    if not words or len(words) > _TITLE_WIDTH or words[-1] in "。；;，,":
        return False
    if level is not None:
        return True
    return numbered.style not in ("", "bullet", "letter", "ordinal", "code") and not re.search(
        r"[。；;！!？?]", words
    )


def _zone_of(title: str) -> Zone:
    if _CONTENTS.match(title):
        return "contents"
    if _GUIDE.search(title) and not _REPORTS.search(re.sub(r"[（(《][^（）()《》]*[）)》]", "", title)):
        return "guide"
    if _PLAN.search(title) and not tells_the_present(title):
        return "plan"
    return "profile" if _PROFILE.search(title) else "body"


class _Zones:
    """Follows which zone a document is in, from title to title."""

    def __init__(self) -> None:
        self._zone: Zone = "body"
        self._depth = 0
        self._asked = False
        self._listed: set[str] = set()

    def enter(self, title: str, depth: int) -> None:
        """Take note of a title; one inside a zone ends it only when it stands as high as the zone's own."""
        if self._zone not in ("body", "profile") and depth > self._depth:
            return
        opened = _zone_of(title)
        if not (self._zone == "profile" and opened == "body" and depth > self._depth):
            self._zone, self._depth = opened, depth

    def of(self, line: str, leaders: bool) -> Zone:
        """Return the zone of a line; the answer to a question about plans is a plan."""
        if self._zone == "contents" and self._leaves_contents(line, leaders):
            self._zone = "body"
        here: Zone = "contents" if leaders else "guide" if _CAPTION.match(line) else self._zone
        if self._asked and here == "body":
            here = "plan"
        self._asked = line.endswith(("？", "?")) and _PLAN.search(line) is not None
        return here

    def _leaves_contents(self, line: str, leaders: bool) -> bool:
        """Return whether the table of contents is over: prose, or a title that it listed and that comes again."""
        entry = "".join(_LEADERS.sub("", line).split())
        again = entry in self._listed and not leaders
        self._listed.add(entry)
        told = len(line) > _CONTENTS_WIDTH or "。" in line or "\t" in line or line.count("|") > 1
        return again or (told and not leaders)


def _depth_of(line: str, numbered: Numbering, raw: _Raw, depths: _Depths) -> int | None:
    """Return how deep a line stands as a title, None when it is none."""
    if raw.cells:
        return None
    if _is_title(line, numbered, raw.level):
        return depths.of(numbered.style if numbered.style not in ("", "label") else f"level{raw.level}")
    words = line.strip()
    short = not numbered.style and len(words) <= _PLAIN_WIDTH and not _SENTENCE_MARK.search(words)
    return 1 if short and _zone_of(words) not in ("body", "profile") else None


def units(document: Document) -> list[Unit]:
    """Return the units of a document in reading order, each with the zone it stands in."""
    text, depths, zones = document.text, _Depths(), _Zones()
    found: list[Unit] = []
    for raw in _raws(document):
        line = text[raw.start : raw.end]
        lead = len(line) - len(line.lstrip())
        numbered = numbering(line[lead:])
        title = raw.start + lead + numbered.length
        leaders = _LEADERS.search(line) is not None and raw.kind != "row"
        depth = None if leaders else _depth_of(line[lead:], numbered, raw, depths)
        if depth is not None:
            zones.enter(text[title : raw.end], depth)
        zone = zones.of(line.strip(), leaders)
        place = (raw.start, raw.end, title, numbered.style, depth, zone)
        found.append(Unit(*place, raw.cells, raw.table, raw.header))
    return found
