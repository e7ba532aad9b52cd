"""Superlatives and attachments: found where they are claimed, not where they are names or goals."""

from __future__ import annotations

import pytest

from tests.extract.reading import fields


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("公司产品国内领先，市场占有率全国第一。", ["领先", "第一"]),
        ("公司主导产品处于国际先进水平，与世界一流仍有差距。", ["先进"]),
        ("行业首创数字孪生产线，填补国内空白，打破国外垄断。", ["首创", "填补空白", "打破垄断"]),
        ("我司是国内唯一一家掌握该技术的企业。", ["唯一"]),
        ("是全国最大的轴承生产基地。", ["最高级"]),
        ("公司对标世界一流，建成了国内领先的智能工厂。", ["领先"]),
        ("打造了国内首条全自动生产线。", ["首创"]),
        ("打造国内领先的智能工厂。", []),
        ("建设先进过程控制系统，应用先进制造技术，为每件产品赋唯一标识码。", []),
        ("公司以建成世界一流企业为目标。", []),
        ("按照《国内领先的智能工厂建设指南》执行。", []),
        ("对比行业领先水平，本厂效率低10%。", []),
        ("第一车间和第一条产线于2023年投产，求最优解，降至最低库存。", []),
        ("计划到2027年达到国际领先水平。", []),
        ("主要技术经济指标应处于国内同行业领先水平。", []),
    ],
)
def test_superlatives(text: str, kinds: list[str]) -> None:
    assert [statement.kind for statement in fields(text).statements] == kinds


def test_a_statement_quotes_its_whole_clause() -> None:
    (statement,) = fields("经专家鉴定，公司自主研发的热补偿技术填补了国内空白。").statements
    assert statement.as_written == "公司自主研发的热补偿技术填补了国内空白"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "附件1：智能制造能力成熟度自评估报告（L3级）",
            [("自评估报告", "智能制造能力成熟度自评估报告（L3级）")],
        ),
        (
            "附：1.营业执照；2.专利证书；3.真实性承诺书",
            [("营业执照", "营业执照"), ("专利", "专利证书"), ("承诺书", "真实性承诺书")],
        ),
        (
            "附件\n1.营业执照复印件\n2.近三年财务审计报告",
            [("营业执照", "营业执照复印件"), ("审计报告", "近三年财务审计报告")],
        ),
        ("公司已完成自评估（自评估报告见附件2）。", [("自评估报告", "自评估报告")]),
        ("随附成熟度自评估报告及专利证书。", [("自评估报告", "成熟度自评估报告"), ("专利", "专利证书")]),
        ("参考附件2《智能制造典型场景参考指引（2025年版）》。", []),
        ("完成评估后，请下载并提交L3级及以上自评估报告（不计入文档字数内）。", []),
        ("系统自动生成检测报告。", []),
    ],
)
def test_attachments(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.name) for one in fields(text).attachments] == expected


SHANGHAI = """上海市先进级智能工厂申报书
第一部分：申报企业基本情况介绍
1、发展历程、行业属性、行业地位
公司成立于2005年，专注于汽车电子控制器的研发与制造，服务国内外二十余家整车企业，员工八百余人。
2、品牌品质、专业资质、生产经营、财务状况（必填项）
第二部分：智能工厂建设情况介绍
2、智能工厂整体架构（必填项）
智能工厂采用“云-边-端”三层架构，由设备层、控制层、执行层、运营层组成，打通了ERP、MES、WMS等系统。
"""


def test_a_part_of_the_form_counts_when_text_follows_its_heading() -> None:
    evidence = fields(SHANGHAI).evidence
    assert [span.quote for span in evidence["sections.1.1"]] == ["1、发展历程、行业属性、行业地位"]
    assert evidence["sections.2.2"]
    assert evidence["sections.1.2"] == ()
    assert evidence["sections.3.1"] == ()
