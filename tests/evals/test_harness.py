"""Running suites as a stranger does: a folder written from the contract, through the commands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.settings import Settings
from evals.command import RunOptions, run
from evals.suite import load_suite

SUITE = """
name: 外部评测
what: [scenes, kpis, checks, flags, retrieval]
author: someone else
thresholds:
  kpi_f1: 0.5
  scenes: {precision: 50%, recall: 0.5}
"""
TEXT = (
    "湖北省先进级智能工厂申报书\n建成自动化立体仓库，WMS系统自动管理出入库，库存准确率达到99.5%。\n"
    "产品不良率由2.0%降至1.0%，下降60%。"
)
CASES: list[dict[str, Any]] = [
    {
        "id": "text",
        "text": TEXT,
        "application": {"jurisdiction": "湖北省", "tier": "先进级", "date": "2026-03-01", "kind": "new"},
        "expect": {
            "scenes": [{"catalog": "2025", "number": 12}],
            "kpis": [
                {"quote": "库存准确率达到99.5%", "number": None, "baseline": None, "current": 99.5, "stated_change": None},
                {"quote": "由2.0%降至1.0%", "number": 10, "baseline": 2.0, "current": 1, "stated_change": 60},
            ],
            "checks": {"kpi.arithmetic": "fail"},
            "flags": [{"kind": "kpi_arithmetic", "quote": "由2.0%降至1.0%"}],
        },
        "tags": ["prose"],
    },
    {"id": "file", "document": "docs/a.md", "expect": {"kpis": [{"quote": "设备联网率达到90%"}]}, "tags": []},
    {
        "id": "record",
        "record": {"maturity": {"level": 1}},
        "application": {"jurisdiction": "湖北", "tier": "先进级", "date": "2026-03-01"},
        "expect": {"checks": {"maturity.level": "fail"}},
        "tags": ["maturity"],
        "note": "the application may stand beside the record",
    },
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_CACHE_DIR", str(tmp_path / "cache"))
    place = tmp_path / "suite"
    (place / "docs").mkdir(parents=True)
    (place / "suite.yaml").write_text(SUITE, "utf-8")
    (place / "docs" / "a.md").write_text("设备联网率达到90%。", "utf-8")
    (place / "cases.jsonl").write_text(lines(CASES), "utf-8")
    return place


def lines(cases: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["eval", *map(str, arguments)])


def test_a_suite_written_from_the_contract_alone_runs(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    done = invoke("run", folder, "--out", out, "--strict")
    assert done.exit_code == 0, done.output
    result = json.loads(out.read_text("utf-8"))
    assert {name: metric["value"] for name, metric in result["metrics"].items()} == {
        "checks": 1.0, "flags": 1.0, "kpi_numbers": 1.0, "kpis": 1.0, "scenes": 1.0, "spans": 1.0,
    }  # fmt: skip
    assert result["tags"]["maturity"]["checks"]["items"] == 1
    assert result["unscored"] == {}


def test_a_run_is_written_as_html_without_links_and_as_junit(folder: Path, tmp_path: Path) -> None:
    wrong = [*CASES, {"id": "wrong", "text": TEXT, "expect": {"scenes": [{"number": 1}]}, "tags": []}]
    (folder / "cases.jsonl").write_text(lines(wrong), "utf-8")
    assert invoke("run", folder, "--out", tmp_path / "run.json").exit_code == 0
    page = (tmp_path / "run.html").read_text("utf-8")
    assert "http" not in page and "漏读" in page and "wrong" in page
    suite = ET.parse(tmp_path / "run.xml").getroot()  # noqa: S314  written by ourselves
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "1", "0")


def test_the_exit_codes(folder: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    assert invoke("run", folder, "--out", first).exit_code == 0
    assert invoke("run", folder, "--out", second, "--baseline", first).exit_code == 0
    assert invoke("compare", first, second).exit_code == 0
    worse = json.loads(second.read_text("utf-8"))
    row = next(row for row in worse["cases"] if row["case"] == "text")
    row["items"]["kpis"]["0"] = False
    second.write_text(json.dumps(worse), "utf-8")
    undecided = invoke("compare", first, second, "--format", "json")
    assert undecided.exit_code == 3
    verdicts = {v["metric"]: v for v in json.loads(undecided.stdout)["verdicts"]}
    assert verdicts["kpis"]["needed"] > 3
    row["items"]["checks"]["kpi.arithmetic"] = False
    second.write_text(json.dumps(worse), "utf-8")
    assert invoke("compare", first, second).exit_code == 1
    assert isinstance(invoke("run", tmp_path / "nowhere").exception, Exception)


def test_floors_count_only_when_asked_for(folder: Path) -> None:
    (folder / "suite.yaml").write_text("name: s\nthresholds: {kpis: 0.99}\n", "utf-8")
    case = {"id": "x", "text": "本厂有员工三百人。", "expect": {"kpis": [{"current": 5}]}, "tags": []}
    (folder / "cases.jsonl").write_text(lines([case]), "utf-8")
    assert invoke("run", folder).exit_code == 0
    strict = invoke("run", folder, "--strict")
    assert strict.exit_code == 1
    assert "kpis" in strict.stdout and "0.99" in strict.stdout


@pytest.mark.parametrize(
    ("thresholds", "expected"),
    [
        ("{kpis: 0.9}", [("kpis", "value", 0.9)]),
        ("{kpi_f1: 90, scenes_recall: 80%}", [("kpis", "value", 0.9), ("scenes", "recall", 0.8)]),
        ("{kpis: {precision: 0.9, min_recall: 0.8}}", [("kpis", "precision", 0.9), ("kpis", "recall", 0.8)]),
        ("[{metric: checks_accuracy, min: 1}]", [("checks", "value", 1.0)]),
        ("[{name: flags, threshold: 0.7}, {retrieval: 0.6}]", [("flags", "value", 0.7), ("retrieval", "value", 0.6)]),
        ("['scenes >= 0.8', {verdict: {min: 75}}]", [("scenes", "value", 0.8), ("verdict", "value", 0.75)]),
        ("{other: fast, kpis: null}", []),
        ("", []),
    ],
)  # fmt: skip
def test_thresholds_in_any_reasonable_shape(folder: Path, thresholds: str, expected: list[Any]) -> None:
    (folder / "suite.yaml").write_text(f"name: s\nthresholds: {thresholds}\n", "utf-8")
    found = load_suite(folder).spec.thresholds
    assert [(row.metric, row.part, row.minimum) for row in found] == expected


def test_a_case_that_cannot_be_read_is_named_by_line_and_field(folder: Path) -> None:
    from assistant.errors import InputError

    (folder / "cases.jsonl").write_text('{"id": "a", "text": "x", "record": {}}\n', "utf-8")
    with pytest.raises(InputError, match=r"cases.jsonl 第 1 行"):
        load_suite(folder)
    (folder / "cases.jsonl").write_text('{"id": "a"\n', "utf-8")
    with pytest.raises(InputError, match=r"第 1 行不是有效的 JSON"):
        load_suite(folder)


def test_a_missing_document_is_unscored_and_shown_beside(folder: Path, tmp_path: Path) -> None:
    (folder / "docs" / "a.md").unlink()
    done = invoke("run", folder, "--out", tmp_path / "run.json")
    result = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert done.exit_code == 0
    assert list(result["unscored"]) == ["file"] and "docs/a.md" in result["unscored"]["file"]
    assert "未评分" in done.stdout
    assert result["metrics"]["kpis"]["labelled"] == 2


def test_an_unchanged_run_is_answered_from_the_cache(folder: Path, tmp_path: Path) -> None:
    settings = Settings(cache_dir=tmp_path / "cache")
    (first,) = run(folder, [settings], RunOptions(jobs=1))
    for file in (tmp_path / "cache" / "evals").glob("*.json"):
        # What stands in the cache is what is scored: nothing was asked again.
        file.write_text(
            file.read_text("utf-8").replace('"stated_change": 60', '"stated_change": 61'), "utf-8"
        )
    (second,) = run(folder, [settings], RunOptions(jobs=1))
    (third,) = run(folder, [settings], RunOptions(jobs=1, use_cache=False))
    values = [one["metrics"]["kpis"]["value"] for one in (first, second, third)]
    assert values == [1.0, pytest.approx(2 / 3, abs=1e-3), 1.0]


def test_a_killed_run_goes_on_where_it_stopped(folder: Path, tmp_path: Path) -> None:
    long = [
        {"id": f"c{i}", "text": f"第{i}条。{TEXT * 8}", "expect": {"scenes": []}, "tags": []}
        for i in range(40)
    ]
    (folder / "cases.jsonl").write_text(lines(long), "utf-8")
    cache = tmp_path / "cache" / "evals"
    command = [sys.executable, "-m", "assistant", "eval", "run", str(folder), "--jobs", "1"]
    child = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ}
    )
    deadline = time.monotonic() + 60
    while len(list(cache.glob("*.json"))) < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    kept = {file.name: file.stat().st_mtime_ns for file in cache.glob("*.json")}
    assert 5 <= len(kept) < 40
    done = subprocess.run([*command, "--out", str(tmp_path / "r.json")], check=True, capture_output=True)
    assert b"\xe7\x94\xa8\xe6\x97\xb6" in done.stdout
    assert {name: (cache / name).stat().st_mtime_ns for name in kept} == kept
    assert len(json.loads((tmp_path / "r.json").read_text("utf-8"))["cases"]) == 40


def test_a_tag_chooses_cases(folder: Path, tmp_path: Path) -> None:
    assert invoke("run", folder, "--tag", "maturity", "--out", tmp_path / "r.json").exit_code == 0
    assert [row["case"] for row in json.loads((tmp_path / "r.json").read_text("utf-8"))["cases"]] == [
        "record"
    ]


def test_bless_keeps_what_comparison_needs_and_refuses_a_worse_run(folder: Path, tmp_path: Path) -> None:
    out, baselines = tmp_path / "a.json", tmp_path / "baselines"
    invoke("run", folder, "--out", out)
    assert invoke("bless", out, "--baselines", baselines).exit_code == 0
    (blessed,) = baselines.glob("*.json")
    assert invoke("compare", blessed, out).exit_code == 0
    assert blessed.stat().st_size < out.stat().st_size
    worse = json.loads(out.read_text("utf-8"))
    next(row for row in worse["cases"] if row["case"] == "record")["items"]["checks"]["maturity.level"] = (
        False
    )
    out.write_text(json.dumps(worse), "utf-8")
    assert invoke("bless", out, "--baselines", baselines).exit_code != 0
    assert invoke("bless", out, "--baselines", baselines, "--reason", "规则按新文件改了").exit_code == 0
    assert json.loads(blessed.read_text("utf-8"))["blessed_reason"] == "规则按新文件改了"


def test_a_run_of_which_nothing_could_be_scored_says_that_something_is_missing(folder: Path) -> None:
    (folder / "cases.jsonl").write_text(lines([CASES[1]]), "utf-8")
    (folder / "docs" / "a.md").unlink()
    assert invoke("run", folder).exit_code == 4


def test_repetitions_are_decided_by_majority_and_ties_are_left_out() -> None:
    from evals.run import _majority
    from evals.score import CaseScore

    def answer(right: bool) -> CaseScore:
        return CaseScore(case="c", items={"verdict": {"exact": right}})

    merged, split = _majority([answer(True), answer(True), answer(False)])
    assert (merged.items, split) == ({"verdict": {"exact": True}}, True)
    merged, split = _majority([answer(True), answer(False)])
    assert (merged.items, split) == ({"verdict": {}}, True)
    merged, split = _majority([answer(True), CaseScore(case="c", unscored="模型不可用")])
    assert (merged.items, split) == ({"verdict": {"exact": True}}, False)


def test_a_paid_run_above_its_cap_does_not_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.errors import UsageError

    monkeypatch.setenv("ASSISTANT_BASE_URL", "http://127.0.0.1:9/v1")
    settings = Settings.from_env().model_copy(update={"model": "custom:some"})
    with pytest.raises(UsageError, match="超过上限 100，没有开始"):
        run(folder, [settings], RunOptions(max_tokens=100))


def test_two_models_come_out_in_one_table(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "model.yaml"
    script.write_text(
        "rules:\n  - {contains: 是或否, content: 是, logprobs: {是: -0.1, 否: -2.4}}\n"
        "default: {content: A, logprobs: {A: -0.1, B: -2.5, C: -4}}\n",
        "utf-8",
    )
    claim = {
        "id": "claim",
        "claim": "设备联网率达到90%",
        "text": "设备联网率达到90%。",
        "expect": {"verdict": "supported"},
    }
    (folder / "cases.jsonl").write_text(lines([claim]), "utf-8")
    done = invoke("run", folder, "--model", f"off,scripted:{script}", "--out", tmp_path / "r.json")
    assert done.exit_code == 0, done.output
    head = done.stdout.splitlines()[1]
    assert "off" in head and head.endswith("model.yaml")
    assert len(list(tmp_path.glob("r.*.json"))) == 2


def test_a_record_that_the_product_refuses_is_wrong_not_unscored(folder: Path, tmp_path: Path) -> None:
    case = {"id": 7, "record": {"maturity": {"level": 99}}, "expect": {"checks": {"maturity.level": "fail"}}}
    (folder / "cases.jsonl").write_text(lines([case]), "utf-8")
    assert invoke("run", folder, "--out", tmp_path / "r.json").exit_code == 0
    result = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert result["metrics"]["checks"]["value"] == 0 and result["unscored"] == {}
    assert "level" in result["cases"][0]["notes"]["refused"]
