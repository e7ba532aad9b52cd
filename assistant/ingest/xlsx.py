"""XLSX: sheets and rows, as the program shows them, straight from the package's XML."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from assistant.document import Document, HiddenText
from assistant.ingest.archive import Package, package_properties
from assistant.ingest.build import TextBuilder
from assistant.ingest.outline import header_like
from assistant.ingest.shown import Formats
from assistant.ingest.source import Source, damaged, document

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_KIND = "Excel（.xlsx）"
_MAX_COLUMNS = 256
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})$")


def read_xlsx(source: Source) -> Document:
    """Read an XLSX file: each sheet a heading, each row a table row.

    Raises:
        InputError: the package is damaged, a bomb, without text, or over a limit.
    """
    package = Package(source, _KIND)
    book = _Book(package)
    builder = TextBuilder(source.name, source.settings.max_chars)
    for table, sheet in enumerate(book.sheets()):
        rows = book.rows(sheet.part)
        if sheet.hidden:
            words = "\n".join(" ".join(cell for cell in row if cell) for row in rows.shown + rows.hidden)
            builder.hide(HiddenText(words, "hidden_run", None, f"隐藏的工作表 {sheet.name}"))
            continue
        if rows.shown:
            builder.add("heading", sheet.name, 1)
        for number, cells in enumerate(rows.shown):
            builder.add_row(cells, table, number, header_row=number == 0 and header_like(cells))
        for cells in rows.hidden:
            words = " ".join(cell for cell in cells if cell)
            builder.hide(HiddenText(words, "hidden_run", None, f"工作表 {sheet.name} 中隐藏的行、列或单元格"))
        for comment in book.comments(sheet.part):
            builder.hide(HiddenText(comment, "comment", None, f"工作表 {sheet.name} 的批注"))
    for hidden in package_properties(package):
        builder.hide(hidden)
    return document(source, XLSX, builder)


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class _Rows:
    """Rows as shown, and what hidden rows and columns hold."""

    shown: list[list[str]] = field(default_factory=list)
    hidden: list[list[str]] = field(default_factory=list)


class _Book:
    """One workbook."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main or "xl/workbook.xml"
        self._root = package.xml(self._main)
        self._relations = package.relations(self._main)
        self._strings = [_words(item) for item in self._stream(self._part("sharedStrings"), "si")]
        styles = self._part("styles")
        self._formats = Formats(package.optional_xml(styles) if styles else None, _S)

    def _part(self, kind: str) -> str:
        return next((target for found, target in self._relations.values() if found == kind), "")

    def _stream(self, part: str, name: str) -> Iterator[etree._Element]:
        """Yield the elements of a part one by one, so that a large sheet never stands in memory whole."""
        if not part or not self._package.has(part):
            return
        data = self._package.read_xml(part)
        try:
            for _, element in etree.iterparse(
                io.BytesIO(data), tag=_S + name, resolve_entities=False, no_network=True, huge_tree=False
            ):
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except (etree.XMLSyntaxError, ValueError) as error:
            raise damaged(self._package.source, _KIND) from error

    def sheets(self) -> list[_Sheet]:
        """Return the worksheets in their order."""
        found = []
        for sheet in self._root.iter(f"{_S}sheet"):
            kind, part = self._relations.get(sheet.get(_R) or "", ("", ""))
            if kind == "worksheet":
                hidden = (sheet.get("state") or "visible") != "visible"
                found.append(_Sheet(sheet.get("name") or "", part, hidden))
        return found

    def rows(self, part: str) -> _Rows:
        """Return a sheet's rows that hold anything."""
        unseen = self._hidden_columns(part)
        rows = _Rows()
        for row in self._stream(part, "row"):
            cells, unseen_cells = self._cells(row)
            rows.hidden += [unseen_cells] if unseen_cells else []
            if row.get("hidden") in {"1", "true"}:
                rows.hidden += [cells] if any(cells) else []
                continue
            away = [cell for at, cell in enumerate(cells) if at in unseen and cell]
            rows.hidden += [away] if away else []
            kept = [cell for at, cell in enumerate(cells) if at not in unseen]
            while kept and not kept[-1]:
                kept.pop()
            if kept:
                rows.shown.append(kept)
        return rows

    def _hidden_columns(self, part: str) -> frozenset[int]:
        unseen: set[int] = set()
        for column in self._stream(part, "col"):
            if column.get("hidden") in {"1", "true"}:
                low, high = int(column.get("min") or 0), int(column.get("max") or 0)
                unseen.update(range(max(low, 1) - 1, min(high, _MAX_COLUMNS)))
        return frozenset(unseen)

    def _cells(self, row: etree._Element) -> tuple[list[str], list[str]]:
        """Return a row's cells as shown, and the words of cells that show nothing."""
        cells: list[str] = []
        unseen: list[str] = []
        for cell in row.iter(f"{_S}c"):
            match = _REFERENCE.match(cell.get("r") or "")
            at = _column(match.group(1)) if match else len(cells)
            if at >= _MAX_COLUMNS:
                break
            cells.extend([""] * (at + 1 - len(cells)))
            words = self._shown(cell)
            if words and self._formats.unseen(cell.get("s")):
                unseen.append(words)
            else:
                cells[at] = words
        return cells, unseen

    def _shown(self, cell: etree._Element) -> str:
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _words(cell)
        raw = (cell.findtext(f"{_S}v") or "").strip()
        if kind == "s":
            return self._strings[int(raw)] if raw.isdigit() and int(raw) < len(self._strings) else ""
        if kind == "b":
            return "是" if raw == "1" else "否"
        if kind == "n" and raw:
            return self._formats.shown(raw, cell.get("s"))
        return raw

    def comments(self, part: str) -> list[str]:
        """Return the words of a sheet's comments."""
        targets = [t for kind, t in self._package.relations(part).values() if kind in {"comments"}]
        roots = [self._package.optional_xml(posixpath.normpath(target)) for target in targets]
        return [_words(c) for root in roots if root is not None for c in root.iter(f"{_S}comment")]


def _words(element: etree._Element) -> str:
    """Return an item's text without the pronunciation that may stand beside it."""
    parts = (
        text.text or ""
        for text in element.iter(f"{_S}t")
        if text.getparent().tag != f"{_S}rPh"  # type: ignore[union-attr]
    )
    return "".join(parts).strip()


def _column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1
