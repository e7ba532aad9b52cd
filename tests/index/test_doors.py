"""search, ask and evidence as people use them, by words alone (no model needed)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever

from assistant import index, policy
from assistant.errors import UsageError
from assistant.index.langchain import AssistantRetriever
from assistant.settings import Settings
from tests.conftest import Runner
from tests.index.conftest import Bigrams, document

FIRST = "甲公司建成自动化立体仓库，WMS自动分配货位，库存准确率99.8%。产品销往海外。\n质检采用机器视觉，漏检率0.1%。"
SECOND = "乙公司保密项目：新型合金配方含铌3%，由王工负责。\n建成自动化立体仓库，库存准确率97%。"


@pytest.fixture(scope="module")
def cached(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(cache_dir=tmp_path_factory.mktemp("cache"), embedding="off")


def test_a_search_has_the_contracts_shape_and_exact_spans(cached: Settings) -> None:
    found = index.searcher("policy", cached).search("智能工厂有效期几年", 5)
    assert set(found) == {"hits"}
    assert len(found["hits"]) == 5
    for hit in found["hits"]:
        assert list(hit) == ["document", "article", "scene", "span", "score"]
        span = hit["span"]
        assert policy.load().documents[hit["document"]].text[span["start"] : span["end"]] == span["quote"]
    assert json.dumps(found, ensure_ascii=False)


def test_an_article_is_found_once(cached: Settings) -> None:
    hits = index.searcher("policy", cached).search("成熟度评估水平三级及以上", 20)["hits"]
    names = [(hit["document"], hit["article"]) for hit in hits]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("catalog", "number", "sentence"),
    [
        ("scenes-2025", 24, "流水线末端的相机把划伤和气泡挑出来，不合格的自动剔除"),
        ("scenes-2025", 12, "堆垛机按WMS指令存取，货位自动分配，盘点不用人"),
        ("scenes-2024", 24, "废水排口装了在线监测，超标前自动预警"),
        ("scenes-2024", 6, "图纸下发前先检查零件好不好加工、能不能装配"),
    ],
)
def test_a_sentence_finds_its_scene(cached: Settings, catalog: str, number: int, sentence: str) -> None:
    hits = index.searcher(catalog, cached).search(sentence, 3)["hits"]
    assert number in [hit["scene"] for hit in hits]
    assert len({hit["scene"] for hit in hits}) == len(hits)
    scene = policy.load().catalog(catalog[-4:]).scene(hits[0]["scene"])
    assert hits[0]["span"]["quote"] == scene.text


def test_nothing_is_returned_where_nothing_speaks_of_it(cached: Settings) -> None:
    assert index.searcher("scenes-2025", cached).search("zebra quantum flux", 5) == {"hits": []}
    assert index.searcher("policy", cached).search("zebra quantum flux", 5) == {"hits": []}
    assert index.searcher(document("甲", FIRST), cached).search("碳配额交易价格", 5) == {"hits": []}


def test_an_answer_has_the_contracts_shape(cached: Settings) -> None:
    answer = index.answerer(cached).ask("湖北入库企业更名后几个月内要报告？")
    assert list(answer) == ["abstained", "answer", "clauses", "conflicts"]
    assert answer["abstained"] is False
    assert answer["answer"] is None
    assert 1 <= len(answer["clauses"]) <= 5
    best = answer["clauses"][0]
    assert (best["document"], best["article"]) == ("hubei-2024-84", "第十九条")
    assert best["quote"] in policy.load().documents[best["document"]].text
    assert sorted((c["score"] for c in answer["clauses"]), reverse=True) == [
        c["score"] for c in answer["clauses"]
    ]


@pytest.mark.parametrize(
    "question",
    [
        "评上卓越级奖励多少钱",
        "广东省先进级智能工厂至少要几个场景",
        "2031年卓越级什么时候截止申报",
        "企业注册资本不得低于多少",
        "今天天气怎么样",
        "",
        "？？",
    ],
)
def test_what_the_corpus_does_not_say_is_recognised(cached: Settings, question: str) -> None:
    answer = index.answerer(cached).ask(question)
    assert answer["abstained"] is True
    assert answer["answer"] is None
    assert answer["conflicts"] == []


def test_versions_and_provinces_stand_side_by_side(cached: Settings) -> None:
    answer = index.answerer(cached).ask("卓越级是否必须覆盖全部五个环节")
    sides = [
        side for one in answer["conflicts"] if one["topic"] == "coverage.segments" for side in one["sides"]
    ]
    assert {"国家", "江苏"} <= {side["jurisdiction"] for side in sides}
    for side in sides:
        assert side["quote"] in policy.load().documents[side["document"]].text


def test_a_writer_words_the_answer_from_the_clauses(cached: Settings) -> None:
    heard: list[Any] = []

    class Writer:
        def answer(self, question: str, clauses: Any) -> str:
            heard.extend(clauses)
            return f"见{len(clauses)}条"

    answer = index.answerer(cached, writer=Writer()).ask("智能工厂有效期几年")
    assert answer["answer"] == f"见{len(answer['clauses'])}条"
    assert all(clause["quote"] in said for clause, said in zip(answer["clauses"], heard, strict=True))


def test_one_submission_never_yields_anothers_text(settings: Settings, bigrams: Bigrams) -> None:
    first = index.document_index(document("甲公司", FIRST), settings, embeddings=bigrams)
    second = index.document_index(document("乙公司", SECOND), settings, embeddings=bigrams)
    assert second.search("合金配方含铌", 5)["hits"]
    for query in ("新型合金配方含铌3%", "王工负责的保密项目", "自动化立体仓库", "库存准确率97%", SECOND):
        for hit in first.search(query, 50)["hits"]:
            assert hit["document"] == "甲公司"
            assert FIRST[hit["span"]["start"] : hit["span"]["end"]] == hit["span"]["quote"]
        for one in index.evidence_for(first, query, 10):
            assert FIRST[one.span.start : one.span.end] == one.span.quote
    folders = list((settings.cache_dir / "index").iterdir())
    assert len(folders) == 2
    assert first.space.texts == {"甲公司": FIRST}


def test_two_submissions_of_one_name_keep_apart(settings: Settings, bigrams: Bigrams) -> None:
    first = index.document_index(document("申报书.docx", FIRST), settings, embeddings=bigrams)
    second = index.document_index(document("申报书.docx", SECOND), settings, embeddings=bigrams)
    assert first.search("合金配方含铌", 5)["hits"] == []
    assert "铌" in second.search("合金配方含铌", 5)["hits"][0]["span"]["quote"]
    again = index.document_index(document("申报书.docx", FIRST), settings, embeddings=bigrams)
    assert "铌" not in json.dumps(again.search("立体仓库", 50), ensure_ascii=False)


def test_evidence_is_the_sentence_that_speaks_of_the_claim(settings: Settings, bigrams: Bigrams) -> None:
    found = index.evidence_for(
        index.document_index(document("甲", FIRST), settings, embeddings=bigrams), "库存准确率99.8%"
    )
    assert found[0].span.quote.startswith("甲公司建成自动化立体仓库")
    assert "销往海外" not in found[0].span.quote
    assert 0 < found[0].support <= 1
    empty = index.document_index(document("空", " \n"), settings, embeddings=bigrams)
    assert index.evidence_for(empty, "库存准确率") == ()


def test_ours_fits_into_langchain(cached: Settings) -> None:
    retriever = AssistantRetriever(searcher=index.searcher("policy", cached), k=3)
    assert isinstance(retriever, BaseRetriever)
    found = retriever.invoke("举报智能工厂弄虚作假")
    assert found[0].metadata["article"] == "第二十一条"
    assert found[0].page_content == found[0].metadata["span"]["quote"]


def test_theirs_fits_into_ours(settings: Settings, bigrams: Bigrams) -> None:
    hits = index.searcher("scenes-2025", settings, embeddings=bigrams).search("机器视觉检测产品缺陷", 3)[
        "hits"
    ]
    assert hits[0]["scene"] == 24


def test_an_unknown_place_is_a_usage_error(cached: Settings) -> None:
    with pytest.raises(UsageError, match="没有可检索的范围"):
        index.searcher("scenes-2099", cached)


def test_without_vectors_the_command_says_so(run: Runner, tmp_path: Path) -> None:
    done = run("search", "有效期", "-k", "1", ASSISTANT_CACHE_DIR=str(tmp_path), ASSISTANT_EMBEDDING="off")
    assert done.returncode == 0
    assert "只按字词检索" in done.stderr.decode()
    assert json.loads(done.stdout)["hits"]
