"""Base rates: the share of a reference class that grew at least so fast."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.projection import base_rates as kernels

EDGES = [-0.05, 0.0, 0.05, 0.10, 0.20]
SHARES = [0.90, 0.70, 0.35, 0.15, 0.05]


def test_the_table_gives_its_own_rows_and_lines_between_them() -> None:
    for edge, share in zip(EDGES, SHARES, strict=True):
        assert kernels.share_growing_faster(edge, EDGES, SHARES) == share
    assert kernels.share_growing_faster(0.075, EDGES, SHARES) == pytest.approx(0.25)
    assert kernels.share_growing_faster(0.025, EDGES, SHARES) == pytest.approx(0.525)


@pytest.mark.parametrize(("base_sd", "forecast_sd"), [(0.08, 0.04), (0.05, 0.05), (0.03, 0.09)])
def test_the_weight_of_a_forecast_is_that_of_two_normal_sources(base_sd: float, forecast_sd: float) -> None:
    precise = [1 / forecast_sd**2, 1 / base_sd**2]
    assert kernels.forecast_weight(base_sd, forecast_sd) == pytest.approx(precise[0] / sum(precise))


@given(st.floats(-0.05, 0.2), st.floats(-0.05, 0.2))
def test_fewer_grow_faster(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert kernels.share_growing_faster(low, EDGES, SHARES) >= kernels.share_growing_faster(
        high, EDGES, SHARES
    )


def test_a_table_may_be_flat_where_a_class_is_empty() -> None:
    assert kernels.share_growing_faster(0.12, [0.0, 0.1, 0.15], [0.5, 0.2, 0.2]) == 0.2


def test_above_a_table_that_ends_at_nobody_the_share_is_nothing() -> None:
    assert kernels.share_growing_faster(0.9, [0.0, 0.2], [0.5, 0.0]) == 0.0


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: kernels.share_growing_faster(0.1, [0, 1], [0.5]), "shares"),
        (lambda: kernels.share_growing_faster(0.1, [0, 0], [0.5, 0.4]), "edges"),
        (lambda: kernels.share_growing_faster(0.1, [0, 1], [0.4, 0.5]), "shares must not rise"),
        (lambda: kernels.share_growing_faster(0.1, [0, 1], [1.4, 0.5]), "shares"),
        (lambda: kernels.share_growing_faster(-0.1, [0, 1], [0.5, 0.4]), "growth"),
        (lambda: kernels.share_growing_faster(1.1, [0, 1], [0.5, 0.4]), "growth"),
    ],
)
def test_wrong_inputs_are_named(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
