"""The one place that opens PDF files with pdfium, which may be used by one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.errors import InputError
from assistant.ingest.pdf.bomb import refuse_bomb
from assistant.ingest.source import Source, damaged

LOCK = threading.RLock()


@contextmanager
def opened(source: Source) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF under the lock; an empty password is what pdfium tries on its own.

    Raises:
        InputError: the file is locked, damaged, without pages, or has too many.
    """
    refuse_bomb(source)
    with LOCK:
        try:
            file = pdfium.PdfDocument(source.data)
        except pdfium.PdfiumError as error:
            raise _unopened(source, error) from error
        try:
            count = len(file)
            if count == 0:
                raise damaged(source, "PDF")
            if count > source.settings.max_pages:
                raise InputError(
                    f"{source.name}：共 {count} 页，超过上限 {source.settings.max_pages} 页",
                    "请拆分文件，或调大 ASSISTANT_MAX_PAGES",
                )
            yield file
        finally:
            file.close()


def _unopened(source: Source, error: pdfium.PdfiumError) -> InputError:
    code = getattr(error, "err_code", None)
    if code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY} or "password" in str(error).lower():
        return InputError(f"{source.name}：PDF 已加密，需要密码才能打开", "请先去除密码保护再提交")
    return damaged(source, "PDF")
