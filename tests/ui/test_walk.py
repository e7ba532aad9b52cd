"""A walk through every room in a real browser, as the people who use it."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.ui.browser import Walker, launched
from tests.ui.conftest import SAMPLES, Served, make_house

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
PAPER = SAMPLES / "jiangsu-excellent-poor.pdf"
IN_VIEW = """([mark, pane]) => {
  const a = document.querySelector(mark).getBoundingClientRect(), b = document.querySelector(pane).getBoundingClientRect();
  return a.top >= b.top - 1 && a.bottom <= b.bottom + 1 && a.width > 0;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = make_house(tmp_path_factory.mktemp("walk"))
    served.start()
    yield served
    served.stop()


def enter(browser: Browser, house: Served, name: str, address: str = "/") -> Walker:
    return Walker(browser, house, name, address)


def finish(walker: Walker) -> None:
    """No request left this machine, and the browser complained about nothing."""
    local = (walker.served.url, "data:", "blob:")
    assert [url for url in walker.requests if not url.startswith(local)] == []
    assert walker.complaints == []
    walker.close()


def until(said: Any, wanted: Any, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while (now := said()) != wanted:
        assert time.monotonic() < end, f"still {now!r}, wanted {wanted!r}"
        time.sleep(0.1)


def open_first(page: Page) -> None:
    page.locator("#queue tr[data-id]").first.click()
    page.wait_for_selector("#desk .card")


def opinion(page: Page, recommendation: str, *, score: str = "") -> None:
    page.click("#desk [data-tab=opinion]")
    page.check(f"#desk form.opinion input[value={recommendation}]")
    if score:
        for box in page.locator("#desk form.opinion input[type=number]").all():
            box.fill(score)
    page.click("#desk form.opinion button[type=submit]")


def test_1_the_chair_takes_in_and_assigns(browser: Browser, house: Served) -> None:
    walker = enter(browser, house, "组长")
    page = walker.page
    page.wait_for_selector("#queue .empty")
    page.locator("#intake button").first.click()
    walker.choose_files("#intake", [PAPER])
    page.click("#take-in")
    page.wait_for_selector("#queue tr[data-id] >> text=无锡梁溪", timeout=60_000)
    walker.tab("评审组")
    page.fill("#panel-name input, #panel-name textarea", "江苏一组")
    page.click("#create-panel")
    page.wait_for_function("document.querySelector('#panel-choice input')?.value === '江苏一组'")
    page.locator("#pool input[type=checkbox]").first.check()
    page.click("#move")
    page.wait_for_selector("#inside input[type=checkbox]")
    page.locator("#inside input[type=checkbox]").first.check()
    for name in ("专家甲", "专家乙"):
        page.locator("#reviewers input").click()
        page.get_by_role("option", name=name).click()
    page.keyboard.press("Escape")
    page.click("#assign")
    page.wait_for_selector("#inside >> text=0/2")
    finish(walker)


def test_2_a_click_on_either_side_moves_the_other(browser: Browser, house: Served) -> None:
    walker = enter(browser, house, "专家甲")
    page = walker.page
    page.wait_for_selector("text=等我评审 1 份")
    open_first(page)
    assert page.locator("#desk .note").is_visible()  # blind first
    card = page.locator("#desk .card:has(.pair cite:text('页'))").last
    key = card.get_attribute("data-key")
    card.locator("header").click()
    page.wait_for_selector(f"#desk mark.active[data-f='{key}']")
    assert page.evaluate(IN_VIEW, [f"#desk mark.active[data-f='{key}']", "#desk .doc"])
    mark = page.locator("#desk .sheet mark[data-f^='flag-'], #desk .sheet mark[data-f^='check-']").first
    mark.scroll_into_view_if_needed()
    # Marks may lie on one another: the topmost is the one that a person hits.
    mark.dispatch_event("click")
    found = mark.get_attribute("data-f")
    page.wait_for_selector(f"#desk .card.active[data-key='{found}']")
    assert page.evaluate(IN_VIEW, [f"#desk .card.active[data-key='{found}'] header", "#desk .side"])
    finish(walker)


def test_3_deciding_by_keyboard_with_undo(browser: Browser, house: Served) -> None:
    walker = enter(browser, house, "专家甲")
    page = walker.page
    open_first(page)
    active = page.locator("#desk .card.active")
    page.keyboard.press("j")
    page.keyboard.press("1")
    page.wait_for_selector("#desk .card.active .said:has-text('已保存：采纳')")
    assert page.inner_text("#desk .handled .done") == "1"
    page.keyboard.press("j")
    page.keyboard.press("2")
    assert "理由" in active.locator(".said").inner_text()
    page.keyboard.type("附件中有验收报告")
    page.keyboard.press("Enter")
    page.wait_for_selector("#desk .card.active .said:has-text('已保存：驳回')")
    page.locator("#desk .desk-head").click()
    page.keyboard.press("3")
    page.wait_for_selector("#desk .card.active .said:has-text('已保存：需补充材料')")
    page.keyboard.press("u")
    page.wait_for_selector("#desk .card.active .said:has-text('已撤销')")
    assert active.locator("button.on").inner_text() == "驳回"
    page.keyboard.press("k")
    assert active.locator("button.on").inner_text() == "采纳"
    page.keyboard.press("o")
    assert page.locator("#desk form.opinion").is_visible()
    finish(walker)


def test_4_two_opinions_make_a_conflict(browser: Browser, house: Served) -> None:
    for name, recommendation in (("专家甲", "推荐"), ("专家乙", "不推荐")):
        walker = enter(browser, house, name)
        open_first(walker.page)
        opinion(walker.page, recommendation, score="8")
        walker.page.wait_for_selector("#desk [data-blinded=no]")  # now the others and the model are shown
        assert walker.page.inner_text("#desk form.opinion .total") == "80.0"
        walker.page.click("#back")
        walker.page.wait_for_selector(f"#queue .state:text('{'评审中' if name == '专家甲' else '有分歧'}')")
        finish(walker)


def test_5_the_chair_settles_and_sends_on(browser: Browser, house: Served) -> None:
    walker = enter(browser, house, "组长")
    page = walker.page
    page.wait_for_selector("#queue .state.conflict")
    walker.tab("评审组")
    page.wait_for_selector("#conflicts button[data-id]")
    assert "专家乙：不推荐" in page.inner_text("#conflicts")
    assert "Krippendorff" in page.inner_text("#agreement")
    page.locator("#conflicts button[data-id]").first.click()
    box = page.locator("#desk .conflict[data-finding='']")
    box.locator("button[data-ruling=推荐]").click()
    page.wait_for_selector("#desk .conflict[data-finding=''] .said.bad")  # a ruling needs its reason
    walker.complaints.clear()  # the browser logs the 400 itself
    box.locator(".reason").fill("佐证已补齐")
    box.locator("button[data-ruling=推荐]").click()
    page.wait_for_selector("#desk .conflict[data-finding=''] .said:has-text('已裁定：推荐')")
    page.click("#back")
    page.wait_for_selector("#conflicts .empty")
    page.locator("#agreement a").click(trial=True)
    with page.expect_download() as download:
        page.locator("#agreement a").click()
    rows = list(
        openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).active.iter_rows(
            values_only=True
        )
    )
    assert rows[3][1] == "无锡梁溪示例（虚构）铸造有限公司"
    finish(walker)


def test_6_exports_of_one_submission(browser: Browser, house: Served) -> None:
    import docx

    walker = enter(browser, house, "组长")
    open_first(walker.page)
    with walker.page.expect_download() as download:
        walker.page.get_by_role("link", name="专家意见 Word").click()
    words = docx.Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    text = "\n".join(paragraph.text for paragraph in words.paragraphs)
    assert "专家甲：推荐" in text and "评分" in text
    walker.page.click("#desk [data-tab=history]")
    assert "组长裁定" in walker.page.inner_text("#desk [data-pane=history]")
    finish(walker)


def test_7_an_enterprise_checks_mends_and_compares(browser: Browser, house: Served) -> None:
    walker = enter(browser, house, "企业甲")
    page = walker.page
    assert page.get_by_role("tab", name="评审", exact=True).count() == 0
    walker.tab("预审")
    page.click("#check-draft")
    page.wait_for_selector("text=请先选择申报书文件")
    walker.choose_files("#draft-files", [SAMPLES / "shanghai-advanced-poor.docx"])
    page.click("#check-draft")
    page.wait_for_selector("#gap .gap >> text=要先解决", timeout=60_000)
    page.wait_for_selector("#gap .ladder .step.applied")
    walker.choose_files("#draft-files", [SAMPLES / "shanghai-advanced-2025.docx"])
    page.click("#check-draft")
    page.wait_for_selector("#gap .compared >> text=已改", timeout=60_000)
    with page.expect_download() as download:
        page.locator("#gap").get_by_role("link", name="网页报告").click()
    assert "<html" in Path(download.value.path()).read_text("utf-8")
    page.click("#file-it")
    page.wait_for_selector("#drafts >> text=正式申报")
    finish(walker)


def test_8_the_evaluator_sees_runs_and_compares_them(browser: Browser, house: Served) -> None:
    folder = house.folder / "evals"
    folder.mkdir(exist_ok=True)
    for name, right in (("2026-01-01", True), ("2026-01-02", False)):
        (folder / f"{name}.json").write_text(json.dumps(a_run(right=right)), "utf-8")
    walker = enter(browser, house, "评测员")
    page = walker.page
    walker.tab("评测")
    page.wait_for_selector("#suite-state table")
    page.locator("#suite input").click()
    page.get_by_role("option", name="rules", exact=True).click()
    page.wait_for_selector("#suite-state .trend")
    until(lambda: page.input_value("#run-after input"), "2026-01-02")
    page.click("#compare-runs")
    page.wait_for_selector("#run-diff >> text=退步")
    assert "example-1" in page.inner_text("#run-diff")
    finish(walker)


def a_run(*, right: bool) -> dict[str, Any]:
    """Return a stored run of the rules suite with one case."""
    return {
        "schema_version": "1.0", "suite": "rules", "suite_digest": "0", "model": "off", "seconds": 1,
        "metrics": {"checks": {"value": float(right), "items": 1}}, "unscored": {}, "straddling": [], "tokens": {},
        "cases": [{"case": "example-1", "items": {"checks": {"maturity.level": right}}}],
        "spec": {"name": "rules", "exact": ["checks"]}, "started": "2026-01-01T00:00:00+00:00",
    }  # fmt: skip


def test_9_the_policy_is_there_for_everyone(browser: Browser, house: Served) -> None:
    walker = enter(browser, house, "企业乙")
    page = walker.page
    walker.tab("政策")
    page.fill("#question textarea, #question input", "先进级的智能制造能力成熟度要求是几级？")
    page.click("#ask")
    page.wait_for_selector("#answer .hit cite", timeout=60_000)
    walker.tab("文件")
    page.locator("#documents tr[data-document]").last.click()
    page.wait_for_selector("#document-text .lawtext")
    walker.tab("新旧对照")
    page.wait_for_selector(".chip.kind-renamed")
    walker.tab("规则")
    page.fill("#rules-date input, #rules-date textarea", "someday")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=日期不可用")
    walker.complaints.clear()  # the browser logs a refused event as an error
    finish(walker)


def test_english_is_a_switch(browser: Browser, house: Served) -> None:
    walker = enter(browser, house, "专家甲")
    walker.page.wait_for_selector("#queue tr[data-id]")
    walker.page.get_by_role("link", name="English").click()
    walker.page.wait_for_selector("text=Smart-factory review")
    walker.complaints.clear()  # the browser logs that leaving a page ends its event stream
    walker.page.locator("#queue tr[data-id]").first.click()
    walker.page.wait_for_selector("#desk [data-tab=findings]:text('Findings')")
    finish(walker)


def test_a_wrong_password_is_told_plainly(browser: Browser, house: Served) -> None:
    walker = enter(browser, house, "")
    walker.log_in("组长", "not the password")
    walker.page.wait_for_selector("text=用户名或口令不对")
    walker.complaints.clear()  # the browser logs the 401 itself
    finish(walker)
