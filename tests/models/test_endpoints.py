"""Endpoints that answer badly: the judge says what is missing and never takes silence for support."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from assistant import models, verify
from assistant.errors import UnavailableError, UsageError
from assistant.models.vendors import vendors
from assistant.settings import Settings
from tests.models.conftest import Behaviour, Endpoint, completion, says, slowly, status

GOOD = json.dumps(
    {"quotes": ["部署了6套视觉检测设备"], "missing": "", "verdict": "supported"}, ensure_ascii=False
)
PAIR = ("冲压车间部署了6套视觉检测设备。", "冲压车间部署了6套视觉检测设备，漏检率降到0.3%。")
BAD_PAIR = ("冲压车间部署了9套视觉检测设备。", "冲压车间部署了6套视觉检测设备，漏检率降到0.3%。")

BROKEN: dict[str, Behaviour] = {
    "500": status(500),
    "503": status(503),
    "429": status(429, {"retry-after": "0"}),
    "401": status(401),
    "404": status(404),
    "rubbish body": lambda request: (200, {}, b"<html>proxy error</html>"),
    "empty body": lambda request: (200, {}, b""),
    "no choices": lambda request: (200, {}, b'{"id":"1","object":"chat.completion","choices":[]}'),
    "null choices": lambda request: (200, {}, b'{"id":"1","choices":null}'),
    "a list": lambda request: (200, {}, b"[1,2]"),
    "half a JSON": says('{"quotes": ["部署了6套'),
    "prose": says("我认为该断言是成立的。"),
    "empty answer": says(""),
    "wrong shape": says('{"verdict": "是"}'),
    "unknown verdict": says('{"quotes": [], "missing": "", "verdict": "maybe"}'),
    "refusal": lambda request: (
        200,
        {},
        completion("").replace(b'"content": ""', b'"content": null, "refusal": "no"'),
    ),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_endpoint_is_a_problem_and_never_support(
    name: str, endpoint: Endpoint, settings: Settings
) -> None:
    endpoint.behaviour = BROKEN[name]
    judge = models.judge(settings)
    alone = verify.judge_claims([PAIR, BAD_PAIR])
    judged = verify.judge_claims([PAIR, BAD_PAIR], judge=judge)
    for verdict, rule in zip(judged, alone, strict=True):
        assert verdict.problem
        assert verdict.author == "rule"
        assert verdict.verdict == rule.verdict
    assert judged[1].verdict == "contradicted"


def test_an_endpoint_that_is_down_is_given_up_soon(settings: Settings) -> None:
    gone = settings.model_copy(update={"base_url": "http://127.0.0.1:9/v1"})
    started = time.monotonic()
    judged = verify.judge_claims([PAIR] * 20, judge=models.judge(gone))
    assert time.monotonic() - started < 15
    assert "连接不上" in (judged[0].problem or "")
    assert "停止调用" in (judged[-1].problem or "")


def test_a_slow_endpoint_times_out(endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = slowly(1.5, says(GOOD))
    quick = settings.model_copy(update={"model_timeout": 0.3, "model_retries": 0})
    (judged,) = verify.judge_claims([PAIR], judge=models.judge(quick))
    assert judged.problem == "模型服务超时"


def test_a_rate_limit_is_waited_out(endpoint: Endpoint, settings: Settings) -> None:
    answers = iter([status(429, {"retry-after": "0.1"}), says(GOOD)])
    endpoint.behaviour = lambda request: next(answers)(request)  # noqa: PLW0108  (a new answer each time)
    (judged,) = verify.judge_claims([PAIR], judge=models.judge(settings))
    assert judged.problem is None
    assert judged.author == "model:fake"
    assert len(endpoint.requests) == 2


def test_words_become_a_verdict_with_the_quote_of_the_text(endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = says(GOOD)
    judge = models.judge(settings)
    (judged,) = verify.judge_claims([PAIR], judge=judge)
    assert (judged.verdict, judged.author, judged.quotes) == (
        "supported",
        "model:fake",
        ("部署了6套视觉检测设备",),
    )
    assert judge is not None
    (call,) = judge.calls
    assert (call["tokens_in"], call["tokens_out"], call["ok"], call["cached"]) == (50, 5, True, False)
    assert call["prompt_hash"] == judge.prompt_hashes["judge-claim"]


def test_a_quote_that_is_not_in_the_text_supports_nothing(endpoint: Endpoint, settings: Settings) -> None:
    invented = json.dumps(
        {"quotes": ["经第三方验证完全属实"], "missing": "", "verdict": "supported"}, ensure_ascii=False
    )
    endpoint.behaviour = says(invented)
    pair = ("车间建成了智能仓储系统。", "公司重视数字化转型，组织员工参观学习先进企业。")
    (judged,) = verify.judge_claims([pair], judge=models.judge(settings))
    assert judged.verdict != "supported"
    assert "引文" in judged.reason


def test_probabilities_are_used_where_they_are_given(endpoint: Endpoint, settings: Settings) -> None:
    def answer(request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        assert request["logprobs"] is True
        asked = request["messages"][-1]["content"]
        top = {"否": -0.1, "是": -2.5} if "是或否" in asked else {"B": -0.2, "A": -2.0, "C": -3.0}
        return 200, {}, completion(next(iter(top)), top)

    endpoint.behaviour = answer
    judge = models.judge(settings.model_copy(update={"model": "vllm:fake"}))
    assert judge is not None
    (found,) = judge.margins([PAIR])
    assert found.problem is None
    assert found.margin == pytest.approx(-2.4)
    assert found.kind is not None
    assert found.kind < 0
    assert len(endpoint.requests) == 2


def test_an_answer_that_is_no_choice_is_a_problem(endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = says("好", {"好": -0.1, "的": -3.0})
    (judged,) = verify.judge_claims(
        [PAIR], judge=models.judge(settings.model_copy(update={"model": "vllm:fake"}))
    )
    assert judged.problem == "模型没有按要求作答"


def test_an_unchanged_question_is_not_asked_twice(endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = says(GOOD)
    first = verify.judge_claims([PAIR], judge=models.judge(settings))
    judge = models.judge(settings)
    again = verify.judge_claims([PAIR], judge=judge)
    assert first == again
    assert len(endpoint.requests) == 1
    assert judge is not None
    assert judge.calls[0]["cached"] is True


def test_a_failure_is_asked_again_next_time(endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = status(500)
    verify.judge_claims([PAIR], judge=models.judge(settings))
    endpoint.behaviour = says(GOOD)
    (judged,) = verify.judge_claims([PAIR], judge=models.judge(settings))
    assert judged.problem is None


def test_the_cap_on_calls_holds(endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = says(GOOD)
    capped = settings.model_copy(update={"model_max_calls": 3})
    pairs = [(f"冲压车间部署了{n}套视觉检测设备。", PAIR[1]) for n in range(2, 9)]
    judged = verify.judge_claims(pairs, judge=models.judge(capped))
    assert len(endpoint.requests) == 3
    assert sum("上限" in (v.problem or "") for v in judged) == 4


def test_the_rate_limit_spaces_requests(endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = says(GOOD)
    limited = settings.model_copy(update={"model_requests_per_minute": 300})
    pairs = [(f"冲压车间部署了{n}套视觉检测设备。", PAIR[1]) for n in range(2, 7)]
    started = time.monotonic()
    verify.judge_claims(pairs, judge=models.judge(limited))
    assert time.monotonic() - started >= 4 * 0.2


def test_one_switch_forbids_real_calls(settings: Settings, endpoint: Endpoint) -> None:
    with pytest.raises(UnavailableError, match="禁止"):
        models.judge(settings.model_copy(update={"forbid_model_calls": True}))
    assert endpoint.requests == []


def test_an_unknown_vendor_is_a_usage_error(settings: Settings) -> None:
    with pytest.raises(UsageError, match="不认识的模型"):
        models.judge(settings.model_copy(update={"model": "nobody:x"}))


@pytest.mark.parametrize("vendor", sorted(vendors()))
def test_each_named_vendor_speaks_the_protocol(vendor: str, endpoint: Endpoint, settings: Settings) -> None:
    """Each configuration is tried against the protocol; hosted services themselves cannot be reached here."""
    endpoint.behaviour = says(GOOD)
    named = settings.model_copy(update={"model": f"{vendor}:m", "model_logprobs": False})
    (judged,) = verify.judge_claims([PAIR], judge=models.judge(named))
    assert (judged.problem, judged.author) == (None, "model:m")
    shape = endpoint.requests[0]["response_format"]["type"]
    assert shape == vendors()[vendor].structured
    if shape == "json_object":
        assert "JSON Schema" in endpoint.requests[0]["messages"][0]["content"]


def test_a_hosted_vendor_without_a_key_says_which_variable(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEEPSEEK_API_KEY", raising=False)
    with pytest.raises(UnavailableError, match="密钥"):
        models.judge(settings.model_copy(update={"model": "deepseek:deepseek-chat", "base_url": None}))
