"""Scoring sheets defined in YAML: dimensions, weights, anchors."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import Field, ValidationError, model_validator

from assistant.errors import InputError, UsageError
from assistant.records import Record
from assistant.resources import corpus


class Anchor(Record):
    """What a score means, in words."""

    score: float
    text: str


class Dimension(Record):
    """One thing to score, from 0 to ``maximum``; ``weight`` is its share of the total."""

    key: str
    name: str
    weight: float = Field(gt=0)
    maximum: float = Field(gt=0)
    criteria: str
    anchors: tuple[Anchor, ...] = ()


class Rubric(Record):
    """A scoring sheet; weights add up to 100."""

    name: str
    title: str
    note: str = ""
    dimensions: tuple[Dimension, ...]

    @model_validator(mode="after")
    def _weights(self) -> Rubric:
        total = sum(dimension.weight for dimension in self.dimensions)
        if abs(total - 100) > 1e-9:
            raise ValueError(f"权重合计应为 100，现为 {total:g}")
        if len({dimension.key for dimension in self.dimensions}) != len(self.dimensions):
            raise ValueError("维度的 key 不能重复")
        return self

    def total(self, scores: dict[str, float]) -> float | None:
        """Return the weighted total out of 100; None while a dimension is not scored.

        Raises:
            UsageError: a score lies outside its range, or names no dimension.
        """
        known = {dimension.key: dimension for dimension in self.dimensions}
        for key, score in scores.items():
            if key not in known:
                raise UsageError(f"评分表没有这个维度：{key}", "请刷新页面")
            if not 0 <= score <= known[key].maximum:
                raise UsageError(f"{known[key].name} 的分数应在 0 到 {known[key].maximum:g} 之间", "请改正")
        if known.keys() - scores.keys():
            return None
        return round(sum(scores[d.key] / d.maximum * d.weight for d in self.dimensions), 2)


def load_rubric(name: str, folder: Path | None = None) -> Rubric:
    """Read the scoring sheet called ``name``.

    Raises:
        InputError: there is none, or it does not fit; the message names the field.
    """
    place = folder or corpus() / "rubrics"
    if not name.replace("-", "").replace("_", "").isalnum():
        raise InputError(f"评分表名称不可用：{name}", "只用字母、数字、- 和 _")
    file = place / f"{name}.yaml"
    try:
        return Rubric.model_validate(yaml.safe_load(file.read_text("utf-8")))
    except OSError as error:
        raise InputError(f"找不到评分表 {name}", f"应在 {place.name} 文件夹里") from error
    except yaml.YAMLError as error:
        raise InputError(f"评分表 {name} 不是有效的 YAML", "请检查缩进和冒号") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "(整体)"
        raise InputError(f"评分表 {name} 的 {where} 不可用：{first['msg']}", "请改正") from error
