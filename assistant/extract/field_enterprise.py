"""Who applies: name, code, where registered, legal standing, scale, class, industry, phone."""

from __future__ import annotations

import re

from assistant.extract.field_found import Place
from assistant.extract.field_name import read_name
from assistant.extract.field_notes import Notes, choice, is_other, is_requirement, yes_or_no
from assistant.extract.field_pairs import Pair
from assistant.extract.field_text import Clause

_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")
_CODE_AS_WRITTEN = re.compile(r"[0-9A-Za-z]{8,24}")
_REGISTERED = re.compile(
    r"(?:注册(?:地址|地点|地|登记地|所在地)(?:为|位于|在|是|:)|(?:工商)?登记(?:注册)?(?:地|地址)(?:为|在|:)|注册(?:登记)?(?:于|在)|登记注册(?:于|在))(?P<where>[^,。;()]{2,40})"
    r"|在(?P<before>[^,。;()]{2,20}?)(?:依法)?(?:境内|市内|省内)?(?:工商)?(?:依法)?注册(?:登记|成立|设立)"
)
_PHONE = re.compile(
    r"(?<![\d.])(?:\+?86-?)?(?:1[3-9]\d(?:\d{8}|[*xX]{4}\d{4}|-?\d{4}-?\d{4})|\(?0\d{2,3}\)?[-—–]?\d{7,8}(?:-\d{1,6})?|400-?\d{3}-?\d{4}|\d{7,8}(?!\d))(?![\d%年])"
)
_NEAR_PERSON = 20
_ANY_NUMBER = re.compile(r"[\d*+()—–-]{5,20}")


def read_enterprise(notes: Notes) -> None:
    """Note what the document says about the applicant."""
    read_name(notes)
    _code(notes)
    _registered(notes)
    _industry(notes)
    _standing(notes)
    _sme_class(notes)
    _phone(notes)


def _code(notes: Notes) -> None:
    leaf = "enterprise.uscc"
    for pair in notes.labelled(leaf):
        value = notes.value(pair).replace(" ", "")
        if match := _CODE_AS_WRITTEN.search(value.replace("-", "")):
            notes.add(leaf, match.group(), (pair.start, pair.end), pair.place)
    near = re.compile(r"信用代码[^,。;]{0,6}?(?P<code>[0-9A-Za-z]{15,20})(?![0-9A-Za-z])")
    for sentence in notes.reading.sentences:
        for match in near.finditer(sentence.text):
            if _of_others(sentence.text[: match.start("code")]):
                continue
            notes.add(leaf, match["code"], sentence.place(*match.span("code")), Place.PROSE)
    if not notes.has(leaf):
        _lone_code(notes)


def _of_others(before: str) -> bool:
    """Return whether the words right before a code (控股股东统一社会信用代码：) name someone else."""
    return is_other(re.split("[,;:。]", before.rstrip(":"))[-1])


def _lone_code(notes: Notes) -> None:
    """A code that stands without its label is the applicant's only if it is the only one."""
    found: dict[str, tuple[int, int]] = {}
    for piece in notes.reading.passages:
        for match in _CODE.finditer(piece.text):
            code = match.group()
            if _of_others(piece.text[: match.start()]):
                continue
            if re.fullmatch(r"[0-9A-Z]{2}\d{6}[0-9A-Z]{10}", code) and len(re.findall(r"\d", code)) >= 9:
                found.setdefault(code, piece.place(*match.span()))
    if len(found) == 1:
        for code, where in found.items():
            notes.add("enterprise.uscc", code, where, Place.HINT)
    for code, where in found.items() if len(found) > 1 else ():
        notes.doubt(
            "enterprise.uscc",
            where,
            f"文中有几个像信用代码的编号（如 {code}），没有标签，不能确定哪个是申报单位的",
        )


def _registered(notes: Notes) -> None:
    leaf = "enterprise.registered_in"
    for pair in notes.labelled(leaf):
        value = notes.value(pair)
        if 1 < len(value) <= 80 and not value.startswith(("(", "（")):
            notes.add(leaf, value, (pair.start, pair.end), pair.place)
    for sentence in notes.reading.sentences:
        match = _REGISTERED.search(sentence.text)
        if match and not is_requirement(sentence.text) and not is_other(sentence.text[: match.start()]):
            group = "where" if match["where"] else "before"
            if re.search(r"[省市区县]|北京|上海|中华人民共和国", match[group]):
                where = sentence.place(*match.span(group))
                notes.add(leaf, notes.reading.clean(*where), where, Place.PROSE)


