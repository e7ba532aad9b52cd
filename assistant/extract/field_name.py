"""The applicant's name: in a form, on the cover, or where the prose says who applies."""

from __future__ import annotations

import re

from assistant.extract.field_found import Place
from assistant.extract.field_notes import Notes, is_other, is_requirement
from assistant.extract.field_pairs import Pair

_COMPANY = r"[一-鿿A-Za-z0-9()·]{2,38}?(?:有限责任公司|股份有限公司|有限公司|集团公司|总公司|总厂|分公司|股份公司|公司|厂|研究院|研究所)"
_COMPANY_AT_START = re.compile(
    rf"^(?:(?:本|我)(?:公司|单位|企业)[(])?(?P<name>{_COMPANY}(?:\((?!以下|下称|简称)[^()]{{1,16}}\))?)(?=\(?(?:以下|下称|简称)|\)|(?:是|申报|申请|关于|成立|系|位于|始建|创建|坐落|创立|地处|为))"
)
# 宜昌示例化工有限公司先进级智能工厂申报材料: the name stands at the head of a title.
_COMPANY_IN_TITLE = re.compile(
    r"(?P<name>[一-鿿A-Za-z0-9()·]{3,36}?(?:公司|集团|总厂|厂))(?=(?:20\d\d年度?)?(?:关于)?(?:申报)?(?:[一-鿿]{2}级)?智能工厂|(?:申报|申请)(?:书|材料|报告))"
)
_PLACE_BEHIND = re.compile(r"[(（][^()（）]*[省市区县州][^()（）]*[)）]$")
_NAMED = rf"{_COMPANY}(?:\((?!以下|下称|简称)[^()]{{1,16}}\))?"
_APPLY = r"(?:积极|独家|单独|联合)?(?:提出|进行|组织)?(?:申报|申请(?!专利|人|书|了)|参评)(?!书|表|人|材料|专利|指南|条件|了|过)"
# Who applies, as prose says it: 由…申报, 申报主体为…, 我公司…现申报, …, 申报卓越级.
_APPLICANT = re.compile(
    rf"由(?P<by>{_NAMED})(?:独立|单独|独家|自主|全资|作为|牵头|负责|投资|实施|建设|承担|承建|组织|运营|并|和|与|、)*{_APPLY}"
    rf"|(?:申报|申请|参评|实施|承担)(?:主体|单位|企业|方)(?:为|是|系|:)(?P<said>{_NAMED})"
    rf"|(?:本|我)(?:公司|单位|企业|厂)(?:,|即|为|系|[(])?(?P<self>{_NAMED})\)?,?(?:现|拟|特|此次|本次|今|兹|自愿)?{_APPLY}"
    rf"|(?:^|[:,])(?P<then>{_NAMED}),?(?:现|拟|特|此次|本次|今|兹|自愿|谨此?|以)?(?:向[^,。;]{{2,24}}?)?{_APPLY}"
)
_NOT_A_NAME = re.compile(
    r"^(?:公司|该|本|我|集团公司|第|与|和|及|由|为|其|母公司|总公司|分公司)|工厂$|公司(?!\().*(?<!分)(?:公司|厂)$"
)
_DENIED = re.compile(r"(?:未|不|没有|并非|不是|而非|曾)[^,。;]{0,6}$")


def read_name(notes: Notes) -> None:
    """Note the name: a form's label, else the cover, else who the text says applies, else who is introduced."""
    leaf = "enterprise.name"
    for pair in notes.labelled(leaf):
        value = re.sub(
            r"[(（][^()（）]*(?:盖章|公章|章|填表|报备|请|简称|下称)[^()（）]*[)）]$", "", notes.value(pair)
        )
        value = _PLACE_BEHIND.sub("", value)
        if _looks_like_name(value):
            notes.add(leaf, value, (pair.start, pair.start + _length(notes, pair, value)), pair.place)
    for pair in notes.labelled("enterprise.name_if_company"):
        named = re.match(rf"{_COMPANY}(?=$|[\s(（,，;；])", notes.value(pair))
        if named and not notes.has(leaf):
            notes.add(leaf, named[0], (pair.start, pair.start + len(named[0])), Place.LINE)
    if not notes.has(leaf):
        _name_without_label(notes)


def _name_without_label(notes: Notes) -> None:
    """Take the name from the cover, else from the first sentence that introduces the company."""
    leaf = "enterprise.name"
    for piece in notes.cover:
        if re.search(r"^(?:公司|我|本)|工厂$|推荐单位|计划", piece.text):
            continue
        if re.fullmatch(rf"{_COMPANY}(?:\([^()]{{1,16}}\))?", piece.text) and not is_other(piece.text):
            notes.add(
                leaf,
                notes.reading.clean(*piece.place(0, len(piece.text))),
                piece.place(0, len(piece.text)),
                Place.TITLE,
            )
            return
        if (titled := _COMPANY_IN_TITLE.match(piece.text)) and not is_other(titled["name"]):
            where = piece.place(*titled.span("name"))
            notes.add(leaf, notes.reading.clean(*where), where, Place.TITLE)
            return
    if _applicants(notes):
        return
    for sentence in notes.reading.sentences:
        match = _COMPANY_AT_START.search(sentence.text)
        if match and not _NOT_A_NAME.search(match["name"]):
            where = sentence.place(*match.span("name"))
            notes.add(leaf, notes.reading.clean(*where), where, Place.PROSE)
            return


def _applicants(notes: Notes) -> bool:
    """Note who the text says applies; nothing where it says so of several companies."""
    found: dict[str, tuple[int, int]] = {}
    for sentence in notes.reading.sentences:
        if is_requirement(sentence.text):
            continue
        for match in _APPLICANT.finditer(sentence.text):
            group = next(name for name in ("by", "said", "self", "then") if match[name])
            ahead = re.split(r"[,;:。]", sentence.text[: match.start(group)])[-1]
            value = match[group]
            if _NOT_A_NAME.search(value) or is_other(ahead + value) or _DENIED.search(ahead):
                continue
            found.setdefault(value, sentence.place(*match.span(group)))
    for where in found.values() if len(found) == 1 else ():
        notes.add("enterprise.name", notes.reading.clean(*where), where, Place.PROSE)
    for where in found.values() if len(found) > 1 else ():
        notes.doubt("enterprise.name", where, "文中有几家企业像是申报单位，不能确定是哪一家")
    return bool(found)


def _length(notes: Notes, pair: Pair, value: str) -> int:
    """Return how many characters of the source a (shortened) value covers."""
    raw = notes.document.text[pair.start : pair.end]
    if notes.value(pair) == value:
        return len(raw)
    at = max(raw.rfind("（"), raw.rfind("("))
    return len(raw[:at].rstrip()) if at > 0 else len(raw)


def _looks_like_name(value: str) -> bool:
    """A template's remark (需加盖公章, 从填表之日起…) or a column title is no name."""
    return 3 < len(value) <= 60 and not re.search(r"^[(（]|盖章|填表|如有|^无$|[。;]", value)
