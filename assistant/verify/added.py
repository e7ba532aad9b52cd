"""What a model adds to the rules' flags, and what it could not do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.document import Document
from assistant.records import Problem, Span
from assistant.verify.case import Case, Draft, short
from assistant.verify.passages import cut
from assistant.verify.quotes import find_quote

# So many names of what was left out are given in full; of more only the number.
_NAMED = 20


@dataclass
class Added:
    """Flags by a model, and problems."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, doing: str, asked: int, failed: Iterable[tuple[str, str]]) -> None:
        """Add a problem for each reason, with the names of what it left undone.

        Args:
            doing: the task as a verb, Chinese.
            asked: how many things were asked about.
            failed: (name of the thing, reason).
        """
        reasons: dict[str, list[str]] = {}
        for name, reason in failed:
            reasons.setdefault(reason, []).append(f"“{bare(name)}”")
        for reason, names in reasons.items():
            listed = "、".join(names[:_NAMED]) + ("等" if len(names) > _NAMED else "")
            message = f"模型未能{doing}{len(names)}项（共{asked}项）：{reason.rstrip('。')}。未{doing}的是{listed}。规则疑点不受影响。"
            self.problems.append(Problem(stage="model", message=message))


def bare(text: str, size: int = 24) -> str:
    """Return ``text`` short and without quotation marks around it, ready to be put between “ and ”."""
    line = short(text, size)
    for left, right in ("“”", "「」", '""', "《》"):
        if (
            len(line) > 2
            and line[0] == left
            and line[-1] == right
            and line.count(left) == 1 + (left == right)
        ):
            return line[1:-1]
    return line.replace("“", "‘").replace("”", "’")


def is_plan(case: Case, span: Span) -> bool:
    """Return whether the clauses that hold ``span`` speak of what is still to come."""
    start, end = case.around(span.start, span.end, 0)
    return any(
        clause.plan
        for clause in cut(case.document.text[start:end])
        if start + clause.start < span.end and span.start < start + clause.end
    )


def locate(document: Document, quote: str, ranges: Sequence[tuple[int, int]]) -> Span | None:
    """Return where a quote given by a model stands in one of the ranges of the text; None when in none."""
    for start, end in ranges:
        if found := find_quote(quote, document.text[start:end]):
            return document.span(start + found.start, start + found.end)
    return None
