"""Mask personal data before text leaves the machine, and put it back into the answer.

Masked: e-mail addresses, identity-card numbers, mobile, landline and service numbers, bank cards, chat
accounts, and the names of people who are named as contacts. The same value gets the same mark, so that the
model can still tell people apart. To mask too much costs nothing, since it is undone in the answer; figures
of the declaration are left alone, since the model has to compare them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

# Matching is done on half-width text of the same length, so that １３９… and ＠ are seen as well.
_HALF = str.maketrans(
    {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("\u3000\xa0\u2002\u2003\u2007\u2009\u202f\u200b\u200c\u200d\u2060\ufeff", " ")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"｜": "|", "“": '"', "”": '"'}
)
_GAP = r"[ \t.\-·]{0,2}"
_ALONE, _END = r"(?<!\d)(?<!\d[.,])", r"(?!\d)(?!\.\d)"
_LABEL_END = r"(?:号码?|及|和|/|\([^)\n]{0,8}\))*\s*[:|]?\s*"
_TITLE = (
    r"(?:联系人|联络人|联系方式|联系电话|填报人|填表人|申报人|申请人|负责人|经办人|法定代表人|法人代表|法人|代表人|总经理|"
    r"董事长|厂长|总工程师|总工|项目经理|姓\s*名|代理人|授权代表|编制人?|审核人?|批准人?|校对人?|签\s*字|签\s*名|"
    r"收件人|接收人|对接人|主\s*任|部\s*长|科\s*长|总\s*监)"
)
_SURNAME = (
    r"(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|"
    r"[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    r"廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉骆蓝路游辛靳管柴蒙鲍华喻祁房解"
    r"桂简连缪屈卜项褚娄闵蔺时裘鞠栾冷应池楼鄢仇米隋桑闻贝边曾楚丛费封傅过杭洪户花稽计佟荆蒯阚匡来郎劳乐厉廉占湛臧芦麻满茅蒿闽牟南聂农区璩全饶荣茹沙邰滕佘水司宿邬仵习席咸鲜相谌晏仰阴郁尤虞於原苑查支仲朴诸竺卓宗祖]"
    r")"
)
_NAME = rf"{_SURNAME}[\u4e00-\u9fff]{{1,2}}|{_SURNAME} {{1,4}}[\u4e00-\u9fff](?: {{1,4}}[\u4e00-\u9fff])?|[\u4e00-\u9fff]{{2,6}}·[\u4e00-\u9fff]{{2,6}}"
_AFTER_NAME = r"(?=[\s,.;、|(:\d\n〔。\"]|先生|女士|同志|电话|手机|$)"
_PHONES = (
    rf"{_ALONE}(?:\(?\+?86\)?{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}{_END}",
    rf"{_ALONE}(?:\(?\+?0?086\)?|\+?86){_GAP}\(?0?[1-9]\d{{1,2}}\)?{_GAP}\d{{3,4}}{_GAP}\d{{4}}{_END}",
    rf"{_ALONE}(?:\( ?0\d{{2,3}} ?\)|0\d{{2,3}}){_GAP}[1-9]\d{{2,3}}{_GAP}\d{{4}}(?:(?: ?[\-转#x] ?|\()\d{{1,6}}\)?)?{_END}",
    rf"{_ALONE}[48]00{_GAP}\d{{3,4}}{_GAP}\d{{3,4}}{_END}",
    rf"(?:电话|传真|座机|固话|手机|联系方式|[Tt][Ee][Ll]|[Ff][Aa][Xx]|[Mm]obile|[Pp]hone){_LABEL_END}(\+?\(?\d[\d \-()]{{5,18}}\d){_END}",
)
_PATTERNS: tuple[tuple[str, re.Pattern[str], int], ...] = (
    ("邮箱", re.compile(r"[A-Za-z0-9._%+\-]{1,64} ?@ ?[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+"), 0),
    ("证件", re.compile(rf"{_ALONE}[1-9]\d{{5}}[ \-]?(?:19|20)\d{{2}}[ \-]?(?:0[1-9]|1[0-2])[ \-]?(?:0[1-9]|[12]\d|3[01])[ \-]?\d{{3}}[ \-]?[\dXx](?![\dA-Za-z])"), 0),
    ("证件", re.compile(rf"(?:身份证|护照|证件){_LABEL_END}([A-Za-z]?\d[\d \-]{{5,20}}[\dXx])(?![\dA-Za-z])"), 1),
    ("账号", re.compile(rf"(?:账号|帐号|卡号|账户){_LABEL_END}(\d[\d ]{{6,24}}\d){_END}"), 1),
    *(("电话", re.compile(pattern), pattern.count(r"(\+?\(?\d[")) for pattern in _PHONES),
    ("账号", re.compile(rf"{_ALONE}\d{{4}} ?\d{{4}} ?\d{{4}} ?\d{{4}}(?: ?\d{{3}})?(?![\dA-Za-z])"), 0),
    ("账号", re.compile(r"(?:微信号?|QQ号?|WeChat)\s*[:|]\s*([A-Za-z0-9_\-]{5,20})"), 1),
    # A title, then a name: 联系人：王小明. After a colon or in the next cell also a rare surname.
    ("姓名", re.compile(rf"{_TITLE}(?:及(?:职务|电话)|姓名|电话|\([^)\n]{{0,8}}\))?\s*(?:[:|为是]|\s)?\s*({_NAME}){_AFTER_NAME}"), 1),
    ("人名", re.compile(r"(?:联系人|联络人|姓\s?名|填报人|填表人|经办人|法定代表人|法人代表)(?:姓名|\([^)\n]{0,8}\))?\s*(?::|\||\t)\s*([\u4e00-\u9fff·]{1,3}[^\W\d_a-zA-Z部室科处办司厂组队心]|[A-Z][a-z]+(?: [A-Z][a-z]+){1,2})(?=[\s,.;。、|(\d〔]|$)"), 1),
    # A name before a number that was masked just now, or before 先生: 王小明（〔电话1〕）.
    ("姓名", re.compile(rf"(?<![\u4e00-\u9fff])({_NAME})(?=(?:\s|[,:(|、]|电话|手机)*〔电话|先生|女士|同志)"), 1),
    ("姓名", re.compile(rf"(?<![\u4e00-\u9fff])({_NAME})(?=\s?\((?:[\u4e00-\u9fff]{{0,6}}(?:联系人|联络人|负责人|经理|主任|部长|总监|厂长|总工))[^)\n]{{0,6}}\))"), 1),
)  # fmt: skip
_NAMES = ("〔姓名", "〔人名")
_MARK = re.compile(r"〔[^〔〕]{2,4}\d+〕")


@dataclass
class Mask:
    """Marks given out so far; one mask serves all texts of a conversation.

    ``names`` are names known from elsewhere in the document: hidden wherever they stand.
    """

    names: tuple[str, ...] = ()
    marks: dict[str, str] = field(default_factory=dict)

    def hide(self, text: str) -> str:
        """Return ``text`` with personal data replaced by marks."""
        taken = frozenset(_MARK.findall(text))
        for kind, pattern, group in _PATTERNS:
            text = self._replaced(text, pattern, group, kind, taken)
        everywhere = {v for v, mark in self.marks.items() if mark.startswith(_NAMES)} | set(self.names)
        for name in sorted(everywhere, key=lambda v: (-len(v), v)):
            if name in text:
                text = text.replace(name, self._mark(name, "姓名", taken))
        return text

    def restore(self, text: str, *, in_json: bool = False) -> str:
        """Return ``text`` with marks replaced by what they stand for; unknown marks stay.

        With ``in_json`` the values are escaped as the inside of a JSON string.
        """
        back = {
            mark: json.dumps(value, ensure_ascii=False)[1:-1] if in_json else value
            for value, mark in self.marks.items()
        }
        return _MARK.sub(lambda m: back.get(m[0], m[0]), text)

    @property
    def hidden(self) -> int:
        """Return how many different values were hidden."""
        return len(self.marks)

    def _replaced(
        self, text: str, pattern: re.Pattern[str], group: int, kind: str, taken: Iterable[str]
    ) -> str:
        out, last = [], 0
        for m in pattern.finditer(text.translate(_HALF)):
            start, end = m.span(group)
            out += [text[last:start], self._mark(text[start:end], kind, taken)]
            last = end
        return "".join([*out, text[last:]])

    def _mark(self, value: str, kind: str, taken: Iterable[str]) -> str:
        """Return the mark of a value; one that the text itself uses already is never given out."""
        if value not in self.marks:
            used = {*self.marks.values(), *taken}
            number = 1 + sum(mark.startswith(f"〔{kind}") for mark in self.marks.values())
            while f"〔{kind}{number}〕" in used:
                number += 1
            self.marks[value] = f"〔{kind}{number}〕"
        return self.marks[value]


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of contacts that a document gives, to be hidden also where no title stands by."""
    mask = Mask()
    mask.hide(text)
    return tuple(sorted(v for v, mark in mask.marks.items() if mark.startswith(_NAMES)))


# A marking stands alone, on a line or in brackets; running text such as "保守商业秘密" is no marking.
_MARKING = re.compile(
    r"(?:绝密|机密|秘密)\s*[★☆*＊]|(?:^|[\n【\[（(])\s*(?:密级\s*[:：]?\s*)?(?:绝密|机密|秘密|商业秘密|商密|内部资料|内部文件|内部使用|仅限内部|注意保密|核心商密|普通商密)"
    r"(?:\s*[★☆*＊]?\s*\d*\s*(?:年|月)?|[，,]?\s*(?:注意保存|请勿外传|严禁外传|不得外传|严禁复制))?\s*(?=$|[\n】\]）)])",
    re.MULTILINE,
)


def confidential(text: str) -> bool:
    """Return whether ``text`` carries a confidentiality marking."""
    return bool(_MARKING.search(text))


def marking_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where confidentiality markings stand, without the white space around them."""
    spans = []
    for m in _MARKING.finditer(text):
        word = m[0].strip(" \n\t【[（(")
        start = m.start() + m[0].index(word)
        spans.append((start, start + len(word.rstrip())))
    return tuple(spans)
