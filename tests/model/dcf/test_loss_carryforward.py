"""Losses carried forward: none is lost, none is used twice, and a cap only delays."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.dcf.loss_carryforward import carry_losses_forward

INCOMES = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12)


@given(incomes=INCOMES, opening=st.floats(0.0, 1e3), cap=st.floats(0.0, 1.0))
def test_every_loss_is_used_once_or_still_carried(incomes: list[float], opening: float, cap: float) -> None:
    found = carry_losses_forward(incomes, [0.25] * len(incomes), opening, cap=cap)
    losses = opening - sum(min(income, 0.0) for income in incomes)
    assert sum(found.used) + found.carried[-1] == pytest.approx(losses, abs=1e-6)
    for income, used, carried in zip(incomes, found.used, found.carried, strict=True):
        assert 0.0 <= used <= cap * max(income, 0.0) + 1e-9
        assert carried >= -1e-9


def test_a_cap_delays_the_shelter_and_does_not_lose_it() -> None:
    incomes, rates = [100.0] * 3, [0.21] * 3
    capped = carry_losses_forward(incomes, rates, 120.0, cap=0.8)
    assert capped.used == pytest.approx((80.0, 40.0, 0.0))
    assert sum(capped.taxes) == pytest.approx(sum(carry_losses_forward(incomes, rates, 120.0).taxes))
    assert carry_losses_forward(incomes, rates, 120.0).taxes == pytest.approx((0.0, 16.8, 21.0))


def test_draws_give_what_each_draw_gives_alone() -> None:
    first = np.array([-50.0, 20.0])
    together = carry_losses_forward([first, 60.0], [0.25, 0.25])
    alone = [carry_losses_forward([income, 60.0], [0.25, 0.25]) for income in first]
    assert together.taxes[1] == pytest.approx([each.taxes[1] for each in alone])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: carry_losses_forward([1.0], [0.2, 0.2]), "tax must have 1 years, got 2"),
        (lambda: carry_losses_forward([1.0], [1.2]), r"tax\[1\] must be a fraction"),
        (lambda: carry_losses_forward([1.0], [0.2], cap=1.1), "cap must be a fraction"),
        (lambda: carry_losses_forward([1.0], [0.2], -1.0), "opening_losses must be zero or above"),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
