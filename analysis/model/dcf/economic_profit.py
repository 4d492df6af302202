"""Value as the capital put in plus the profit above its cost: the second way to the same number.

Capital is charged from each flow to the next, so the method agrees with
:func:`analysis.model.dcf.free_cash_flow.value_lines` under every convention of timing, not only at year end.

Source: Koller et al. 2020, ch. 10 and 14 (economic profit, and its continuing value formula).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from analysis.model._conventions import Path, as_path, total
from analysis.model._inputs import Number, checked
from analysis.model.dcf.discounting import Discounting, Timing, discount
from analysis.model.dcf.free_cash_flow import OperatingLines, own_reinvestment, terminal_value
from analysis.model.dcf.reinvestment import capital_path
from analysis.model.dcf.terminal_value import Terminal, ValueDriver, terminal_base


@dataclass(frozen=True)
class EconomicProfitValuation:
    """A value with everything it is made of; paths have one entry per forecast year."""

    opening_capital: Number
    invested_capital: Path  # at the end of each year
    capital_charge: Path
    economic_profit: Path
    present_values: Path
    present_forecast: Number
    continuing_value: Number  # of economic profit after year n, before discounting
    present_continuing: Number
    value: Number


@checked
def economic_profit(nopat: Number, capital: Number, cost_of_capital: Number) -> Number:
    """Profit above what the capital costs: ``nopat − cost_of_capital × capital``, capital at the start.

    >>> round(economic_profit(100.0, 800.0, 0.08), 6)
    36.0
    """
    return nopat - cost_of_capital * capital


@checked
def value_economic_profit(
    lines: OperatingLines,
    opening_capital: Number,
    cost_of_capital: Iterable[Number],
    terminal: Terminal,
    *,
    timing: Timing = "end",
    first_period: float = 1.0,
) -> EconomicProfitValuation:
    """``opening_capital + Σ economic profit_t × D_t + continuing value × D_n``.

    Invested capital is ``opening_capital`` (of the base year's end) plus all reinvestment since, so that
    the value equals that of the free cash flows whatever the opening capital is. The charge of year t is
    its opening capital times ``D_{t−1} / D_t − 1``, D being the factors of the flows: the cost of capital
    of the year where flows come at year end, and that of the time between two flows in general.

    Arguments and errors as in :func:`analysis.model.dcf.free_cash_flow.value_lines`.
    """
    rates = as_path("cost_of_capital", cost_of_capital, lines.years)
    factors = discount(rates, timing=timing, first_period=first_period)
    capital = capital_path(opening_capital, lines.reinvestment)
    steps = zip(pairwise((1.0, *factors.flows)), (opening_capital, *capital[:-1]), strict=True)
    charge = tuple((before / after - 1) * amount for (before, after), amount in steps)
    profit = tuple(earned - cost for earned, cost in zip(lines.nopat, charge, strict=True))
    present = tuple(amount * factor for amount, factor in zip(profit, factors.flows, strict=True))
    forecast = total(present)
    continuing = continuing_economic_profit(lines, capital[-1], terminal)
    following = _present_continuing(continuing, capital[-1], factors, terminal)
    return EconomicProfitValuation(
        opening_capital=opening_capital,
        invested_capital=capital,
        capital_charge=charge,
        economic_profit=profit,
        present_values=present,
        present_forecast=forecast,
        continuing_value=continuing,
        present_continuing=following,
        value=opening_capital + forecast + following,
    )


def _present_continuing(
    continuing: Number, capital: Number, factors: Discounting, terminal: Terminal
) -> Number:
    """Present value of what follows the last flow; dated at its year's end, capital is charged until then."""
    if terminal.dating == "flows":
        return continuing * factors.flows[-1]
    return continuing * factors.horizon - capital * (factors.flows[-1] - factors.horizon)


@checked
def continuing_economic_profit(lines: OperatingLines, capital: Number, terminal: Terminal) -> Number:
    """Value at the end of year n of the economic profit after it, ``capital`` being that of year n.

    For value drivers, with N the profit the perpetuity starts from, W the cost of capital, R the return on
    new capital and g its growth: ``(N − W × capital) / W + N × (g / R) × (R − W) / (W × (W − g))``, the
    profit above the cost of old capital and of new. Where the return fades, what new capital adds is summed
    year by year, ``(N_k × g / W − reinvestment_k) / (1 + W)^k``, until it has. For a multiple or a year of
    its own: its value less the capital.
    """
    if not isinstance(terminal, ValueDriver):
        return terminal_value(lines, terminal) - capital
    W, R, g = terminal.cost_of_capital, terminal.roic, terminal.growth
    N = terminal_base(lines.nopat[-1], g, flow=terminal.flow)
    from_old = economic_profit(N, capital, W) / W
    years = int(float(terminal.fade_years)) if terminal.sales_to_capital is not None else 0
    profit, added = N, []
    own = own_reinvestment(lines, terminal) if years else N * g / R
    for k in range(1, years + 1):
        spent = (own * (1 - k / years) + N * (g / R) * (k / years)) * (1 + g) ** (k - 1)
        added.append((profit * g / W - spent) / (1 + W) ** k)
        profit = profit * (1 + g)
    after = profit * (g / R) * (R - W) / (W * (W - g)) / (1 + W) ** years
    return from_old + total((*added, after))
