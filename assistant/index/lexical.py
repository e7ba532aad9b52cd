"""BM25 over character bigrams: bm25s scores, a compact posting list is what lies on disk.

bm25s keeps a float and an int32 for every posting (8 bytes); a term count and a row number say the same
in 3 to 5 bytes, so only those are stored and the scores are worked out again at opening.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.index.tokens import tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Floats = NDArray[np.float32]

# Lucene's usual values; the sweep in evals/bench/retrieval is flat around them.
K1 = 1.5
B = 0.75
EXPANSION = 0.5
_COUNT_LIMIT = 255


@dataclass(frozen=True)
class Lexical:
    """Postings by token: rows ``rows[starts[i]:starts[i+1]]`` hold token ``i`` ``counts[...]`` times.

    ``lengths`` is the number of tokens of each row.
    """

    vocabulary: Mapping[str, int]
    starts: Array
    rows: Array
    counts: Array
    lengths: Array

    @classmethod
    def build(cls, texts: Iterable[str]) -> Lexical:
        """Index ``texts``, one row each."""
        return cls.of_tokens(tokens(text) for text in texts)

    @classmethod
    def of_tokens(cls, documents: Iterable[Sequence[str]]) -> Lexical:
        """Index documents that are tokens already."""
        import numpy as np

        vocabulary: dict[str, int] = {}
        ids: list[int] = []
        counts: list[int] = []
        sizes: list[int] = []
        lengths: list[int] = []
        for document in documents:
            counter = Counter(document)
            ids.extend(vocabulary.setdefault(token, len(vocabulary)) for token in counter)
            counts.extend(min(count, _COUNT_LIMIT) for count in counter.values())
            sizes.append(len(counter))
            lengths.append(len(document))
        token_ids = np.asarray(ids, dtype=np.int64)
        rows = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
        order = np.argsort(token_ids, kind="stable")
        starts = np.zeros(len(vocabulary) + 1, dtype=np.int64)
        np.cumsum(np.bincount(token_ids, minlength=len(vocabulary)), out=starts[1:])
        return cls(
            vocabulary=vocabulary,
            starts=starts,
            rows=rows[order],
            counts=np.asarray(counts, dtype=np.uint8)[order],
            lengths=np.asarray(lengths, dtype=np.int32),
        )

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def idf(self) -> Floats:
        """Return how rare each token is: ln(1 + (N - df + 0.5) / (df + 0.5))."""
        import numpy as np

        df = np.diff(self.starts)
        return np.log1p((len(self) - df + 0.5) / (df + 0.5)).astype(np.float32)

    @cached_property
    def _scorer(self) -> Any:
        import bm25s
        import numpy as np

        mean = max(float(self.lengths.mean()), 1.0) if len(self) else 1.0
        norm = (K1 * (1 - B + B * self.lengths / mean)).astype(np.float32)
        counts = self.counts.astype(np.float32)
        weights = np.repeat(self.idf, np.diff(self.starts))
        scorer = bm25s.BM25(method="lucene", k1=K1, b=B)
        scorer.vocab_dict = dict(self.vocabulary)
        scorer.nonoccurrence_array = None
        scorer.scores = {
            "data": weights * counts / (counts + norm[self.rows]),
            "indices": self.rows.astype(np.int32),
            "indptr": self.starts,
            "num_docs": len(self),
        }
        return scorer

    def ids(self, query: str) -> list[int]:
        """Return the known tokens of ``query``, each once, in order."""
        known = self.vocabulary
        return [known[token] for token in dict.fromkeys(tokens(query)) if token in known]

    def scores(self, query: str, expansion: Sequence[str] = ()) -> Floats:
        """Return the BM25 score of every row, zeros where nothing matches.

        The words of ``expansion`` count half: they are what the documents may say for it, not what was said.
        """
        said = self.ids(query)
        meant = [one for one in self.ids(" ".join(expansion)) if one not in set(said)]
        return self._sum(said) + EXPANSION * self._sum(meant)

    def _sum(self, ids: list[int]) -> Floats:
        import numpy as np

        if not ids:
            return np.zeros(len(self), dtype=np.float32)
        found: Floats = self._scorer.get_scores_from_ids(ids)
        return found
