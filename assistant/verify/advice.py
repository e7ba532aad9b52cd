"""A model words what an enterprise should mend, one suggestion for all that was found about a claim.

It stands as a flag of its own, so that the rules' flags and suggestions stay word for word. A suggestion
that brings in numbers or names which neither the text nor the findings hold is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.records import ClaimRef, Flag, Span
from assistant.verify.added import Added, bare
from assistant.verify.case import Case, Draft
from assistant.verify.instructions import without_instructions
from assistant.verify.tasks import Writer

#: So many claims get a suggestion, those with the gravest findings first.
MOST_CLAIMS = 8
_RANK = {"high": 0, "medium": 1, "low": 2}
_LONGEST_FINDING = 240
_WHOLE = 30
_NUMBERS = {"kpi_arithmetic", "kpi_inconsistent", "kpi_implausible", "contradiction"}
# What can be invented and be taken for a fact: numbers, and names of systems in Latin letters.
_FACTS = re.compile(r"\d+(?:\.\d+)?|[A-Za-z][A-Za-z0-9]+")


@dataclass(frozen=True)
class Topic:
    """A claim with its name and the flags on it, the gravest first."""

    name: str
    claim: ClaimRef
    flags: tuple[Flag, ...]
    span: Span


def advice_flags(case: Case, writer: Writer, flags: Sequence[Flag]) -> Added:
    """Return the model's suggestions on the claims with the gravest flags."""
    out = Added()
    topics = _topics(case, flags)
    chosen, left_out = topics[:MOST_CLAIMS], topics[MOST_CLAIMS:]
    asked = [(_finding(topic), _passage(case, topic.span)) for topic in chosen]
    answers = writer.suggest(asked)
    failed: list[tuple[str, str]] = []
    for topic, given, answer in zip(chosen, asked, answers, strict=True):
        name = topic.name
        words = answer.value.suggestion.strip() if answer.value else ""
        if answer.problem:
            failed.append((name, answer.problem))
        elif _invented(words, "".join(given)):
            failed.append((name, "模型的建议含有原文没有的数字或名称，已弃用"))
        else:
            out.drafts.append(_draft(topic, words, writer.author))
    failed += [(topic.name, f"一次只为{MOST_CLAIMS}处最要紧的内容起草") for topic in left_out]
    out.report("起草建议", len(topics), failed)
    return out


def _topics(case: Case, flags: Sequence[Flag]) -> list[Topic]:
    """Group the rules' flags by claim; what concerns the document as a whole says itself what to do.

    A model's flags are left out: one doubt of it should not feed another. So are claims whose low flags (a
    missing period) say all that is to be done, and those whose numbers are at odds: there the rules show the
    sum, and whatever a model adds leads away from it.
    """
    groups: dict[tuple[str, int | None], list[Flag]] = {}
    for flag in flags:
        if flag.author == "rule" and flag.claim.type != "document" and flag.spans:
            groups.setdefault((flag.claim.type, flag.claim.index), []).append(flag)
    topics = []
    for group in groups.values():
        ordered = sorted(group, key=lambda f: (_RANK[f.severity], f.kind, f.id))
        if _RANK[ordered[0].severity] < 2 and not _NUMBERS & {flag.kind for flag in ordered}:
            claim, span = ordered[0].claim, ordered[0].spans[0]
            topics.append(Topic(_name(case, claim, span), claim, tuple(ordered), span))
    return sorted(topics, key=lambda t: (_RANK[t.flags[0].severity], t.span.start, t.claim.type))


def _name(case: Case, claim: ClaimRef, span: Span) -> str:
    """Return what a reader knows a claim by: a scene's name, the words of anything else."""
    if claim.type == "scene" and claim.index is not None:
        scene = (case.declaration.scenes or ())[claim.index]
        return scene.name or scene.as_written or span.quote
    return span.quote


def _finding(topic: Topic) -> str:
    return "；".join(dict.fromkeys(flag.message.rstrip("。") for flag in topic.flags))[:_LONGEST_FINDING]


def _passage(case: Case, span: Span) -> str:
    # A scene's span is its whole text; words such as a KPI's need their sentence.
    start, end = case.around(span.start, span.end, 0) if len(span.quote) < _WHOLE else (span.start, span.end)
    return without_instructions(case.document.text)[start:end]


def _invented(words: str, given: str) -> bool:
    known = set(map(str.lower, _FACTS.findall(given)))
    return any(fact.lower() not in known for fact in _FACTS.findall(words))


def _draft(topic: Topic, words: str, author: str) -> Draft:
    count = len(topic.flags)
    return Draft(
        topic.flags[0].kind,
        "low",
        f"针对“{bare(topic.name, 40)}”的{count}条疑点，模型起草了修改建议，供企业参考。",
        f"{words.rstrip('。')}。（模型起草，请核实后采用）",
        topic.claim,
        (topic.span,),
        (),
        author,
    )
