"""A store on SQLite and on a real PostgreSQL server, started here where its binaries are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.records import (
    Application,
    CheckReport,
    CheckSummary,
    ClaimRef,
    Declaration,
    Enterprise,
    Flag,
    Manifest,
    PolicyContext,
    Review,
    RuleResult,
)
from assistant.triage.accounts import User
from assistant.triage.room import Store

PASSWORD = "correct horse battery"  # noqa: S105


def _postgres_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).parent if on_path else None


def _as_server_user() -> dict[str, object]:
    """PostgreSQL refuses to run as root: use the user that its package makes."""
    if os.getuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "cwd": "/"}


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    binaries = _postgres_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    # A short path of its own: a Unix socket's name is limited, and the server's user must reach it.
    place = Path(tempfile.mkdtemp(prefix="pg"))
    who = _as_server_user()
    if who:
        shutil.chown(place, user="postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = place / "data"
    initdb = [
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "test",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    subprocess.run([*initdb, "--locale=C"], check=True, capture_output=True, **who)
    options = ["-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(place)]
    with (place / "log").open("wb") as log:
        server = subprocess.Popen([str(binaries / "postgres"), *options], stdout=log, stderr=log, **who)
    ready = [str(binaries / "pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-U", "test"]
    try:
        for _ in range(150):
            if subprocess.run(ready, capture_output=True, check=False).returncode == 0:
                break
            time.sleep(0.2)
        else:
            raise RuntimeError((place / "log").read_text())
        yield f"postgresql://test@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'store.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
        _empty(url)
    opened = Store(url, tmp_path / "files")
    yield opened
    opened.close()


def _empty(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


@pytest.fixture
def people(store: Store) -> dict[str, User]:
    roles = {
        "组长": "chair",
        "专家甲": "reviewer",
        "专家乙": "reviewer",
        "企业甲": "enterprise",
        "企业乙": "enterprise",
        "评测员": "evaluator",
        "管理员": "admin",
    }
    return {name: store.accounts.add(name, role, PASSWORD) for name, role in roles.items()}


def make_review(
    enterprise: str = "示例企业", *, fails: int = 1, model_flags: int = 1, tier: str = "先进级"
) -> Review:
    results = [
        RuleResult(
            rule=f"R{i}",
            topic="maturity.level",
            status="fail",
            required="二级",
            observed="一级",
            message="低于要求",
        )
        for i in range(fails)
    ] or [
        RuleResult(
            rule="R", topic="maturity.level", status="pass", required="二级", observed="二级", message="符合"
        )
    ]
    flags = [
        Flag(
            id="r1", kind="weak_scene", severity="medium", claim=ClaimRef(type="document"), message="佐证薄弱"
        )
    ]
    flags += [
        Flag(
            id=f"m{i}",
            kind="unsupported_scene",
            severity="high",
            claim=ClaimRef(type="scene", index=i),
            message="未见佐证",
            author="model:scripted",
        )
        for i in range(model_flags)
    ]
    return Review(
        declaration=Declaration(
            application=Application(tier=tier, jurisdiction="湖北", factory_name="示例智能工厂"),
            enterprise=Enterprise(name=enterprise, industry="汽车"),
        ),
        checks=CheckReport(
            policy=PolicyContext(jurisdiction="湖北", tier=tier, catalog="2025", version="1"),
            results=tuple(results),
            summary=CheckSummary(fail=fails),
        ),
        flags=tuple(flags),
        manifest=Manifest(
            input_sha256="0" * 64,
            package_version="0",
            policy_version="1",
            rule_version="1",
            model="off",
            settings_digest="0",
            started="2026-01-01T00:00:00+00:00",
            seconds=0,
        ),
    )
