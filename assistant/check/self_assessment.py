"""Jiangsu's self-assessment of digital transformation: ten indicators, levels, points.

Input, the JSON of ``assistant score``: ``{"answers": [...]}``, or the list alone, or a mapping from
indicator number to answer. An answer says ``indicator`` (1 to 10) and one of

* ``level`` (1 to 6) and ``score`` (points within the level's band of table 3),
* ``not_involved: true`` (不涉及此环节; indicators 1, 5 and 6 only): its weight goes to the others,
* ``amount`` (万元; indicator 7 only). The text does not say how an amount becomes points: give ``score``
  as the province's system shows it, otherwise the indicator is left out like one that is not involved,
  and ``problems`` says so.

Output: ``score`` is the sum of the others' points over their full points, times 100, None while an
indicator that counts has no usable points; ``indicators`` what was read for each of the ten;
``tier_hint`` the highest tier whose suggested score is exceeded; ``problems`` whatever is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any, Literal

from assistant import policy
from assistant.errors import InputError, PolicyError
from assistant.records import SCHEMA_VERSION, Record

_JURISDICTION = "江苏"
_HINT = '应为 {"answers": [{"indicator": 1, "level": 4, "score": 50}, …]}'
_KEYS = {
    "indicator": ("indicator", "number", "id", "序号", "指标"),
    "level": ("level", "等级"),
    "score": ("score", "points", "得分", "打分"),
    "not_involved": ("not_involved", "not_applicable", "na", "不涉及", "不涉及此环节"),
    "amount": ("amount", "金额", "投入"),
}


class IndicatorScore(Record):
    """One indicator as it counted: ``status`` says whether and why its points are in the sum."""

    number: int
    name: str
    level: int | None = None
    score: int | float | None = None
    amount: int | float | None = None
    status: Literal["counted", "not_involved", "left_out", "missing", "invalid"]


class ScoreReport(Record):
    """The outcome of a self-assessment."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    score: int | float | None
    indicators: tuple[IndicatorScore, ...]
    tier_hint: str | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    level: Any = None
    score: Any = None
    not_involved: Any = None
    amount: Any = None


def score(answers: Any) -> ScoreReport:
    """Return the self-assessment score.

    Raises:
        InputError: the answers are no list and no mapping of answers.
    """
    scoring = policy.load().scoring(_JURISDICTION)
    if scoring is None:
        raise PolicyError("政策库中没有江苏的自评价指标体系", "请重新安装本软件")
    problems: list[str] = []
    given = _read(answers, problems, {row["number"] for row in scoring["indicators"]})
    indicators = tuple(
        _indicator(row, given.get(row["number"]), scoring, problems) for row in scoring["indicators"]
    )
    total = _total(indicators, int(scoring["full_score"]))
    return ScoreReport(
        score=total,
        indicators=indicators,
        tier_hint=_tier_hint(total, scoring),
        problems=tuple(problems),
    )


def _read(answers: Any, problems: list[str], known: set[int]) -> dict[int, _Answer]:
    rows = (
        answers.get("answers", answers.get("indicators", answers))
        if isinstance(answers, Mapping)
        else answers
    )
    if isinstance(rows, Mapping):
        ignored = ("schema_version",)
        rows = [
            {**(value if isinstance(value, Mapping) else {"score": value}), "indicator": key}
            for key, value in rows.items()
            if key not in ignored
        ]
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise InputError("自评价答案的格式不可用", _HINT)
    found: dict[int, _Answer] = {}
    for row in rows:
        number = _whole(_get(row, "indicator"))
        if number not in known:
            problems.append(f"没有第{_get(row, 'indicator')}项指标，已忽略。")
        elif number in found:
            problems.append(f"第{number}项指标答了两次，以第一次为准。")
        else:
            found[number] = _Answer(
                *(_get(row, name) for name in ("level", "score", "not_involved", "amount"))
            )
    return found


