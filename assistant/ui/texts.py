"""What the application says: Chinese first, English as a switch."""

from __future__ import annotations

from assistant.labels import Language

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("智能工厂申报审查", "Smart-factory review"),
    "panel": ("评审", "Panel"),
    "enterprise": ("预审", "Pre-check"),
    "evaluator": ("评测", "Evals"),
    "policy": ("政策", "Policy"),
    "queue": ("待审队列", "Queue"),
    "search": ("搜索企业、工厂、文件", "Search enterprise, factory, file"),
    "tier": ("层级", "Tier"),
    "jurisdiction": ("地区", "Jurisdiction"),
    "state": ("状态", "State"),
    "flag_kind": ("疑点类别", "Kind of flag"),
    "awaiting": ("只看等我评审的", "Awaiting me"),
    "open": ("打开", "Open"),
    "upload": ("上传申报书（PDF、Word、Excel、文本）", "Upload declarations (PDF, Word, Excel, text)"),
    "as_of": ("适用日期（YYYY-MM-DD，留空则从文中读取）", "As of (YYYY-MM-DD; empty: read from the text)"),
    "from_text": ("从文中读取", "Read from the text"),
    "run": ("开始预审", "Check"),
    "submit": ("上传并审查", "Upload and review"),
    "previous": ("与上一稿比较", "Compare with the last draft"),
    "empty_queue": ("队列是空的。上传申报书后，风险最高的排在最前。", "The queue is empty."),
    "ask": ("政策问题", "Policy question"),
    "rules": ("规则", "Rules"),
    "scenes": ("典型场景", "Scenes"),
    "crosswalk": ("新旧对照", "Crosswalk"),
}


def say(key: str, language: Language = "zh") -> str:
    """Return the text of ``key``; a missing key is an error of ours and shows at once."""
    return TEXTS[key][0 if language == "zh" else 1]
