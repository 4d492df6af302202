"""How far the first year's growth may miss: the width of the draws, from the back-test's own errors.

A part's ``growth_change`` is drawn about the scenario's value so widely that sales one and two years ahead
spread as the report's rule has missed them before, as known at the edition's cut-off (:func:`width`). The
misses are those of the part itself if there are at least :data:`MINIMUM` of them; for the stores else those
of the retail segments whole, of which they are most; else the range in the scenario's file stays. A miss is
taken about nil, so a lasting bias widens it.

What two years have missed says more of the years after them than one change of growth does, which fades. So a
second shock, which leaves the first two years alone, moves growth from then to the fifth year, so widely that
sales five years ahead spread as those misses do when the power law through them is carried on
(:func:`later_width`). No five years have been forecast and come due: it is an extrapolation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

import numpy as np

from analysis.data import Edition, quarters
from analysis.figures import Figure, computed, kernel_result, not_public
from analysis.model._inputs import Number
from analysis.model.projection.base_rates import forecast_weight
from analysis.model.projection.growth import QUARTERS, fade_rates
from analysis.model.projection.segments import (
    DRIVERS_OF,
    SHOCK_YEARS,
    Drivers,
    PartToday,
    Path,
    parts_today,
    rates_of_growth,
)
from analysis.model.track_record.backtest import sd_at
from analysis.model.track_record.scores import root_mean_square
from analysis.valuation.backtest import (
    ADVERTISING_SALES,
    AWS_SALES_SERIES,
    GROUP_SALES,
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
BASE_RATE_YEARS = 5.0
"""Over which the base rate's growth is measured."""
YEARS = (1, 2)
"""Years ahead whose misses set a width."""
Misses: TypeAlias = Mapping[int, Mapping[str, Mapping[str, float]]]
"""By years ahead, series and edition, the misses of that year's sales in logs."""


@dataclass(frozen=True)
class Spread:
    """The width of one driver: ``sd`` of growth a year, from misses in logs of ``series`` by edition.

    ``misses`` are those of the next four quarters, ``later`` those of the four after them, empty if too few.
    ``growth`` is that of the part in each of its first five years, ``fade_years`` how long a change of it
    lasts.
    """

    driver: str
    series: ForecastSeries
    misses: Mapping[str, float]
    later: Mapping[str, float]
    growth: tuple[float, ...]
    fade_years: float

    @property
    def missed(self) -> float:
        """The root mean square of the misses one year ahead."""
        return root_mean_square(list(self.misses.values()))

    @property
    def missed_later(self) -> float | None:
        """That of the misses two years ahead; ``None`` if there are too few."""
        return root_mean_square(list(self.later.values())) if self.later else None

    @property
    def sd(self) -> float:
        """The standard deviation of the driver, by :func:`width`."""
        return float(width(self.missed, self.missed_later, self.growth, self.fade_years))

    @property
    def sd_later(self) -> float | None:
        """The standard deviation a year of the second shock, by :func:`later_width`; ``None`` as above."""
        if self.missed_later is None:
            return None
        return float(later_width(self.missed, self.missed_later, self.sd, self.growth, self.fade_years))

    @property
    def against_misses(self) -> tuple[float, ...]:
        """What the draws spread by one and two years ahead, over what was missed then."""
        reach = _reach(self.growth, self.fade_years)[: len(YEARS)]
        known = (self.missed, self.missed_later)
        return tuple(
            float(self.sd * each / missed)
            for each, missed in zip(reach, known, strict=True)
            if missed is not None
        )


