"""The discounted cash flow of the analysis of April 2025: what it states, what it leaves out, what would fit.

It gives growth by part, a free cash flow margin in the long run and a discount rate. Horizon, fade, terminal
growth, share count and the sales that the margin is of are missing, so no value follows. Here the
missing ones are filled in by named assumptions, and each is then solved for alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from analysis.data import Edition
from analysis.figures import Figure
from analysis.model.dcf.discounting import Timing
from analysis.model.dcf.free_cash_flow import OperatingLines, value_lines
from analysis.model.dcf.implied import Solution, solve, solve_period
from analysis.model.dcf.paths import growth_path, linear_to_target, sales_path
from analysis.model.dcf.terminal_value import ExitMultiple
from analysis.model.parts.equity_bridge import Balance, net_assets
from analysis.model.projection.segments import Path
from analysis.valuation.inputs import retail, ttm


@dataclass(frozen=True)
class FlowValue:
    """A value a share from yearly flows: sales × free cash flow margin, and a multiple of the last one.

    ``terminal_multiple`` is of the last year's free cash flow. Money in USD billions, ``shares`` in millions.
    """

    sales: Path
    margins: Path
    rates: Path
    terminal_multiple: float
    net_assets: float
    shares: float
    timing: Timing = "end"
    first_period: float = 1.0

    @property
    def per_share(self) -> float:
        """US dollars a share."""
        flows = tuple(amount * share for amount, share in zip(self.sales, self.margins, strict=True))
        lines = OperatingLines(self.sales, flows, flows, (0.0,) * len(flows))
        terminal = ExitMultiple(self.terminal_multiple, "nopat", dating="flows")
        value = value_lines(
            lines, self.rates, terminal, timing=self.timing, first_period=self.first_period
        ).value
        return float(value + self.net_assets) * 1000 / self.shares


@dataclass(frozen=True)
class Stated:
    """The article's numbers with the assumptions put in for what it leaves out, as plain numbers.

    ``margin_share`` is the part of sales that the margin is of in the end, ``margin_now`` the free cash
    flow margin of the year before, from which the margin rises in equal steps.
    """

    aws_sales: float
    retail_sales: float
    margin_now: float
    net_assets: float
    aws_growth: float
    retail_growth: float
    margin: float
    discount_rate: float
    years: int
    constant_years: int
    terminal_growth: float
    margin_share: float
    shares: float

    @property
    def flows(self) -> FlowValue:
        """The year-by-year paths that follow."""
        aws, stores = (
            sales_path(sales, growth_path(rate, self.terminal_growth, years=self.years,
                                          constant_years=min(self.constant_years, self.years)))
            for sales, rate in ((self.aws_sales, self.aws_growth), (self.retail_sales, self.retail_growth))
        )  # fmt: skip
        margins = linear_to_target(
            self.margin_now, self.margin * self.margin_share, years=self.years, convergence_year=self.years
        )
        multiple = (1 + self.terminal_growth) / (self.discount_rate - self.terminal_growth)
        return FlowValue(
            sales=tuple(a + b for a, b in zip(aws, stores, strict=True)),
            margins=margins,
            rates=(self.discount_rate,) * self.years,
            terminal_multiple=multiple,
            net_assets=self.net_assets,
            shares=self.shares,
        )

    @property
    def per_share(self) -> float:
        """US dollars a share."""
        return self.flows.per_share


def stated(given: Mapping[str, Figure], then: Edition) -> Stated:
    """The article's numbers on the figures of its day, with the assumptions of its file."""
    balance = Balance(
        cash=then.figure("balance.cash_and_equivalents").to("usd_bn").number,
        securities=then.figure("balance.marketable_securities").to("usd_bn").number,
        debt=then.figure("balance.long_term_debt").to("usd_bn").number,
    )
    sales = ttm(then, "income.net_sales").number
    middle = (given["dcf_retail_growth_low"].number + given["dcf_retail_growth_high"].number) / 2
    return Stated(
        aws_sales=ttm(then, "segments.aws.net_sales").number,
        retail_sales=retail(then, "net_sales").number,
        margin_now=ttm(then, "cash_flow.free_cash_flow").number / sales,
        net_assets=float(net_assets(balance)),
        aws_growth=given["dcf_aws_growth"].number,
        retail_growth=middle,
        margin=given["dcf_margin"].number,
        discount_rate=given["dcf_discount_rate"].number,
        years=int(given["dcf_years"].number),
        constant_years=int(given["dcf_constant_years"].number),
        terminal_growth=given["dcf_terminal_growth"].number,
        margin_share=given["dcf_margin_share"].number,
        shares=then.shares.number,
    )


@dataclass(frozen=True)
class Alone:
    """One missing assumption varied alone: its default, the range searched, the values reached, what fits.

    ``fits`` are the values that give the lower and the upper end of the article's range; ``None`` where
    no value in the range searched does. ``reach`` is in dollars a share.
    """

    name: str
    label: str
    unit: str
    default: float
    searched: tuple[float, float]
    reach: tuple[float, float]
    fits: tuple[float | None, float | None]

    @property
    def possible(self) -> bool:
        """Whether some value of this assumption alone makes the article's range true."""
        return None not in self.fits


def alone(dcf: Stated, low: float, high: float) -> tuple[Alone, ...]:
    """Each assumption that the article leaves out, solved for alone at both ends of its range."""
    return (
        _whole(dcf, "years", "Horizon of the forecast", (1, 2 * dcf.years), (low, high)),
        _whole(dcf, "constant_years", "Years before growth fades", (0, dcf.years), (low, high)),
        _real(dcf, "terminal_growth", "Growth after the forecast", "fraction",
              (-_FALL, (dcf.terminal_growth + dcf.discount_rate) / 2), (low, high)),
        _real(dcf, "margin_share", "Part of sales with that margin", "fraction", (0.0, 1.0), (low, high)),
        _real(dcf, "shares", "Shares", "million", (dcf.shares, 2 * dcf.shares), (low, high)),
    )  # fmt: skip


_FALL = 0.1  # fastest decline a year after the forecast that is still searched
_POINTS = 33


def _whole(dcf: Stated, name: str, label: str, searched: tuple[int, int], ends: tuple[float, float]) -> Alone:
    """An assumption in whole years; between them values are taken on a straight line."""

    def value(n: int) -> float:
        return (
            replace(dcf, years=n).per_share if name == "years" else replace(dcf, constant_years=n).per_share
        )

    first, last = searched
    found = [solve_period(name, value, end, shortest=first, longest=last) for end in ends]
    reach = [value(n) for n in range(first, last + 1)]
    default = float(getattr(dcf, name))
    return _alone(name, label, "years", default, (float(first), float(last)), reach, found)


def _real(
    dcf: Stated, name: str, label: str, unit: str, searched: tuple[float, float], ends: tuple[float, float]
) -> Alone:
    def value(x: float) -> float:
        changes: Any = {name: x}
        return replace(dcf, **changes).per_share

    first, last = searched
    found = [solve(name, value, end, low=first, high=last) for end in ends]
    reach = [value(first + (last - first) * n / (_POINTS - 1)) for n in range(_POINTS)]
    return _alone(name, label, unit, float(getattr(dcf, name)), searched, reach, found)


def _alone(
    name: str,
    label: str,
    unit: str,
    default: float,
    searched: tuple[float, float],
    reach: list[float],
    found: list[Solution],
) -> Alone:
    low, high = (solution.roots[0] if solution.roots else None for solution in found)
    return Alone(name, label, unit, default, searched, (min(reach), max(reach)), (low, high))
