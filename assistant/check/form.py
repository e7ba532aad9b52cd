"""The format of the application: names, codes, length, type."""

from __future__ import annotations

import re
import unicodedata
from math import ceil

from assistant.check.case import Case
from assistant.check.verdict import Verdict, advisory, passed, unknown, unmet
from assistant.policy import Rule

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY_CODE = re.compile(r"^(?:\+86|0086|86(?=1[3-9][0-9]{9}$))")
_BETWEEN_NUMBERS = re.compile(r"[、,，;；/|]+")
_USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def factory_name(case: Case, rule: Rule) -> Verdict:
    """Pass when the name ends as required and is at most ``threshold`` characters long.

    Half-width letters, digits and signs are English characters: each started group of
    ``letters_per_character`` of them, counted over the whole name, is one character.
    """
    name = _given(case.application.factory_name)
    if name is None:
        return unknown(
            ("application.factory_name",), f"要求：{rule.required}。材料没有写明工厂名称，请补充。"
        )
    spans = case.evidence("application.factory_name")
    name = name.strip()
    length = name_length(name, int(rule.params["letters_per_character"]))
    faults = []
    if not name.endswith(rule.params["ending"]):
        faults.append(f"没有以“{rule.params['ending']}”结尾")
    if length > rule.threshold:
        faults.append(f"按规则计{length}字，超过{rule.threshold}字")
    seen = f"{name}（计{length}字）"
    if faults:
        return unmet(
            rule, seen, f"要求：{rule.required}。“{name}”{'，且'.join(faults)}，请修改工厂名称。", spans
        )
    return passed(seen, f"工厂名称符合要求，计{length}字。", spans)


def name_length(name: str, letters_per_character: int) -> int:
    """Return the length of a name in Chinese characters; spaces do not count."""
    visible = [character for character in name if not character.isspace()]
    english = sum(unicodedata.normalize("NFKC", character).isascii() for character in visible)
    full_width_signs = sum(
        unicodedata.category(character)[0] in "PS"
        and unicodedata.normalize("NFKC", character).isascii()
        and not character.isascii()
        for character in visible
    )
    # A full-width bracket takes the room of a Chinese character.
    english -= full_width_signs
    return len(visible) - english + ceil(english / letters_per_character)


def industry(case: Case, rule: Rule) -> Verdict:
    """Pass when the industry is exactly one of ``threshold``."""
    stated = _given(case.enterprise.industry)
    if stated is None:
        return unknown(("enterprise.industry",), f"要求：{rule.required}。材料没有写明所属行业，请补充。")
    spans = case.evidence("enterprise.industry")
    plain = re.sub(r"\s", "", stated)
    if plain in rule.threshold or re.sub("(?:行业|产业)$", "", plain) in rule.threshold:
        return passed(stated, f"所属行业为{stated}，在六个选项之内。", spans)
    message = f"要求：{rule.required}。材料写的是“{stated}”，请改为六个选项之一（只选一个）。"
    return unmet(rule, stated, message, spans)


def uscc(case: Case, rule: Rule) -> Verdict:
    """Pass when the code has 18 characters and its check character is right (GB 32100-2015)."""
    stated = _given(case.enterprise.uscc)
    if stated is None:
        return unknown(("enterprise.uscc",), f"要求：{rule.required}。材料没有写统一社会信用代码，请补充。")
    spans = case.evidence("enterprise.uscc")
    code = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", stated)).upper()
    fault = _uscc_fault(code)
    if fault:
        return unmet(rule, stated, f"要求：{rule.required}。“{stated}”{fault}，请对照营业执照核实。", spans)
    return passed(stated, "统一社会信用代码格式和校验码正确。", spans)


def _uscc_fault(code: str) -> str:
    if len(code) != 18:
        return f"有{len(code)}位，不是18位"
    alien = sorted({character for character in code if character not in _USCC_CHARACTERS})
    if alien:
        return f"含有代码中不会出现的字符{'、'.join(alien)}"
    total = sum(
        _USCC_CHARACTERS.index(character) * weight
        for character, weight in zip(code[:17], _USCC_WEIGHTS, strict=True)
    )
    expected = _USCC_CHARACTERS[-total % 31]
    return "" if code[17] == expected else f"末位校验码不对（按前17位应为{expected}）"


def phone(case: Case, rule: Rule) -> Verdict:
    """Pass when every number given is a mainland mobile number; spaces, hyphens and +86 do not matter."""
    stated = _given(case.enterprise.contact_phone)
    if stated is None:
        return unknown(("enterprise.contact_phone",), f"要求：{rule.required}。材料没有写联系电话，请补充。")
    spans = case.evidence("enterprise.contact_phone")
    numbers = [_digits(part) for part in _BETWEEN_NUMBERS.split(stated) if part.strip()]
    if numbers and all(_MOBILE.fullmatch(number) for number in numbers):
        return passed(stated, "联系方式是手机号码。", spans)
    message = f"要求：{rule.required}。“{stated}”不是11位手机号码，请改填手机号。"
    return unmet(rule, stated, message, spans)


def _digits(part: str) -> str:
    plain = re.sub(r"[\s\-()（）‐-―]", "", unicodedata.normalize("NFKC", part))
    return _COUNTRY_CODE.sub("", plain)


def word_count(case: Case, rule: Rule) -> Verdict:
    """Pass when the number of characters lies within ``at_least``..``at_most``, both included."""
    count = case.form.char_count
    low, high = rule.params["at_least"], rule.params["at_most"]
    if count is None:
        return unknown(("form.char_count",), f"要求：{rule.required}。无法得知字数，请提供Word文件。")
    if low <= count <= high:
        return passed(f"{count}字", f"{count}字，在{low}至{high}字之间。")
    what = f"少{low - count}字，请补充" if count < low else f"多{count - high}字，请压缩"
    return unmet(rule, f"{count}字", f"要求：{rule.required}。现为{count}字，{what}（自评估报告不计入）。")


def font_family(case: Case, rule: Rule) -> Verdict:
    """Pass for one of ``names``; advisory for one of ``near`` (the same face under another standard)."""
    font = _given(case.form.font)
    if font is None:
        return unknown(("form.font",), f"要求：{rule.required}。无法得知字体，请提供Word文件。")
    plain = _font(font)
    if plain in {_font(name) for name in rule.params["names"]}:
        return passed(font, f"字体为{font}，符合要求。")
    if plain in {_font(name) for name in rule.params["near"]}:
        return advisory(
            font, f"要求：{rule.required}。现为{font}，是仿宋但不是仿宋_GB2312，建议改用仿宋_GB2312。"
        )
    return unmet(rule, font, f"要求：{rule.required}。现为{font}，请改为仿宋_GB2312。")


def exact_points(case: Case, rule: Rule) -> Verdict:
    """Pass when the form's ``field`` is ``threshold`` points."""
    field, label = str(rule.params["field"]), str(rule.params["label"])
    size = getattr(case.form, field)
    if size is None:
        return unknown((f"form.{field}",), f"要求：{rule.required}。无法得知{label}，请提供Word文件。")
    # Word stores half points and twentieths; anything closer than that is the same size.
    if abs(size - rule.threshold) < 0.025:
        return passed(f"{size:g}磅", f"{label}为{size:g}磅，符合要求。")
    return unmet(
        rule,
        f"{size:g}磅",
        f"要求：{rule.required}。现{label}为{size:g}磅，请改为{rule.threshold}磅。",
    )


def _font(name: str) -> str:
    return re.sub(r"[\s_\-]", "", unicodedata.normalize("NFKC", name)).casefold()


def _given(text: str | None) -> str | None:
    return text if text and text.strip() else None
