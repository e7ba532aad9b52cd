"""What is applied for: jurisdiction, tier, date, kind and the factory's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from assistant.extract.field_dates import find_dates
from assistant.extract.field_found import Place
from assistant.extract.field_notes import Notes, choice, is_requirement, without_titles
from assistant.extract.field_pairs import Pair
from assistant.extract.field_places import NATIONAL, find_place
from assistant.extract.field_text import Clause, Passage, fold

TIER = "基础级|先进级|卓越级|领航级"
_TIER = re.compile(TIER)
_TITLE_TIER = re.compile(
    rf"(?P<tier>{TIER})[”\"」]?(?:的)?(?:智能)?工厂|智能工厂[^,。]{{0,10}}[(](?P<after>{TIER})[)]"
)
# 拟申报 in an application is the application itself, unless a later year is named.
_INTENDS = re.compile(r"(?:拟|现|特|兹|本次|此次|将)$")
_YEAR = re.compile(r"20\d\d年(?!度)|未来|今后|下一步|后续|远期")
_FORM = r"(?:申报|申请|复核|复审|复评|验收|自评|评估|认定|信息表|建设情况|建设方案)"
_NAMED_DONE = re.compile(r"获评|获得|获[^,。]{2,16}认定|认定的|获批|认定为|入选|荣获|评为|授牌|授予")
# What may stand between 申报 and the tier, and what must follow a tier that is named without 智能工厂.
_TO_TIER = r"(?:认定|评定|成?为|20\d\d年度?|国家级?|省级?|市级?|本省|[一-鿿]{2,3}[省市]|的?智能工厂|[“\"])*"
_TIER_ENDS = r"(?:[”\"])?(?=智能工厂|工厂|认定|评定|称号|资格|[。,;:()]|$)"
_APPLIES = re.compile(
    rf"(?:申报|申请|申领|参评|提请认定|创建){_TO_TIER}(?P<tier>{TIER}){_TIER_ENDS}"
    rf"|对照(?P<tier2>{TIER})智能工厂(?:要素条件|标准|要求)"
    rf"|(?:申报|申请)的?(?:智能工厂)?的?(?:层级|等级|级别|类别|梯度)(?:为|是|定为|选择)[“\"]?(?P<tier4>{TIER})(?![”\"]?[、和及或/])"
    rf"|(?:按照?|以|就)[“\"]?(?P<tier5>{TIER})[”\"]?(?:智能工厂)?(?:进行|提出|组织)?(?:申报|申请)"
    rf"|(?:申报|申请)由(?:{TIER})(?:智能工厂)?(?:升级|晋升|提升|晋级)(?:认定)?[为至到成]?(?P<tier6>{TIER})"
    rf"|(?P<tier3>{TIER})智能工厂的?(?:申报|认定申请|申请)"
)
_APPLIES_IN = re.compile(
    rf"(?:申报|申请)(?:认定)?(?:为)?(?:20\d\d年度?)?(?P<where>[一-鿿]{{2,8}}?)(?:20\d\d年度?)?(?:{TIER})智能工厂"
    r"|^(?:致|呈|报送|主送(?:单位)?):?(?P<to>[一-鿿]{4,24}?(?:厅|委员会|局|经信委|工信委))"
)
_RENEWAL = re.compile(r"复核|复审|复评|续期|延期认定")
_ACCEPTANCE = re.compile(r"验收")
_NEW = re.compile(
    r"新申报|首次|新增|新认定|初次|新申请|申报认定|申请认定|认定申报|认定申请|^(?:申报|申请|认定|新)$"
)
_TITLE_FORM = re.compile(r"(?:申报|申请)(?:书|表|材料|报告|单位信息表|信息表)")
# A line of the cover that names a province and at most a month: 湖北省 2025年4月.
_PLACE_LINE = re.compile(r"(?P<place>[一-鿿]{2,10}?(?:省|市|自治区))(?:20\d\d年(?:\d{1,2}月)?)?")
_MONTH_LINE = re.compile(r"[^\d。]{0,24}(?P<year>20\d\d)年(?P<month>\d{1,2})月")
_DATE_LINE = re.compile(r"(?:\(?(?:申报|填报|编制|填表|提交)?(?:日期|时间)?:?)?")
_END_PASSAGES = 12


def read_application(notes: Notes) -> None:
    """Note what the document says about the application."""
    _tier(notes)
    _kind(notes)
    _date(notes)
    _factory_name(notes)


def _titles(notes: Notes) -> Iterator[Passage]:
    for piece in notes.cover:
        if piece.kind == "table_row" or _NAMED_DONE.search(piece.text):
            continue
        if not notes.is_plan(Clause(piece, 0, len(piece.text))):
            yield piece


def _tier(notes: Notes) -> None:
    for pair in notes.labelled("application.tier"):
        picked = choice(notes.folded(pair), TIER)
        if picked:
            notes.add("application.tier", picked[0], (pair.start, pair.rest), pair.place)
        elif not re.search(TIER, notes.folded(pair)):
            continue
        else:
            notes.doubt("application.tier", (pair.start, pair.rest), "列出了几个层级，但没有勾选其中一个")
    for piece in _titles(notes):
        text = without_titles(piece.text)
        match = _TITLE_TIER.search(text)
        if match and re.search(_FORM, text) and len(set(_TIER.findall(text))) == 1:
            group = "tier" if match["tier"] else "after"
            notes.add("application.tier", match[group], piece.place(*match.span(group)), Place.TITLE)
    _tier_in_prose(notes)


def _tier_in_prose(notes: Notes) -> None:
    for sentence in notes.reading.sentences:
        if "级" not in sentence.text or is_requirement(sentence.text):
            continue
        for match in _APPLIES.finditer(without_titles(sentence.text)):
            group = next(name for name, tier in match.groupdict().items() if tier)
            before = sentence.text[: match.start()]
            intended = _INTENDS.search(before) and not _YEAR.search(sentence.text)
            if _denied(sentence.text, match.start()):
                continue
            if intended or not notes.is_plan(sentence, *match.span(group)):
                place = Place.HINT if match["tier2"] or before.endswith(("拟", "将")) else Place.PROSE
                notes.add("application.tier", match[group], sentence.place(*match.span(group)), place)


def _denied(text: str, at: int) -> bool:
    return re.search(r"(?:未|不|没有|从未|尚未|已)$|曾[^,。;]{0,14}$", text[:at]) is not None


def _kind(notes: Notes) -> None:
    for pair in notes.labelled("application.kind"):
        picked = choice(notes.folded(pair), r"复核|复审|复评|验收|新申报|首次申报|新增|新认定|认定|申报")
        kind = _kind_of(picked[0] if picked else notes.folded(pair))
        if kind:
            notes.add("application.kind", kind, (pair.start, pair.rest), pair.place)
    for piece in _titles(notes):
        text = without_titles(piece.text)
        if "智能工厂" not in text and not (_TITLE_FORM.search(text) and len(text) < 12):
            continue
        kind = _title_kind(text)
        if kind:
            notes.add("application.kind", kind, piece.place(0, len(piece.text)), Place.TITLE)
    _kind_in_prose(notes)


def _kind_of(text: str) -> str | None:
    for pattern, kind in ((_RENEWAL, "renewal"), (_ACCEPTANCE, "acceptance"), (_NEW, "new")):
        if pattern.search(text):
            return kind
    return None


def _title_kind(text: str) -> str | None:
    """A 申报书 that is no 复核 and no 验收 is a new application: that is what the word says."""
    if re.search(r"(?:复核|复审|复评)(?:申请|申报|材料|报告|书|自评|表)|申请复核", text):
        return "renewal"
    if re.search(r"验收(?:申请|申报|材料|报告|书|表)|申请验收", text):
        return "acceptance"
    return "new" if _TITLE_FORM.search(text) else None


def _kind_in_prose(notes: Notes) -> None:
    pattern = re.compile(
        r"(?:现|特|此次|本次|今|正式)(?:向[^,。]{2,20})?(?:申请|提出|提交|申报|发起)[^,。]{0,16}?(?P<kind>复核|验收|首次申报|新申报)"
        r"|(?:^|,)(?:申请|提请|申报)(?:进行|予以|开展|组织)?(?:智能工厂)?(?P<again>复核|复审|复评|验收)"
        r"|首次(?:申报|申请)(?:智能工厂|认定|[^,。]{2,4}级)"
    )
    for sentence in notes.reading.sentences:
        match = pattern.search(sentence.text)
        if match is None or is_requirement(sentence.text):
            continue
        # 有效期将于9月30日届满，现申请复核: 将 belongs to the clause before.
        kind = _kind_of(match["kind"] or match["again"] or "首次")
        notes.add("application.kind", kind, sentence.place(*match.span()), Place.PROSE)
        tiers = set(_TIER.findall(sentence.text))
        tier = _TIER.search(sentence.text)
        if kind != "new" and tier and len(tiers) == 1:
            notes.add("application.tier", tier.group(), sentence.place(*tier.span()), Place.PROSE)


def _date(notes: Notes) -> None:
    for pair in notes.labelled("application.date"):
        _labelled_date(notes, pair)
    passages = notes.reading.passages
    for piece in passages:
        if len(piece.text) > 24 or piece.kind == "table_row":
            continue
        for found in find_dates(piece.text):
            alone = _DATE_LINE.fullmatch(piece.text[: found.start]) and piece.text[found.end :] in ("", ")")
            if alone and found.value and piece in notes.cover[:40] and piece.block < 40:
                notes.add("application.date", found.value, piece.place(found.start, found.end), Place.TITLE)
            elif alone and found.value and piece in passages[-_END_PASSAGES:]:
                notes.add("application.date", found.value, piece.place(found.start, found.end), Place.HINT)


def month_of_cover(notes: Notes) -> date | None:
    """Return the first day of the month that the cover gives without a day.

    No date for the record, which wants a day, but enough to tell which catalogue was in force.
    """
    for piece in notes.cover[:40]:
        match = _MONTH_LINE.fullmatch(piece.text) if piece.kind != "table_row" else None
        if match and 1 <= int(match["month"]) <= 12:
            return date(int(match["year"]), int(match["month"]), 1)
    return None


def _labelled_date(notes: Notes, pair: Pair) -> None:
    text = notes.folded(pair)
    dates = find_dates(text)
    if dates and dates[0].value:
        notes.add("application.date", dates[0].value, (pair.start, pair.end), pair.place)
    elif dates:
        notes.doubt("application.date", (pair.start, pair.end), "日历上没有这一天")
    elif re.search(r"\d|年|月", text):
        notes.doubt("application.date", (pair.start, pair.end), "日期不完整，没有写到日")


def _factory_name(notes: Notes) -> None:
    for pair in notes.labelled("application.factory_name"):
        name = notes.value(pair)
        if _is_name(name):
            notes.add("application.factory_name", name, (pair.start, pair.end), pair.place)
    for pair in notes.labelled("application.project_name"):
        name = notes.value(pair)
        if _is_name(name) and name.endswith("工厂"):
            notes.add("application.factory_name", name, (pair.start, pair.end), Place.PROSE)
    pattern = re.compile(r"工厂名称(?:为|是|定为)[“\"]?(?P<name>[^,。;”\"]{2,30}?工厂)(?=[”\",。;(]|$)")
    for sentence in notes.reading.sentences:
        if match := pattern.search(sentence.text):
            notes.add(
                "application.factory_name", match["name"], sentence.place(*match.span("name")), Place.PROSE
            )


def _is_name(value: str) -> bool:
    """A template's remark (以“智能工厂”结尾…) is no name."""
    return 2 <= len(value) <= 60 and not re.search(r"结尾|字数|控制在|如有|请填|^[(（/无—-]", value)


