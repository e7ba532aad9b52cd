"""Supporting documents that a declaration names or carries: 附件1：…, a list under 附件, （见附件3）."""

from __future__ import annotations

import re

from assistant.extract.field_notes import Notes, is_requirement
from assistant.extract.field_text import Clause, Passage
from assistant.records import Attachment

# The first kind whose words occur in the name; the order goes from the particular to the general.
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "自评估报告",
        re.compile(
            r"成熟度[^,。;]{0,12}(?:报告|证书|结果|证明|截图)|自评估报告|自评估证书|CMMM", re.IGNORECASE
        ),
    ),
    (
        "自评价报告",
        re.compile(r"自评价(?:报告|表|结果)|数字化转型[^,。;]{0,10}(?:报告|评估表|得分)|自测报告"),
    ),
    ("营业执照", re.compile(r"营业执照|法人证书|登记证")),
    ("审计报告", re.compile(r"审计报告|财务报表|财务报告|审计")),
    ("信用报告", re.compile(r"信用(?:中国|报告|查询|记录|证明|信息)|征信")),
    ("纳税证明", re.compile(r"纳税|完税|税务")),
    (
        "无事故证明",
        re.compile(
            r"(?:无|未发生)[^,。;]{0,10}事故[^,。;]{0,8}|安全生产[^,。;]{0,8}证明|环保[^,。;]{0,8}证明|合规证明"
        ),
    ),
    ("承诺书", re.compile(r"承诺|声明")),
    ("软件著作权", re.compile(r"软件著作权|软著|著作权")),
    ("专利", re.compile(r"专利")),
    ("检测报告", re.compile(r"检测报告|检验报告|测试报告|监测报告|试验报告|测评报告")),
    ("查新报告", re.compile(r"查新|鉴定|科技成果|成果评价")),
    ("标准", re.compile(r"标准(?!厂房)|规范")),
    ("合同", re.compile(r"合同|协议|发票|采购")),
    ("认定文件", re.compile(r"认定|批复|公示|公告|立项|通知|备案|环评")),
    ("证书", re.compile(r"证书|资质|认证|荣誉|奖|牌匾|许可证")),
    ("图纸照片", re.compile(r"照片|图片|截图|图纸|视频|布局图|架构图|示意图")),
    ("数据说明", re.compile(r"台账|清单|明细|数据|统计表|测算|说明|佐证|证明|材料|报告")),
)
_OTHER = "其他"
_NUMBER = r"(?:附件|附)[一二三四五六七八九十\d]{0,3}"
_HEAD = re.compile(
    rf"^[(]?{_NUMBER}(?:[-.]\d+)?[):：、.]+\s*(?P<name>.+)$|^附件[一二三四五六七八九十\d]{{1,3}}(?P<bare>[^,。;:]{{3,40}})$"
)
_LIST_HEAD = re.compile(
    r"^(?:[一二三四五六七八九十\d]+[、.]|\(?[一二三四五六七八九十]\)|第[一二三四五六七八九十]+部分)?(?:附件|附件(?:材料)?清单|附件目录|佐证材料(?:清单|目录)?|证明材料(?:清单|目录)?|相关附件|支撑材料(?:清单)?|附件材料|佐证附件)[:：]?$"
)
_DOCUMENT = r"(?:报告|证书|证明|承诺书|执照|合同|专利|文件|材料|清单|复印件|截图|台账|声明)"
_LIST_PART = re.compile(r"(?:[^、,及和以]|以(?!及)|和(?=谐))+")
_MENTION = re.compile(
    rf"(?:(?:详?见|参见|见|附后|后附|附有|附上|随附|提供(?:了)?|已提交|已附|一并提交)(?:本?申报书)?)?{_NUMBER}(?=[\d一二三四五六七八九十])?[:：]?《(?P<book>[^》]{{3,50}})》"
    r"|(?:后附|附有|附上|随附|已附|随本申报书附上|一并提交|已提交|同时提交|另附)(?:了)?(?P<named>[^。;:()]{3,80})"
    r"|(?P<seen>[^,。;:()《》、“”]{2,36}?(?:报告|证书|证明|承诺书|执照|合同|专利|文件|清单|复印件|截图|台账))[》”]?(?:\((?:详?见|参见)|详?见|作为|列为)附件[一二三四五六七八九十\d]*"
)
_ITEM = re.compile(r"^(?:\(?[\d一二三四五六七八九十]{1,3}[).、]|[•●·-])\s*(?P<name>[^。]{2,60}?)[;。,]?$")
_POLICY = re.compile(
    r"要素条件|典型场景参考指引|关键绩效指标参考|申报材料清单|推荐汇总表|实施细则|实施方案|管理办法|评估指标体系|信息表"
)
_TEMPLATE = re.compile(r"请|下载并提交|不计入|如有|应提供|需提供|须提供|模板")


