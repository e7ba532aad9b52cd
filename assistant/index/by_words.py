"""Which scenes a sentence is nearest to, by words alone: the same result whatever else is installed.

Extraction takes its candidates for free prose from here. Beside the scenes stand rows for what declarations
and news also say and no scene is about (``corpus/lexicon/background.yaml``): the firm, its honours, the cells
of the form, the region, the market. A sentence that is nearest to one of these speaks of no scene.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml

from assistant import policy, resources
from assistant.errors import PolicyError
from assistant.index.lexical import Lexical
from assistant.index.scenes import scene_entries

_FILE = "background.yaml"
_TINY = 1e-6

# Scene number (None: no scene), standard deviations above the mean of all rows, BM25 score.
Near = tuple[int | None, float, float]


@dataclass(frozen=True, eq=False)
class ScenesByWords:
    """The scenes of a catalogue as BM25 rows, the background behind them."""

    lexical: Lexical
    numbers: tuple[int | None, ...]

    def near(self, words: str, count: int = 3) -> tuple[Near, ...]:
        """Return the rows nearest to some words, best first; none when no word is known."""
        import numpy as np

        scores = self.lexical.scores(words)
        if not scores.any():
            return ()
        ahead = (scores - scores.mean()) / max(float(scores.std()), _TINY)
        order = np.argsort(-scores, kind="stable")[:count]
        return tuple((self.numbers[row], float(ahead[row]), float(scores[row])) for row in order)


@cache
def by_words(catalog: str) -> ScenesByWords:
    """Return the scenes of a catalogue to compare sentences with (made once, kept in memory).

    Raises:
        PolicyError: the background sentences are missing or damaged.
    """
    entries, background = scene_entries(policy.load(), catalog), _background()
    numbers = [*(entry.chunk.scene for entry in entries), *(None for _ in background)]
    return ScenesByWords(Lexical.build([*(entry.words for entry in entries), *background]), tuple(numbers))


def _background() -> list[str]:
    path = resources.corpus() / "lexicon" / _FILE
    try:
        kinds = yaml.safe_load(path.read_text(encoding="utf-8"))["kinds"]
        return [" ".join(sentences) for sentences in kinds.values()]
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise PolicyError(f"{_FILE}：读不懂：{error}", "请按文件开头的说明改正") from error
