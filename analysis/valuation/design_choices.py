"""What the odds would be had the report been designed otherwise: one choice moved, all else as it is.

A choice is moved in the draws themselves, each driver by ``x × scale + shift``, so that both ends see the
same luck and the difference is the choice's own. *Defensible* are choices within the ranges that the
scenario's file states or that the data leave open; the others (a method alone, no swings) show what a part of
the design does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from analysis.figures import Figure, computed
from analysis.formats import show
from analysis.model.odds.monte_carlo import Draws, draw
from analysis.model.odds.odds import pool
from analysis.model.parts.market_value import METHODS, MULTIPLES, TO_SALES
from analysis.model.projection.segments import DRIVERS_OF
from analysis.valuation.inputs import driver_format, end_of_range
from analysis.valuation.odds import (
    MEMORY,
    PRIOR_GROWTH,
    SHOCK,
    Array,
    MarketKernel,
    Odds,
    distributions,
    odds_plan,
    shock_widths,
)

POINTS = 4096
"""Draws behind each end: differences between ends that share their draws need fewer than the odds."""
DRIVERS = (
    "aws.growth_change",
    "aws.growth_stable",
    "aws.growth_fade_years",
    "aws.margin_change",
    "advertising.growth_change",
    "advertising.operating_margin",
    "stores.growth_change",
    "stores.margin_change",
    "group.convergence_years",
    "group.capex_stable",
    "tax.effective",
)
"""Assumptions moved to the low and the high of their range: their middle, where they are drawn."""
LARGE_SWINGS = 0.40
ENDS: tuple[Literal["low", "high"], ...] = ("low", "high")
Move: TypeAlias = tuple[float, float]
"""Scale and shift of a driver's draws."""


@dataclass(frozen=True)
class Setting:
    """One end of a choice: its words, how drivers' draws move, and what else is set otherwise."""

    words: str
    moves: Mapping[str, Move]
    weight: float | None = None
    fade_years: float | None = None
    is_correlated: bool = True
    rests: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Choice:
    """A choice of the report's design: two settings beside the one taken, and the odds with each."""

    name: str
    settings: tuple[Setting, Setting]
    odds: tuple[Figure, Figure]
    is_defensible: bool

    @property
    def swing(self) -> float:
        """How far apart the odds are."""
        low, high = self.odds
        return abs(high.number - low.number)


def design_choices(odds: Odds, target: Figure) -> tuple[Choice, ...]:
    """The odds of a market value at the horizon with each choice moved to either end, the widest first.

    An end's are those of :meth:`Worlds.odds_with`.
    """
    worlds = Worlds(odds)

    def at(name: str, setting: Setting) -> Figure:
        chance = worlds.odds_with(setting, target.number)
        label = f"Odds of {target} at the end of {worlds.years[-1]}, {name}: {setting.words}"
        inputs = (target, *odds.inputs(worlds.years[-1]), *setting.rests)
        return computed(chance, "fraction", label, pool, *inputs)

    found = [
        Choice(name, (low, high), (at(name, low), at(name, high)), is_defensible)
        for name, low, high, is_defensible in _settings(worlds)
    ]
    return tuple(sorted(found, key=lambda choice: -choice.swing))


def defensible_range(choices: tuple[Choice, ...]) -> tuple[Figure, Figure]:
    """The lowest and the highest odds that one defensible choice, moved alone, would give."""
    ends = [end for choice in choices if choice.is_defensible for end in choice.odds]
    return min(ends, key=float), max(ends, key=float)


class Worlds:
    """Draws of both sets of worlds to the horizon, which can be run again with some of them moved."""

    def __init__(self, odds: Odds) -> None:
        group = odds.group
        self.odds, self.last = odds, group.index_of(group.horizon_year)
        self.years = odds.years[: self.last + 1]
        self.steps = odds.steps[: self.last + 1]
        self.swings = odds.swings.number
        self.draws = self._drawn(correlated=True)

    def run(self, setting: Setting) -> tuple[Array, Array]:
        """Market values at the horizon in the worlds of the drivers and in those of the base rate.

        A multiple is not moved below nothing.
        """
        draws = self.draws if setting.is_correlated else self._drawn(correlated=False)
        moved = {**draws}
        for name, (scale, shift) in setting.moves.items():
            wanted = draws[name] * scale + shift
            moved[name] = np.maximum(wanted, 0.0) if name in MULTIPLES else wanted
        fade = sum(self.steps) if setting.fade_years is None else setting.fade_years
        shocks = shock_widths(self.odds.spreads)
        results = MarketKernel(self.odds.group, self.years, self.steps, self.swings, fade, shocks)(moved)
        model, prior = (np.asarray(results[name][-1], dtype=float) for name in ("model", "prior"))
        return np.broadcast_to(model, prior.shape), prior

    def chance(self, setting: Setting, target: float) -> float:
        """The share of the draws at ``target`` or above it."""
        weight = self.odds.weight if setting.weight is None else setting.weight
        model, prior = (float((worlds >= target).mean()) for worlds in self.run(setting))
        return float(pool(model, prior, weight))

    def odds_with(self, setting: Setting, target: float) -> float:
        """The odds as they are, plus what the setting's draws give more than the same draws left alone.

        Of another weight alone they are known from all the draws.
        """
        if setting.weight is not None and setting == Setting(setting.words, {}, setting.weight):
            return float(self.odds.weighted(setting.weight).above(target).value[self.last])
        model, prior = (float((worlds >= target).mean()) for worlds in self.left_alone)
        own = float(pool(model, prior, self.odds.weight))
        stated = float(self.odds.above(target).value[self.last])
        return min(max(stated + self.chance(setting, target) - own, 0.0), 1.0)

    @cached_property
    def left_alone(self) -> tuple[Array, Array]:
        """The market values of :meth:`run` with nothing moved."""
        return self.run(Setting("", {}))

    def _drawn(self, *, correlated: bool) -> Draws:
        made = distributions(self.odds.group, self.odds.spreads)
        return draw(odds_plan(self.odds.group, self.years, made, correlated=correlated), POINTS)


