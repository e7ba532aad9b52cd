"""A statement that only rules out graver accidents is no admission of lighter ones."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.check import check
from assistant.records import Conduct, Declaration, Span

_SPAN = Span(start=0, end=4, quote="未发生…")


def status(grade: str, bound: bool, jurisdiction: str) -> tuple[str, str]:
    record = Declaration(
        conduct=Conduct.model_validate({"safety_accident": grade}),
        evidence={"conduct.safety_accident.at_most": (_SPAN,)} if bound else {},
    )
    report = check(record, jurisdiction=jurisdiction, tier="先进级", as_of=date(2025, 6, 1))
    (result,) = (r for r in report.results if r.topic == "eligibility.conduct" and "安全事故" in r.required)
    return result.status, result.message


@pytest.mark.parametrize(
    ("grade", "bound", "jurisdiction", "expected"),
    [
        ("一般", True, "国家", "pass"),
        ("较大", True, "国家", "unknown"),
        ("较大", False, "国家", "fail"),
        ("较大", True, "江苏", "pass"),
        ("重大", True, "江苏", "unknown"),
        ("特别重大", True, "江苏", "fail"),
    ],
)
def test_an_upper_bound(grade: str, bound: bool, jurisdiction: str, expected: str) -> None:
    assert status(grade, bound, jurisdiction)[0] == expected


def test_the_message_admits_no_accident() -> None:
    assert "发生过" not in status("较大", True, "国家")[1]
    assert "没有较大及以上安全事故" in status("一般", True, "国家")[1]
