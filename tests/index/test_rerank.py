"""The reranker door, with a real cross-encoder of random weights.

What this proves: a folder named in the settings is loaded without a network, its scores decide the order, no
hit is lost or doubled. It proves nothing about quality: random weights know nothing. Whether a trained
reranker is worth its time was not measured, which is why the door is closed by default.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from assistant import index, policy
from assistant.errors import ModelError
from assistant.index.rerank import DEPTH, CrossEncoderReranker, rerank
from assistant.index.space import Ranked
from assistant.settings import Settings

pytest.importorskip("sentence_transformers")

QUESTION = "智能工厂有效期几年"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A BERT of two layers that reads single characters, saved as Hugging Face saves models."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    place = tmp_path_factory.mktemp("reranker")
    text = "".join(document.text for document in policy.load().documents.values())
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(text) - set(" \n\t"))]
    (place / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(str(place / "vocab.txt")).save_pretrained(place)
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        num_labels=1,
        # Untrained heads of the usual spread score everything alike to four digits.
        initializer_range=0.5,
    )
    BertForSequenceClassification(config).save_pretrained(place)
    return str(place)


def places(hits: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(hit["document"], hit["article"]) for hit in hits]


def test_a_search_comes_in_the_order_of_the_cross_encoder(folder: str, tmp_path: Path) -> None:
    plain = Settings(cache_dir=tmp_path, embedding="off", reranker="off")
    named = plain.model_copy(update={"reranker": folder})
    before = index.searcher("policy", plain).search(QUESTION, DEPTH)["hits"]
    after = index.searcher("policy", named).search(QUESTION, DEPTH)["hits"]
    assert sorted(places(after)) == sorted(places(before)) and len(after) == DEPTH
    quotes = [hit["span"]["quote"] for hit in after]
    scores = CrossEncoderReranker(folder).scores(QUESTION, quotes)
    assert len({round(score, 6) for score in scores}) > 1
    assert all(a >= b - 1e-4 for a, b in pairwise(scores))
    assert places(after) != places(before)
    assert sorted((hit["score"] for hit in after), reverse=True) == [hit["score"] for hit in after]


def test_answers_and_scenes_go_through_the_same_door(folder: str, tmp_path: Path) -> None:
    plain = Settings(cache_dir=tmp_path, embedding="off", reranker="off")
    named = plain.model_copy(update={"reranker": folder})
    assert index.answerer(named).ask(QUESTION)["abstained"] is False
    before = index.searcher("scenes-2025", plain).search("堆垛机按指令存取货物", 40)["hits"]
    after = index.searcher("scenes-2025", named).search("堆垛机按指令存取货物", 40)["hits"]
    assert {hit["scene"] for hit in after} == {hit["scene"] for hit in before}
    assert [hit["scene"] for hit in after[DEPTH:]] == [hit["scene"] for hit in before[DEPTH:]]


def test_only_the_head_is_read_again() -> None:
    class Backwards:
        def scores(self, query: str, passages: object) -> list[float]:
            assert query == QUESTION
            return [float(n) for n in range(len(list(passages)))]  # type: ignore[call-overload]

    ranked = [Ranked(row, float(-row), 0.0) for row in range(DEPTH + 3)]
    found = rerank(Backwards(), QUESTION, ranked, ["段落"] * DEPTH)
    assert [one.row for one in found] == [*reversed(range(DEPTH)), DEPTH, DEPTH + 1, DEPTH + 2]


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="无法加载"):
        CrossEncoderReranker(str(tmp_path))
