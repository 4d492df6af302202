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
from analysis.valuation.design_choices import Setting, Worlds, shocks, without_shocks
from analysis.valuation.odds import SHOCK, Array, Odds

PRICE, TOGETHER = "swings of the price", "assumptions together"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "growth of sales": ("growth_change", "growth_stable", SHOCK),
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
    """The width of the log of market value at the horizon, of all draws, and where it comes from, of some."""
    worlds = Worlds(odds)
    still = Setting("", {name: (0.0, 0.0) for name in worlds.draws if name.startswith("noise.")})
    with_price, without = (
        [np.log(each) for each in values] for values in (worlds.left_alone, worlds.run(still))
    )
    weights = _weights(odds, without[0].size)
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
        _deviation(odds, (odds.model[worlds.last], odds.prior[worlds.last])),
        "fraction",
        f"Width of the simulations of log market value at the end of {year}",
        "standard deviation over both sets of worlds",
        *inputs,
    )
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
class WithoutShock:
    """The draws without the second shock to growth: their width a year, and the odds of a market value."""

    a_year: Figure
    odds: Figure


def without_shock(odds: Odds, target: Figure) -> WithoutShock | None:
    """What the second shock to growth adds to the width and the odds; ``None`` where none is drawn."""
    worlds = Worlds(odds)
    if not shocks(worlds.draws):
        return None
    setting = without_shocks(worlds.draws)
    year = worlds.years[-1]
    inputs = odds.inputs(year)
    less = "without the second shock to growth"
    width = f"Width of log market value at the end of {year}, a year, {less}"
    a_year = _deviation(odds, worlds.run(setting)) / sum(worlds.steps) ** 0.5
    chance, name = worlds.odds_with(setting, target.number), f"Odds of {target} at the end of {year}, {less}"
    return WithoutShock(
        computed(a_year, "fraction", width, "standard deviation over both sets of worlds ÷ √years", *inputs),
        computed(chance, "fraction", name, pool, target, *inputs),
    )


def _by_group(worlds: Worlds, values: Array) -> dict[str, Array]:
    """What each group of drivers adds to the values, by a straight line through the draws of all in them.

    A driver that the value does not rest on has no part in it: its slope would be chance.
    """
    company = worlds.odds.group.traced
    rests = {id(each) for each in company.value_figure(worlds.years[-1]).inputs}
    drawn = {
        name: np.asarray(draws)
        for name, draws in worlds.draws.items()
        if not isinstance(draws, float)
        and (name.endswith(f".{SHOCK}") or id(company.drivers.get(name)) in rests)
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


def _deviation(odds: Odds, values: tuple[Array, Array]) -> float:
    """The standard deviation of the logs of values in both sets of worlds."""
    logs = np.log(np.concatenate(values))
    return float(np.sqrt(_covariance(logs, logs, _weights(odds, values[0].size))))


def _weights(odds: Odds, count: int) -> Array:
    """The weight of each draw, those of the drivers first, then as many of the base rate."""
    return np.repeat([1 - odds.weight, odds.weight], count) / count


def _covariance(one: Array, other: Array, weights: Array) -> float:
    return float(weights @ ((one - weights @ one) * (other - weights @ other)))
