"""Quantities in Chinese prose: Arabic and Chinese numerals with their units, ranges and exact spans.

Numbers stay as written (contract, "A KPI is…"): ``15%`` is 15 with unit ``%``, ``1.2万件`` is 1.2 with
unit ``万件``. Words that have no figure of their own are put in per cent, the unit in which people read
them: 三成 is 30 %, 一半 50 %, 三分之一 33.33 %. Of a range the lower bound is the value, the upper bound
is kept in ``high``; 近, 约, 以上 leave the number alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["percent", "points", "times", "doubling", "plain"]

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
# Same length, so that offsets survive: full-width digits and signs to ASCII.
_WIDTH = str.maketrans("０１２３４５６７８９％．／＋－～＜＞＝（）：", "0123456789%./+-~<>=():")

# A run of more digits is a serial number, no quantity.
_ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)(?:\.\d{1,8})?|\d{1,14}(?!\d)(?:\.\d{1,8}(?!\d))?)"
_HAN = r"[零〇一二两俩三四五六七八九十百千万亿]{1,16}(?:点[零〇一二三四五六七八九]{1,8})?"
_TIME = (
    r"个?工作日|个?小时|个?钟头|分钟|秒钟|毫秒|微秒|秒|分(?![之别部配析钟解散类布级项离选工厂段时公批层区拣期])|天|日(?![志常均益用报程])|个半?月|月(?![份\d])"
    r"|个?星期|周(?![转期边围])|个?季度|年(?![度均底末级初第前来产销报代间轻])|个?班次|人时|工时|人天|人日|人月"
)
_PHYSICAL = (
    r"毫米|厘米|微米|纳米|公里|千米|平方米|立方米|米(?!/)|吨标准煤|吨标煤|千克标准煤|千克标煤|公斤|千克|毫克|吨|克|"
    r"千瓦时|千瓦|兆瓦|度电|度(?!过|假|数|量)|升(?![级至到高])|毫升|摄氏度|℃|分贝|兆|亩|丝(?![绸网])|美元|欧元|元(?!件|素)|目(?!前|标|录)"
)
_COUNT = (
    r"件|台套|台|套|个|条|辆|次|人次|人(?!工|才|员|均|机|力|民)|名(?!称|单)|家(?!电|具|居|族)|项(?!目)|种|片|颗|只(?!需|要|用|有)|支(?!持|撑|付)|根(?!据)|份(?!额)|"
    r"单(?![位个机产价品元台])|起|批|车(?!间|辆|型)|箱|盒|瓶|块|栋|座|款(?!项)|类|盘|卷|张|枚|头|匹|艘|架|间|处(?!理)|道|路|组(?!织|装|件)|对|双|副|层|列|节(?![约省能拍])|本|册|篇|趟|户|罐|袋|桶|包(?!装|括)|锭"
)
_LATIN = (
    r"kgce|tce|kWh|kwh|KWh|kW·h|MWh|GWh|kW|MW|tCO2e?|tCO₂e?|kgCO2e?|mm|cm|μm|um|nm|km|m[²³23]|Nm3|kg|mg|ms|min|mL|ml|"
    r"dB|MPa|ppm|PPM|DPMO|GJ|MJ|kJ|[hstgLm](?![A-Za-z0-9])"
)
_BASE = rf"(?:{_TIME}|{_PHYSICAL}|{_COUNT}|{_LATIN})"
_SCALE = r"(?:万亿|千万|百万|十万|亿|万|千(?![克瓦米分卡]))"
_PER = rf"(?:\s?[/／]\s?(?:{_SCALE}?{_BASE}|人[·.]?[时天年月日]?|工(?!时)|日|年|月|班|[A-Za-z]+)(?:[·.]?(?:时|天|年|月|日))?)*"
_UNIT = rf"(?P<unit>个百分点|百分点|个点(?!位)|pct|pp(?!m)|%|‰|‱|倍(?!频|率)|{_SCALE}?\s?{_BASE}{_PER}|{_SCALE}(?![里分能事方有]))"
_MORE = r"(?:[多余几来])?"
_DASH = r"\s?(?:[~—–\-−―─]+|至|到)\s?"

_PERCENT_WORDS = re.compile(
    rf"(?P<base>百万|[百千万])分之(?P<low>{_ARABIC}|{_HAN})(?:(?:{_DASH}|、)(?:百分之)?(?P<high>{_ARABIC}|{_HAN}))?"
)
_PERCENT_PREFIX = re.compile(rf"(?P<low>{_ARABIC})\s?%")
_FRACTION = re.compile(
    r"(?P<den>[二两三四五六七八九十]{1,3}|\d{1,2})分之(?P<num>[一二两三四五六七八九十]{1,3}|\d{1,2})(?![a-zA-Z])"
    r"|(?<![\d./年月])(?P<top>[1-9])/(?P<bottom>[2-9]|10)(?![\d/.年月日号])"
)
_CHENG = re.compile(
    rf"(?<![第十完建形分])(?P<low>[一二两三四五六七八九]|\d(?:\.\d)?)(?:{_DASH})?(?P<next>[一二三四五六七八九]|\d)?"
    r"成(?P<half>半|[一二三四五六七八九](?=[以左,，。；、的多]|$))?"
    r"(?![立为功本品长果就员都套型组分绩效交熟不语像形片卷对形因])"
)
_HALF = re.compile(
    r"(?<![前后上下各另])(?:一半(?!成品|径)|减半|近半(?!年|个|月|天|数|小时)|过半(?!年|个|月|天|小时))"
)
_HALF_TIME = re.compile(r"(?<![上下前后大一个])半(?P<unit>个小时|小时|天|日|个月|年|分钟)(?!度)")
_AND_HALF = re.compile(
    r"(?<![\d.])(?P<low>\d{1,4}|[一二两三四五六七八九十]{1,3})(?P<unit>个|天|年|分钟)半(?P<rest>小时|月|钟头|工作日)?"
)
_DOUBLED = re.compile(
    r"翻了?(?:近|约|将近|超过?)?(?:(?P<fan>[一二两三四1-9])番|(?P<times>[一二两三四五六七八九十]{1,3}|\d{1,4}(?:\.\d{1,4})?)倍)|翻了?[倍番]|成倍(?=提升|提高|增)|倍增"
)
_PLAIN = re.compile(
    rf"(?:(?<![A-Za-z\d.,_/#№])|(?<=Ra))(?P<sign>[+\-−±]\s?)?(?P<low>{_ARABIC}){_MORE}"
    rf"(?:(?P<lowunit>%|‰|{_SCALE}|{_TIME})?{_DASH}(?P<high>{_ARABIC}))?{_MORE}\s?(?:{_UNIT})?(?![A-Za-z])"
)
_HAN_PLAIN = re.compile(
    rf"(?<![第零一二两三四五六七八九十百千万统同唯之星期周])(?P<low>{_HAN})(?:(?:{_DASH})(?P<high>{_HAN}))?{_MORE}{_UNIT}"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: ``text[start:end]`` holds both.

    ``value`` is as written (the lower bound of a range), ``high`` the upper bound, ``unit`` as written
    with its 万 or 亿, None for a bare number. ``sign`` is -1 for a written minus. ``kind`` ``doubling``
    is 翻倍, 翻番: the change itself, value in 倍.
    """

    start: int
    end: int
    value: float | int
    unit: str | None
    kind: Kind = "plain"
    high: float | int | None = None
    sign: int = 1


