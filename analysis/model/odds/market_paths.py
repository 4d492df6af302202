"""From fundamental values at year ends to paths of market value.

What the company is worth on a path of drivers and what the market pays for it differ, by a gap that
wanders and returns. On each path, in logarithms::

    ln(market value_t) = ln(fundamental value_t) + gap_t
    gap_{t+h} = persistence^h gap_t + s √(1 − persistence^{2h}) z,      z standard normal

* Today's gap is known: today's market value over the fundamental value today. So every path starts at
  today's price, and a price that looks dear or cheap returns to value at the pace of ``persistence`` (the
  share of a gap that is left after a year), not at once.
* ``volatility`` is the standard deviation of the *yearly change of the log multiple*, measured on past
  multiples. In the long run such changes have variance ``2 s² (1 − persistence)``, which gives s.
* The median of the gap fades to zero: noise does not raise the median path. Where fundamental values are
  themselves a metric times a drawn multiple, that draw is about the level to which multiples
  settle, this noise about their swings around it.

Whether a level was *touched* between year ends: :func:`analysis.model.odds.first_passage.touched_by`, with
the volatility of daily returns.

Source: the Ornstein-Uhlenbeck process in exact discrete form (Glasserman 2004, section 3.3); a stationary
gap between price and value as in Poterba and Summers 1988.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from analysis.model._inputs import (
    Number,
    require_above,
    require_below,
    require_non_negative,
    require_positive,
)
from analysis.model._normal import Array
from analysis.model.odds.distributions import Distribution, Normal


def gap_spread(volatility: float, persistence: float) -> float:
    """The long-run standard deviation s of the gap: ``volatility ÷ √(2 (1 − persistence))``.

    ``volatility``: standard deviation of the yearly change of the log multiple. Raises ``ValueError`` unless
    ``persistence`` is at least 0 and below 1 and ``volatility`` at least 0.

    >>> round(gap_spread(0.2, 0.5), 9)
    0.2
    """
    require_non_negative(volatility=volatility, persistence=persistence)
    require_below(1, persistence=persistence)
    return volatility / math.sqrt(2 * (1 - persistence))


def multiple_volatility(multiples: Sequence[float], per_year: int) -> float:
    """The standard deviation of the yearly change of the log multiple, from a history: ``√(Σ change² ÷ n)``.

    ``multiples`` are equally spaced, ``per_year`` of them a year; changes over a year overlap, which uses all
    of a short history. The mean change counts as zero: a trend in a multiple is not a forecast.

    Raises ``ValueError`` if there is no change over a year to measure, or a multiple is not above 0.

    >>> round(multiple_volatility([10.0, 20.0, 10.0], 1), 4)
    0.6931
    """
    logs = np.log(_positive(multiples))
    changes = logs[per_year:] - logs[:-per_year]
    if per_year < 1 or not changes.size:
        raise ValueError(f"multiples must span more than a year of {per_year}, got {len(logs)}")
    return float(np.sqrt(np.mean(changes**2)))


def noise_drivers(years: Sequence[int]) -> dict[str, Distribution]:
    """One standard normal driver for each year end, named ``noise.<year>``, to draw with the others."""
    return {f"noise.{year}": Normal(0.0, 1.0) for year in years}


def noise_of(draws: Mapping[str, Array | float], years: Sequence[int]) -> Array:
    """The drawn noise as years × draws; raises ``KeyError`` naming a year without a driver."""
    return np.stack([np.asarray(draws[f"noise.{year}"], dtype=float) for year in years])


def market_values(
    fundamental: Sequence[Number] | Array,
    noise: Array,
    *,
    market_value_today: Number,
    fundamental_today: Number,
    steps: Sequence[float],
    volatility: float,
    persistence: float,
) -> Array:
    """Market value at each date on each path: ``fundamental × e^gap``. Dates × paths.

    ``gap = persistence^h × gap before + s √(1 − persistence^{2h}) × noise``, as the module says.

    ``fundamental`` has one entry per date, a number or one per path; ``noise`` standard normal, dates ×
    paths; ``steps`` the years from one date to the next, the first from today. Money in one unit.

    Raises ``ValueError`` naming a value that is not above 0 (such paths have no logarithm: floor
    them, and say so, before calling), an impossible persistence or volatility, or lengths that differ.
    """
    if not len(fundamental) == len(noise) == len(steps):
        lengths = f"{len(fundamental)}, {len(noise)}, {len(steps)}"
        raise ValueError(f"fundamental, noise and steps must be as many, got {lengths}")
    require_positive(market_value_today=market_value_today, fundamental_today=fundamental_today)
    require_positive(**{f"fundamental[{i}]": value for i, value in enumerate(fundamental, start=1)})
    require_above(0, steps=np.asarray(steps, dtype=float))
    spread = gap_spread(volatility, persistence)
    gap = np.log(_plain(market_value_today) / _plain(fundamental_today))
    values = np.empty(noise.shape)
    for i, (years, value) in enumerate(zip(steps, fundamental, strict=True)):
        kept = persistence**years
        gap = kept * gap + spread * math.sqrt(1 - kept**2) * noise[i]
        values[i] = _plain(value) * np.exp(gap)
    return values


def _plain(value: Number) -> Array:
    return np.asarray(getattr(value, "number", value), dtype=float)


def _positive(values: Sequence[float]) -> Array:
    array = np.asarray(values, dtype=float)
    require_positive(multiples=array)
    return array
