"""Figures that say how long a piece of work takes, per head, at zero, or over a page break; and what stays out."""

from __future__ import annotations

import hashlib

import pytest

from assistant.document import Block, Document
from assistant.extract.kpis import find_kpis
from assistant.extract.scenes import find_scenes
from tests.extract.reading import read


def said(text: str) -> list[tuple[object, ...]]:
    return [(kpi.baseline, kpi.current, kpi.stated_change, kpi.unit) for kpi in find_kpis(read(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("出现客诉时，质量人员8秒内查到炉次和班组。", [(None, 8, None, "秒")]),
        ("实现关键工序参数5分钟之内追溯。", [(None, 5, None, "分钟")]),
        ("异常停机后20分钟以内恢复生产。", [(None, 20, None, "分钟")]),
        ("从甲型号切换到乙型号仅需6分钟。", [(None, 6, None, "分钟")]),
        ("全厂盘点一遍只要半小时。", [(None, 0.5, None, "小时")]),
        ("每45秒就有一台洗衣机下线。", [(None, 45, None, "秒")]),
        ("车间人均产出同比增长18.6%。", [(None, None, 18.6, "%")]),
        ("上线后错发率降为0。", [(None, 0, None, None)]),
    ],
)
def test_figures_in_other_words(text: str, expected: list[tuple[object, ...]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "新型电芯能量密度达到210Wh/kg，续航里程700公里。",
        "产品抗拉强度提升到620MPa，表观密度1.8克每立方厘米。",
        "全市工业总产出同比增长7.2%。",
        "会议在30分钟内结束。",
        "收到通知后应在10日内完成备案。",
        "三年内完成搬迁。",
        "充电15分钟可行驶300公里。",
    ],
)
def test_properties_of_products_statistics_and_deadlines_stay_out(text: str) -> None:
    assert said(text) == []


def test_a_sentence_goes_on_behind_the_furniture_of_a_page() -> None:
    parts: tuple[tuple[str, str], ...] = (
        ("paragraph", "通过部署设备健康管理平台并与备件系统打通，全厂设备综合效率由71%"),
        ("footer", "— 12 —"),
        ("header", "某某公司先进级智能工厂申报书"),
        ("paragraph", "提升到84%，立体仓库由仓储管理系统自动出入库。"),
    )
    blocks, text = [], ""
    for kind, words in parts:
        blocks.append(Block(kind=kind, start=len(text), end=len(text) + len(words)))  # type: ignore[arg-type]
        text += words + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document("a.pdf", digest, "application/pdf", text, blocks=tuple(blocks))
    (kpi,) = find_kpis(document)
    assert (kpi.baseline, kpi.current) == (71, 84)
    assert all(text[s.start : s.end] == s.quote for s in kpi.spans)
    assert {claim.number for claim in find_scenes(document)} >= {12}
