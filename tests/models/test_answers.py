"""Words for a policy question: from the clauses alone, or none, and then it is said why."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assistant import cli, models
from assistant.settings import Settings
from tests.models.conftest import Behaviour, Endpoint, breaks_off, by_task, says, status

CLAUSES = ("《管理办法》第八条：先进级智能工厂应建成不少于15个典型场景。", "第九条：有效期三年。")
QUESTION = "先进级要建成几个场景？"
UNUSABLE: dict[str, Behaviour] = {
    "500": status(500),
    "closed midway": breaks_off,
    "half a JSON": says('{"answer": "应'),
    "empty": by_task(answer_from_clauses={"answer": " ", "used": [1]}),
    "another clause": by_task(answer_from_clauses={"answer": "应建成不少于15个。", "used": [7]}),
    "another number": by_task(answer_from_clauses={"answer": "应建成不少于20个[1]。", "used": [1]}),
    "an error": lambda request: (200, {}, b'{"error": {"message": "no quota"}}'),
}


def test_an_answer_from_the_clauses_is_given(endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = by_task(answer_from_clauses={"answer": "不少于15个典型场景[1]。", "used": [1]})
    writer = models.writer(settings)
    assert writer is not None
    assert writer.answer(QUESTION, CLAUSES) == "不少于15个典型场景[1]。"
    assert writer.problems == ()
    assert set(writer.prompt_hashes) == {"answer-from-clauses"}


@pytest.mark.parametrize("name", sorted(UNUSABLE))
def test_what_cannot_be_used_is_none_and_says_why(name: str, endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = UNUSABLE[name]
    writer = models.writer(settings.model_copy(update={"model_retries": 0}))
    assert writer is not None
    assert writer.answer(QUESTION, CLAUSES) is None
    assert len(writer.problems) == 1
    assert writer.problems[0]


def test_the_command_shows_the_clauses_and_says_what_is_missing(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    endpoint.behaviour = status(500)
    for name, value in {"BASE_URL": endpoint.url, "CACHE_DIR": str(tmp_path), "MODEL_RETRIES": "0"}.items():
        monkeypatch.setenv(f"ASSISTANT_{name}", value)
    monkeypatch.setattr(
        sys, "argv", ["assistant", "ask", "湖北省先进级智能工厂要建成多少个典型场景？", "--model", "custom:m"]
    )
    with pytest.raises(SystemExit) as ended:
        cli.main()
    shown = capfd.readouterr()
    assert not ended.value.code
    assert '"answer": null' in shown.out
    assert '"quote"' in shown.out
    assert "请直接看条款" in shown.err
