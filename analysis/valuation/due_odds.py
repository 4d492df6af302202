"""Odds that have come due: what rebuilt editions gave, held against the market value that came.

Each edition states the odds of a ladder of market values, from half to twice that day's, at every year end
of which the present edition knows the outcome: with the multiples and the stable growth that it could have
known, and by the judgements of now. They are scored beside two forecasts that need no model: one
lognormal line, and today's price for ever. Year ends are few, and all editions before one share it: ranges
come from drawing the year ends anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from analysis.data import Edition
from analysis.figures import Figure, computed, not_public
from analysis.model._normal import normal_score
from analysis.model.odds.odds import pooled_fan
from analysis.model.track_record.comparison import Ends, effective_number, range_of_mean
from analysis.model.track_record.probabilities import (
    Band,
    brier_score,
    crps_of_draws,
    lognormal_above,
    lognormal_log_median,
    reliability,
)
from analysis.model.track_record.scores import coverage, crps_normal, root_mean_square
from analysis.valuation.inputs import market_value_at
from analysis.valuation.odds import LINE_VOLATILITY, Odds
from analysis.valuation.rebuilt import Rebuilt, rebuilt_editions

LADDER = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
"""Market values asked about, as multiples of that of an edition's day."""
SOONEST = 0.5
"""Years to a year end from which it counts: nearer ones say little of a forecast."""
CLAIMED = 0.8
"""What the range from the lower to the upper tenth of the draws claims to hold."""
EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Bands of probability in which calls are held against what came."""
GROWTH, VOLATILITY = 0.08, LINE_VOLATILITY
"""The one line to beat: a lognormal whose mean grows by so much a year, with so much volatility."""
SEED = 20191231
FORECASTS = {
    "report": "the report",
    "now": "the report, with multiples and stable growth as judged now",
    "line": "one lognormal line",
    "stays": "today's price stays",
}


@dataclass(frozen=True)
class DueYear:
    """What one edition said of one year end, and what came: market values in usd_bn.

    ``years`` is the time between; ``odds`` are the edition's draws, with the multiples and the stable growth
    that it could have known, ``now`` those by the judgements of now, ``place`` is the year end's among both.
    """

    edition: str
    year: int
    years: float
    odds: Odds
    now: Odds
    place: int
    came: Figure

    @property
    def start(self) -> float:
        """Market value on the edition's day."""
        return float(self.odds.group.market.value)

    @property
    def moved(self) -> float:
        """The logarithm of the market value that came over that of the edition's day."""
        return float(np.log(self.came.number / self.start))

    @cached_property
    def happened(self) -> tuple[float, ...]:
        """For each step of the ladder whether the market value came to stand at it or above: 1 or 0."""
        return tuple(float(self.came.number >= step * self.start) for step in LADDER)

    def chances(self, forecast: str) -> tuple[float, ...]:
        """What a forecast gave each step of the ladder."""
        if simulated := self._simulated(forecast):
            return tuple(float(simulated.above(step * self.start).value[self.place]) for step in LADDER)
        if forecast == "line":
            return tuple(
                float(lognormal_above(1.0, step, years=self.years, growth=GROWTH, volatility=VOLATILITY))
                for step in LADDER
            )
        return tuple(float(step <= 1) for step in LADDER)

    def brier(self, forecast: str) -> float:
        """The Brier score of a forecast on the ladder."""
        return brier_score(self.chances(forecast), self.happened)

    def crps(self, forecast: str) -> float:
        """CRPS of a forecast of the logarithm of the market value."""
        if simulated := self._simulated(forecast):
            return crps_of_draws(self.moved, *self._draws(simulated))
        if forecast == "line":
            middle, sd = self._line
            return float(crps_normal(self.moved, middle, sd))
        return abs(self.moved)

    def held(self, forecast: str) -> float:
        """Whether what came lay between the lower and the upper tenth of a forecast: 1 or 0."""
        if simulated := self._simulated(forecast):
            at = slice(self.place, self.place + 1)
            tenths = pooled_fan(simulated.model[at], simulated.prior[at], simulated.weight, (0.1, 0.9))
            low, high = (float(end) for end in tenths[:, 0])
            return coverage(self.came.number, low, high)
        if forecast == "line":
            middle, sd = self._line
            reach = float(normal_score(0.5 + CLAIMED / 2)) * sd
            return coverage(self.moved, middle - reach, middle + reach)
        return coverage(self.moved, 0.0, 0.0)

    def _simulated(self, forecast: str) -> Odds | None:
        """The draws behind a forecast; ``None`` for one without a model."""
        return {"report": self.odds, "now": self.now}.get(forecast)

    def _draws(self, simulated: Odds) -> tuple[np.ndarray, np.ndarray]:
        """All draws of the move in logarithms, with their weights."""
        worlds = (simulated.model[self.place], simulated.prior[self.place])
        weight = simulated.weight
        each = [
            np.full(w.size, share / w.size) for w, share in zip(worlds, (1 - weight, weight), strict=True)
        ]
        return np.log(np.concatenate(worlds) / self.start), np.concatenate(each)

    @property
    def _line(self) -> tuple[float, float]:
        middle = lognormal_log_median(1.0, years=self.years, growth=GROWTH, volatility=VOLATILITY)
        return float(middle), VOLATILITY * self.years**0.5


