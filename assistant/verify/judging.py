"""Judge a batch of claims: arithmetic and the evidence score for all, the model on top where there is one."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.models.judgement import Judge, Judgement
from assistant.models.privacy import confidential
from assistant.verify.alignment import align
from assistant.verify.claims import judge_by_rule
from assistant.verify.combined import combine
from assistant.verify.features import measure
from assistant.verify.instructions import without_instructions
from assistant.verify.outcome import Verdict

# What a judge is given of long evidence, in characters: the sentences nearest to the claim.
PASSAGE = 320


def judge_claims(pairs: Sequence[tuple[str, str]], *, judge: Judge | None = None) -> tuple[Verdict, ...]:
    """Return a verdict for each (claim, evidence), each judged for itself, in the order given.

    Instructions in the evidence are blanked out first: they bear nothing out and move no verdict.
    """
    pairs = [(claim, without_instructions(evidence)) for claim, evidence in pairs]
    if judge is None:
        return tuple(judge_by_rule(claim, evidence) for claim, evidence in pairs)
    refused = judge.refuses(confidential=any(confidential(evidence) for _, evidence in pairs))
    if refused:
        return tuple(
            judge_by_rule(claim, evidence).model_copy(update={"problem": refused})
            for claim, evidence in pairs
        )
    whole = [i for i, pair in enumerate(pairs) if all(part.strip() for part in pair)]
    answers = judge.margins([(pairs[i][0], passage(*pairs[i])) for i in whole])
    judged = dict(zip(whole, answers, strict=True))
    return tuple(_one(pair, judged.get(i), judge.author) for i, pair in enumerate(pairs))


def _one(pair: tuple[str, str], judgement: Judgement | None, author: str) -> Verdict:
    claim, evidence = pair
    if judgement is None:
        return judge_by_rule(claim, evidence)
    return combine(measure(claim, evidence), evidence, judgement, author)


def passage(claim: str, evidence: str, size: int = PASSAGE) -> str:
    """Return the part of ``evidence`` that ``claim`` is about: whole sentences, in order, ``size`` at most."""
    if len(evidence) <= size:
        return evidence
    aligned = align(claim, evidence)
    best: dict[tuple[int, int], float] = {}
    for clause, score in zip(aligned.clauses, aligned.scores, strict=True):
        best[clause.sentence] = best.get(clause.sentence, 0.0) + score
    chosen: list[tuple[int, int]] = []
    left = size
    for span in sorted(best, key=lambda s: (-best[s], s)):
        if span[1] - span[0] <= left:
            chosen.append(span)
            left -= span[1] - span[0]
    return "".join(evidence[start:end] for start, end in sorted(chosen)) or evidence[:size]