def without_shocks(draws: Draws) -> Setting:
    """The draws without the second shock to growth, that from the third year on."""
    return Setting("none", dict.fromkeys(shocks(draws), (0.0, 0.0)))


def shocks(draws: Draws) -> list[str]:
    """The names of the second shocks among the draws."""
    return [name for name in draws if name.endswith(f".{SHOCK}")]


def _settings(worlds: Worlds) -> list[tuple[str, Setting, Setting, bool]]:
    """Every choice: its name, its two settings, and whether they are defensible."""
    group, draws = worlds.odds.group, worlds.draws
    noise = [name for name in draws if name.startswith("noise.")]
    prefixes = dict.fromkeys(DRIVERS_OF[part] for part in group.projection.parts)
    growth = [f"{prefix}.growth_change" for prefix in prefixes]
    multiples = [*MULTIPLES, TO_SALES]

    def wider(names: Sequence[str], factor: float, words: str) -> Setting:
        middles = {name: float(np.median(draws[name])) for name in names}
        return Setting(words, {name: (factor, middle * (1 - factor)) for name, middle in middles.items()})

    def swings(factor: float, words: str) -> Setting:
        return Setting(words, dict.fromkeys(noise, (factor, 0.0)))

    def times(factor: float, words: str) -> Setting:
        return Setting(words, {n: (factor, factor - 1 if n == TO_SALES else 0.0) for n in multiples})

    def alone(method: str) -> Setting:
        return Setting(f"{method} alone", {f"blend.{each}": (0.0, float(each == method)) for each in METHODS})

    def worded(driver: str, end: Figure) -> str:
        return show(end.number, driver_format(driver, end.unit, end.number))

    def fixed(driver: str) -> tuple[Setting, Setting]:
        ends = (end_of_range(group.edition.drivers(group.scenario)[driver], end) for end in ENDS)
        low, high = (Setting(worded(driver, end), {driver: (0.0, end.number)}, rests=(end,)) for end in ends)
        return low, high

    def shifted(driver: str) -> tuple[Setting, Setting]:
        own = group.edition.drivers(group.scenario)[driver]
        ends = (end_of_range(own, end) for end in ENDS)
        low, high = (
            Setting(
                f"middle {worded(driver, end)}",
                {driver: (1.0, end.number - own.value)},
                rests=(end, own.figure),
            )
            for end in ends
        )
        return low, high

    whole = sum(worlds.steps)
    forty = swings(LARGE_SWINGS / worlds.swings, f"{LARGE_SWINGS:.0%}")
    tenth, half = (Setting(words, {}, weight=weight) for words, weight in (("a tenth", 0.1), ("half", 0.5)))
    alone_or_none = Setting("alone", {}, weight=1.0), Setting("none", {}, weight=0.0)
    paid = f"what investors pay in {worlds.years[-1]}"
    found = [
        (paid, times(0.8, "a fifth lower"), times(1.2, "a fifth higher"), True),
        ("width of multiples", wider(multiples, 0.5, "half"), wider(multiples, 1.5, "half more"), True),
        ("how long swings last", *fixed(MEMORY), True),
        ("size of swings", swings(0.8, "a fifth less"), swings(1.2, "a fifth more"), True),
        ("no swings, or large ones", swings(0.0, "none"), forty, False),
        ("today's premium", Setting("gone in a year", {}, fade_years=1.0),
         Setting("half left at the horizon", {}, fade_years=2 * whole), True),
        ("weight of the base rate", tenth, half, True),
        ("base rate alone, or none", *alone_or_none, False),
        ("growth of firms of this size", Setting("a point lower", {PRIOR_GROWTH: (1.0, -0.01)}),
         Setting("a point higher", {PRIOR_GROWTH: (1.0, 0.01)}), True),
        ("width of first-year growth", wider(growth, 0.5, "half"), wider(growth, 2.0, "twice"), True),
        ("one method: sales or earnings", alone("sales"), alone("earnings"), False),
        ("sum of the parts", Setting("left out", {"blend.parts": (0.0, 0.0)}), alone("parts"), False),
        ("rank correlations", Setting("none", {}, is_correlated=False), Setting("as stated", {}), True),
    ]  # fmt: skip
    if shocks(draws):
        wide = Setting("half as wide again", dict.fromkeys(shocks(draws), (1.5, 0.0)))
        found.append(("second shock to growth", without_shocks(draws), wide, True))
    assumed = group.edition.drivers(group.scenario)
    for driver in DRIVERS:
        if driver.split(".")[0] in (*prefixes, "group", "tax"):
            ends = fixed(driver) if assumed[driver].distribution is None else shifted(driver)
            found.append((assumed[driver].label, *ends, True))
    return found
