"""What the company is worth at the end of the forecast: by value drivers, a year of its own, or a multiple.

All say with named arguments on which year's flow they stand and how they are dated. None
stands in for another: a multiple is used only where a multiple was asked for. A year of its own
(:class:`TerminalYear`, valued by :func:`growing_perpetuity`) is not used for Amazon; it is kept for the
published worked examples that the tests repeat.

What has no value by these formulas is refused by name, unless an argument says how it is meant: a loss in
the last year (``loss="charged"`` takes it as a loss for ever, or at the multiple: a part of a company that
goes on paying for it) and sales that shrink for ever (``decline="allowed"``: capital is released at
``roic``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.model._conventions import require_choice, require_order, require_whole, total
from analysis.model._inputs import (
    InputError,
    Number,
    also,
    checked,
    require_above,
    require_non_negative,
    require_positive,
)

Flow = Literal["n", "n+1"]
FLOWS: tuple[Flow, ...] = ("n", "n+1")

Metric = Literal["sales", "operating_income", "nopat"]
METRICS: tuple[Metric, ...] = ("sales", "operating_income", "nopat")

Dating = Literal["flows", "end"]
DATINGS: tuple[Dating, ...] = ("flows", "end")

Loss = Literal["refused", "charged"]
LOSSES: tuple[Loss, ...] = ("refused", "charged")

Decline = Literal["refused", "allowed"]
DECLINES: tuple[Decline, ...] = ("refused", "allowed")

_PERPETUITY = "a perpetuity that grows as fast as it is discounted has no value"
_RETURN = "at such a return growth would take all of the profit, or more"


@dataclass(frozen=True)
class ValueDriver:
    """Terminal value from stable growth and the return on new capital.

    ``growth``, ``roic`` and ``cost_of_capital`` are those of all years after the forecast, fractions.
    ``flow``: the perpetuity starts from the profit of year n+1 (default) or, one year's growth lower,
    from that of year n. ``dating``: its flows fall in their years as the forecast's do (``"flows"``,
    default), or the value is taken as money at the end of year n (``"end"``). They differ only in
    mid-year discounting. ``loss`` and ``decline`` as in :func:`value_driver`. With ``fade_years`` above 0
    growth costs at first what it costs at ``sales_to_capital``, and ``roic`` holds after the fade
    (:func:`fading_value`).

    Raises ``ValueError`` when growth is not below both the cost of capital and the return, or negative
    without being allowed.
    """

    growth: Number
    roic: Number
    cost_of_capital: Number
    flow: Flow = "n+1"
    dating: Dating = "flows"
    loss: Loss = "refused"
    decline: Decline = "refused"
    fade_years: Number = 0
    sales_to_capital: Number | None = None

    def __post_init__(self) -> None:
        require_choice(FLOWS, flow=self.flow)
        require_whole(0, fade_years=self.fade_years)
        if float(self.fade_years) and self.sales_to_capital is None:
            raise InputError("sales_to_capital must be given for a return that fades")
        if self.sales_to_capital is not None:
            require_positive(sales_to_capital=self.sales_to_capital)
        require_choice(DATINGS, dating=self.dating)
        require_choice(LOSSES, loss=self.loss)
        _require_stable(self.growth, self.roic, self.cost_of_capital, self.decline)


@dataclass(frozen=True)
class ExitMultiple:
    """Terminal value as a multiple of one of the last year's figures.

    ``metric`` names the figure. ``flow``: a trailing multiple of year n (default) or a forward
    multiple of year n+1, which needs ``growth``. A sale is paid when it happens, so ``dating`` is
    ``"end"`` by default in mid-year discounting too. ``loss`` as in :func:`exit_multiple`.

    Raises ``ValueError`` naming a multiple that is not positive, or a missing growth rate.
    """

    multiple: Number
    metric: Metric
    flow: Flow = "n"
    growth: Number | None = None
    dating: Dating = "end"
    loss: Loss = "refused"

    def __post_init__(self) -> None:
        require_choice(LOSSES, loss=self.loss)
        require_choice(METRICS, metric=self.metric)
        require_choice(FLOWS, flow=self.flow)
        require_choice(DATINGS, dating=self.dating)
        require_positive(multiple=self.multiple)
        if self.flow == "n+1":
            if self.growth is None:
                raise InputError("growth must be given for a multiple of the flow of year n+1")
            require_above(-1, growth=self.growth)


@dataclass(frozen=True)
class TerminalYear:
    """Terminal value from a first year after the forecast that is given outright.

    Its margin, tax and reinvestment may differ from those of the last forecast year, and its flow, ``nopat −
    reinvestment``, grows by ``growth`` for ever. ``dating``, ``loss`` and ``decline`` as in
    :class:`ValueDriver`; here a loss is a flow below zero.

    Raises ``ValueError`` as :func:`growing_perpetuity` does.
    """

    nopat: Number
    reinvestment: Number
    growth: Number
    cost_of_capital: Number
    dating: Dating = "flows"
    loss: Loss = "refused"
    decline: Decline = "refused"

    def __post_init__(self) -> None:
        require_choice(DATINGS, dating=self.dating)
        self.value()

    def value(self) -> Number:
        """Value at the end of the last forecast year."""
        flow, rates = self.nopat - self.reinvestment, (self.growth, self.cost_of_capital)
        return growing_perpetuity(flow, *rates, loss=self.loss, decline=self.decline)


Terminal = ValueDriver | TerminalYear | ExitMultiple


@checked
def growing_perpetuity(
    flow: Number,
    growth: Number,
    cost_of_capital: Number,
    *,
    loss: Loss = "refused",
    decline: Decline = "refused",
) -> Number:
    """Value, one year before ``flow`` comes, of a flow that grows for ever.

    ``flow / (cost_of_capital − growth)``; with dividends and the cost of equity it is the value of a share.
    ``loss`` and ``decline`` as in :func:`value_driver`. Raises ``ValueError`` naming growth that is not below
    the cost of capital.

    Source: Gordon 1962.

    >>> round(growing_perpetuity(5.0, 0.10, 0.15), 2)
    100.0
    """
    _require_growth(growth, cost_of_capital, decline)
    _require_profit(loss, flow=flow)
    return flow / (cost_of_capital - growth)


@checked
def value_driver(
    nopat: Number,
    growth: Number,
    roic: Number,
    cost_of_capital: Number,
    *,
    loss: Loss = "refused",
    decline: Decline = "refused",
) -> Number:
    """Value, one year before ``nopat`` is earned, of profits that grow for ever and reinvest for it.

    ``nopat × (1 − growth / roic) / (cost_of_capital − growth)``. ``nopat`` in any unit of money, rates as
    fractions; ``roic`` is the return on *new* capital. Where it equals the cost of capital growth adds
    nothing and the value is ``nopat / cost_of_capital``.

    Raises ``ValueError`` naming growth that is not below the cost of capital or not below the return, a
    ``nopat`` below zero unless ``loss="charged"``, and growth below zero unless ``decline="allowed"``.

    Source: Koller et al. 2020, ch. 14 (value driver formula).

    >>> round(value_driver(100.0, 0.03, 0.12, 0.08), 1)
    1500.0
    """
    _require_stable(growth, roic, cost_of_capital, decline)
    _require_profit(loss, nopat=nopat)
    return nopat * (1 - growth / roic) / (cost_of_capital - growth)


@checked
def fading_value(
    nopat: Number,
    reinvestment: Number,
    growth: Number,
    roic: Number,
    cost_of_capital: Number,
    fade_years: Number,
    *,
    loss: Loss = "refused",
    decline: Decline = "refused",
) -> Number:
    """:func:`value_driver` where what growth costs moves from a business's own terms to ``roic``.

    ``value driver − Σ (1 − k / fade_years) × (reinvestment − nopat × growth / roic) × (1 + growth)^(k − 1) /
    (1 + cost_of_capital)^k`` over k = 1…``fade_years``. ``reinvestment`` is what growth in the year of
    ``nopat`` costs on the business's own terms, sales added over sales-to-capital; the share of profit that
    is put back moves from there in equal steps, and so does the return on new capital, ``growth / share``. It
    may start below ``growth`` (a shop that needs more than it earns) or with a loss, where a return itself
    could not fade. Money in one unit; errors as in :func:`value_driver`.

    Source: Koller et al. 2020, ch. 14 (return on new capital in the continuing value); Mauboussin and Johnson
    1997 (returns that fade).

    >>> round(fading_value(100.0, 50.0, 0.03, 0.12, 0.08, 2), 2)  # a year of half the way: 1500 − 12.5 / 1.08
    1488.43
    """
    require_whole(0, fade_years=fade_years)
    stable = value_driver(nopat, growth, roic, cost_of_capital, loss=loss, decline=decline)
    years = int(float(fade_years))
    if years < 2:
        return stable
    paid_more = reinvestment - nopat * growth / roic
    ratio = (1 + growth) / (1 + cost_of_capital)
    weights = tuple((1 - k / years) * ratio ** (k - 1) for k in range(1, years))
    return also(stable - paid_more * total(weights) / (1 + cost_of_capital), fade_years)


@checked
def exit_multiple(metric: Number, multiple: Number, *, loss: Loss = "refused") -> Number:
    """Value at the end of the forecast as a multiple of ``metric``: ``metric × multiple``.

    Raises ``ValueError`` naming a multiple that is not positive, or a ``metric`` below zero unless
    ``loss="charged"``.
    """
    require_positive(multiple=multiple)
    _require_profit(loss, metric=metric)
    return metric * multiple


@checked
def terminal_base(last: Number, growth: Number | None, *, flow: Flow = "n+1") -> Number:
    """The figure a terminal value stands on: year n's (``"n"``), or one year's growth on (``"n+1"``).

    ``last × (1 + growth)``. Raises ``ValueError`` if that growth is not given.
    """
    require_choice(FLOWS, flow=flow)
    if flow == "n":
        return last
    if growth is None:
        raise InputError("growth must be given for the flow of year n+1")
    return last * (1 + growth)


def _require_profit(loss: Loss, **named: Number) -> None:
    require_choice(LOSSES, loss=loss)
    if loss == "refused":
        require_non_negative(**named)


def _require_stable(growth: Number, roic: Number, cost_of_capital: Number, decline: Decline) -> None:
    _require_growth(growth, cost_of_capital, decline)
    require_positive(roic=roic)
    require_order(_RETURN, growth=growth, roic=roic)


def _require_growth(growth: Number, cost_of_capital: Number, decline: Decline) -> None:
    require_choice(DECLINES, decline=decline)
    if decline == "refused":
        require_non_negative(growth=growth)
    require_above(-1, growth=growth)
    require_positive(cost_of_capital=cost_of_capital)
    require_order(_PERPETUITY, growth=growth, cost_of_capital=cost_of_capital)
