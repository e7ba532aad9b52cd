"""Ask the embedded model about our own pairs and keep what it answers, for fitting what its word is worth.

    python -m evals.bench.model.margins OUT.jsonl --split dev             # with its adapter: one letter
    python -m evals.bench.model.margins OUT.jsonl --split train --tokens  # as it is: one token, twice

A pair costs one to five seconds on two cores; answers are cached, so an interrupted run goes on.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from assistant.models.claim_judge import ModelJudge
from assistant.models.gateway import Gateway
from assistant.models.vendors import connect
from assistant.settings import Settings
from evals.bench.model.fit import pairs


def main() -> None:
    """Write one line a pair: its id and the log-odds that were answered."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--split", default="train")
    parser.add_argument("--every", type=int, default=1, help="ask about every n-th pair")
    parser.add_argument(
        "--tokens", action="store_true", help="the model as it is, as other endpoints are asked"
    )
    given = parser.parse_args()
    cases = [c for c in pairs() if f"split:{given.split}" in c["tags"]]
    done = (
        {json.loads(line)["id"] for line in given.out.read_text("utf-8").splitlines()}
        if given.out.exists()
        else set()
    )
    cases = [c for c in cases[:: given.every] if c["id"] not in done]
    settings = Settings(model="embedded", model_max_calls=10_000, model_max_seconds=1e6)
    judge = ModelJudge(Gateway(connect(settings), settings), settings)
    started = time.monotonic()
    asked = [(c["claim"], c["text"]) for c in cases]
    answers = judge.by_tokens(asked) if given.tokens else judge.by_letter(asked)
    names = ("margin", "kind") if given.tokens else ("tuned", "otherwise")
    with given.out.open("a", encoding="utf-8") as stream:
        for case, answer in zip(cases, answers, strict=True):
            if answer.problem is None:
                line = {"id": case["id"]} | {name: getattr(answer, name) for name in names}
                stream.write(json.dumps(line) + "\n")
    tokens = sum(int(call["tokens_in"]) for call in judge.calls)
    print(f"{len(cases)} pairs, {time.monotonic() - started:.1f} s, {tokens} prompt tokens")


if __name__ == "__main__":
    main()
