"""Free cash flow to the firm, discounted: for one part of the company, and for all of them together.

Two steps, so that parts can be added between them. What each part sells, earns and puts back by year are its
:class:`OperatingLines`; :func:`value_lines` discounts them and adds the terminal value.

Money in one unit throughout, rates as fractions, one entry per forecast year, the first of them
year 1. Numbers may be arrays over scenarios or draws.

Source: Koller et al. 2020, ch. 10 and 14; Damodaran 2012, ch. 12 (terminal value) and 15 (FCFF models).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import add

from analysis.model._conventions import Path, as_path, require_same_length, total
from analysis.model._inputs import InputError, Number, checked
from analysis.model.dcf.discounting import Timing, discount
from analysis.model.dcf.terminal_value import (
    ExitMultiple,
    Terminal,
    TerminalYear,
    ValueDriver,
    exit_multiple,
    fading_value,
    terminal_base,
    value_driver,
)


@dataclass(frozen=True)
class OperatingLines:
    """What a part of the company sells, earns after tax and puts back, year by year."""

    sales: Path
    operating_income: Path
    nopat: Path
    reinvestment: Path

    def __post_init__(self) -> None:
        for line in fields(self):
            object.__setattr__(self, line.name, as_path(line.name, getattr(self, line.name)))
        require_same_length(**{line.name: getattr(self, line.name) for line in fields(self)})

    @property
    def years(self) -> int:
        """How many years are forecast."""
        return len(self.sales)

    @property
    def free_cash_flow(self) -> Path:
        """Free cash flow to the firm: NOPAT less net reinvestment."""
        return tuple(profit - spent for profit, spent in zip(self.nopat, self.reinvestment, strict=True))

    def adjusted(self, *, operating_income: Path, nopat: Path, reinvestment: Path) -> OperatingLines:
        """These lines with an amount added to each of three of them in each year; sales stay.

        Raises ``ValueError`` naming the path that has not one entry per year.
        """
        named = {"operating_income": operating_income, "nopat": nopat, "reinvestment": reinvestment}
        changes = {name: as_path(name, added, self.years) for name, added in named.items()}
        return replace(
            self, **{name: tuple(map(add, getattr(self, name), added)) for name, added in changes.items()}
        )


@dataclass(frozen=True)
class Valuation:
    """A value with everything it is made of; paths have one entry per forecast year."""

    lines: OperatingLines
    cost_of_capital: Path
    discount_factors: Path
    present_values: Path
    terminal_value: Number  # money at the end of year n, before discounting
    terminal_factor: Number
    present_forecast: Number
    present_terminal: Number
    value: Number

    @property
    def terminal_share(self) -> Number:
        """The part of the value that lies after the forecast, a fraction."""
        return self.present_terminal / self.value


@dataclass(frozen=True)
class SegmentForecast:
    """One segment as it enters the group's value: its lines, its rates, its terminal value."""

    lines: OperatingLines
    cost_of_capital: Path
    terminal: Terminal


@dataclass(frozen=True)
class GroupValuation:
    """The parts of a company, each valued at its own rates, and their sums."""

    parts: Mapping[str, Valuation]
    free_cash_flow: Path
    present_forecast: Number
    present_terminal: Number
    value: Number

    @property
    def terminal_share(self) -> Number:
        """The part of the value that lies after the forecast, a fraction."""
        return self.present_terminal / self.value

    def share_of(self, name: str) -> Number:
        """The fraction of the group's value in one part; raises ``KeyError`` for an unknown one."""
        return self.parts[name].value / self.value


@checked
def add_lines(parts: Sequence[OperatingLines]) -> OperatingLines:
    """The lines of several parts added up year by year (``Σ parts``), for a value of the whole at one set of
    rates.

    Raises ``ValueError`` when there is no part, or parts differ in their years.
    """
    if not parts:
        raise InputError("parts must have at least one part")
    require_same_length(**{f"parts[{at}]": part.sales for at, part in enumerate(parts)})
    return OperatingLines(
        **{
            line.name: tuple(
                total(year) for year in zip(*(getattr(p, line.name) for p in parts), strict=True)
            )
            for line in fields(OperatingLines)
        }
    )


