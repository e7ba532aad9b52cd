"""The ``assistant`` command: parses, calls the front door, prints, and sets the exit code.

Results go to stdout, everything else to stderr. Heavy parts are imported by the command that needs them.
"""

from __future__ import annotations

import os
import sys
import traceback

import typer

from assistant.cli import documents, evals, policies, retrieval, service
from assistant.errors import AssistantError

app = typer.Typer(
    name="assistant",
    help="智能工厂梯度培育申报材料审查助手（Review assistant for smart-factory declarations）。",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for group in (documents, retrieval, policies, evals, service):
    group.register(app)

# Typer carries its own copy of click in some versions and imports click in others; the classes' names
# and ``format_message`` are what both have in common.
_USAGE_MESSAGES = {
    "NoSuchOption": "没有这个选项",
    "NoSuchCommand": "没有这个命令",
    "MissingParameter": "缺少参数",
    "BadParameter": "参数不可用",
    "BadOptionUsage": "选项用法不对",
}


def main() -> None:
    """Run the command line; exit codes: 0 done, 1 strict failure, 2 bad input, 3 undecided, 4 unavailable."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    arguments = sys.argv[1:] or ["--help"]
    try:
        sys.exit(app(args=arguments, prog_name="assistant", standalone_mode=False) or 0)
    except AssistantError as error:
        _stop(str(error), error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        _stop("已中断", 130)
    except BrokenPipeError:
        # The reader of a pipe went away (``| head``): not our failure, and nothing left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001  the last door: a user never sees a traceback unasked
        _stop(_describe(error), 2)


def _describe(error: Exception) -> str:
    show = getattr(error, "format_message", None)
    if show is None:
        if os.environ.get("ASSISTANT_DEBUG"):
            traceback.print_exception(error)
        return f"程序内部出错：{type(error).__name__}: {error}（设 ASSISTANT_DEBUG=1 可看详情）"
    what = _USAGE_MESSAGES.get(type(error).__name__, "用法不对")
    if (name := show().removesuffix(".")) and not show().startswith("Usage:"):
        return f"{what}：{name}（用 --help 查看用法）"
    return f"{what}（用 --help 查看用法）"


def _stop(message: str, code: int) -> None:
    print(f"错误：{' '.join(message.split())}", file=sys.stderr)
    sys.exit(code)
