"""Take pictures of every room at 1440 and 1920 pixels: ``python tools/screenshots.py [FOLDER]``.

Starts a server of its own on loopback, with a throw-away store that it fills with the sample declarations,
two reviewers who differ, and two runs of an eval suite. Needs chromium and the ``dev`` extra.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from assistant.pipeline import review
from assistant.triage.decisions import Decision, Opinion
from assistant.triage.room import Store
from assistant.triage.submissions import Upload

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "corpus" / "declarations"
SIZES = ((1440, 900), (1920, 1080))
PASSWORD = "for pictures only"  # noqa: S105  a throw-away store
NOW = datetime(2026, 1, 1, tzinfo=UTC)
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@dataclass
class Studio:
    """The server to be photographed."""

    folder: Path
    port: int

    @property
    def database(self) -> str:
        """Where the store lies."""
        return f"sqlite:///{self.folder / 'store.db'}"

    @property
    def url(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"


def furnish(studio: Studio) -> None:
    """Fill the store: users, submissions, decisions, a conflict, runs."""
    store = Store(studio.database, studio.folder / "files")
    people = (
        ("李组长", "chair"),
        ("张专家", "reviewer"),
        ("王专家", "reviewer"),
        ("示例企业", "enterprise"),
        ("评测员", "evaluator"),
        ("新专家", "reviewer"),
    )
    users = {name: store.accounts.add(name, role, PASSWORD) for name, role in people}
    chair, owner = store.room(users["李组长"]), store.room(users["示例企业"])
    panel = chair.create_panel("智能工厂评审一组")
    for number, path in enumerate(sorted([*SAMPLES.glob("*.pdf"), *SAMPLES.glob("*.docx")])):
        found = review(path).review
        identifier = owner.add(Upload(path.name, path.read_bytes(), found))
        if number % 5 == 4:
            continue
        chair.move_to_panel(identifier, panel)
        for name, verdict, word in (
            ("张专家", "采纳", "推荐"),
            ("王专家", "驳回", "不推荐" if number == 1 else "推荐"),
        ):
            chair.assign(identifier, name)
            if number < 4:
                room = store.room(users[name])
                keys = [
                    f"check-{i}"
                    for i, r in enumerate(found.checks.results)
                    if r.status in ("fail", "advisory")
                ][:3]
                for key in keys if number == 1 else keys[:0]:
                    room.decide(identifier, Decision(key, "", verdict, "附件中有说明", "", 0, NOW))
                room.give_opinion(
                    identifier, Opinion("", word, "材料基本完整，成效数据需要补充统计口径。", {}, "", 0, NOW)
                )
    store.close()
    _runs(studio.folder / "evals")


def _runs(folder: Path) -> None:
    """Store two runs that differ in two cases."""
    folder.mkdir()
    for day, wrong in (("2026-03-01", ()), ("2026-03-08", (2, 5))):
        cases = [
            {"case": f"case-{i:03d}", "items": {"checks": {"maturity.level": i not in wrong}}}
            for i in range(40)
        ]
        value = 1 - len(wrong) / 40
        run = {
            "schema_version": "1.0", "suite": "rules", "suite_digest": "0", "model": "off", "seconds": 2.1,
            "metrics": {"checks": {"value": value, "items": 40, "interval": [value - 0.05, min(1, value + 0.03)]}},
            "unscored": {}, "straddling": [], "tokens": {}, "cases": cases,
            "spec": {"name": "rules", "exact": ["checks"]}, "started": f"{day}T09:00:00+00:00",
        }  # fmt: skip
        (folder / f"{day}.rules.json").write_text(json.dumps(run), "utf-8")


def serve(studio: Studio) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers."""
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(studio.folder)}
    command = [
        sys.executable,
        "-m",
        "assistant",
        "ui",
        "--port",
        str(studio.port),
        "--database",
        studio.database,
    ]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{studio.url}/login", timeout=2).close()  # noqa: S310  loopback
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return server
    raise SystemExit("the server did not start")


class Camera:
    """One user's page at one size."""

    def __init__(self, browser: Browser, studio: Studio, size: tuple[int, int], target: Path) -> None:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self._target, self._size, self.url = target, size, studio.url

    def enter(self, name: str) -> None:
        """Log in."""
        self.page.goto(f"{self.url}/login")
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".top .who:not(:empty)")
        self.page.wait_for_timeout(1500)

    def tab(self, name: str) -> None:
        """Choose a tab."""
        self.page.get_by_role("tab", name=name, exact=True).click()
        self.page.wait_for_timeout(900)

    def take(self, name: str, *, full: bool = False) -> None:
        """Take a picture of what is in view, or of the whole page."""
        self.page.wait_for_timeout(500)
        self.page.screenshot(path=str(self._target / f"{name}-{self._size[0]}.png"), full_page=full)


