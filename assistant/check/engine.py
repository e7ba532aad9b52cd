"""From a record and a policy context to a report: every rule in force, and every topic."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant import policy
from assistant.check.case import Case
from assistant.check.registry import EVALUATORS
from assistant.check.verdict import Verdict, worst
from assistant.policy import TOPICS, Policy, Rule
from assistant.records import (
    TIERS,
    CheckReport,
    CheckSummary,
    Declaration,
    PolicyContext,
    RuleResult,
    Status,
    Tier,
)

log = logging.getLogger("assistant.check")
_TIER = "application.tier"


def check(
    declaration: Declaration,
    *,
    jurisdiction: str | None = None,
    tier: Tier | None = None,
    as_of: date | None = None,
) -> CheckReport:
    """Return the verdict of every rule in force, and at least one result for every topic.

    What is stated here wins over the record's application. Without a day the newest rules hold; without
    a jurisdiction, or in one that has no rules of its own, the national ones.
    """
    return report(case_of(declaration, policy.load(), jurisdiction=jurisdiction, tier=tier, as_of=as_of))


def case_of(
    declaration: Declaration,
    corpus: Policy,
    *,
    jurisdiction: str | None = None,
    tier: Tier | None = None,
    as_of: date | None = None,
) -> Case:
    """Return the record in its policy context."""
    stated = declaration.application
    place = jurisdiction or (stated.jurisdiction if stated else None)
    day = as_of or (stated.date if stated else None)
    where = resolve_jurisdiction(corpus, place)
    return Case(
        declaration=declaration,
        policy=corpus,
        jurisdiction=where,
        tier=tier or (stated.tier if stated else None),
        as_of=day,
        catalog=corpus.catalog_in_force(where, day),
    )


def resolve_jurisdiction(corpus: Policy, place: str | None) -> str | None:
    """Return the name of a jurisdiction as the corpus has it: 湖北省, 武汉市 → 湖北; others unchanged."""
    if place is None or not place.strip():
        return None
    name = place.strip()
    known = corpus.jurisdictions
    if name in known:
        return name
    for one in known.values():
        if name in one.aliases:
            return one.name
    return corpus.locate(name) or name


def report(case: Case) -> CheckReport:
    """Run every rule of the case."""
    results = _for_tier(case) if case.tier else _for_every_tier(case)
    counts = Counter(result.status for result in results)
    return CheckReport(
        policy=PolicyContext(
            jurisdiction=case.jurisdiction,
            tier=case.tier,
            as_of=case.as_of,
            catalog=case.catalog,
            version=case.policy.version,
        ),
        results=results,
        summary=CheckSummary(
            passed=counts["pass"],
            fail=counts["fail"],
            advisory=counts["advisory"],
            unknown=counts["unknown"],
            not_applicable=counts["not_applicable"],
        ),
    )


def topic_statuses(results: Sequence[RuleResult]) -> dict[str, Status]:
    """Return the status of each topic: the worst of its results."""
    found: dict[str, list[Status]] = {topic: [] for topic in TOPICS}
    for result in results:
        found[result.topic].append(result.status)
    return {topic: worst(statuses) for topic, statuses in found.items()}


def _for_tier(case: Case) -> tuple[RuleResult, ...]:
    by_topic: dict[str, list[RuleResult]] = {topic: [] for topic in TOPICS}
    for rule in case.policy.rules(case.jurisdiction, case.tier, case.as_of):
        by_topic[rule.topic].extend(_results(case, rule))
    return tuple(result for topic in TOPICS for result in by_topic[topic] or (_silent(topic),))


def _for_every_tier(case: Case) -> tuple[RuleResult, ...]:
    """Run all four tiers: where they differ, the topic is unknown for want of the tier."""
    runs = [_grouped(_for_tier(_at(case, tier))) for tier in TIERS]
    found: list[RuleResult] = []
    for topic in TOPICS:
        alternatives = [run[topic] for run in runs]
        statuses = [worst(result.status for result in results) for results in alternatives]
        if all(results == alternatives[0] for results in alternatives):
            found.extend(alternatives[0])
        elif len(set(statuses)) == 1 and statuses[0] != "unknown":
            # The same verdict at every tier: shown with the tier that asks most, or least, of the record.
            found.extend(alternatives[-1] if statuses[0] == "pass" else alternatives[0])
        else:
            found.append(_tier_needed(topic, alternatives, statuses))
    return tuple(found)


def _at(case: Case, tier: Tier) -> Case:
    moved = replace(case, tier=tier)
    # Where the scenes stand does not depend on the tier.
    moved.__dict__.update({k: v for k, v in case.__dict__.items() if k in ("placed", "kpis")})
    return moved


def _grouped(results: Sequence[RuleResult]) -> dict[str, tuple[RuleResult, ...]]:
    found: dict[str, tuple[RuleResult, ...]] = {}
    for result in results:
        found[result.topic] = (*found.get(result.topic, ()), result)
    return found


def _tier_needed(
    topic: str, alternatives: list[tuple[RuleResult, ...]], statuses: list[Status]
) -> RuleResult:
    words = {
        "pass": "满足",
        "fail": "不满足",
        "advisory": "需专家判断",
        "unknown": "材料不足",
        "not_applicable": "不适用",
    }
    said = "，".join(f"{tier}{words[status]}" for tier, status in zip(TIERS, statuses, strict=True))
    results = [result for found in alternatives for result in found if result.status != "not_applicable"]
    first = results[0]
    missing = (_TIER, *(field for result in results for field in result.missing))
    return RuleResult(
        rule=first.rule,
        topic=topic,
        status="unknown",
        required="按申报层级而定",
        observed="未说明申报层级",
        message=f"没有说明申报层级，本项各层级的结论不同：{said}。请写明申报层级。",
        missing=tuple(dict.fromkeys(missing)),
        clauses=tuple(dict.fromkeys(clause for result in results for clause in result.clauses)),
    )


def _results(case: Case, rule: Rule) -> list[RuleResult]:
    try:
        found = EVALUATORS[rule.evaluator](case, rule)
        verdicts = found if isinstance(found, tuple) else (found,)
    except Exception as error:
        # A broken rule must neither end the run nor look like a verdict.
        log.debug("rule %s failed", rule.code, exc_info=True)
        verdicts = (_crashed(rule, error),)
    return [
        RuleResult(
            rule=rule.code,
            topic=rule.topic,
            status=verdict.status,
            required=verdict.required or rule.required,
            observed=verdict.observed,
            message=verdict.message,
            missing=verdict.missing,
            clauses=rule.clauses,
            spans=verdict.spans,
        )
        for verdict in verdicts
    ]


def _crashed(rule: Rule, error: Exception) -> Verdict:
    reason = f"{type(error).__name__}: {error}"
    return Verdict(
        "unknown",
        "规则未能运行",
        f"规则 {rule.code} 运行出错，没有得出结论（{reason}）。请人工审查本项，并报告此问题。",
        missing=(rule.topic,),
    )


_SILENT: dict[str, RuleResult] = {}


def _silent(topic: str) -> RuleResult:
    if topic not in _SILENT:
        _SILENT[topic] = RuleResult(
            rule="-",
            topic=topic,
            status="not_applicable",
            required="无规定",
            observed="不适用",
            message="该地区、层级和日期没有这方面的规定，本项不适用。",
        )
    return _SILENT[topic]
