"""Scenes in many styles of declaration and news, and what quotes the guide, a tier table or a page header."""

from __future__ import annotations

import pytest

from assistant import policy
from assistant.document import Block
from assistant.extract.scenes import find_scenes
from tests.extract.scene_cases import built, cases, document, f1, scenes

TIERS = ("基础级", "先进级", "卓越级", "领航级")
OWN = (
    "一、场景建设情况\n1. 在线智能检测\n部署机器视觉系统，自动识别缺陷，检出率99%。\n"
    "2. 车间智能排产\n部署APS系统，自动排程，准时率96%。\n3. 能源智能管控\n上线能源管理系统。\n附件\n"
)


@pytest.mark.parametrize(
    ("name", "bar"), [("scenes_styles_declarations.yaml", 0.97), ("scenes_styles_prose.yaml", 0.92)]
)
def test_labelled_styles_hold_their_bars(name: str, bar: float) -> None:
    assert f1(cases(name)) >= bar


def test_plans_and_ai_use_in_every_style() -> None:
    for row in cases("scenes_styles_declarations.yaml"):
        found = scenes(row["text"], row["catalog"])
        assert {c.number for c in found if c.plan} == set(row["plans"]), row["id"]
        if row["ai"] is not None:
            assert {c.number for c in found if c.uses_ai} == set(row["ai"]), row["id"]


def _guide(form: str, catalog: str) -> str:
    rows = policy.load().catalog(catalog).scenes
    return {
        "sections": "\n".join(f"{s.number}.{s.name}\n{s.text}" for s in rows),
        "run in": "\n".join(f"{s.number}. {s.name}。{s.text}" for s in rows),
        "table": "序号\t环节\t场景名称\t场景内容\n"
        + "\n".join(f"{s.number}\t{s.segment}\t{s.name}\t{s.text}" for s in rows),
        "names": "\n".join(f"{s.number}.{s.name}" for s in rows),
        "one line": "典型场景包括：" + "、".join(s.name for s in rows) + "。",
    }[form]


@pytest.mark.parametrize("catalog", ["2024", "2025"])
@pytest.mark.parametrize("form", ["sections", "run in", "table", "names", "one line"])
def test_a_pasted_catalogue_claims_nothing(form: str, catalog: str) -> None:
    assert built(OWN + _guide(form, catalog), catalog) == built(OWN, catalog)


def _tiers(form: str) -> str:
    given = policy.load()
    rows = []
    for scene in given.catalog("2024").scenes:
        told = [given.tier_descriptors("江苏").get((scene.number, tier)) or "/" for tier in TIERS]
        if form == "lines":
            rows.append(
                f"{scene.number}. {scene.name}\n"
                + "\n".join(f"{tier}：{words}" for tier, words in zip(TIERS, told, strict=True))
            )
        else:
            rows.append("\t".join([str(scene.number), scene.segment, scene.name, *told]))
    title = "序号\t环节\t场景\t" + "\t".join(TIERS) + "\n" if form == "table" else ""
    return title + "\n".join(rows)


@pytest.mark.parametrize("catalog", ["2024", "2025"])
@pytest.mark.parametrize("form", ["table", "rows without a title", "lines"])
def test_a_pasted_tier_table_claims_nothing(form: str, catalog: str) -> None:
    assert built(OWN + _tiers(form), catalog) == built(OWN, catalog)


def test_a_tier_table_in_own_words_claims_nothing() -> None:
    table = (
        "场景名称\t基础级\t先进级\t卓越级\n生产计划优化\t用系统编计划\t计划与采购联动\t计划自动优化\n"
        "仓储智能管理\t用仓储系统\t出入库自动化\t建成立体仓库\n"
    )
    assert built(OWN + table) == built(OWN)


def test_a_tier_table_that_ticks_the_tier_reached_is_a_claim() -> None:
    table = "场景名称\t基础级\t先进级\t卓越级\n生产计划优化\t\t√\t\n仓储智能管理\t√\t\t\n"
    assert {8, 12} <= built(OWN + table)


def test_page_headers_and_footers_are_no_part_of_a_scene() -> None:
    header = "示例申报书：企业、人员、数据均为虚构，系统已上线运行"
    parts = [
        ("heading", "1. 车间智能排产"),
        ("header", header),
        ("paragraph", "部署APS系统，自动安排机台任务，排产时间缩短一半。"),
        ("heading", "2. 碳资产全生命周期管理"),
        ("footer", header),
        ("paragraph", "计划2027年建设碳管理平台。"),
    ]
    text, blocks = "", []
    for kind, words in parts:
        blocks.append(Block(kind, len(text), len(text) + len(words), level=2 if kind == "heading" else None))
        text += words + "\n"
    found = {c.number: c for c in find_scenes(document(text, tuple(blocks)))}
    assert {n: c.plan for n, c in found.items()} == {9: False, 17: True}
    assert all("虚构" not in span.quote for c in found.values() for span in c.spans)


def test_a_plan_at_the_end_of_a_section_is_its_own_scene_and_takes_no_ai_away() -> None:
    text = (
        "1. 车间智能排产\n部署APS系统，应用强化学习算法实现多目标排产，准时率提升11个百分点。\n"
        "后续计划建设供应链风险预警与调度平台，力争2027年实现供应链风险在线监控。\n"
    )
    found = {c.number: (c.plan, c.uses_ai) for c in scenes(text)}
    assert found == {9: (False, True), 39: (True, False)}


def test_a_list_of_systems_is_no_evidence() -> None:
    assert not built("公司先后实施并打通PLM、ERP、MES、WMS、SRM、QMS六大系统，信息化水平行业领先。")


def test_prose_adds_a_scene_to_a_declaration_when_it_says_enough() -> None:
    text = OWN + (
        "4. 设备运行监控\n设备数据实时采集，状态异常报警。\n二、其他建设内容\n"
        "成品区建成24米高的自动化立体库，堆垛机与WMS联动，出入库无需人工。\n"
    )
    assert built(text) == {9, 12, 16, 24, 27}


def test_the_name_of_a_link_heads_its_scenes_and_is_none() -> None:
    assert built("设备管理：设备运行监控、设备智能运维；\n质量管控：在线智能检测；\n", "2024") == {14, 16, 17}
