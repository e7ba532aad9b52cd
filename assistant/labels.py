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
