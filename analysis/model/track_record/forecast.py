"""Quarterly forecasts: the report's own rule beside naive ones, from what was known at a vintage.

A rule is a function of a :class:`KnownSeries` and a horizon in quarters; it sees nothing else, so it cannot
look ahead. It answers ``None`` where it has nothing to say (too short a history, no guidance).

The report's rule is :func:`tempered_sales` and, for operating income, :func:`margin_ahead` times that; the
first two years of :mod:`analysis.model.projection.segments` are its quarters added up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from analysis.model._inputs import Number, at_most, checked
from analysis.model.projection.growth import QUARTERS

TENTH = 0.10
"""Growth a year of the plainest rule, to which :func:`tempered_sales` leans."""
GrowthOf: TypeAlias = Callable[[Sequence[float], int], Number | None]
"""From quarterly sales, latest last, and a number of years ahead to growth in that year, or ``None``."""


@dataclass(frozen=True)
class KnownSeries:
    """One series as it was known: ``values`` of consecutive quarters up to ``quarter``, latest last.

    For operating income ``sales`` has the sales of the same quarters. ``guidance`` maps quarters to the
    company's range for them, as given by then. Plain numbers or figures.
    """

    quarter: str
    values: tuple[Number, ...]
    sales: tuple[Number, ...] | None = None
    guidance: Mapping[str, tuple[Number, Number]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        quarter_after(self.quarter, 0)
        if self.sales is not None and len(self.sales) != len(self.values):
            raise ValueError(f"sales must be {len(self.values)} quarters as values, got {len(self.sales)}")
        given = (*self.values, *(self.sales or ()))
        if not all(math.isfinite(value) for value in given):
            raise ValueError(f"values and sales to {self.quarter} must be finite")


Rule: TypeAlias = Callable[[KnownSeries, int], Number | None]
"""A forecast ``horizon`` quarters after the vintage's latest, in the unit of its values."""


@checked
def quarter_after(quarter: str, quarters: int) -> str:
    """The label so many quarters later (before, if negative).

    Raises ``ValueError`` if ``quarter`` is no label such as 2025Q4.

    >>> quarter_after("2025Q4", 1), quarter_after("2025Q1", -5)
    ('2026Q1', '2023Q4')
    """
    count = _count(quarter) + quarters
    return f"{count // QUARTERS}Q{count % QUARTERS + 1}"


@checked
def quarters_between(start: str, end: str) -> int:
    """How many quarters ``end`` is after ``start``; raises ``ValueError`` if one is no label.

    >>> quarters_between("2024Q4", "2025Q2")
    2
    """
    first, last = (_count(each) for each in (start, end))
    return last - first


@checked
def last_growth(sales: Sequence[float], year: int) -> float | None:
    """Naive: the latest quarter's growth for ever: ``sales ÷ sales a year earlier − 1``. Five quarters."""
    return _latest_growth(sales) if len(sales) > QUARTERS else None


@checked
def constant_growth(rate: float) -> GrowthOf:
    """Naive: the same rate every year, whatever happened. Needs four quarters."""

    def growth(sales: Sequence[float], year: int) -> float | None:
        return rate if len(sales) >= QUARTERS else None

    return growth


@checked
def sales_rule(growth: GrowthOf) -> Rule:
    """The quarter of the last year known, compounded by each year's growth: ``sales × Π (1 + growth)``."""

    def rule(vintage: KnownSeries, horizon: int) -> Number | None:
        return _compounded(vintage.values, growth, horizon)

    return rule


@checked
def income_rule(growth: GrowthOf) -> Rule:
    """Operating income: sales by ``growth``, times the margin of the same quarter of the last year known.

    Needs five quarters. Raises ``ValueError`` if the vintage has no sales.
    """

    def rule(vintage: KnownSeries, horizon: int) -> Number | None:
        margins = _margins(vintage)
        sales = _compounded(vintage.sales or (), growth, horizon)
        if sales is None or len(margins) <= QUARTERS:
            return None
        return sales * margins[_place(horizon)]

    return rule


@checked
def seasonal_drift(vintage: KnownSeries, horizon: int) -> Number | None:
    """Naive: the same quarter of the last year known, plus the mean yearly change so far for each year.

    ``value a year earlier + years × mean yearly change``.

    Needs five quarters. Source: Hyndman and Athanasopoulos 2021, section 5.2 (seasonal naive and drift
    methods).
    """
    values = vintage.values
    if len(values) <= QUARTERS:
        return None
    changes = len(values) - QUARTERS
    ends = min(
        changes, QUARTERS
    )  # what lies between the first and the last year is added and taken off again
    change = (sum(values[-ends:]) - sum(values[:ends])) / changes
    return values[_place(horizon)] + _years_ahead(horizon) * change


@checked
def weight_of_latest(horizon: int) -> float:
    """What the latest quarter says of one ``horizon`` quarters ahead: ``2^(−(h − 1) ÷ 4)``, half a year on.

    Any half-life from one to eight quarters beats the drift about as much; a year is none that was fitted.

    >>> weight_of_latest(1), weight_of_latest(5)
    (1.0, 0.5)
    """
    _years_ahead(horizon)
    return float(2.0 ** (-(horizon - 1) / QUARTERS))


