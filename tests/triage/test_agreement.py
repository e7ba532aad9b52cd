"""Agreement statistics against hand-computed and published values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.triage.agreement import (
    agreement,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    observed_agreement,
)


def _two(table: dict[tuple[str, str], int]) -> list[dict[str, str]]:
    return [{"a": x, "b": y} for (x, y), count in table.items() for _ in range(count)]


def test_cohen_on_a_two_by_two_table() -> None:
    # 20 + 15 of 50 agree; marginals 25/25 and 30/20: expected 0.5.
    ratings = _two({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15})
    assert cohen_kappa(ratings, "a", "b") == pytest.approx(0.4)


def test_ac1_survives_a_dominant_category() -> None:
    # 90 of 100 agree on "y", 10 disagree: kappa is near zero, AC1 is not.
    ratings = _two({("y", "y"): 90, ("y", "n"): 5, ("n", "y"): 5})
    kappa = cohen_kappa(ratings, "a", "b")
    assert kappa is not None and kappa < 0
    # pe = 2 * 0.95 * 0.05 = 0.095; (0.9 - 0.095) / 0.905
    assert gwet_ac1(ratings) == pytest.approx(0.805 / 0.905)


def test_fleiss_on_the_published_example() -> None:
    # Fleiss' table of 10 subjects, 14 raters, 5 categories: kappa 0.210.
    table = [
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    ]  # fmt: skip
    ratings = []
    for row in table:
        values = [str(category) for category, count in enumerate(row) for _ in range(count)]
        ratings.append({f"r{i}": value for i, value in enumerate(values)})
    assert fleiss_kappa(ratings) == pytest.approx(0.210, abs=0.0005)


def test_alpha_on_the_published_example_with_missing_data() -> None:
    # Krippendorff's example of 4 observers and 12 units with gaps: nominal alpha 0.743.
    rows = {
        "A": "1 2 3 3 2 1 4 1 2 . . .",
        "B": "1 2 3 3 2 2 4 1 2 5 . 3",
        "C": ". 3 3 3 2 3 4 2 2 5 1 .",
        "D": "1 2 3 3 2 4 4 1 2 5 1 .",
    }
    columns = zip(*(row.split() for row in rows.values()), strict=True)
    ratings = [{r: v for r, v in zip(rows, column, strict=True) if v != "."} for column in columns]
    assert krippendorff_alpha(ratings) == pytest.approx(0.743, abs=0.0005)


def test_nothing_to_compare_is_none_not_zero() -> None:
    alone = [{"a": "y"}, {"b": "n"}]
    result = agreement(alone)
    assert (result.items, result.raters) == (0, 2)
    assert result.observed is result.fleiss_kappa is result.gwet_ac1 is result.krippendorff_alpha is None
    assert result.cohen_kappa == {("a", "b"): None}


def test_one_category_everywhere_has_no_chance_corrected_kappa() -> None:
    ratings = _two({("y", "y"): 5})
    assert cohen_kappa(ratings, "a", "b") is None
    assert krippendorff_alpha(ratings) is None
    assert observed_agreement(ratings) == 1
    assert gwet_ac1(ratings) == 1


_items = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["采纳", "驳回", "需补充材料"]), max_size=4),
    min_size=1,
    max_size=30,
)


@given(_items)
def test_bounds_and_order_independence(items: list[dict[str, str]]) -> None:
    one, other = agreement(items), agreement(items[::-1])
    for name in ("observed", "fleiss_kappa", "gwet_ac1", "krippendorff_alpha"):
        value = getattr(one, name)
        if value is not None:
            assert value <= 1 + 1e-9
            assert math.isclose(value, getattr(other, name), abs_tol=1e-9)


@given(_items)
def test_perfect_agreement_is_one_where_defined(items: list[dict[str, str]]) -> None:
    same = [dict.fromkeys(item, next(iter(item.values()))) for item in items if item]
    for value in (fleiss_kappa(same), krippendorff_alpha(same)):
        assert value is None or math.isclose(value, 1)
