"""XLSX: sheets and rows."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from assistant.document import Document
from assistant.ingest.archive import Package
from assistant.ingest.build import TextBuilder
from assistant.ingest.source import Source, damaged, document

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAX_COLUMNS = 256


def read_xlsx(source: Source) -> Document:
    """Read an XLSX file: each sheet a heading, each row a table row.

    Raises:
        InputError: the package is damaged, a bomb, without text, or over a limit.
    """
    Package(source, "Excel（.xlsx）")
    builder = TextBuilder(source.name, source.settings.max_chars)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(source.data), read_only=True, data_only=True)
        for table, sheet in enumerate(book.worksheets):
            builder.add("heading", sheet.title, 1)
            for number, cells in enumerate(_rows(sheet)):
                builder.add_row(cells, table, number, header_row=number == 0)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        zipfile.BadZipFile,
        OSError,
        SyntaxError,
    ) as error:
        raise damaged(source, "Excel（.xlsx）") from error
    return document(source, XLSX, builder)


def _rows(sheet) -> Iterator[list[str]]:  # type: ignore[no-untyped-def]
    for row in sheet.iter_rows(max_col=_MAX_COLUMNS, values_only=True):
        cells = ["" if value is None else str(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            yield cells
