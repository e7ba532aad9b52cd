"""The reports of real reviews: nothing executable gets in, every finding is there, one file works alone."""

from __future__ import annotations

import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant import Options, Outcome, render, review
from assistant.errors import UsageError
from assistant.report import FORMATS, findings
from assistant.settings import Settings
from tests.conftest import SAMPLES

HOSTILE = """先进级智能工厂申报书
企业名称：<script>alert(1)</script>示例（虚构）"引号"&符号公司
注册地址：湖北省武汉市
一、场景建设情况
1.在线智能检测 <img src=x onerror=alert(2)>
部署机器视觉系统，产品不良率由4%降至2%，下降40%。 | 竖线 `代码` [链接](http://example.com) {{ 7*7 }}
</section></main><script>alert(3)</script>
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    file = tmp_path_factory.mktemp("r") / "<b>恶意<img>.txt"
    file.write_text(HOSTILE, "utf-8")
    return review(file, Options(settings=Settings()))


@pytest.fixture(scope="module")
def sample() -> Outcome:
    return review(SAMPLES / "jiangsu-excellent-poor.pdf", Options(settings=Settings()))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _tags(outcome: Outcome) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(render(outcome.review, outcome.document, "html").decode())
    return parser.tags


def test_a_document_cannot_put_markup_into_the_html(hostile: Outcome) -> None:
    tags = _tags(hostile)
    assert sum(tag == "script" for tag, _ in tags) == 1
    assert not [tag for tag, _ in tags if tag in ("img", "iframe", "object", "embed", "link", "base")]
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]


def test_the_html_asks_for_nothing_outside(sample: Outcome) -> None:
    page = render(sample.review, sample.document, "html").decode()
    assert not [v for _, a in _tags(sample) for k, v in a.items() if k in ("src", "href")]
    assert "url(" not in page and "@import" not in page
    assert "default-src 'none'" in page


def test_every_finding_leads_to_its_words(sample: Outcome) -> None:
    tags = _tags(sample)
    keys = {attributes["data-key"] for _, attributes in tags if "data-key" in attributes}
    marked = {key for tag, a in tags if tag == "mark" for key in (a["data-f"] or "").split()}
    shown = findings(sample.review)
    assert {finding.key for finding in shown} <= keys
    assert {finding.key for finding in shown if finding.spans} <= marked


def test_no_word_of_the_document_is_lost_in_the_html(sample: Outcome) -> None:
    page = render(sample.review, sample.document, "html").decode()
    right = page.split('aria-label="申报书原文">')[1].split("</section>")[0]
    import html

    words = html.unescape(re.sub(r'<div class="page".*?</div>|<[^>]+>', "", right))
    assert "".join(words.split()) == "".join(sample.document.text.split())


def test_markdown_shows_hostile_text_as_text(hostile: Outcome) -> None:
    text = render(hostile.review, hostile.document, "markdown").decode()
    assert "<script>" not in text and "](http" not in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in rows)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_names_the_worst_finding(sample: Outcome, form: str) -> None:
    data = render(sample.review, sample.document, form)
    if form == "docx":
        import docx

        document = docx.Document(io.BytesIO(data))
        text = "\n".join(
            [
                *(p.text for p in document.paragraphs),
                *(c.text for t in document.tables for r in t.rows for c in r.cells),
            ]
        )
    else:
        text = data.decode().replace("\\", "")
    worst = findings(sample.review)[0]
    assert worst.message[:20] in text.replace("\\", "")
    if form == "json":
        assert json.loads(data)["schema_version"] == "1.0"


def test_the_word_file_opens_and_hostile_text_stays_text(hostile: Outcome) -> None:
    data = render(hostile.review, hostile.document, "docx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert b"<script>" not in archive.read("word/document.xml")


def test_an_unknown_format_is_refused(sample: Outcome) -> None:
    with pytest.raises(UsageError, match="不支持"):
        render(sample.review, sample.document, "pdf")


def test_findings_are_sorted_worst_first(sample: Outcome) -> None:
    ranks = [finding.rank for finding in findings(sample.review)]
    assert ranks == sorted(ranks)
    keys = [finding.key for finding in findings(sample.review)]
    assert len(keys) == len(set(keys))


def test_file_names_are_plain(hostile: Outcome, tmp_path: Path) -> None:
    assert "恶意" in (hostile.review.declaration.document or pytest.fail("no document")).name
