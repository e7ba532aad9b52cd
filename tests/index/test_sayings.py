"""What people say for a rule leads to the rule, and every rule so spoken of is in the corpus."""

from __future__ import annotations

import pytest

from assistant import index, policy
from assistant.index.asked import lacks_answer, wants_fact
from assistant.index.policies import corpus_chunks, everyday_words
from assistant.index.query import understand
from assistant.settings import Settings


def test_everyday_words_lead_to_articles_that_the_corpus_has() -> None:
    corpus = policy.load()
    known = {(chunk.document, chunk.article) for chunk in corpus_chunks(corpus)}
    assert not set(everyday_words(corpus)) - known


def test_a_rule_that_everybody_repeats_leaves_a_place_for_another(settings: Settings) -> None:
    hits = index.searcher("policy", settings).search("关键技术装备、工业软件、操作系统安全可控", 5)["hits"]
    texts = ["".join(filter(str.isalnum, hit["span"]["quote"])).lstrip("0123456789") for hit in hits]
    assert len(hits) == 5 and len(set(texts)) > 1


@pytest.mark.parametrize(
    ("question", "passage", "lacks"),
    [
        ("申报网址是多少", "登录 https://www.miit-imps.com 填报", False),
        ("申报网址是多少", "登录公共服务平台填报", True),
        ("配图至少几张", "像素不低于800万，数量不少于10", False),
        ("什么时候截止", "江苏省要素条件（2025年版）", True),
        ("指标的计算公式", "设备综合利用率提升（%）", True),
    ],
)
def test_a_passage_without_the_fact_that_is_wanted_lacks_it(question: str, passage: str, lacks: bool) -> None:
    assert wants_fact(question)
    assert lacks_answer(question, passage) is lacks


@pytest.mark.parametrize(
    ("question", "cities"),
    [
        ("南京市先进级推荐名额是多少", ("南京",)),
        ("浦东新区推荐数量上限是多少", ("浦东新区", "浦东")),
        ("苏州企业做基础级要几个场景", ()),
        ("我们厂在宜昌，评上以后管几年", ()),
        ("我们在黄石，今年市里能推几家", ("黄石",)),
    ],
)
def test_a_city_is_asked_or_merely_home(question: str, cities: tuple[str, ...]) -> None:
    assert understand(policy.load(), question).cities == cities
