"""Reading the corpus' YAML files, with errors that an official can act on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import PolicyError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> Mapping[str, Any]:
    """Return the mapping that a YAML file holds.

    Raises:
        PolicyError: the file is missing, is not YAML, or does not hold a mapping.
    """
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader)
    except OSError as error:
        raise PolicyError(f"读不到政策库文件 {path}：{error.strerror}", "请检查该文件") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PolicyError(f"政策库文件 {path} 不是合格的 YAML：{_where(error)}", "请改正后重试") from error
    if not isinstance(found, dict):
        raise PolicyError(f"政策库文件 {path} 应是“名称: 值”的列表", "请对照同类文件改正")
    return found


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return f"第 {mark.line + 1} 行，{problem}" if mark else problem


class Fields:
    """Typed access to one mapping of a file; whatever does not fit is a PolicyError that names the place.

    Args:
        values: the mapping.
        where: the file and entry, for messages.
    """

    def __init__(self, values: Any, where: str) -> None:
        if not isinstance(values, dict):
            raise PolicyError(f"{where} 应是“名称: 值”的列表", "请对照同类条目改正")
        self.values: dict[str, Any] = values
        self.where = where

    def _wrong(self, name: str, expected: str) -> PolicyError:
        return PolicyError(
            f"{self.where} 的 {name} 应为{expected}", f"现为 {self.values.get(name)!r}，请改正"
        )

    def text(self, name: str, default: str | None = None) -> str:
        """Return a string."""
        value = self.values.get(name, default)
        if not isinstance(value, str):
            raise self._wrong(name, "文字")
        return value

    def maybe_text(self, name: str) -> str | None:
        """Return a string or None."""
        return None if self.values.get(name) is None else self.text(name)

    def whole(self, name: str) -> int:
        """Return an integer."""
        value = self.values.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, "整数")
        return value

    def maybe_whole(self, name: str) -> int | None:
        """Return an integer or None."""
        return None if self.values.get(name) is None else self.whole(name)

    def maybe_number(self, name: str) -> float | None:
        """Return a number or None."""
        value = self.values.get(name)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        raise self._wrong(name, "数字或 null")

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self.values.get(name)
        if not isinstance(value, bool):
            raise self._wrong(name, " true 或 false")
        return value

    def maybe_date(self, name: str) -> date | None:
        """Return a date or None."""
        value = self.values.get(name)
        if value is None or (isinstance(value, date) and type(value) is date):
            return value
        raise self._wrong(name, "日期（如 2025-01-01）或 null")

    def date(self, name: str) -> date:
        """Return a date."""
        value = self.maybe_date(name)
        if value is None:
            raise self._wrong(name, "日期（如 2025-01-01）")
        return value

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed strings."""
        value = self.text(name)
        if value not in allowed:
            raise self._wrong(name, "、".join(allowed) + " 之一")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings, empty when the name is missing."""
        value = self.values.get(name) or ()
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self._wrong(name, "文字的列表")
        return tuple(value)

    def rows(self, name: str) -> tuple[Fields, ...]:
        """Return a list of mappings, empty when the name is missing."""
        value = self.values.get(name) or ()
        if not isinstance(value, list | tuple):
            raise self._wrong(name, "列表")
        return tuple(Fields(item, f"{self.where} {name}[{index + 1}]") for index, item in enumerate(value))

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return a mapping, empty when the name is missing."""
        value = self.values.get(name) or {}
        if not isinstance(value, dict):
            raise self._wrong(name, "“名称: 值”的列表")
        return value
