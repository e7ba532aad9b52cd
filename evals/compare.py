"""Compare two runs of a suite item by item, and decide: fine, regressed, or too small to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from assistant.errors import UsageError
from evals.score import EXTRA
from evals.stats import bootstrap_difference, cases_to_decide, loss_upper_bound, mcnemar_worse
from evals.suite import SuiteSpec, Threshold

Outcome = Literal["fine", "regressed", "undecided"]


@dataclass(frozen=True)
class Verdict:
    """What happened to one metric. ``lost`` and ``won`` are items, ``examples`` name lost ones."""

    metric: str
    outcome: Outcome
    before: float | None
    after: float | None
    items: int
    lost: int
    won: int
    p_value: float
    needed: int | None
    reason: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """All metrics' verdicts; ``unscored`` counts cases that either run could not score.

    ``change`` is the paired bootstrap interval of the change of the mean accuracy a case, for information.
    """

    outcome: Outcome
    verdicts: tuple[Verdict, ...]
    unscored: int
    change: tuple[float, float] | None = None

    @property
    def exit_code(self) -> int:
        """Return 0 fine, 1 regressed, 3 undecided."""
        return {"fine": 0, "regressed": 1, "undecided": 3}[self.outcome]


def compare(before: dict[str, Any], after: dict[str, Any], spec: SuiteSpec) -> Comparison:
    """Compare run ``after`` with run ``before``.

    Raises:
        UsageError: the runs are of different suites or different versions of the cases.
    """
    if before.get("suite") != after.get("suite"):
        raise UsageError(
            f"两次运行属于不同的评测集：{before.get('suite')} 与 {after.get('suite')}", "请选同一评测集的运行"
        )
    if before.get("suite_digest") != after.get("suite_digest"):
        raise UsageError("两次运行的案例不同，不能逐条比较", "用现在的案例重新运行基线，再 bless")
    both = _Both(before, after)
    verdicts = tuple(_verdict(metric, both, spec) for metric in both.metrics)
    return Comparison(_worst(verdicts, both), verdicts, len(both.unscored), mean_change(before, after))


class _Both:
    """Two runs side by side, as outcomes by metric, case and item."""

    def __init__(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        self.runs = (before, after)
        self.old, self.new = _items(before), _items(after)
        self.unscored = {case for run in self.runs for case in run.get("unscored", {})}
        self.newly_unscored = set(after.get("unscored", {})) - set(before.get("unscored", {}))
        both = [*self.old.items(), *self.new.items()]
        self.metrics = sorted({metric for (metric, _), items in both if items})

    def pairs(self, metric: str) -> list[tuple[str, bool, bool]]:
        """Return (item, right before, right after) for every item that both runs can be judged on."""
        cases = sorted({case for name, case in (*self.old, *self.new) if name == metric} - self.unscored)
        pairs: list[tuple[str, bool, bool]] = []
        for case in cases:
            before, after = self.old.get((metric, case), {}), self.new.get((metric, case), {})
            for key in sorted({*before, *after}):
                # An extra statement that a run does not make is right there; a labelled item that a run
                # has no outcome for (a tied repetition) is left out.
                default = True if key.startswith(EXTRA) else None
                a, b = before.get(key, default), after.get(key, default)
                if a is not None and b is not None:
                    pairs.append((f"{case}：{key}", a, b))
        return pairs


def _worst(verdicts: tuple[Verdict, ...], both: _Both) -> Outcome:
    outcomes = {verdict.outcome for verdict in verdicts}
    if "regressed" in outcomes:
        return "regressed"
    # A case that used to be answered and no longer is: neither right nor wrong, so nothing is proved.
    if "undecided" in outcomes or both.newly_unscored or (not verdicts and both.unscored):
        return "undecided"
    return "fine"


def _items(run: dict[str, Any]) -> dict[tuple[str, str], dict[str, bool]]:
    """Return {(metric, case): {item: right}}."""
    return {
        (metric, row["case"]): items for row in run["cases"] for metric, items in row.get("items", {}).items()
    }


def _verdict(metric: str, both: _Both, spec: SuiteSpec) -> Verdict:
    pairs = both.pairs(metric)
    lost = [name for name, a, b in pairs if a and not b]
    won = sum(b and not a for _, a, b in pairs)
    before, after = (run["metrics"].get(metric, {}).get("value") for run in both.runs)
    outcome, reason, needed = _decide(metric, (len(lost), won, len(pairs)), spec)
    # A floor is crossed by a change; a run that never met it is told so by `eval run --strict`.
    fallen = [
        t for t in unmet(both.runs[1], spec) if t.metric == metric and t not in unmet(both.runs[0], spec)
    ]
    if fallen:
        outcome, reason, needed = "regressed", f"跌破底线 {fallen[0].minimum:g}", None
    return Verdict(
        metric=metric,
        outcome=outcome,
        before=before,
        after=after,
        items=len(pairs),
        lost=len(lost),
        won=won,
        p_value=mcnemar_worse(len(lost), won),
        needed=needed,
        reason=reason,
        examples=tuple(lost[:10]),
    )


def unmet(run: dict[str, Any], spec: SuiteSpec) -> list[Threshold]:
    """Return the floors that a run does not reach; a metric that it does not have is not judged."""
    rows = [(t, run["metrics"].get(t.metric, {}).get(t.part)) for t in spec.thresholds]
    return [threshold for threshold, value in rows if value is not None and value < threshold.minimum]


def _decide(metric: str, counts: tuple[int, int, int], spec: SuiteSpec) -> tuple[Outcome, str, int | None]:
    lost, won, items = counts
    p_value = mcnemar_worse(lost, won)
    if lost == 0:
        return "fine", "没有失分", None
    if metric in spec.exact:
        return "regressed", f"确定性指标失分 {lost} 条", None
    if p_value <= spec.alpha:
        return "regressed", f"失 {lost} 得 {won}，p={p_value:.3g}", None
    bound = loss_upper_bound(lost, won, items, spec.alpha)
    if bound <= spec.margin:
        return "fine", f"失 {lost} 得 {won}，净损失上限 {bound:.1%} 在允许的 {spec.margin:.1%} 之内", None
    needed = cases_to_decide(lost, won, items, margin=spec.margin, alpha=spec.alpha)
    more = f"约需 {needed} 条" if needed else "需 10 万条以上"
    return "undecided", f"失 {lost} 得 {won}，样本 {items} 条不足以判断，{more}", needed


def mean_change(before: dict[str, Any], after: dict[str, Any]) -> tuple[float, float] | None:
    """Return the paired bootstrap interval of the change of the mean case accuracy."""
    first = {row["case"]: _accuracy(row) for row in before["cases"]}
    second = {row["case"]: _accuracy(row) for row in after["cases"]}
    shared = [case for case in first if case in second and None not in (first[case], second[case])]
    interval = bootstrap_difference([first[c] or 0.0 for c in shared], [second[c] or 0.0 for c in shared])
    return None if interval is None else (interval.low, interval.high)


def _accuracy(row: dict[str, Any]) -> float | None:
    outcomes = [ok for items in row.get("items", {}).values() for ok in items.values()]
    return sum(outcomes) / len(outcomes) if outcomes else None
