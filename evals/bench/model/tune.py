"""Train the adapter with which the embedded model judges claims, on the train split of our own pairs.

    python -m evals.bench.model.tune                # writes corpus/verify/claim-judge.gguf and claim-judge.json
    python -m evals.bench.model.tune --more aa,ab   # goes on from what is shipped with the pairs of new authors
    python -m evals.bench.model.tune --report       # with what is shipped: AUC and accuracy on the dev split

Needs the extra "train". A low-rank correction of every projection in the upper half of the layers; the lower half is
run once and kept. Trained is what the product asks: one letter for borne out, not said, said otherwise. About an
hour on two cores with bfloat16 arithmetic. Going on means one more pass, at half the rate, over the new pairs mixed
with half as many of the old ones. Nothing of the dev and test splits is seen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from gguf.quants import dequantize, quantize
from torch import nn
from torch.nn import functional

from assistant.models import adapter, prompting, weights
from assistant.settings import Settings
from evals.bench.model import base_weights
from evals.bench.model.base_weights import PROJECTIONS
from evals.bench.model.fit import ROOT, pairs
from evals.bench.model.packed import VERDICTS, Batch, Group, batch, groups

TARGET = ROOT / "corpus" / "verify" / "claim-judge.gguf"
# The first layer that is corrected; rank and scale of the correction; passes over the data; highest learning rate.
FIRST, RANK, ALPHA, EPOCHS, RATE = 14, 8, 16, 2.0, 3e-4
PAIRS_A_STEP, WARM_UP, DROPOUT, SEED = 16, 20, 0.05, 0


class Corrected(nn.Module):
    """A frozen projection with its low-rank correction: ``y = Wx + scale · B(Ax)``."""

    def __init__(self, projection: nn.Linear) -> None:
        super().__init__()
        self.projection = projection
        inside, outside = projection.in_features, projection.out_features
        self.a = nn.Parameter(torch.randn(RANK, inside) / math.sqrt(inside))
        self.b = nn.Parameter(torch.zeros(outside, RANK))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the corrected projection of (…, inside)."""
        inner = functional.linear(self.dropout(x), self.a.to(x.dtype))
        return self.projection(x) + functional.linear(inner, self.b.to(x.dtype)) * (ALPHA / RANK)


class Tuned:
    """The model, corrected from layer ``FIRST`` on."""

    def __init__(self, path: Path) -> None:
        self.model = base_weights.load(path)
        tokenizer = base_weights.tokenizer(path)
        self.tokenize = lambda text: tokenizer(text).input_ids
        self.letters = [self.tokenize(letter)[0] for letter in "ABC"]
        self.corrected: dict[str, Corrected] = {}

    def correct(self) -> None:
        """Put the corrections in; only after the lower half has been run."""
        for number, layer in enumerate(self.model.model.layers):
            for short, name in PROJECTIONS.items() if number >= FIRST else ():
                parent, attribute = name.split(".")
                block = getattr(layer, parent)
                part = Corrected(getattr(block, attribute))
                setattr(block, attribute, part)
                self.corrected[f"blk.{number}.{short}.weight"] = part

    def parameters(self) -> list[nn.Parameter]:
        """Return what is trained."""
        return [p for part in self.corrected.values() for p in (part.a, part.b)]

    def through(self, state: torch.Tensor, given: Batch, start: int, end: int) -> torch.Tensor:
        """Run (groups, tokens, width) through layers ``start`` to ``end``."""
        rotation = self.model.model.rotary_emb(state, given.positions)
        for layer in self.model.model.layers[start:end]:
            state = layer(
                state, attention_mask=given.mask, position_ids=given.positions, position_embeddings=rotation
            )
        return state

    @torch.no_grad()
    def keep_lower(self, parts: Sequence[Group]) -> None:
        """Fill each group's ``state`` with what the frozen layers make of it."""
        for some in _alike(parts, 6):
            given = batch(some, torch.bfloat16)
            state = self.through(self.model.model.embed_tokens(given.tokens), given, 0, FIRST)
            for row, group in enumerate(some):
                group.state = state[row, : len(group.tokens)].clone()

    def logits(self, parts: Sequence[Group]) -> torch.Tensor:
        """Return (claims, vocabulary) at the place of each claim's answer."""
        given = batch(parts, torch.bfloat16)
        state = torch.zeros(*given.tokens.shape, self.model.config.hidden_size, dtype=torch.bfloat16)
        for row, group in enumerate(parts):
            assert group.state is not None  # noqa: S101  (keep_lower has run)
            state[row, : len(group.tokens)] = group.state
        state = self.through(state, given, FIRST, len(self.model.model.layers))
        last = self.model.model.norm(state[given.rows, given.columns])
        return self.model.lm_head(last).float()  # type: ignore[no-any-return]

    def write(self, path: Path) -> None:
        """Write the corrections as a GGUF adapter: A in eight bits, B (rows too short for that) in half precision."""
        writer = gguf.GGUFWriter(path, "qwen2")
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", float(ALPHA))
        for name, part in self.corrected.items():
            packed = quantize(part.a.detach().numpy(), gguf.GGMLQuantizationType.Q8_0)
            writer.add_tensor(f"{name}.lora_a", packed, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
            writer.add_tensor(f"{name}.lora_b", part.b.detach().numpy().astype(np.float16))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    def read(self, path: Path) -> None:
        """Take the corrections from a GGUF adapter."""
        tensors = gguf.GGUFReader(path).tensors
        kept = {t.name: torch.from_numpy(dequantize(t.data, t.tensor_type).copy()) for t in tensors}
        for name, part in self.corrected.items():
            part.a.data, part.b.data = kept[f"{name}.lora_a"], kept[f"{name}.lora_b"]


def _alike(parts: Sequence[Group], size: int) -> Iterator[list[Group]]:
    """Yield groups of near lengths together."""
    ordered = sorted(parts, key=lambda g: len(g.tokens))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def _steps(parts: Sequence[Group], chance: random.Random) -> list[list[Group]]:
    """Return one pass over the groups: batches of near lengths, in random order."""
    shuffled = list(parts)
    chance.shuffle(shuffled)
    out: list[list[Group]] = []
    for start in range(0, len(shuffled), 64):
        step: list[Group] = []
        for group in sorted(shuffled[start : start + 64], key=lambda g: len(g.tokens)):
            step.append(group)
            if sum(len(g.last) for g in step) >= PAIRS_A_STEP:
                out.append(step)
                step = []
        if step:
            out.append(step)
    chance.shuffle(out)
    return out


def train(tuned: Tuned, parts: Sequence[Group], epochs: float = EPOCHS, rate: float = RATE) -> None:
    """Train the corrections: AdamW, a short warm-up, then a cosine down to a fiftieth."""
    parameters = tuned.parameters()
    optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01, betas=(0.9, 0.98))
    total = math.ceil(sum(len(g.last) for g in parts) * epochs / PAIRS_A_STEP)
    chance, started, losses = random.Random(SEED), time.monotonic(), []  # noqa: S311  (an order, no secret)
    for part in tuned.corrected.values():
        part.train()
    queue: list[list[Group]] = []
    for step in range(total):
        queue = queue or _steps(parts, chance)
        some = queue.pop()
        share = min(1.0, (step + 1) / WARM_UP) * max(0.02, 0.5 * (1 + math.cos(math.pi * step / total)))
        for settings in optimizer.param_groups:
            settings["lr"] = rate * share
        wanted = torch.tensor([tuned.letters[v] for g in some for v in g.verdicts])
        loss = functional.cross_entropy(tuned.logits(some), wanted)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        if (step + 1) % 20 == 0 or step + 1 == total:
            spent = time.monotonic() - started
            print(
                f"{step + 1}/{total}  loss {sum(losses[-20:]) / len(losses[-20:]):.3f}  {spent:.0f} s",
                flush=True,
            )
    for part in tuned.corrected.values():
        part.eval()


