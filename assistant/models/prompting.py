"""Prompts: one Markdown file a task, with purpose, variables and version; loaded and checked here alone.

Text of documents enters a prompt only through ``Prompt.messages``, which fences it and takes the power
from anything in it that looks like a fence or like a chat template's control sequence (``plaintext``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

import yaml

from assistant.errors import PolicyError
from assistant.models.plaintext import disarm
from assistant.resources import prompts

_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_PARTS = re.compile(r"\A\s*# system\n(.*?)\n# user\n(.*)\Z", re.DOTALL)


@dataclass(frozen=True)
class Prompt:
    """A checked template. ``examples`` are (variables, answer) pairs; ``digest`` covers the whole file."""

    name: str
    version: str
    purpose: str
    variables: tuple[str, ...]
    system: str
    user: str
    examples: tuple[tuple[Mapping[str, str], Mapping[str, Any]], ...]
    digest: str

    def messages(self, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return (role, text) messages: the system text, the examples, then the question.

        Raises:
            PolicyError: a variable is missing or is not declared (a mistake in the program).
        """
        out = [("system", self.system)]
        for given, answer in self.examples:
            out += [("user", self._fill(given)), ("assistant", json.dumps(answer, ensure_ascii=False))]
        return [*out, ("user", self._fill(values))]

    def _fill(self, values: Mapping[str, str]) -> str:
        if set(values) != set(self.variables):
            raise PolicyError(
                f"提示词 {self.name} 的变量应为 {sorted(self.variables)}，给的是 {sorted(values)}"
            )
        return Template(self.user).substitute({k: disarm(v) for k, v in values.items()})


def load(name: str) -> Prompt:
    """Return the prompt ``prompts/NAME.md``.

    Raises:
        PolicyError: the file is missing, malformed, or one of its examples quotes what its text lacks.
    """
    return _read(prompts() / f"{name}.md")


@cache
def _read(path: Path) -> Prompt:
    try:
        raw = path.read_text("utf-8")
    except OSError as error:
        raise PolicyError(f"找不到提示词 {path.name}", "请重新安装本软件") from error
    front, parts = _FRONT.match(raw), None
    if front:
        parts = _PARTS.match(front[2])
    if not front or not parts:
        raise PolicyError(f"提示词 {path.name} 的格式不对", "应有 --- 头部，以及 # system、# user 两节")
    facts = yaml.safe_load(front[1])
    prompt = _built(path, facts, parts, hashlib.sha256(raw.encode()).hexdigest()[:16])
    _check(prompt, path)
    return prompt


def _built(path: Path, facts: Any, parts: re.Match[str], digest: str) -> Prompt:
    try:
        return Prompt(
            name=path.stem,
            version=str(facts["version"]),
            purpose=str(facts["purpose"]),
            variables=tuple(facts["variables"]),
            system=parts[1].strip(),
            user=parts[2].strip(),
            examples=tuple((e["given"], e["answer"]) for e in facts.get("examples") or ()),
            digest=digest,
        )
    except (KeyError, TypeError) as error:
        raise PolicyError(
            f"提示词 {path.name} 的头部缺少 {error}", "应有 purpose、version、variables"
        ) from error


def _check(prompt: Prompt, path: Path) -> None:
    """Fail loudly: variables must be exactly those used, and examples must quote their own text."""
    used = {
        m.group("named") or m.group("braced")
        for m in Template.pattern.finditer(prompt.user)
        if not m.group("escaped")
    }
    if used != set(prompt.variables):
        raise PolicyError(
            f"提示词 {path.name} 声明的变量与用到的不一致：{sorted(prompt.variables)} / {sorted(map(str, used))}"
        )
    if Template(prompt.system).get_identifiers():
        raise PolicyError(f"提示词 {path.name} 的 system 一节不能有变量", "变量放在 user 一节，前缀才能共用")
    for number, (given, answer) in enumerate(prompt.examples, 1):
        text = "\n".join(map(str, given.values()))
        for quote in _quotes(answer):
            if quote not in text:
                raise PolicyError(f"提示词 {path.name} 第 {number} 个示例的引文不在其原文中：{quote[:30]}")


def _quotes(value: Any) -> list[str]:
    """Return every string under a key named quote or quotes."""
    if isinstance(value, Mapping):
        out: list[str] = []
        for key, item in value.items():
            if key in ("quote", "quotes"):
                out += [item] if isinstance(item, str) else list(item)
            else:
                out += _quotes(item)
        return [q for q in out if q]
    if isinstance(value, list):
        return [q for item in value for q in _quotes(item)]
    return []
