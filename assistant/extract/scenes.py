"""Catalogue scenes that a document says are built, in operation or planned: once per number.

Contract: a scene is one that the text says is built or in operation; *evidenced* when a system,
equipment or technique is named and what it does is said, else *claimed*; plans are ``plan: true``;
a scene named otherwise maps to the scene whose business activity it plainly is, or stays out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant import policy
from assistant.document import Document
from assistant.extract import ai_use, elements
from assistant.extract.scene_claims import Anchor
from assistant.extract.scene_nearest import BY_WORDS, Nearness
from assistant.extract.scene_prose import Evidence, parts
from assistant.extract.scene_reading import DECLARED, Reading
from assistant.extract.scene_status import State
from assistant.extract.sentences import Piece, clauses, sentence_at
from assistant.records import SceneClaim, SceneElements, Span

_THRESHOLD = 1.0
_MOST_SPANS = 8
_SIGNS = 2
_NO_ELEMENTS = SceneElements()


_BySentence = dict[Piece, list[tuple[int, Evidence]]]


@dataclass
class _Gathered:
    """All that speaks for one scene number."""

    anchors: list[Anchor] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


def _verdict(anchors: Sequence[Anchor], evidence: Sequence[Evidence]) -> State:
    """Weigh what several places say: something built wins, then a denial, then a bare claim, then a plan."""
    states = {a.state for a in anchors}
    if State.BUILT in states:
        return State.BUILT
    if State.ABSENT in states:
        return State.ABSENT
    if State.UNSAID in states or any(not one.plan for one in evidence):
        return State.BUILT
    return State.PLAN


def _clause_spans(reading: Reading, one: Evidence) -> Piece:
    """Return the clauses of its sentence that an evidence reaches over."""
    touched = [c for c in clauses(reading.text, *one.sentence) if c.start < one.end and one.start < c.end]
    if not touched:
        return Piece(one.start, one.end)
    return Piece(touched[0].start, touched[-1].end)


def _merged(document: Document, pieces: Iterable[Piece]) -> tuple[Span, ...]:
    """Return spans in order, overlapping ones joined."""
    joined: list[Piece] = []
    for piece in sorted(set(pieces)):
        if joined and piece.start < joined[-1].end:
            joined[-1] = Piece(joined[-1].start, max(joined[-1].end, piece.end))
        else:
            joined.append(piece)
    return tuple(document.span(*piece) for piece in joined[:_MOST_SPANS])


def _ai_pieces(reading: Reading, number: int, gathered: _Gathered, said: Sequence[Piece]) -> list[Piece]:
    own = reading.own_clauses(said, (number,))
    found = ai_use.terms(reading.text, own)
    for anchor in gathered.anchors:
        if anchor.ai_at is not None:
            found.append(anchor.ai_at)
        elif anchor.source in ("list", "mention") and "场景" in _sentence(reading, anchor):
            found += ai_use.leading(reading.text, sentence_at(reading.text, anchor.start), anchor.start)
    if any(a.uses_ai is False for a in gathered.anchors) and not any(a.uses_ai for a in gathered.anchors):
        return []
    return found


def _sentence(reading: Reading, anchor: Anchor) -> str:
    return reading.text[slice(*sentence_at(reading.text, anchor.start))]


def _prose_ai(reading: Reading, number: int, gathered: _Gathered, everything: _BySentence) -> list[Piece]:
    """Return AI terms in the evidence's sentences that stand nearest to this scene's evidence."""
    found: list[Piece] = []
    for one in gathered.evidence:
        rivals = [e for n, e in everything[one.sentence] if n != number]
        own = [p for p in parts(reading.text, one.sentence) if p.start < one.end and one.start < p.end]
        for term in ai_use.terms(reading.text, own):
            nearest = min((_distance(term, e.start, e.end) for e in rivals), default=10_000)
            if _distance(term, one.start, one.end) <= nearest:
                found.append(term)
    return found


def _distance(piece: Piece, start: int, end: int) -> int:
    return max(0, start - piece.end, piece.start - end)


def _said(reading: Reading, gathered: _Gathered) -> list[Piece]:
    found = [piece for anchor in gathered.anchors for piece in reading.said(anchor)]
    found += [one.sentence for one in gathered.evidence if not one.plan]
    return sorted(set(found))


def _best_sentences(said: Sequence[Piece], found: SceneElements) -> list[Piece]:
    """Return up to two sentences that name a system or technique of the scene, else the first one."""
    places = [span.start for span in (*found.system, *found.technique)]
    telling = [p for p in said if any(p.start <= at < p.end for at in places)]
    return (telling or list(said))[:2]


def _claim(reading: Reading, number: int, gathered: _Gathered, everything: _BySentence) -> SceneClaim | None:
    state = _verdict(gathered.anchors, gathered.evidence)
    if state is State.ABSENT:
        return None
    plan = state is State.PLAN
    scene = policy.load().catalog(reading.catalog).scene(number)
    anchors = [a for a in gathered.anchors if (a.state is State.PLAN) == plan and a.state is not State.ABSENT]
    kept = _Gathered(anchors, [e for e in gathered.evidence if e.plan == plan])
    said = [] if plan else _said(reading, kept)
    found = (
        elements.find(reading.document, said, scene, [(e.start, e.end) for e in kept.evidence])
        if said
        else _NO_ELEMENTS
    )
    ai = [] if plan else _ai_pieces(reading, number, kept, _unproven(said, kept.evidence))
    ai += [] if plan else _prose_ai(reading, number, kept, everything)
    places = [Piece(a.start, a.end) for a in kept.anchors]
    places += [_clause_spans(reading, e) for e in kept.evidence]
    written = places[0] if kept.anchors else _clause_spans(reading, max(kept.evidence, key=_rank))
    places += [] if not kept.anchors else _best_sentences(said, found)
    evidenced = bool((found.system or found.technique) and (found.effect or found.activity or _tells(said)))
    return SceneClaim(
        catalog=reading.catalog,
        number=number,
        name=scene.name,
        as_written=reading.text[written.start : written.end],
        strength="evidenced" if evidenced else "claimed",
        uses_ai=bool(ai),
        plan=plan,
        spans=_merged(reading.document, places),
        ai_spans=_merged(reading.document, ai),
        elements=found,
    )


def _rank(one: Evidence) -> tuple[float, int]:
    return one.score, -one.start


def _unproven(said: Sequence[Piece], evidence: Sequence[Evidence]) -> list[Piece]:
    """Return the sentences that belong to the scene as a whole, not through a prose evidence."""
    prose = {e.sentence for e in evidence}
    return [piece for piece in said if piece not in prose]


def _tells(said: Sequence[Piece]) -> bool:
    return any(piece.end - piece.start >= 16 for piece in said)


def _ample(found: Sequence[Evidence]) -> bool:
    """Return whether prose says enough for a scene that a document leaves out of the scenes it names.

    One sign in an item among items that name scenes, or as a plan; elsewhere two, outside the sections that
    name systems in passing.
    """
    if any(one.entry for one in found):
        return True
    signs = {one.rule for one in found if not one.passing}
    return len(signs) >= _SIGNS or any(one.plan for one in found)


def _gather(reading: Reading) -> tuple[dict[int, _Gathered], _BySentence]:
    gathered: dict[int, _Gathered] = {}
    for anchor in reading.named:
        for number in reading.numbers(anchor):
            gathered.setdefault(number, _Gathered()).anchors.append(anchor)
    named = frozenset(gathered)
    claimed = {
        number
        for number, one in gathered.items()
        if any(a.source != "mention" and a.state is not State.ABSENT for a in one.anchors)
    }
    everything: _BySentence = {}
    strong: dict[int, list[Evidence]] = {}
    for number, evidence in reading.prose():
        if evidence.rule == BY_WORDS and number in named:
            continue  # retrieval finds what is missing; what is named has its own section
        everything.setdefault(evidence.sentence, []).append((number, evidence))
        if evidence.score >= _THRESHOLD:
            strong.setdefault(number, []).append(evidence)
    for number, found in strong.items():
        if number in gathered or len(claimed) < DECLARED or _ample(found):
            gathered.setdefault(number, _Gathered()).evidence.extend(found)
    return gathered, everything


def find_scenes(
    document: Document, catalog: str = "2025", nearness: Nearness | None = None
) -> tuple[SceneClaim, ...]:
    """Return the scenes that ``document`` claims or plans, by number in ``catalog``, each once.

    ``nearness`` ranks the scenes for the words of free prose; without it the lexicon alone decides.

    Deterministic and without a model. Every span is exact; a scene that the text only denies
    (尚未建设, 不涉及) or lists as guidance is not returned.
    """
    reading = Reading(document, catalog, nearness)
    gathered, everything = _gather(reading)
    claims = (_claim(reading, n, gathered[n], everything) for n in sorted(gathered))
    return tuple(claim for claim in claims if claim is not None)
