"""Blocks of a Word document in reading order: paragraphs, lists, tables, text boxes, notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from assistant.document import BlockKind, HiddenText
from assistant.ingest.build import TextBuilder
from assistant.ingest.outline import classify, header_like, heading_level
from assistant.ingest.word.names import child, local, number, switched, value, w
from assistant.ingest.word.numbering import Numbering
from assistant.ingest.word.runs import Inline, RunReader, Setting
from assistant.ingest.word.styles import Styles, numbering_of, shading, spacing_of

_CAPTION_STYLES = ("caption", "题注", "图题", "表题", "图注", "表注")
_MAX_COLUMNS = 64
_Face = tuple[str | None, float | None]
"""(East Asian font, size in points)."""


@dataclass(slots=True)
class Facts:
    """What the form rules want to know, gathered while reading."""

    weights: dict[_Face, int] = field(default_factory=dict)
    cell_weights: dict[_Face, int] = field(default_factory=dict)
    lines: dict[float | None, int] = field(default_factory=dict)
    pictures: list[tuple[str, int]] = field(default_factory=list)
    """(relation id, number of blocks read before it)."""


@dataclass(frozen=True, slots=True)
class Notes:
    """Footnotes and endnotes by (kind, id)."""

    notes: dict[tuple[str, str], etree._Element]


class BodyReader:
    """Feeds a builder with the blocks of one document part after another."""

    def __init__(self, builder: TextBuilder, styles: Styles, numbering: Numbering, notes: Notes) -> None:
        self._builder = builder
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._runs = RunReader(styles)
        self._tables = 0
        self.facts = Facts()

    def read(
        self, container: etree._Element, kind: BlockKind | None = None, shade: str | None = None
    ) -> None:
        """Read the blocks inside ``container``; ``kind`` overrides what its paragraphs are."""
        for element in _blocks(container):
            if local(element) == "tbl":
                self._table(element, kind, shade)
            else:
                self._paragraph(element, kind, shade)

    def _inline(self, element: etree._Element, shade: str | None) -> tuple[Inline, str]:
        """Return a paragraph's content and its automatic number; hidden text goes to the builder."""
        properties = child(element, "pPr")
        style = value(child(properties, "pStyle"))
        setting = self._styles.setting(style)
        background = shading(properties) or setting.background or shade
        inline = self._runs.read(element, Setting(style, background))
        for hidden in inline.hidden:
            self._builder.hide(hidden)
        own = numbering_of(properties)
        numbered = own or setting.numbering
        if numbered and numbered[0] is None and setting.numbering:
            numbered = (setting.numbering[0], numbered[1])
        prefix = ""
        if numbered and inline.text.strip():
            prefix = self._numbering.next(*numbered)
        self.facts.pictures += [(picture, len(self._builder.blocks)) for picture in inline.pictures]
        return inline, prefix

    def _paragraph(self, element: etree._Element, kind: BlockKind | None, shade: str | None) -> None:
        inline, prefix = self._inline(element, shade)
        text = inline.text.strip()
        if text:
            found, level = (kind, None) if kind else self._kind(element, prefix + text, inline)
            if found in {"paragraph", "list_item"}:
                self._count(element, inline)
            if prefix and found == "paragraph":
                found = "list_item"
            self._builder.add(found, prefix + text, level)
        self._attached(inline)

    def _attached(self, inline: Inline) -> None:
        for box in inline.boxes:
            if box.off_page:
                words = "".join(part.text or "" for part in box.content.iter(w("t")))
                self._builder.hide(HiddenText(words, "off_page", None, "文本框位于页面之外"))
            else:
                self.read(box.content, "textbox", box.fill)
        for note in inline.notes:
            found = self._notes.notes.get(note)
            if found is not None:
                self.read(found, "footnote")

    def _kind(self, element: etree._Element, text: str, inline: Inline) -> tuple[BlockKind, int | None]:
        properties = child(element, "pPr")
        setting = self._styles.setting(value(child(properties, "pStyle")))
        outline = number(value(child(properties, "outlineLvl")))
        level = setting.outline if outline is None else int(outline)
        if setting.name == "title":
            return "heading", 1
        if level is not None and 0 <= level < 9:
            return "heading", level + 1
        if any(setting.name.startswith(style) for style in _CAPTION_STYLES):
            return "caption", None
        bold = inline.plain_chars == 0
        if heading_level(text, bold) is not None and "toc" not in setting.name:
            return classify(text, bold)
        kind, _ = classify(text)
        return ("paragraph" if kind == "heading" else kind), None

    def _count(self, element: etree._Element, inline: Inline) -> None:
        properties = child(element, "pPr")
        points, rule = spacing_of(properties)
        setting = self._styles.setting(value(child(properties, "pStyle")))
        chars = sum(inline.weights.values())
        line = points if rule else setting.line_pt
        self.facts.lines[line] = self.facts.lines.get(line, 0) + chars
        _add(self.facts.weights, inline.weights)

    def _table(self, table: etree._Element, kind: BlockKind | None, shade: str | None = None) -> None:
        mine = self._tables
        self._tables += 1
        rows = 0
        shade = shading(child(table, "tblPr")) or shade
        style = value(child(child(table, "tblPr"), "tblStyle"))
        for row in _rows(table):
            if child(child(row, "trPr"), "del") is not None:
                text = "".join(part.text or "" for part in row.iter(w("t"), w("delText")))
                self._builder.hide(HiddenText(text, "deleted", None, "修订中删除的表格行"))
                continue
            cells = list(_cells(row))
            if len(cells) == 1 and _prose(cells[0]):
                self.read(cells[0], kind, shading(child(cells[0], "tcPr")) or shade)
                continue
            rows += self._row(row, cells, (mine, rows), (style, shade))

    def _row(
        self,
        row: etree._Element,
        cells: list[etree._Element],
        place: tuple[int, int],
        looks: tuple[str | None, str | None],
    ) -> int:
        """Add one row at ``place`` (table, row); ``looks`` are the table's style and own fill."""
        style, shade = looks
        texts: list[str] = [""] * _grid_gap(row, "gridBefore")
        inside: list[Inline] = []
        nested: list[etree._Element] = []
        for cell in cells:
            properties = child(cell, "tcPr")
            fill = shading(properties) or self._styles.cell_shade(style, place[1], len(texts)) or shade
            texts.append(self._cell(cell, fill, inside, nested))
            span = int(number(value(child(properties, "gridSpan"))) or 1)
            texts.extend([""] * (min(span, _MAX_COLUMNS) - 1))
        header = switched(child(row, "trPr"), "tblHeader") is True
        header = header or (place[1] == 0 and header_like(texts))
        added = self._builder.add_row(texts, *place, header_row=header)
        for inline in inside:
            self._attached(inline)
        for table in nested:
            self._table(table, None)
        return 0 if added is None else 1

    def _cell(
        self,
        cell: etree._Element,
        shade: str | None,
        inside: list[Inline],
        nested: list[etree._Element],
    ) -> str:
        lines = []
        for element in _blocks(cell):
            if local(element) == "tbl":
                nested.append(element)
                continue
            inline, prefix = self._inline(element, shade)
            inside.append(inline)
            _add(self.facts.cell_weights, inline.weights)
            if inline.text.strip():
                lines.append(prefix + inline.text.strip().replace("\t", " "))
        return "\n".join(lines)


