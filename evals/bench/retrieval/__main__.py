"""``python -m evals.bench.retrieval``: quality, speed, size and memory in one run, as JSON.

Quality is on the test half of ``evals/suites/retrieval``; ``--dev`` shows the other half. (a) is rank_bm25
with jieba, (b) a langchain vector store with the same embeddings, "vectors alone" is (c), (d) the encode
rate of the bare model under sentence-transformers.
"""

from __future__ import annotations

import json
import sys

from assistant.settings import Settings
from evals.bench.retrieval import quality, speed


def main() -> None:
    """Run everything and print one JSON object."""
    settings = Settings.from_env()
    half = "dev" if "--dev" in sys.argv else "test"
    found = {
        "half": half,
        "scenes-2025 (R@3)": quality.scenes("2025", settings, half),
        "scenes-2024 (R@3)": quality.scenes("2024", settings, half),
        "policy questions (R@5)": quality.questions(settings, half),
        "answers": quality.answers(settings, half),
        "memory_mb_before_speed": speed.memory_mb(),
    }
    if "--quality" not in sys.argv:
        found["throughput"] = speed.throughput(settings)
        found["at 20,000 passages"] = speed.at_size(settings)
        found["memory_mb"] = speed.memory_mb()
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
