"""What only bounds an accident: a denial of graver ones admits none, an ungraded one states no grade."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.check import check
from assistant.records import Conduct, Declaration, RuleResult, Span


def judged(evidence: dict[str, str], jurisdiction: str = "国家", about: str = "安全事故") -> RuleResult:
    spans = {
        f"conduct.{name}": (Span(start=0, end=len(quote), quote=quote),) for name, quote in evidence.items()
    }
    record = Declaration(conduct=Conduct(), evidence=spans)
    report = check(record, jurisdiction=jurisdiction, tier="先进级", as_of=date(2025, 6, 1))
    (result,) = (r for r in report.results if r.topic == "eligibility.conduct" and r.required.endswith(about))
    return result


AT_MOST, AT_LEAST = "safety_accident.at_most", "safety_accident.at_least"


@pytest.mark.parametrize(
    ("evidence", "jurisdiction", "expected"),
    [
        ({AT_MOST: "未发生较大及以上安全事故"}, "国家", "pass"),
        ({AT_MOST: "未发生重大及以上安全事故"}, "国家", "unknown"),
        ({AT_MOST: "未发生特大安全事故"}, "江苏", "unknown"),
        ({AT_MOST: "未发生重大及以上安全事故"}, "江苏", "pass"),
        ({AT_MOST: "除一起轻微工伤外，未发生安全事故"}, "国家", "unknown"),
        ({AT_LEAST: "发生一起安全事故"}, "国家", "unknown"),
        ({AT_LEAST: "发生一起安全事故", AT_MOST: "未发生较大及以上安全事故"}, "国家", "pass"),
        ({AT_LEAST: "近三年是否发生重大及以上安全事故"}, "国家", "fail"),
        ({AT_LEAST: "近三年是否发生重大及以上安全事故"}, "江苏", "fail"),
    ],
)
def test_a_bound(evidence: dict[str, str], jurisdiction: str, expected: str) -> None:
    assert judged(evidence, jurisdiction).status == expected


def test_the_message_says_what_was_said_and_what_is_missing() -> None:
    denied = judged({AT_MOST: "未发生重大及以上安全事故"})
    assert "没有重大及以上安全事故" in denied.message and "发生过" not in denied.message
    assert denied.missing == ("conduct.safety_accident",)
    assert "没有写明事故等级" in judged({AT_LEAST: "发生一起安全事故"}).message
    assert [span.quote for span in judged({AT_MOST: "未发生较大及以上安全事故"}).spans] == [
        "未发生较大及以上安全事故"
    ]


def test_no_grave_violation_leaves_lesser_ones_open() -> None:
    result = judged({"violations.at_most": "无重大违法违规行为"}, about="无违法违规行为")
    assert result.status == "unknown"
    assert "只说明“无重大违法违规行为”" in result.message
