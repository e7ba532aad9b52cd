"""One document read for scenes: its units, names, terms, and every anchor with its scene numbers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property, partial

from assistant.document import Document
from assistant.extract import scene_headings, scene_mentions, scene_nearest, scene_prose, scene_tables
from assistant.extract.furniture import running_text
from assistant.extract.scene_claims import Anchor
from assistant.extract.scene_guide import without_guidance
from assistant.extract.scene_layout import Unit, units
from assistant.extract.scene_lexicon import load
from assistant.extract.scene_names import Mention, guide_texts, mentions, policy_texts
from assistant.extract.scene_nearest import Nearness
from assistant.extract.scene_prose import Evidence
from assistant.extract.scene_status import UNFIT, State, of_section
from assistant.extract.scene_text import Placed, Squeezed, Stretches, scan
from assistant.extract.sentences import Piece, clauses, sentence_at, sentences

# From this many scenes named in titles, rows or lists on, the document says itself which it claims.
DECLARED = 4
_SUPPORT = 0.6
_SURE = 1.0
# So many characters of a section are compared with the catalogue.
_COPIED = 60
# A sentence this long that stands in a policy document is quoted from there.
_POLICY_WORDS = 18
# Shorter other names (质量分析, 工艺优化) are everyday words and point to no other scene.
_OWN_NAME = 6
# A run of this many scenes without a word about any of them is the guide, not a claim.
_REFERENCE_RUN = 30
_MARKS = "。：:，,、；;—-–.）)】]*#|"
_ITEM_MARKS = "-#*|□☐■·0123456789.、()_"
_UNTICKED = "□☐○◻▢"


class Reading:
    """All that is read once from a document."""

    def __init__(self, document: Document, catalog: str, nearness: Nearness | None = None) -> None:
        self.document = document
        self.catalog = catalog
        self._near = None if nearness is None else partial(nearness, catalog)
        self.text = running_text(document)
        self.lexicon = load()
        view = self._view = Squeezed(self.text)
        self.hits = scan(view, self.lexicon)
        self.names: Placed[Mention] = mentions(view)
        self.units: list[Unit] = without_guidance(self.text, units(document))
        self._quoted = Stretches(())

    @cached_property
    def titled(self) -> list[Anchor]:
        """Anchors from titles and tables, unsupported near names left out."""
        found = [
            *scene_headings.anchors(self.text, self.units, self.names),
            *scene_tables.anchors(self.text, self.units, self.names),
        ]
        firm = {n for a in found if a.sure or self._supported(a) for n in self.numbers(a)}
        meant = {n for a in found for n in self.numbers(a)}
        declared = len(firm) >= DECLARED or (len(firm) * 2 >= len(meant) >= DECLARED)
        kept = found if declared else [a for a in found if a.sure or self._supported(a)]
        silent = self._reference(kept)
        self._quoted = Stretches(
            (self.text.rfind("\n", 0, a.start) + 1, a.body.end if a.body else a.end) for a in silent
        )
        return [a for a in kept if a not in silent]

    @cached_property
    def named(self) -> list[Anchor]:
        """Every anchor that goes by a name or number."""
        taken = [Piece(a.start, a.end) for a in self.titled]
        open_units = (u for u in self.units if not u.cells and not self._quoted.touch(u.start, u.end))
        zones = [(u.start, u.end, u.zone) for u in open_units]
        taken += [a.body for a in self.titled if a.body and a.source == "heading"]
        named = scene_mentions.anchors(self.text, self.names, zones, Stretches(taken))
        inline = [a for a in named if not self._is_policy(sentence_at(self.text, a.start))]
        return [*self.titled, *inline, *scene_mentions.numbered(self.text, zones)]

    def numbers(self, anchor: Anchor) -> tuple[int, ...]:
        """Return the scenes that an anchor stands for; a name of several goes by its section's words."""
        if anchor.numbers:
            return anchor.numbers
        found = self.lexicon.numbers(anchor.activities, self.catalog)
        if len(found) < 2 or anchor.body is None:
            return found[:1]
        scores = self.scores(self.evidence_in(anchor.body))
        strong = [n for n in found if scores.get(n, 0.0) >= _SURE]
        return tuple(strong) if strong else found[:1]

    def evidence_in(self, piece: Piece) -> list[Evidence]:
        """Return what the lexicon finds in a stretch that is known to be about the factory."""
        pieces = sentences(self.text, *piece)
        return scene_prose.find(self.text, pieces, self.hits, self.lexicon, gated=False)

    def scores(self, evidence: Iterable[Evidence]) -> dict[int, float]:
        """Return the best score of each scene number."""
        best: dict[int, float] = {}
        for one in evidence:
            number = self.lexicon.activities[one.activity].scenes.get(self.catalog)
            if number is not None:
                best[number] = max(best.get(number, 0.0), one.score)
        return best

    def _supported(self, anchor: Anchor) -> bool:
        """Return whether a near name is said to be a scene, or its section speaks of the scene."""
        if "场景" in self.text[anchor.start : anchor.end + 4]:
            return True
        if anchor.body is None:
            return False
        telling = anchor.source == "heading" and anchor.end - anchor.start >= _OWN_NAME
        if telling and anchor.state is State.BUILT:
            return True
        scores = self.scores(self.evidence_in(anchor.body))
        return any(scores.get(n, 0.0) >= _SUPPORT for n in self.numbers(anchor))

    def prose(self) -> list[tuple[int, Evidence]]:
        """Return (scene number, evidence) of the sentences that no named scene's section holds.

        Inside a scene's section only what is planned counts: another scene that is to come.
        """
        bodies = Stretches(a.body for a in self.named if a.body and a.source in ("heading", "row"))
        silenced, entries = self._silenced(), self._entries()
        found: list[tuple[int, Evidence]] = []
        for unit in self.units:
            if unit.zone in ("guide", "contents") or unit.header:
                continue
            pieces = self._open(unit)
            said = self._numbered(scene_prose.find(self.text, pieces, self.hits, self.lexicon))
            if self._near is not None:
                outside = [piece for piece in pieces if not bodies.hold(piece.start)]
                said = scene_nearest.weigh(self.text, outside, said, self._near)
            for number, one in said:
                plan = one.plan or unit.zone == "plan"
                if silenced.touch(one.start, one.end) or (bodies.hold(one.start) and not plan):
                    continue
                passing, entry = unit.zone == "profile", unit.start in entries
                found.append((number, one._replace(plan=plan, passing=passing, entry=entry)))
        return found

    def _numbered(self, evidence: Iterable[Evidence]) -> list[tuple[int, Evidence]]:
        """Put each evidence beside its scene number; what is no scene in this catalogue is left out."""
        activities = self.lexicon.activities
        found = ((activities[one.activity].scenes.get(self.catalog), one) for one in evidence)
        return [(number, one) for number, one in found if number is not None]

    def _open(self, unit: Unit) -> list[Piece]:
        """Return the sentences of a unit that hold no title and are quoted from nowhere."""
        titles = self._title_starts
        return [
            p
            for p in sentences(self.text, unit.start, unit.end)
            if not (self._quoted.hold(p.start) or self._is_policy(p))
            and self.text[p.start] not in _UNTICKED
            and not (unit.zone == "plan" and UNFIT.search(self.text, *p))
            and bisect_left(titles, p.start) == bisect_left(titles, p.end)
        ]

    @cached_property
    def _title_starts(self) -> list[int]:
        return sorted(a.start for a in self.named if a.source in ("heading", "row", "list"))

    def _entries(self) -> set[int]:
        """Return where units start that are items numbered like those that name scenes, with what follows them."""
        titles = Placed([a for a in self.titled if a.source == "heading"])
        styles = {u.style for u in self.units if u.style and titles.within(u.start, u.end)}
        inside, found = False, set()
        for unit in self.units:
            if unit.style or unit.depth is not None or unit.cells:
                inside = unit.style in styles and unit.zone == "body"
            if inside:
                found.add(unit.start)
        return found

    def _reference(self, anchors: Sequence[Anchor]) -> list[Anchor]:
        """Return the anchors that quote (nearly) the whole catalogue and say nothing of their own."""
        silent = [
            a
            for a in anchors
            if (a.body is None and a.state is State.UNSAID) or (a.body is not None and self._copied(a.body))
        ]
        return silent if len({a.activities for a in silent}) >= _REFERENCE_RUN else []

    def _copied(self, body: Piece) -> bool:
        """Return whether a section is the catalogue's own text of the scene, or a part of it."""
        cells = [c for unit in self.units if unit.cells and unit.start == body.start for c in unit.cells]
        place = max(cells, key=lambda cell: cell[1] - cell[0], default=body)
        words = self._view.between(*place).strip(_MARKS)
        own = words[:_COPIED] if len(words) > _COPIED else words
        quoted = len(words) >= _POLICY_WORDS and any(words in text for text in policy_texts())
        return quoted or any(own in text for text in guide_texts() if len(words) <= 1.3 * len(text) + 20)

    def _is_policy(self, piece: Piece) -> bool:
        """Return whether a sentence stands word for word in a policy document."""
        words = self._view.between(*piece).lstrip(_ITEM_MARKS)
        return len(words) >= _POLICY_WORDS and any(words in text for text in policy_texts())

    def _silenced(self) -> Stretches:
        """Return the names that claim nothing: those of departments, and of scenes denied or planned."""
        units = [(m.start, m.end) for m in self.names.all if m.unit]
        denied = [(a.start, a.end) for a in self.named if a.state in (State.PLAN, State.ABSENT)]
        return Stretches([*units, *denied])

    def said(self, anchor: Anchor) -> list[Piece]:
        """Return the sentences of an anchor's section that say something is built."""
        if anchor.body is None:
            return []
        if anchor.source == "row":
            return [anchor.body]
        state, built = of_section(self.text, *anchor.body)
        return list(built) if state is State.BUILT else []

    def own_clauses(self, pieces: Sequence[Piece], numbers: Sequence[int]) -> list[Piece]:
        """Return the clauses of the sentences, less those that speak of another scene by name."""
        found: list[Piece] = []
        for piece in pieces:
            inside = [
                m for m in self.names.within(*piece) if m.name.official or len(m.name.text) >= _OWN_NAME
            ]
            for clause in clauses(self.text, *piece):
                others = (m for m in inside if clause.start <= m.start < clause.end)
                if all(
                    set(self.lexicon.numbers(m.name.activities, self.catalog)) & set(numbers) for m in others
                ):
                    found.append(clause)
        return found
