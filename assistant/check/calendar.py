"""Periods of months and years as the Civil Code counts them (articles 200 to 204).

The day on which a period begins is not counted, so a period of n months ends with the day of the same
number n months later; a month without that day ends it with its last day.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later (earlier if negative), the last of the month if there is none.

    Raises:
        ValueError: the result lies outside the calendar.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def add_years(day: date, years: int) -> date:
    """Return the last day of a period of ``years`` that began on ``day``."""
    return add_months(day, years * 12)
