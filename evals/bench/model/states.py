"""Keep the embedded model's hidden states on our own pairs, for fitting the reading of them.

    python -m evals.bench.model.states OUT.npz [--split train]

About two seconds a pair on two cores. Written every twenty pairs: an interrupted run goes on.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from assistant.models import hidden_state, prompting
from assistant.models.vendors import connect
from assistant.settings import Settings
from evals.bench.model.fit import CASES


def main() -> None:
    """Write an array a pair under its id, and the prompt's digest under ``prompt``."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--split", default="")
    given = parser.parse_args()
    prompt = prompting.load(hidden_state.PROMPT)
    kept: dict[str, np.ndarray] = dict(np.load(given.out)) if given.out.exists() else {}
    kept["prompt"] = np.array(prompt.digest)
    cases = [
        c
        for c in map(json.loads, CASES.read_text("utf-8").splitlines())
        if c["id"] not in kept and (not given.split or f"split:{given.split}" in c["tags"])
    ]
    model = connect(Settings(model="embedded")).model
    started = time.monotonic()
    for number, case in enumerate(cases, 1):
        messages = prompt.messages({"claim": case["claim"], "evidence": case["text"]})
        state, _ = hidden_state.read_state(model, messages)
        kept[case["id"]] = np.asarray(state, dtype=np.float32)
        if number % 20 == 0 or number == len(cases):
            np.savez(given.out, **kept)  # type: ignore[arg-type]
            print(f"{number}/{len(cases)}  {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
