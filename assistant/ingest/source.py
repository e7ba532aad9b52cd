"""What every reader is handed, and how a document is put together from what it found."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from assistant.document import Document
from assistant.errors import InputError
from assistant.ingest.build import TextBuilder
from assistant.ingest.count import char_count
from assistant.ingest.oddities import POOR, oddities
from assistant.records import FormFacts, Problem, Quality
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes with the name that messages give it."""

    name: str
    data: bytes
    settings: Settings

    def sha256(self) -> str:
        """Return the hexadecimal SHA-256 of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


def document(source: Source, media_type: str, builder: TextBuilder) -> Document:
    """Return the document of a format without pages.

    Raises:
        InputError: there is no text at all.
    """
    text = builder.text()
    if not text.strip():
        raise empty(source)
    reason, share = oddities(text)
    problem = f"文字可能未能正确读取：{reason}（约 {share:.0%}），请人工核对原件"
    return Document(
        name=source.name,
        sha256=source.sha256(),
        media_type=media_type,
        text=text,
        blocks=tuple(builder.blocks),
        hidden=builder.all_hidden(),
        quality=Quality(grade="poor" if share > POOR else "good"),
        form=FormFacts(char_count=char_count(text, builder.blocks)),
        problems=(Problem(stage="ingest", message=problem),) if share > POOR else (),
    )


def empty(source: Source) -> InputError:
    """Return the error for a file that holds no readable text."""
    return InputError(f"{source.name}：文件里没有可读的文字", "请确认文件内容，或换一个含正文的文件")


def damaged(source: Source, kind: str) -> InputError:
    """Return the error for a file of a known kind that cannot be opened."""
    return InputError(f"{source.name}：{kind} 文件已损坏，无法打开", "请用原软件重新导出或另存后再试")
