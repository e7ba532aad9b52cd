"""KPI statements: measured on annotated sentences, and the contract's conventions one by one."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.document import Document
from assistant.extract.kpis import find_kpis
from assistant.records import KpiClaim

DATA = Path(__file__).parent / "data"
REAL = Path(os.environ.get("ASSISTANT_REAL_TEXTS", Path(__file__).parents[3] / "shared" / "real"))
Values = tuple[float | None, float | None, float | None]


def document(text: str) -> Document:
    return Document(name="测试.txt", sha256="0" * 64, media_type="text/plain", text=text)


def kpis(text: str, catalog: str = "2025") -> tuple[KpiClaim, ...]:
    return find_kpis(document(text), catalog)


def one(text: str) -> KpiClaim:
    (found,) = kpis(text)
    return found


def values(claim: KpiClaim) -> Values:
    return claim.baseline, claim.current, claim.stated_change


def same(left: Values, right: Values) -> bool:
    return all(
        a is b if a is None or b is None else math.isclose(a, b, rel_tol=0.005)
        for a, b in zip(left, right, strict=True)
    )


def score(cases: Iterable[tuple[str, list[Values]]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the statements, matched on (baseline, current, stated_change)."""
    hits = found = expected = 0
    for text, gold in cases:
        rest = list(gold)
        for claim in kpis(text):
            found += 1
            match = next((item for item in rest if same(item, values(claim))), None)
            if match is not None:
                rest.remove(match)
                hits += 1
        expected += len(gold)
    precision, recall = hits / max(found, 1), hits / max(expected, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def annotated(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return entries


@pytest.mark.parametrize(("name", "bar"), [("kpi_dev.yaml", 0.97), ("kpi_holdout.yaml", 0.95)])
def test_annotated_sentences(name: str, bar: float) -> None:
    cases = annotated(name)
    precision, recall, f1 = score((case["t"], [tuple(k) for k in case["k"]]) for case in cases)
    print(f"{name}: P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")
    assert f1 >= bar


def test_annotated_plans_and_numbers() -> None:
    for case in annotated("kpi_dev.yaml"):
        for claim in kpis(case["t"]):
            assert claim.plan is bool(case.get("plan", False)), claim.as_written
            if "number" in case:
                assert claim.number == case["number"], claim.as_written


def test_real_texts() -> None:
    if not REAL.is_dir():
        pytest.skip(f"no real texts at {REAL}; set ASSISTANT_REAL_TEXTS")
    gold = json.loads((DATA / "kpi_real.json").read_text(encoding="utf-8"))
    cases = [(REAL / name, items) for name, items in gold.items() if (REAL / name).is_file()]
    precision, recall, f1 = score(
        (path.read_text(encoding="utf-8"), [tuple(item) for item in items]) for path, items in cases
    )
    print(f"real texts: P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")
    assert f1 >= 0.95


@pytest.mark.parametrize(
    ("text", "basis", "direction", "unit"),
    [
        ("生产效率提升25%。", "relative", "up", "%"),
        ("设备利用率提高8%。", "unknown", "up", "%"),
        ("设备利用率提高8个百分点。", "points", "up", "个百分点"),
        ("产品合格率达到99%。", "level", None, "%"),
        ("不良率从3%降至1%。", "level", "down", "%"),
        ("不良率从3%降至1%，下降2个百分点。", "points", "down", "%"),
        ("换产时间由4小时缩短到40分钟，缩短83%。", "relative", "down", "分钟"),
        ("产能翻一番。", "relative", "up", "倍"),
        ("检测速度是人工的5倍。", "level", None, "倍"),
        ("年节约成本300万元。", "unknown", "down", "万元"),
        ("组装精度从0.04毫米提升至0.003毫米。", "level", "down", "毫米"),
    ],
)
def test_basis_direction_unit(text: str, basis: str, direction: str | None, unit: str) -> None:
    claim = one(text)
    assert (claim.basis, claim.direction, claim.unit) == (basis, direction, unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("产能由8万件提升至12万件。", (8, 12, None)),
        ("产能由8000件提升至1.2万件。", (8000, 12000, None)),
        ("能耗下降20%～30%。", (None, None, 20)),
        ("能耗下降近三成。", (None, None, 30)),
        ("产能提高到原来的3倍。", (None, 3, None)),
        ("设备联网率由60%提升30个百分点至90%。", (60, 90, 30)),
        ("现在装配一台只需2小时，而过去要3天。", (72, 2, None)),
        ("合格率 9 8 . 5".replace(" ", "") + " ％。", (None, 98.5, None)),
        ("公司通过在线检测与闭环控制，主要产品的一次合格\n率达到 99.2%。", (None, 99.2, None)),
    ],
)
def test_numbers_stay_as_written(text: str, expected: Values) -> None:
    assert values(one(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "公司实现营业收入12.6亿元，同比增长15.2%，净利润增长8%。",
        "项目总投资3.8亿元，建设期24个月。",
        "操作工由30人减少到6人，机器人增加到42台。",
        "全国规上工业企业关键工序数控化率达到65.3%。",
        "工业领域设备投资同比增长28.8%，产业规模突破7000亿元。",
        "卓越级智能工厂应用人工智能技术场景比例应不低于20%。",
        "市场占有率达到35%，毛利率提高2.1个百分点。",
        "当生产效率偏差超10%时系统自动预警。",
        "2024年6月18日，第12届大会在武汉举行。",
        "传统人工检测的误判率高达5%。",
    ],
)
def test_what_is_no_kpi(text: str) -> None:
    assert kpis(text) == ()


@pytest.mark.parametrize(
    ("text", "catalog", "number"),
    [
        ("OEE提升12%。", "2025", 11),
        ("OEE提升12%。", "2024", 10),
        ("产品不良率1.1%。", "2025", 10),
        ("一次合格率99%。", "2025", None),
        ("供应商准时交付率达到96%。", "2025", 13),
        ("订单准时交付率达到96%。", "2025", 14),
        ("万元产值综合能耗降低8%。", "2025", 17),
        ("单位产品综合能耗降低8%。", "2024", 16),
        ("销售增长率12%。", "2025", 7),
        ("工厂应用人工智能模型数量16个。", "2025", 5),
        ("设备联网率达到92%。", "2025", None),
        ("2024年，全员劳动生产率提高20%。", "2025", 16),
    ],
)
def test_catalogue_number(text: str, catalog: str, number: int | None) -> None:
    (claim,) = kpis(text, catalog)
    assert claim.number == number
    assert (claim.name is None) is (number is None)
    assert claim.catalog == catalog


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023年，设备联网率达到90%。", "2023年"),
        ("设备故障率同比下降18%。", "同比"),
        ("生产效率较改造前提升45%。", "较改造前"),
        ("截至2025年6月，产线自动化率达88%。", "截至2025年6月"),
        ("产能提升30%。", None),
    ],
)
def test_period(text: str, period: str | None) -> None:
    assert one(text).period == period


