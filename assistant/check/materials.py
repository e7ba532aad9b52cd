"""What has to be handed in: the parts of the application and its attachments."""

from __future__ import annotations

from assistant.check.case import Case
from assistant.check.verdict import Verdict, passed, unknown, unmet
from assistant.policy import Rule
from assistant.records import Attachment

# Under this prefix the reading stage records where each part of the application was found.
_PREFIX = "sections."


def sections(case: Case, rule: Rule) -> Verdict:
    """Pass when every mandatory part was found; what is optional is only mentioned.

    ``mandatory`` and ``optional`` map part ids to titles; a part was found when the record's evidence
    has spans under ``sections.<id>``. No such entry at all: the document was not read for parts.
    """
    evidence = case.declaration.evidence or {}
    found = {
        name.removeprefix(_PREFIX) for name, spans in evidence.items() if name.startswith(_PREFIX) and spans
    }
    if not found and not any(name.startswith(_PREFIX) for name in evidence):
        message = f"要求：{rule.required}。无法得知材料各部分是否齐全，请提供申报书文件。"
        return unknown(("evidence.sections",), message)
    mandatory, optional = rule.params["mandatory"], rule.params["optional"]
    absent = [f"{key} {title}" for key, title in mandatory.items() if key not in found]
    thin = [f"{key} {title}" for key, title in optional.items() if key not in found]
    seen = f"已有{len([k for k in (*mandatory, *optional) if k in found])}部分"
    spans = case.evidence(*(f"{_PREFIX}{key}" for key in (*mandatory, *optional)))
    if absent:
        return unmet(
            rule, seen, f"要求：{rule.required}。没有找到：{'；'.join(absent)}。请按模板补写。", spans
        )
    hint = f"没有找到非必填的：{'；'.join(thin)}，建议补写。" if thin else ""
    return passed(seen, f"应有的部分齐全。{hint}", spans)


def attachment(case: Case, rule: Rule) -> Verdict:
    """Pass when an attachment's name or kind has all words of one group of ``any_of``, and none of ``none_of``."""
    given, label = case.declaration.attachments, rule.params["label"]
    if given is None:
        return unknown(
            ("attachments",), f"要求：{rule.required}。材料没有列出附件，无法判断，请附上{label}。"
        )
    fitting = [one for one in given if _fits(one, rule)]
    names = "、".join(one.name or one.kind or "（未命名）" for one in given) or "无附件"
    if not fitting:
        return unmet(rule, names, f"要求：{rule.required}。现有附件：{names}，其中没有{label}，请补交。")
    spans = tuple(span for one in fitting for span in one.spans)
    return passed(names, f"已附{fitting[0].name or fitting[0].kind}。", spans)


def _fits(one: Attachment, rule: Rule) -> bool:
    text = f"{one.name or ''} {one.kind or ''}".casefold()
    if any(word in text for word in rule.params["none_of"]):
        return False
    return any(all(word in text for word in words) for words in rule.params["any_of"])
