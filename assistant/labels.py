"""What the contract's keys are called on screens and in reports: Chinese first, English second."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]

TOPICS: dict[str, tuple[str, str]] = {
    "eligibility.registration": ("注册地", "Registration"),
    "eligibility.legal_person": ("法人资格", "Legal person"),
    "eligibility.above_scale": ("企业规模", "Enterprise scale"),
    "eligibility.conduct": ("近三年守法与安全", "Conduct, last three years"),
    "maturity.level": ("智能制造能力成熟度", "Maturity level"),
    "coverage.segments": ("环节覆盖", "Segment coverage"),
    "scenes.catalog": ("场景目录版本", "Scene catalogue"),
    "scenes.count": ("场景数量", "Number of scenes"),
    "scenes.tier_descriptor": ("场景的本级描述", "Scene description at this tier"),
    "ai.ratio": ("人工智能场景比例", "Share of AI scenes"),
    "digital.score": ("数字化转型自评价得分", "Digital self-assessment score"),
    "progression.prior_tier": ("前一层级认定", "Prior tier"),
    "removal.cooldown": ("移出后再次申报", "Removal and reapplication"),
    "validity.renewal": ("有效期、复核与验收", "Validity, renewal, acceptance"),
    "effect.benchmark": ("建设成效水平", "Benchmark of effects"),
    "materials.sections": ("申报书章节", "Sections of the declaration"),
    "materials.attachments": ("佐证附件", "Attachments"),
    "deadline.submission": ("申报期限", "Submission deadline"),
    "form.factory_name": ("工厂名称", "Factory name"),
    "form.industry": ("所属行业", "Industry"),
    "form.uscc": ("统一社会信用代码", "Credit code"),
    "form.phone": ("联系电话", "Contact phone"),
    "form.word_count": ("字数", "Word count"),
    "form.font": ("字体字号", "Font"),
    "form.line_spacing": ("行间距", "Line spacing"),
    "form.images": ("配图", "Figures"),
    "kpi.catalog": ("指标名称", "KPI names"),
    "kpi.arithmetic": ("指标算术", "KPI arithmetic"),
    "kpi.consistency": ("指标前后一致", "KPI consistency"),
    "kpi.plausibility": ("指标合理性", "KPI plausibility"),
}

STATUSES: dict[str, tuple[str, str]] = {
    "pass": ("符合", "Pass"),
    "fail": ("不符合", "Fail"),
    "advisory": ("需研判", "Advisory"),
    "unknown": ("缺少依据", "Unknown"),
    "not_applicable": ("不适用", "Not applicable"),
}

FLAG_KINDS: dict[str, tuple[str, str]] = {
    "unsupported_scene": ("场景缺少佐证", "Unsupported scene"),
    "weak_scene": ("场景佐证薄弱", "Weak scene"),
    "boilerplate": ("照抄指引", "Boilerplate"),
    "kpi_arithmetic": ("指标计算不符", "KPI arithmetic"),
    "kpi_inconsistent": ("指标前后不一", "Inconsistent KPI"),
    "kpi_no_baseline": ("指标缺基线", "KPI without baseline"),
    "kpi_no_period": ("指标缺统计期", "KPI without period"),
    "kpi_implausible": ("指标不合常理", "Implausible KPI"),
    "unsupported_statement": ("断言缺少证明", "Unsupported statement"),
    "contradiction": ("前后矛盾", "Contradiction"),
    "outdated_name": ("名称已更新", "Outdated name"),
    "missing_section": ("缺少章节", "Missing section"),
    "missing_attachment": ("缺少附件", "Missing attachment"),
    "hidden_text": ("隐藏文字", "Hidden text"),
    "instruction_to_reviewer": ("诱导评审的文字", "Instruction to the reviewer"),
    "confidentiality_marking": ("涉密标识", "Confidentiality marking"),
    "duplicate_text": ("重复文字", "Duplicate text"),
    "unreadable_page": ("页面无法识读", "Unreadable page"),
}

SEVERITIES: dict[str, tuple[str, str]] = {
    "high": ("高", "High"),
    "medium": ("中", "Medium"),
    "low": ("低", "Low"),
}

STRENGTHS: dict[str, tuple[str, str]] = {
    "claimed": ("仅提及", "Claimed"),
    "evidenced": ("有佐证", "Evidenced"),
}


def label(table: dict[str, tuple[str, str]], key: str, language: Language = "zh") -> str:
    """Return the name of ``key`` in ``language``; an unknown key is shown as it is."""
    names = table.get(key)
    return key if names is None else names[0 if language == "zh" else 1]


FIELDS: dict[str, tuple[str, str]] = {
    "application.jurisdiction": ("申报地区", "Jurisdiction"),
    "application.tier": ("申报层级", "Tier"),
    "application.date": ("申报日期", "Date of application"),
    "application.kind": ("申报类型（新申报、复核、验收）", "Kind of application"),
    "application.factory_name": ("工厂名称", "Factory name"),
    "application.prior_recognition": ("已获认定的层级及日期", "Prior recognition"),
    "application.removed_on": ("是否曾被移出及日期", "Removal"),
    "enterprise.name": ("企业名称", "Enterprise name"),
    "enterprise.uscc": ("统一社会信用代码", "Credit code"),
    "enterprise.registered_in": ("注册地", "Place of registration"),
    "enterprise.legal_person": ("是否具有独立法人资格", "Legal person"),
    "enterprise.above_scale": ("是否为规模以上工业企业", "Above scale"),
    "enterprise.sme_class": ("中小企业类别", "Class of small firm"),
    "enterprise.industry": ("所属行业", "Industry"),
    "enterprise.contact_phone": ("联系电话", "Contact phone"),
    "maturity.level": ("成熟度等级", "Maturity level"),
    "maturity.score": ("成熟度得分", "Maturity score"),
    "digital_score": ("数字化转型自评价得分", "Digital self-assessment score"),
    "conduct.safety_accident": ("近三年安全事故情况", "Safety accidents"),
    "conduct.environment_accident": ("近三年环保事故情况", "Environmental accidents"),
    "conduct.fatal_accident": ("近三年有无亡人事故", "Fatal accidents"),
    "conduct.dishonest_list": ("是否列入严重失信主体名单", "Dishonest list"),
    "conduct.abnormal_list": ("是否列入经营异常名录", "Abnormal list"),
    "conduct.violations": ("有无违法违规行为", "Violations"),
    "conduct.tax_violation": ("有无偷漏税", "Tax violations"),
    "scenes": ("典型场景建设情况", "Scenes"),
    "kpis": ("绩效指标", "KPIs"),
    "statements": ("行业水平的说明", "Statements"),
    "attachments": ("附件", "Attachments"),
    "form.char_count": ("字数", "Word count"),
    "form.font": ("字体", "Font"),
    "form.font_size_pt": ("字号", "Font size"),
    "form.line_spacing_pt": ("行间距", "Line spacing"),
    "form.images": ("配图", "Figures"),
}

STAGES: dict[str, tuple[str, str]] = {
    "ingest": ("读取", "Reading"),
    "extract": ("提取", "Extraction"),
    "check": ("条款检查", "Checks"),
    "verify": ("疑点核对", "Verification"),
    "model": ("模型", "Model"),
    "index": ("检索", "Retrieval"),
}


def field_label(path: str, language: Language = "zh") -> str:
    """Return the name of a record field; a path with an index (``kpis[2].baseline``) names its list."""
    if path in FIELDS:
        return label(FIELDS, path, language)
    return (
        label(FIELDS, path.split("[", maxsplit=1)[0].split(".", maxsplit=1)[0], language)
        if "[" in path
        else path
    )