def _add(total: dict[_Face, int], more: dict[_Face, int]) -> None:
    for key, weight in more.items():
        total[key] = total.get(key, 0) + weight


def _blocks(container: etree._Element) -> Iterator[etree._Element]:
    """Yield paragraphs and tables in order, looking through content controls and wrappers."""
    for element in container:
        name = local(element)
        if name in {"p", "tbl"}:
            yield element
        elif name == "AlternateContent":
            options = {local(option): option for option in reversed(element)}
            chosen = options.get("Choice", options.get("Fallback"))
            if chosen is not None:
                yield from _blocks(chosen)
        elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "body"}:
            yield from _blocks(element)


def _wrapped(container: etree._Element, wanted: str) -> Iterator[etree._Element]:
    for element in container:
        name = local(element)
        if name == wanted:
            yield element
        elif name in {"sdt", "sdtContent", "customXml", "ins"}:
            yield from _wrapped(element, wanted)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    return _wrapped(table, "tr")


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return _wrapped(row, "tc")


def _prose(cell: etree._Element) -> bool:
    """Tell a one-cell row that frames running text (a form's big box) from a short title row."""
    texts = ["".join(t.text or "" for t in p.iter(w("t"))) for p in _blocks(cell) if local(p) == "p"]
    return any(local(b) == "tbl" for b in _blocks(cell)) or sum(1 for text in texts if text.strip()) > 1


def _grid_gap(row: etree._Element, name: str) -> int:
    return min(int(number(value(child(child(row, "trPr"), name))) or 0), _MAX_COLUMNS)