def panel_room(camera: Camera) -> None:
    """评审: queue, desk, the chair's tools."""
    page = camera.page
    page.goto(f"{camera.url}/login")
    camera.take("00-login")
    camera.enter("新专家")
    camera.take("01-queue-empty")
    camera.enter("李组长")
    camera.take("02-queue")
    page.fill("#search input, #search textarea", "没有这家企业")
    page.wait_for_selector("#queue .empty")
    camera.take("03-queue-nothing-matches")
    page.fill("#search input, #search textarea", "")
    page.wait_for_selector("#queue tr[data-id]")
    page.wait_for_timeout(1200)
    page.locator("#queue tr[data-id]:has(.conflict)").first.click()
    page.wait_for_selector("#desk .card")
    page.keyboard.press("j")
    page.keyboard.press("j")
    camera.take("04-desk")
    for tab in ("scenes", "kpis", "ladder", "checks", "opinion", "history"):
        page.click(f"#desk [data-tab={tab}]")
        camera.take(f"05-desk-{tab}")
    page.click("#back")
    camera.tab("评审组")
    camera.take("06-chair", full=True)


def blind_room(camera: Camera) -> None:
    """A reviewer before the first opinion, and a refused decision."""
    page = camera.page
    camera.enter("张专家")
    page.locator("#queue tr[data-id]:has(.state.new)").first.click()
    page.wait_for_selector("#desk .card")
    page.keyboard.press("j")
    page.keyboard.press("2")
    camera.take("07-desk-blind")


def enterprise_room(camera: Camera) -> None:
    """预审: nothing yet, a gap report, a comparison, an error."""
    page = camera.page
    camera.enter("示例企业")
    camera.tab("预审")
    page.click("#check-draft")
    camera.take("08-precheck-error")
    for number, name in enumerate(("shanghai-advanced-poor.docx", "shanghai-advanced-2025.docx")):
        page.set_input_files("#draft-files input[type=file]", str(SAMPLES / name))
        page.wait_for_selector(f"#draft-files >> text={name[:12]}")
        page.click("#check-draft")
        page.wait_for_selector(f"#gap .gap h3:text('{name}')", timeout=60_000)
        page.wait_for_timeout(1200)
        camera.take(f"09-precheck-{number + 1}", full=True)


def other_rooms(camera: Camera) -> None:
    """评测 and 政策."""
    page = camera.page
    camera.enter("评测员")
    page.wait_for_selector("#suite-state table")
    page.locator("#suite input").click()
    page.get_by_role("option", name="rules", exact=True).click()
    page.wait_for_selector("#suite-state .trend")
    page.wait_for_timeout(800)
    page.click("#compare-runs")
    page.wait_for_selector("#run-diff table")
    camera.take("10-evals", full=True)
    camera.tab("政策")
    page.fill("#question textarea, #question input", "先进级的智能制造能力成熟度要求是几级？")
    page.click("#ask")
    page.wait_for_selector("#answer .hit", timeout=60_000)
    camera.take("11-policy-ask")
    camera.tab("文件")
    page.locator("#documents tr[data-document]").nth(1).click()
    page.wait_for_selector(".lawtext")
    camera.take("12-policy-documents")
    for number, tab in enumerate(("场景目录", "指标体系", "新旧对照", "规则"), start=13):
        camera.tab(tab)
        camera.take(f"{number}-policy-{tab}")
    page.goto(f"{camera.url}/en/")
    page.wait_for_timeout(2500)
    camera.take("17-english")


WALKS: tuple[Callable[[Camera], None], ...] = (panel_room, blind_room, enterprise_room, other_rooms)


def main(target: Path) -> None:
    """Photograph every room at every size."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="studio-") as place, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        studio = Studio(Path(place), int(probe.getsockname()[1]))
        probe.close()
        furnish(studio)
        server = serve(studio)
        try:
            with sync_playwright() as playwright:
                found: Any = shutil.which("chromium") or shutil.which("google-chrome")
                browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
                for size in SIZES:
                    for walk in WALKS:
                        walk(Camera(browser, studio, size, target))
                browser.close()
        finally:
            server.terminate()
            server.wait(30)
    print(f"{len(list(target.glob('*.png')))} pictures in {target}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out" / "screenshots")
