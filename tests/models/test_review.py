"""A whole review with an endpoint that does not work: it finishes, says so, and loses no rule finding."""

from __future__ import annotations

import json

import pytest

from assistant import pipeline
from assistant.settings import Settings
from tests.conftest import SAMPLES
from tests.models.conftest import Behaviour, Endpoint, says, slowly, status

BROKEN: dict[str, Behaviour] = {
    "429": status(429, {"retry-after": "0"}),
    "500": status(500),
    "half JSON": says('{"quotes": ["'),
    "rubbish": lambda request: (200, {}, b"???"),
    "slow": slowly(0.6, says("{}")),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_the_review_finishes_without_the_model(name: str, endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = BROKEN[name]
    settings = settings.model_copy(update={"model_timeout": 0.3, "model_retries": 0})
    _same_as_alone(settings, problems=True)


def test_the_review_finishes_when_nobody_answers(settings: Settings) -> None:
    _same_as_alone(settings.model_copy(update={"base_url": "http://127.0.0.1:9/v1"}), problems=True)


def test_a_working_endpoint_only_adds(endpoint: Endpoint, settings: Settings) -> None:
    answer = {"quotes": [], "missing": "没有写明统计时间", "verdict": "unsupported"}
    endpoint.behaviour = says(json.dumps(answer, ensure_ascii=False))
    review = _same_as_alone(settings, problems=False)
    added = [f for f in review.flags if f.author == "model:fake"]
    assert added
    assert review.manifest.calls
    assert review.manifest.prompt_hashes
    assert review.manifest.tokens["in"] == 50 * sum(not call["cached"] for call in review.manifest.calls)


def _same_as_alone(settings: Settings, *, problems: bool) -> pipeline.Review:
    path = SAMPLES / "jiangsu-excellent-poor.pdf"
    alone = pipeline.review(path, pipeline.Options(settings=Settings(model="off"))).review
    judged = pipeline.review(path, pipeline.Options(settings=settings)).review
    assert judged.checks == alone.checks
    assert judged.declaration == alone.declaration
    assert set(alone.flags) <= set(judged.flags)
    assert bool(set(judged.problems) - set(alone.problems)) is problems
    return judged
