"""The scripted and the recorded model are langchain chat models that ship with the product."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import models, verify
from assistant.errors import InputError
from assistant.models.recorded import RecordingChatModel
from assistant.models.scripted import ScriptedChatModel
from assistant.settings import Settings

PAIR = ("车间建成立体仓库。", "车间建成立体仓库，货位4800个。")


def _script(folder: Path) -> Path:
    path = folder / "script.yaml"
    path.write_text(
        "rules:\n"
        "  - {contains: [立体仓库, 是或否], content: 是, logprobs: {是: -0.1, 否: -2.4}}\n"
        "  - {contains: 立体仓库, content: A, logprobs: {A: -0.1, B: -2.5, C: -4}}\n"
        "  - {contains: 坏, fail: 服务坏了}\n"
        "default: {content: 否, logprobs: {否: -0.1, 是: -3}}\n",
        "utf-8",
    )
    return path


def test_a_script_answers_by_what_it_is_asked(tmp_path: Path) -> None:
    settings = Settings(model=f"scripted:{_script(tmp_path)}", cache_dir=tmp_path, forbid_model_calls=True)
    (judged,) = verify.judge_claims([PAIR], judge=models.judge(settings))
    assert (judged.verdict, judged.author) == ("supported", "model:scripted")
    (failed,) = verify.judge_claims([("坏", "坏的证据")], judge=models.judge(settings))
    assert "服务坏了" in (failed.problem or "")


def test_what_was_recorded_is_replayed_and_nothing_else(tmp_path: Path) -> None:
    settings = Settings(model=f"scripted:{_script(tmp_path)}", cache_dir=tmp_path)
    inner = models.chat(settings)
    tape = tmp_path / "tape.jsonl"
    recorder = RecordingChatModel(inner=inner, path=tape)  # type: ignore[arg-type]
    question = [("user", "有立体仓库吗？是或否")]
    told = recorder.invoke(question).content
    replay = models.chat(Settings(model=f"recorded:{tape}", cache_dir=tmp_path))
    assert replay is not None
    assert replay.invoke(question).content == told == "是"
    assert json.loads(tape.read_text("utf-8"))["logprobs"] == {"是": -0.1, "否": -2.4}
    with pytest.raises(Exception, match="没有这一问的回答"):
        replay.invoke([("user", "另一个问题")])


def test_scripts_that_cannot_be_read_say_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="模型脚本"):
        models.chat(Settings(model=f"scripted:{tmp_path / 'none.yaml'}"))
    with pytest.raises(InputError, match="录制文件"):
        models.chat(Settings(model=f"recorded:{tmp_path / 'none.jsonl'}"))


def test_off_is_no_model() -> None:
    settings = Settings(model="off")
    assert (models.chat(settings), models.judge(settings), models.writer(settings)) == (None, None, None)


def test_a_script_may_be_a_function() -> None:
    model = ScriptedChatModel(script=lambda text: (text.upper(), {}))
    assert model.invoke("abc").content == "ABC"


def test_the_forecast_says_what_it_will_cost() -> None:
    priced = Settings(model="openai:x", model_price_in=2.0, model_price_out=8.0, model_logprobs=False)
    told = models.forecast(priced, pairs=100, characters=20_000)
    assert told["calls"] == 100
    assert told["cost"] == pytest.approx((told["tokens_in"] * 2 + told["tokens_out"] * 8) / 1e6, abs=1e-4)
    assert models.forecast(Settings(model="embedded"), 500, 100_000)["within_cap"] is False
    assert models.forecast(Settings(model="embedded"), 30, 6_000)["cost"] is None
