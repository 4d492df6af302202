"""The steerable DCF equals the full one, on numbers, arrays and in the browser's expression."""

import math
import re
from typing import Any

import altair as alt
import numpy as np
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.figures import Figure
from analysis.model.dcf import free_cash_flow as dcf
from analysis.model.dcf import paths
from analysis.model.dcf.discounting import Timing
from analysis.model.dcf.terminal_value import ValueDriver
from analysis.model.dcf.two_stage import two_stage_value
from tests.model.dcf.lines import TWO_STAGE as BASE
from tests.model.dcf.lines import operating_lines


def full_value(
    sales: float,
    growth: float,
    stable_growth: float,
    margin: float,
    tax: float,
    sales_to_capital: float,
    wacc: float,
    *,
    years: int,
    constant_years: int,
    start_margin: float | None,
    convergence_year: int | None,
    stable_roic: float | None,
    timing: Timing,
) -> float:
    if start_margin is None or convergence_year is None:
        margins: tuple[float, ...] = (margin,) * years
    else:
        margins = paths.linear_to_target(start_margin, margin, years=years, convergence_year=convergence_year)
    lines = operating_lines(
        sales,
        paths.growth_path(growth, stable_growth, years=years, constant_years=constant_years),
        margins,
        (tax,) * years,
        sales_to_capital,
    )
    terminal = ValueDriver(stable_growth, stable_roic or wacc, wacc)
    return float(dcf.value_lines(lines, (wacc,) * years, terminal, timing=timing).value)


@settings(max_examples=80)
@given(
    growth=st.floats(-0.1, 0.5),
    stable=st.floats(0.0, 0.04),
    margin=st.floats(0.05, 0.5),
    tax=st.floats(0.0, 0.4),
    ratio=st.floats(0.3, 5.0),
    wacc=st.floats(0.05, 0.2),
    years=st.integers(1, 15),
    timing=st.sampled_from(["end", "mid"]),
    roic=st.none() | st.floats(0.06, 0.5),
    start=st.none() | st.floats(0.0, 0.2),
    data=st.data(),
)
def test_equals_the_full_dcf(
    growth: float,
    stable: float,
    margin: float,
    tax: float,
    ratio: float,
    wacc: float,
    years: int,
    timing: Timing,
    roic: float | None,
    start: float | None,
    data: st.DataObject,
) -> None:
    conventions = {
        "years": years, "constant_years": data.draw(st.integers(0, years)), "timing": timing,
        "stable_roic": roic, "start_margin": start,
        "convergence_year": None if start is None else data.draw(st.integers(1, years)),
    }  # fmt: skip
    arguments = (700.0, growth, stable, margin, tax, ratio, wacc)
    want = full_value(*arguments, **conventions)
    assert two_stage_value(*arguments, **conventions) == pytest.approx(want, rel=1e-12, abs=1e-9)


@given(st.floats(0.001, 1000.0))
def test_another_currency_scales_the_value(rate: float) -> None:
    other = two_stage_value(**{**BASE, "sales": BASE["sales"] * rate})
    assert other == pytest.approx(two_stage_value(**BASE) * rate, rel=1e-12)


@given(st.sampled_from(["growth", "margin", "sales_to_capital", "tax", "wacc"]), st.floats(0.001, 0.05))
def test_each_input_moves_the_value_the_way_it_must(name: str, more: float) -> None:
    """New capital earns more than it costs, so that growth is worth something."""
    moved = two_stage_value(**{**BASE, name: BASE[name] + more}) - two_stage_value(**BASE)
    assert moved < 0 if name in ("tax", "wacc") else moved > 0


def test_margin_arrives_in_the_last_year_unless_told() -> None:
    late = two_stage_value(**BASE, start_margin=0.08)
    assert late == two_stage_value(**BASE, start_margin=0.08, convergence_year=10)
    assert late < two_stage_value(**BASE, start_margin=0.08, convergence_year=5)


@pytest.mark.parametrize("timing", ["end", "mid"])
def test_the_browsers_expression_has_the_same_value(timing: Timing) -> None:
    parameters = {name: alt.param(name, value=value) for name, value in BASE.items()}
    start = alt.param("start_margin", value=0.09)
    expression = two_stage_value(**parameters, start_margin=start, timing=timing).to_dict()["expr"]
    value = eval(expression, {"pow": math.pow, "start_margin": 0.09, **BASE})
    assert value == pytest.approx(two_stage_value(**BASE, start_margin=0.09, timing=timing), rel=1e-12)
    assert len(expression) < 5000


def test_vega_itself_computes_the_same_value() -> None:
    parameters = {name: alt.param(name, value=value) for name, value in BASE.items()}
    expression = two_stage_value(**parameters, timing="mid").to_dict()["expr"]
    signals = [{"name": name, "value": value} for name, value in BASE.items()]
    spec = {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "signals": [*signals, {"name": "value", "update": expression}],
        "marks": [
            {"type": "text", "encode": {"update": {"text": {"signal": "'v=' + format(value, '.12e')"}}}}
        ],
    }
    found = re.search(r"v=([0-9.e+]+)<", vl_convert.vega_to_svg(spec))
    assert found is not None
    assert float(found[1]) == pytest.approx(two_stage_value(**BASE, timing="mid"), rel=1e-12)


def test_numbers_may_stand_beside_parameters() -> None:
    growth = alt.param("growth", value=0.11)
    expression = two_stage_value(**{**BASE, "growth": growth}).to_dict()["expr"]
    assert eval(expression, {"pow": math.pow, "growth": 0.11}) == pytest.approx(
        two_stage_value(**BASE), rel=1e-12
    )


def test_figures_go_through_and_are_remembered() -> None:
    sales = Figure(700.0, "usd_bn", "sales")
    traced = two_stage_value(**{**BASE, "sales": sales}, timing="mid")
    assert traced.number == pytest.approx(two_stage_value(**BASE, timing="mid"), rel=1e-14)
    assert sales in traced.inputs


def test_grids_broadcast() -> None:
    growth, margin = np.array([[0.05], [0.10], [0.15]]), np.array([0.10, 0.20])
    grid = two_stage_value(**{**BASE, "growth": growth, "margin": margin})
    assert grid.shape == (3, 2)
    assert grid[2, 1] == pytest.approx(two_stage_value(**{**BASE, "growth": 0.15, "margin": 0.20}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stable_growth": 0.09}, r"stable_growth \(0.09\) must be below wacc \(0.09\)"),
        ({"stable_growth": np.array([0.02, 0.1])}, r"stable_growth \(0.1\) must be below wacc"),
        ({"stable_roic": 0.03}, r"growth \(0.03\) must be below roic \(0.03\)"),
        ({"sales": 0.0}, "sales must be above zero"),
        ({"tax": 1.5}, "tax must be a fraction"),
        ({"margin": np.nan}, "margin must be finite"),
        ({"sales_to_capital": 0.0}, "sales_to_capital must be above zero"),
        ({"growth": -1.0}, "growth must be above -1"),
        ({"timing": "late"}, "timing must be one of"),
        ({"years": 0}, "years must be a whole number"),
        ({"convergence_year": 5}, "start_margin must be given"),
        ({"start_margin": 0.1, "convergence_year": 0}, "convergence_year must be a whole number"),
    ],
)
def test_impossible_inputs_are_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        two_stage_value(**{**BASE, **change})
