"""Retrieval's word on scenes in free prose: what the lexicon missed, and what it took for a neighbour.

For each part of a sentence that tells what the factory does, retrieval ranks the scenes. Far ahead of all
others and with enough of the words behind it, the nearest one is evidence like a rule's; and a rule's scene
that is not among the nearest, where the nearest is plain, was mistaken. Both bounds were set on labelled
texts of the development half; they are flat between 3.0 and 3.8, and between 12 and 15.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.extract import scene_prose
from assistant.extract.scene_prose import Evidence
from assistant.extract.sentences import Piece

# (scene number or None for no scene, standard deviations ahead of all scenes, BM25 score), best first.
Near = tuple[int | None, float, float]
# Takes the catalogue and the words.
Nearness = Callable[[str, str], Sequence[Near]]

Found = tuple[int, Evidence]

# Stands in evidence by retrieval for the activity and the rule, which it has none of.
BY_WORDS = -1
_AHEAD = 3.4
_SCORE = 13.0
_PLAIN = 3.8
# Shorter parts (labels, cells) have too few words to compare.
_SHORTEST = 14


def weigh(
    text: str, pieces: Sequence[Piece], found: Sequence[Found], near: Callable[[str], Sequence[Near]]
) -> list[Found]:
    """Return the evidence of some sentences as retrieval leaves it: mistaken scenes out, missed ones in.

    Args:
        text: the canonical text.
        pieces: the sentences that ``found`` comes from.
        found: (scene number, evidence) by the lexicon's rules.
        near: returns the scenes nearest to some words.
    """
    kept = list(found)
    for piece in pieces:
        if not scene_prose.speaks_of_factory(text[piece.start : piece.end]):
            continue
        for part in scene_prose.parts(text, piece):
            told = scene_prose.told(text, part)
            words = "，".join(text[slice(*clause)] for clause in told)
            nearest = near(words) if len(words) >= _SHORTEST else ()
            if nearest:
                kept = [one for one in kept if not _mistaken(one, part, nearest)]
                kept += _missed(
                    text,
                    Evidence(BY_WORDS, 1.0, told[0].start, told[-1].end, piece, False, BY_WORDS),
                    nearest[0],
                )
    return kept


def _mistaken(one: Found, part: Piece, nearest: Sequence[Near]) -> bool:
    number, evidence = one
    best, ahead, _ = nearest[0]
    inside = part.start <= evidence.start < part.end
    return inside and best is not None and ahead >= _PLAIN and number not in [scene for scene, *_ in nearest]


def _missed(text: str, evidence: Evidence, best: Near) -> list[Found]:
    number, ahead, score = best
    if number is None or ahead < _AHEAD or score < _SCORE:
        return []
    return [(number, evidence._replace(plan=scene_prose.planned(text, evidence)))]
