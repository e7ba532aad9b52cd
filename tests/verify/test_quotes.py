"""Quotes are found exactly, folded, or within a few edits; numbers never bend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verify.quotes import find_quote

TEXT = "公司在冲压车间部署了６套 视觉检测设备，\n漏检率由1.8％降至0.3％，投资“约”200万元。"


@pytest.mark.parametrize(
    ("quote", "how"),
    [
        ("冲压车间部署了６套 视觉检测设备", "exact"),
        ("部署了6套视觉检测设备,漏检率由1.8%降至0.3%", "folded"),
        ("公司在冲压车间布署了6套视觉检测设备", "edited"),
    ],
)
def test_how_a_quote_is_found(quote: str, how: str) -> None:
    found = find_quote(quote, TEXT)
    assert found is not None
    assert found.how == how
    assert "视觉检测设备" in TEXT[found.start : found.end]


@pytest.mark.parametrize(
    "quote",
    ["", "  ", "部署了9套视觉检测设备", "漏检率由1.8%降至0.2%并持续改善", "完全是另外一句话而已没有出现"],
)
def test_what_is_not_there_is_not_found(quote: str) -> None:
    assert find_quote(quote, TEXT) is None


@given(st.text(min_size=1, max_size=60), st.data())
def test_every_piece_of_a_text_is_found_exactly(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    found = find_quote(quote, text)
    if quote.strip():
        assert found is not None
        assert text[found.start : found.end] == quote.strip()
