"""Take the power from a document's text before it enters a prompt: to a model it is data and nothing else.

Chat templates give some character sequences a meaning (``<|im_start|>``, ``[INST]``, ``<start_of_turn>``, a
line that begins with ``Human:``), and local servers read them also where they stand in the user's text. Each
such sequence loses its key character to the full-width twin of it: no template knows the result, a reader sees
the same, the length stays, and a quote of it folds back to the original (``verify.quotes``).
"""

from __future__ import annotations

import re
import unicodedata

# Our own fences are no mark of any template, but must not be closed from inside. 《 reads the same.
_FENCES = str.maketrans("«»", "《》")
_TWINS = str.maketrans("<>[]|:#", "＜＞［］｜：＃")

_ROLE = (
    r"(?:system|user|assistant|human|ai|bot|model|developer|tool|function|instructions?|input|output|response|"
    r"question|answer|prompt|context|observation|thought|action|end)"
)
_LINE_START = r"(?:^|(?<=[\r\x0b\x0c\x85\u2028\u2029]))"
_SEQUENCES = (
    # ChatML, Llama 3, Phi, GLM, gpt-oss, and with a full-width bar DeepSeek and Hunyuan.
    re.compile(r"<\s*[|｜]|[|｜]\s*>"),
    # <s>, </s>, <bos>, <start_of_turn>, <think>, <tool_call>, <reserved_106>, <<SYS>>, <用户>
    re.compile(
        r"<{1,2}\s{0,3}[/!?]?\s{0,3}(?:[A-Za-z_][\w .:/|｜▁\-]{0,60}|用户|助手|系统|人类|机器人)>{1,2}"
    ),
    # Llama 2 and Mistral, GLM: [INST], [/INST], [TOOL_CALLS], [gMASK], [BOS]
    re.compile(r"\[\s?/?\s?(?:[A-Z]{2,}(?:_[A-Z]+)+|INST|IMG|[a-z]?MASK|[BE]OS|UNK|PAD|CLS|SEP|THINK)\s?\]"),
    # Alpaca and Vicuna: "### Instruction:", "## Response", "Human:", "**Assistant**:"
    re.compile(
        rf"{_LINE_START}[ \t]*(?:#{{1,6}}[ \t]*\W{{0,2}}{_ROLE}\b[ \t]*\W{{0,2}}:?|\W{{0,2}}{_ROLE}\W{{0,2}}[ \t]*:)",
        re.IGNORECASE | re.MULTILINE,
    ),
)


def disarm(text: str) -> str:
    """Return ``text`` as plain data, of the same length; ordinary Chinese text comes back unchanged."""
    text = text.translate(_FENCES)
    for pattern in _SEQUENCES:
        text = pattern.sub(lambda m: m[0].translate(_TWINS), text)
    return text


def folded(text: str) -> str:
    """Return what two texts have in common that differ only by disarming: for tests and comparisons."""
    return unicodedata.normalize("NFKC", text.translate(_FENCES))