def _get(row: Mapping[str, Any], name: str) -> Any:
    return next((row[key] for key in _KEYS[name] if row.get(key) is not None), None)


def _indicator(
    row: Mapping[str, Any], answer: _Answer | None, scoring: Mapping[str, Any], problems: list[str]
) -> IndicatorScore:
    number, name = row["number"], row["name"]
    title = f"第{number}项“{name}”"
    base = {"number": number, "name": name}
    if answer is None and row["kind"] == "amount":
        answer = _Answer()
    if answer is None:
        problems.append(f"{title}没有作答，无法计算总分。")
        return IndicatorScore(**base, status="missing")
    if answer.not_involved or "不涉及" in str(answer.level or ""):
        return _not_involved(row, title, problems)
    points, level, amount = _number(answer.score), _whole(answer.level), _number(answer.amount)
    if row["kind"] == "amount" and answer.score is None:
        if amount is None:
            problems.append(f"{title}没有填投入金额；原文没有写金额怎样折算分数，未计入总分。")
        else:
            problems.append(f"{title}只有金额，原文没有写怎样折算分数，未计入总分；请填评测系统给出的分数。")
        return IndicatorScore(**base, amount=amount, status="left_out")
    if points is None or not 0 <= points <= scoring["full_score"]:
        problems.append(
            f"{title}的打分应为0至{scoring['full_score']}的数，现为{answer.score!r}，无法计算总分。"
        )
        return IndicatorScore(**base, level=level, amount=amount, status="invalid")
    if row["kind"] == "level":
        problem = _band_problem(title, answer.level, level, points, scoring["bands"])
        problems.extend([problem] if problem else [])
    return IndicatorScore(**base, level=level, score=points, amount=amount, status="counted")


def _not_involved(row: Mapping[str, Any], title: str, problems: list[str]) -> IndicatorScore:
    allowed = row["not_applicable_allowed"]
    if not allowed:
        problems.append(f"{title}没有“不涉及此环节”选项，只有第1、5、6项可以选，无法计算总分。")
    return IndicatorScore(
        number=row["number"], name=row["name"], status="not_involved" if allowed else "invalid"
    )


def _band_problem(
    title: str, stated: Any, level: int | None, points: float, bands: list[Mapping[str, Any]]
) -> str:
    """Return what is wrong with the points for the level, empty when they fit."""
    levels = {band["level"] for band in bands}
    if stated is None:
        return f"{title}没有填等级，无法核对分段。"
    if level not in levels:
        return f"{title}的等级应为{min(levels)}至{max(levels)}，现为{stated!r}。"
    own = [band for band in bands if band["level"] == level]
    if any(_within(band, points) for band in own):
        return ""
    said = "、".join(band["as_written"] for band in own)
    return f"{title}打分{points:g}不在等级{level}的分段（{said}）内，请改正等级或分数。"


def _within(band: Mapping[str, Any], points: float) -> bool:
    low, high = band["min"], band["max"]
    above = points > low or (points == low and bool(band["min_included"]))
    return above and (points < high or (points == high and bool(band["max_included"])))


def _total(indicators: tuple[IndicatorScore, ...], full: int) -> int | float | None:
    if any(one.status in ("missing", "invalid") for one in indicators):
        return None
    counted = [Fraction(str(one.score)) for one in indicators if one.status == "counted"]
    if not counted:
        return None
    total = round(float(sum(counted, Fraction()) / (len(counted) * full) * 100), 2)
    return int(total) if total.is_integer() else total


def _tier_hint(total: float | None, scoring: Mapping[str, Any]) -> str | None:
    reached = [row for row in scoring["tier_hints"] if total is not None and total > row["above"]]
    return max(reached, key=lambda row: row["above"])["tier"] if reached else None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and float(number).is_integer() else None


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
        value = int(value) if value.is_integer() else value
    if isinstance(value, int | float) and isfinite(value):
        return value
    return None
