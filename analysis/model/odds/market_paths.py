"""From fundamental values at year ends to paths of market value.

What the company is worth on a path of drivers and what the market pays for it differ, by a gap in logarithms
of two parts that have nothing to do with each other::

    ln(market value_t) = ln(fundamental value_t) + premium_t + swing_t
    premium_t = ln(market value today ÷ fundamental value today) × max(1 − t ÷ fade_years, 0)
    swing_{t+h} = memory^h swing_t + s √(1 − memory^{2h}) z,      z standard normal, swing_0 = 0

* Today's premium is known, so every path starts at today's price. That it is gone by the horizon is the
  scenario's own rule: its multiples are those of the horizon.
* Swings are what prices do around value besides. ``volatility`` is the standard deviation of the
  *yearly change of the log multiple*, measured on past multiples; in the long run such changes have
  variance ``2 s² (1 − memory)``, which gives s. How long a swing lasts, a short history cannot say: one
  number for all paths, or one for each.
* The median of swings is nil: noise does not raise the median path. Where fundamental values are
  themselves a metric times a drawn multiple, that draw is about the level to which multiples settle,
  the swings about what they do around it.

Whether a level was *touched* between year ends: :func:`analysis.model.odds.first_passage.touched_by`, with
the volatility of daily returns.

Source: the Ornstein-Uhlenbeck process in exact discrete form (Glasserman 2004, section 3.3); swings around
value that pass, as in Poterba and Summers 1988.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np

from analysis.model._inputs import (
    Number,
    checked,
    is_symbolic,
    require_above,
    require_below,
    require_non_negative,
    require_positive,
    stacked,
)
from analysis.model._normal import Array
from analysis.model.odds.distributions import Distribution, Normal


@checked
def swing_spread(volatility: float, memory: Number) -> Number:
    """The long-run standard deviation s of swings: ``volatility ÷ √(2 (1 − memory))``.

    ``volatility``: standard deviation of the yearly change of the log multiple; ``memory``: the share of a
    swing that is left after a year, a number or one for each path. Raises ``ValueError`` unless
    ``memory`` is at least 0 and below 1 and ``volatility`` at least 0.

    >>> round(swing_spread(0.2, 0.5), 9)
    0.2
    """
    require_non_negative(volatility=volatility, memory=memory)
    require_below(1, memory=memory)
    return volatility / (2 * (1 - memory)) ** 0.5


@checked
def multiple_volatility(multiples: Sequence[float], per_year: int) -> float:
    """The standard deviation of the yearly change of the log multiple, from a history: ``√(Σ change² ÷ n)``.

    ``multiples`` are equally spaced, ``per_year`` of them a year; changes over a year overlap, which uses all
    of a short history. The mean change counts as zero: a trend in a multiple is not a forecast.

    Raises ``ValueError`` if there is no change over a year to measure, or a multiple is not above 0.

    >>> round(multiple_volatility([10.0, 20.0, 10.0], 1), 4)
    0.6931
    """
    logs = np.log(_positive(multiples))
    if not 1 <= per_year < len(logs):
        raise ValueError(f"multiples must span more than a year of {per_year}, got {len(logs)}")
    changes = logs[per_year:] - logs[:-per_year]
    return float(np.sqrt(np.mean(changes**2)))


@checked
def noise_drivers(years: Sequence[int]) -> dict[str, Distribution]:
    """One standard normal driver for each year end, named ``noise.<year>``, to draw with the others."""
    return {f"noise.{year}": Normal(0.0, 1.0) for year in years}


@checked
def noise_of(draws: Mapping[str, Array | float], years: Sequence[int]) -> Array:
    """The drawn noise as years × draws; raises ``KeyError`` naming a year without a driver."""
    return stacked([draws[f"noise.{year}"] for year in years])


@checked
def market_values(
    fundamental: Sequence[Number] | Array,
    noise: Sequence[Number] | Array,
    *,
    market_value_today: Number,
    fundamental_today: Number,
    steps: Sequence[float],
    volatility: float,
    memory: Number,
    fade_years: float,
) -> Array:
    """Market value at each date on each path: ``fundamental × e^(premium + swing)``. Dates × paths.

    ``premium = ln(market value today ÷ fundamental today) × max(1 − t ÷ fade_years, 0)``, ``swing =
    memory^h × swing before + s √(1 − memory^{2h}) × noise``, as the module says.

    ``fundamental`` has one entry per date, a number or one per path; ``noise`` standard normal, dates ×
    paths; ``steps`` the years from one date to the next, the first from today. Money in one unit.

    Raises ``ValueError`` naming a value that is not above 0 (such paths have no logarithm: floor
    them, and say so, before calling), an impossible memory or volatility, or lengths that differ.
    """
    if not len(fundamental) == len(noise) == len(steps):
        lengths = f"{len(fundamental)}, {len(noise)}, {len(steps)}"
        raise ValueError(f"fundamental, noise and steps must be as many, got {lengths}")
    require_positive(
        market_value_today=market_value_today, fundamental_today=fundamental_today, fade_years=fade_years
    )
    require_positive(**{f"fundamental[{i}]": value for i, value in enumerate(fundamental, start=1)})
    require_above(0, steps=np.asarray(steps, dtype=float))
    left_a_year = _plain(memory)
    spread = swing_spread(volatility, left_a_year)
    premium = np.log(_plain(market_value_today) / _plain(fundamental_today))
    values, swing = [], 0.0
    for years, time, value, drawn in zip(steps, accumulate(steps), fundamental, noise, strict=True):
        left = left_a_year**years
        swing = left * swing + spread * np.sqrt(1 - left**2) * drawn
        values.append(_plain(value) * np.exp(premium * max(1 - time / fade_years, 0.0) + swing))
    return stacked(values)


def _plain(value: Number) -> Number:
    return value if is_symbolic(value) else np.asarray(getattr(value, "number", value), dtype=float)


def _positive(values: Sequence[float]) -> Array:
    array = np.asarray(values, dtype=float)
    require_positive(multiples=array)
    return array
