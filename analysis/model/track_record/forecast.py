"""Quarterly forecasts: the report's own rule beside naive ones, from what was known at a vintage.

A rule is a function of a :class:`KnownSeries` and a horizon in quarters; it sees nothing else, so it cannot
look ahead. It answers ``None`` where it has nothing to say (too short a history, no guidance).

The base rule is the projection of :mod:`analysis.model.projection.segments` in quarters: each quarter is the
same quarter a year before times one plus the rate of that year, so four quarters ahead add up to the
projection's first year. Operating income is forecast through margins, likewise quarter by quarter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from analysis.model._inputs import Number, at_most
from analysis.model.projection.growth import QUARTERS, fade_rates

GrowthOf: TypeAlias = Callable[[Sequence[float], int], Number | None]
"""From quarterly sales, latest last, and a number of years ahead to growth in that year, or ``None``."""


@dataclass(frozen=True)
class KnownSeries:
    """One series as it was known: ``values`` of consecutive quarters up to ``quarter``, latest last.

    For operating income ``sales`` has the sales of the same quarters. ``guidance`` maps quarters to the
    company's range for them, as given by then.
    """

    quarter: str
    values: tuple[float, ...]
    sales: tuple[float, ...] | None = None
    guidance: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        quarter_after(self.quarter, 0)
        if self.sales is not None and len(self.sales) != len(self.values):
            raise ValueError(f"sales must be {len(self.values)} quarters as values, got {len(self.sales)}")
        given = (*self.values, *(self.sales or ()))
        if not all(math.isfinite(value) for value in given):
            raise ValueError(f"values and sales to {self.quarter} must be finite")


Rule: TypeAlias = Callable[[KnownSeries, int], Number | None]
"""A forecast ``horizon`` quarters after the vintage's latest, in the unit of its values."""


def quarter_after(quarter: str, quarters: int) -> str:
    """The label so many quarters later (before, if negative).

    Raises ``ValueError`` if ``quarter`` is no label such as 2025Q4.

    >>> quarter_after("2025Q4", 1), quarter_after("2025Q1", -5)
    ('2026Q1', '2023Q4')
    """
    year, _, number = quarter.partition("Q")
    if not (len(year) == 4 and year.isdigit() and number in ("1", "2", "3", "4")):
        raise ValueError(f"quarter must be a label such as 2025Q4, got {quarter!r}")
    count = int(year) * QUARTERS + int(number) - 1 + quarters
    return f"{count // QUARTERS}Q{count % QUARTERS + 1}"


def fading_growth(*, momentum: Number, change: Number, stable: Number, fade_years: Number) -> GrowthOf:
    """Growth by the report's rule: from the trailing rate, fading linearly to ``stable``.

    The first year's rate is ``trailing × (1 − momentum) + latest quarter × momentum + change``, both
    over a year earlier, as in :func:`analysis.model.projection.segments.first_growth`; year k has the rate
    after k − 1 years of :func:`analysis.model.projection.growth.fade_rates`. Needs eight quarters.
    """

    def growth(sales: Sequence[float], year: int) -> Number | None:
        if len(sales) < 2 * QUARTERS:
            return None
        trailing = sum(sales[-QUARTERS:]) / sum(sales[-2 * QUARTERS : -QUARTERS]) - 1
        first = trailing * (1 - momentum) + _latest_growth(sales) * momentum + change
        (rate,) = fade_rates(first, stable, fade_years, [year - 1])
        return rate

    return growth


def last_growth(sales: Sequence[float], year: int) -> float | None:
    """Naive: the latest quarter's growth for ever: ``sales ÷ sales a year earlier − 1``. Five quarters."""
    return _latest_growth(sales) if len(sales) > QUARTERS else None


def constant_growth(rate: float) -> GrowthOf:
    """Naive: the same rate every year, whatever happened. Needs four quarters."""

    def growth(sales: Sequence[float], year: int) -> float | None:
        return rate if len(sales) >= QUARTERS else None

    return growth


def sales_rule(growth: GrowthOf) -> Rule:
    """The quarter of the last year known, compounded by each year's growth: ``sales × Π (1 + growth)``."""

    def rule(vintage: KnownSeries, horizon: int) -> Number | None:
        return _compounded(vintage.values, growth, horizon)

    return rule


def income_rule(
    growth: GrowthOf,
    *,
    margin_change: Number = 0.0,
    convergence_years: Number = 1.0,
) -> Rule:
    """Operating income: sales by ``growth``, times the margin of the same quarter of the last year known.

    ``sales × (margin of the same quarter + margin_change × min(years ÷ convergence_years, 1))``.

    To that margin is added ``margin_change`` linearly over ``convergence_years``, as at the year's end in
    :func:`analysis.model.projection.segments.project`. The default, no change, is a rule without judgement.
    Needs five quarters. Raises ``ValueError`` if the vintage has no sales.
    """

    def rule(vintage: KnownSeries, horizon: int) -> Number | None:
        margins = _margins(vintage)
        sales = _compounded(vintage.sales or (), growth, horizon)
        if sales is None or len(margins) <= QUARTERS:
            return None
        moved = margin_change * at_most(_years_ahead(horizon) / convergence_years, 1.0)
        return sales * (margins[_place(horizon)] + moved)

    return rule


def seasonal_drift(vintage: KnownSeries, horizon: int) -> float | None:
    """Naive: the same quarter of the last year known, plus the mean yearly change so far for each year.

    ``value a year earlier + years × mean yearly change``.

    Needs five quarters. Source: Hyndman and Athanasopoulos 2021, section 5.2 (seasonal naive and drift
    methods).
    """
    values = vintage.values
    if len(values) <= QUARTERS:
        return None
    changes = [now - before for before, now in zip(values, values[QUARTERS:], strict=False)]
    return values[_place(horizon)] + _years_ahead(horizon) * sum(changes) / len(changes)


def guidance_midpoint(vintage: KnownSeries, horizon: int) -> float | None:
    """The middle of the company's range, ``(low + high) ÷ 2``, where it has given one for that quarter."""
    given = vintage.guidance.get(quarter_after(vintage.quarter, horizon))
    return None if given is None else (given[0] + given[1]) / 2


def _compounded(sales: Sequence[float], growth: GrowthOf, horizon: int) -> Number | None:
    if len(sales) < QUARTERS:
        return None
    value: Number = sales[_place(horizon)]
    for year in range(1, _years_ahead(horizon) + 1):
        rate = growth(sales, year)
        if rate is None:
            return None
        value *= 1 + rate
    return value


def _margins(vintage: KnownSeries) -> list[float]:
    if vintage.sales is None:
        raise ValueError(f"the vintage of {vintage.quarter} needs sales to forecast income by margins")
    return [income / sales for income, sales in zip(vintage.values, vintage.sales, strict=True)]


def _latest_growth(sales: Sequence[float]) -> float:
    return sales[-1] / sales[-1 - QUARTERS] - 1


def _years_ahead(horizon: int) -> int:
    """Whole years from the last known quarter of the same name to the one forecast."""
    if horizon < 1:
        raise ValueError(f"horizon must be at least 1 quarter, got {horizon}")
    return -(-horizon // QUARTERS)


def _place(horizon: int) -> int:
    """The index of the last known quarter of the same name, from the end."""
    return horizon - 1 - QUARTERS * _years_ahead(horizon)