@checked
def tempered_sales(vintage: KnownSeries, horizon: int) -> Number | None:
    """Sales by the latest growth, tempered by the drift and a tenth a year, the more so the further ahead.

    ``L^w × (D × T)^((1 − w) ÷ 2)`` with w of :func:`weight_of_latest`. L is the quarter of the last year
    known at the latest quarter's growth over a year earlier, D that of :func:`seasonal_drift`, T the same at
    a tenth a year. Needs five quarters, and a drift that stays above nil.

    Source: Bates and Granger 1969 (forecasts combined), in logarithms.
    """
    values = vintage.values
    drifted = seasonal_drift(vintage, horizon)
    if drifted is None or drifted <= 0:
        return None
    years, before = _years_ahead(horizon), values[_place(horizon)]
    latest = before * (1 + _latest_growth(values)) ** years
    tenth = before * (1 + TENTH) ** years
    weight = weight_of_latest(horizon)
    return latest**weight * (drifted * tenth) ** ((1 - weight) / 2)


@checked
def reconciled(group: KnownSeries, parts: Sequence[KnownSeries], horizon: int) -> Number:
    """What every part's forecast is multiplied by so that they add up to what guidance says of the group.

    ``(guidance with past beats ÷ Σ forecasts of the next quarter)^w``: one factor for all parts, which fades
    as the weight w of the latest quarter does (:func:`weight_of_latest`), for guidance is for one quarter and
    says less of those after it. 1 without guidance or where a part cannot be forecast. Of fades that were
    tried (none, at once, by half a quarter, by half a year) this is no better or worse than another.
    """
    guided = guidance_with_beats(group, 1)
    first = [made for part in parts if (made := tempered_sales(part, 1)) is not None]
    if guided is None or len(first) < len(parts):
        return 1.0
    return (guided / sum(first)) ** weight_of_latest(horizon)


@checked
def margin_today(vintage: KnownSeries) -> Number | None:
    """The latest quarter's margin without its season: ``margin_T − s(q_T)``.

    s is the mean distance of a season's margin from that of the twelve months to its end. Needs eight
    quarters. Raises ``ValueError`` if the vintage has no sales.
    """
    margins = _margins(vintage)
    return margins[-1] - _seasons(vintage)[0] if len(margins) >= 2 * QUARTERS else None


@checked
def margin_ahead(
    vintage: KnownSeries, horizon: int, *, change: Number, convergence_years: Number
) -> Number | None:
    """The operating margin ``horizon`` quarters ahead, in its season, on its way to the scenario's.

    ``today × (1 − w) + (margin of twelve months + change) × w + s(q_{T+h})`` with today's margin as in
    :func:`margin_today` and ``w = min(h ÷ 4 ÷ convergence_years, 1)``. Needs eight quarters. Raises
    ``ValueError`` if the vintage has no sales.
    """
    today = margin_today(vintage)
    if today is None or vintage.sales is None:
        return None
    moved = at_most(horizon / QUARTERS / convergence_years, 1.0)
    target = sum(vintage.values[-QUARTERS:]) / sum(vintage.sales[-QUARTERS:]) + change
    return today * (1 - moved) + target * moved + _seasons(vintage)[horizon % QUARTERS]


@checked
def guidance_with_beats(vintage: KnownSeries, horizon: int) -> Number | None:
    """The middle of the company's range, raised by how it has beaten such middles before.

    ``middle × Π (actual ÷ middle)^(1 ÷ (n + 1))``: over the ``n`` quarters guided to and reported by
    then, and one more in which it did not beat. ``None`` where it has given no range for that quarter.
    """
    middle = guidance_midpoint(vintage, horizon)
    if middle is None:
        return None
    last, known = vintage.quarter, len(vintage.values)
    beats = []
    for quarter, (low, high) in vintage.guidance.items():
        back = quarters_between(quarter, last)
        if 0 <= back < known:
            beats.append(vintage.values[-1 - back] / ((low + high) / 2))
    return middle * math.prod(beats) ** (1 / (len(beats) + 1)) if beats else middle


@checked
def guidance_midpoint(vintage: KnownSeries, horizon: int) -> Number | None:
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


def _seasons(vintage: KnownSeries) -> dict[int, Number]:
    """How far margins lie from those of the year to their end, on average, by quarters after the latest."""
    margins, sales = _margins(vintage), vintage.sales or ()
    apart: dict[int, list[Number]] = {}
    for at in range(QUARTERS - 1, len(margins)):
        year = slice(at - QUARTERS + 1, at + 1)
        yearly = sum(vintage.values[year]) / sum(sales[year])
        apart.setdefault((at - len(margins) + 1) % QUARTERS, []).append(margins[at] - yearly)
    return {place: sum(each) / len(each) for place, each in apart.items()}


def _margins(vintage: KnownSeries) -> list[Number]:
    if vintage.sales is None:
        raise ValueError(f"the vintage of {vintage.quarter} needs sales to forecast income by margins")
    return [income / sales for income, sales in zip(vintage.values, vintage.sales, strict=True)]


def _latest_growth(sales: Sequence[Number]) -> Number:
    return sales[-1] / sales[-1 - QUARTERS] - 1


def _years_ahead(horizon: int) -> int:
    """Whole years from the last known quarter of the same name to the one forecast."""
    if horizon < 1:
        raise ValueError(f"horizon must be at least 1 quarter, got {horizon}")
    return -(-horizon // QUARTERS)


def _place(horizon: int) -> int:
    """The index of the last known quarter of the same name, from the end."""
    return horizon - 1 - QUARTERS * _years_ahead(horizon)


def _count(quarter: str) -> int:
    """Quarters since year nought."""
    year, _, number = quarter.partition("Q")
    if not (len(year) == 4 and year.isdigit() and number in ("1", "2", "3", "4")):
        raise ValueError(f"quarter must be a label such as 2025Q4, got {quarter!r}")
    return int(year) * QUARTERS + int(number) - 1