def width(first: Number, later: Number | None, growth: Sequence[Number], fade_years: Number) -> Number:
    """The deviation of a lasting change of growth with which sales miss as they have one and two years ahead.

    ``√(first ÷ reach₁ × later ÷ reach₂)``, the geometric middle of what either asks: no one change of growth
    gives both. A change of one misses sales by ``reach₁ = 1 ÷ (1 + g₁)`` in logs after a year and by ``reach₂
    = reach₁ + (1 − 1 ÷ fade years) ÷ (1 + g₂)`` after two. With too few misses two years ahead, ``first ÷
    reach₁``.
    """
    near, far, *_ = _reach(growth, fade_years)
    return first / near if later is None else (first / near * (later / far)) ** 0.5


def later_width(
    first: Number, later: Number, sd: Number, growth: Sequence[Number], fade_years: Number
) -> Number:
    """The deviation a year, in logs, of the shock to growth from the third year to the fifth.

    ``√(max(far² − (sd × reach₅)², 0)) ÷ 3``: ``far`` are the misses one and two years ahead carried on to
    five by :func:`sd_at`, ``sd × reach₅`` what a change of growth with the deviation ``sd`` does by then.
    """
    begin, end = SHOCK_YEARS
    far = sd_at(first, later, (1.0, 2.0), end)
    left = far**2 - (sd * _reach(growth, fade_years)[int(end) - 1]) ** 2
    return np.maximum(left, 0.0) ** 0.5 / (end - begin)


def _reach(growth: Sequence[Number], fade_years: Number) -> list[Number]:
    """What a change of growth of one does to sales after each year, in logs: ``Σ weight ÷ (1 + growth)``."""
    weights = fade_rates(1.0, 0.0, fade_years, range(len(growth)))
    return list(accumulate(weight / (1 + rate) for weight, rate in zip(weights, growth, strict=True)))


def _growth_ahead(part: PartToday, name: str, drivers: Drivers) -> Path:
    return rates_of_growth(part, DRIVERS_OF[name], drivers, (1.0,) * int(SHOCK_YEARS[1]))


def growth_spreads(group: Group, misses: Misses | None = None) -> dict[str, Spread]:
    """By name of the driver, the widths that the back-test gives; without those it cannot give.

    ``misses`` are those of a later edition, where they are at hand: of them only what the group's edition
    knew counts, which is the same as taking its own. See :func:`width`.
    """
    if misses is None:
        misses = group.edition.once(all_misses)
    known: dict[int, dict[str, dict[str, float]]] = {}
    for year in YEARS:
        last = quarters.add(group.edition.quarter, -QUARTERS * year)
        known[year] = {
            name: {q: miss for q, miss in own.items() if q <= last} for name, own in misses[year].items()
        }
    parts = parts_today(group.base, group.drivers)
    found = (_spread(group, name, part, known) for name, part in parts.items())
    return {spread.driver: spread for spread in found if spread is not None}


def all_misses(edition: Edition) -> Misses:
    """The misses of every series that may set a width, as the edition knows them."""
    wanted = {series.name: series for choice in RECORDS.values() for series in choice}
    return {year: growth_misses(edition, list(wanted.values()), year) for year in YEARS}


def spread_figure(spread: Spread, group: Group) -> Figure:
    """The width as a figure, traced to the sales that were forecast and to the growth it is scaled to."""
    edition, found = group.edition, group.traced
    first, later = (
        computed(
            missed,
            "fraction",
            f"Root mean square of {len(own)} misses of {spread.series.label} {_ahead(year)}, in logs",
            root_mean_square,
            *miss_inputs(edition, spread.series, year),
        )
        if missed is not None
        else None
        for year, own, missed in (
            (1, spread.misses, spread.missed),
            (2, spread.later, spread.missed_later),
        )
    )
    fade = found.drivers[f"{spread.driver.partition('.')[0]}.growth_fade_years"]
    sd = width(first, later, spread_growth(spread, group.traced), fade)
    label = (
        f"Standard deviation of first-year growth, from {len(spread.misses)} misses of {spread.series.label}"
    )
    return kernel_result(sd, label, "fraction", width)


