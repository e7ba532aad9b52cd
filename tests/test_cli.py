"""The commands of the contract: exit codes, one clear line for bad input, results on stdout only."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES, Runner

TEXT = """卓越级智能工厂申报书
企业名称：示例（虚构）精工有限公司
注册地址：湖北省宜昌市西陵区
填报日期：2026年3月5日
一、场景建设情况
1.在线智能检测
部署机器视觉检测系统，自动识别表面缺陷，产品不良率由3.2%降至1.1%，下降50%。
"""


@pytest.fixture
def declaration(tmp_path: Path) -> Path:
    file = tmp_path / "申报书.txt"
    file.write_text(TEXT, "utf-8")
    return file


def test_review_finds_the_wrong_sum(run: Runner, declaration: Path) -> None:
    done = run("review", declaration, "--format", "json")
    assert done.returncode == 0, done.stderr.decode()
    review = json.loads(done.stdout)
    assert review["schema_version"] == "1.0"
    assert set(review) >= {"declaration", "checks", "flags", "problems", "manifest"}
    assert {"kind": "kpi_arithmetic", "author": "rule"} in [
        {key: flag[key] for key in ("kind", "author")} for flag in review["flags"]
    ]
    assert [scene["number"] for scene in review["declaration"]["scenes"]] == [24]


@pytest.mark.parametrize("form", ["json", "text", "markdown", "html", "docx"])
def test_two_runs_give_the_same_bytes(run: Runner, declaration: Path, tmp_path: Path, form: str) -> None:
    contents = []
    for number in (1, 2):
        out = tmp_path / str(number)
        assert run("review", declaration, "--format", form, "--out", out).returncode == 0
        (file,) = out.iterdir()
        contents.append(file.read_bytes())
    if form == "json":
        reviews = [json.loads(content) for content in contents]
        for review in reviews:
            review["manifest"].update(started="", seconds=0)
        assert reviews[0] == reviews[1]
    elif form == "docx":
        assert _parts(contents[0]) == _parts(contents[1])
    else:
        assert contents[0] == contents[1]


def _parts(data: bytes) -> dict[str, bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "docProps/core.xml"}


def test_what_is_stated_wins(run: Runner, declaration: Path) -> None:
    done = run(
        "review",
        declaration,
        "--jurisdiction",
        "江苏省",
        "--tier",
        "基础级",
        "--as-of",
        "2025-06-01",
        "--format",
        "json",
    )
    policy = json.loads(done.stdout)["checks"]["policy"]
    assert (policy["jurisdiction"], policy["tier"], policy["catalog"]) == ("江苏", "基础级", "2024")


def test_strict_says_failed(run: Runner, declaration: Path) -> None:
    assert run("review", declaration, "--strict").returncode == 1


def test_extract_spans_are_exact(run: Runner, declaration: Path) -> None:
    record = json.loads(run("extract", declaration, "--with-text", "--format", "json").stdout)
    text = record["document"]["text"]

    def spans(value: object) -> list[dict[str, object]]:
        if isinstance(value, dict):
            if {"start", "end", "quote"} <= value.keys():
                return [value]
            return [s for item in value.values() for s in spans(item)]
        return [s for item in value for s in spans(item)] if isinstance(value, list) else []

    found = spans(record)
    assert len(found) > 5
    assert all(text[s["start"] : s["end"]] == s["quote"] for s in found)


def test_check_reads_stdin_and_lines(run: Runner, tmp_path: Path) -> None:
    record = {"application": {"jurisdiction": "湖北", "tier": "先进级"}, "maturity": {"level": 1}}
    one = json.loads(run("check", "-", "--format", "json", stdin=json.dumps(record).encode()).stdout)
    lines = tmp_path / "records.jsonl"
    lines.write_text("\n".join([json.dumps(record)] * 3), "utf-8")
    many = [json.loads(line) for line in run("check", lines).stdout.splitlines()]
    assert many == [one, one, one]
    assert {r["topic"]: r["status"] for r in one["results"]}["maturity.level"] == "fail"


BAD = {
    "missing file": (["review", "没有.pdf"], b""),
    "no such format": (["review", "README.md", "--format", "pdf"], b""),
    "no such tier": (["review", "README.md", "--tier", "超级"], b""),
    "no such place": (["check", "-", "--jurisdiction", "火星"], b"{}"),
    "no such date": (["check", "-", "--as-of", "2026-02-30"], b"{}"),
    "not json": (["check", "-"], b"{"),
    "not a record": (["check", "-"], b"[1]"),
    "unknown field": (["check", "-"], '{"企业": 1}'.encode()),
    "wrong type": (["check", "-"], b'{"maturity": {"level": 9}}'),
    "deep json": (["check", "-"], b"[" * 100_000),
    "not utf-8": (["check", "-"], b"\xff\xfe\x00"),
    "no such command": (["reject"], b""),
    "no such option": (["review", "README.md", "--force"], b""),
    "missing argument": (["review"], b""),
    "no question": (["ask"], b""),
    "two questions": (["ask", "问", "--queries", "-"], "问\n".encode()),
    "bad claims": (["verify", "-"], b'{"claim": 1}'),
    "no such schema": (["schema", "everything"], b""),
    "no such catalogue": (["policy", "scenes", "--catalog", "2023"], b""),
    "no such suite": (["eval", "run", "没有"], b""),
    "not a run": (["eval", "bless", "pyproject.toml"], b""),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_line(run: Runner, name: str) -> None:
    arguments, stdin = BAD[name]
    done = run(*arguments, stdin=stdin)
    message = done.stderr.decode()
    assert done.returncode == 2, message
    assert done.stdout == b""
    assert message.startswith("错误：") and message.count("\n") == 1, message
    assert "Traceback" not in message and "程序内部出错" not in message, message


def test_one_bad_file_among_good_ones_loses_nothing(run: Runner, declaration: Path, tmp_path: Path) -> None:
    broken = tmp_path / "坏.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    done = run("review", declaration, broken, "--format", "json", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["申报书.review.json"]
    assert "坏.pdf" in done.stderr.decode()


def test_files_of_one_name_get_reports_of_their_own(run: Runner, declaration: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / declaration.name
    other.parent.mkdir()
    other.write_text(TEXT, "utf-8")
    assert run("review", declaration, other, "--out", tmp_path / "out").returncode == 0
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize("record", ["declaration", "checks", "review"])
def test_schema_is_json_schema(run: Runner, record: str) -> None:
    schema = json.loads(run("schema", record).stdout)
    assert schema["type"] == "object" and "schema_version" in schema["properties"]


@pytest.mark.parametrize("arguments", [["--help"], ["check", "-"], ["policy", "scenes", "--catalog", "2025"]])
def test_cheap_commands_load_nothing_heavy(arguments: list[str]) -> None:
    import subprocess

    code = (
        "import sys, atexit\n"
        "heavy = ('torch', 'langchain', 'langchain_core', 'gradio', 'faiss', 'sentence_transformers')\n"
        "atexit.register(lambda: print([h for h in heavy if h in sys.modules], file=sys.stderr))\n"
        f"sys.argv = ['assistant', *{arguments!r}]\n"
        "from assistant.cli import main\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"{}", capture_output=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0
    assert done.stderr.decode().strip().endswith("[]")


def test_every_sample_is_reviewed_without_a_problem(run: Runner, tmp_path: Path) -> None:
    samples = sorted([*SAMPLES.glob("*.pdf"), *SAMPLES.glob("*.docx")])
    assert len(samples) >= 8
    done = run("review", *samples, "--format", "json", "--out", tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    for file in tmp_path.iterdir():
        assert json.loads(file.read_text("utf-8"))["problems"] == [], file.name
