"""The parts behind the rooms: words, runs, gap reports, errors."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import gradio as gr
import pytest
import yaml

from assistant.errors import InputError, UsageError
from assistant.pipeline import review
from assistant.settings import Settings
from assistant.ui import runs
from assistant.ui.access import messages
from assistant.ui.enterprise import gap_report
from assistant.ui.forms import options_from, stated_inputs
from assistant.ui.pageview import Shelf
from assistant.ui.texts import Words
from tests.ui.conftest import ROOT, SAMPLES

UI = ROOT / "assistant" / "ui"
KEYS = re.compile(r"""(?<![\w.])(?:t|words|self\._words|self\._doorman\.words)\(\s*["']([a-z_0-9]+)["']""")


def test_every_word_that_is_used_is_there_in_both_languages() -> None:
    texts = yaml.safe_load((UI / "texts.yaml").read_text("utf-8"))
    sources = [*UI.glob("*.py"), *UI.glob("templates/*.j2")]
    used = {key for path in sources for key in KEYS.findall(path.read_text("utf-8"))}
    assert len(used) > 150
    whole = {key for key in used if not key.endswith("_")}  # the rest are put together from two parts
    assert whole - set(texts) == set()
    for key, pair in texts.items():
        chinese, english = pair
        assert chinese.strip() and english.strip(), key
        assert set(re.findall(r"{\w+}", chinese)) == set(re.findall(r"{\w+}", english)), key


def test_a_suite_is_run_stored_and_compared(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, cache_dir=tmp_path / "cache")
    told: list[tuple[int, int]] = []
    first = runs.run("reading", settings, lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0
    kept = runs.stored(settings)
    assert first.stem in kept
    assert runs.changes(kept[first.stem], kept[first.stem]) == ()
    assert all(0 <= value <= 1 for values in runs.trends(kept, "reading").values() for value in values)
    with pytest.raises(InputError, match="没有这个评测集"):
        runs.run("../suites/reading", settings, lambda _done, _total: None)


def test_every_suite_and_baseline_can_be_shown(tmp_path: Path) -> None:
    from assistant.ui import pictures
    from assistant.ui.desk import template

    kept = runs.stored(Settings(data_dir=tmp_path))
    lines = runs.suites()
    assert lines and not [line for line in lines if line.problem]
    for line in lines:
        trends = [(m, v[-1], pictures.trend(v), len(v)) for m, v in runs.trends(kept, line.name).items()]
        listed = [(name, run) for name, run in kept.items() if run["suite"] == line.name]
        html = template("evals.html.j2").render(
            t=Words(), suites=lines, chosen=line.name, runs=listed, trends=trends
        )
        assert line.name in html


def test_a_gap_report_names_place_clause_and_remedy() -> None:
    early = review(SAMPLES / "shanghai-advanced-poor.docx").review
    late = review(SAMPLES / "shanghai-advanced-2025.docx").review
    html = gap_report("x", late, Words(), early)
    for needed in (
        "要先解决",
        "依据：",
        "原文：",
        "已改",
        "新增",
        "按现有材料可支持的层级",
        "/download/x/report.docx",
    ):
        assert needed in html, needed


def test_foreign_text_is_never_markup() -> None:
    found = review(SAMPLES / "shanghai-advanced-poor.docx").review
    document = found.declaration.document
    assert document is not None
    renamed = document.model_copy(update={"name": "<script>alert(1)</script>.docx"})
    declaration = found.declaration.model_copy(update={"document": renamed})
    html = gap_report("x", found.model_copy(update={"declaration": declaration}), Words("en"))
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_unforeseen_errors_are_logged_and_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(gr.Error) as caught, messages():
        raise KeyError("secret inner detail")
    assert "secret" not in str(caught.value)
    assert "secret inner detail" in caplog.text
    with pytest.raises(gr.Error, match="看得懂的话"), messages():
        raise UsageError("看得懂的话")


@pytest.mark.parametrize(
    ("place", "tier", "day", "message"),
    [
        ("火星", "", "", "没有这个地区"),
        ("", "超级", "", "没有这个层级"),
        ("", "", "2026-13-01", "日期不可用"),
    ],
)
def test_stated_values_are_checked(place: str, tier: str, day: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        options_from(place, tier, day, Settings())


def test_a_shelf_keeps_the_last_few() -> None:
    shelf: Shelf[int] = Shelf(2)
    made: list[int] = []

    def make(number: int) -> int:
        made.append(number)
        return number

    for key in (1, 2, 1, 3, 1, 2):
        assert shelf.take(key, lambda key=key: make(key)) == key
    assert made == [1, 2, 3, 2]


@pytest.mark.parametrize(("model", "offered"), [("off", False), ("embedded", True)])
def test_the_models_further_tasks_are_offered_where_there_is_a_model(model: str, offered: bool) -> None:
    settings = Settings(model=model)
    with gr.Blocks():
        stated = stated_inputs(Words(), settings)
    assert stated.extras.visible is offered
    data = {stated.jurisdiction: "", stated.tier: "", stated.as_of: "", stated.extras: ["map_scenes"]}
    options = stated.options(data, settings)
    assert (options.suggest, options.map_scenes) == (False, True)
