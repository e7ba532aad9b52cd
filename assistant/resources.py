"""Where the corpus and the prompts lie: inside an installed wheel, or at the top of a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from assistant.errors import PolicyError

_PACKAGE = Path(__file__).resolve().parent


@cache
def root() -> Path:
    """Return the folder that holds ``corpus/`` and ``prompts/``.

    Raises:
        PolicyError: neither place holds them (a broken installation).
    """
    for candidate in (_PACKAGE / "_data", _PACKAGE.parent):
        if (candidate / "corpus" / "policies").is_dir():
            return candidate
    raise PolicyError("找不到政策库 corpus/policies", "请重新安装本软件")


def corpus() -> Path:
    """Return the folder of policies and sample declarations."""
    return root() / "corpus"


def prompts() -> Path:
    """Return the folder of prompt templates."""
    return root() / "prompts"