def widen(text: str) -> str:
    """Return ``text`` with full-width digits and signs as ASCII, the same length."""
    return text.translate(_WIDTH)


def as_number(value: float) -> float | int:
    """Return an int for a whole number, else a float without binary dust."""
    rounded = round(value, 10)
    return int(rounded) if rounded == int(rounded) else rounded


def parse_number(text: str) -> float | int:
    """Return the value of one Arabic or Chinese numeral (1,200 · 3.5 · 九十九点五 · 一万二 · 百).

    Raises:
        ValueError: the text is no numeral.
    """
    text = widen(text.strip()).replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return as_number(float(text))
    if not re.fullmatch(_HAN, text):
        raise ValueError(f"not a number: {text!r}")
    whole, _, fraction = text.partition("点")
    value = _parse_whole(whole)
    return as_number(value + float("0." + "".join(str(_DIGITS[c]) for c in fraction)) if fraction else value)


def _parse_whole(text: str) -> int:
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = 0
    digit: int | None = None
    unit = 1
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
            # After 零 a digit counts ones again: 一万零五.
            unit = 10 if c in "零〇" else unit
        elif c in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[c]
            digit, unit = None, _SMALL[c]
        else:
            total = (
                (total + section + (digit or 0)) * _LARGE[c]
                if _LARGE[c] > total
                else total + (section + (digit or 0)) * _LARGE[c]
            )
            section, digit, unit = 0, None, _LARGE[c]
    if digit:
        # 一万二 is 12,000: a last digit counts in tenths of the unit before it.
        section += digit * max(unit // 10, 1)
    return total + section


def _kind(unit: str | None) -> Kind:
    if unit in {"%", "‰", "‱", "ppm", "PPM"}:
        return "percent"
    if unit in {"百分点", "个百分点", "个点", "pct", "pp"}:
        return "points"
    return "times" if unit == "倍" else "plain"


def _percent_words(match: re.Match[str]) -> Quantity | None:
    unit = {"百": "%", "千": "‰", "万": "‱", "百万": "ppm"}[match["base"]]
    high = parse_number(match["high"]) if match["high"] else None
    return Quantity(*match.span(), parse_number(match["low"]), unit, "percent", high)


def _fraction(match: re.Match[str]) -> Quantity | None:
    top = match["num"] or match["top"]
    bottom = match["den"] or match["bottom"]
    part, whole = parse_number(top), parse_number(bottom)
    if not whole or part >= whole:
        return None
    return Quantity(*match.span(), as_number(round(100 * part / whole, 2)), "%", "percent")


def _cheng(match: re.Match[str]) -> Quantity | None:
    low = 10 * parse_number(match["low"])
    if match["half"]:
        low += 5 if match["half"] == "半" else parse_number(match["half"])
    high = 10 * parse_number(match["next"]) if match["next"] else None
    return Quantity(*match.span(), as_number(low), "%", "percent", high)


def _half(match: re.Match[str]) -> Quantity | None:
    return Quantity(*match.span(), 50, "%", "percent")


def _half_time(match: re.Match[str]) -> Quantity | None:
    return Quantity(*match.span(), 0.5, match["unit"].removeprefix("个"))


def _and_half(match: re.Match[str]) -> Quantity | None:
    unit = match["rest"] or match["unit"]
    return (
        None if unit == "个" else Quantity(*match.span(), as_number(parse_number(match["low"]) + 0.5), unit)
    )


def _doubled(match: re.Match[str]) -> Quantity | None:
    if match["fan"]:
        value: float | int = 2 ** int(parse_number(match["fan"])) - 1
    else:
        value = parse_number(match["times"]) if match["times"] else 1
    return Quantity(*match.span(), value, "倍", "doubling")


def _plain(match: re.Match[str]) -> Quantity | None:
    high = match["high"]
    unit = match["unit"] or match["lowunit"]
    unit = re.sub(r"\s", "", unit) if unit else None
    if unit and unit != "个百分点":
        unit = re.sub(r"^个(?=.)|(?<=[万千亿])个(?=月|工作日|小时)", "", unit) if unit != "个" else unit
    sign = -1 if match["sign"] and match["sign"][0] in "-−" else 1
    start = match.start("low") if match["sign"] and match["sign"][0] != "±" else match.start()
    upper = parse_number(high) if high else None
    end = len(match.string[: match.end()].rstrip())
    return Quantity(start, end, parse_number(match["low"]), unit, _kind(unit), upper, sign)


def _han_plain(match: re.Match[str]) -> Quantity | None:
    if match["low"] in {"十", "百", "万"} and match["unit"] == "分":
        return None  # 十分, 万分: very
    if re.match(r"[百千万亿]", match["low"]) or (match["high"] and re.match(r"[百千万亿]", match["high"])):
        return None
    unit = re.sub(r"^个(?=.)", "", match["unit"]) if match["unit"] != "个百分点" else match["unit"]
    upper = parse_number(match["high"]) if match["high"] else None
    return Quantity(*match.span(), parse_number(match["low"]), unit, _kind(unit), upper)


_READERS = (
    (_PERCENT_WORDS, _percent_words),
    (_FRACTION, _fraction),
    (_AND_HALF, _and_half),
    (_DOUBLED, _doubled),
    (_CHENG, _cheng),
    (_HALF, _half),
    (_HALF_TIME, _half_time),
    (_PLAIN, _plain),
    (_HAN_PLAIN, _han_plain),
)


def find_quantities(text: str, start: int = 0, end: int | None = None) -> tuple[Quantity, ...]:
    """Return every quantity of ``text[start:end]`` in order, without overlaps.

    Chinese numerals count only with a unit (一次, 统一 and 第三 are no quantities); a numeral inside a
    name (5G, MES2.0, GB/T 39116) is none either.
    """
    stop = len(text) if end is None else end
    plain = widen(text[start:stop])
    taken = bytearray(len(plain))
    found: list[Quantity] = []
    for pattern, reader in _READERS:
        for match in pattern.finditer(plain):
            quantity = reader(match)
            if quantity is None or any(taken[quantity.start : quantity.end]):
                continue
            taken[quantity.start : quantity.end] = b"\1" * (quantity.end - quantity.start)
            found.append(replace(quantity, start=quantity.start + start, end=quantity.end + start))
    return tuple(sorted(found, key=lambda quantity: quantity.start))
