"""The shapes of a model's answers; what does not fit them is a problem, never an answer."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assistant.records import Record


class ClaimAnswer(Record):
    """Is a claim borne out by its evidence?"""

    quotes: tuple[str, ...] = Field(max_length=3, description="证据中的原文，逐字抄录；没有则为空")
    missing: str = Field(max_length=80, description="缺少或不一致的内容；没有则为空字符串")
    verdict: Literal["supported", "unsupported", "contradicted"]


class SceneMatch(Record):
    """One catalogue scene that a passage describes."""

    quote: str = Field(min_length=2, max_length=200, description="原文中描述该场景的一句，逐字抄录")
    number: int = Field(ge=1, le=99)


class SceneMapping(Record):
    """Which catalogue scenes a passage describes as built."""

    scenes: tuple[SceneMatch, ...] = Field(max_length=3)


class ElementsAnswer(Record):
    """The four elements of a scene, verbatim; an empty string where the text does not say."""

    activity: str
    system: str
    technique: str
    effect: str


class WordedAnswer(Record):
    """An answer in words, from clauses alone."""

    answer: str = Field(max_length=600)
    used: tuple[int, ...] = Field(max_length=5, description="用到的条款序号")


class Advice(Record):
    """What the enterprise should do about a finding."""

    suggestion: str = Field(min_length=4, max_length=200)
