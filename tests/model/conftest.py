"""What tests of kernels share: one call that runs a kernel in all four evaluators."""

from __future__ import annotations

import inspect
import itertools
import math
import re
from collections.abc import Callable

import altair as alt
import numpy as np
import pytest
import vl_convert

from analysis.figures import Figure


def evaluate_in_vega(expression: str, signals: dict[str, float]) -> float:
    """What Vega itself makes of ``expression``: the number it draws as the text of a mark."""
    specification = {
        "signals": [{"name": name, "value": value} for name, value in signals.items()]
        + [{"name": "result", "update": expression}],
        "marks": [{"type": "text", "encode": {"enter": {"text": {"signal": "'=' + result"}}}}],
    }
    drawn = re.search(r">=([^<]+)<", vl_convert.vega_to_svg(specification))
    assert drawn, f"Vega drew no text for {expression}"
    return float(drawn.group(1))


def _on_arrays(kernel: Callable, arguments: dict[str, float]) -> None:
    """Each argument on an axis of its own; every cell must be what floats give."""
    choices = [(value, value * 0.97) for value in arguments.values()]
    axes = np.ix_(*[np.array(pair) for pair in choices])
    grid = kernel(**dict(zip(arguments, axes, strict=True)))
    assert grid.shape == (2,) * len(arguments)
    for index, point in zip(np.ndindex(grid.shape), itertools.product(*choices), strict=True):
        assert grid[index] == pytest.approx(kernel(**dict(zip(arguments, point, strict=True))), rel=1e-12)


def _on_figures(kernel: Callable, arguments: dict[str, float], value: float) -> None:
    result = kernel(**{name: Figure(number, "", name) for name, number in arguments.items()})
    assert result.number == value
    listed = {figure.label for figure in result.inputs}
    assert listed <= set(arguments)
    for name in arguments.keys() - listed:  # such as a rate whose weight is nothing yet
        assert kernel(**arguments | {name: arguments[name] * 0.999 or 0.001}) == value


def _on_parameters(kernel: Callable, arguments: dict[str, float], value: float) -> None:
    parameters = {name: alt.param(name=f"p_{name}", value=number) for name, number in arguments.items()}
    expression = kernel(**parameters).to_dict()["expr"]
    drawn = evaluate_in_vega(expression, {f"p_{name}": number for name, number in arguments.items()})
    assert drawn == pytest.approx(value, rel=1e-12)


@pytest.fixture(scope="session")
def four_ways() -> Callable[..., float]:
    """Run ``kernel`` on floats, arrays that broadcast, figures and, in Vega, Altair parameters.

    All must agree, and with ``expected``; returns the float.
    """

    def run(kernel: Callable, expected: float, **arguments: float) -> float:
        inspect.signature(kernel).bind(**arguments)
        value = kernel(**arguments)
        assert type(value) is float
        assert math.isfinite(value)
        assert value == pytest.approx(expected, rel=1e-9, abs=1e-12)
        _on_arrays(kernel, arguments)
        _on_figures(kernel, arguments, value)
        _on_parameters(kernel, arguments, value)
        return value

    return run
