"""policy …: the corpus as JSON."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli import common
from assistant.errors import UsageError

CATALOGS = ("2024", "2025")
CatalogOption = Annotated[str, typer.Option("--catalog", help="2024 或 2025")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="政策库：场景目录、指标、条款规则、新旧对照。")
    group.command("scenes")(scenes)
    group.command("kpis")(kpis)
    group.command("rules")(rules)
    group.command("diff")(diff)
    group.command("flip")(flip)
    app.add_typer(group, name="policy")


def _catalog(value: str) -> str:
    if value not in CATALOGS:
        raise UsageError(f"没有这个版本的目录：{value}", f"可用：{'、'.join(CATALOGS)}")
    return value


def scenes(catalog: CatalogOption, form: common.FormatOption = "json") -> None:
    """典型场景目录（40 个场景）。"""
    from assistant import policy

    common.require_format(form, ("json",))
    common.emit(common.dump(policy.scenes_json(_catalog(catalog))))


def kpis(catalog: CatalogOption, form: common.FormatOption = "json") -> None:
    """关键绩效指标清单。"""
    from assistant import policy

    common.require_format(form, ("json",))
    common.emit(common.dump(policy.kpis_json(_catalog(catalog))))


def rules(
    jurisdiction: common.JurisdictionOption = None,
    tier: common.TierOption = None,
    as_of: common.AsOfOption = None,
    form: common.FormatOption = "json",
) -> None:
    """某地、某层级、某日期有效的规则及其条款。"""
    from assistant import policy

    common.require_format(form, ("json",))
    found = policy.rules_json(
        common.parse_jurisdiction(jurisdiction), common.parse_tier(tier), common.parse_date(as_of)
    )
    common.emit(common.dump(found))


def diff(
    old: Annotated[str, typer.Argument(help="2024")],
    new: Annotated[str, typer.Argument(help="2025")],
    form: common.FormatOption = "json",
) -> None:
    """两版目录的对照：场景与指标的去向。"""
    from assistant import policy

    common.require_format(form, ("json",))
    common.emit(common.dump(policy.diff_json(_catalog(old), _catalog(new))))


def flip(
    record: Annotated[str, typer.Argument(help="记录文件 .json，- 为标准输入")],
    form: common.FormatOption = "json",
) -> None:
    """换一个版本、日期或省份，哪些结论会变。"""
    from assistant import check as stage

    common.require_format(form, ("json",))
    common.emit(common.dump(stage.flip(common.parse_record(common.read_json(record), record))))
