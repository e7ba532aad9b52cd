"""What statements about accidents and credit bear, and what they leave open."""

from __future__ import annotations

import pytest

from tests.extract.reading import fields

STATEMENTS = [
    ("近三年未发生安全生产事故", {"safety_accident": "无", "fatal_accident": False}),
    (
        "公司近三年未发生安全、环保等事故，无违法违规行为。",
        {
            "safety_accident": "无",
            "environment_accident": "无",
            "fatal_accident": False,
            "violations": False,
            "tax_violation": False,
        },
    ),
    ("近三年无较大及以上安全、环保等事故。", {}),
    (
        "近三年未发生重大（含）以上安全、环保、质量事故（事件），未被列入严重失信主体名单。",
        {"dishonest_list": False},
    ),
    (
        "近三年未发生亡人事故和较大及以上安全环保事故",
        {"fatal_accident": False},
    ),
    ("2024年3月发生一起一般机械伤害事故，无人员死亡。", {"safety_accident": "一般", "fatal_accident": False}),
    ("近三年除2024年5月发生1起一般安全事故外，未发生其他安全事故。", {"safety_accident": "一般"}),
    ("2023年发生一起较大火灾事故，造成3人死亡。", {"safety_accident": "较大", "fatal_accident": True}),
    ("近三年来未发生过亡人安全事故。", {"fatal_accident": False}),
    (
        "近三年安全生产零事故，环境零污染事件。",
        {"safety_accident": "无", "environment_accident": "无", "fatal_accident": False},
    ),
    (
        "未发生一般及以上生产安全事故和突发环境事件。",
        {"safety_accident": "无", "environment_accident": "无", "fatal_accident": False},
    ),
    (
        "近三年（2023-2025年）未发生安全事故、环境污染事故及亡人事故。",
        {"safety_accident": "无", "environment_accident": "无", "fatal_accident": False},
    ),
    (
        "近三年企业无重大及以上安全、环保、质量事故，未被列入严重失信主体名单，诚信守法经营。",
        {
            "dishonest_list": False,
            "violations": False,
        },
    ),
    ("近三年发生安全事故0起", {"safety_accident": "无", "fatal_accident": False}),
    ("近三年是否发生重大及以上安全事故：否", {}),
    ("近三年安全事故为零。", {"safety_accident": "无", "fatal_accident": False}),
    ("我单位不存在失信行为，未列入经营异常名录。", {"dishonest_list": False, "abnormal_list": False}),
    ("因废水排放超标于2024年被生态环境局处以罚款5万元。", {"violations": True}),
    ("无不良信用记录、无偷税漏税行为", {"dishonest_list": False, "tax_violation": False}),
    ("近三年是否发生安全事故：否", {"safety_accident": "无", "fatal_accident": False}),
    ("是否列入经营异常名录：☑是 □否", {"abnormal_list": True}),
    (
        "近三年未发生较大及以上安全事故，无人员死亡。",
        {"fatal_accident": False},
    ),
    ("2025年因未按期公示年报，曾被列入经营异常名录，现已移出。", {"abnormal_list": True}),
    ("近三年曾被列入严重失信主体名单，已移出。", {"dishonest_list": True}),
    ("近三年无工亡事故。", {"fatal_accident": False}),
    ("公司连续五年实现零工亡。", {"fatal_accident": False}),
    ("除2024年一起一般安全事故外，近三年无其他事故。", {"safety_accident": "一般"}),
    ("企业不在严重失信主体名单内。", {"dishonest_list": False}),
    ("2024年被税务机关查处偷税行为，补缴税款30万元。", {"tax_violation": True}),
    ("近三年曾受环保处罚一次，罚款2万元。", {"violations": True}),
    ("近三年有无行政处罚：有，2024年因噪声超标被罚款2万元", {"violations": True}),
    ("近三年是否发生重大环境事件：无", {}),
    ("2024年8月发生一起安全事故，造成1人死亡。", {"fatal_accident": True}),
    ("我公司及下属子公司近三年均未被列入经营异常名录。", {"abnormal_list": False}),
]


