"""Fields of the application and the enterprise, in the forms that declarations have."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.document import Document
from assistant.extract.fields import find_fields
from assistant.ingest.build import TextBuilder
from assistant.records import PriorRecognition
from tests.extract.reading import fields, read

FORM = """湖北省先进级智能工厂申报书
企业名称：武汉示例（虚构）精工机械有限公司（盖章）
统一社会信用代码：91420100MA4KXXXX1Y
工厂名称：示例精工数控机床智能工厂
推荐单位：湖北省经济和信息化厅
申报日期：2025年 6 月 18 日
联系人：张三 联系电话：138 0000 1234
一、企业基本情况
公司注册地址为湖北省武汉市江夏区光谷大道8号，具有独立法人资格，是规模以上工业企业，省级专精特新中小企业，正在争创国家级专精特新“小巨人”企业。
2024年12月20日，公司被武汉市经信局认定为湖北省基础级智能工厂。
企业于2025年5月完成自评估，智能制造能力成熟度达到GB/T 39116-2020《智能制造能力成熟度模型》二级，得分2.35分。计划2027年达到三级。
"""


def test_a_whole_form_is_read_with_the_place_of_every_field() -> None:
    found = fields(FORM)
    assert found.application.model_dump() == {
        "jurisdiction": "湖北",
        "tier": "先进级",
        "date": date(2025, 6, 18),
        "kind": "new",
        "factory_name": "示例精工数控机床智能工厂",
        "prior_recognition": ({"tier": "基础级", "granted_on": date(2024, 12, 20)},),
        "removed_on": None,
    }
    assert found.enterprise.model_dump() == {
        "name": "武汉示例（虚构）精工机械有限公司",
        "uscc": "91420100MA4KXXXX1Y",
        "registered_in": "湖北省武汉市江夏区光谷大道8号",
        "legal_person": True,
        "above_scale": True,
        "sme_class": "省级专精特新中小企业",
        "industry": None,
        "contact_phone": "13800001234",
    }
    assert (found.maturity.level, found.maturity.score) == (2, 2.35)
    for leaf in (
        "application.tier",
        "enterprise.uscc",
        "enterprise.contact_phone",
        "maturity.level",
        "application.prior_recognition",
    ):
        assert found.evidence[leaf], leaf


TIERS = [
    ("江苏省卓越级智能工厂申报书", "卓越级"),
    ("申报等级：□基础级 ☑先进级 □卓越级 □领航级", "先进级"),
    ("申报层级：基础级□ 先进级□ 卓越级√ 领航级□", "卓越级"),
    ("我公司已于2024年12月获评先进级智能工厂，现申报卓越级智能工厂。", "卓越级"),
    ("卓越级智能工厂复核申请书", "卓越级"),
    ("公司计划2027年申报领航级智能工厂", None),
    ("企业按照《卓越级智能工厂项目申报材料清单》编写材料。", None),
    ("公司2024年被认定为先进级智能工厂。", None),
    ("申报等级：基础级、先进级", None),
    ("我公司拟申报卓越级智能工厂。", "卓越级"),
    ("下一步，公司拟申报卓越级智能工厂。", None),
    ("兹申请认定为2026年度先进级智能工厂。", "先进级"),
    ("本次申报层级为先进级。", "先进级"),
    ("湖北省智能工厂申报书（先进级）", "先进级"),
    ("公司卓越级智能工厂有效期将于2026年9月30日届满，现申请复核。", "卓越级"),
    ("2025年1月16日获湖北省经信厅认定的先进级智能工厂", None),
    ("2024年12月被认定为先进级智能工厂，此次申报卓越级。", "卓越级"),
    ("现整改完毕，重新申报先进级。", "先进级"),
    ("本次申报的智能工厂层级为基础级，力争两年内达到先进级。", "基础级"),
    ("本公司不申报卓越级，仅申报先进级。", "先进级"),
    ("现申请由先进级升级为卓越级。", "卓越级"),
    ("2023年曾申报先进级，未获通过。", None),
    ("申报先进级的企业应达到成熟度二级。", None),
    ("根据申报先进级条件的要求，逐项自查如下。", None),
]


@pytest.mark.parametrize(("text", "tier"), TIERS)
def test_the_tier_applied_for(text: str, tier: str | None) -> None:
    assert fields(text).application.tier == tier


DATES = [
    ("二〇二六年三月五日", date(2026, 3, 5)),
    ("填报日期：2026.03.05", date(2026, 3, 5)),
    ("申报时间：2026-3-5", date(2026, 3, 5)),
    ("填表日期：２０２６年３月５日", date(2026, 3, 5)),
    ("申报日期：2026年3月", None),
    ("申报日期：2026年2月30日", None),
    ("公司于2026年3月5日召开启动会。", None),
]


@pytest.mark.parametrize(("text", "day"), DATES)
def test_the_date_of_the_application(text: str, day: date | None) -> None:
    assert fields(text).application.date == day


def test_a_date_that_cannot_be_taken_is_kept_with_its_reason() -> None:
    quarantined = {entry.what: entry.reason for entry in fields("申报日期：2026年2月30日").quarantine}
    assert "日历" in quarantined["application.date"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("卓越级智能工厂复核申请书", "renewal"),
        ("领航级智能工厂验收申请书", "acceptance"),
        ("上海市先进级智能工厂申报书", "new"),
        ("申报类型：□首次申报 ☑复核", "renewal"),
        ("公司卓越级智能工厂有效期将于2026年9月30日届满，现申请复核。", "renewal"),
        ("项目已通过竣工验收。", None),
    ],
)
def test_the_kind_of_application(text: str, kind: str | None) -> None:
    assert fields(text).application.kind == kind


PRIOR = [
    (
        "本工厂于2025年6月30日被认定为先进级智能工厂（有效期至2028年6月30日），2024年8月15日获评基础级智能工厂。",
        (("基础级", date(2024, 8, 15)), ("先进级", date(2025, 6, 30))),
    ),
    ("我公司2024年12月获评先进级智能工厂。", (("先进级", None),)),
    ("力争到2027年，获评卓越级智能工厂。", None),
    ("原则上应已获评先进级智能工厂。", None),
    ("供应商某公司获评先进级智能工厂。", None),
    ("此前未获得过智能工厂认定。", ()),
    ("兹申请认定为2026年度先进级智能工厂。", None),
    ("2022年6月15日，因数据造假，公司被取消先进级智能工厂认定。", None),
    ("荣获“湖北省先进级智能工厂”称号（2025年1月）。", (("先进级", None),)),
    (
        "所获荣誉\t2024年12月获评先进级智能工厂；2023年9月1日获评国家级专精特新“小巨人”企业",
        (("先进级", None),),
    ),
    ("前一层级认定情况\t先进级智能工厂，2025年3月1日", (("先进级", date(2025, 3, 1)),)),
]


@pytest.mark.parametrize(("text", "expected"), PRIOR)
def test_earlier_recognitions(text: str, expected: tuple[tuple[str, date | None], ...] | None) -> None:
    prior = fields(text).application.prior_recognition
    if expected is None:
        assert prior is None
    else:
        assert prior == tuple(
            PriorRecognition.model_validate({"tier": t, "granted_on": d}) for t, d in expected
        )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("企业于2023年5月10日被移出智能工厂培育库。", date(2023, 5, 10)),
        ("企业未被移出智能工厂培育库。", None),
        ("数据造假的，将从智能工厂库中移出。", None),
    ],
)
def test_removal(text: str, day: date | None) -> None:
    assert fields(text).application.removed_on == day


ENTERPRISE = [
    ("注册地：湖北省武汉市", {"registered_in": "湖北省武汉市"}),
    (
        "本公司系某某集团有限公司的分公司，不具有独立法人资格，非规模以上企业",
        {"legal_person": False, "above_scale": False},
    ),
    ("企业应为规模以上工业企业，具有独立法人资格。", {"legal_person": None, "above_scale": None}),
    ("带动上下游20家规模以上工业企业。", {"above_scale": None}),
    ("是否规模以上企业：是", {"above_scale": True}),
    ("企业规模：□规模以上 ☑规模以下", {"above_scale": False}),
    ("2022年获评国家级专精特新“小巨人”企业，2019年为省级专精特新企业。", {"sme_class": "国家专精特新小巨人"}),
    ("公司正在争创国家级专精特新小巨人企业", {"sme_class": None}),
    ("公司培育了3家创新型中小企业", {"sme_class": None}),
    ("联系人：李四（副总经理）　13912345678", {"contact_phone": "13912345678"}),
    ("联系电话 025-12345678", {"contact_phone": "025-12345678"}),
    ("手机：138****1234", {"contact_phone": "138****1234"}),
    ("企业名称\t武汉示例有限公司\t法定代表人\t王五", {"name": "武汉示例有限公司"}),
    ("企 业 名 称：武汉示例有限公司", {"name": "武汉示例有限公司"}),
    ("企业名称\n武汉示例有限公司", {"name": "武汉示例有限公司"}),
    (
        "企业名称：苏州示例有限公司    统一社会信用代码：91320594MA1XXXXX0L",
        {"name": "苏州示例有限公司", "uscc": "91320594MA1XXXXX0L"},
    ),
    ("所属行业：□电子信息 □汽车 ☑高端装备 □生命健康", {"industry": "高端装备"}),
    (
        "示例重工（集团）股份有限公司（以下简称“示例重工”）成立于1998年，在江苏省无锡市注册登记。",
        {"name": "示例重工（集团）股份有限公司", "registered_in": "江苏省无锡市"},
    ),
    ("企业名称：（需加盖公章）", {"name": None}),
    (
        "企业名称\t上海某某电气股份有限公司（从填表之日起，如有名称变更，请及时报备）",
        {"name": "上海某某电气股份有限公司"},
    ),
    ("公司是一家具有独立法人资格的规模以上民营企业。", {"legal_person": True, "above_scale": True}),
    (
        "法定代表人：王五，手机：13711112222；项目联系人：赵六，手机：13733334444",
        {"contact_phone": "13733334444"},
    ),
    ("本公司（江苏某某纺织科技有限公司）位于江苏省盐城市。", {"name": "江苏某某纺织科技有限公司"}),
    ("公司属于石油化工行业。", {"industry": "石油化工行业"}),
    (
        "企业名称 湖北某某科技有限公司 统一社会信用代码 91420100MA0XN00017",
        {"name": "湖北某某科技有限公司", "uscc": "91420100MA0XN00017"},
    ),
]


@pytest.mark.parametrize(("text", "expected"), ENTERPRISE)
def test_the_enterprise(text: str, expected: dict[str, object]) -> None:
    found = fields(text).enterprise.model_dump()
    assert {name: found[name] for name in expected} == expected


MATURITY = [
    ("企业成熟度自评估等级：三级，得分3.12分", 3, 3.12),
    ("智能制造能力成熟度等级：L3", 3, None),
    ("成熟度等级（自评估）\tL4", 4, None),
    ("工厂成熟度由二级提升到三级", 3, None),
    ("DCMM三级，CMMI 5级，通过智能制造能力成熟度二级评估", 2, None),
    ("安全生产标准化三级企业，动物生物安全三级实验室", None, None),
    ("智能制造能力成熟度应达到三级及以上", None, None),
    ("此处请注明成熟度评估等级（L3-L5)", None, None),
    ("目前达到CMMM二级，计划2027年达到四级。", 2, None),
    ("智能制造能力成熟度评估得分为2.86，等级为二级。", 2, 2.86),
    ("自评估总得分3.26，对应智能制造能力成熟度三级（集成级）", 3, 3.26),
    ("智能制造能力成熟度达到三级水平，其中制造能力域得分3.1分", 3, None),
    ("2022年成熟度为一级，2025年达到三级", 3, None),
    ("尚未达到智能制造能力成熟度三级", None, None),
]


@pytest.mark.parametrize(("text", "level", "score"), MATURITY)
def test_maturity(text: str, level: int | None, score: float | None) -> None:
    found = fields(text).maturity
    assert (found.level, found.score) == (level, score)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("数字化转型自评价得分72.5分，智能制造能力成熟度三级，得分3.25分", 72.5),
        ("利用《江苏省企业数字化转型通用评估指标体系（2025年版）》自评价得分高于60分", None),
        ("利用《江苏省企业数字化转型通用评估指标体系（2025年版）》自评价，得分为78.6分。", 78.6),
        ("自评价得分：81", 81),
        ("自评价得分：810", None),
        ("智能制造能力成熟度自评估得分3.25分", None),
    ],
)
def test_the_digital_score(text: str, score: float | None) -> None:
    assert fields(text).digital_score == score


PLACES = [
    ("上海市先进级智能工厂申报书", "上海"),
    ("推荐单位：湖北省经济和信息化厅\n企业名称：苏州示例有限公司", "湖北"),
    ("注册地址：江苏省常州市武进区", "江苏"),
    ("企业名称：湖北示例有限公司", "湖北"),
    ("客户分布在湖北、江苏、上海。", None),
    ("致：上海市经济和信息化委员会", "上海"),
    ("某某公司申报2025年上海市先进级智能工厂。", "上海"),
    ("推荐单位（盖章）：河南省工业和信息化厅", "河南"),
]


@pytest.mark.parametrize(("text", "place"), PLACES)
def test_the_jurisdiction(text: str, place: str | None) -> None:
    assert fields(text).application.jurisdiction == place


def test_two_values_for_one_field_take_the_stronger_place_and_keep_the_other_in_quarantine() -> None:
    found = fields("先进级智能工厂申报书\n申报等级：卓越级\n一、概况\n本项目现申报卓越级智能工厂。")
    assert found.application.tier == "卓越级"
    assert [(entry.what, entry.quote) for entry in found.quarantine] == [("application.tier", "先进级")]
    assert "标题" in found.quarantine[0].reason


COVER = """湖北省智能工厂
申  报  书
申 报 单 位： 武汉某某示例公司（盖章）
申 报 等 级：  先 进 级
推 荐 单 位：湖北省经济和信息化厅
填 报 日 期： 2025 年 6 月 1 日
"""


def test_a_cover_with_letters_set_apart() -> None:
    found = fields(COVER)
    said = found.application
    assert (said.jurisdiction, said.tier, said.date, said.kind) == ("湖北", "先进级", date(2025, 6, 1), "new")
    assert found.enterprise.name == "武汉某某示例公司"


def test_a_fuller_wording_of_the_same_value_is_no_contradiction() -> None:
    found = fields("注册地址：上海市浦东新区示例路300号\n公司注册于上海市浦东新区，从事研发。")
    assert found.enterprise.registered_in == "上海市浦东新区示例路300号"
    assert found.quarantine == ()


MARKDOWN = """# 江苏省先进级智能工厂申报书

