"""The evidence for a claim: the sentences of a document that speak of it most."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.index.searching import DocumentSearcher
from assistant.index.support import coverage
from assistant.index.units import sentences
from assistant.records import Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """An exact place, how it ranks, and how much of the claim it speaks of (0..1)."""

    span: Span
    score: float
    support: float


def evidence_for(index: DocumentSearcher, claim: str, k: int = 3) -> tuple[Evidence, ...]:
    """Return at most ``k`` places of the document that bear on a claim, best first; none when none does.

    Each is the stretch of whole sentences of a passage that speaks of the claim most. This shows evidence;
    it does not judge it: what contradicts a claim speaks of it as much as what bears it out.
    """
    question, ranked = index.rank(claim, k)
    found = []
    for one in ranked:
        chunk = index.space.chunks[one.row]
        pieces = sentences(index.document.text, chunk.start, chunk.end)

        def share(piece: tuple[int, int]) -> float:
            return coverage(question, index.document.text[piece[0] : piece[1]], index.space.lexical)

        shares = [share(piece) for piece in pieces]
        best = max(range(len(pieces)), key=lambda i: (shares[i], -i))
        # A neighbour that speaks of the claim nearly as much belongs to the same thought.
        kept = [
            i for i in (best - 1, best, best + 1) if 0 <= i < len(pieces) and shares[i] >= 0.7 * shares[best]
        ]
        span = index.document.span(pieces[kept[0]][0], pieces[kept[-1]][1])
        found.append(Evidence(span, round(one.score, 4), round(share((span.start, span.end)), 4)))
    return tuple(found)
