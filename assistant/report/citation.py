"""How a clause is cited to people: the document's own title and number, then the article."""

from __future__ import annotations

from assistant import policy
from assistant.records import Clause


def cite(clause: Clause, *, quote: bool = True) -> str:
    """Return e.g. 《湖北省……通知》（鄂经信办函〔2024〕84号）第三条：“……”."""
    document = policy.load().documents.get(clause.document)
    name = f"《{document.title}》" if document else clause.document
    number = f"（{document.number}）" if document and document.number else ""
    words = f"：“{clause.quote}”" if quote else ""
    return f"{name}{number}{clause.article}{words}"
