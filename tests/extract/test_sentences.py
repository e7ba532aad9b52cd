"""Sentences, clauses, plans and denials."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.extract.plan_cues import is_plan_heading
from assistant.extract.sentences import bracketed, clauses, negated, plan_scope, sentence_at, sentences

WRAPPED = (
    "公司围绕生产计划与调度环节建设了智能排产系统，实现了订单\n到工序的自动排程，效率提升20%。\n下一段。"
)


def _pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_sentences_end_at_full_stops_with_their_quotes() -> None:
    assert _pieces("甲。“乙。”丙！（丁。）戊") == ["甲。", "“乙。”", "丙！", "（丁。）", "戊"]


def test_decimals_and_semicolons_do_not_end_a_sentence() -> None:
    assert _pieces("不良率1.1%；合格率98.5%。完") == ["不良率1.1%；合格率98.5%。", "完"]


def test_a_wrapped_line_goes_on_and_a_list_item_does_not() -> None:
    assert _pieces(WRAPPED) == [WRAPPED[: WRAPPED.index("。") + 1], "下一段。"]
    listed = "本项目建设内容包括以下几个方面的智能化改造任务与系统\n1.智能排产\n2.在线检测"
    assert len(_pieces(listed)) == 3


def test_clauses_keep_numbers_whole() -> None:
    text = "产量1,200件，8:30开班：合格率 | 99%"
    assert [text[a:b] for a, b in clauses(text)] == ["产量1,200件", "8:30开班", "合格率", "99%"]


def test_brackets_are_found_outermost() -> None:
    text = "设备（含机器人（六轴））和“产线”"
    assert [text[a:b] for a, b in bracketed(text, 0, len(text))] == ["（含机器人（六轴））", "“产线”"]


PLANS = [
    ("公司将建设智能仓储系统。", "智能仓储"),
    ("预计年节约成本300万元。", "300"),
    ("向着能耗下降20%的目标迈进。", "能耗"),
    ("以能耗下降20%为目标。", "能耗"),
    ("公司拟投资5000万元建设数字孪生工厂。", "数字孪生"),
    ("计划到2026年设备联网率达到95%。", "设备"),
    ("到2027年，关键工序数控化率达到75%。", "关键"),
    ("下一步，公司继续推进AI质检，不良率降低20%。", "不良率"),
    ("公司将大幅降低能耗", "能耗"),
    ("单星成本将下降35%", "35"),
    ("项目投产后，可实现年产30万套", "年产"),
    ("未来公司将设备利用率提升至85%", "85"),
    ("目前效率提升了20%，未来将提升到50%", "50"),
    ("力争三年内能耗降低一成", "能耗"),
    ("二、后续实施计划\n（一）质量\n不良率降至1%。\n三、成效\n效率提升10%。", "不良率"),
    ("成效良好。\n下一步工作思路\n部署预测性维护。", "预测性"),
]
FACTS = [
    ("公司通过改造将不良率从3%降至1%。", "降至"),
    ("将生产数据接入平台，效率提升20%。", "效率"),
    ("超额完成了不良率1%的目标。", "不良率"),
    ("实现能耗下降20%的目标。", "能耗"),
    ("超额完成年初制定的能耗下降5%的目标。", "能耗"),
    ("部署虚拟调试与模拟仿真系统。", "系统"),
    ("生产计划优化系统上线后效率提升15%。", "效率"),
    ("非计划停机每月减少12小时。", "12"),
    ("从2020年到2023年，产能提升30%。", "产能"),
    ("截至2024年底，设备联网率达到95%。", "设备"),
    ("将近50%的订单", "50"),
    ("将建设周期由12个月压缩到8个月", "12"),
    ("该系统将人工智能与视觉检测结合，检出率达99%", "检出率"),
    ("目前效率提升了20%，未来将提升到50%", "20"),
    ("将设备利用率提升至85%", "85"),
    ("二、后续实施计划\n（一）质量\n不良率降至1%。\n三、成效\n效率提升10%。", "效率"),
    ("建设路径规划与仓储规划系统，效率提升5%", "效率"),
]


@pytest.mark.parametrize(("text", "place"), PLANS)
def test_plans(text: str, place: str) -> None:
    start = text.index(place)
    assert plan_scope(text, start, start + len(place))


@pytest.mark.parametrize(("text", "place"), FACTS)
def test_facts(text: str, place: str) -> None:
    start = text.index(place)
    assert not plan_scope(text, start, start + len(place))


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("公司尚未建设智能仓储系统。", "智能仓储", True),
        ("智能仓储系统尚未实施。", "智能仓储", True),
        ("过去没有MES，但如今已部署智能仓储。", "智能仓储", False),
        ("建成无人化智能仓储。", "智能仓储", False),
        ("未来感十足的智能仓储", "智能仓储", False),
    ],
)
def test_denials(text: str, place: str, expected: bool) -> None:
    start = text.index(place)
    assert negated(text, start, start + len(place)) is expected


@given(st.text(alphabet="将拟计划目标效率提升。！？；，\n（）“”1.5%至到2027年后续 ", max_size=80))
def test_pieces_are_exact_ordered_and_never_blank(text: str) -> None:
    for split in (sentences, clauses):
        at = 0
        for start, end in split(text):
            assert at <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()
            at = end


@given(st.text(alphabet="将拟计划到2027年目标，。\n效率一、后续实施", max_size=60), st.integers(0, 59))
def test_any_place_can_be_asked(text: str, at: int) -> None:
    at = min(at, max(len(text) - 1, 0))
    assert plan_scope(text, at, at + 1) in {True, False}
    assert negated(text, at, at + 1) in {True, False}
    piece = sentence_at(text, at)
    assert piece.start <= at <= max(piece.end, at)


@pytest.mark.parametrize(
    ("text", "words", "planned"),
    [
        ("明年准备把每道工序的用电也分摊到订单上。", "分摊", True),
        ("公司准备引进两条柔性产线。", "引进", True),
        ("系统预测未来两小时的蒸汽用量，提前调整锅炉负荷。", "调整", False),
        ("产量比明年同期预测的低。", "预测", False),
    ],
)
def test_what_is_prepared_is_a_plan_and_what_is_forecast_is_not(text: str, words: str, planned: bool) -> None:
    at = text.index(words)
    assert plan_scope(text, at, at + len(words)) is planned


def test_a_title_of_present_and_plans_is_no_plan_heading() -> None:
    assert is_plan_heading("3.2 后续建设计划")
    assert not is_plan_heading("3.2 建设现状与建设计划")
    assert is_plan_heading("四、预期成效与建设目标")
