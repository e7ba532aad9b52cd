"""BM25 is BM25, over tokens that need no dictionary."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.lexical import K1, B, Lexical
from assistant.index.tokens import tokens

TEXTS = ["设备联网率92%", "设备点检与保养", "用MES排产，交期缩短3天", "能耗下降，能耗平台", ""]


def test_tokens_hold_bigrams_words_and_numbers_with_their_sign() -> None:
    assert tokens("ＭＥＳ系统达25.3%") == ["mes", "系", "统", "达", "系统", "统达", "25.3%", "25.3"]


@given(st.text(max_size=40))
def test_any_query_scores_like_the_formula(query: str) -> None:
    index = Lexical.build(TEXTS)
    documents = [tokens(text) for text in TEXTS]
    mean = sum(map(len, documents)) / len(documents)
    for row, document in enumerate(documents):
        expected = 0.0
        for token in dict.fromkeys(tokens(query)):
            df = sum(token in other for other in documents)
            if df:
                tf = document.count(token)
                idf = math.log1p((len(documents) - df + 0.5) / (df + 0.5))
                expected += idf * tf / (tf + K1 * (1 - B + B * len(document) / mean))
        assert index.scores(query)[row] == pytest.approx(expected, abs=1e-5)


def test_nothing_indexed_and_nothing_matched_are_zeros() -> None:
    assert len(Lexical.build([]).scores("设备")) == 0
    assert not Lexical.build(TEXTS).scores("蘑菇").any()
