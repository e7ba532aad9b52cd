"""Mask personal data before text leaves the machine, and put it back into the answer.

Masked: e-mail addresses, identity-card numbers, mobile and landline numbers, bank cards, and names that
stand beside a word such as 联系人. The same value gets the same mark, so that the model can still tell
people apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_NOT_DIGIT_BEFORE, _NOT_DIGIT_AFTER = r"(?<![\dA-Za-z])", r"(?![\dA-Za-z])"
_TITLE = (
    r"(?:联系人|联络人|填报人|填表人|申报人|负责人|经办人|法定代表人|法人代表|法人|总经理|董事长|厂长|项目经理|联系方式|姓\s*名|"
    r"身份证姓名|主要负责人|项目负责人|授权代表)"
)
_SURNAME = (
    r"(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|"
    r"[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    r"廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉骆蓝路游辛靳管柴蒙鲍华喻祁房解])"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str], int], ...] = (
    ("邮箱", re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"), 0),
    ("证件", re.compile(rf"{_NOT_DIGIT_BEFORE}[1-9]\d{{5}}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}[\dXx]{_NOT_DIGIT_AFTER}"), 0),
    ("电话", re.compile(rf"{_NOT_DIGIT_BEFORE}(?:\+?86[\s\-]?)?1[3-9]\d[\s\-]?\d{{4}}[\s\-]?\d{{4}}{_NOT_DIGIT_AFTER}"), 0),
    ("电话", re.compile(rf"{_NOT_DIGIT_BEFORE}(?:\(0\d{{2,3}}\)|（0\d{{2,3}}）|0\d{{2,3}}[\s\-—])\s?\d{{7,8}}(?:[\-转]\d{{1,5}})?{_NOT_DIGIT_AFTER}"), 0),
    ("账号", re.compile(rf"{_NOT_DIGIT_BEFORE}\d{{4}}[\s]?\d{{4}}[\s]?\d{{4}}[\s]?\d{{4}}(?:[\s]?\d{{3}})?{_NOT_DIGIT_AFTER}"), 0),
    ("姓名", re.compile(rf"{_TITLE}(?:及电话|姓名|（[^）]{{0,6}}）)?\s*(?:[:：|｜为是]|\s)?\s*({_SURNAME}[\u4e00-\u9fff·]{{1,2}})(?=[\s，,。；;、|｜（(：:\d\n〔]|先生|女士|电话|手机|$)"), 1),
)  # fmt: skip
_MARK = re.compile(r"〔[^〔〕]{2,4}\d+〕")


@dataclass
class Mask:
    """Marks given out so far; one mask serves all texts of a conversation."""

    marks: dict[str, str] = field(default_factory=dict)

    def hide(self, text: str) -> str:
        """Return ``text`` with personal data replaced by marks."""
        for kind, pattern, group in _PATTERNS:
            text = pattern.sub(lambda m, k=kind, g=group: self._replace(m, k, g), text)  # type: ignore[misc]
        for name in self._names():
            text = text.replace(name, self.marks[name])
        return text

    def restore(self, text: str) -> str:
        """Return ``text`` with marks replaced by what they stand for; unknown marks stay."""
        back = {mark: value for value, mark in self.marks.items()}
        return _MARK.sub(lambda m: back.get(m[0], m[0]), text)

    @property
    def hidden(self) -> int:
        """Return how many different values were hidden."""
        return len(self.marks)

    def _replace(self, match: re.Match[str], kind: str, group: int) -> str:
        value = match[group]
        if value not in self.marks:
            number = sum(mark.startswith(f"〔{kind}") for mark in self.marks.values()) + 1
            self.marks[value] = f"〔{kind}{number}〕"
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return match[0][:start] + self.marks[value] + match[0][end:]

    def _names(self) -> Iterable[str]:
        """A name that was found once is hidden wherever it stands."""
        return sorted(
            (v for v, mark in self.marks.items() if mark.startswith("〔姓名")), key=lambda v: (-len(v), v)
        )


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
