"""Earlier recognitions and removals: which tier was granted when, and whether one was taken away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from assistant.document import Document
from assistant.extract.field_application import TIER
from assistant.extract.field_dates import Dated, find_dates
from assistant.extract.field_found import Place
from assistant.extract.field_notes import Notes, is_other, is_requirement, without_titles
from assistant.extract.field_text import Clause, passage
from assistant.extract.plan_cues import governed_by_plan
from assistant.records import TIERS, PriorRecognition, Span, Tier

LEAF = "application.prior_recognition"
_GRANTED = re.compile(
    r"获评|获得|获认定|获[^,。]{2,16}认定|获批|获授|获颁|被?认定(?:为|成)|入选|被?评(?:定)?为|荣获|授予|授牌|列入|入库|取得|通过(?:了)?[^,。]{0,16}认定|已是|现为|为[^,。]{0,16}(?:认定|授予)的|认定[:(]|\(.{0,14}(?:认定|获评|授牌|公布)"
)
_TITLED = re.compile(rf"(?:{TIER})(?:智能)?工厂(?:称号|认定|名单|荣誉|培育库|资格)")
_TIERED = re.compile(rf"(?P<tier>{TIER})[”\"」]?(?:的)?(?:智能)?工厂|智能工厂[(“\"]?(?P<after>{TIER})")
_NONE = re.compile(
    rf"(?:未|没有|尚未|从未|未曾)(?:获得?|获评|取得|被?认定|被?评|入选|参与)[^,。]{{0,24}}(?:智能工厂|{TIER}|认定|称号)|首次(?:申报|申请)[^,。]{{0,8}}(?:智能工厂|认定|{TIER})"
)
_SOUGHT = re.compile(r"(?:申报|申请|争创|提请)(?:认定|评定)?(?:为)?(?:20\d\d年度?)?[^,。;]{0,6}$|冲刺$|培育$")
_GRANT_DATE = re.compile(r"认定|获评|获批|授牌|公布|授予|发文|获得|日期|时间|于|被")
_NOT_GRANT_DATE = re.compile(r"有效期(?:至|到|截止)?|到期|届满|投产|成立|启动|建成")
_REMOVED = re.compile(
    r"(?:被)?(?:移出|移除|除名|取消认定|撤销认定|取消(?:了)?[^,。]{0,12}(?:认定|资格|称号)|退出)"
)
_LIBRARY = re.compile(rf"智能工厂|培育库|梯度|名单|{TIER}")

# 移出失信名单, 移出经营异常名录: other lists than that of the factories.
_CREDIT_LIST = re.compile(r"失信|经营异常")


@dataclass(frozen=True)
class _Grant:
    """A tier with the day it was granted, and where the text says so."""

    tier: Tier
    granted_on: date | None
    where: tuple[int, int]


def read_prior(notes: Notes) -> tuple[tuple[PriorRecognition, ...] | None, tuple[Span, ...]]:
    """Return the recognitions (an empty tuple: the text says there is none) and where they stand."""
    grants = [*_labelled(notes), *_in_rows(notes), *_in_prose(notes)]
    merged = _merge(notes, grants)
    if merged:
        return tuple(PriorRecognition(tier=g.tier, granted_on=g.granted_on) for g in merged), _spans(
            notes.document, merged
        )
    denial = next(_denials(notes), None)
    return (None, ()) if denial is None else ((), (notes.document.span(*denial),))


def _spans(document: Document, grants: Iterable[_Grant]) -> tuple[Span, ...]:
    return tuple(document.span(*where) for where in dict.fromkeys(grant.where for grant in grants))


def _merge(notes: Notes, grants: list[_Grant]) -> list[_Grant]:
    """Keep one grant a tier, the dated one; a second date for one tier goes to quarantine."""
    kept: dict[Tier, _Grant] = {}
    for grant in grants:
        known = kept.get(grant.tier)
        if known is None or (known.granted_on is None and grant.granted_on is not None):
            kept[grant.tier] = grant
        elif grant.granted_on not in (None, known.granted_on):
            notes.doubt(
                f"{LEAF}.granted_on",
                grant.where,
                f"{grant.tier}另有认定日期 {known.granted_on}，以先出现者为准",
            )
    return [kept[tier] for tier in TIERS if tier in kept]


def _labelled(notes: Notes) -> Iterator[_Grant]:
    """A form's cell: 基础级 2024年10月8日认定；先进级 2025年6月30日."""
    for pair in notes.labelled("application.prior"):
        value = passage(notes.document, pair.start, pair.rest, "paragraph")
        for part in re.finditer(r"[^;。]+", value.text):
            whole = Clause(value, part.start(), part.end())
            tiers = list(re.finditer(TIER, part.group()))
            if is_requirement(part.group()) or is_other(part.group()):
                continue
            for index, match in enumerate(tiers):
                if notes.is_plan(whole, *match.span()):
                    continue
                begin = tiers[index - 1].end() if index else 0
                stop = tiers[index + 1].start() if index + 1 < len(tiers) else len(part.group())
                behind = part.group()[match.end() : stop]
                ahead = part.group()[begin : match.start()] if index == 0 else ""
                granted = _pick(find_dates(ahead), ahead, last=True) or _pick(find_dates(behind), behind)
                yield _Grant(cast(Tier, match.group()), granted, whole.place())


