"""A change divided among its causes: the shares add up, and no order of the causes decides."""

from __future__ import annotations

from itertools import permutations
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.parts.shapley import shapley_values

NAMES = ("figures", "time", "price", "assumptions")
SETS = [frozenset(n for i, n in enumerate(NAMES) if mask >> i & 1) for mask in range(16)]
RESULTS = st.lists(st.floats(-1e4, 1e4), min_size=16, max_size=16).map(
    lambda values: dict(zip(SETS, values, strict=True))
)


@given(RESULTS)
def test_the_shares_add_up_to_the_change(results: dict[frozenset[str], float]) -> None:
    shares = shapley_values(NAMES, results.__getitem__)
    whole = results[SETS[-1]] - results[SETS[0]]
    assert sum(shares.values()) == pytest.approx(whole, abs=1e-9)


@given(RESULTS)
def test_a_share_is_the_average_over_every_order(results: dict[frozenset[str], float]) -> None:
    shares = shapley_values(NAMES, results.__getitem__)
    for name in NAMES:
        added = []
        for order in permutations(NAMES):
            before = frozenset(order[: order.index(name)])
            added.append(results[before | {name}] - results[before])
        assert shares[name] == pytest.approx(fsum(added) / len(added), abs=1e-8)


@given(RESULTS)
def test_the_order_in_which_causes_are_named_does_not_matter(results: dict[frozenset[str], float]) -> None:
    forward, backward = (shapley_values(names, results.__getitem__) for names in (NAMES, NAMES[::-1]))
    assert forward == pytest.approx(backward, abs=1e-8)


def test_each_set_is_asked_for_once() -> None:
    asked: list[frozenset[str]] = []
    shapley_values(NAMES, lambda on: float(len(asked.append(on) or on)))
    assert len(asked) == len(set(asked)) == 16


def test_a_cause_that_moves_nothing_has_no_share() -> None:
    assert shapley_values(["a", "b"], lambda on: 3.0 * ("a" in on)) == {"a": 3.0, "b": 0.0}


def test_without_causes_nothing_is_shared() -> None:
    assert shapley_values([], lambda on: 1.0) == {}


def test_a_cause_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="different names, got a, a"):
        shapley_values(["a", "a"], lambda on: 0.0)
