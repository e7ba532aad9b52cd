"""A claim that is nearly a copy of the evidence, but for one word, one place or one date.

Wherever most of a claim stands in the evidence, what does not is what was changed: a word that the evidence
does not have at all, a word that it says of something else, a date that belongs to another event.
"""

from __future__ import annotations

import re

from assistant.verify.alignment import Aligned, content, share_of
from assistant.verify.passages import Clause, When, find_dates

# From this share of a claim's words on it counts as a copy.
_COPY = 0.55
# What a claim says of its date is told by its last words.
_PREDICATE = 10
_SAME_EVENT = 0.6
_ANY_DATE = re.compile(r"[\d年月日号初底中旬起前后，,。、\s]+")


def substitution_features(claim: str, aligned: Aligned) -> dict[str, float]:
    """Return how much of a near copy was exchanged, and whether its date is another event's."""
    copied = max(0.0, aligned.everywhere - _COPY) / (1 - _COPY)
    return {
        "exchanged_new": copied * min(aligned.novel, 4) / 4,
        "exchanged_elsewhere": copied * min(1.0, 3 * aligned.elsewhere),
        "event_date": _event_date(claim, aligned.clauses),
        "nothing_shared": aligned.everywhere < 0.25,
    }


def _event_date(claim: str, clauses: tuple[Clause, ...]) -> float:
    """Return 1 where the clause that says what the claim says of its date gives another date."""
    dates = [(at, when) for at, when in find_dates(claim) if when.parts() != (None,) * 5]
    if len(dates) != 1:
        return 0.0
    (at, wanted) = dates[0]
    predicate = content(_ANY_DATE.sub("", claim[at:]))[-_PREDICATE:]
    if len(predicate) < 3:
        return 0.0
    fits = [(share_of(predicate, clause.text), i) for i, clause in enumerate(clauses)]
    best, index = max(fits, default=(0.0, -1), key=lambda fit: (fit[0], -fit[1]))
    if best < _SAME_EVENT:
        return 0.0
    said = _dates_of(clauses, index)
    return float(bool(said) and all(wanted.conflicts(when) for when in said))


def _dates_of(clauses: tuple[Clause, ...], index: int) -> list[When]:
    """Return the dates of a clause, or of the nearest clause before it in its sentence that gives one."""
    sentence = clauses[index].sentence
    for clause in reversed(clauses[: index + 1]):
        if clause.sentence != sentence:
            break
        found = [when for _, when in find_dates(clause.text)]
        if found:
            return found
    return []
