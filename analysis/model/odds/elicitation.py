"""From what a scenario file states about a driver to the distribution it is drawn from.

A statement is a family and the figures that fix it, in one of these forms:

========== ============================== =====================================================
family     figures                        meaning
========== ============================== =====================================================
fixed      value                          no uncertainty
uniform    low, high                      the ends
triangular low, mode, high                the ends and the most likely value
triangular p10, mode, p90                 ends solved for
pert       low, mode, high                as triangular, density a beta
pert       p10, mode, p90                 ends solved for
normal     mean, sd                       moments
normal     p10, p90                       symmetric about their middle
lognormal  p10, p90                       symmetric about their geometric middle
skewed     p10, p50, p90                  shifted log-normal through all three; normal if symmetric
========== ============================== =====================================================

``p10`` is the value that one draw in ten falls below, ``p90`` the one that nine in ten do. Any family may
add ``min`` and ``max`` (both): what lies beyond is cut off and redistributed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from scipy.optimize import root

from analysis.model._inputs import checked
from analysis.model._normal import Array
from analysis.model.odds.distributions import (
    Distribution,
    Fixed,
    Normal,
    Pert,
    Skewed,
    Triangular,
    Truncated,
    Uniform,
)

TENTH_SCORE = 1.2815515655446004
"""The standard normal score that one value in ten exceeds."""

SYMMETRIC = 1e-6
"""A skew this small is taken for none: the shifted log-normal's formula divides by it."""


@checked
def from_statement(statement: Mapping[str, object]) -> Distribution:
    """The distribution that ``{"family": …, figures}`` stands for.

    Raises ``ValueError`` that says what is wrong: an unknown family, figures that are missing,
    not numbers, or not in order, and which figures the family can be stated by.

    >>> from_statement({"family": "pert", "low": 0.1, "mode": 0.2, "high": 0.25})
    Pert(low=0.1, mode=0.2, high=0.25, weight=4.0)
    """
    figures = {name: _number(name, value) for name, value in statement.items() if name != "family"}
    ends = [figures.pop(name) for name in ("min", "max") if name in figures]
    family = statement.get("family")
    forms = {keys: make for (name, keys), make in FORMS.items() if name == family}
    if not forms:
        known = ", ".join(sorted({name for name, _ in FORMS}))
        raise ValueError(f"family must be one of {known}, got {family!r}")
    if frozenset(figures) not in forms or len(ends) == 1:
        stated = " or ".join("(" + ", ".join(sorted(keys)) + ")" for keys in forms)
        given = ", ".join(sorted(set(statement) - {"family"}))
        raise ValueError(f"{family} is stated by {stated}, with both min and max or neither, got {given}")
    distribution = forms[frozenset(figures)](**figures)
    return Truncated(distribution, *ends) if ends else distribution


@checked
def from_driver(roles: Mapping[str, object], *, low: float, value: float, high: float) -> Distribution:
    """The distribution of a driver that has a low, a value and a high, and says what they are.

    ``roles`` gives the family and, for each of ``low``, ``value`` and ``high`` that counts, the name of the
    figure it is: ``{"family": "skewed", "low": "p10", "value": "p50", "high": "p90"}``. Other entries
    (``min``, ``max``) are figures themselves.

    Raises ``ValueError`` as :func:`from_statement` does, and for a role that is not the name of a figure.

    >>> roles = {"family": "normal", "low": "p10", "high": "p90"}
    >>> from_driver(roles, low=8.0, value=10.0, high=12.0).mean
    10.0
    """
    given = {"low": low, "value": value, "high": high}
    statement = {name: entry for name, entry in roles.items() if name not in given}
    for name in given.keys() & roles.keys():
        figure = roles[name]
        if not isinstance(figure, str) or figure in statement:
            raise ValueError(f"{name} must be the name of a figure, each once, got {figure!r}")
        statement[figure] = given[name]
    return from_statement(statement)


@checked
def normal_through(p10: float, p90: float) -> Normal:
    """The normal distribution with these 10% and 90% quantiles.

    ``mean = (p10 + p90) ÷ 2``, ``sd = (p90 − p10) ÷ (2 s)`` with s the standard normal's 90% score.

    >>> normal_through(8.0, 12.0).mean
    10.0
    """
    _require_order(p10=p10, p90=p90)
    return Normal((p10 + p90) / 2, (p90 - p10) / (2 * TENTH_SCORE))


