"""What a number is the number of: the words right before it, or the thing counted right after it.

In 其中软件1120万元，硬件3740万元 the figures differ by their labels alone; a claim that puts the figure of one
beside the label of the other is not borne out.
"""

from __future__ import annotations

import re

from assistant.verify.alignment import folded
from assistant.verify.quantities import find_quantities
from assistant.verify.roles import Quantity

_BEFORE = re.compile(r"([\u4e00-\u9fffA-Za-z]{2,8})$")
_AFTER = re.compile(r"^([\u4e00-\u9fffA-Za-z]{2,8})")
_TIME = re.compile(r"上年|去年|同期|今年|全年|年度|半年|季度|当月|平均|改造前|改造后|原来|现在")
_PREFIX = re.compile(
    r"^(?:其中|分别|以及|并且|另有|还有|包括|其余|和|与|及|共有|现有|配备|具备|安装|部署|投用|有)+"
)
_SUFFIX = re.compile(
    r"(?:分别|约为?|达到?|为|是|共计?|有|各|近|超过?|仅|只|由|从|到|至|提高|提升|降低|下降|减少|缩短|增加|升|降|减|增|了|在|于|每|投入|占比?)+$"
)


def labels(text: str, q: Quantity, left: int, right: int) -> tuple[str, str]:
    """Return the folded words before and after a quantity, inside ``left``..``right``; empty where there are none."""
    # 上年为97.8%: a time is no label; dates are compared elsewhere.
    before = _BEFORE.search(_SUFFIX.sub("", text[max(left, q.start - 12) : q.start]))
    after = _AFTER.match(text[q.end : min(right, q.end + 8)])
    return (
        folded(_PREFIX.sub("", before[1])) if before and not _TIME.search(before[1]) else "",
        folded(after[1]) if after and q.family == "count" else "",
    )


def label_conflict(claim: str, evidence: str, matched: Quantity) -> bool:
    """Return whether the claim names another number's label and not the matched one's."""
    found = [q for q in find_quantities(evidence) if q.pair < 0]
    mine = next((i for i, q in enumerate(found) if (q.start, q.end) == (matched.start, matched.end)), None)
    if mine is None:
        return False
    text = folded(claim)
    edges = [0, *(q.end for q in found)], [*(q.start for q in found[1:]), len(evidence)]
    own = labels(evidence, found[mine], edges[0][mine], edges[1][mine])
    for i, other in enumerate(found):
        if i == mine or other.family != matched.family or other.value == matched.value:
            continue
        theirs = labels(evidence, other, edges[0][i], edges[1][i])
        if any(_named(b, text) and a and not _touched(a, text) for a, b in zip(own, theirs, strict=True)):
            return True
    return False


def _named(label: str, claim: str) -> bool:
    return len(label) > 1 and label in claim


def _touched(label: str, claim: str) -> bool:
    """Return whether the claim has any two neighbouring characters of the label."""
    return any(label[i : i + 2] in claim for i in range(len(label) - 1))
