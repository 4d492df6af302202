"""Odds for any target, year and weight: a grid of simulated odds, and the way between its points.

A simulation cannot run in a browser. What it says at some targets and each year end can be shipped; between
targets the logit of the odds is taken as linear. Odds to touch are certain up to today's value and fall from
there: of them the logit is that of their half, which is nought at today's value and has no step there.
:meth:`OddsGrid.worst_error` says what that costs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Literal

import numpy as np

from analysis.figures import Figure, computed
from analysis.model._inputs import Number
from analysis.model.odds.first_passage import touched_by
from analysis.model.odds.interpolation import logistic, logit, piecewise_linear, weights
from analysis.model.odds.odds import pool
from analysis.valuation.odds import Array, Odds

Way = Literal["above", "touched"]
World = Literal["model", "prior"]
WAYS: tuple[Way, ...] = ("above", "touched")
WORLDS: tuple[World, ...] = ("model", "prior")
BELOW, ABOVE = 6, 8
"""Targets on either side of today's value."""
CROWDING = 1.5
"""How much closer they stand to it: the odds of the first year end change fast there."""
WHOLE: Mapping[Way, float] = {"above": 1.0, "touched": 2.0}
"""What the logistic of a logit is a part of."""
DIGITS = 4
"""Decimals of a logit that are kept: an error of the odds of at most a hundred-thousandth."""


@dataclass(frozen=True)
class OddsGrid:
    """Logits of the odds, years × targets, by way and world; ``targets`` in usd_bn."""

    odds: Odds
    years: tuple[int, ...]
    targets: tuple[float, ...]
    logits: dict[tuple[Way, World], Array]

    def at(self, way: Way, target: Number, year: Number, weight: Number) -> Number:
        """The odds to be above ``target`` at the end of ``year``, or to have touched it by then.

        ``weight`` is the probability of the base rate's worlds. Plain arithmetic: runs in the browser too.
        """
        model, prior = (self._world(way, world, target, year) for world in WORLDS)
        return pool(model, prior, weight)

    def worst_error(self) -> float:
        """The largest difference between grid and simulation midway between its targets, any way and year."""
        worst = 0.0
        for below, above in pairwise(self.targets):
            middle = math.sqrt(below * above)
            exact = [_chances(self.odds, world, middle) for world in WORLDS]
            for way in WAYS:
                pooled = pool(exact[0][way], exact[1][way], self.odds.weight)
                near = [float(self.at(way, middle, float(year), self.odds.weight)) for year in self.years]
                worst = max(worst, float(np.max(np.abs(near - pooled))))
        return worst

    def error_figure(self) -> Figure:
        """That difference in percentage points."""
        label = "Largest error between the grid's targets, percentage points"
        formula = "grid less simulation, midway between targets"
        inputs = self.odds.inputs(self.years[-1], touch=True)
        return computed(100 * self.worst_error(), "number", label, formula, *inputs)

    def _world(self, way: Way, world: World, target: Number, year: Number) -> Number:
        rows = self.logits[way, world]
        found = (logistic(piecewise_linear(target, self.targets, row.tolist())) for row in rows)
        chances = [WHOLE[way] * each for each in found]
        if len(chances) == 1:
            return chances[0]
        shares = weights(year, [float(each) for each in self.years])
        return reduce(add, (share * chance for share, chance in zip(shares, chances, strict=True)))


def odds_grid(odds: Odds, low: float, high: float) -> OddsGrid:
    """The odds at targets from ``low`` to ``high``, the closer the nearer to today's value, in usd_bn.

    The edition's own targets are among them.
    """
    stated = [t.value_usd_bn for t in odds.group.edition.targets if low < t.value_usd_bn < high]
    near = min(max(odds.group.market.value, low), high)
    spread = [
        near * (end / near) ** ((step / steps) ** CROWDING)
        for end, steps in ((low, BELOW), (high, ABOVE))
        for step in range(steps + 1)
    ]
    targets = tuple(sorted({*np.round(spread, 1).tolist(), *stated}))
    least = 0.5 / odds.model.shape[-1]
    logits = {}
    for world in WORLDS:
        found = [_chances(odds, world, target) for target in targets]
        for way in WAYS:
            shares = np.stack([each[way] for each in found], axis=-1) / WHOLE[way]
            logits[way, world] = logit(shares, least).round(DIGITS)
    return OddsGrid(odds, odds.years, targets, logits)


def _chances(odds: Odds, world: World, target: float) -> dict[Way, Array]:
    """In one world, the chance to be above a target and to have touched it, by year."""
    values = odds.model if world == "model" else odds.prior
    start, volatility = odds.group.market.value, odds.daily_volatility
    touched = touched_by(values, start, target, volatility=volatility, steps=odds.steps)
    return {"above": (values >= target).mean(axis=-1), "touched": touched.mean(axis=-1)}
