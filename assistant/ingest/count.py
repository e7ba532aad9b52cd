"""字数: how long the body of a declaration is, as Word counts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.document import Block

_CHINESE = "\u2e80-\u9fff\uf900-\uffef\U00020000-\U0003ffff“”‘’…—·×"
_UNIT = re.compile(f"[{_CHINESE}]|[^\\s{_CHINESE}]+")
_ANNEX = re.compile(r".{0,30}自评估报告(?:（.{0,20}）|\(.{0,20}\))?$")
_NEXT_PART = re.compile(r"第[一二三四五六七八九十\d]+(?:部分|章)|附[件录表]")


def units(text: str) -> int:
    """Return how many Chinese characters (marks included) and runs of anything else a text has."""
    return len(_UNIT.findall(text.replace("\ufffd", "")))


def char_count(text: str, blocks: Sequence[Block]) -> int:
    """Return the 字数 of the body: no headers and footers, no annexed maturity self-assessment report.

    Source: Shanghai's 申报书 says that the self-assessment report does not count (不计入文档字数内).
    """
    total, annexed = 0, False
    for block in blocks:
        if block.kind in {"header", "footer"}:
            continue
        words = text[block.start : block.end]
        begins = block.kind == "heading" and _ANNEX.match(words) is not None
        if begins or (block.kind == "heading" and _NEXT_PART.match(words)):
            annexed = begins
        total += 0 if annexed else units(words)
    return total