def read_jurisdiction(notes: Notes) -> None:
    """Note where the application is made: recommending unit, title, then the registered address.

    A province that the corpus does not know leaves the field empty: the national rules then hold.
    """
    leaf = "application.jurisdiction"
    for pair in notes.labelled(leaf):
        _place(notes, (pair.start, pair.rest), pair.place)
    for sentence in notes.reading.sentences:
        # 申报2025年度湖北省先进级智能工厂; 致：上海市经济和信息化委员会
        match = _APPLIES_IN.search(sentence.text)
        group = "where" if match and match["where"] else "to"
        place = find_place(match[group]) if match else None
        if match and place and not is_requirement(sentence.text):
            notes.add(leaf, place, sentence.place(*match.span(group)), Place.PROSE)
    for piece in _titles(notes):
        plain = _PLACE_LINE.fullmatch(piece.text)
        if not plain and "智能工厂" not in piece.text and not _TITLE_FORM.search(piece.text):
            continue
        # The place of a form (湖北省先进级智能工厂申报书), not the one in an enterprise's name.
        head = re.match(r"[^《]{2,20}?(?=(?:20\d\d年度?)?(?:[一-鿿]{2}级)?智能工厂)", piece.text)
        place = find_place(head[0]) if head and not re.search("公司|集团|厂$", head[0]) else None
        if place and head:
            notes.add(leaf, place, piece.place(0, head.end()), Place.TITLE)
        elif match := re.search(r"国家级?(?=[^,。]{0,4}级智能工厂)", piece.text):
            notes.add(leaf, NATIONAL, piece.place(*match.span()), Place.HINT)
        elif not notes.has(leaf) and (alone := _PLACE_LINE.fullmatch(piece.text)):
            place = find_place(alone["place"])
            if place:
                notes.add(leaf, place, piece.place(*alone.span("place")), Place.HINT)
    if not notes.has(leaf) or all(c.value == NATIONAL for c in notes.candidates if c.leaf == leaf):
        _jurisdiction_by_address(notes)


def _jurisdiction_by_address(notes: Notes) -> None:
    known = [c for c in notes.candidates if c.leaf == "enterprise.registered_in"]
    for candidate in sorted(known, key=lambda c: c.strength)[:1]:
        if _place(notes, (candidate.start, candidate.end), Place.PROSE):
            return
    for pair in notes.labelled("enterprise.address"):
        if _place(notes, (pair.start, pair.end), Place.PROSE):
            return
    for candidate in [c for c in notes.candidates if c.leaf == "enterprise.name"][:1]:
        name = fold(str(candidate.value))
        if (place := find_place(name[:4])) and "(" not in name:
            notes.add("application.jurisdiction", place, (candidate.start, candidate.end), Place.PROSE)


def _place(notes: Notes, where: tuple[int, int], place: Place) -> bool:
    found = find_place(fold(notes.document.text[slice(*where)]))
    if found:
        notes.add("application.jurisdiction", found, where, place)
    return found is not None
