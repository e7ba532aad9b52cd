"""The adapter that was trained for judging claims: a low-rank correction (LoRA) of the embedded model's weights.

A small model as it comes often sees that a claim is not borne out and says so too seldom. Trained on our own
labelled pairs it answers one letter: borne out, not said, or said otherwise. The adapter belongs to one file of
weights and one prompt; with any other it is not used. Where it is not wanted it is switched off call by call,
so that every other task meets the model as its makers left it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import PolicyError
from assistant.models import weights
from assistant.resources import corpus
from assistant.settings import Settings

PROMPT = "judge-tuned"
_FACTS = "claim-judge.json"


@dataclass(frozen=True)
class Adapter:
    """A trained adapter. ``model`` is the SHA-256 of the model file and ``prompt`` the digest of the prompt it is for."""

    path: Path
    sha256: str
    model: str
    prompt: str


@cache
def adapter() -> Adapter:
    """Return the shipped adapter.

    Raises:
        PolicyError: it is missing, or its bytes are not those that were trained.
    """
    path = corpus() / "verify" / _FACTS
    try:
        facts = json.loads(path.read_text("utf-8"))
        found = Adapter(
            path.with_name(facts["file"]), str(facts["sha256"]), str(facts["model"]), str(facts["prompt"])
        )
        if hashlib.sha256(found.path.read_bytes()).hexdigest() != found.sha256:
            raise ValueError(f"{found.path.name} 校验不符")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PolicyError(f"核验适配器 {_FACTS} 读不出来：{error}", "请重新安装本软件") from error
    return found


def belonging(settings: Settings) -> Adapter | None:
    """Return the adapter of the model that ``settings`` name; None where that is another file than it was trained on.

    Raises:
        PolicyError: as ``adapter``.
    """
    if settings.model_path is not None:
        return None
    shipped = adapter()
    return shipped if shipped.model == weights.embedded().sha256 else None


def switched(on: bool) -> dict[str, Any]:
    """Return what a request to the embedded server says to have the adapter on or off.

    It is always said: a request that leaves it out would go on from the text that the one before it has
    read, with the adapter's traces in it.
    """
    return {"lora": [{"id": 0, "scale": 1.0 if on else 0.0}]}
