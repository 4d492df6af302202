"""What the company is worth at the end of the forecast: by value drivers or by a multiple.

Both say with named arguments on which year's flow they stand and how they are dated. Neither
stands in for the other: a multiple is used only where a multiple was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.model._conventions import InputError, require_choice, require_order
from analysis.model._inputs import Number, require_above, require_finite, require_positive

Flow = Literal["n", "n+1"]
FLOWS: tuple[Flow, ...] = ("n", "n+1")

Metric = Literal["sales", "operating_income", "nopat"]
METRICS: tuple[Metric, ...] = ("sales", "operating_income", "nopat")

Dating = Literal["flows", "end"]
DATINGS: tuple[Dating, ...] = ("flows", "end")

_PERPETUITY = "a perpetuity that grows as fast as it is discounted has no value"
_RETURN = "at such a return growth would take all of the profit, or more"


@dataclass(frozen=True)
class ValueDriver:
    """Terminal value from stable growth and the return on new capital.

    ``growth``, ``roic`` and ``cost_of_capital`` are those of all years after the forecast, fractions.
    ``flow``: the perpetuity starts from the profit of year n+1 (default) or, one year's growth lower,
    from that of year n. ``dating``: its flows fall in their years as the forecast's do (``"flows"``,
    default), or the value is taken as money at the end of year n (``"end"``). They differ only in
    mid-year discounting.

    Raises ``ValueError`` when growth is not below both the cost of capital and the return.
    """

    growth: Number
    roic: Number
    cost_of_capital: Number
    flow: Flow = "n+1"
    dating: Dating = "flows"

    def __post_init__(self) -> None:
        require_choice(FLOWS, flow=self.flow)
        require_choice(DATINGS, dating=self.dating)
        _require_stable(self.growth, self.roic, self.cost_of_capital)


@dataclass(frozen=True)
class ExitMultiple:
    """Terminal value as a multiple of one of the last year's figures.

    ``metric`` names the figure. ``flow``: a trailing multiple of year n (default) or a forward
    multiple of year n+1, which needs ``growth``. A sale is paid when it happens, so ``dating`` is
    ``"end"`` by default in mid-year discounting too.

    Raises ``ValueError`` naming a multiple that is not positive, or a missing growth rate.
    """

    multiple: Number
    metric: Metric
    flow: Flow = "n"
    growth: Number | None = None
    dating: Dating = "end"

    def __post_init__(self) -> None:
        require_choice(METRICS, metric=self.metric)
        require_choice(FLOWS, flow=self.flow)
        require_choice(DATINGS, dating=self.dating)
        require_positive(multiple=self.multiple)
        if self.flow == "n+1":
            if self.growth is None:
                raise InputError("growth must be given for a multiple of the flow of year n+1")
            require_above(-1, growth=self.growth)


Terminal = ValueDriver | ExitMultiple


def value_driver(nopat: Number, growth: Number, roic: Number, cost_of_capital: Number) -> Number:
    """Value, one year before ``nopat`` is earned, of profits that grow for ever and reinvest for it.

    ``nopat × (1 − growth / roic) / (cost_of_capital − growth)``. ``nopat`` in any unit of money, rates as
    fractions; ``roic`` is the return on *new* capital. Where it equals the cost of capital growth adds
    nothing and the value is ``nopat / cost_of_capital``.

    Raises ``ValueError`` naming growth that is not below the cost of capital or not below the return.

    Source: Koller et al. 2020, ch. 14 (value driver formula).

    >>> round(value_driver(100.0, 0.03, 0.12, 0.08), 1)
    1500.0
    """
    _require_stable(growth, roic, cost_of_capital)
    return nopat * (1 - growth / roic) / (cost_of_capital - growth)


def exit_multiple(metric: Number, multiple: Number) -> Number:
    """Value at the end of the forecast as a multiple of ``metric``: ``metric × multiple``.

    Raises ``ValueError`` naming a multiple that is not positive.
    """
    require_positive(multiple=multiple)
    return metric * multiple


def terminal_base(last: Number, growth: Number, *, flow: Flow = "n+1") -> Number:
    """The figure a terminal value stands on: year n's (``"n"``), or one year's growth on (``"n+1"``).

    ``last × (1 + growth)``.
    """
    require_choice(FLOWS, flow=flow)
    require_finite(last=last)
    return last if flow == "n" else last * (1 + growth)


def _require_stable(growth: Number, roic: Number, cost_of_capital: Number) -> None:
    require_above(-1, growth=growth)
    require_positive(roic=roic, cost_of_capital=cost_of_capital)
    require_order(_PERPETUITY, growth=growth, cost_of_capital=cost_of_capital)
    require_order(_RETURN, growth=growth, roic=roic)
