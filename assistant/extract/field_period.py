"""Which years are the last three: conduct is asked of them alone, counted back from the application."""

from __future__ import annotations

import re
from datetime import date

from assistant.extract.field_application import month_of_cover
from assistant.extract.field_notes import Notes

YEARS = 3
# Where no date of application is given: the year in which the tiers were first called for under one rule.
_FIRST_CALL = 2025
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)年")
_THREE_YEARS = re.compile(r"近?三年(?:以?来|内|期间)?|近3年|3年内")
_REACH = 60


def last_year(text: str) -> int | None:
    """Return the year that stands nearest before the end of a folded text."""
    found = list(_YEAR.finditer(text[-_REACH:]))
    return int(found[-1]["year"]) if found else None


def _applied_in(notes: Notes) -> int:
    dated = [c for c in notes.candidates if c.leaf == "application.date"]
    for candidate in sorted(dated, key=lambda c: c.strength):
        if isinstance(candidate.value, date):
            return candidate.value.year
    month = month_of_cover(notes)
    return month.year if month else _FIRST_CALL


def is_long_ago(notes: Notes, text: str) -> bool:
    """Return whether what ``text`` ends with is dated in a year that ended before the last three years."""
    year = last_year(text)
    return year is not None and year < _applied_in(notes) - YEARS


def is_recent(notes: Notes, text: str) -> bool:
    """Return whether what ``text`` ends with surely lies in the last three years.

    The year that is cut by their beginning is not sure, nor is what has no year at all.
    """
    year = last_year(text)
    if year is None:
        return _THREE_YEARS.search(text) is not None
    return year > _applied_in(notes) - YEARS
