"""Chunks are exact spans that cut no sentence, no row, and no number from its unit."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import policy
from assistant.document import Block
from assistant.index.chunks import TARGET, passages
from assistant.index.outline import Place, opening
from assistant.index.policies import corpus_chunks
from assistant.index.units import sentences
from tests.index.conftest import document

SENTENCES = (
    "车间设备联网率由35%提高到92%。",
    "换产时间从2小时缩短到8分钟，节拍稳定；",
    "一、企业基本情况",
    "（二）建设成效",
    "1.1 智能仓储",
    "单位产值综合能耗下降12.5%，年节电300万度。",
    "序号\t指标\t数值",
    "1\t设备综合利用率\t87.2%",
    "我们部署了MES、WMS和能源管理平台！效果明显？是的。",
)


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_passages_cover_the_text_once_and_end_where_sentences_end(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = passages(document("申报书", text))
    covered = set()
    for chunk in found:
        assert 0 <= chunk.start < chunk.end <= len(text)
        places = set(range(chunk.start, chunk.end))
        assert not places & covered
        covered |= places
        before, after = text[chunk.start - 1 : chunk.start], text[chunk.end : chunk.end + 1]
        assert before in ("", "\n", "。", "！", "？")
        assert after in ("", "\n") or text[chunk.end - 1] in "。！？"
    assert {i for i, char in enumerate(text) if not char.isspace()} <= covered


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_a_number_is_never_parted_from_its_unit(lines: list[str]) -> None:
    text = "\n".join(lines)
    bounds = {bound for chunk in passages(document("申报书", text)) for bound in (chunk.start, chunk.end)}
    for match in re.finditer(r"\d+(?:\.\d+)?(?:%|小时|分钟|万度)", text):
        assert not bounds & set(range(match.start() + 1, match.end()))


def test_a_sentence_longer_than_the_target_stays_whole() -> None:
    long = "在" + "线检测与闭环控制" * 60 + "。"
    (chunk,) = passages(document("长句", long))
    assert (chunk.start, chunk.end) == (0, len(long))
    assert len(long) > 2 * TARGET


def test_sections_do_not_share_a_passage_and_headings_are_context() -> None:
    text = "一、企业基本情况\n公司生产轴承。\n二、智能仓储建设\n建成立体仓库。"
    found = passages(document("申报书", text))
    store = next(chunk for chunk in found if "立体仓库" in text[chunk.start : chunk.end])
    assert "轴承" not in text[store.start : store.end]
    assert store.article == "二"
    assert store.context == "智能仓储建设"


def test_rows_stay_whole_and_carry_their_column_titles() -> None:
    text = "序号\t指标\t数值\n1\t设备联网率\t92%\n2\t不良率\t0.6%"
    rows = [text.index("1\t"), text.index("2\t")]
    blocks = (
        Block("table_row", 0, rows[0] - 1, table=0, row=0, header_row=True),
        Block("table_row", rows[0], rows[1] - 1, table=0, row=1),
        Block("table_row", rows[1], len(text), table=0, row=2),
    )
    made = document("表", text)
    found = passages(type(made)(made.name, made.sha256, made.media_type, text, blocks=blocks))
    assert all(text[chunk.end : chunk.end + 1] in ("", "\n") for chunk in found)
    assert any("指标" in chunk.context for chunk in found)


def test_a_wrapped_line_does_not_end_a_sentence() -> None:
    text = "企业建立了覆盖全厂的质量追溯系统并与供应商的检验数据\n实现了对接，合格率提高。\n下一句。"
    assert [text[a:b] for a, b in sentences(text, 0, len(text))] == [
        text.split("\n下", maxsplit=1)[0],
        "下一句。",
    ]


def test_every_policy_chunk_is_exact_and_every_article_is_found() -> None:
    corpus = policy.load()
    chunks = corpus_chunks(corpus)
    names = {(chunk.document, chunk.article) for chunk in chunks}
    assert {chunk.document for chunk in chunks} == set(corpus.documents)
    assert all(("hubei-2024-84", f"第{number}条") in names for number in "一二三四五六七八九十")
    for chunk in chunks:
        text = corpus.documents[chunk.document].text
        assert text[chunk.start : chunk.end].strip() == text[chunk.start : chunk.end] != ""


def test_every_clause_that_a_rule_cites_can_be_searched() -> None:
    corpus = policy.load()
    names = {(chunk.document, chunk.article) for chunk in corpus_chunks(corpus)}
    cited = {
        (clause.document, clause.article)
        for rules in corpus.rule_book.rows.values()
        for rule in rules
        for version in rule.versions
        for clause in version.clauses
    }
    # A rule may cite a whole section whose items are the chunks.
    lost = {one for one in cited - names if not any(d == one[0] and a.startswith(one[1]) for d, a in names)}
    assert not lost


def test_policy_chunks_cut_no_sentence() -> None:
    corpus = policy.load()
    for chunk in corpus_chunks(corpus):
        text = corpus.documents[chunk.document].text
        before, after = text[chunk.start - 1 : chunk.start], text[chunk.end : chunk.end + 1]
        assert before in ("", "\n") or before in "。；;！？"
        assert after in ("", "\n") or text[chunk.end - 1] in "。；;！？”）"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["第二章 培育和认定", "第十六条 企业通过"], "第十六条"),
        (["附件1", "四、卓越级智能工厂", "（二）建设成效", "1.参考"], "附件1 四（二）1"),
        (["一、基础要求", "5.基础级"], "一、5"),
        (["附件4", "一、填报说明", "第一部分：基本情况", "二、填报要求", "2、字体"], "附件4 二、2"),
        (["第一部分 概况", "一、企业", "第二部分 建设"], "第二部分"),
        (["3 成效", "3.2.1 能耗"], "3.2.1"),
    ],
)
def test_places_are_named_as_the_documents_name_them(lines: list[str], expected: str) -> None:
    place = Place()
    for line in lines:
        if found := opening(line):
            place.enter(found.kind, found.label)
    assert place.name == expected


@pytest.mark.parametrize("line", ["2024年完成建设", "3.5%的不良率", "10台设备", "一体化管控", "第三方机构"])
def test_numbers_in_prose_open_nothing(line: str) -> None:
    assert opening(line) is None
