"""PDF: pdfium reads characters and places, our own layout makes the text, pypdf gives a second opinion."""

from assistant.ingest.pdf.reader import read_pdf
from assistant.ingest.pdf.render import page_image

__all__ = ["page_image", "read_pdf"]
