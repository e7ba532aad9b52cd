"""What is added around a text and says nothing of scenes or figures changes none of either."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import yaml

from assistant import resources
from assistant.extract.kpis import find_kpis
from assistant.extract.scenes import find_scenes
from assistant.index import scenes_near
from tests.extract.reading import read
from tests.extract.scene_cases import cases

Change = Callable[[str], str]

NEUTRAL = (
    "公司位于长江中游，注册资本八千万元，现有职工四百余人，厂区绿化率较高。",
    "企业始终坚持诚信经营、服务社会的宗旨，积极参与公益事业，多次被评为文明单位。",
    "本章内容由综合办公室整理，如有疑问请与联系人沟通。",
)
_NUMBERED = re.compile(
    r"\s*(?:#+\s|第[一二三四五六七八九十\d]+[章节]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+(?:\.\d+)+\s)"
)


def _is_row(line: str) -> bool:
    return "\t" in line or line.count("|") > 1


def _between(text: str, words: str) -> str:
    """Put a paragraph behind each one that ends with a full stop, never into a table."""
    lines, found = text.split("\n"), []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        found.append(line)
        if line.endswith("。") and not _is_row(line) and not _is_row(following):
            found.append(words)
    return "\n".join(found)


def _contents(text: str) -> str:
    """Put a table of contents in front of a text that has titles."""
    titles = [
        line.lstrip("# ")
        for line in text.split("\n")
        if _NUMBERED.match(line)
        and 2 < len(line) <= 30
        and not re.search("[。；，：:]", line)
        and not _is_row(line)
    ]
    listed = [f"{title}{'.' * 12}{page}" for page, title in enumerate(titles, 1)]
    return "\n".join(["目录", *listed, text]) if titles else text


def _pages(text: str) -> str:
    """Break a text into pages, each with a header and a page number."""
    pages: list[list[str]] = [[]]
    for line in text.split("\n"):
        if len(pages[-1]) >= 4 and not _is_row(line):
            pages.append([])
        pages[-1].append(line)
    return "\f".join(
        "\n".join(["示例科技有限公司智能工厂申报材料", *lines, f"第{number}页"])
        for number, lines in enumerate(pages, 1)
    )


CHANGES: dict[str, Change] = {
    "before": lambda text: f"{NEUTRAL[0]}\n{text}",
    "two before": lambda text: f"{NEUTRAL[1]}\n{NEUTRAL[2]}\n{text}",
    "after": lambda text: f"{text}\n{NEUTRAL[0]}",
    "between": lambda text: _between(text, NEUTRAL[1]),
    "blank lines": lambda text: text.replace("\n", "\n\n\n"),
    "indented": lambda text: "\n".join(f"　　{line}" for line in text.split("\n")),
    "contents": _contents,
    "pages": _pages,
}


def _hosts() -> dict[str, str]:
    """Return texts of every style, those of the labelled cases and the hosts of the injection suite."""
    found = {
        row["id"]: row["text"]
        for name in ("scenes_styles_declarations.yaml", "scenes_styles_prose.yaml")
        for row in cases(name)
    }
    source = resources.root() / "evals" / "suites" / "injection" / "source" / "hosts.yaml"
    for name, host in yaml.safe_load(source.read_text(encoding="utf-8")).items():
        found[f"host-{name}"] = "\n".join(host["paragraphs"])
    return found


def said(text: str, catalog: str) -> tuple[set[tuple[object, ...]], list[tuple[object, ...]]]:
    document = read(text)
    scenes = {(claim.number, claim.plan) for claim in find_scenes(document, catalog, scenes_near)}
    kpis = [(kpi.baseline, kpi.current, kpi.stated_change, kpi.plan) for kpi in find_kpis(document, catalog)]
    return scenes, kpis


@pytest.mark.parametrize("change", CHANGES)
def test_what_says_nothing_changes_nothing(change: str) -> None:
    changed = [
        (name, catalog)
        for name, text in _hosts().items()
        for catalog in ("2024", "2025")
        if said(CHANGES[change](text), catalog) != said(text, catalog)
    ]
    assert not changed


def test_an_essay_keeps_silent_whatever_stands_beside_it() -> None:
    """Whether prose is read must not hang on a word somewhere else in the document."""
    told = "刀具磨损由振动信号判断，预测模型提前两小时提示换刀，非计划停机减少三成。" + "数据逐班归档。" * 30
    assert said(told, "2025")[0] == said(f"{NEUTRAL[0]}\n{told}", "2025")[0] != set()