@dataclass(frozen=True)
class DueOdds:
    """Every edition and year end that has come due. A measure of none is absent."""

    edition: Edition
    past: tuple[Rebuilt, ...]
    due: tuple[DueYear, ...]

    @property
    def calls(self) -> int:
        """Odds stated: steps of the ladder over editions and year ends."""
        return len(self.due) * len(LADDER)

    @property
    def count(self) -> Figure:
        """The same as a figure; absent where there is none."""
        if not self.due:
            return not_public("Odds that have come due", "count")
        came = dict.fromkeys(due.came for due in self.due)
        return computed(float(self.calls), "count", "Odds that have come due", "counted", *came)

    @property
    def years(self) -> tuple[int, ...]:
        """The year ends that have come due."""
        return tuple(sorted({each.year for each in self.due}))

    def brier(self, forecast: str) -> Figure:
        """The Brier score of a forecast."""
        return self._figure(
            f"Brier score, {FORECASTS[forecast]}",
            brier_score,
            [due.brier(forecast) for due in self.due],
            self._rests_of(forecast),
        )

    def crps(self, forecast: str) -> Figure:
        """The mean CRPS of the logarithm of market value."""
        each = [due.crps(forecast) for due in self.due]
        rests = self._rests_of(forecast)
        return self._figure(f"Mean CRPS of log value, {FORECASTS[forecast]}", crps_of_draws, each, rests)

    def held(self, forecast: str) -> Figure:
        """The share of outcomes between the lower and the upper tenth."""
        each = [due.held(forecast) for due in self.due]
        label = f"Share within eight in ten simulations, {FORECASTS[forecast]}"
        return self._figure(label, coverage, each, self._rests_of(forecast), "fraction")

    def range_of(self, measure: str, forecast: str) -> Ends | None:
        """The range of a mean score when the year ends are drawn anew; ``None`` where nothing is due."""
        if not self.due:
            return None
        each = [getattr(due, measure)(forecast) for due in self.due]
        return range_of_mean(each, [due.year for due in self.due], seed=SEED)

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """The report's calls by probability, with what share of them came."""
        if not self.due:
            return ()
        said = [chance for due in self.due for chance in due.chances("report")]
        came = [each for due in self.due for each in due.happened]
        days = [due.year for due in self.due for _ in LADDER]
        return reliability(said, came, days, EDGES, seed=SEED)

    @property
    def windows(self) -> float:
        """Two-year windows that do not overlap between the first edition and the last year end."""
        ends = [due.years for due in self.due]
        return effective_number(max(1, round(4 * max(ends))), 8) if ends else 0.0

    @cached_property
    def rests(self) -> tuple[Figure, ...]:
        """What the odds rest on and are held against."""
        found = (figure for due in self.due for figure in (*due.odds.inputs(due.year), due.came))
        return tuple(dict.fromkeys(found))

    @cached_property
    def rests_now(self) -> tuple[Figure, ...]:
        """The same by the judgements of now."""
        found = (figure for due in self.due for figure in (*due.now.inputs(due.year), due.came))
        return tuple(dict.fromkeys(found))

    @cached_property
    def yearly_moves(self) -> Figure:
        """Root mean square of what came against the edition's day, a year: ``√(Σ move² ÷ Σ years)``."""
        moves = [due.moved / due.years**0.5 for due in self.due]
        label = "Moves of log market value that came, a year"
        return self._figure(label, root_mean_square, moves, self._market_values, "fraction")

    @cached_property
    def _market_values(self) -> tuple[Figure, ...]:
        """Those of the editions' days, and those that came."""
        found = (figure for due in self.due for figure in (due.odds.group.edition.market_value, due.came))
        return tuple(dict.fromkeys(found))

    def _rests_of(self, forecast: str) -> tuple[Figure, ...]:
        if forecast == "report":
            return self.rests
        return self.rests_now if forecast == "now" else self._market_values

    def _figure(
        self,
        label: str,
        how: Callable[..., object],
        values: Sequence[float],
        rests: Sequence[Figure],
        unit: str = "number3",
    ) -> Figure:
        if not values:
            return not_public(label, unit)
        mean = root_mean_square(values) if how is root_mean_square else float(np.mean(values))
        return computed(mean, unit, label, how, *rests)


def due_odds(edition: Edition) -> DueOdds:
    """The odds of every edition rebuilt, at every year end whose market value the edition knows."""
    past = rebuilt_editions(edition)
    return DueOdds(edition, past, tuple(found for each in past for found in _due_years(edition, each)))


def _due_years(edition: Edition, past: Rebuilt) -> list[DueYear]:
    found = []
    for place, (year, years) in enumerate(zip(past.odds.years, accumulate(past.odds.steps), strict=True)):
        came = market_value_at(edition, year)
        if came is not None and years >= SOONEST:
            found.append(DueYear(past.edition.label, year, years, past.known, past.odds, place, came))
    return found
