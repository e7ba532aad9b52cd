"""review, extract, check, verify, score, schema: the commands that look at documents and records."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import common
from assistant.cli.model_run import ModelRun, forecast_text
from assistant.errors import AssistantError, InputError, UsageError

if TYPE_CHECKING:
    from assistant.records import Review
    from assistant.settings import Settings
    from assistant.verify import Verdict

SUFFIXES = {"text": "txt", "json": "json", "markdown": "md", "html": "html", "docx": "docx"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("review")(review)
    app.command("extract")(extract)
    app.command("check")(check)
    app.command("verify")(verify)
    app.command("score")(score)
    app.command("schema")(schema)


def _options(jurisdiction: str | None, tier: str | None, as_of: str | None, model: str | None) -> Any:
    from assistant import pipeline

    return pipeline.Options(
        jurisdiction=common.parse_jurisdiction(jurisdiction),
        tier=common.parse_tier(tier),
        as_of=common.parse_date(as_of),
        settings=common.settings(model),
    )


def review(
    files: Annotated[list[Path], typer.Argument(help="申报书：PDF、Word、Excel、文本、Markdown")],
    jurisdiction: common.JurisdictionOption = None,
    tier: common.TierOption = None,
    as_of: common.AsOfOption = None,
    model: common.ModelOption = None,
    form: common.FormatOption = "text",
    out: Annotated[Path | None, typer.Option("--out", help="把报告写进这个文件夹")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="有不符合项时退出码为 1")] = False,
    suggest: Annotated[bool, typer.Option("--suggest", help="请模型为要紧的疑点起草修改建议")] = False,
    map_scenes: Annotated[
        bool, typer.Option("--map-scenes", help="请模型为未列场景的段落提出可能对应的场景")
    ] = False,
    forecast: Annotated[
        bool, typer.Option("--forecast", help="只预估模型的调用次数、词元和费用，不发送任何内容")
    ] = False,
) -> None:
    """审查申报书：读取、提取、对照条款检查、提示疑点、出报告。"""
    form = common.require_format(form, tuple(SUFFIXES))
    if len(files) > 1 and out is None and form in ("html", "docx", "json"):
        raise UsageError(f"多个文件的 {form} 报告要写进文件夹", "请加 --out 文件夹")
    if form == "docx" and out is None and sys.stdout.isatty():
        raise UsageError("Word 报告不能打印在终端", "请加 --out 文件夹")
    options = _options(jurisdiction, tier, as_of, model)
    options = replace(options, suggest=suggest, map_scenes=map_scenes)
    if options.settings.model == "off" and (suggest or map_scenes or forecast):
        raise UsageError(
            "--suggest、--map-scenes、--forecast 需要模型", "请加 --model embedded 或 厂商:模型名"
        )
    if forecast:
        _forecast(files, options, form)
        return
    failed = without_model = False
    errors: list[AssistantError] = []
    taken: set[str] = set()
    for path in files:
        try:
            review = _review_one(path, options, form, out, taken)
            failed |= review.checks.summary.fail > 0
            without_model |= _without_model(review)
        except InputError as error:
            if len(files) == 1:
                raise
            errors.append(error)
            print(f"错误：{error}", file=sys.stderr)
    if errors:
        raise typer.Exit(2)
    if without_model:
        print("错误：所要的模型不可用，报告不含模型的提示（原因见报告）", file=sys.stderr)
        raise typer.Exit(4)
    raise typer.Exit(1 if strict and failed else 0)


def _forecast(files: list[Path], options: Any, form: str) -> None:
    from assistant import pipeline

    rows = []
    for path in files:
        counted, problems = pipeline.forecast(path, options)
        notes = [problem.message for problem in problems]
        rows.append({"file": path.name, **counted.as_dict(), "problems": notes})
        if form != "json":
            common.emit("\n".join([f"{path.name}：{forecast_text(counted)}", *notes]))
    if form == "json":
        common.emit("\n".join(map(common.line, rows)) if len(rows) > 1 else common.dump(rows[0]))


def _without_model(review: Review) -> bool:
    """Return whether the model that was asked for gave nothing at all; where it gave less, the report says so."""
    failed = any(problem.stage == "model" for problem in review.problems)
    return failed and not any(call["ok"] for call in review.manifest.calls)


def _review_one(path: Path, options: Any, form: str, out: Path | None, taken: set[str]) -> Review:
    from assistant import pipeline, report

    watcher = ModelRun(path.name) if options.settings.model != "off" else None
    outcome = pipeline.review(path, options, watcher)
    content = report.render(outcome.review, outcome.document, form)
    if out is None:
        common.emit(content)
    else:
        target = _target(out, path, SUFFIXES[form], taken)
        _write(target, content)
        print(f"已写入 {target}", file=sys.stderr)
    return outcome.review


def _target(out: Path, source: Path, suffix: str, taken: set[str]) -> Path:
    """Name a report after its source; two sources of one name in a run get different reports."""
    name = f"{source.stem}.review.{suffix}"
    number = 2
    while name in taken:
        name = f"{source.stem}-{number}.review.{suffix}"
        number += 1
    taken.add(name)
    return out / name


def _write(target: Path, content: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        raise InputError(f"写不了报告 {target}：{error.strerror}", "请换一个可写的 --out 文件夹") from error


def extract(
    file: Annotated[Path, typer.Argument(help="申报书")],
    with_text: Annotated[bool, typer.Option("--with-text", help="附上全文（document.text）")] = False,
    jurisdiction: common.JurisdictionOption = None,
    tier: common.TierOption = None,
    as_of: common.AsOfOption = None,
    form: common.FormatOption = "json",
) -> None:
    """只提取申报记录：场景、指标、基本信息，每一项都标明原文位置。"""
    from assistant import pipeline

    common.require_format(form, ("json",))
    declaration = pipeline.extract_declaration(
        file, _options(jurisdiction, tier, as_of, None), with_text=with_text
    )
    common.emit(common.dump(declaration))


def check(
    record: Annotated[str, typer.Argument(help="记录文件 .json 或 .jsonl，- 为标准输入")],
    jurisdiction: common.JurisdictionOption = None,
    tier: common.TierOption = None,
    as_of: common.AsOfOption = None,
    form: common.FormatOption = "json",
    strict: Annotated[bool, typer.Option("--strict", help="有不符合项时退出码为 1")] = False,
) -> None:
    """只做确定性检查：给出记录，逐条对照政策条款。"""
    from assistant import check as stage

    form = common.require_format(form, ("json", "text"))
    place, level, day = (
        common.parse_jurisdiction(jurisdiction),
        common.parse_tier(tier),
        common.parse_date(as_of),
    )

    def judge(value: Any, where: str) -> Any:
        return stage.check(common.parse_record(value, where), jurisdiction=place, tier=level, as_of=day)

    text = common.read_text(record)
    if record.endswith(".jsonl"):
        failed = False
        lines: list[str] = []
        for where, value in common.json_lines(text, record):
            report = judge(value, where)
            failed |= report.summary.fail > 0
            lines.append(common.line(report))
        common.emit("\n".join(lines))
    else:
        report = judge(common.parse_json(text, record), record)
        failed = report.summary.fail > 0
        common.emit(common.dump(report) if form == "json" else _check_text(report))
    raise typer.Exit(1 if strict and failed else 0)


def _check_text(report: Any) -> str:
    from assistant.report import checks_text

    return checks_text(report)


def verify(
    claims: Annotated[str, typer.Argument(help='每行 {"claim", "evidence"} 的 .jsonl，- 为标准输入')],
    model: common.ModelOption = None,
    form: common.FormatOption = "json",
) -> None:
    """只判断断言：所附佐证能否支持该断言。"""
    from assistant import verify as stage

    common.require_format(form, ("json",))
    pairs: list[tuple[str, str]] = []
    for where, value in common.json_lines(common.read_text(claims), claims):
        if not isinstance(value, dict) or not all(
            isinstance(value.get(k), str) for k in ("claim", "evidence")
        ):
            raise InputError(f'{where} 应为 {{"claim": "…", "evidence": "…"}}', "请改正该行")
        pairs.append((value["claim"], value["evidence"]))
    settings = common.settings(model)
    if settings.model == "off":
        verdicts = stage.judge_claims(tuple(pairs))
    else:
        verdicts = _judged_by_model(pairs, settings, ModelRun(claims))
    for verdict in verdicts:
        common.emit(common.line(verdict))


def _judged_by_model(pairs: list[tuple[str, str]], settings: Settings, run: ModelRun) -> tuple[Verdict, ...]:
    from assistant import models
    from assistant import verify as stage

    part, rehearsal = models.reviewer(settings, run.step), models.reviewer(settings, dry=True)
    if part is None or rehearsal is None:
        return stage.judge_claims(pairs)
    part.protect("\n".join(evidence for _, evidence in pairs))
    stage.judge_claims(pairs, judge=rehearsal.judge)
    if counted := rehearsal.forecast():
        run.starts(counted)
    verdicts = stage.judge_claims(pairs, judge=part.judge)
    run.asked(part.calls)
    return verdicts


def score(
    answers: Annotated[str, typer.Argument(help="自评价答案 .json，- 为标准输入")],
    form: common.FormatOption = "json",
) -> None:
    """江苏省企业数字化转型自评价：十项指标计分，“不涉及”的权重重新分配。"""
    from assistant import check as stage

    common.require_format(form, ("json",))
    common.emit(common.dump(stage.score(common.read_json(answers))))


def schema(record: Annotated[str, typer.Argument(help="declaration、checks 或 review")]) -> None:
    """打印记录的 JSON Schema。"""
    from assistant import records

    known: dict[str, type[records.Record]] = {
        "declaration": records.Declaration,
        "checks": records.CheckReport,
        "review": records.Review,
    }
    if record not in known:
        raise UsageError(f"没有这种记录：{record}", f"可用：{'、'.join(known)}")
    common.emit(common.dump(known[record].model_json_schema(mode="serialization")))