def test_statement_is_the_clause_and_nothing_else() -> None:
    claims = kpis("项目实施后，生产效率提升25%以上，产品不良率由3.2%降至1.1%。")
    assert [claim.as_written for claim in claims] == ["生产效率提升25%以上", "产品不良率由3.2%降至1.1%"]


def test_each_time_it_is_made() -> None:
    assert len(kpis("生产效率提升25%。综上，生产效率提升25%。")) == 2


@given(
    st.text(
        alphabet="生产效率提升降低由从到至达不良合格率设备5％%10倍，。、和分别万元小时\n\t|（）目标将",
        max_size=80,
    )
)
@settings(max_examples=150, deadline=None)
def test_spans_are_exact_and_in_order(text: str) -> None:
    claims = kpis(text)
    for claim in claims:
        (span,) = claim.spans
        assert text[span.start : span.end] == span.quote == claim.as_written
        assert any(value is not None for value in values(claim))
        assert claim.stated_change is None or claim.stated_change >= 0
    starts = [claim.spans[0].start for claim in claims]
    assert starts == sorted(starts)
    assert claims == kpis(text)


@pytest.mark.parametrize(
    "text", ["1" * 60_000, "提升5%" * 8_000, "将" * 60_000, "比" * 60_000 + "提升5%", "一二三" * 20_000]
)
def test_text_without_end_does_not_hang(text: str) -> None:
    started = time.perf_counter()
    kpis(text)
    assert time.perf_counter() - started < 10


def test_fifty_pages_are_read_quickly() -> None:
    page = "".join(case["t"] for case in annotated("kpi_dev.yaml"))
    text = (page * 20)[:60_000]
    kpis(text[:2_000])
    started = time.process_time()
    kpis(text)
    # Half a second on an idle core; the bar leaves room for a shared machine.
    assert time.process_time() - started < 1.5
