"""The figures of an application: how many, how large, how marked."""

from __future__ import annotations

from assistant.check.case import Case
from assistant.check.verdict import Verdict, advisory, passed, unknown, unmet
from assistant.policy import Rule

_IMAGES = ("form.images",)
_UNREAD = "无法得知配图情况，请提供Word文件。"


def image_count(case: Case, rule: Rule) -> Verdict:
    """Pass when there are at least ``threshold`` figures."""
    images = case.form.images
    if images is None:
        return unknown(_IMAGES, f"要求：{rule.required}。{_UNREAD}")
    seen = f"{len(images)}张"
    if len(images) >= rule.threshold:
        return passed(seen, f"配图{seen}，符合要求。")
    message = f"要求：{rule.required}。现有{seen}，还差{rule.threshold - len(images)}张，请补充。"
    return unmet(rule, seen, message)


def image_bytes(case: Case, rule: Rule) -> Verdict:
    """Pass when every figure has ``threshold`` bytes; advisory when only ``decimal`` bytes are reached."""
    sizes = None if case.form.images is None else [image.bytes for image in case.form.images]
    if sizes is None:
        return unknown(_IMAGES, f"要求：{rule.required}。{_UNREAD}")
    small = _below(sizes, int(rule.params["decimal"]))
    if small:
        seen = f"{len(small)}张不足5M"
        message = f"要求：{rule.required}。第{_which(small)}张不足5M，请换用原始大图。"
        return unmet(rule, seen, message)
    near = _below(sizes, int(rule.threshold))
    if near:
        message = (
            f"要求：{rule.required}。第{_which(near)}张按1000进位够5M、按1024进位不够，建议换用更大的图。"
        )
        return advisory(f"{len(near)}张在5M上下", message)
    return _settled(rule, sizes, "bytes", "文件大小")


def image_pixels(case: Case, rule: Rule) -> Verdict:
    """Pass when every figure has at least ``threshold`` pixels."""
    sizes = None if case.form.images is None else [image.pixels for image in case.form.images]
    if sizes is None:
        return unknown(_IMAGES, f"要求：{rule.required}。{_UNREAD}")
    small = _below(sizes, int(rule.threshold))
    if small:
        message = (
            f"要求：{rule.required}。第{_which(small)}张不足{rule.threshold // 10000}万像素，请换用清晰原图。"
        )
        return unmet(rule, f"{len(small)}张像素不足", message)
    return _settled(rule, sizes, "pixels", "像素")


def image_marks(case: Case, rule: Rule) -> Verdict:
    """Pass when every figure is numbered and captioned."""
    images = case.form.images
    if images is None:
        return unknown(_IMAGES, f"要求：{rule.required}。{_UNREAD}")
    bare = [i for i, image in enumerate(images) if False in (image.numbered, image.captioned)]
    if bare:
        message = f"要求：{rule.required}。第{_which(bare)}张没有编号或说明文字，请补上。"
        return unmet(rule, f"{len(bare)}张缺编号或说明", message)
    missing = [
        f"form.images[{i}].{name}"
        for i, image in enumerate(images)
        for name in ("numbered", "captioned")
        if getattr(image, name) is None
    ]
    if missing:
        return unknown(missing, f"要求：{rule.required}。有的配图无法得知是否编号、有无说明，请核对。")
    return passed(f"{len(images)}张", "配图都有编号和说明文字。")


def _settled(rule: Rule, sizes: list[int | None], field: str, label: str) -> Verdict:
    missing = [f"form.images[{i}].{field}" for i, size in enumerate(sizes) if size is None]
    if missing:
        return unknown(missing, f"要求：{rule.required}。有的配图无法得知{label}，请核对。")
    return passed(f"{len(sizes)}张", f"配图{label}符合要求。")


def _below(sizes: list[int | None], limit: int) -> list[int]:
    return [index for index, size in enumerate(sizes) if size is not None and size < limit]


def _which(indexes: list[int]) -> str:
    return "、".join(str(index + 1) for index in indexes)
