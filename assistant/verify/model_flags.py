"""What a model adds to the rules' flags: claims whose own text does not seem to bear them out.

A model's flag says so, shows its quote where one can be found in the text, and never outranks a rule:
it is medium at most. Instructions in the document are blanked out before anything is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.models.judgement import Judge, Judgement
from assistant.records import ClaimRef, FlagKind, Span
from assistant.verify.added import Added, bare, locate
from assistant.verify.case import Case, Draft, kpi_ref, scene_ref
from assistant.verify.combined import combine
from assistant.verify.features import measure
from assistant.verify.instructions import without_instructions
from assistant.verify.judging import passage
from assistant.verify.score import weights

# Words with quotes cost some seconds each on this machine: only for the worst.
_EXPLAINED = 6
_SAID_TO_LACK = re.compile(r"(?:没有|未|缺少|缺乏)(?:提到|提及|写明|说明|给出|涉及)?[‘“「]?([\w%％.]{3,30})")
_SUGGEST: dict[str, str] = {
    "weak_scene": "请补充本企业在该场景的系统名称、应用车间、上线时间和成效，或核对该场景是否归类正确。",
    "contradiction": "请核对该数值是否已经实现、是否为本企业本工厂的数据，统一前后表述。",
    "unsupported_statement": "请补充可查证的依据，或删去该说法。",
}


@dataclass(frozen=True)
class Question:
    """A claim of the declaration with the text it stands on, and the flag that it may lead to.

    ``name`` is how the declaration calls it; ``claim`` is the full sentence that the model judges.
    """

    name: str
    claim: str
    evidence: str
    ref: ClaimRef
    kind: FlagKind
    spans: tuple[Span, ...]


def model_flags(case: Case, judge: Judge) -> Added:
    """Ask the judge about scenes, KPIs and statements; it never raises for what the model does."""
    out = Added()
    asked = [q for q in questions(case) if q.evidence.strip()]
    if not asked:
        return out
    answers = judge.margins([(q.claim, passage(q.claim, q.evidence)) for q in asked])
    out.report("核对", len(asked), _failures(asked, answers))
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
    out.report("说明理由", len(worst), _failures([asked[i] for i in worst], words))
    explained = dict(zip(worst, words, strict=True))
    for _, i in doubtful:
        otherwise = (answers[i].otherwise or 0.0) > 0
        out.drafts.append(_draft(case, asked[i], explained.get(i, answers[i]), judge.author, otherwise))
    return out


def questions(case: Case) -> Iterator[Question]:
    """Yield what the model is asked, in the order of the declaration."""
    text = without_instructions(case.document.text)
    declaration = case.declaration
    for i, scene in enumerate(declaration.scenes or ()):
        if not scene.plan and scene.strength == "evidenced":
            evidence = "\n".join(text[s.start : s.end] for s in scene.spans if len(s.quote) > 20)
            name = scene.name or scene.as_written or f"{scene.number}号场景"
            claim = f"企业已建成并应用“{name}”"
            yield Question(name, claim, evidence, scene_ref(i), "weak_scene", scene.spans)
    for i, kpi in enumerate(declaration.kpis or ()):
        if not kpi.plan and kpi.as_written and kpi.spans:
            start, end = case.around(kpi.spans[0].start, kpi.spans[-1].end, 1)
            claim = f"本企业{kpi.as_written}"
            yield Question(kpi.as_written, claim, text[start:end], kpi_ref(i), "contradiction", kpi.spans)
    for i, statement in enumerate(declaration.statements or ()):
        if statement.as_written and statement.spans:
            span = statement.spans[0]
            start, end = case.around(span.start, span.end, 2)
            evidence = text[start : span.start] + text[span.end : end]
            ref = ClaimRef(type="statement", index=i)
            said = statement.as_written
            yield Question(said, said, evidence, ref, "unsupported_statement", statement.spans)


def _doubt(question: Question, answer: Judgement) -> float | None:
    """Return how far below its threshold a claim lies, None where the model sees no fault."""
    if answer.problem is not None:
        return None
    if question.kind == "weak_scene" and answer.verdict is None:
        # A scene's name is a summary: its words need not stand in the text, so the model alone is asked.
        if answer.tuned is not None:
            value, limit = answer.tuned, weights("combined-tuned.json").weights["scene"]
        else:
            value = ((answer.margin or 0.0) + (answer.kind or 0.0)) / 2
            limit = weights("combined.json").weights["scene"]
        return value - limit if value < limit else None
    verdict = combine(measure(question.claim, question.evidence), question.evidence, answer, "model")
    return None if verdict.verdict == "supported" else (verdict.score or 0.0) - 1


def _draft(case: Case, question: Question, answer: Judgement, author: str, otherwise: bool) -> Draft:
    quotes = tuple(span for quote in answer.quotes if (span := _in_document(case, question, quote)))
    said = "" if answer.verdict == "supported" else _credible(question, answer.missing)
    missing = f"：{said}" if said else ""
    fault = "与这一说法不一致" if otherwise else "没有完整支持这一说法"
    message = f"模型认为“{bare(question.name, 40)}”旁边的文字{fault}{missing}。"
    if answer.verdict == "supported":
        # One token doubted it, words with quotes did not: a person is told both.
        message = (
            f"模型对“{bare(question.name, 40)}”的意见前后不一：先存疑，细读后认为有依据。请对照原文核实。"
        )
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


def _credible(question: Question, missing: str) -> str:
    """Return what the model misses, one level of quotation marks down; nothing where the text shows it wrong.

    It likes to miss a scene's own name, which is no fault, and what stands in the very text it was given.
    """
    if question.kind == "weak_scene" and question.name in missing:
        return ""
    for m in _SAID_TO_LACK.finditer(missing):
        if m[1] in question.evidence:
            return ""
    return missing.replace("“", "‘").replace("”", "’").rstrip("。")


def _in_document(case: Case, question: Question, quote: str) -> Span | None:
    """Find a quote in the passages that the claim stands on, else anywhere in the document."""
    near = [case.around(span.start, span.end, 2) for span in question.spans]
    return locate(case.document, quote, [*near, (0, len(case.document.text))])


def _failures(asked: list[Question], answers: tuple[Judgement, ...]) -> Iterator[tuple[str, str]]:
    for question, answer in zip(asked, answers, strict=True):
        if answer.problem is not None:
            yield question.name, answer.problem
