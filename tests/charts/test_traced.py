"""Kernels written out as lines: the same numbers as the kernels give, each operation once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.charts.traced import Program, Trace
from analysis.model.odds.first_passage import touched_by
from analysis.model.projection.growth import fade_rates

RATES = st.floats(-0.5, 1.5)


@given(RATES, RATES, st.floats(0.1, 5.0))
def test_lines_give_what_the_kernel_gives(start: float, stable: float, power: float) -> None:
    trace = Trace()
    one, two = trace.input("start"), trace.input("stable")
    found = {f"year {at}": rate**power for at, rate in enumerate(fade_rates(2 + one, 2 + two, 4, range(6)))}
    given_rates = {"start": np.array([start]), "stable": np.array([stable])}
    expected = [rate**power for rate in fade_rates(2 + start, 2 + stable, 4, range(6))]
    lines = Program(trace.inputs, found).run(given_rates)
    assert [each[0] for each in lines.values()] == pytest.approx(expected, rel=1e-14)


def test_paths_run_on_symbols_as_on_draws() -> None:
    trace = Trace()
    symbols = [trace.input(f"year {at}") for at in range(3)]
    values = np.random.default_rng(5).lognormal(8.0, 0.4, (3, 500))
    options = {"volatility": 0.3, "steps": (0.75, 1.0, 1.0)}
    written = Program(trace.inputs, {"touched": touched_by(symbols, 2500.0, 4000.0, **options)[-1]})
    found = written.run({f"year {at}": row for at, row in enumerate(values)})["touched"]
    np.testing.assert_array_equal(found, touched_by(values, 2500.0, 4000.0, **options)[-1])


def test_an_operation_stands_once_and_what_nobody_needs_not_at_all() -> None:
    trace = Trace()
    x = trace.input("x")
    unused = np.exp(x)
    lines, outputs = Program(trace.inputs, {"y": (x + 1) ** 3 - (x + 1), "z": x + 1}).lines(
        lambda name: f"d.{name}"
    )
    assert unused.what == ("exp", x)
    assert lines == [
        "const v0=d.x;",
        "const v1=v0+1.0;",
        "const v2=v1*v1;",
        "const v3=v2*v1;",
        "const v4=v3-v1;",
    ]
    assert outputs == {"y": "v4", "z": "v1"}


def test_every_operation_of_the_kernels_has_its_line() -> None:
    trace = Trace()
    x = trace.input("x")
    found = np.maximum(np.sqrt(-x), 2 / x) + np.minimum(np.log(x), 3 - x) * 2**x - np.float64(1.5) * x / 4
    lines, outputs = Program(trace.inputs, {"y": found, "n": -3.0}).lines(lambda name: name)
    text = "".join(lines)
    assert all(
        part in text for part in ("Math.max(", "Math.sqrt(", "Math.min(", "Math.log(", "2.0**v0", "-v0")
    )
    assert outputs["n"] == "(-3.0)"


def test_what_cannot_be_written_out_is_refused() -> None:
    x = Trace().input("x")
    with pytest.raises(TypeError, match="sin cannot be written out"):
        np.sin(x)
