"""Quantities in Chinese sentences: value, unit, bounds, and their part in a change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verify.numerals import parse_chinese, parse_number
from assistant.verify.quantities import find_quantities


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三十五", 35),
        ("两", 2),
        ("一百二十", 120),
        ("二点五", 2.5),
        ("十二万", 120_000),
        ("一亿二千万", 120_000_000),
        ("十", 10),
    ],
)
def test_chinese_numerals(text: str, value: float) -> None:
    assert parse_chinese(text) == value


@pytest.mark.parametrize("text", ["一二", "二〇二四", "", "百分", "三x"])
def test_what_is_no_numeral(text: str) -> None:
    assert parse_chinese(text) is None


def test_thousands_are_grouped() -> None:
    assert parse_number("3,460") == 3460


@pytest.mark.parametrize(
    ("text", "value", "family"),
    [
        ("用时45分钟", 2700, "time"),
        ("用时0.75小时", 2700, "time"),
        ("一个半小时", 5400, "time"),
        ("产量3.2万台", 32_000, "count"),
        ("合格率百分之九十八", 98, "percent"),
        ("差错率万分之二", 0.02, "percent"),
        ("能耗下降两成半", 25, "percent"),
        ("缩短一半", 50, "percent"),
        ("提高1.6个百分点", 1.6, "points"),
        ("效率提高3倍", 3, "times"),
        ("产能翻一番", 1, "times"),
        ("节电1260万千瓦时", 12_600_000, "energy"),
        ("历时一年半", 18, "months"),
        ("三分之二的产线", 100 * 2 / 3, "percent"),
    ],
)
def test_values_come_in_the_base_unit(text: str, value: float, family: str) -> None:
    (found,) = find_quantities(text)
    assert found.value == pytest.approx(value)
    assert found.family == family


@pytest.mark.parametrize(
    "text",
    [
        "5G专网",
        "3号厂房",
        "第二阶段",
        "一体化平台",
        "2024年3月18日",
        "GB/T 39116-2020",
        "统一管理",
        "三维设计",
        "L3级",
    ],
)
def test_names_dates_and_ordinals_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "由15天压缩到9天",
        "从原来的15天缩短至9天",
        "指标 | 改造前 | 改造后\n周期 | 15天 | 9天",
        "9天，较2022年的15天缩短",
        "以前要15天，现在9天",
    ],
)
def test_both_ends_of_a_change(text: str) -> None:
    found = {q.role: q.value / 86400 for q in find_quantities(text)}
    assert found == {"from": 15, "to": 9}


@pytest.mark.parametrize(
    ("text", "compare"),
    [
        ("超过90%", ">="),
        ("不低于90%", ">="),
        ("90%以上", ">="),
        ("不超过90%", "<="),
        ("低于90%", "<="),
        ("90%以内", "<="),
        ("约90%", "~"),
        ("90%左右", "~"),
        ("达到90%", "="),
    ],
)
def test_bounds(text: str, compare: str) -> None:
    (found,) = find_quantities(text)
    assert found.compare == compare


def test_what_is_counted_per() -> None:
    (each_month,) = find_quantities("返工工时月均减少420小时")
    (each_minute,) = find_quantities("每分钟400包")
    assert (each_month.per, each_minute.per) == ("月", "分钟")


@given(
    st.text(
        alphabet="由从提升降低到至为约超过0123456789.%％万亿成倍半一二三十百分之点个台小时天年月，。（）|~～-— ",
        max_size=60,
    )
)
def test_offsets_always_lie_in_the_text(text: str) -> None:
    for q in find_quantities(text):
        assert 0 <= q.start < q.end <= len(text)


@given(st.floats(0.1, 1e6, allow_nan=False).map(lambda x: round(x, 2)))
def test_a_written_number_is_read_back(value: float) -> None:
    (found,) = find_quantities(f"投资{value}万元")
    assert found.value == pytest.approx(value * 10_000)
