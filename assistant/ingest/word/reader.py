"""Read a DOCX package into a document."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from assistant.document import BlockKind, Document, HiddenText
from assistant.ingest.archive import Package, package_properties
from assistant.ingest.build import TextBuilder
from assistant.ingest.source import Source, damaged, document
from assistant.ingest.word.body import BodyReader, Notes
from assistant.ingest.word.form import form_facts
from assistant.ingest.word.names import W, value, w
from assistant.ingest.word.numbering import Numbering
from assistant.ingest.word.styles import Styles
from assistant.records import Problem

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def read_docx(source: Source) -> Document:
    """Read a DOCX file.

    Raises:
        InputError: the package is damaged, a bomb, without text, or over a limit.
    """
    package = Package(source, "Word（.docx）")
    parts = _Parts(package)
    builder = TextBuilder(source.name, source.settings.max_chars)
    reader = BodyReader(builder, parts.styles(), Numbering(parts.optional("numbering")), parts.notes())
    body = parts.root.find(w("body"))
    if body is None:
        raise damaged(source, "Word（.docx）")
    reader.read(body, shade=parts.page_colour())
    for kind in ("header", "footer"):
        _furniture(parts, reader, kind)
    for hidden in (*parts.comments(), *package_properties(package)):
        builder.hide(hidden)
    read = document(source, DOCX, builder)
    targets = {identity: target for identity, (_, target) in parts.relations.items()}
    form = form_facts(read.text, read.blocks, reader.facts, package, targets)
    if next(parts.root.iter(w("altChunk")), None) is None:
        return replace(read, form=form)
    problem = Problem(
        stage="ingest", message="文件中嵌有另一文件的内容（altChunk），该部分未读取，请另存后再提交"
    )
    return replace(read, form=form, problems=(*read.problems, problem))


class _Parts:
    """The parts of the package that reading needs, found through the main part's relations."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main or "word/document.xml"
        self.root = package.xml(self._main)
        self.relations = package.relations(self._main)

    def optional(self, kind: str) -> etree._Element | None:
        """Return the root of the related part of a kind, None where there is none."""
        for found, target in self.relations.values():
            if found == kind:
                return self._package.optional_xml(target)
        return None

    def every(self, kind: str) -> list[etree._Element]:
        """Return the roots of all related parts of a kind, in the order of their names."""
        targets = sorted({target for found, target in self.relations.values() if found == kind})
        roots = [self._package.optional_xml(target) for target in targets]
        return [root for root in roots if root is not None]

    def page_colour(self) -> str | None:
        """Return the colour of the page itself, None where it is white or not shown."""
        settings = self.optional("settings")
        if settings is None or settings.find(w("displayBackgroundShape")) is None:
            return None
        colour = value(self.root.find(w("background")), "color")
        return None if colour in {None, "auto"} else colour

    def styles(self) -> Styles:
        return Styles(self.optional("styles"), self.optional("theme"))

    def notes(self) -> Notes:
        found: dict[tuple[str, str], etree._Element] = {}
        for kind in ("footnote", "endnote"):
            root = self.optional(f"{kind}s")
            for note in root.iter(w(kind)) if root is not None else ():
                if value(note, "type") in {None, "normal"}:
                    found[(kind, value(note, "id") or "")] = note
        return Notes(found)

    def comments(self) -> list[HiddenText]:
        root = self.optional("comments")
        found = []
        for comment in root.iter(w("comment")) if root is not None else ():
            text = "".join(part.text or "" for part in comment.iter(w("t")))
            found.append(HiddenText(text, "comment", None, f"批注（{value(comment, 'author') or '未署名'}）"))
        return found


def _furniture(parts: _Parts, reader: BodyReader, kind: BlockKind) -> None:
    """Read headers or footers after the body; the same words on several sections are kept once."""
    seen: set[str] = set()
    for root in parts.every(kind):
        words = "".join(part.text or "" for part in root.iter(f"{{{W}}}t"))
        if words not in seen:
            seen.add(words)
            reader.read(root, kind)
