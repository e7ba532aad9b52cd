"""Ask the embedded model about our own pairs in one token and keep its two margins, for fitting.

    python -m evals.bench.model.margins OUT.jsonl [--split train] [--every 8]

A pair costs one to five seconds on two cores; answers are cached, so an interrupted run goes on.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from assistant import models
from assistant.settings import Settings
from evals.bench.model.fit import CASES


def main() -> None:
    """Write one line a pair: its id and both margins."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--split", default="train")
    parser.add_argument("--every", type=int, default=1, help="ask about every n-th pair")
    given = parser.parse_args()
    cases = [
        c
        for c in map(json.loads, CASES.read_text("utf-8").splitlines())
        if f"split:{given.split}" in c["tags"]
    ]
    done = (
        {json.loads(line)["id"] for line in given.out.read_text("utf-8").splitlines()}
        if given.out.exists()
        else set()
    )
    cases = [c for c in cases[:: given.every] if c["id"] not in done]
    judge = models.judge(Settings(model="embedded", model_max_calls=10_000, model_max_seconds=1e6))
    assert judge is not None  # noqa: S101  (embedded is never None)
    started = time.monotonic()
    answers = judge.by_tokens([(c["claim"], c["text"]) for c in cases])
    with given.out.open("a", encoding="utf-8") as stream:
        for case, answer in zip(cases, answers, strict=True):
            if answer.problem is None:
                stream.write(
                    json.dumps({"id": case["id"], "margin": answer.margin, "kind": answer.kind}) + "\n"
                )
    tokens = sum(int(call["tokens_in"]) for call in judge.calls)
    print(f"{len(cases)} pairs, {time.monotonic() - started:.1f} s, {tokens} prompt tokens")


if __name__ == "__main__":
    main()
