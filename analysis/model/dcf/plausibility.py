"""Plausibility gates: what a valuation must pass before it is shown, or be waived in writing.

Each gate is a pure function that returns a :class:`GateResult`; limits are arguments, because what is
plausible is an assumption. :func:`enforce` stops a valuation that fails one without a written reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.model._conventions import require_order
from analysis.model._inputs import InputError, Number, checked, numeric, require_positive


@dataclass(frozen=True)
class GateResult:
    """One check: what was measured, what it was held against, and the reason it passes or fails."""

    name: str
    passed: bool
    value: Number
    limit: Number
    reason: str
    waived_by: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the valuation may be shown as far as this gate goes: passed, or waived in writing."""
        return self.passed or self.waived_by is not None


class ImplausibleValuation(ValueError):
    """A valuation failed gates that nobody waived; ``failures`` has all of them."""

    def __init__(self, failures: Sequence[GateResult]) -> None:
        self.failures = tuple(failures)
        super().__init__("; ".join(f"{gate.name}: {gate.reason}" for gate in self.failures))


@checked
def rate_over_growth(cost_of_capital: Number, growth: Number, *, minimum: Number = 0.01) -> GateResult:
    """The cost of capital is above stable growth by at least ``minimum``, one point by default.

    ``cost_of_capital − growth ≥ minimum``.

    Closer than that, a small error in either rate decides the value.
    """
    spread = cost_of_capital - growth
    return _at_least("rate_over_growth", spread, minimum, "cost of capital less stable growth")


@checked
def terminal_share(present_terminal: Number, value: Number, *, maximum: Number) -> GateResult:
    """At most ``maximum`` of the value lies after the forecast.

    ``present_terminal ÷ value ≤ maximum``.
    """
    require_positive(value=value)
    share = present_terminal / value
    return _at_most("terminal_share", share, maximum, "share of the value after the forecast")


@checked
def implied_roic(nopat: Number, invested_capital: Number, *, minimum: Number, maximum: Number) -> GateResult:
    """The return on capital that the forecast ends with lies between two limits.

    ``minimum ≤ nopat / invested_capital ≤ maximum``, the capital being that which the year opened with. Above
    the maximum the forecast grows on too little capital; below the minimum it wastes it. Raises
    ``ValueError`` naming capital that is not positive, and limits in the wrong order.
    """
    require_positive(invested_capital=invested_capital)
    require_order("there is no range between them", minimum=minimum, maximum=maximum)
    name, what = "implied_roic", "return on capital at the end of the forecast"
    value = nopat / invested_capital
    is_low = float(value) < float(minimum)
    return _at_least(name, value, minimum, what) if is_low else _at_most(name, value, maximum, what)


@checked
def share_of_market(sales: Number, market: Number, *, maximum: Number, name: str = "market") -> GateResult:
    """Sales are at most ``maximum`` of the market they are made in, in the same year and unit.

    ``sales ÷ market ≤ maximum``.

    The gate is called ``share_of_<name>``, so that several markets can be checked.
    """
    require_positive(market=market)
    return _at_most(f"share_of_{name}", sales / market, maximum, f"sales as a share of the {name}")


@checked
def share_of_gdp(amount: Number, gdp: Number, *, maximum: Number) -> GateResult:
    """An amount (sales, or market value) is at most ``maximum`` of gross domestic product that year.

    ``amount ÷ gdp ≤ maximum``.
    """
    require_positive(gdp=gdp)
    return _at_most("share_of_gdp", amount / gdp, maximum, "share of gross domestic product")


@checked
def growth_below_economy(growth: Number, economy: Number) -> GateResult:
    """Stable growth is at most the economy's: ``growth ≤ economy`` (nominal growth, or the risk-free rate
    instead).

    Source: Damodaran 2012, ch. 12: no company outgrows its economy for ever.
    """
    return _at_most("growth_below_economy", growth, economy, "stable growth")


