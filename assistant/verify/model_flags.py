"""What a model adds to the rules' flags: claims whose own text does not seem to bear them out.

A model's flag says so, shows its quote where one can be found in the text, and never outranks a rule:
it is medium at most. Instructions in the document are blanked out before anything is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.models.judgement import Judge, Judgement
from assistant.models.privacy import confidential
from assistant.records import ClaimRef, FlagKind, Problem, Span
from assistant.verify.case import Case, Draft, kpi_ref, scene_ref, short
from assistant.verify.combined import combine
from assistant.verify.features import measure
from assistant.verify.instructions import without_instructions
from assistant.verify.judging import passage
from assistant.verify.quotes import find_quote
from assistant.verify.score import weights

# Words with quotes cost some seconds each on this machine: only for the worst.
_EXPLAINED = 6
_SUGGEST: dict[str, str] = {
    "weak_scene": "请补充本企业在该场景的系统名称、应用车间、上线时间和成效，或核对该场景是否归类正确。",
    "contradiction": "请核对该数值是否已经实现、是否为本企业本工厂的数据，统一前后表述。",
    "unsupported_statement": "请补充可查证的依据，或删去该说法。",
}


@dataclass(frozen=True)
class Question:
    """A claim of the declaration with the text it stands on, and the flag that it may lead to."""

    claim: str
    evidence: str
    ref: ClaimRef
    kind: FlagKind
    spans: tuple[Span, ...]


@dataclass
class Added:
    """What the model adds, and what it could not do."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def model_flags(case: Case, judge: Judge) -> Added:
    """Ask the judge about scenes, KPIs and statements; it never raises for what the model does."""
    out = Added()
    refused = judge.refuses(confidential=confidential(case.document.text))
    if refused:
        out.problems.append(Problem(stage="model", message=refused))
        return out
    asked = [q for q in questions(case) if q.evidence.strip()]
    if not asked:
        return out
    answers = judge.margins([(q.claim, passage(q.claim, q.evidence)) for q in asked])
    _report_failures(asked, answers, out)
    doubtful = sorted(
        (
            (doubt, i)
            for i, (q, a) in enumerate(zip(asked, answers, strict=True))
            if (doubt := _doubt(q, a)) is not None
        ),
        key=lambda item: (item[0], item[1]),
    )
    worst = [i for _, i in doubtful[:_EXPLAINED] if answers[i].verdict is None]
    words = judge.explain([(asked[i].claim, passage(asked[i].claim, asked[i].evidence)) for i in worst])
    explained = dict(zip(worst, words, strict=True))
    for _, i in doubtful:
        out.drafts.append(_draft(case, asked[i], explained.get(i, answers[i]), judge.author))
    return out


def questions(case: Case) -> Iterator[Question]:
    """Yield what the model is asked, in the order of the declaration."""
    text = without_instructions(case.document.text)
    declaration = case.declaration
    for i, scene in enumerate(declaration.scenes or ()):
        if not scene.plan and scene.strength == "evidenced":
            evidence = "\n".join(text[s.start : s.end] for s in scene.spans if len(s.quote) > 20)
            yield Question(
                f"企业已建成并应用“{scene.name}”", evidence, scene_ref(i), "weak_scene", scene.spans
            )
    for i, kpi in enumerate(declaration.kpis or ()):
        if not kpi.plan and kpi.as_written and kpi.spans:
            start, end = case.around(kpi.spans[0].start, kpi.spans[-1].end, 1)
            yield Question(f"本企业{kpi.as_written}", text[start:end], kpi_ref(i), "contradiction", kpi.spans)
    for i, statement in enumerate(declaration.statements or ()):
        if statement.as_written and statement.spans:
            span = statement.spans[0]
            start, end = case.around(span.start, span.end, 2)
            evidence = text[start : span.start] + text[span.end : end]
            ref = ClaimRef(type="statement", index=i)
            yield Question(statement.as_written, evidence, ref, "unsupported_statement", statement.spans)


def _doubt(question: Question, answer: Judgement) -> float | None:
    """Return how far below its threshold a claim lies, None where the model sees no fault."""
    if answer.problem is not None:
        return None
    if question.kind == "weak_scene" and answer.verdict is None:
        # A scene's name is a summary: its words need not stand in the text, so the model alone is asked.
        value = ((answer.margin or 0.0) + (answer.kind or 0.0)) / 2
        limit = weights("combined.json").weights["scene"]
        return value - limit if value < limit else None
    verdict = combine(measure(question.claim, question.evidence), question.evidence, answer, "model")
    return None if verdict.verdict == "supported" else (verdict.score or 0.0) - 1


def _draft(case: Case, question: Question, answer: Judgement, author: str) -> Draft:
    quotes = tuple(span for quote in answer.quotes if (span := _in_document(case, question, quote)))
    what = re.sub(r"^(?:本企业|企业已建成并应用)", "", question.claim)
    missing = f"：{answer.missing.rstrip('。')}" if answer.missing and answer.verdict != "supported" else ""
    message = f"模型认为“{short(what)}”旁边的文字没有完整支持这一说法{missing}。"
    if answer.quotes and not quotes:
        message += "模型给出的引文在原文中找不到，不作为依据。"
    return Draft(
        question.kind,
        "medium" if missing and quotes else "low",
        message,
        _SUGGEST[question.kind],
        question.ref,
        question.spans + tuple(q for q in quotes if q not in question.spans),
        (),
        author,
    )


def _in_document(case: Case, question: Question, quote: str) -> Span | None:
    """Find a quote in the passages that the claim stands on, else anywhere in the document."""
    for span in question.spans:
        start, end = case.around(span.start, span.end, 2)
        if found := find_quote(quote, case.document.text[start:end]):
            return case.document.span(start + found.start, start + found.end)
    found = find_quote(quote, case.document.text)
    return case.document.span(found.start, found.end) if found else None


def _report_failures(asked: list[Question], answers: tuple[Judgement, ...], out: Added) -> None:
    """One problem for each reason, with how many claims it left unjudged."""
    reasons: dict[str, int] = {}
    for answer in answers:
        if answer.problem is not None:
            reasons[answer.problem] = reasons.get(answer.problem, 0) + 1
    for reason, count in reasons.items():
        out.problems.append(
            Problem(
                stage="model",
                message=f"模型未能判断{count}项（共{len(asked)}项）：{reason}。规则疑点不受影响。",
            )
        )
