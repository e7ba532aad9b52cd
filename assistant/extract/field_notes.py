"""What every field reader needs: the document read once, its labels, and a place to note findings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from assistant.document import Document
from assistant.extract.field_found import Candidate, Place, Value
from assistant.extract.field_pairs import Pair, find_pairs
from assistant.extract.field_text import Clause, Passage, Reading, fold
from assistant.extract.sentences import plan_scope
from assistant.records import Quarantined

# A cover has its title, the applicant and a date within its first lines.
_COVER_PASSAGES = 30
_COVER_LINE = 60
# Words by which a text says what someone must be, not what the applicant is.
_REQUIREMENT = re.compile(
    r"(?<![相供适对反响效])(?:应当|须|必须|应(?=为|具|达|已|是|满足|当|获|无|未|在|处|覆盖|近|保证|确保|提)|不得|方可|原则上|鼓励|要求为|需具备|需达到|需提供|请(?=填|提|注|依|下|在|按|企业|勾|附))"
)
_NOT_US = re.compile(
    r"供应商|客户(?!联系)|合作(?:伙伴|企业|单位)|上下游|兄弟(?:企业|公司|单位|工厂|厂)|关联(?:企业|公司)|竞争对手|控股股东|母公司|其他企业|同行企业|子公司|参股|友商|承包商|合作方|外协"
)
# 公司及下属子公司均未…: said of the applicant too.
_US_TOO = re.compile(
    r"(?:公司|单位|企业|我们|集团)(?:以?及其?|和|与|连同)(?:所有|全部|各|下属|控股|全资|其)*(?:子公司|分公司|参股企业)"
)
_BOOK = re.compile(r"《[^》]*》")
_CHECKED = "☑☒✓✔√■▣✅◉⊠●"
_UNCHECKED = "□☐○◯◻▢"


@dataclass
class Notes:
    """One document under reading: its passages, labels, and the candidates noted so far."""

    document: Document
    candidates: list[Candidate] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)

    @cached_property
    def reading(self) -> Reading:
        """The folded text."""
        return Reading(self.document)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The labelled values."""
        return find_pairs(self.reading)

    @cached_property
    def _wrapped(self) -> dict[int, tuple[tuple[int, int], ...]]:
        return {pair.start: pair.more for pair in self.pairs if pair.more}

    def labelled(self, *leaves: str) -> list[Pair]:
        """Return the labelled values of some fields."""
        return [pair for pair in self.pairs if pair.leaf in leaves]

    def value(self, pair: Pair) -> str:
        """Return a labelled value as the record holds it."""
        places = ((pair.start, pair.end), *pair.more)
        return self.reading.tidy("".join(self.document.text[start:end] for start, end in places))

    def folded(self, pair: Pair) -> str:
        """Return everything beside a label, folded."""
        rest = "".join(self.document.text[start:end] for start, end in pair.more)
        return fold(self.document.text[pair.start : pair.rest] + rest)

    def add(
        self,
        leaf: str,
        value: Value,
        where: tuple[int, int],
        place: Place,
        more: tuple[tuple[int, int], ...] = (),
    ) -> None:
        """Note a value; ``more`` are further places that it takes to read it."""
        wrapped = self._wrapped.get(where[0], ())
        self.candidates.append(Candidate(leaf, value, *where, place, (*wrapped, *more)))

    def doubt(self, what: str, where: tuple[int, int], reason: str) -> None:
        """Note what was seen but could not be taken."""
        entry = Quarantined(what=what, quote=self.document.text[slice(*where)], reason=reason)
        if entry not in self.quarantine:
            self.quarantine.append(entry)

    def has(self, leaf: str) -> bool:
        """Return whether a value was noted for a field."""
        return any(candidate.leaf == leaf for candidate in self.candidates)

    def is_plan(self, clause: Clause, start: int = 0, end: int | None = None) -> bool:
        """Return whether (a part of) a clause speaks of a plan."""
        return plan_scope(self.document.text, *clause.place(start, end))

    @cached_property
    def cover(self) -> tuple[Passage, ...]:
        """The short lines of the first page or so, and every title of the first level."""
        found = [
            piece
            for index, piece in enumerate(self.reading.passages)
            if len(piece.text) <= _COVER_LINE
            and "。" not in piece.text
            and (index < _COVER_PASSAGES or self.reading.blocks[piece.block].level == 1)
        ]
        return tuple(found)


def is_requirement(text: str) -> bool:
    """Return whether a folded sentence states what is required (应为…, 须…, 请填写…)."""
    return _REQUIREMENT.search(_BOOK.sub("", text)) is not None


def is_other(text: str) -> bool:
    """Return whether a folded clause speaks of others than the applicant (供应商, 客户, 子公司)."""
    return _NOT_US.search(_US_TOO.sub("", text)) is not None


def without_titles(text: str) -> str:
    """Blank out 《…》, length kept: a quoted title claims nothing."""
    return _BOOK.sub(lambda match: "《" + "　" * (len(match.group()) - 2) + "》", text)


def choice(text: str, options: str) -> tuple[str, int, int] | None:
    """Return the ticked option of a folded text, or the only one named where there are no boxes.

    Args:
        text: ``□基础级☑先进级`` or ``基础级□先进级☑`` or ``先进级``.
        options: a pattern of the options.
    """
    found = list(re.finditer(options, text))
    text = re.sub(r"\[[xX√]\]|\([√✓]\)", lambda m: "☑" + " " * (len(m.group()) - 1), text)
    marks = [index for index, char in enumerate(text) if char in _CHECKED + _UNCHECKED]
    if not found:
        return None
    if not marks:
        distinct = {match.group() for match in found}
        return (found[0].group(), *found[0].span()) if len(distinct) == 1 else None
    before = marks[0] < found[0].start()
    ticked = [match for match in found if _mark_beside(text, match, marks, before) in tuple(_CHECKED)]
    return (ticked[0].group(), *ticked[0].span()) if len({m.group() for m in ticked}) == 1 else None


def _mark_beside(text: str, match: re.Match[str], marks: list[int], before: bool) -> str | None:
    if before:
        index = max((mark for mark in marks if mark < match.start()), default=None)
    else:
        index = min((mark for mark in marks if mark >= match.end()), default=None)
    return None if index is None else text[index]


_YES = re.compile(r"是|有|具有|具备|属于|为|发生过?|存在|列入|被列入|Y|yes", re.IGNORECASE)
_NO = re.compile(
    r"否|无|没有|未|不|非|未发生|未列入|未被列入|不存在|不属于|不具备|不具有|N|no", re.IGNORECASE
)


def yes_or_no(text: str) -> bool | None:
    """Return the answer of a folded yes/no cell (是, 否, ☑否, 无, 未发生), None where it is neither."""
    if any(mark in text for mark in _CHECKED + _UNCHECKED):
        ticked = choice(text, "是|否|有|无")
        return None if ticked is None else ticked[0] in ("是", "有")
    plain = text.strip("。;,.()")
    if _NO.match(plain):
        return False
    return True if _YES.match(plain) else None
