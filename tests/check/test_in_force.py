"""From which day to which each rule holds, told from the documents' own dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assistant import policy
from assistant.records import TIERS

PROGRAMME = date(2024, 10, 28)  # 工信厅联通装函〔2024〕399号
HUBEI_82 = date(2024, 11, 7)  # 鄂经信办函〔2024〕82号: the 卓越级 batch of 2024
HUBEI_84 = date(2024, 12, 1)  # 第二十五条
EDITION_2025 = date(2025, 1, 1)
HUBEI_2026 = date(2026, 1, 8)
BATCH_ENDS = date(2024, 12, 31)
PLACES = {"CN": "国家", "HB": "湖北", "JS": "江苏", "SH": "上海"}

IN_82 = {"HB-EL-01", "HB-EL-02", "HB-EL-03", "HB-MA-01", "HB-CV-02", "HB-PR-02", "HB-DL-01"} | {
    f"HB-CO-0{number}" for number in range(1, 8)
}
FROM_2026 = {"HB-VA-01", "HB-VA-02", "HB-VA-03"}
ONE_BATCH = {"CN-DL-01", "HB-DL-01"}
ANY_DAY = {"CN-KP-02", "CN-KP-03", "CN-KP-04"}


def first_day(code: str, tier: str) -> date | None:
    if code in ANY_DAY:
        return None
    if code in ("CN-AI-01", "HB-AI-01") or code[:2] in ("JS", "SH"):
        return EDITION_2025
    if code.startswith("CN"):
        return PROGRAMME
    if code in FROM_2026:
        return HUBEI_2026
    return HUBEI_82 if code in IN_82 and tier == "卓越级" else HUBEI_84


@pytest.mark.parametrize("code", policy.load().rule_book.codes())
def test_a_rule_holds_from_its_first_day_to_its_last_without_a_gap(code: str) -> None:
    book = policy.load().rule_book
    day_after = timedelta(days=1)
    tiers = {
        t
        for r in book.rows[PLACES[code[:2]]]
        if r.code == code
        for v in r.versions
        for t in v.tiers or r.tiers
    }
    days = {day for start in book.boundaries() for day in (start - day_after, start)} | {
        date(2019, 1, 1),
        date(2030, 1, 1),
    }
    for tier in TIERS:
        first = first_day(code, tier)
        for day in sorted(days):
            holds = code in {rule.code for rule in book.select(PLACES[code[:2]], tier, day)}
            expected = tier in tiers and (first is None or first <= day)
            if code in ONE_BATCH:
                expected = expected and day <= BATCH_ENDS
            assert holds is expected, (code, tier, day)


def test_the_boundaries_are_the_documents_dates() -> None:
    assert set(policy.load().rule_book.boundaries()) == {
        PROGRAMME,
        HUBEI_82,
        HUBEI_84,
        EDITION_2025,
        HUBEI_2026,
    }
