"""What counts as found: a labelled article, or any other that answers the question as well."""

from __future__ import annotations

from typing import Any

import pytest

from assistant import policy
from assistant.index.policies import corpus_chunks
from evals.bench.retrieval import labels
from evals.score import score_case
from evals.suite import Case, SuiteSpec

LABEL = {"query": "出过人命还能报吗", "document": "hubei-2024-84", "article": "第三条"}
OTHER = {"document": "hubei-2024-82", "article": "二（一）4"}


def score(label: dict[str, Any], *places: tuple[str, str]) -> bool:
    case = Case.model_validate({"id": "one", "expect": {"retrieval": [label]}})
    hits = [{"document": document, "article": article} for document, article in places]
    found = {"retrieval": [{"hits": hits, "abstained": False}]}
    return score_case(case, found, SuiteSpec()).items["retrieval"][label["query"]]


@pytest.mark.parametrize(
    ("place", "alone", "with_others"),
    [
        (("hubei-2024-84", "第三条"), True, True),
        (("hubei-2024-82", "二（一）4"), False, True),
        (("hubei-2024-82", "二（一）5"), False, False),
    ],
)
def test_any_labelled_article_is_a_hit(place: tuple[str, str], alone: bool, with_others: bool) -> None:
    assert score(LABEL, place) is alone
    assert score({**LABEL, "also": [OTHER]}, place) is with_others


def test_only_the_first_five_count() -> None:
    near = [("jiangsu-2025", f"第{n}条") for n in "一二三四五"]
    assert not score(LABEL, *near, ("hubei-2024-84", "第三条"))


def test_every_labelled_article_is_one_that_the_corpus_has() -> None:
    known = {(chunk.document, chunk.article) for chunk in corpus_chunks(policy.load())}
    asked = labels.of("policy")
    assert asked and not [query for query in asked if not query.articles & known]
    assert not any(query.articles for query in labels.of("unanswerable"))
