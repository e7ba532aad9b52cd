"""What judging one declaration costs, beside the naive way of one call a claim with the whole document.

    python -m evals.bench.model.cost [FILE]           # counts calls and characters, no model needed
    python -m evals.bench.model.cost [FILE] --real 3  # also times the embedded model on our way and on 3 naive calls

Tokens are estimated at 0.72 a character (measured with the embedded model's tokenizer on our prompts) unless
``--real`` is given. "Read" tokens are what a local server has to process: a prompt's beginning that the call
before it shared is kept.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from assistant import check, ingest, models
from assistant.extract import extract
from assistant.models import prompting
from assistant.settings import Settings
from assistant.verify.case import Case
from assistant.verify.judging import passage
from assistant.verify.model_flags import questions

SAMPLE = Path(__file__).resolve().parents[3] / "corpus" / "declarations" / "hubei-excellent-2026.pdf"
PER_CHARACTER = 0.72


def prompts(pairs: Sequence[tuple[str, str]], names: Sequence[str]) -> list[str]:
    """Return the text of every prompt that would be sent, in order."""
    return [
        "".join(text for _, text in prompting.load(name).messages({"claim": claim, "evidence": evidence}))
        for claim, evidence in pairs
        for name in names
    ]


def shared(a: str, b: str) -> int:
    """Return how many characters two prompts have in common at their beginning."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def report(label: str, texts: Sequence[str], written: int) -> None:
    """Print calls, tokens sent, those that a server with a prefix cache has to read, and those it writes."""
    fresh = sum(len(b) - shared(a, b) for a, b in zip(["", *texts], texts, strict=False))
    sent = sum(map(len, texts))
    print(
        f"{label:34} calls {len(texts):4d}  tokens sent {sent * PER_CHARACTER:9.0f}  "
        f"read {fresh * PER_CHARACTER:9.0f}  written {written * len(texts):6d}"
    )


def timed(pairs: Sequence[tuple[str, str]], *, words: bool) -> None:
    """Time the embedded model on ``pairs``, nothing cached."""
    with tempfile.TemporaryDirectory() as folder:
        # The weights stay where they are; answers are kept apart, so that the model is really asked.
        (Path(folder) / "models").symlink_to(models.install(Settings()).parent, target_is_directory=True)
        judge = models.judge(Settings(model="embedded", cache_dir=Path(folder)))
        assert judge is not None  # noqa: S101  (embedded is never None)
        started = time.monotonic()
        (judge.explain if words else judge.margins)(pairs)
        seconds = time.monotonic() - started
        tokens = sum(int(call["tokens_in"]) + int(call["tokens_out"]) for call in judge.calls)
        print(
            f"  measured: {len(judge.calls)} calls, {tokens} tokens, {seconds:.1f} s, {seconds / len(pairs):.1f} s a claim"
        )


def main() -> None:
    """Compare both ways on one declaration."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--real", type=int, default=0, help="naive calls to time; our way is timed whole")
    given = parser.parse_args()
    document = ingest.read(given.file, settings=Settings())
    declaration = extract(document)
    case = Case(document, declaration, check.check(declaration))
    asked = [q for q in questions(case) if q.evidence.strip()]
    ours = [(q.claim, passage(q.claim, q.evidence)) for q in asked]
    naive = [(q.claim, document.text) for q in asked]
    print(f"{given.file.name}: {len(document.text)} characters, {len(asked)} claims")
    report("ours: one letter with the adapter", prompts(ours, ("judge-tuned",)), 1)
    report("ours: one token twice", prompts(ours, ("judge-margin", "judge-kind")), 1)
    report("naive: JSON on the whole document", prompts(naive, ("judge-claim",)), 120)
    if given.real:
        timed(ours, words=False)
        timed(naive[: given.real], words=True)


if __name__ == "__main__":
    main()
