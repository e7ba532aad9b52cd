"""The declaration beside its findings: pages as images with highlighted words, or text where there are no pages."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from markupsafe import Markup

from assistant import ingest
from assistant.document import Box, Document
from assistant.records import Span
from assistant.report.layout import document_html
from assistant.settings import Settings

T = TypeVar("T")
# Pixels a point: sharp on common screens, about 150 kB a page of text.
SCALE = 1.6


class Shelf(Generic[T]):
    """The last few results by content hash; bounded by count, and safe between threads."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under ``key``, made now if it is not there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._places:
                self._kept.popitem(last=False)
        return made


_documents: Shelf[Document] = Shelf(24)
_pages: Shelf[bytes] = Shelf(256)


def open_document(data: bytes, name: str, settings: Settings) -> Document:
    """Read a stored file; the last few stay in memory, since a reviewer goes back and forth."""
    key = (hashlib.sha256(data).digest(), name, settings.digest())
    return _documents.take(key, lambda: ingest.read_bytes(data, name, settings=settings))


def page_png(data: bytes, page: int) -> bytes:
    """Return one page as PNG.

    Raises:
        InputError: there is no such page.
    """
    key = (hashlib.sha256(data).digest(), page)
    return _pages.take(key, lambda: ingest.page_image(data, page, SCALE))


def document_view(document: Document, address: str, marks: Iterable[tuple[str, Span]]) -> Markup:
    """Return the document as HTML; every mark is an element with ``data-f`` (the keys of its findings).

    ``address`` is where page images are served from: ``{address}/{page}.png``.
    """
    listed = list(marks)
    if document.media_type != "application/pdf" or not document.pages:
        return Markup('<div class="paper">{}</div>').format(document_html(document, listed))
    boxes = _boxes(document, listed)
    return Markup("\n").join(
        _page_html(
            f"{address}/{page.number}.png",
            page.number,
            (page.width or 595, page.height or 842),
            boxes[page.number],
        )
        for page in document.pages
    )


def _boxes(document: Document, marks: list[tuple[str, Span]]) -> dict[int, list[tuple[str, Box]]]:
    found: dict[int, list[tuple[str, Box]]] = defaultdict(list)
    # Looking up a place opens the file: the same words under several findings are looked up once.
    places: dict[tuple[int, int], tuple[Box, ...]] = {}
    for key, span in marks:
        if (span.start, span.end) not in places:
            places[span.start, span.end] = document.boxes(span)
        for box in places[span.start, span.end]:
            found[box.page].append((key, box))
    return found


def _page_html(source: str, number: int, size: tuple[float, float], boxes: list[tuple[str, Box]]) -> Markup:
    marks = Markup("").join(_mark(key, box, size) for key, box in boxes)
    return Markup(
        '<figure class="sheet" id="page-{0}"><div class="leaf" style="aspect-ratio:{2}/{3}">'
        '<img loading="lazy" src="{1}" alt="第 {0} 页">{4}</div><figcaption>第 {0} 页</figcaption></figure>'
    ).format(number, source, round(size[0], 1), round(size[1], 1), marks)


def _mark(key: str, box: Box, size: tuple[float, float]) -> Markup:
    width, height = size
    shares = (box.x0 / width, box.y0 / height, (box.x1 - box.x0) / width, (box.y1 - box.y0) / height)
    left, top, wide, high = (f"{value * 100:.3f}%" for value in shares)
    return Markup('<mark data-f="{}" style="left:{};top:{};width:{};height:{}"></mark>').format(
        key, left, top, wide, high
    )
