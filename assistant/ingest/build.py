"""Put blocks together into the one canonical text.

Blocks stand one a line, parted by ``\\n``; the cells of a table row are parted by ``\\t``, so that
``row.split("\\t")`` always gives the cells. A block may itself hold ``\\n`` (a forced line break).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.document import Block, BlockKind, HiddenText
from assistant.errors import InputError
from assistant.ingest.hygiene import clean, hidden_in


class TextBuilder:
    """Collects blocks and hidden text in reading order.

    Args:
        name: the file's name, for messages.
        max_chars: the most characters a text may have.
    """

    def __init__(self, name: str, max_chars: int) -> None:
        self._name = name
        self._max_chars = max_chars
        self._parts: list[str] = []
        self._removed: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.hidden: list[HiddenText] = []

    def _append(self, text: str) -> int:
        if self._parts:
            self._parts.append("\n")
            self.length += 1
        start = self.length
        self._parts.append(text)
        self.length += len(text)
        if self.length > self._max_chars:
            raise InputError(
                f"{self._name}：文字超过上限 {self._max_chars} 字",
                "请拆分文件，或调大 ASSISTANT_MAX_CHARS",
            )
        return start

    def _visible(self, text: str) -> str:
        cleaned = clean(text)
        if cleaned.removed:
            self._removed.append(cleaned.removed)
        return cleaned.text

    def add(self, kind: BlockKind, text: str, level: int | None = None) -> int | None:
        """Add one block; blank text adds nothing. Returns where the block starts."""
        text = self._visible(text).strip(" \t\n\u3000\xa0")
        if not text:
            return None
        start = self._append(text)
        self.blocks.append(Block(kind, start, start + len(text), level))
        return start

    def add_row(self, cells: Sequence[str], table: int, row: int, header_row: bool = False) -> int | None:
        """Add one table row; a row without any text adds nothing. Returns where the row starts."""
        shown = [self._visible(cell).replace("\t", " ").strip(" \n\u3000\xa0") for cell in cells]
        if not any(shown):
            return None
        start = at = self._append("\t".join(shown))
        places = []
        for cell in shown:
            places.append((at, at + len(cell)))
            at += len(cell) + 1
        self.blocks.append(
            Block("table_row", start, self.length, None, table, row, tuple(places), header_row)
        )
        return start

    def hide(self, hidden: HiddenText) -> None:
        """Record text that is kept out of the canonical text; blank text is not worth recording."""
        cleaned = clean(hidden.text)
        if cleaned.removed:
            self._removed.append(cleaned.removed)
        if cleaned.text.strip():
            self.hidden.append(replace(hidden, text=cleaned.text.strip()))

    def text(self) -> str:
        """Return the canonical text."""
        return "".join(self._parts)

    def all_hidden(self) -> tuple[HiddenText, ...]:
        """Return what was hidden, the invisible characters last."""
        return (*self.hidden, *hidden_in("\n".join(self._removed)))