@checked
def lognormal_through(p10: float, p90: float) -> Skewed:
    """The log-normal distribution with these 10% and 90% quantiles, both above 0.

    ``median = √(p10 × p90)``, ``sd of the logarithm = ln(p90 ÷ p10) ÷ (2 s)`` with s the 90% score.

    Source: Johnson et al. 1994, ch. 14.

    >>> round(lognormal_through(5.0, 20.0).median, 9)
    10.0
    """
    _require_order(**{"0": 0.0}, p10=p10, p90=p90)
    median, spread = math.sqrt(p10 * p90), math.log(p90 / p10) / (2 * TENTH_SCORE)
    return Skewed(median, scale=spread * median, skew=spread)


@checked
def skewed_through(p10: float, p50: float, p90: float) -> Distribution:
    """The shifted log-normal through three quantiles, or the normal where they are symmetric.

    With ``r = (p90 − p50) ÷ (p50 − p10)`` and ``s`` the 90% score: ``skew = ln r ÷ s``,
    ``scale = skew (p90 − p50) ÷ (r − 1)``.

    Source: the quantile method for the g-distribution, Hoaglin 1985, as in
    :class:`analysis.model.odds.distributions.Skewed`.

    >>> round(skewed_through(8.0, 10.0, 14.0).skew, 4)
    0.5409
    """
    _require_order(p10=p10, p50=p50, p90=p90)
    ratio = (p90 - p50) / (p50 - p10)
    skew = math.log(ratio) / TENTH_SCORE
    if abs(skew) < SYMMETRIC:
        return Normal(p50, (p90 - p10) / (2 * TENTH_SCORE))
    return Skewed(p50, scale=skew * (p90 - p50) / (ratio - 1), skew=skew)


@checked
def with_ends_solved(
    family: Callable[[float, float, float], Distribution], p10: float, mode: float, p90: float
) -> Distribution:
    """``family(low, mode, high)`` with the ends at which it has these 10% and 90% quantiles.

    Raises ``ValueError`` unless ``p10 < mode < p90`` and ends are found that give both to 1e-9.

    >>> with_ends_solved(Triangular, 0.1, 0.2, 0.3).cdf(0.3).round(9).item()
    0.9
    """
    _require_order(p10=p10, mode=mode, p90=p90)

    span = p90 - p10

    def through(log_widths: Array) -> Distribution:
        down, up = np.exp(np.clip(log_widths, -50.0, 50.0))
        return family(float(p10 - span * down), mode, float(p90 + span * up))

    def misses(log_widths: Array) -> Array:
        return through(log_widths).cdf(np.array([p10, p90])) - [0.1, 0.9]

    solved = root(misses, np.full(2, -1.0), tol=1e-13)
    if not np.all(np.abs(misses(solved.x)) < 1e-9):
        raise ValueError(f"no ends found that give p10 {p10:g} and p90 {p90:g} about a mode of {mode:g}")
    return through(solved.x)


FORMS: Mapping[tuple[str, frozenset[str]], Callable[..., Distribution]] = MappingProxyType(
    {
        ("fixed", frozenset({"value"})): Fixed,
        ("uniform", frozenset({"low", "high"})): Uniform,
        ("triangular", frozenset({"low", "mode", "high"})): Triangular,
        ("triangular", frozenset({"p10", "mode", "p90"})): partial(with_ends_solved, Triangular),
        ("pert", frozenset({"low", "mode", "high"})): Pert,
        ("pert", frozenset({"p10", "mode", "p90"})): partial(with_ends_solved, Pert),
        ("normal", frozenset({"mean", "sd"})): Normal,
        ("normal", frozenset({"p10", "p90"})): normal_through,
        ("lognormal", frozenset({"p10", "p90"})): lognormal_through,
        ("skewed", frozenset({"p10", "p50", "p90"})): skewed_through,
    }
)
"""Family and the names of the figures that state it, to what makes the distribution."""


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number, got {value!r}")
    return float(value)


def _require_order(**named: float) -> None:
    values = list(named.values())
    if not all(a < b for a, b in pairwise(values)):
        stated = ", ".join(f"{name} {value:g}" for name, value in named.items())
        raise ValueError(f"must rise in this order: {stated}")