def find_attachments(notes: Notes) -> tuple[Attachment, ...]:
    """Return the attachments in reading order, each name once with all its places."""
    found: dict[str, list[tuple[int, int]]] = {}
    listing = False
    for piece in notes.reading.passages:
        whole = Clause(piece, 0, len(piece.text))
        if piece.kind == "heading" or _LIST_HEAD.match(piece.text):
            listing = _LIST_HEAD.match(piece.text) is not None
        for name, start, end in _named(notes, piece, whole, listing):
            if not _POLICY.search(name) and len(name) > 1:
                found.setdefault(name, []).append(piece.place(start, end))
    return tuple(_attachment(notes, places) for places in found.values())


def _attachment(notes: Notes, places: list[tuple[int, int]]) -> Attachment:
    name = notes.reading.clean(*places[0])
    return Attachment(
        name=name, kind=kind_of(name), spans=tuple(notes.document.span(*place) for place in places[:3])
    )


def kind_of(name: str) -> str:
    """Return what sort of proof an attachment is, 其他 when its name does not tell."""
    return next((kind for kind, pattern in KINDS if pattern.search(name)), _OTHER)


def _named(notes: Notes, piece: Passage, whole: Clause, listing: bool) -> list[tuple[str, int, int]]:
    text = piece.text
    if piece.kind == "table_row":
        return _in_row(piece) if listing else []
    if head := _HEAD.match(text):
        group = "name" if head["name"] else "bare"
        # 附：1.营业执照;2.专利证书
        parts = list(re.finditer(r"[^;]+", head[group]))
        offset = head.start(group)
        return [
            _stripped(text, offset + part.start(), offset + part.end())
            for part in parts
            if not _TEMPLATE.search(part.group()) and len(part.group()) <= 60
        ]
    if _LIST_HEAD.match(text):
        return []
    if listing and (item := _ITEM.match(text)) and len(text) <= 70:
        named = len(item["name"]) <= 20 or kind_of(item["name"]) != _OTHER
        return [_stripped(text, *item.span("name"))] if named else []
    if _TEMPLATE.search(text) and is_requirement(text):
        return []
    return [
        found
        for match in _MENTION.finditer(text)
        for group in ("book", "named", "seen")
        if match[group] and not notes.is_plan(whole, *match.span(group))
        for found in (
            _listed(text, *match.span(group)) if group == "named" else [(match[group], *match.span(group))]
        )
    ]


def _listed(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Part 随附自评估报告、专利证书及承诺书 into documents; words that name no document are left out."""
    parts = [(start + m.start(), start + m.end()) for m in _LIST_PART.finditer(text[start:end])]
    return [
        _stripped(text, begin, stop)
        for begin, stop in parts
        if re.search(_DOCUMENT + '[”"》等]*$', text[begin:stop])
    ]


def _stripped(text: str, start: int, end: int) -> tuple[str, int, int]:
    """Drop the item's own number and the closing mark."""
    lead = re.match(r"(?:\(?\d{1,2}[).、]|[《“\"])+", text[start:end])
    start += lead.end() if lead else 0
    while end > start and text[end - 1] in ';。,》”"':
        end -= 1
    return text[start:end], start, end


def _in_row(piece: Passage) -> list[tuple[str, int, int]]:
    """A cell of a list of attachments counts when it names a document, not when it is a number or a page."""
    text = piece.text
    if (
        not 3 <= len(text) <= 50
        or kind_of(text) == _OTHER
        or re.fullmatch(
            r"(?:材料|附件|文件|佐证).{0,4}名称|(?:材料|附件)(?:说明|清单)|备注.*|佐证材料|证明材料", text
        )
    ):
        return []
    return [(text, 0, len(text))]