@torch.no_grad()
def report(tuned: Tuned, parts: Sequence[Group]) -> None:
    """Print how well the letters fit the labels."""
    right, scores, labels = [], [], []
    for some in _alike(parts, 6):
        logs = tuned.logits(some).log_softmax(-1)[:, tuned.letters]
        verdicts = torch.tensor([v for g in some for v in g.verdicts])
        right += (logs.argmax(1) == verdicts).tolist()
        scores += (logs[:, 0] - logs[:, 1:].logsumexp(1)).tolist()
        labels += (verdicts == 0).tolist()
    s, y = np.array(scores), np.array(labels)
    apart = np.mean((s[y][:, None] > s[~y][None]) + 0.5 * (s[y][:, None] == s[~y][None]))
    print(f"{len(y)} pairs  AUC {apart:.3f}  right of three {np.mean(right):.3f}")


def main() -> None:
    """Train and write, or report on what is shipped."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--more", default="", help="authors to go on with, separated by commas")
    given = parser.parse_args()
    torch.manual_seed(SEED)
    tuned = Tuned(weights.place(Settings()))
    asked = groups("dev", tuned.tokenize)
    parts = [] if given.report else groups("train", tuned.tokenize)
    if given.more:
        parts = _mixed(parts, given.more.split(","))
    tuned.keep_lower([*parts, *asked])
    tuned.correct()
    if given.report or given.more:
        tuned.read(TARGET)
    if given.more:
        train(tuned, parts, 1.0, RATE / 2)
    elif not given.report:
        train(tuned, parts)
    if not given.report:
        tuned.write(TARGET)
        _tell({"pairs": sum(len(g.last) for g in parts), "more": given.more})
    report(tuned, asked)


def _mixed(parts: Sequence[Group], authors: Sequence[str]) -> list[Group]:
    """Return the groups of ``authors`` with half as many pairs of others."""
    wanted = {c["id"] for c in pairs() if any(f"author:{one}" in c["tags"] for one in authors)}
    new = [g for g in parts if g.ids[0] in wanted]
    old = [g for g in parts if g.ids[0] not in wanted]
    random.Random(SEED).shuffle(old)  # noqa: S311  (an order, no secret)
    enough = sum(len(g.last) for g in new) / 2
    so_far = accumulate((len(g.last) for g in old), initial=0)
    return new + old[: len(list(takewhile(lambda count: count < enough, so_far)))]


def _tell(last: dict[str, Any]) -> None:
    """Write what the adapter was trained on and what it is for; runs that went on from others stand in order."""
    path = TARGET.with_suffix(".json")
    before = json.loads(path.read_text("utf-8"))["trained_on"]["runs"] if last["more"] else []
    facts = {
        "about": "The adapter with which the embedded model judges claims; written by evals/bench/model/tune.py.",
        "trained_on": {
            "suite": "claim-support",
            "split": "train",
            "verdicts": list(VERDICTS),
            "runs": [*before, last],
        },
        "licence": "Apache-2.0",
        "file": TARGET.name,
        "sha256": hashlib.sha256(TARGET.read_bytes()).hexdigest(),
        "model": weights.embedded().sha256,
        "prompt": prompting.load(adapter.PROMPT).digest,
    }
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