def _in_rows(notes: Notes) -> Iterator[_Grant]:
    """A row of a table of honours: 先进级智能工厂 | 湖北省经济和信息化厅 | 2024年12月20日."""
    for block in notes.reading.blocks:
        if block.kind != "table_row" or len(block.cells) < 2:
            continue
        row = passage(notes.document, block.start, block.end, "table_row")
        tiers = set(re.findall(TIER, row.text))
        dates = find_dates(row.text)
        first = re.match(rf"\d{{0,2}}[一-鿿]{{0,8}}?(?:{TIER})智能工厂", row.text)
        if (
            len(tiers) == 1
            and len(dates) == 1
            and first
            and "申报" not in row.text
            and "计划" not in row.text
        ):
            yield _Grant(cast(Tier, tiers.pop()), dates[0].value, row.place(0, len(row.text)))


def _in_prose(notes: Notes) -> Iterator[_Grant]:
    for sentence in notes.reading.sentences:
        text = without_titles(sentence.text)
        if not re.search(TIER, text) or is_requirement(text) or _NONE.search(text) or _REMOVED.search(text):
            continue
        yield from _grants_of(notes, sentence, text)


def _grants_of(notes: Notes, sentence: Clause, text: str) -> Iterator[_Grant]:
    matches = list(_TIERED.finditer(text))
    for index, match in enumerate(matches):
        begin = max((text.rfind(mark, 0, match.start()) for mark in ",;:"), default=-1) + 1
        stop = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        clause = text[begin : _clause_end(text, match.end())]
        held = (
            _GRANTED.search(text[begin : match.start()])
            or _TITLED.search(clause)
            or _GRANTED.search(text[match.end() : _clause_end(text, match.end()) + 16])
        )
        previous = text[max(0, begin - 30) : match.start()]
        if not held or is_other(clause) or _SOUGHT.search(text[begin : match.start()]):
            continue
        if _is_plan(notes, sentence, match) or re.search(r"(?:未|没有|尚未)[^,。]{0,8}$", previous):
            continue
        granted = _grant_date(text, begin, match, stop)
        end = max(match.end(), _clause_end(text, match.end()))
        yield _Grant(cast(Tier, match["tier"] or match["after"]), granted, sentence.place(0, end))


def _is_plan(notes: Notes, sentence: Clause, match: re.Match[str]) -> bool:
    """有效期至2028年 speaks of the future, but plans nothing."""
    text = re.sub(r"有效期[^,。;)]*", lambda m: "　" * len(m.group()), sentence.text)
    if text == sentence.text:
        return notes.is_plan(sentence, *match.span())
    return governed_by_plan(text, *match.span())


def _clause_end(text: str, at: int) -> int:
    ends = [text.find(mark, at) for mark in ",。;"]
    return min((end for end in ends if end >= 0), default=len(text))


def _grant_date(text: str, begin: int, match: re.Match[str], stop: int) -> date | None:
    """Look for the day before the tier in its clause, then behind it, then in the clause before."""
    for start, end in ((begin, match.start()), (match.end(), stop), (0, begin)):
        found = _pick(find_dates(text[start:end]), text[start:end], last=start == 0)
        if found:
            return found
    return None


def _pick(dates: tuple[Dated, ...], text: str, last: bool = False) -> date | None:
    fitting = [
        found.value
        for found in dates
        if found.value and not _NOT_GRANT_DATE.search(text[max(0, found.start - 8) : found.start])
    ]
    return None if not fitting else fitting[-1 if last else 0]


def _denials(notes: Notes) -> Iterator[tuple[int, int]]:
    for pair in notes.labelled("application.prior"):
        if (
            re.match(r"无(?:$|[,。;(])|未(?:获|曾|认定)|暂无|没有", notes.folded(pair))
            and "荣誉" not in pair.label
        ):
            yield pair.start, pair.end
    for sentence in notes.reading.sentences:
        match = _NONE.search(sentence.text)
        if match and not is_requirement(sentence.text):
            yield sentence.place(*match.span())


def read_removal(notes: Notes) -> None:
    """Note when the factory was taken out of the library; a denial (未被移出) notes nothing."""
    leaf = "application.removed_on"
    for pair in notes.labelled(leaf):
        dates = find_dates(notes.folded(pair))
        if dates and dates[0].value:
            notes.add(leaf, dates[0].value, (pair.start, pair.end), pair.place)
    for sentence in notes.reading.sentences:
        text = sentence.text
        match = _REMOVED.search(text)
        if not match or not _LIBRARY.search(text) or is_requirement(text) or is_other(text):
            continue
        if _CREDIT_LIST.search(text) and not re.search("智能工厂|培育库", text):
            continue
        before = text[: match.start()]
        if re.search(r"(?:未|没有|不|无|将|可能|若|如|避免)[^,。]{0,8}$", before) or notes.is_plan(
            sentence, *match.span()
        ):
            continue
        _note_removal(notes, sentence, match)


def _note_removal(notes: Notes, sentence: Clause, match: re.Match[str]) -> None:
    dates = [found for found in find_dates(sentence.text) if found.value]
    before = [found for found in dates if found.end <= match.start()]
    chosen = before[-1] if before else next(iter(dates), None)
    where = sentence.place(0, len(sentence.text))
    if chosen:
        notes.add("application.removed_on", chosen.value, where, Place.PROSE)
    elif _REMOVED.search(sentence.text):
        notes.doubt("application.removed_on", where, "写明曾被移出，但没有写到具体日期")
