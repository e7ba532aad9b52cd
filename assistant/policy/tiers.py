"""A province's table of what a scene looks like at each tier."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import PolicyError
from assistant.policy.model import TierDescriptor
from assistant.policy.yamlfile import Fields, read
from assistant.records import TIERS


def read_tier_descriptors(path: Path) -> tuple[TierDescriptor, ...]:
    """Return the rows of a tier table in the table's own order.

    Raises:
        PolicyError: a row lacks a tier, or a scene occurs twice.
    """
    top = Fields(read(path), path.name)
    rows = tuple(_row(row) for row in top.rows("scenes"))
    if len({row.number for row in rows}) != len(rows):
        raise PolicyError(f"{path.name} 有重复的场景序号", "请改正")
    return rows


def _row(row: Fields) -> TierDescriptor:
    tiers = Fields(row.mapping("tiers"), f"{row.where} tiers")
    if set(tiers.values) != set(TIERS):
        raise PolicyError(f"{tiers.where} 应写全四个层级", "没有描述的写 null")
    return TierDescriptor(
        number=row.whole("number"),
        row=row.whole("row"),
        name=row.text("name"),
        tiers={tier: tiers.maybe_text(tier) for tier in TIERS},
    )