def _industry(notes: Notes) -> None:
    leaf = "enterprise.industry"
    six = "电子信息|汽车|高端装备|生命健康|先进材料|时尚消费品"
    for pair in notes.labelled(leaf):
        ticked = choice(notes.folded(pair), six) if re.search(r"[☑☒✓✔√■□☐]", notes.folded(pair)) else None
        value = ticked[0] if ticked else notes.value(pair)
        if 1 < len(value) <= 40 and not re.search(r"选一|^[(（]|如有|如:", value):
            notes.add(leaf, value, (pair.start, pair.end), pair.place)
    said = re.compile(
        r"(?:所属行业(?:为|是)|属于?(?:于)?国民经济行业(?:分类)?(?:中的?|的)?|行业(?:类别|代码)为)[“\"]?(?P<name>[^,。;”\"]{2,24})"
        r"|(?:属于?|属|所处)(?P<kind>[^,。;的]{2,14}?(?:行业|产业|制造业|工业))(?=[,。;]|$)"
    )
    for sentence in notes.reading.sentences:
        if (match := said.search(sentence.text)) and not is_requirement(sentence.text):
            group = "name" if match["name"] else "kind"
            strength = Place.PROSE if match["name"] else Place.HINT
            notes.add(leaf, match[group], sentence.place(*match.span(group)), strength)


_INDEPENDENT = re.compile(
    r"(?P<no>(?:不|未|没有)(?:具有|具备|是)?(?:独立)?(?:的)?(?:企业)?法人(?:资格|地位)|(?:不是|不属于|不为)(?:独立)?(?:企业)?法人|非(?:独立)?法人|无(?:独立)?法人资格)"
    r"|(?P<yes>(?:具有|具备|拥有|取得|有)(?:中国)?独立(?:的)?(?:企业)?法人(?:资格|地位)|独立法人(?:资格|单位|企业|主体)?|(?:为|是|系)(?:企业)?法人(?:单位|企业)|具有法人资格|法人资格企业)"
)
_BRANCH = re.compile(r"(?:为|是|系|作为)[^,。;]{0,30}(?:的)?(?:分支机构|分公司)(?=[,。;(]|$)")
_SCALE = re.compile(
    r"(?P<no>非规(?:模以)?上|(?:退出|移出|跌出)[^,。;]{0,4}(?:规模以上|规上)|(?:未|不|尚未|没有)(?:达到?|纳入|属于|是|为|进入)?[^,。;]{0,6}(?:规模以上|规上)|规模以下|规下(?:工业)?企业)"
    r"|(?P<yes>规模以上[一-鿿]{0,5}企业|规上[一-鿿]{0,5}企业|规模以上工业法人单位|规上入库企业)"
)


def _standing(notes: Notes) -> None:
    _answers(notes, "enterprise.legal_person", _legal_answer)
    _answers(notes, "enterprise.above_scale", _scale_answer)
    for sentence in notes.reading.sentences:
        for clause in sentence.clauses():
            _standing_in(notes, sentence, clause)


def _standing_in(notes: Notes, sentence: Clause, clause: Clause) -> None:
    text = clause.text
    if not re.search(r"法人|分公司|分支机构|规模以|规上|规下", text):
        return
    asked = is_requirement(sentence.text) or re.search(r"是否|申报条件|要求", text)
    if asked or is_other(text) or notes.is_plan(clause):
        return
    if (match := _INDEPENDENT.search(text)) or (match := _BRANCH.search(text)):
        value = match.re is _INDEPENDENT and match["yes"] is not None
        notes.add("enterprise.legal_person", value, clause.place(*match.span()), Place.PROSE)
    match = _SCALE.search(text)
    if match and not re.search(
        r"[\d多余数几百千万]家|全(?:省|市|国|区)规|行业规|辖区|带动|[年月]+规上", text[: match.end()]
    ):
        notes.add(
            "enterprise.above_scale", match["yes"] is not None, clause.place(*match.span()), Place.PROSE
        )


def _answers(notes: Notes, leaf: str, read: object) -> None:
    for pair in notes.labelled(leaf):
        value = read(notes.folded(pair)) if callable(read) else None
        if value is not None:
            notes.add(leaf, value, (pair.start, pair.end), pair.place)


