"""The second opinion: what pypdf reads on the same pages, for comparison only.

pypdf is plain Python and bounds what it unpacks, but a hostile file can still make it work without end. It
runs in a thread of its own whose processor time is counted; past its allowance it is stopped.
"""

from __future__ import annotations

import ctypes
import io
import logging
import threading
import time
from dataclasses import dataclass, field

from assistant.ingest.pdf.layers import switched_off

_BASE_SECONDS = 4.0
_PAGE_SECONDS = 0.4
_MAX_SECONDS = 120.0
_LOOK_EVERY = 0.25
_WALL_FACTOR = 20
_STACK = 32 * 1024 * 1024


class _Stopped(BaseException):
    """Raised inside the reading thread when its time is up; not an Exception, so nothing swallows it."""


@dataclass(slots=True)
class Opinion:
    """What pypdf read: a text a page (None where it failed), switched-off layers, why it stopped."""

    pages: list[str | None] = field(default_factory=list)
    off: frozenset[str] = frozenset()
    problem: str = ""


def _read(data: bytes, opinion: Opinion) -> None:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        opinion.off = switched_off(reader)
        count = len(reader.pages)
    except Exception as error:  # noqa: BLE001  a hostile file makes pypdf raise whatever Python can raise
        opinion.problem = f"无法解析（{type(error).__name__}）"
        return
    for index in range(count):
        try:
            opinion.pages.append(reader.pages[index].extract_text())
        except Exception:  # noqa: BLE001  see above; one bad page must not cost the others
            opinion.pages.append(None)


def _work(data: bytes, opinion: Opinion) -> None:
    try:
        _read(data, opinion)
    except _Stopped:
        opinion.problem = "处理时间过长，已中止"
    except (MemoryError, RecursionError) as error:
        opinion.problem = f"无法解析（{type(error).__name__}）"


def second_opinion(data: bytes, pages: int) -> Opinion:
    """Return what pypdf reads in a PDF of so many pages, within its allowance of processor time."""
    opinion = Opinion()
    allowed = min(_BASE_SECONDS + _PAGE_SECONDS * pages, _MAX_SECONDS)
    worker = threading.Thread(target=_work, args=(data, opinion), daemon=True)
    worker.start()
    begun = time.monotonic()
    while worker.is_alive():
        worker.join(_LOOK_EVERY)
        if worker.is_alive() and _overdue(worker, allowed, time.monotonic() - begun):
            identity = worker.ident or 0
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(identity), ctypes.py_object(_Stopped))
            worker.join(_LOOK_EVERY * 4)
            return Opinion(list(opinion.pages), opinion.off, "处理时间过长，已中止")
    return opinion


def _overdue(worker: threading.Thread, allowed: float, elapsed: float) -> bool:
    """Tell whether the thread has used up its processor time (or, where that is unknown, far more of ours)."""
    try:
        used = time.clock_gettime(time.pthread_getcpuclockid(worker.ident or 0))
    except (AttributeError, OSError):
        used = elapsed
    return used > allowed or elapsed > allowed * _WALL_FACTOR