@checked
def value_lines(
    lines: OperatingLines,
    cost_of_capital: Iterable[Number],
    terminal: Terminal,
    *,
    timing: Timing = "end",
    first_period: float = 1.0,
) -> Valuation:
    """Value of the operations on the valuation date: ``Σ FCFF_t × D_t + terminal value × D_n``.

    ``terminal`` is a :class:`~analysis.model.dcf.terminal_value.ValueDriver`, a
    :class:`~analysis.model.dcf.terminal_value.TerminalYear` or an
    :class:`~analysis.model.dcf.terminal_value.ExitMultiple`, with its own conventions; it is discounted once,
    with the factor of the last year (its flow's or its end, by ``terminal.dating``). ``timing`` and
    ``first_period`` as in :func:`analysis.model.dcf.discounting.discount`.

    Raises ``ValueError`` naming the cost of capital when it has not one rate per year.
    """
    rates = as_path("cost_of_capital", cost_of_capital, lines.years)
    factors = discount(rates, timing=timing, first_period=first_period)
    present = tuple(flow * factor for flow, factor in zip(lines.free_cash_flow, factors.flows, strict=True))
    at_horizon = terminal_value(lines, terminal)
    terminal_factor = factors.flows[-1] if terminal.dating == "flows" else factors.horizon
    forecast, after = total(present), at_horizon * terminal_factor
    return Valuation(
        lines=lines,
        cost_of_capital=rates,
        discount_factors=factors.flows,
        present_values=present,
        terminal_value=at_horizon,
        terminal_factor=terminal_factor,
        present_forecast=forecast,
        present_terminal=after,
        value=forecast + after,
    )


@checked
def terminal_value(lines: OperatingLines, terminal: Terminal) -> Number:
    """Value at the end of the last forecast year of all that follows it, not yet discounted.

    ``nopat × (1 − growth / roic) / (cost_of_capital − growth)`` by value drivers, ``(nopat − reinvestment) /
    (cost_of_capital − growth)`` by a year of its own, ``metric × multiple`` by an exit multiple.
    """
    match terminal:
        case ValueDriver():
            nopat = terminal_base(lines.nopat[-1], terminal.growth, flow=terminal.flow)
            rates = (terminal.growth, terminal.roic, terminal.cost_of_capital)
            if terminal.sales_to_capital is None:
                return value_driver(nopat, *rates, loss=terminal.loss, decline=terminal.decline)
            own, years = own_reinvestment(lines, terminal), terminal.fade_years
            return fading_value(nopat, own, *rates, years, loss=terminal.loss, decline=terminal.decline)
        case TerminalYear():
            return terminal.value()
        case ExitMultiple():
            last = getattr(lines, terminal.metric)[-1]
            metric = terminal_base(last, terminal.growth, flow=terminal.flow)
            return exit_multiple(metric, terminal.multiple, loss=terminal.loss)


@checked
def own_reinvestment(lines: OperatingLines, terminal: ValueDriver) -> Number:
    """What growth costs in the first year after the forecast on the part's own terms.

    ``sales × growth / sales_to_capital``, the sales being those of year n, or one year's growth lower where
    the perpetuity starts from the profit of year n.
    """
    if terminal.sales_to_capital is None:
        raise InputError("terminal must have sales_to_capital")
    sales = lines.sales[-1] if terminal.flow == "n+1" else lines.sales[-1] / (1 + terminal.growth)
    return sales * terminal.growth / terminal.sales_to_capital


@checked
def value_group(
    parts: Mapping[str, SegmentForecast], *, timing: Timing = "end", first_period: float = 1.0
) -> GroupValuation:
    """Each part valued at its own rates, and the group as their sum: ``Σ value of the part``.

    With rates shared by all parts the sum equals the value of the added lines
    (:func:`add_lines`), because discounting is linear. Costs of the centre are a part with negative
    income. Raises ``ValueError`` when there is no part, or parts differ in their years.
    """
    together = add_lines([part.lines for part in parts.values()])
    values = {
        name: value_lines(
            part.lines, part.cost_of_capital, part.terminal, timing=timing, first_period=first_period
        )
        for name, part in parts.items()
    }
    forecast = total(tuple(value.present_forecast for value in values.values()))
    after = total(tuple(value.present_terminal for value in values.values()))
    return GroupValuation(values, together.free_cash_flow, forecast, after, forecast + after)
