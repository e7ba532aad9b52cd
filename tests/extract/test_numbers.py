"""Chinese and Arabic quantities with exact spans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.extract.number_units import common_unit
from assistant.extract.numbers import find_quantities, parse_number


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("三成", 30, "%"),
        ("三成五", 35, "%"),
        ("百分之十五", 15, "%"),
        ("百分之九十九点五", 99.5, "%"),
        ("百分之百", 100, "%"),
        ("千分之三", 3, "‰"),
        ("万分之三", 3, "‱"),
        ("百万分之一", 1, "ppm"),
        ("15％", 15, "%"),
        ("１５％", 15, "%"),
        ("1.2万件", 1.2, "万件"),
        ("3.5 亿元", 3.5, "亿元"),
        ("两倍", 2, "倍"),
        ("1.5倍", 1.5, "倍"),
        ("一半", 50, "%"),
        ("三分之一", 33.33, "%"),
        ("1/3", 33.33, "%"),
        ("15个百分点", 15, "个百分点"),
        ("十余家", 10, "家"),
        ("一万两千多颗", 12000, "颗"),
        ("一个半小时", 1.5, "小时"),
        ("两个半月", 2.5, "月"),
        ("半小时", 0.5, "小时"),
        ("1,200件", 1200, "件"),
        ("3个工作日", 3, "工作日"),
        ("13秒/件", 13, "秒/件"),
        ("7.3 万元/人", 7.3, "万元/人"),
        ("320吨标准煤", 320, "吨标准煤"),
        ("0.04毫米", 0.04, "毫米"),
        ("±0.02mm", 0.02, "mm"),
    ],
)
def test_one_quantity(text: str, value: float, unit: str) -> None:
    (found,) = find_quantities(text)
    assert (found.value, found.unit) == (value, unit)
    assert text[found.start : found.end] == text


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("10—15%", 10, 15, "%"),
        ("20%~30%", 20, 30, "%"),
        ("30%-50%", 30, 50, "%"),
        ("3至5倍", 3, 5, "倍"),
        ("七八成", 70, 80, "%"),
        ("3-5天", 3, 5, "天"),
    ],
)
def test_range_keeps_both_bounds(text: str, low: float, high: float, unit: str) -> None:
    (found,) = find_quantities(text)
    assert (found.value, found.high, found.unit) == (low, high, unit)


@pytest.mark.parametrize(("text", "value"), [("翻倍", 1), ("翻一番", 1), ("翻了两番", 3), ("翻了近一倍", 1)])
def test_doubling_is_the_change_itself(text: str, value: int) -> None:
    (found,) = find_quantities(text)
    assert (found.value, found.unit, found.kind) == (value, "倍", "doubling")


@pytest.mark.parametrize(
    "text",
    ["5G", "MES2.0", "统一", "第三", "两化融合", "十分显著", "三成员", "完成任务", "9" * 400, "分钟级"],
)
def test_names_and_words_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == ()


def test_minus_is_a_sign_and_not_part_of_the_span() -> None:
    (found,) = find_quantities("-10%")
    assert (found.value, found.sign, found.start) == (10, -1, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [("一万二", 12000), ("一万零五", 10005), ("二〇二五", 2025), ("三百零六", 306), ("十", 10), ("九点五", 9.5), ("两亿", 2e8)],
)  # fmt: skip
def test_chinese_numerals(text: str, value: float) -> None:
    assert parse_number(text) == value


def test_parse_number_refuses_words() -> None:
    with pytest.raises(ValueError, match="效率"):
        parse_number("效率")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4小时 40分钟", (240, 40, "分钟")),
        ("3天 2小时", (72, 2, "小时")),
        ("两年 9个月", (24, 9, "月")),
        ("1.2亿元 8000万元", (12000, 8000, "万元")),
        ("8000件 1.2万件", (8000, 12000, "件")),
        ("0.5% 200ppm", (5000, 200, "ppm")),
        ("0.1毫米 20微米", (100, 20, "微米")),
        ("150万元/年 450万元", (150, 450, "万元/年")),
        ("3天 5件", None),
    ],
)
def test_two_units_come_to_the_smaller(text: str, expected: tuple[float, float, str] | None) -> None:
    left, right = find_quantities(text)
    assert common_unit(left, right) == expected


@given(
    st.text(
        alphabet="0123456789.,%％‰万亿千百十一二两三四五九零半成倍番翻分之点个百分点小时天年月元件/-~—至到近约 提升\n",
        max_size=60,
    )
)
def test_spans_are_exact_ordered_and_apart(text: str) -> None:
    at = 0
    for found in find_quantities(text):
        assert at <= found.start < found.end <= len(text)
        assert text[found.start : found.end].strip() == text[found.start : found.end]
        assert found.value >= 0
        at = found.end


@given(
    st.integers(min_value=0, max_value=999_999),
    st.sampled_from(["%", "倍", "小时", "万元", "吨", "个百分点"]),
    st.sampled_from(["提升", "降至", "约", "（", "："]),
)
def test_any_figure_is_found_where_it_stands(number: int, unit: str, before: str) -> None:
    (found,) = find_quantities(f"{before}{number}{unit}。")
    assert (found.value, found.unit, found.start) == (number, unit, len(before))


@given(st.integers(min_value=1, max_value=99_999_999))
def test_chinese_numerals_round_trip(number: int) -> None:
    assert parse_number(_chinese(number)) == number


def _chinese(number: int) -> str:
    if number >= 10_000:
        head, rest = divmod(number, 10_000)
        tail = _chinese(rest) if rest else ""
        return _chinese(head) + "万" + ("零" if rest and rest < 1000 else "") + tail
    out, gap = "", False
    for size, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            out += ("零" if gap and out else "") + "零一二三四五六七八九"[digit] + word
            gap = False
        else:
            gap = True
    return out
