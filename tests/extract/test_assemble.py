"""The whole record: the catalogue in force, what the user states, and the document's own facts."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.extract import extract
from assistant.records import Application, Declaration
from tests.extract.reading import read

TEXT = """{title}
填报日期：{day}
企业名称：某某示例（虚构）制造有限公司
一、场景建设情况
1.智能仓储：建成自动化立体仓库和WMS系统，实现物料出入库、存储、拣选的自动化，库存周转率提升20%。
"""


@pytest.mark.parametrize(
    ("title", "day", "catalog"),
    [
        ("湖北省先进级智能工厂申报书", "2025年6月1日", "2024"),
        ("湖北省先进级智能工厂申报书", "2026年1月8日", "2025"),
        ("江苏省先进级智能工厂申报书", "2025年6月1日", "2024"),
        ("上海市先进级智能工厂申报书", "2025年6月1日", "2025"),
        ("智能工厂申报书", "", "2025"),
    ],
)
def test_scenes_and_kpis_are_mapped_to_the_catalogue_in_force(title: str, day: str, catalog: str) -> None:
    record = extract(read(TEXT.format(title=title, day=day)))
    assert record.scenes
    assert record.kpis
    assert {scene.catalog for scene in record.scenes} == {catalog}
    assert {kpi.catalog for kpi in record.kpis} == {catalog}


def test_what_the_user_states_wins_and_the_documents_own_word_is_kept() -> None:
    document = read(TEXT.format(title="湖北省先进级智能工厂申报书", day="2025年6月1日"))
    record = extract(document, application=Application(jurisdiction="上海", tier="卓越级"))
    assert record.application is not None
    assert (record.application.jurisdiction, record.application.tier) == ("上海", "卓越级")
    assert record.application.date == date(2025, 6, 1)
    assert {entry.what for entry in record.quarantine or ()} == {
        "application.jurisdiction",
        "application.tier",
    }
    assert "application.tier" not in (record.evidence or {})
    assert {scene.catalog for scene in record.scenes or ()} == {"2025"}


def test_the_day_that_is_asked_for_decides_the_catalogue() -> None:
    document = read(TEXT.format(title="湖北省先进级智能工厂申报书", day="2025年6月1日"))
    record = extract(document, as_of=date(2026, 3, 1))
    assert {scene.catalog for scene in record.scenes or ()} == {"2025"}


def test_the_text_travels_only_when_asked_for() -> None:
    document = read(TEXT.format(title="申报书", day=""))
    assert extract(document).document is not None
    without, full = extract(document).document, extract(document, with_text=True).document
    assert without is not None
    assert full is not None
    assert without.text is None
    assert full.text == document.text
    assert (full.chars, full.sha256, full.name) == (len(document.text), document.sha256, "declaration.txt")


def test_a_record_survives_json() -> None:
    record = extract(read(TEXT.format(title="湖北省先进级智能工厂申报书", day="2025年6月1日")))
    assert Declaration.model_validate_json(record.model_dump_json()) == record
