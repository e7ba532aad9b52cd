"""Months and years."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.check.calendar import add_months, add_years


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2027, 5, 31), -3, date(2027, 2, 28)),
        (date(2026, 1, 8), -3, date(2025, 10, 8)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
    ],
)
def test_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_years() -> None:
    assert add_years(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert add_years(date(2023, 7, 1), 3) == date(2026, 7, 1)


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(-600, 600))
def test_same_day_number_or_the_last_of_the_month(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day == day.day or (moved.day < day.day and date.fromordinal(moved.toordinal() + 1).day == 1)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 100), st.integers(0, 100))
def test_longer_periods_end_later(day: date, one: int, two: int) -> None:
    assert (add_months(day, one) <= add_months(day, two)) or one > two
