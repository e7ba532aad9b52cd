"""A searchable space: entries with words for BM25 and passages for vectors, and their fused ranking.

Why scores are fused and not ranks: on the labelled questions and enterprise sentences
(``evals/bench/retrieval``) the sum of the two retrievers' standardised scores beat reciprocal rank fusion
everywhere (policy questions, MRR 0.90 against 0.84; scenes of 2025, 0.86 against 0.85 before the business
lexicon was added): how far ahead a hit is says something that its rank forgets. Each score is standardised over its own best hundred, so that the balance
does not move with the size of the space.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.index.chunks import Chunk
from assistant.index.dense import Dense
from assistant.index.lexical import Lexical

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

# Each retriever's hits that take part in fusion.
_CANDIDATES = 100
# An entry of several passages scores the mean of its best ones: one lucky clause is not enough.
_POOL = 5
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Entry:
    """What is indexed for one chunk: ``words`` for BM25, one vector for each of ``passages``."""

    chunk: Chunk
    words: str
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row of the space with its fused score; the parts are standardised, ``similarity`` is the raw cosine."""

    row: int
    score: float
    lexical: float
    dense: float | None = None
    similarity: float | None = None


@dataclass(frozen=True)
class Space:
    """Everything that answers queries; immutable, safe to share between threads.

    ``owners[i]`` is the entry that vector ``i`` belongs to. ``balance`` weighs BM25 against vectors.
    """

    chunks: tuple[Chunk, ...]
    texts: Mapping[str, str]
    lexical: Lexical
    dense: Dense | None = None
    owners: Ints | None = None
    balance: float = 1.0

    def __len__(self) -> int:
        return len(self.chunks)

    def passage(self, row: int) -> str:
        """Return the exact text of a row."""
        chunk = self.chunks[row]
        return self.texts[chunk.document][chunk.start : chunk.end]

    def rank(
        self, query: str, vector: Floats | None, count: int, expansion: Sequence[str] = ()
    ) -> list[Ranked]:
        """Return the best ``count`` rows for a query.

        Args:
            query: the words asked.
            vector: the query's vector, None to search by words alone.
            count: how many rows at most.
            expansion: further words for BM25 (synonyms).
        """
        import numpy as np

        if not len(self):
            return []
        words = self.lexical.scores(query, expansion)
        lexical_rows = _top(words, _CANDIDATES)
        lexical = _Scale.of(words[lexical_rows])
        if vector is None or self.dense is None:
            order = lexical_rows[np.lexsort((lexical_rows, -words[lexical_rows]))][:count]
            return [
                Ranked(int(row), lexical.apply(words[row]), lexical.apply(words[row]))
                for row in order
                if words[row] > 0
            ]
        rows, cosines, dense = self._dense(vector, lexical_rows)
        fused = dense.all(cosines) + self.balance * lexical.all(words[rows])
        order = np.lexsort((rows, -fused))[:count]
        return [
            Ranked(
                int(rows[i]),
                float(fused[i]),
                lexical.apply(words[rows[i]]),
                dense.apply(cosines[i]),
                float(cosines[i]),
            )
            for i in order
        ]

    def _dense(self, vector: Floats, lexical_rows: Ints) -> tuple[Ints, Floats, _Scale]:
        """Return the rows worth comparing, their cosines, and the scale of the best hundred."""
        import numpy as np

        dense = self.dense
        assert dense is not None  # noqa: S101  the caller has looked
        if self.owners is None:
            nearest, scores = dense.top(vector, _CANDIDATES)
            rows = np.union1d(nearest, lexical_rows)
            return rows, dense.scores(vector, rows), _Scale.of(scores)
        pooled = _pool(dense.scores(vector), self.owners, len(self))
        rows = np.arange(len(self))
        return rows, pooled, _Scale.of(pooled[_top(pooled, _CANDIDATES)])


@dataclass(frozen=True, slots=True)
class _Scale:
    """Mean and spread of a retriever's best hits."""

    mean: float
    spread: float

    @classmethod
    def of(cls, scores: Floats) -> _Scale:
        if not len(scores):
            return cls(0.0, 1.0)
        return cls(float(scores.mean()), max(float(scores.std()), _TINY))

    def apply(self, score: float) -> float:
        return (float(score) - self.mean) / self.spread

    def all(self, scores: Floats) -> Any:
        return (scores - self.mean) / self.spread


def _top(scores: Floats, count: int) -> Ints:
    import numpy as np

    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count]


def _pool(scores: Floats, owners: Ints, entries: int) -> Floats:
    """Return the mean of each entry's best few passages, shape (entries,)."""
    import numpy as np

    order = np.lexsort((-scores, owners))
    sorted_owners = owners[order]
    first = np.searchsorted(sorted_owners, np.arange(entries))
    place = np.arange(len(order)) - first[sorted_owners]
    best = place < _POOL
    sums = np.bincount(sorted_owners[best], weights=scores[order][best], minlength=entries)
    counts = np.bincount(sorted_owners[best], minlength=entries)
    return np.asarray(sums / np.maximum(counts, 1), dtype=np.float32)


def build(
    entries: Iterable[Entry],
    texts: Mapping[str, str],
    vectors: Floats | None = None,
    *,
    balance: float = 1.0,
) -> Space:
    """Put a space together; ``vectors`` holds one row a passage, in order, or is None for words alone."""
    import numpy as np

    made = tuple(entries)
    counts = [len(entry.passages) for entry in made]
    single = all(count == 1 for count in counts)
    return Space(
        chunks=tuple(entry.chunk for entry in made),
        texts=texts,
        lexical=Lexical.build(entry.words for entry in made),
        dense=None if vectors is None or not len(vectors) else Dense.build(vectors),
        owners=None if single else np.repeat(np.arange(len(made)), counts),
        balance=balance,
    )
