"""Small pictures in HTML: coverage of the five groups, the ladder of tiers, a line of the log, a trend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from assistant import policy
from assistant.check.advise import Advice, advise
from assistant.records import TIERS, Review
from assistant.report import facts
from assistant.triage.audit import Event
from assistant.ui.texts import Words

_ACTIONS = {
    "submitted": "提交材料",
    "panel_assigned": "放入评审组",
    "assigned": "分配专家",
    "decided": "处理疑点",
    "undone": "撤销处理",
    "opinion": "给出意见",
    "adjudicated": "组长裁定",
}
_SHOWN = ("name", "panel", "reviewer", "finding", "verdict", "recommendation", "reason", "comment", "text")


def coverage(review: Review) -> Markup:
    """Return the five groups as bars: how many built scenes lie in each."""
    catalog = policy.load().catalog(review.checks.policy.catalog or "2025")
    counts = dict.fromkeys(catalog.groups, 0)
    built = {
        s.number
        for s in facts.scenes_of(review.declaration)
        if s.number and not s.plan and s.catalog in (None, catalog.id)
    }
    for scene in catalog.scenes:
        if scene.number in built and scene.group:
            counts[scene.group] += 1
    most = max([*counts.values(), 1])
    bar = Markup(
        '<div class="bar {}"><span class="name">{}</span><span class="track"><span style="width:{}%"></span></span>'
        '<span class="count">{}</span></div>'
    )
    rows = [bar.format("" if n else "none", name, round(n / most * 100), n) for name, n in counts.items()]
    return Markup("").join(rows)


def ladder(review: Review, words: Words) -> dict[str, Any]:
    """Return the tiers that the record supports: steps of its own jurisdiction, and the others in words."""
    advice = advise(review.declaration, as_of=review.checks.policy.as_of)
    own_name = review.checks.policy.jurisdiction
    own = next((a for a in advice if a.jurisdiction == own_name), advice[0])
    return {
        "own": own,
        "steps": [_step(own, tier, review.checks.policy.tier, words) for tier in TIERS],
        "others": [a for a in advice if a is not own],
    }


def _step(advice: Advice, tier: str, applied: str | None, words: Words) -> dict[str, str]:
    reached = TIERS.index(advice.supported) if advice.supported else -1
    place = TIERS.index(tier)
    blocked = advice.next_step is not None and advice.next_step.tier == tier
    if place <= reached:
        sure = advice.certain or place < reached
        state, text = ("yes", words("supported")) if sure else ("maybe", words("uncertain"))
    elif blocked and advice.next_step is not None:
        state, text = "no", words("blocked", count=len(advice.next_step.failing))
    else:
        state, text = "far", words("not_reached")
    return {
        "tier": tier,
        "state": state,
        "text": text,
        "applied": words("applied") if tier == applied else "",
    }


def event_row(event: Event) -> tuple[str, str, str, str]:
    """Return time, person, action and detail of a line of the log."""
    said = [str(event.payload[key]) for key in _SHOWN if event.payload.get(key)]
    return (
        f"{event.at:%Y-%m-%d %H:%M:%S}",
        event.actor,
        _ACTIONS.get(event.action, event.action),
        "　".join(said),
    )


def trend(values: Sequence[float], width: int = 260, height: int = 48) -> Markup:
    """Return a line of values between 0 and 1 as SVG."""
    step = width / max(1, len(values) - 1)
    points = [(i * step, height - 5 - value * (height - 10)) for i, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = Markup("").join(
        Markup('<circle cx="{}" cy="{}" r="2.5"/>').format(round(x, 1), round(y, 1)) for x, y in points
    )
    return Markup(
        '<svg class="trend" viewBox="-4 0 {} {}" width="{}" height="{}" role="img"><polyline points="{}"/>{}</svg>'
    ).format(width + 8, height, width, height, line, dots)
