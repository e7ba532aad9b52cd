"""Units that measure the same: two quantities brought to the smaller of their units.

Contract: numbers stay as written; only where two units of one statement differ are they brought to the
smaller.
"""

from __future__ import annotations

import re

from assistant.extract.numbers import Quantity, as_number

_TO_SMALLEST: dict[str, tuple[str, float]] = {
    "毫秒": ("时间", 0.001), "ms": ("时间", 0.001), "秒": ("时间", 1), "秒钟": ("时间", 1), "s": ("时间", 1),
    "分钟": ("时间", 60), "分": ("时间", 60), "min": ("时间", 60), "小时": ("时间", 3600), "h": ("时间", 3600),
    "钟头": ("时间", 3600), "天": ("时间", 86400), "日": ("时间", 86400), "周": ("时间", 604800),
    "星期": ("时间", 604800), "月": ("月", 1), "季度": ("月", 3), "年": ("月", 12),
    "纳米": ("长度", 1e-6), "nm": ("长度", 1e-6), "微米": ("长度", 0.001), "μm": ("长度", 0.001), "um": ("长度", 0.001),
    "丝": ("长度", 0.01), "毫米": ("长度", 1), "mm": ("长度", 1), "厘米": ("长度", 10), "cm": ("长度", 10),
    "米": ("长度", 1000), "m": ("长度", 1000), "克": ("质量", 1), "g": ("质量", 1), "千克": ("质量", 1000),
    "公斤": ("质量", 1000), "kg": ("质量", 1000), "吨": ("质量", 1e6), "t": ("质量", 1e6),
    "%": ("比例", 100), "‰": ("比例", 10), "‱": ("比例", 1), "ppm": ("比例", 0.01), "PPM": ("比例", 0.01),
}  # fmt: skip
_SCALES = {"千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12}
_SCALED = re.compile(r"^(?P<scale>万亿|千万|百万|十万|亿|万|千(?![克瓦米分卡]))(?P<rest>.*)$")
_CALENDAR_DAYS = {"月": 30 * 86400, "季度": 91 * 86400, "年": 365 * 86400}


def _measure(unit: str) -> tuple[str, float]:
    match = _SCALED.match(unit)
    factor = 1.0
    if match and unit not in _TO_SMALLEST:
        factor, unit = _SCALES[match["scale"]], match["rest"]
    dimension, size = _TO_SMALLEST.get(unit, (unit, 1.0))
    return dimension, size * factor


def common_unit(left: Quantity, right: Quantity) -> tuple[float | int, float | int, str] | None:
    """Return both values in the smaller of the two units, None when the units cannot be compared.

    由4小时缩短到40分钟 gives (240, 40, "分钟"). Months against days count 30 days, years 365.
    A unit that only one of the two carries (由8提升至12件) holds for both.
    """
    first, second = left.unit or right.unit, right.unit or left.unit
    if first is None or second is None or first == second:
        return left.value, right.value, first or ""
    if first.split("/")[0] == second.split("/")[0] and ("/" in first) != ("/" in second):
        # 从150万元/年增至450万元: what it is per is written once.
        return left.value, right.value, max(first, second, key=len)
    (kind_a, size_a), (kind_b, size_b) = _measure(first), _measure(second)
    if {kind_a, kind_b} == {"月", "时间"}:
        size_a, size_b = (
            _CALENDAR_DAYS.get(unit, size) for unit, size in ((first, size_a), (second, size_b))
        )
    elif kind_a != kind_b:
        return None
    unit, size = (first, size_a) if size_a <= size_b else (second, size_b)
    return as_number(left.value * size_a / size), as_number(right.value * size_b / size), unit
