"""The front door is complete, and the import contracts catch a planted violation each."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import assistant
from tests.conftest import ROOT


def test_the_front_door_opens_everything_it_names() -> None:
    assert sorted(assistant.__all__) == list(assistant.__all__)
    for name in assistant.__all__:
        assert getattr(assistant, name) is not None
    assert set(dir(assistant)) == set(assistant.__all__)
    with pytest.raises(AttributeError):
        _ = assistant.nothing  # type: ignore[attr-defined]


PLANTED = {
    "stages are independent": ("assistant/check/planted.py", "from assistant.extract import kpis\n"),
    "one direction": ("assistant/policy/planted.py", "from assistant import pipeline\n"),
    "no model in the checks": ("assistant/report/planted.py", "from assistant import models\n"),
    "no langchain in triage": ("assistant/triage/planted.py", "import langchain_core\n"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_import_breaks_a_contract(tmp_path: Path, name: str) -> None:
    place, line = PLANTED[name]
    shutil.copytree(ROOT / "assistant", tmp_path / "assistant", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / place).write_text(f'"""Planted."""\n\n{line}', "utf-8")
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 1
    assert b"planted" in done.stdout
