"""How far the first year's growth may miss: the width of the draws, from the back-test's own errors.

A part's ``growth_change`` is drawn about the scenario's value with the standard deviation of the misses that
the report's rule made before, as known at the edition's cut-off: those of the part itself if there are
at least :data:`MINIMUM` of them; for the stores else those of the retail segments whole, of which they are
most; else the range in the scenario's file stays. A miss is taken about nil, so a lasting bias widens it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from analysis.data import Edition, quarters
from analysis.figures import Figure, computed, kernel_result
from analysis.model.projection.growth import QUARTERS
from analysis.model.projection.segments import DRIVERS_OF, PartToday, parts_today
from analysis.model.track_record.scores import root_mean_square
from analysis.valuation.backtest import (
    ADVERTISING_SALES,
    AWS_SALES_SERIES,
    RETAIL_SALES,
    STORES_SALES,
    ForecastSeries,
    growth_misses,
    miss_inputs,
)
from analysis.valuation.group import Group

MINIMUM = 8
"""Misses needed for a width of their own: forecasts of two years."""
RECORDS: Mapping[str, tuple[ForecastSeries, ...]] = {
    "aws": (AWS_SALES_SERIES,),
    "advertising": (ADVERTISING_SALES,),
    "stores": (STORES_SALES, RETAIL_SALES),
    "retail": (RETAIL_SALES,),
}
"""Whose misses set the width of a part, the first that are enough."""
Misses: TypeAlias = Mapping[str, Mapping[str, float]]
"""By series and edition, the misses of the next four quarters' sales in logs."""


@dataclass(frozen=True)
class Spread:
    """The width of one driver: ``sd`` of growth a year, from ``misses`` in logs of ``series`` by edition."""

    driver: str
    series: ForecastSeries
    misses: Mapping[str, float]
    growth: float

    @property
    def missed(self) -> float:
        """The root mean square of the misses."""
        return root_mean_square(list(self.misses.values()))

    @property
    def sd(self) -> float:
        """``root mean square of the misses × (1 + first-year growth)``."""
        return self.missed * (1 + self.growth)


def growth_spreads(group: Group, misses: Misses | None = None) -> dict[str, Spread]:
    """By name of the driver, the widths that the back-test gives; without those it cannot give.

    ``misses`` are those of a later edition, where they are at hand: of them only what the group's edition
    knew counts, which is the same as taking its own.

    ``sd = root mean square of the misses × (1 + first-year growth)``: missing sales by a share is missing
    growth by that share of one plus growth.
    """
    parts = parts_today(group.base, group.drivers)
    if misses is None:
        misses = group.edition.once(all_misses)
    last = quarters.add(group.edition.quarter, -QUARTERS)
    known = {name: {q: miss for q, miss in own.items() if q <= last} for name, own in misses.items()}
    found = (_spread(name, part, known) for name, part in parts.items())
    return {spread.driver: spread for spread in found if spread is not None}


def all_misses(edition: Edition) -> Misses:
    """The misses of every series that may set a width, as the edition knows them."""
    wanted = {series.name: series for choice in RECORDS.values() for series in choice}
    return growth_misses(edition, list(wanted.values()))


def spread_figure(spread: Spread, group: Group) -> Figure:
    """The width as a figure, traced to the sales that were forecast and to the growth it is scaled to."""
    count, edition = len(spread.misses), group.edition
    missed = computed(
        spread.missed,
        "fraction",
        f"Root mean square of {count} misses of the next four quarters' {spread.series.label}, in logs",
        root_mean_square,
        *miss_inputs(edition, spread.series),
    )
    parts = parts_today(group.traced.base, group.traced.drivers)
    growth = next(part.growth for name, part in parts.items() if _driver(name) == spread.driver)
    label = f"Standard deviation of first-year growth, from {count} misses of {spread.series.label}"
    return kernel_result(missed * (1 + growth), label, "fraction", growth_spreads)


def _driver(part: str) -> str:
    return f"{DRIVERS_OF[part]}.growth_change"


def _spread(name: str, part: PartToday, misses: Misses) -> Spread | None:
    for series in RECORDS[name]:
        own = misses[series.name]
        if len(own) >= MINIMUM:
            return Spread(_driver(name), series, own, float(part.growth))
    return None
