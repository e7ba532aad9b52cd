"""Pairs as the trainer feeds them: those that share their evidence share its tokens.

A group is one evidence with up to six claims behind it. Each claim sees the evidence and itself and none of the
others, at the positions it would have alone, so that the model reads of it exactly what it reads in a call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import torch

from assistant.models import adapter, prompting
from evals.bench.model.fit import pairs

# In the order of the letters that the prompt asks for.
VERDICTS = ("supported", "unsupported", "contradicted")
_MOST = 6


@dataclass
class Group:
    """One evidence and its claims: token ids, positions, which claim a token is of (0: the evidence).

    ``last`` says where each claim's answer is read, ``verdicts`` which letter is right, ``ids`` whose it is;
    ``state`` is filled by the trainer: what the frozen layers make of the tokens, (tokens, width).
    """

    tokens: torch.Tensor
    positions: torch.Tensor
    claim: torch.Tensor
    last: list[int]
    verdicts: list[int]
    ids: list[str]
    state: torch.Tensor | None = None


def as_dialogue(messages: Sequence[tuple[str, str]]) -> str:
    """Return messages in the embedded model's own dialogue form (ChatML), up to where it would answer."""
    return "".join(f"<|im_start|>{r}\n{t}<|im_end|>\n" for r, t in messages) + "<|im_start|>assistant\n"


def groups(split: str, tokenize: Callable[[str], list[int]]) -> list[Group]:
    """Return the suite's pairs of a split, grouped by their evidence."""
    by_evidence: dict[str, list[dict[str, Any]]] = {}
    for case in pairs():
        if f"split:{split}" in case["tags"]:
            by_evidence.setdefault(case["text"], []).append(case)
    return [
        _group(members[start : start + _MOST], tokenize)
        for members in by_evidence.values()
        for start in range(0, len(members), _MOST)
    ]


def _group(members: Sequence[dict[str, Any]], tokenize: Callable[[str], list[int]]) -> Group:
    prompt = prompting.load(adapter.PROMPT)
    texts = [as_dialogue(prompt.messages({"claim": c["claim"], "evidence": c["text"]})) for c in members]
    alone = [tokenize(text) for text in texts]
    shared = len(list(takewhile(lambda column: len(set(column)) == 1, zip(*alone, strict=False))))
    shared = shared if len(members) > 1 else 0
    tokens, positions, claim, last = list(alone[0][:shared]), list(range(shared)), [0] * shared, []
    for number, own in enumerate(alone, 1):
        tokens += own[shared:]
        positions += range(shared, len(own))
        claim += [number] * (len(own) - shared)
        last.append(len(tokens) - 1)
    return Group(
        torch.tensor(tokens), torch.tensor(positions), torch.tensor(claim), last,
        [VERDICTS.index(c["expect"]["verdict"]) for c in members], [c["id"] for c in members],
    )  # fmt: skip


@dataclass
class Batch:
    """Groups padded to one length: ids and positions (groups, tokens), an additive mask, where answers are read."""

    tokens: torch.Tensor
    positions: torch.Tensor
    mask: torch.Tensor
    rows: torch.Tensor
    columns: torch.Tensor


def batch(parts: Sequence[Group], dtype: torch.dtype) -> Batch:
    """Pad groups to a batch."""
    shape = (len(parts), max(len(g.tokens) for g in parts))
    tokens, positions = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
    claim = torch.full(shape, -1)
    for row, group in enumerate(parts):
        size = len(group.tokens)
        tokens[row, :size], positions[row, :size], claim[row, :size] = (
            group.tokens,
            group.positions,
            group.claim,
        )
    seen = (claim[:, None, :] == 0) | (claim[:, None, :] == claim[:, :, None])
    seen &= torch.ones(shape[1], shape[1], dtype=torch.bool).tril()
    mask = torch.zeros(seen.shape, dtype=dtype).masked_fill_(~seen, -3e4)[:, None]
    rows = torch.tensor([row for row, g in enumerate(parts) for _ in g.last])
    columns = torch.tensor([column for g in parts for column in g.last])
    return Batch(tokens, positions, mask, rows, columns)
