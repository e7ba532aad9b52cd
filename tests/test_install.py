"""A wheel works in an empty virtual environment outside the checkout, and the base install stays small."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

LIMIT_MB = 150


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, install it without extras, and return the environment's folder."""
    place = tmp_path_factory.mktemp("install")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    venv = place / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    pip = [
        str(venv / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        str(wheel),
    ]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode and any(
        word in done.stderr for word in ("NewConnectionError", "No matching distribution")
    ):
        pytest.skip("no package index can be reached, so the wheel's dependencies cannot be installed")
    assert done.returncode == 0, done.stderr
    return venv


def _run(venv: Path, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [str(venv / "bin" / "assistant"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, cwd=cwd, env=environment, check=False)


@pytest.mark.slow
def test_the_wheel_reviews_a_declaration(installed: Path, tmp_path: Path) -> None:
    sample = ROOT / "corpus" / "declarations" / "hubei-excellent-2026.pdf"
    done = _run(installed, "review", sample, "--format", "json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    review = json.loads(done.stdout)
    assert review["problems"] == []
    assert len(review["declaration"]["scenes"]) >= 10
    assert review["checks"]["policy"]["jurisdiction"] == "湖北"
    for form in ("html", "docx", "markdown"):
        assert (
            _run(installed, "review", sample, "--format", form, "--out", tmp_path, cwd=tmp_path).returncode
            == 0
        )


@pytest.mark.slow
def test_the_wheel_carries_corpus_prompts_and_evals(installed: Path, tmp_path: Path) -> None:
    assert _run(installed, "policy", "diff", "2024", "2025", cwd=tmp_path).returncode == 0
    done = _run(installed, "eval", "run", "没有这个评测集", cwd=tmp_path)
    assert done.returncode == 2 and "评测集" in done.stderr.decode()
    data = next((installed / "lib").glob("python*/site-packages/assistant/_data"))
    assert {folder.name for folder in data.iterdir()} >= {"corpus", "prompts", "evals"}


@pytest.mark.slow
def test_a_missing_extra_is_named(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, "ui", cwd=tmp_path)
    assert done.returncode == 4
    assert "smart-factory-assistant[ui]" in done.stderr.decode()


@pytest.mark.slow
def test_the_base_install_is_small(installed: Path) -> None:
    packages = next((installed / "lib").glob("python*/site-packages"))
    own = ("pip", "pip-", "setuptools", "setuptools-", "_distutils", "pkg_resources")
    folders = [folder for folder in packages.iterdir() if not folder.name.startswith(own)]
    size = sum(
        f.stat().st_size
        for folder in folders
        for f in ([folder] if folder.is_file() else folder.rglob("*"))
        if f.is_file()
    )
    names = {folder.name for folder in folders}
    assert size / 1e6 <= LIMIT_MB, f"{size / 1e6:.0f} MB"
    assert not names & {"torch", "gradio", "langchain", "langchain_core", "faiss"}