@checked
def steady_growth(last: Number, stable: Number, *, maximum: Number, name: str) -> GateResult:
    """A part grows in the last year of the forecast about as it is valued to grow afterwards.

    ``|last − stable| ≤ maximum``. The gate is called ``steady_growth_<name>``. Source: Koller et al. 2020,
    ch. 14 (a continuing value starts in a steady state).
    """
    step = abs(last - stable)
    return _at_most(f"steady_growth_{name}", step, maximum, "step in growth after the forecast")


@checked
def steady_reinvestment(last: Number, after: Number, *, maximum: Number, name: str) -> GateResult:
    """A part puts back about the same share of its profit in the last year and in the first one after it.

    ``|reinvestment ÷ NOPAT of the last year − growth ÷ return on new capital of the first after it| ≤
    maximum``. The gate is called ``steady_reinvestment_<name>``. Source: Koller et al. 2020, ch. 14.
    """
    step = abs(last - after)
    what = "step in the share of profit put back after the forecast"
    return _at_most(f"steady_reinvestment_{name}", step, maximum, what)


@checked
def grid_varies(name: str, grid: Sequence[Sequence[float]] | NDArray[np.float64]) -> GateResult:
    """Each axis of a sensitivity grid changes the value: no grid with one number in all its cells.

    Measures the least change along an axis (the largest difference between neighbours on it), relative
    to the grid's largest value; an axis along which nothing moves fails. The gate is called
    ``grid_<name>``. Raises ``ValueError`` for a grid that is not two-way or not finite.
    """
    (cells,) = numeric(grid=np.asarray(grid, dtype=np.float64))
    cells = np.asarray(cells)
    if cells.ndim != 2 or min(cells.shape) < 2:
        raise InputError(f"grid must have at least two rows and two columns, got shape {cells.shape}")
    size = float(np.abs(cells).max()) or 1.0
    least = min(float(np.abs(np.diff(cells, axis=axis)).max()) / size for axis in (0, 1))
    limit = 1e-9
    verdict = "both axes change the value" if least > limit else "an axis does not change the value"
    return GateResult(f"grid_{name}", least > limit, least, limit, verdict)


@checked
def enforce(gates: Sequence[GateResult], waivers: Mapping[str, str]) -> tuple[GateResult, ...]:
    """The gates with their waivers noted; raises if one failed and was not waived.

    ``waivers`` maps a gate's name to the written reason to accept its failure. A reason that is empty, or
    for a gate that is not there, raises ``ValueError``; so do two gates of one name. A waiver of a gate
    that passes is not used. Raises :class:`ImplausibleValuation` with *all* failures not waived.
    """
    names = [gate.name for gate in gates]
    if len(set(names)) < len(names):
        raise InputError(f"gates must have different names, got {', '.join(sorted(names))}")
    if unknown := sorted(set(waivers) - set(names)):
        raise InputError(f"waivers has {', '.join(unknown)}, and the gates are {', '.join(names)}")
    if empty := sorted(name for name, reason in waivers.items() if not reason.strip()):
        raise InputError(f"waivers must have a written reason for {', '.join(empty)}")
    noted = tuple(
        gate if gate.passed or gate.name not in waivers else replace(gate, waived_by=waivers[gate.name])
        for gate in gates
    )
    if failures := [gate for gate in noted if not gate.accepted]:
        raise ImplausibleValuation(failures)
    return noted


def _at_least(name: str, value: Number, limit: Number, what: str) -> GateResult:
    measured, least = float(value), float(limit)
    passed = measured >= least or _equal(measured, least)
    sign = "at least" if passed else "below"
    return GateResult(name, passed, value, limit, f"{what} is {measured:.4g}, {sign} {least:.4g}")


def _at_most(name: str, value: Number, limit: Number, what: str) -> GateResult:
    measured, most = float(value), float(limit)
    passed = measured <= most or _equal(measured, most)
    sign = "at most" if passed else "above"
    return GateResult(name, passed, value, limit, f"{what} is {measured:.4g}, {sign} {most:.4g}")


def _equal(value: float, limit: float) -> bool:
    """On the limit but for rounding: 0.08 − 0.07 is below 0.01 as floats go."""
    return abs(value - limit) <= 1e-12 * max(1.0, abs(limit))
