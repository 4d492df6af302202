"""Being above a level at a date, and touching it by a date.

A level can be touched and lost again, so the two differ. For geometric Brownian motion both have closed
forms; for simulated paths known only once a year, what happens between two dates is a Brownian bridge in
the logarithm. Looking at the dates alone (and even at daily closes) understates the chance to touch.

Money in one unit, ``volatility`` and ``drift`` per year as fractions, continuously compounded:
``dS = drift S dt + volatility S dW``. Arguments broadcast.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.model._inputs import Number, checked, is_symbolic, numeric, require_positive, stacked
from analysis.model._normal import Array


@checked
def bridge_touch_probability(
    start: Number, end: Number, barrier: Number, *, volatility: Number, years: Number
) -> Number:
    """The probability that a path touched ``barrier`` from below between two dates on which it is known.

    1 if either end is at the barrier or above it, else
    ``exp(−2 ln(barrier ÷ start) ln(barrier ÷ end) ÷ (volatility² years))``; the drift does not matter.

    Source: Glasserman 2004, section 6.4, after Andersen and Brotherton-Ratcliffe 1996.

    >>> round(bridge_touch_probability(100.0, 110.0, 120.0, volatility=0.3, years=1.0), 4)
    0.7029
    """
    if not is_symbolic(start) and not is_symbolic(end):
        start, end, barrier, volatility, years = numeric(
            start=start, end=end, barrier=barrier, volatility=volatility, years=years
        )
    require_positive(start=start, end=end, barrier=barrier, volatility=volatility, years=years)
    before = np.maximum(np.log(barrier / start), 0.0)
    after = np.maximum(np.log(barrier / end), 0.0)
    return _plain(np.exp(-2 * before * after / (volatility**2 * years)))


@checked
def touched_by(
    values: Sequence[Number] | Array,
    start: Number,
    barrier: float,
    *,
    volatility: float,
    steps: Sequence[float],
) -> Array:
    """For each path the probability to have touched ``barrier`` by each date, bridges between dates.

    ``1 − Π (1 − chance to touch between two dates)``.

    ``values`` has dates × paths, ``start`` is the value today (a number or one per path), ``steps`` the
    years from one date to the next, the first from today. The
    probability not to have touched is the product over the steps. The mean over paths is the chance to touch;
    it is steadier than counting touches, whose expectation on each path it is.

    Raises ``ValueError`` if there are not as many steps as dates.

    Source: as :func:`bridge_touch_probability`.
    """
    if len(steps) != len(values):
        raise ValueError(f"steps must be {len(values)}, one for each date, got {len(steps)}")
    if not len(steps):
        raise ValueError("values must have at least one date")
    untouched, touched, before = 1.0, [], start
    for years, now in zip(steps, values, strict=True):
        untouched = untouched * (
            1 - bridge_touch_probability(before, now, barrier, volatility=volatility, years=years)
        )
        touched.append(1 - untouched)
        before = now
    return stacked(touched)


def _plain(value: Number) -> Number:
    return float(value) if not is_symbolic(value) and np.ndim(value) == 0 else value
