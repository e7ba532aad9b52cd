"""What a person at the command line sees of a model run: the forecast, how far it is, what came of it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from assistant import cli, pipeline
from assistant.cli.model_run import ModelRun
from assistant.models.gateway import Gateway
from assistant.models.vendors import connect
from assistant.models.wording import ModelWriter
from assistant.pipeline import Options
from assistant.settings import Settings
from tests.conftest import SAMPLES
from tests.models.conftest import Endpoint, by_task, status

SMALL = SAMPLES / "jiangsu-basic-sme-2025.docx"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def environment(endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    for name, value in {
        "BASE_URL": endpoint.url,
        "CACHE_DIR": str(tmp_path / "cache"),
        "MODEL_RETRIES": "0",
        "MODEL_PRICE_IN": "2",
        "MODEL_PRICE_OUT": "8",
    }.items():
        monkeypatch.setenv(f"ASSISTANT_{name}", value)
    endpoint.behaviour = by_task()
    return endpoint


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["assistant", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_the_forecast_is_printed_and_nothing_sent(
    environment: Endpoint, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "review", str(SMALL), "--model", "custom:m", "--forecast") == 0
    told = capfd.readouterr().out
    assert "最多提问" in told
    assert "费用至多约" in told
    assert (
        _run(monkeypatch, "review", str(SMALL), "--model", "custom:m", "--forecast", "--format", "json") == 0
    )
    data = json.loads(capfd.readouterr().out)
    assert data["file"] == SMALL.name
    assert data["calls"] == sum(data["tasks"].values())
    assert data["cost"] > 0
    assert environment.requests == []


def test_without_a_terminal_there_is_a_line_before_and_one_after(
    environment: Endpoint, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code = _run(monkeypatch, "review", str(SMALL), "--model", "custom:m", "--out", str(tmp_path / "out"))
    lines = capfd.readouterr().err.splitlines()
    assert code == 0
    assert lines[0].startswith(f"{SMALL.name}：模型 custom:m（在本机）最多提问")
    assert f"提问 {len(environment.requests)} 次" in lines[1]
    assert len(lines) == 3


def test_a_part_that_failed_is_no_missing_model(
    environment: Endpoint, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    environment.behaviour = by_task(find_elements=status(400))
    assert _run(monkeypatch, "review", str(SMALL), "--model", "custom:m", "--format", "json") == 0
    shown = capfd.readouterr()
    assert "没有结果" in shown.err
    assert "未能查找要素" in shown.out
    environment.behaviour = status(500)
    assert _run(monkeypatch, "review", str(SMALL), "--model", "custom:n") == 4


def test_judging_claims_alone_says_as_much(
    environment: Endpoint, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    claims = tmp_path / "claims.jsonl"
    pair = {"claim": "建成立体仓库，库存周转提升20%。", "evidence": "建成立体仓库，库存周转提升20%。"}
    claims.write_text(json.dumps(pair, ensure_ascii=False), "utf-8")
    assert _run(monkeypatch, "verify", str(claims), "--model", "custom:m") == 0
    shown = capfd.readouterr()
    assert "最多提问 1 次" in shown.err
    assert "提问 1 次" in shown.err.splitlines()[1]
    assert json.loads(shown.out)["author"] == "model:m"


@pytest.mark.parametrize("option", ["--suggest", "--map-scenes", "--forecast"])
def test_options_of_the_model_need_a_model(
    option: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "review", str(SMALL), "--model", "off", option) == 2
    assert "需要模型" in capfd.readouterr().err


def test_a_terminal_shows_how_many_claims_are_done(
    endpoint: Endpoint, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.behaviour = by_task()
    monkeypatch.setattr(sys, "stderr", Terminal())
    pipeline.review(SMALL, Options(settings=settings), ModelRun(SMALL.name))
    shown = sys.stderr.getvalue()  # type: ignore[attr-defined]
    steps = [part for part in shown.split("\r") if part.startswith("模型核对断言")]
    assert [step.split("] ")[1].split("\n")[0] for step in steps] == [f"{i}/15" for i in range(1, 16)]
    assert "模型查找要素" in shown


def test_progress_counts_things_and_not_questions(endpoint: Endpoint, settings: Settings) -> None:
    """A claim that is asked about twice is one claim; questions asked at once are counted each once."""
    endpoint.behaviour = by_task()
    seen: list[tuple[str, int, int]] = []
    gateway = Gateway(connect(settings), settings, lambda name, done, total: seen.append((name, done, total)))
    ModelWriter(gateway).suggest([("甲", "一"), ("乙", "二"), ("甲", "一")])
    assert seen == [("suggest", 1, 2), ("suggest", 2, 2)]
