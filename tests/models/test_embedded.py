"""The embedded model itself, where its weights are installed (``assistant models install``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import models, verify
from assistant.models import adapter, prompting, weights
from assistant.models.vendors import connect
from assistant.settings import Settings

pytestmark = [
    pytest.mark.model,
    pytest.mark.slow,
    pytest.mark.skipif(not weights.installed(Settings()), reason="内置模型未安装：assistant models install"),
]
EVIDENCE = "公司在焊接车间部署视觉检测系统，缺陷检出率由92%提升至99.2%。"
PAIRS = (
    ("焊接车间部署了视觉检测系统，缺陷检出率达到99.2%。", EVIDENCE),
    ("公司建成了智能仓储系统并投入使用。", "公司计划于2026年建设智能仓储系统，目前正在招标。"),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    # The weights stay where they are; answers are kept apart, so that the model is really asked.
    cache = tmp_path_factory.mktemp("cache")
    (cache / "models").symlink_to(weights.place(Settings()).parent, target_is_directory=True)
    return Settings(model="embedded", cache_dir=cache)


def test_it_judges_by_a_letter_with_its_adapter(settings: Settings) -> None:
    judge = models.judge(settings)
    good, bad = verify.judge_claims(PAIRS, judge=judge)
    assert (good.verdict, good.author) == ("supported", "model:qwen2.5-coder-1.5b-instruct")
    assert bad.verdict != "supported"
    assert judge is not None
    assert [(call["prompt"], call["tokens_out"]) for call in judge.calls] == [("judge-tuned", 1)] * 2
    assert judge.calls[0]["model"].endswith(f"+{adapter.adapter().sha256[:12]}")
    assert not judge.calls[0]["cached"]


def test_the_adapter_leaves_no_trace_in_other_answers(settings: Settings) -> None:
    model = connect(settings).model
    asked = [
        ("user", text)
        for _, text in prompting.load("judge-tuned").messages({"claim": PAIRS[0][0], "evidence": EVIDENCE})
    ]

    def letter(**options: object) -> float:
        answer = model.invoke(asked, max_tokens=1, logprobs=True, top_logprobs=20, **options)
        first = answer.response_metadata["logprobs"]["content"][0]["top_logprobs"]
        return next(float(t["logprob"]) for t in first if t["token"] == "A")  # noqa: S105  (a token of text)

    with_adapter = {"extra_body": adapter.switched(on=True)}
    before, tuned, after, again = letter(), letter(**with_adapter), letter(), letter(**with_adapter)
    assert abs(before - after) < 0.2
    assert abs(tuned - again) < 0.2
    assert abs(before - tuned) > 0.5


def test_another_file_is_asked_for_a_token(settings: Settings) -> None:
    own = settings.model_copy(update={"model_path": weights.place(settings)})
    judge = models.judge(own)
    assert judge is not None
    (answer,) = judge.margins(PAIRS[:1])
    assert answer.tuned is None
    assert answer.margin is not None
    assert [call["tokens_out"] for call in judge.calls] == [1, 1]


def test_the_longest_claim_and_evidence_fit_the_context(settings: Settings) -> None:
    judge = models.judge(settings)
    assert judge is not None
    (answer,) = judge.margins([("龘靐齉爩" * 200, "𠮷野家ΩΨ①" * 300)])
    assert answer.problem in (None, "模型没有按要求作答")


def test_its_words_fit_the_shape_and_quote_the_text(settings: Settings) -> None:
    judge = models.judge(settings)
    assert judge is not None
    (answer,) = judge.explain(PAIRS[:1])
    assert answer.problem is None
    assert answer.verdict in ("supported", "unsupported", "contradicted")
    assert all(verify.quotes.find_quote(quote, EVIDENCE) for quote in answer.quotes)


def test_it_listens_on_loopback_and_asks_for_a_key(settings: Settings) -> None:
    import httpx

    endpoint = connect(settings)
    assert not endpoint.leaves_machine
    base = str(endpoint.model.openai_api_base)  # type: ignore[attr-defined]
    assert base.startswith("http://127.0.0.1:")
    assert httpx.get(f"{base}/models").status_code == 401


def test_a_file_that_is_no_model_is_said_to_be_none(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(Exception, match="打不开"):
        models.judge(Settings(model="embedded", model_path=broken))


def test_it_reads_elements_in_their_shape(settings: Settings) -> None:
    writer = models.writer(settings)
    assert writer is not None
    (told,) = writer.elements([("在线智能检测", EVIDENCE)])
    assert told.problem is None
    assert told.value is not None
    quotes = [quote for quote in told.value.model_dump().values() if quote]
    assert quotes
    assert all(verify.quotes.find_quote(quote, EVIDENCE) for quote in quotes)