| 序号 | 单位名称 | 工厂名称 | 统一社会信用代码 | 所属行业 |
| --- | --- | --- | --- | --- |
| 1 | 苏州示例有限公司 | 示例电子智能工厂 | 91320594MA1XXXXX0L | 电子信息 |

| 企业联系人 | 张三 经理 | 13900001111 |
| --- | --- | --- |
| 企业填表人 | 李四 专员 | 13900002222 |
"""


def test_values_below_column_titles_and_beside_row_titles() -> None:
    found = fields(MARKDOWN, "declaration.md")
    assert found.enterprise.name == "苏州示例有限公司"
    assert found.enterprise.uscc == "91320594MA1XXXXX0L"
    assert found.enterprise.industry == "电子信息"
    assert found.application.factory_name == "示例电子智能工厂"
    assert found.enterprise.contact_phone == "13900001111"


def test_cells_that_wrap_over_rows_of_a_table_without_ruled_lines() -> None:
    builder = TextBuilder("form.pdf", 10_000)
    for number, row in enumerate(
        [
            ("单位名称", "南通某某船舶重工有", "统一社会信用代码", "91320600MA0XN00"),
            ("", "限公司", "", "04Y"),
            ("近三年是否发生重大", "否", "近三年是否发生亡人", "否"),
            ("及以上安全事故", "", "事故", ""),
        ]
    ):
        builder.add_row(row, 0, number)
    document = Document("form.pdf", "0" * 64, "application/pdf", builder.text(), blocks=tuple(builder.blocks))
    found = find_fields(document)
    assert found.enterprise.name == "南通某某船舶重工有限公司"
    assert found.enterprise.uscc == "91320600MA0XN0004Y"
    assert [span.quote for span in found.evidence["enterprise.name"]] == ["南通某某船舶重工有", "限公司"]
    assert found.conduct.fatal_accident is False
    asked = [span.quote for span in found.evidence["conduct.safety_accident.at_most"]]
    assert asked == ["近三年是否发生重大", "及以上安全事故", "否"]


def _assert_grounded(text: str) -> None:
    document = read(text)
    found = find_fields(document)
    spans = [span for places in found.evidence.values() for span in places]
    spans += [span for item in (*found.statements, *found.attachments) for span in item.spans]
    assert all(document.text[span.start : span.end] == span.quote for span in spans)
    for part in ("application", "enterprise", "maturity", "conduct"):
        for name, value in getattr(found, part).model_dump().items():
            assert value is None or found.evidence.get(f"{part}.{name}"), f"{part}.{name}"
    assert all(entry.quote in document.text for entry in found.quarantine)


_LINES = [line for line in FORM.splitlines() if line] + [
    text for text, *_ in (*TIERS, *DATES, *ENTERPRISE, *MATURITY)
]


@settings(max_examples=60, deadline=None)
@given(st.permutations(_LINES).flatmap(lambda lines: st.integers(1, len(lines)).map(lambda n: lines[:n])))
def test_every_field_is_grounded_whatever_the_order_of_the_lines(lines: list[str]) -> None:
    _assert_grounded("\n".join(lines))


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet="企业名称：信用代码9A年月日级智能工厂先进卓越申报，。；、\t\n （）《》无未发生事故1234%",
        min_size=1,
        max_size=200,
    )
)
def test_any_text_is_read_without_a_crash(text: str) -> None:
    if text.strip():
        _assert_grounded("甲" + text)


APPLICANTS = [
    ("合作单位：武汉智造软件有限公司。本项目由十堰车桥有限公司独立实施并申报。", "十堰车桥有限公司"),
    ("申报主体为宜昌长江机械有限公司，技术服务方为北京智云科技有限公司。", "宜昌长江机械有限公司"),
    ("某食品企业：德州禹鑫生物科技有限公司，申报卓越级智能工厂。", "德州禹鑫生物科技有限公司"),
    ("襄阳汉江轴承有限公司拟申报先进级智能工厂。", "襄阳汉江轴承有限公司"),
    ("由北京智云科技有限公司协助襄阳汉江轴承有限公司申报。", None),
    ("由武汉咨询服务有限公司编制申报材料。", None),
    ("我公司与武汉华工智云有限公司共同申报先进级智能工厂。", None),
    ("由甲乙机械有限公司申报。后由丙丁机械有限公司申报。", None),
]


@pytest.mark.parametrize(("text", "name"), APPLICANTS)
def test_the_name_is_that_of_whoever_the_prose_says_applies(text: str, name: str | None) -> None:
    assert fields(text).enterprise.name == name


SCORES = [
    ("自评估报告载明：资源要素2.9分，制造环节2.7分，综合得分2.78分，成熟度等级为二级。", 2.78),
    ("成熟度评估：人员能力得分2.1，技术能力得分2.3，制造能力得分2.6。", None),
    ("通过公共服务平台完成成熟度自评估，得分2.31。", 2.31),
    ("智能制造能力成熟度达到四级，得分4.05。", 4.05),
]


@pytest.mark.parametrize(("text", "score"), SCORES)
def test_the_whole_score_is_read_not_that_of_a_part(text: str, score: float | None) -> None:
    assert fields(text).maturity.score == score


OTHERS = [
    ("控股股东统一社会信用代码：91420500MA49QP312U", "enterprise", "uscc", None),
    (
        "供应商统一社会信用代码：91420500MA49QP312U；本公司统一社会信用代码：91420100MA4KW1203D",
        "enterprise",
        "uscc",
        "91420100MA4KW1203D",
    ),
    ("企业智能制造能力成熟度2级，供应商平均1级。", "maturity", "level", 2),
    ("供应商智能制造能力成熟度平均达到二级。", "maturity", "level", None),
    ("兄弟工厂2025年获评卓越级智能工厂。", "application", "prior_recognition", None),
    ("2024年3月1日被移出严重失信主体名单。", "application", "removed_on", None),
    ("国家级专精特新“小巨人”企业培育对象。", "enterprise", "sme_class", None),
    ("该分厂不是独立法人。", "enterprise", "legal_person", False),
    ("2025年底退出规上企业库。", "enterprise", "above_scale", False),
    ("成熟度等级：三级（目标：四级）", "maturity", "level", 3),
    ("2023年12月获评先进级智能工厂，现有效期届满，申请复核。", "application", "kind", "renewal"),
]


@pytest.mark.parametrize(("text", "part", "leaf", "value"), OTHERS)
def test_what_is_said_of_others_or_only_aimed_at_is_not_the_applicants(
    text: str, part: str, leaf: str, value: object
) -> None:
    assert getattr(getattr(fields(text), part), leaf) == value
