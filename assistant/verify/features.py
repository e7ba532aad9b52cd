"""What is measured on a claim and its evidence before a score is fitted; each feature lies in 0..1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assistant.verify.alignment import Aligned, align, content, folded, share_of
from assistant.verify.arithmetic import NumberVerdict, compare_numbers
from assistant.verify.assertions import assertion_features, directions_of
from assistant.verify.labels import label_conflict
from assistant.verify.lexicon import any_of, lexicon
from assistant.verify.passages import Clause, find_dates, find_places, has_negation, has_plan, same_place
from assistant.verify.substitutions import substitution_features

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9+\-]{1,}")
_FREQUENCY = re.compile(
    r"每(?:平均)?\d*(秒|分钟|小时|天|晚|日|班|周|月|季度|年)|([日月年周班])(?=产|均|处理)|按(天|日|周|月|季度|年)"
)
_WHOLE = re.compile(r"(?<!\d)100\s*[%％]|百分之百")
_IGNORED_LATIN = frozenset({"kWh", "kg", "mg", "mm", "CV", "GB"})

NAMES = (
    "number_conflict", "number_fault", "number_missing", "number_matched", "number_derived",
    "number_inferred", "no_number",
    "context_other", "date_conflict", "date_elsewhere", "date_missing", "place_conflict", "place_missing", "place_elsewhere",
    "plan_conflict", "negation_conflict", "unchanged_conflict", "scope_conflict", "scope_claimed",
    "direction_conflict", "agent_conflict", "level_conflict", "superlative_missing", "latin_missing",
    "frequency_conflict", "uncovered_local", "uncovered_sentence", "uncovered_everywhere", "elsewhere",
    "gap", "modal_met", "modal_near", "modal_unmet", "unfinished", "elsewhere_number", "novel", "characters", "label_conflict",
    "stage_behind", "comparison_missing", "cause_claimed", "order_claimed", "beside_claim", "matched_uncovered",
    "derived_uncovered", "plain_uncovered", "exchanged_new", "exchanged_elsewhere", "event_date", "nothing_shared",
)  # fmt: skip


_SPOILING = ("plan_conflict", "place_conflict", "place_elsewhere", "date_conflict", "label_conflict")


@dataclass(frozen=True)
class Measured:
    """The features of a pair, with what a reason is told from."""

    values: dict[str, float]
    aligned: Aligned
    numbers: tuple[NumberVerdict, ...]
    anchors: tuple[Clause, ...]


@cache
def _words(name: str) -> re.Pattern[str]:
    return any_of(lexicon().words[name])


def measure(claim: str, evidence: str) -> Measured:
    """Return the features of a claim beside its evidence."""
    aligned = align(claim, evidence)
    numbers = compare_numbers(claim, evidence)
    anchors = _anchors(aligned, numbers)
    values = dict.fromkeys(NAMES, 0.0)
    values |= _number_features(claim, evidence, numbers)
    values |= _coverage_features(aligned)
    values["label_conflict"] = any(
        label_conflict(claim, evidence, v.by) for v in numbers if v.by is not None and v.outcome == "match"
    )
    values["elsewhere_number"] = _elsewhere_number(claim, evidence, aligned, numbers)
    values |= _date_features(claim, evidence, anchors)
    values |= _place_features(claim, aligned, anchors)
    values |= _modality_features(claim, anchors, aligned)
    values |= _word_features(claim, evidence, anchors)
    values |= assertion_features(claim, evidence, anchors)
    values |= substitution_features(claim, aligned)
    if any(v.outcome == "derived" for v in numbers):
        values["comparison_missing"] = 0.0  # the two values are there, and the reader compares them
    if any(values[name] for name in _SPOILING):
        # An equal number in a plan, or about another place or year, bears nothing out.
        values["number_matched"] = values["number_derived"] = values["number_inferred"] = 0.0
    bare = 1 - aligned.sentence
    values["matched_uncovered"] = bare * values["number_matched"]
    values["derived_uncovered"] = bare * max(values["number_derived"], values["number_inferred"])
    values["plain_uncovered"] = bare * values["no_number"]
    return Measured({name: float(values[name]) for name in NAMES}, aligned, numbers, anchors)


def _anchors(aligned: Aligned, numbers: tuple[NumberVerdict, ...]) -> tuple[Clause, ...]:
    """Return the clauses that the claim is about: the best covered one and those of its numbers."""
    if aligned.best < 0:
        return ()
    best = aligned.clauses[aligned.best]
    hits = [
        c
        for v in numbers
        if v.by and v.outcome in ("match", "derived", "date", "role", "direction", "per")
        for c in aligned.clauses
        if c.start <= v.by.start < c.end
    ]
    close = [c for c in hits if c.plan or aligned.scores[aligned.clauses.index(c)] > 0]
    return tuple(dict.fromkeys((best, *close)))


def _number_features(claim: str, evidence: str, numbers: tuple[NumberVerdict, ...]) -> dict[str, float]:
    outcomes = [v.outcome for v in numbers]
    faults = ("role", "date", "per", "direction")
    return {
        "number_conflict": "conflict" in outcomes,
        "number_fault": any(o in faults for o in outcomes),
        "number_missing": "missing" in outcomes,
        "number_matched": bool(outcomes) and all(o == "match" for o in outcomes),
        "number_derived": _follows(numbers) and all(v.how in (None, "change", "end") for v in numbers),
        "number_inferred": _follows(numbers) and any(v.how not in (None, "change", "end") for v in numbers),
        "no_number": not outcomes,
        "context_other": max(
            (_other_context(claim, evidence, v) for v in numbers if v.outcome == "match"), default=0.0
        ),
    }


def _follows(numbers: tuple[NumberVerdict, ...]) -> bool:
    """Return whether all numbers stand there or follow, and at least one follows."""
    outcomes = {v.outcome for v in numbers}
    return outcomes <= {"match", "derived"} and "derived" in outcomes


def _other_context(claim: str, evidence: str, verdict: NumberVerdict) -> float:
    """Return how much better the words before another number fit the claim than those before the matched one."""
    from assistant.verify.quantities import find_quantities

    if verdict.by is None:
        return 0.0
    text = content(claim)
    found = find_quantities(evidence)
    own, others = 0.0, [0.0]
    for i, q in enumerate(found):
        left = max((p.end for p in found[:i] if p.end <= q.start), default=0)
        share = share_of(text, evidence[max(left, q.start - 16) : q.start])
        if (q.start, q.end) == (verdict.by.start, verdict.by.end):
            own = share
        elif q.family == verdict.claim.family and q.pair != verdict.by.pair - 0.5:
            others.append(share if q.pair < 0 or q.pair != verdict.by.pair else 0.0)
    return min(1.0, max(0.0, max(others) - own - 0.15) * 1.5)


def _coverage_features(aligned: Aligned) -> dict[str, float]:
    return {
        "novel": min(aligned.novel, 8) / 8,
        "characters": 1 - aligned.characters,
        "uncovered_local": 1 - aligned.local,
        "uncovered_sentence": 1 - aligned.sentence,
        "uncovered_everywhere": 1 - aligned.everywhere,
        "elsewhere": aligned.elsewhere,
        "gap": min(aligned.longest_gap, 8) / 8,
    }


def _elsewhere_number(
    claim: str, evidence: str, aligned: Aligned, numbers: tuple[NumberVerdict, ...]
) -> float:
    """Return the share of the claim's words that the sentence of its number lacks, up to that number's clause."""
    worst = 0.0
    for v in numbers:
        clause = next((c for c in aligned.clauses if v.by and c.start <= v.by.start < c.end), None)
        if clause is not None and v.outcome in ("match", "derived"):
            here = share_of(content(claim), evidence[clause.sentence[0] : clause.end])
            worst = max(worst, share_of(content(claim), evidence) - here)
    return worst


def _date_features(claim: str, evidence: str, anchors: tuple[Clause, ...]) -> dict[str, float]:
    wanted = [when for _, when in find_dates(claim) if when.parts() != (None,) * 5]
    if not wanted:
        return {}
    said = find_dates(evidence)
    if not said:
        return {"date_missing": 1.0}
    # A claim with two dates compares them: each has to occur, wherever that is.
    if any(all(w.conflicts(s) for _, s in said) for w in wanted):
        return {"date_conflict": 1.0}
    if len(wanted) > 1:
        return {}
    here = [w for at, w in said if any(c.start <= at < c.end for c in anchors)]
    near = [w for at, w in said if any(c.sentence[0] <= at < c.sentence[1] for c in anchors)]
    pool = here or near
    return {"date_elsewhere": bool(pool) and all(wanted[0].conflicts(s) for s in pool)}


def _place_features(claim: str, aligned: Aligned, anchors: tuple[Clause, ...]) -> dict[str, float]:
    out = {"place_conflict": 0.0, "place_missing": 0.0, "place_elsewhere": 0.0}
    everywhere = [p for c in aligned.clauses for p in c.own_places]
    evidence = "".join(folded(c.text) for c in aligned.clauses)
    sentences = "".join(
        folded(c.text) for c in aligned.clauses if c.sentence in {anchor.sentence for anchor in anchors}
    )
    for place in find_places(claim):
        if folded(place.which + place.suffix) in sentences:
            continue
        here = [p for c in anchors for p in c.places if p.suffix == place.suffix]
        if any(same_place(place, p) for p in here):
            # Each clause that gives one of the claim's numbers has to speak of that place.
            others = [[p for p in c.places if p.suffix == place.suffix] for c in anchors]
            alone = sum(p.suffix == place.suffix for p in find_places(claim)) == 1
            if alone and any(o and not any(same_place(place, p) for p in o) for o in others):
                out["place_elsewhere"] = 1.0
            continue
        if any(p.suffix == place.suffix and same_place(place, p) for p in everywhere):
            near = [
                p
                for c in aligned.clauses
                if c.sentence in {a.sentence for a in anchors}
                for p in c.own_places
            ]
            if here or not any(same_place(place, p) and p.suffix == place.suffix for p in near):
                out["place_elsewhere"] = 1.0
        elif len(place.which) > 1 and folded(place.which) in evidence:
            continue
        elif here or any(p.suffix == place.suffix for p in everywhere):
            out["place_conflict"] = 1.0
        else:
            out["place_missing"] = 1.0
    return out


def _modality_features(claim: str, anchors: tuple[Clause, ...], aligned: Aligned) -> dict[str, float]:
    plan, negation = has_plan(claim), has_negation(claim)
    modal = plan or negation
    scoped = bool(_words("scope_all").search(_words("scope_not").sub("", claim)))
    lead = anchors[:1]
    sentences = {c.sentence for c in anchors}
    near = [c for c in aligned.clauses if c.sentence in sentences]
    met = any((plan and c.plan) or (negation and (c.negated or c.unchanged)) for c in anchors)
    close = any(c.plan or c.negated or c.unchanged or c.partial for c in near)
    return {
        "modal_met": modal and met,
        "modal_near": modal and not met and close,
        "modal_unmet": modal and not met and not close,
        "unfinished": not modal
        and bool(_words("done").search(claim))
        and _unfinished(claim, anchors, aligned),
        "plan_conflict": not modal and any(c.plan for c in anchors),
        "negation_conflict": not modal and any(c.negated for c in anchors),
        "unchanged_conflict": not has_negation(claim)
        and not _words("unchanged").search(claim)
        and any(c.unchanged for c in lead),
        "scope_claimed": scoped and not any(_everything(c.text) for c in near),
        "scope_conflict": scoped and any(c.partial or c.negated or c.plan for c in near),
    }


def _everything(text: str) -> bool:
    """Return whether a clause speaks of all there is, in words or as 100 %."""
    return bool(_words("scope_all").search(text)) or bool(_WHOLE.search(text))


def _unfinished(claim: str, anchors: tuple[Clause, ...], aligned: Aligned) -> bool:
    """Return whether a sentence that the claim is about also says that something is still to come."""
    sentences = {c.sentence for c in anchors}
    here = {p.which for c in anchors for p in c.places} | {p.which for p in find_places(claim)}
    pending = (c for c in aligned.clauses if c.sentence in sentences and (c.plan or c.negated))
    return any(
        share_of(content(claim), c.text) >= 0.15
        and not (c.own_places and not {p.which for p in c.own_places} & here)
        for c in pending
    )


def _word_features(claim: str, evidence: str, anchors: tuple[Clause, ...]) -> dict[str, float]:
    mine, theirs = folded(claim), folded(evidence)
    latin = set(_LATIN.findall(mine)) - _IGNORED_LATIN
    superlative = _words("superlative").findall(mine)
    frequency, rates = _rates(claim), _rates(evidence)
    return {
        "agent_conflict": bool(_words("agent_self").search(mine))
        and bool(_words("agent_other").search(theirs))
        and not _words("agent_self").search(theirs),
        "level_conflict": any(_level_conflict(group, mine, theirs) for group in lexicon().levels),
        "superlative_missing": any(word not in theirs for word in superlative),
        "latin_missing": any(word.lower() not in theirs.lower() for word in latin),
        "frequency_conflict": bool(frequency) and bool(rates) and not frequency & rates,
        "direction_conflict": _direction_conflict(claim, anchors),
    }


def _rates(text: str) -> set[str]:
    return {"天" if unit == "日" else unit for m in _FREQUENCY.finditer(text) for unit in m.groups() if unit}


def _level_conflict(group: tuple[str, ...], claim: str, evidence: str) -> bool:
    mine, theirs = {w for w in group if w in claim}, {w for w in group if w in evidence}
    return bool(mine and theirs and not mine & theirs)


def _direction_conflict(claim: str, anchors: tuple[Clause, ...]) -> bool:
    """Return whether the claim says up where its clause says only down, or the other way round."""
    mine = directions_of(claim)
    theirs = directions_of(anchors[0].text) if anchors else set()
    return len(mine) == 1 and len(theirs) == 1 and mine != theirs and not has_negation(claim)