@pytest.mark.parametrize(("text", "expected"), STATEMENTS)
def test_a_statement_gives_what_it_bears_and_nothing_else(text: str, expected: dict[str, object]) -> None:
    found = {k: v for k, v in fields(text).conduct.model_dump().items() if v is not None}
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "公司承诺未来不发生重大安全事故，确保安全生产零事故。",
        "企业应近三年无较大及以上安全、环保事故。",
        "近三年未发生网络安全事故。",
        "建设安全管控平台，实现安全事故提前预警，事故发生率下降30%。",
        "如发生安全事故，立即启动应急预案。",
        "防止发生安全事故。",
        "系统上线以来未发生安全事故。",
        "近三年无重大违法违规行为。",
        "并非未发生过安全事故。",
        "供应商近三年未发生安全事故。",
        "2022年曾被列入经营异常名录，2023年已移出。",
        "曾被列入经营异常名录，现已移出。",
        "2018年曾受到行政处罚。",
        "如被列入失信名单，自愿放弃申报。",
        "若存在违法违规行为，愿承担责任。",
        "法定代表人被列为失信被执行人。",
        "近三年未受到环保处罚。",
        "申报日期：2026年5月1日\n2020年10月，公司发生一起一般安全事故。",
    ],
)
def test_promises_requirements_and_half_denials_say_nothing(text: str) -> None:
    assert not [value for value in fields(text).conduct.model_dump().values() if value is not None]


BOUNDS = [
    ("近三年无较大及以上安全事故。", "safety_accident.at_most", ["近三年无较大及以上安全事故"]),
    ("近三年重大及以上安全事故为零。", "safety_accident.at_most", ["近三年重大及以上安全事故为零"]),
    (
        "近三年未发生重大及以上安全事故。\n三年来未发生较大及以上安全事故。",
        "safety_accident.at_most",
        ["三年来未发生较大及以上安全事故"],
    ),
    (
        "| 近三年是否发生重大及以上环保事故 | 否 |",
        "environment_accident.at_most",
        ["近三年是否发生重大及以上环保事故", "否"],
    ),
    (
        "近三年除一起轻微工伤外，未发生安全事故。",
        "safety_accident.at_most",
        ["除一起轻微工伤外，未发生安全事故"],
    ),
    ("近三年无重大违法违规行为。", "violations.at_most", ["近三年无重大违法违规行为"]),
    ("2024年8月发生一起安全事故，已整改。", "safety_accident.at_least", ["2024年8月发生一起安全事故"]),
    (
        "近三年是否发生较大及以上安全事故：是",
        "safety_accident.at_least",
        ["近三年是否发生较大及以上安全事故", "是"],
    ),
]


@pytest.mark.parametrize(("text", "bound", "quotes"), BOUNDS)
def test_what_only_bounds_a_fact_is_no_value_but_evidence(text: str, bound: str, quotes: list[str]) -> None:
    found = fields(text)
    leaf = bound.partition(".")[0]
    assert getattr(found.conduct, leaf) is None
    assert [span.quote for span in found.evidence[f"conduct.{bound}"]] == quotes
    assert f"conduct.{leaf}" not in found.evidence


def test_a_full_statement_needs_no_bound() -> None:
    found = fields("近三年未发生安全事故。近三年未发生较大及以上安全事故。")
    assert found.conduct.safety_accident == "无"
    assert not [name for name in found.evidence if name.endswith((".at_most", ".at_least"))]


def test_a_lesser_accident_agrees_with_the_denial_of_graver_ones() -> None:
    found = fields("2024年6月发生一起一般安全事故。近三年未发生较大及以上安全事故。")
    assert found.conduct.safety_accident == "一般"
    assert not found.quarantine


def test_an_admission_outweighs_a_denial_elsewhere() -> None:
    found = fields("近三年未发生安全事故。\n2024年6月发生一起一般安全事故。")
    assert found.conduct.safety_accident == "一般"
    assert [entry.quote for entry in found.quarantine if entry.what == "conduct.safety_accident"] == [
        "近三年未发生安全事故"
    ]


@pytest.mark.parametrize("gap", [" | ", "\t", "  "])
def test_rows_without_a_header_answer_each_its_own_question(gap: str) -> None:
    rows = ("近三年是否发生死亡事故", "是否被列入失信名单", "是否存在税收违法", "是否列入经营异常名录")
    bar = "| {} |" if "|" in gap else "{}"
    text = "\n".join(bar.format(f"{row}{gap}{answer}") for row, answer in zip(rows, "否否否是", strict=True))
    found = fields(text).conduct
    assert (found.fatal_accident, found.dishonest_list, found.tax_violation) == (False, False, False)
    assert found.abnormal_list is True


def test_an_accident_before_the_last_three_years_is_told_but_not_counted() -> None:
    found = fields("申报日期：2026年5月1日\n2020年10月，公司发生一起一般安全事故。")
    assert [entry.reason for entry in found.quarantine] == ["写明的事故不在近三年内"]
