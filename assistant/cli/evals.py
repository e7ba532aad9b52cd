"""eval run, compare, bless: regression evals from the command line."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli import common
from assistant.errors import InputError, UnavailableError, UsageError
from assistant.resources import root


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="评测：运行评测集、与基线比较、确认新基线。")
    group.command("run")(run)
    group.command("compare")(compare)
    group.command("bless")(bless)
    app.add_typer(group, name="eval")


def _harness(name: str) -> Any:
    """Import a module of the eval harness, which lies beside the corpus (see pyproject, force-include)."""
    place = str(root())
    if place not in sys.path:
        sys.path.append(place)
    try:
        return import_module(f"evals.{name}")
    except ModuleNotFoundError as error:
        raise UnavailableError(f"找不到评测程序 evals.{name}", "请从源码目录或完整安装包运行") from error


def run(
    suite: Annotated[
        Path, typer.Argument(help="评测集文件夹（suite.yaml 和 cases.jsonl），或自带评测集的名字")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="结果写到这个 .json；旁边另写 .html 和 .xml")
    ] = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", help="与这次运行比较")] = None,
    model: Annotated[
        str, typer.Option("--model", help="off、embedded 或 厂商:模型名；用逗号隔开可比较多个")
    ] = "off",
    repeat: Annotated[int, typer.Option("--repeat", min=1, max=50, help="每例回答几次")] = 1,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help="并行进程数")] = 2,
    cache: Annotated[bool, typer.Option("--cache/--no-cache", help="用已有的回答")] = True,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", min=1, help="整次运行的词元上限；付费模型预计超出则不开始")
    ] = None,
    tag: Annotated[str | None, typer.Option("--tag", help="只运行带此标签的案例，如 split:test")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="未达到评测集的门槛时以 1 退出")] = False,
) -> None:
    """运行评测集。"""
    harness, present = _harness("command"), _harness("present")
    settings = [common.settings(name.strip()) for name in model.split(",") if name.strip()]
    if not settings:
        raise UsageError("--model 没有给出模型", "如 --model off,embedded")
    before = None if baseline is None else _read(baseline)
    runs = harness.run(suite, settings, harness.RunOptions(repeat, jobs, cache, out, max_tokens, tag))
    common.emit(present.table(runs))
    missed = harness.unmet(runs)
    if missed:
        common.emit("未达到门槛：" + "；".join(missed))
    outcome = 1 if strict and missed else 0
    if any(len(one["unscored"]) == len(one["cases"]) for one in runs):
        # Nothing could be scored at all: what was asked for is not available.
        outcome = outcome or UnavailableError.exit_code
    if before is not None:
        comparison = harness.compare(before, runs[0], suite)
        common.emit(present.comparison_table(comparison))
        outcome = outcome or comparison.exit_code
    raise typer.Exit(outcome)


def compare(
    a: Annotated[Path, typer.Argument(help="基线的运行结果 .json")],
    b: Annotated[Path, typer.Argument(help="新的运行结果 .json")],
    suite: Annotated[Path | None, typer.Option("--suite", help="评测集；不给则用结果里记录的设置")] = None,
    form: common.FormatOption = "text",
) -> None:
    """逐条比较两次运行：0 正常，1 退步，3 无法判断。"""
    form = common.require_format(form, ("text", "json"))
    comparison = _harness("command").compare(_read(a), _read(b), suite)
    if form == "json":
        common.emit(_harness("command").comparison_json(comparison))
    else:
        common.emit(_harness("present").comparison_table(comparison))
    raise typer.Exit(comparison.exit_code)


def bless(
    result: Annotated[Path, typer.Argument(help="要作为基线的运行结果 .json")],
    reason: Annotated[str | None, typer.Option("--reason", help="结果变差时必须说明理由")] = None,
    folder: Annotated[Path | None, typer.Option("--baselines", help="基线文件夹")] = None,
) -> None:
    """把一次运行确认为基线；比现有基线差而没有理由时拒绝。"""
    target = _harness("command").bless(_read(result), reason=reason, folder=folder)
    print(f"已写入基线 {target}", file=sys.stderr)


def _read(path: Path) -> dict[str, Any]:
    value = common.read_json(str(path))
    if not isinstance(value, dict) or "metrics" not in value or "cases" not in value:
        raise InputError(f"{path} 不是评测运行结果", "请给出 eval run --out 写的文件")
    return value