def shock_figure(spread: Spread, group: Group) -> Figure:
    """The width of the second shock as a figure; absent where misses two years ahead are too few."""
    label = f"Standard deviation a year of the second shock to growth, from misses of {spread.series.label}"
    if spread.sd_later is None:
        return not_public(label, "fraction")
    inputs = (spread_figure(spread, group), *spread_growth(spread, group.traced))
    return computed(spread.sd_later, "fraction", label, later_width, *inputs)


def _ahead(years: int) -> str:
    return f"{years} year{'s' if years > 1 else ''} ahead"


def far_figure(spread: Spread, group: Group) -> Figure:
    """Misses of sales five years ahead, in logs: those of one and two years carried on by :func:`sd_at`."""
    end = SHOCK_YEARS[1]
    label = f"Misses of {spread.series.label} {end:g} years ahead, in logs, carried on"
    if spread.missed_later is None:
        return not_public(label, "fraction")
    far = sd_at(spread.missed, spread.missed_later, (1.0, 2.0), end)
    rests = (figure for year in YEARS for figure in miss_inputs(group.edition, spread.series, year))
    return computed(float(far), "fraction", label, sd_at, *rests)


def spread_growth(spread: Spread, group: Group) -> Path:
    """Growth of its part in each of its first five years, in a group that may assume other than its own."""
    parts = parts_today(group.base, group.drivers)
    name, part = next((name, part) for name, part in parts.items() if _driver(name) == spread.driver)
    return _growth_ahead(part, name, group.drivers)


@dataclass(frozen=True)
class Precision:
    """How exact forecasts of the group's growth are beside the base rate's, and the weight that follows.

    ``missed`` are root mean squares of misses of group sales, one and two years ahead; ``ahead`` is what they
    extrapolate to over the years of the base rate, a year; ``weight`` is the base rate's.
    """

    missed: tuple[Figure, Figure]
    ahead: Figure
    weight: Figure


def precision(edition: Edition, base_sd: Figure) -> Precision:
    """The base rate's weight by precision, ``1 − forecast_weight``; absent with too few misses."""
    known = [growth_misses(edition, [GROUP_SALES], year)[GROUP_SALES.name] for year in YEARS]
    labels = [f"Root mean square of misses of group sales {_ahead(year)}, in logs" for year in YEARS]
    name = f"Miss of the group's growth a year over {BASE_RATE_YEARS:g} years, extrapolated"
    own = "Weight of the base rate by precision"
    if min(len(each) for each in known) < MINIMUM:
        first, second = (not_public(label, "fraction") for label in labels)
        return Precision((first, second), not_public(name, "fraction"), not_public(own, "fraction"))
    first, second = (
        computed(
            root_mean_square(list(each.values())),
            "fraction",
            label,
            root_mean_square,
            *miss_inputs(edition, GROUP_SALES, year),
        )
        for year, each, label in zip(YEARS, known, labels, strict=True)
    )
    far = sd_at(first, second, (1.0, 2.0), BASE_RATE_YEARS) / BASE_RATE_YEARS
    ahead = kernel_result(far, name, "fraction", sd_at)
    weight = kernel_result(1 - forecast_weight(base_sd, ahead), own, "fraction", forecast_weight)
    return Precision((first, second), ahead, weight)


def _driver(part: str) -> str:
    return f"{DRIVERS_OF[part]}.growth_change"


def _spread(
    group: Group, name: str, part: PartToday, misses: Mapping[int, Mapping[str, Mapping[str, float]]]
) -> Spread | None:
    for series in RECORDS[name]:
        own, later = (misses[year][series.name] for year in YEARS)
        if len(own) >= MINIMUM:
            growth = tuple(map(float, _growth_ahead(part, name, group.drivers)))
            fade = float(group.drivers[f"{DRIVERS_OF[name]}.growth_fade_years"])
            enough = later if len(later) >= MINIMUM else {}
            return Spread(_driver(name), series, own, enough, growth, fade)
    return None
