"""What the embedded model has understood when it is about to answer, read off its last hidden state.

A small model often sees that a claim is not borne out and says 是 all the same. A linear reading of the state
from which it would speak, fitted on our own labelled pairs, is the better judge of hard pairs, and costs one
pass over the prompt without a generated token. The weights belong to one file of weights and one prompt; with
any other the reading is not used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.errors import PolicyError
from assistant.resources import corpus

if TYPE_CHECKING:
    import numpy as np

PROMPT = "judge-state"


@dataclass(frozen=True, eq=False)
class Reading:
    """A fitted linear reading: log-odds that a claim is supported = ``weights`` · state + ``intercept``.

    ``model`` is the SHA-256 of the model file, ``prompt`` the digest of the prompt that it was fitted with.
    """

    model: str
    prompt: str
    weights: np.ndarray
    intercept: float

    def log_odds(self, state: Sequence[float]) -> float:
        """Return the log-odds that a hidden state of unit length stands for "supported"."""
        import numpy as np

        return float(np.asarray(state, dtype=np.float64) @ self.weights + self.intercept)


@cache
def reading() -> Reading:
    """Return the fitted reading of ``corpus/verify/state.json``.

    Raises:
        PolicyError: the file is missing or damaged.
    """
    import numpy as np

    path = corpus() / "verify" / "state.json"
    try:
        data = json.loads(path.read_text("utf-8"))
        weights = np.asarray(data["weights"], dtype=np.float64) * float(data["scale"])
        return Reading(str(data["model"]), str(data["prompt"]), weights, float(data["intercept"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PolicyError(f"核验权重 {path.name} 读不出来：{error}", "请重新安装本软件") from error


def fitted() -> str:
    """Return what names the fitted reading in the key of a cache."""
    found = reading()
    return hashlib.sha256(found.weights.tobytes() + repr(found.intercept).encode()).hexdigest()[:16]


def as_dialogue(messages: Sequence[tuple[str, str]]) -> str:
    """Return messages in the embedded model's own dialogue form (ChatML), up to where it would answer."""
    turns = [f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in messages if text]
    return "".join(turns) + "<|im_start|>assistant\n"


def read_state(model: Any, messages: Sequence[tuple[str, str]]) -> tuple[list[float], int]:
    """Return the hidden state after ``messages`` (unit length) and the tokens read; ``model`` is a ``ChatOpenAI``.

    Raises whatever its client raises.
    """
    answer = model.root_client.embeddings.create(
        model=model.model_name, input=as_dialogue(messages), encoding_format="float"
    )
    return list(answer.data[0].embedding), int(answer.usage.prompt_tokens)
