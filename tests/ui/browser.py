"""A browser for the walks: Debian's chromium, or the one that Playwright installs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.ui.conftest import PASSWORD, Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# A container has no user namespaces, and nothing of the browser's own may call out.
_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-dev-shm-usage",
]  # fmt: skip


def chromium() -> str | None:
    """Return a chromium's path, None to use Playwright's own; skips when there is neither."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    own = Path.home() / ".cache" / "ms-playwright"
    if any(own.glob("chromium*")):
        return None
    pytest.skip("no chromium (Debian: apt-get install chromium; else: playwright install chromium)")


@contextmanager
def launched() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=_OPTIONS)
        yield browser
        browser.close()


class Walker:
    """A page of one user; remembers every request and every complaint of the browser."""

    def __init__(self, browser: Browser, served: Served, name: str, address: str = "/") -> None:
        self.context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", accept_downloads=True
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        self.served = served
        self.page.goto(served.url + address)
        if name:
            self.log_in(name)

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def log_in(self, name: str, password: str = PASSWORD) -> None:
        self.page.fill("#name", name)
        self.page.fill("#password", password)
        self.page.click("button[type=submit]")
        if password == PASSWORD:
            self.page.wait_for_selector(".top .who:not(:empty)")

    def choose_files(self, place: str, paths: list[Path]) -> None:
        self.page.set_input_files(f"{place} input[type=file]", [str(path) for path in paths])
        for path in paths:
            self.page.wait_for_selector(f"{place} >> text={path.stem[:12]}")

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()

    def close(self) -> None:
        self.context.close()
