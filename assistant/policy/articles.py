"""Splitting a source text into articles, so that a clause can be cited as an official would.

Labels follow the text's own numbering: ``第十五条``, ``二（一）4``, ``附件2 四（二）1``, ``附件1 注[6]``; a table row
is told by its number (``附件3 7``). Spans are code-point offsets into the source text, half-open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.policy.model import Annex, SourceDocument

_CN = "一二三四五六七八九十百"
_CHAPTER = re.compile(rf"(第[{_CN}]+章)\s*")
_ARTICLE = re.compile(rf"(第[{_CN}]+条)\s*")
_SECTION = re.compile(rf"([{_CN}]+)、")
_SUBSECTION = re.compile(rf"[（(]([{_CN}]+)[）)]")
_PART = re.compile(rf"(第[{_CN}]+部分)：")
_NOTES = re.compile(r"注：")
_NOTE = re.compile(r"(?:注：)?\[(\d+)\]")
_TABLE = re.compile(r"(表\d+) ")
_ITEM = re.compile(r"(\d+)([.．、\t])")
_CLOSING = re.compile(r"附件：")

PREAMBLE = "正文"


@dataclass(frozen=True, slots=True)
class Article:
    """A numbered piece of a source text.

    ``start``/``end`` cover the piece with everything below it; ``own_end`` ends its own words, before
    the first piece below it. ``level``: 0 annex or preamble, 1 section, 2 subsection or article, 3 item.
    ``title`` is the first line without its number.
    """

    document: str
    label: str
    title: str
    level: int
    start: int
    end: int
    own_end: int


@dataclass(frozen=True, slots=True)
class _Mark:
    level: int
    part: str
    title: str
    single: bool = False


@dataclass
class _Position:
    """The numbering that holds at a line: annex label and the parts of levels 1 to 3."""

    annex: Annex | None = None
    section: str = ""
    subsection: str = ""
    item: str = ""

    def enter(self, mark: _Mark) -> None:
        if mark.level == 1:
            self.section, self.subsection, self.item = mark.part, "", ""
        elif mark.level == 2:
            self.subsection, self.item = mark.part, ""
        else:
            self.item = mark.part

    def label(self) -> str:
        section = self.section
        if self.subsection.endswith("条"):
            section = ""  # articles are numbered through all chapters
        if self.annex and self.annex.form and section and section[0] in _CN:
            section = self.annex.form.format(section)
        joined = _join(section, self.subsection, self.item)
        annex = self.annex.label if self.annex else ""
        return " ".join(part for part in (annex, joined) if part) or PREAMBLE


def _join(section: str, subsection: str, item: str) -> str:
    numbered = section[-1:] in _CN and bool(section)
    text = section
    if subsection:
        text += ("、" if numbered and subsection[0] not in "（[" else "") + subsection
    if item:
        tight = subsection.startswith("（") or not text
        text += ("" if tight else "、" if numbered and not subsection else " ") + item
    return text


def split(document: SourceDocument) -> tuple[Article, ...]:
    """Return the articles of a document in the order of the text; together they cover all of it."""
    found = list(_opened(document))
    ends = [len(document.text)] * len(found)
    for index, article in enumerate(found):
        for later in found[index + 1 :]:
            if later.level <= article.level:
                ends[index] = later.start
                break
    closed = []
    for index, (article, end) in enumerate(zip(found, ends, strict=True)):
        following = found[index + 1].start if index + 1 < len(found) else end
        closed.append(replace(article, end=end, own_end=min(end, following)))
    return tuple(closed)


def article_at(articles: tuple[Article, ...], offset: int) -> Article:
    """Return the innermost article that holds an offset.

    Raises:
        ValueError: the offset lies outside the text.
    """
    holding = [article for article in articles if article.start <= offset < article.end]
    if not holding:
        raise ValueError(f"offset {offset} lies outside the text")
    return holding[-1]


def _opened(document: SourceDocument) -> Iterator[Article]:
    """Yield the articles with their starts; the ends are not known yet."""
    annexes = {annex.begins: annex for annex in document.annexes}
    where = _Position()
    lines = document.text.split("\n")
    if lines[0] not in annexes:
        yield Article(document.id, PREAMBLE, document.title, 0, 0, 0, 0)
    offset, single = 0, False
    for words in lines:
        mark = _mark(words, where)
        if words in annexes:
            where = _Position(annex=annexes[words])
            title = annexes[words].title or words
            yield Article(document.id, where.label(), title, 0, offset, 0, 0)
            single = False
        elif mark is not None:
            where.enter(mark)
            yield Article(document.id, where.label(), mark.title, mark.level, offset, 0, 0)
            single = mark.single
        elif single:
            # A note ends with its line; what follows belongs to the notes as a whole.
            where.enter(_Mark(1, "注", words))
            yield Article(document.id, where.label(), words, 1, offset, 0, 0)
            single = False
        offset += len(words) + 1


def _mark(line: str, where: _Position) -> _Mark | None:
    if match := _CHAPTER.match(line):
        return _Mark(1, match[1], line[match.end() :])
    if match := _ARTICLE.match(line):
        return _Mark(2, match[1], line[match.end() :])
    if match := _NOTE.match(line):
        where.enter(_Mark(1, "注", ""))
        return _Mark(2, f"[{match[1]}]", line[match.end() :], single=True)
    for pattern, level, form in (
        (_SECTION, 1, "{}"),
        (_SUBSECTION, 2, "（{}）"),
        (_PART, 2, "{}"),
        (_TABLE, 2, "{}"),
    ):
        if match := pattern.match(line):
            return _Mark(level, form.format(match[1]), line[match.end() :].strip())
    if _NOTES.match(line):
        return _Mark(1, "注", line)
    if _CLOSING.match(line):
        return _Mark(1, "文末", line)
    return _item(line, where)


def _item(line: str, where: _Position) -> _Mark | None:
    match = _ITEM.match(line)
    if match is None or where.section == "文末":
        return None
    if where.subsection.startswith("表") and match[2] != "\t":
        where.subsection = ""  # an item in prose after a table goes on with the section
    return _Mark(3, match[1], line[match.end() :].strip())
