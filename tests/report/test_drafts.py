"""Comparing drafts: mended, new and still open findings, whatever moved."""

from __future__ import annotations

from assistant.records import (
    CheckReport,
    CheckSummary,
    ClaimRef,
    Declaration,
    Flag,
    Manifest,
    PolicyContext,
    Review,
    RuleResult,
    Span,
)
from assistant.report.drafts import compare_drafts


def _flag(identifier: str, quote: str, start: int = 0) -> Flag:
    span = Span(page=1, start=start, end=start + len(quote), quote=quote)
    return Flag(
        id=identifier,
        kind="kpi_no_baseline",
        severity="medium",
        claim=ClaimRef(type="kpi", index=0),
        message="缺基线",
        spans=(span,),
    )


def _review(status: str, *flags: Flag) -> Review:
    result = RuleResult(
        rule="R1", topic="maturity.level", status=status, required="二级", observed="一级", message="…"
    )
    return Review(
        declaration=Declaration(),
        checks=CheckReport(policy=PolicyContext(), results=(result,), summary=CheckSummary()),
        flags=flags,
        manifest=Manifest(
            input_sha256="",
            package_version="",
            policy_version="",
            rule_version="",
            model="off",
            settings_digest="",
            started="2026-01-01",
            seconds=0,
        ),
    )


def test_mended_new_and_open() -> None:
    earlier = _review("fail", _flag("a", "生产效率提升25%"), _flag("b", "能耗下降10%"))
    later = _review("pass", _flag("x", "生产效率提升 30%", start=900), _flag("y", "库存周转率提升40%"))
    compared = compare_drafts(earlier, later)
    assert {f.title for f in compared.mended} == {"智能制造能力成熟度", "指标缺基线"}
    assert [f.key for f in compared.new] == ["flag-y"]
    assert [f.key for f in compared.still_open] == ["flag-x"]


def test_the_same_fault_twice_counts_twice() -> None:
    once, twice = (
        _review("pass", _flag("a", "效率提升5%")),
        _review("pass", _flag("a", "效率提升5%"), _flag("b", "效率提升6%")),
    )
    compared = compare_drafts(once, twice)
    assert (len(compared.mended), len(compared.new), len(compared.still_open)) == (0, 1, 1)


def test_identical_drafts_have_nothing_new() -> None:
    review = _review("fail", _flag("a", "效率提升5%"))
    compared = compare_drafts(review, review)
    assert compared.mended == compared.new == ()
    assert len(compared.still_open) == 2