def _legal_answer(text: str) -> bool | None:
    if match := _INDEPENDENT.search(text):
        return match["yes"] is not None
    if re.search(r"分支机构|分公司", text):
        return False
    if re.match(r"企业法人|法人企业|独立法人|法人单位", text):
        return True
    return yes_or_no(text) if len(text) <= 12 else None


def _scale_answer(text: str) -> bool | None:
    ticked = choice(text, r"规模以上|规上|规模以下|规下|非规上") if re.search(r"[☑☒✓✔√■□☐]", text) else None
    if match := _SCALE.search(ticked[0] + "企业" if ticked else text):
        return match["yes"] is not None
    if re.match(r"规模以上|规上", text):
        return True
    return yes_or_no(text) if len(text) <= 12 else None


_SME = (
    ("国家专精特新小巨人", re.compile(r"小巨人")),
    ("省级专精特新中小企业", re.compile(r"专精特新[”\"]?(?:中小)?企业|(?:省级?|市级?|自治区)[“\"]?专精特新")),
    ("创新型中小企业", re.compile(r"创新型中小企业")),
)


def _sme_class(notes: Notes) -> None:
    """Note the highest class that the text says the applicant holds (each class includes the lower)."""
    leaf = "enterprise.sme_class"
    for pair in notes.labelled(leaf):
        text = notes.folded(pair)
        if re.search(r"[☑☒✓✔√■□☐]", text):
            ticked = choice(text, r"[^☑☒✓✔√■□☐\s]*(?:小巨人|专精特新中小企业|创新型中小企业)[^☑☒✓✔√■□☐]{0,4}")
            text = ticked[0] if ticked else ""
        for name, pattern in _SME:
            if pattern.search(text):
                notes.add(leaf, name, (pair.start, pair.end), pair.place)
                break
    found = [
        (rank, clause.place(*match.span()))
        for sentence in notes.reading.sentences
        if not is_requirement(sentence.text)
        for clause in sentence.clauses()
        for rank, (_, pattern) in enumerate(_SME)
        if (match := pattern.search(clause.text)) and _holds(notes, clause, match)
    ]
    if found:
        rank, where = min(found)
        notes.add(leaf, _SME[rank][0], where, Place.PROSE)


def _holds(notes: Notes, clause: Clause, match: re.Match[str]) -> bool:
    before, text = clause.text[: match.start()], clause.text
    other = is_other(text) or re.search(r"[\d多余数]家|带动|培育了|培育出|参照执行|如有|等企业", text)
    denied = re.search(r"(?:未|尚未|没有|非|不是|争创|申报|培育|冲刺|对标|争取)[^,。]{0,10}$", before)
    candidate = re.match(
        r"[^,。;]{0,6}?(?:培育|候选|后备|储备|入库)(?:对象|库|企业|名单|单位)", text[match.end() :]
    )
    return not other and not denied and not candidate and not notes.is_plan(clause, *match.span())


def _phone(notes: Notes) -> None:
    """Prefer the contact's own number to those of the head or of whoever filled in the form."""
    leaf = "enterprise.contact_phone"
    for pair in notes.labelled(leaf):
        _phone_in(notes, pair, Place.HINT if _others_phone(notes, pair) else pair.place)
    for pair in notes.labelled("contact.person"):
        _phone_in(notes, pair, pair.place)
    if notes.has(leaf):
        return
    for pair in notes.labelled("contact.other"):
        if not re.search("传真|邮|网|推荐|主管|mail", pair.label, re.IGNORECASE):
            _phone_in(notes, pair, Place.HINT)


def _others_phone(notes: Notes, pair: Pair) -> bool:
    """法定代表人：王五，手机：…: the number belongs to whoever was named last, close before it."""
    people = [
        other
        for other in notes.labelled("contact.person", "contact.other")
        if 0 <= pair.start - other.end <= _NEAR_PERSON and "联系" not in pair.label
    ]
    return bool(people) and people[-1].leaf == "contact.other"


def _phone_in(notes: Notes, pair: Pair, place: Place) -> None:
    from assistant.extract.field_text import passage

    value = passage(notes.document, pair.start, pair.rest, "paragraph")
    match = _PHONE.search(value.text)
    if match is None and pair.leaf == "enterprise.contact_phone":
        match = _ANY_NUMBER.search(value.text)
    if match:
        where = value.place(*match.span())
        notes.add("enterprise.contact_phone", notes.reading.clean(*where).replace(" ", ""), where, place)
