"""What Shanghai's format rules ask of a Word file: length, body font and size, exact line spacing, figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from assistant.document import Block
from assistant.errors import InputError
from assistant.ingest.archive import Package
from assistant.ingest.count import char_count
from assistant.ingest.images import pixels
from assistant.ingest.word.body import Facts
from assistant.records import FormFacts, FormImage

_Key = TypeVar("_Key")
_MAX_IMAGES = 500
_FIGURE = re.compile(
    r"(?:^|[\t\n（(])\s*(?:附?图|照片|Fig(?:ure|\.)?|Figure)\s*(?:\d|[一二三四五六七八九十])"
    r"[\d一二三四五六七八九十]*(?:[-—–.．]\d+)*[\s：:、．.]*(?P<words>[^\t\n]*)"
)


def form_facts(
    text: str, blocks: Sequence[Block], facts: Facts, package: Package, targets: Mapping[str, str]
) -> FormFacts:
    """Return the form facts of a document.

    Args:
        text: the canonical text.
        blocks: its blocks.
        facts: what was gathered while reading the body.
        package: the file, for the pictures.
        targets: part names by relation id.
    """
    fonts: dict[str | None, int] = {}
    sizes: dict[float | None, int] = {}
    for (font, size), weight in (facts.weights or facts.cell_weights).items():
        fonts[font] = fonts.get(font, 0) + weight
        sizes[size] = sizes.get(size, 0) + weight
    pictures = [(targets[r], at) for r, at in facts.pictures[:_MAX_IMAGES] if r in targets]
    taken = frozenset(at for _, at in pictures)
    images = [_image(package, name, _caption(text, blocks, at, taken)) for name, at in pictures]
    return FormFacts(
        char_count=char_count(text, blocks),
        font=_most(fonts),
        font_size_pt=_most(sizes),
        line_spacing_pt=_most(facts.lines),
        images=tuple(image for image in images if image is not None),
    )


def _most(weights: Mapping[_Key, int]) -> _Key | None:
    """Return what most characters have; the first in reading order where two are even."""
    return max(weights, key=lambda key: weights[key], default=None)


def _caption(text: str, blocks: Sequence[Block], after: int, taken: frozenset[int]) -> tuple[bool, bool]:
    """Return (numbered, captioned) of a figure from the block after it, else the one before it.

    ``taken`` are the blocks that stand right after some figure: they caption that one.
    """
    for at in (after, after - 1):
        if not 0 <= at < len(blocks) or (at != after and at in taken):
            continue
        block = blocks[at]
        words = text[block.start : block.end]
        match = _FIGURE.search(words) if block.kind != "heading" and len(words) < 400 else None
        if match and (block.kind == "table_row" or match.start() <= 1):
            return True, bool(match["words"].strip())
        if at == after and block.kind == "caption":
            return False, True
    return False, False


def _image(package: Package, name: str, caption: tuple[bool, bool]) -> FormImage | None:
    if not package.has(name):
        return None
    try:
        data = package.read(name)
    except InputError:
        return None
    return FormImage(bytes=len(data), pixels=pixels(data), numbered=caption[0], captioned=caption[1])
