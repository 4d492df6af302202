"""The checks that kernels share: what they refuse, name and let pass."""

from collections.abc import Callable, ItemsView, Mapping

import altair as alt
import numpy as np
import pandas as pd
import pytest

import analysis.model._inputs as inputs
from analysis.figures import Figure

CHECKS = {
    inputs.require_finite: ([0.0, -3.0], [np.nan, np.inf]),
    inputs.require_positive: ([1e-9, 4000], [0, -1.0, np.nan, np.inf]),
    inputs.require_non_negative: ([0, 4000], [-1e-9, np.nan, np.inf]),
    inputs.require_fraction: ([0, 0.4, 1], [-0.1, 1.1, np.nan]),
}
GOOD = [(check, value) for check, (good, _) in CHECKS.items() for value in good]
BAD = [(check, value) for check, (_, bad) in CHECKS.items() for value in bad]


@pytest.mark.parametrize(("check", "value"), GOOD)
def test_passes_what_is_in_range(check: Callable[..., None], value: float) -> None:
    check(rate=value)
    check(rate=np.array([value, value]))
    check(rate=Figure(value, "fraction", "rate"))


@pytest.mark.parametrize(("check", "value"), BAD)
def test_refuses_what_is_out_of_range_and_names_it(check: Callable[..., None], value: float) -> None:
    for given in (value, Figure(value, "fraction", "rate"), np.array([[0.5, value]])):
        with pytest.raises(ValueError, match=r"^rate must be"):
            check(rate=given)


def test_says_where_in_an_array_the_wrong_value_is() -> None:
    with pytest.raises(ValueError, match=r"years must be above zero, got -2.0 at \[1, 0\]"):
        inputs.require_positive(years=np.array([[1.0, 2.0], [-2.0, 3.0]]))


def test_names_all_wrong_arguments_at_once() -> None:
    with pytest.raises(ValueError, match=r"sales must .*; years must"):
        inputs.require_positive(sales=0, multiple=2, years=-1)


def test_limits_are_exclusive() -> None:
    inputs.require_above(-1, growth=-0.99)
    inputs.require_below(1, passed_on=0.99)
    with pytest.raises(ValueError, match="growth must be above -1"):
        inputs.require_above(-1, growth=-1)
    with pytest.raises(ValueError, match="passed_on must be below 1"):
        inputs.require_below(1, passed_on=1)


@pytest.mark.parametrize(
    "value", [alt.param(name="g", value=-5), alt.param(name="g", value=-5) * 2, alt.datum.year]
)
def test_lets_altair_expressions_pass(value: alt.Parameter) -> None:
    for check in CHECKS:
        check(rate=value)


def test_looks_into_a_pandas_series() -> None:
    """A series has ``to_dict`` as Altair's expressions have, but it is data."""
    with pytest.raises(ValueError, match="rate must be above zero"):
        inputs.require_positive(rate=pd.Series([1.0, -1.0]))


def test_text_is_not_a_number() -> None:
    with pytest.raises(ValueError):
        inputs.require_positive(rate="fast")


def test_numeric_gives_floats_for_scalars_and_arrays_for_arrays() -> None:
    a, b, c = inputs.numeric(a=Figure(2.0, "x", "m"), b=3, c=[1, 2])
    assert (a, b) == (2.0, 3.0)
    assert type(a) is type(b) is float
    np.testing.assert_array_equal(c, [1.0, 2.0])


def test_numeric_refuses_expressions_and_nan_by_name() -> None:
    with pytest.raises(TypeError, match=r"^g: must be a number"):
        inputs.numeric(sales=650, g=alt.param(name="g"))
    with pytest.raises(ValueError, match="sales must be finite"):
        inputs.numeric(sales=np.nan)


class Watched(dict[str, float]):
    """A mapping that counts how often its entries were looked at."""

    looks = 0

    def items(self) -> ItemsView[str, float]:
        self.looks += 1
        return super().items()


@inputs.checked
def inner(drivers: Mapping[str, float]) -> float:
    return sum(drivers.values())


@inputs.checked
def outer(drivers: Mapping[str, float], change: float) -> float:
    return inner(drivers) + inner({name: value + change for name, value in drivers.items()})


def test_a_mapping_is_looked_into_once_on_its_way_down_and_anew_at_each_call() -> None:
    drivers = Watched(growth=0.1)
    assert inner(drivers) == 0.1
    assert drivers.looks == 1
    outer(drivers, 1.0)
    assert drivers.looks == 1 + 1 + 1  # the kernel's own walk is the third
    drivers["growth"] = np.nan
    with pytest.raises(inputs.InputError, match=r"^drivers\.growth must be finite"):
        inner(drivers)
    with pytest.raises(inputs.InputError, match=r"^drivers\.growth must be finite"):
        outer(drivers, 1.0)


def test_what_a_kernel_changed_before_it_hands_it_on_is_looked_into() -> None:
    with pytest.raises(inputs.InputError, match=r"^drivers\.growth must be finite"):
        outer({"growth": 1e308}, 1e308)


def test_a_kernel_that_failed_leaves_nothing_known() -> None:
    drivers = {"growth": np.array([0.1])}
    with pytest.raises(TypeError):
        outer(drivers, "much")  # type: ignore[arg-type]
    drivers["growth"][0] = np.nan
    with pytest.raises(inputs.InputError):
        inner(drivers)  # type: ignore[arg-type]
