"""What the rules look at, and how they raise a flag."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant import policy
from assistant.document import Block, Document
from assistant.policy import Catalog
from assistant.records import CheckReport, ClaimRef, Clause, Declaration, Flag, FlagKind, Severity, Span

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
#: Where a flag sits: scene, kpi, statement (with its index) or the document.
DOCUMENT = ClaimRef(type="document")


@dataclass(frozen=True)
class Case:
    """A declaration with its document and checks, and the catalogue that was applied."""

    document: Document
    declaration: Declaration
    checks: CheckReport

    @cached_property
    def catalog(self) -> Catalog:
        """Return the catalogue in force for this declaration; with none known, the latest."""
        return policy.load().catalog(self.checks.policy.catalog or "2025")

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Return the offsets of every sentence of the canonical text."""
        return tuple(m.span() for m in _SENTENCE.finditer(self.document.text) if m[0].strip())

    def block_at(self, offset: int) -> Block | None:
        """Return the block that holds ``offset``."""
        return next((b for b in self.document.blocks if b.start <= offset < b.end), None)

    def around(self, start: int, end: int, sentences: int = 1) -> tuple[int, int]:
        """Return the offsets of the sentences that hold ``start:end`` and of some on either side."""
        touched = [i for i, (s, e) in enumerate(self.sentences) if s < end and start < e]
        if not touched:
            return start, end
        first = max(0, touched[0] - sentences)
        last = min(len(self.sentences) - 1, touched[-1] + sentences)
        return self.sentences[first][0], self.sentences[last][1]


@dataclass(frozen=True)
class Draft:
    """A flag before it has an id."""

    kind: FlagKind
    severity: Severity
    message: str
    suggestion: str
    claim: ClaimRef = DOCUMENT
    spans: tuple[Span, ...] = ()
    clauses: tuple[Clause, ...] = ()
    author: str = "rule"


def scene_ref(index: int) -> ClaimRef:
    """Return the reference to a scene of the declaration."""
    return ClaimRef(type="scene", index=index)


def kpi_ref(index: int) -> ClaimRef:
    """Return the reference to a KPI of the declaration."""
    return ClaimRef(type="kpi", index=index)


def finished(drafts: Iterable[Draft]) -> tuple[Flag, ...]:
    """Give flags their ids: stable over runs, told apart by what and where, never by order of discovery."""
    flags, seen = [], set()
    for draft in drafts:
        body = "|".join(
            (
                draft.kind,
                draft.author,
                draft.claim.type,
                str(draft.claim.index),
                draft.message,
                ",".join(f"{s.start}-{s.end}" for s in draft.spans),
            )
        )
        name = f"{draft.kind}-{hashlib.sha256(body.encode()).hexdigest()[:10]}"
        if name in seen:
            continue  # the same flag twice says nothing new
        seen.add(name)
        flags.append(
            Flag(
                id=name,
                kind=draft.kind,
                severity=draft.severity,
                claim=draft.claim,
                message=draft.message,
                suggestion=draft.suggestion,
                spans=draft.spans,
                clauses=draft.clauses,
                author=draft.author,
            )
        )
    return tuple(flags)


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Return whether ``span`` shares text with any of ``others``."""
    return any(span.start < other.end and other.start < span.end for other in others)


def short(text: str, size: int = 40) -> str:
    """Return ``text`` on one line, cut to ``size`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= size else f"{line[: size - 1]}…"
