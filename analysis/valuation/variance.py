"""Where the width of the fan at the horizon comes from, the price included: shares that add up to all of it.

In logarithms a draw's market value is a sum: the value of the drivers, plus what growing like the firms of
this size changes (in a base-rate world), plus the swing of the price. A term's share is its covariance with
the whole over the variance of the whole, in the draws themselves, correlations and both sets of worlds
included. The value of the drivers is split further by a straight line through their draws; what no straight
line explains is what drivers do together.

Source: Pratt 1987.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.figures import Figure, computed
from analysis.model.odds.odds import pool
from analysis.model.projection.segments import DRIVERS_OF, project
from analysis.model.track_record.backtest import sd_at
from analysis.valuation.backtest import miss_inputs
from analysis.valuation.design_choices import Setting, Worlds
from analysis.valuation.odds import Array, Odds
from analysis.valuation.spreads import BASE_RATE_YEARS, YEARS, spread_figure

PRICE, TOGETHER = "swings of the price", "drivers together"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "growth of sales": ("growth_change", "growth_stable"),
    "margins": ("margin_change", "operating_margin"),
    "multiples": ("price_to_earnings", "multiple_", "price_to_sales_change"),
}
"""By what the names of their drivers hold; the base rate of growth counts as growth."""
OTHERS = "spending, tax and the rest"


@dataclass(frozen=True)
class Width:
    """The width of the fan at the horizon: ``sd`` of the log of market value, and its ``shares`` by cause."""

    sd: Figure
    a_year: Figure
    shares: Mapping[str, Figure]


def width_of(odds: Odds) -> Width:
    """The width of the log of market value at the horizon, and where it comes from."""
    worlds = Worlds(odds)
    still = Setting("", {name: (0.0, 0.0) for name in worlds.draws if name.startswith("noise.")})
    with_price, without = (
        [np.log(each) for each in worlds.run(setting)] for setting in (Setting("", {}), still)
    )
    weights = np.repeat([1 - odds.weight, odds.weight], without[0].size) / without[0].size
    whole = np.concatenate(with_price)
    drivers = np.concatenate([without[0], without[0]])
    terms = {
        PRICE: whole - np.concatenate(without),
        "growth of sales": np.concatenate([np.zeros_like(without[0]), without[1] - without[0]]),
    }
    parts = {name: np.concatenate([part, part]) for name, part in _by_group(worlds, without[0]).items()}
    for name, part in parts.items():
        terms[name] = terms.get(name, 0.0) + part
    terms[TOGETHER] = drivers - sum(parts.values())
    variance = _covariance(whole, whole, weights)
    year = worlds.years[-1]
    inputs = odds.inputs(year)
    sd = computed(
        variance**0.5, "fraction", f"Width of the draws of log market value at the end of {year}",
        "standard deviation over both sets of worlds", *inputs,
    )  # fmt: skip
    years = Figure(sum(worlds.steps), "years", "Years from the day of the price", formula="days ÷ 365.25")
    return Width(
        sd,
        (sd / years**0.5).named(f"{sd.label}, a year", "fraction"),
        {
            name: computed(
                _covariance(term, whole, weights) / variance,
                "fraction",
                f"Share of the variance of log market value at the end of {year}: {name}",
                "covariance of the term with the whole ÷ variance of the whole",
                *inputs,
            )
            for name, term in sorted(terms.items(), key=lambda each: -_covariance(each[1], whole, weights))
        },
    )


@dataclass(frozen=True)
class FarGrowth:
    """Growth drawn as wide five years ahead as past misses, extrapolated, would have it.

    ``missed`` and ``drawn`` are by driver the deviations of a part's log sales then, extrapolated and in the
    draws as they are; ``a_year`` and ``odds`` what the width of log market value and the odds would be.
    """

    missed: Mapping[str, Figure]
    drawn: Mapping[str, Figure]
    a_year: Figure
    odds: Figure


def far_growth(odds: Odds, target: Figure) -> FarGrowth | None:
    """What a second shock to growth would do, one that leaves the first two years alone.

    Each part's change of growth is drawn wider by ``missed ÷ drawn``, which at the horizon is the same. A
    part without misses two years ahead stays as it is; ``None`` if all are.
    """
    group, worlds = odds.group, Worlds(odds)
    years = int(BASE_RATE_YEARS)
    missed, drawn, moves = {}, {}, {}
    for driver, spread in odds.spreads.items():
        if spread.missed_later is None:
            continue
        name = next(part for part, prefix in DRIVERS_OF.items() if driver.startswith(f"{prefix}."))

        def sales(change: float, driver: str = driver, name: str = name) -> float:
            moved = {**group.drivers, driver: float(group.drivers[driver]) + change}
            return float(project(group.base, moved, (1.0,) * years).parts[name].sales[-1])

        sd = spread_figure(spread, group)
        far = float(sd_at(spread.missed, spread.missed_later, (1.0, 2.0), BASE_RATE_YEARS))
        near = float(np.log(sales(sd.number) / sales(-sd.number)) / 2)
        label = f"Spread of {spread.series.label} {years} years ahead, in logs"
        rests = (figure for year in YEARS for figure in miss_inputs(group.edition, spread.series, year))
        missed[driver] = computed(far, "fraction", f"{label}: past misses extrapolated", sd_at, *rests)
        drawn[driver] = computed(
            near, "fraction", f"{label}: draws", "ln(sales a deviation up ÷ down) ÷ 2", sd
        )
        middle = float(np.median(worlds.draws[driver]))
        moves[driver] = (far / near, middle * (1 - far / near))
    if not moves:
        return None
    wider = Setting("", moves)
    both = [np.log(each) for each in worlds.run(wider)]
    weights = np.repeat([1 - odds.weight, odds.weight], both[0].size) / both[0].size
    whole = np.concatenate(both)
    year, inputs = worlds.years[-1], (*odds.inputs(worlds.years[-1]), *missed.values())
    return FarGrowth(
        missed,
        drawn,
        computed(
            (_covariance(whole, whole, weights) / sum(worlds.steps)) ** 0.5, "fraction",
            f"Width of log market value at the end of {year}, a year, growth as wide as extrapolated",
            "standard deviation over both sets of worlds ÷ √years", *inputs,
        ),
        computed(
            worlds.chance(wider, target.number), "fraction",
            f"Odds of {target} at the end of {year}, growth as wide as extrapolated", pool, target, *inputs,
        ),
    )  # fmt: skip


def _by_group(worlds: Worlds, values: Array) -> dict[str, Array]:
    """What each group of drivers adds to the values, by a straight line through the draws of all in them.

    A driver that the value does not rest on has no part in it: its slope would be chance.
    """
    company = worlds.odds.group.traced
    rests = {id(each) for each in company.value_figure(worlds.years[-1]).inputs}
    drawn = {
        name: np.asarray(draws)
        for name, draws in worlds.draws.items()
        if not isinstance(draws, float) and name in company.drivers and id(company.drivers[name]) in rests
    }
    columns = np.stack([each - each.mean() for each in drawn.values()], axis=1)
    scale = columns.std(axis=0)
    slopes, *_ = np.linalg.lstsq(columns / scale, values - values.mean(), rcond=None)
    found: dict[str, Array] = {}
    for name, column, slope in zip(drawn, (columns / scale).T, slopes, strict=True):
        group = _group(name)
        found[group] = found.get(group, 0.0) + slope * column
    return found


def _group(driver: str) -> str:
    own = driver.partition(".")[2]
    return next((group for group, starts in GROUPS.items() if own.startswith(starts)), OTHERS)


def _covariance(one: Array, other: Array, weights: Array) -> float:
    return float(weights @ ((one - weights @ one) * (other - weights @ other)))
