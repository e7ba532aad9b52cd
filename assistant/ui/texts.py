"""What the application says: Chinese first, English as a switch. Findings and policy terms stay Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

CHINESE: Literal["zh"] = "zh"
ENGLISH: Literal["en"] = "en"


@cache
def _texts() -> dict[str, tuple[str, str]]:
    loaded = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text("utf-8"))
    return {key: (pair[0], pair[1]) for key, pair in loaded.items()}


@dataclass(frozen=True)
class Words:
    """The application's words in one language: ``words("queue")``, ``words("page_of", page=3, pages=7)``."""

    language: Literal["zh", "en"] = CHINESE

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of ``key``; a missing key is an error of ours and shows at once."""
        return _texts()[key][0 if self.language == CHINESE else 1].format(**values)

    def pick(self, pair: tuple[str, str]) -> str:
        """Return this language's half of a (Chinese, English) pair."""
        return pair[0 if self.language == CHINESE else 1]
