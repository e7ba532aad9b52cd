"""How a clause is cited to people: the document's own title and number, then the article."""

from __future__ import annotations

from assistant import policy
from assistant.records import Clause


def cite(clause: Clause, *, quote: bool = True) -> str:
    """Return e.g. 《关于开展……的通知》（工信厅联通装函〔2024〕399号）附件2 一、1：“……”."""
    document = policy.load().documents.get(clause.document)
    if document is None:
        name = clause.document
    else:
        # A joint notice names all its issuers before “关于”; its number tells who issued it.
        at = document.title.find("关于")
        title = document.title[max(at, 0) :].replace("《", "〈").replace("》", "〉")
        name = f"《{title}》" + (f"（{document.number}）" if document.number else "")
    return f"{name} {clause.article}" + (f"：“{clause.quote}”" if quote else "")
