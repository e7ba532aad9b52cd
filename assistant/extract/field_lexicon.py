"""The wordings of labels, from ``corpus/lexicon/fields.yaml``: an official can add one without Python."""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

from assistant import resources
from assistant.errors import PolicyError
from assistant.extract.field_text import fold

_NUMBER = re.compile(r"^(?:[*★●■□◆]|[(]?[\d一二三四五六七八九十]{1,3}[).、](?!\d)|\d{1,2}(?=[一-鿿]))+")
_REMARK = re.compile(r"\([^()]*\)$|[:*★]+$")
_MAX_LABEL = 28


def read_lexicon(name: str, key: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return (entry, pattern of all its wordings) of a lexicon file, in the order of the file.

    Raises:
        PolicyError: the lexicon is missing or not of the expected form.
    """
    path = resources.corpus() / "lexicon" / name
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        table = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)[key]  # noqa: S506  safe either way
        return tuple(
            (entry, re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE))
            for entry, patterns in table.items()
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, re.error) as error:
        raise PolicyError(f"词表 {name} 不可用：{error}", "请改正 corpus/lexicon 或重新安装本软件") from error


@lru_cache(maxsize=1)
def labels() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return (leaf, pattern of the whole label) in the order of ``fields.yaml``."""
    return read_lexicon("fields.yaml", "labels")


def bare_label(folded: str) -> str:
    """Return a folded label without its number, remarks in brackets and colon."""
    text, before = _NUMBER.sub("", folded), ""
    while text != before:
        before, text = text, _REMARK.sub("", text)
    return text


@lru_cache(maxsize=4096)
def leaf_of(folded: str) -> str | None:
    """Return the field that a folded label heads, None for any other words."""
    if len(folded) > 2 * _MAX_LABEL:
        return None
    text = bare_label(folded)
    if not 1 < len(text) <= _MAX_LABEL:
        return None
    for leaf, pattern in labels():
        if pattern.fullmatch(text):
            return leaf
    return None


def leaf_of_text(text: str) -> str | None:
    """Return the field that an unfolded label heads."""
    return leaf_of(fold(text)) if text else None
