"""Base rates: what became of others, set beside a forecast for one company.

The share of a reference class that grew at least so fast is read off a published table. Growth rates and
shares are fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from analysis.model._inputs import Number, also, checked, require_fraction, require_positive


@checked
def share_growing_faster(growth: Number, edges: Sequence[float], shares: Sequence[Number]) -> Number:
    """The share of a reference class at ``growth`` or faster, between the rows of a published table.

    ``shares[i]`` of the class grew at ``edges[i]`` or faster; in between the share is linear, as if each
    class of the histogram were evenly filled: ``share + (next share − share) × (growth − edge) ÷ (next edge −
    edge)``. Single numbers and figures. Raises ``ValueError`` if lengths do not match, edges do not rise,
    shares rise, or ``growth`` lies outside the table. The exception is above its last edge when nobody is
    left there: then the share is 0.

    >>> round(share_growing_faster(0.12, [0.10, 0.15], [0.188, 0.068]), 3)
    0.14
    """
    if len(shares) != len(edges):
        raise ValueError(f"shares must be as many as edges ({len(edges)}), got {len(shares)}")
    _require_rising(edges)
    require_fraction(**{f"shares[{at}]": share for at, share in enumerate(shares)})
    if any(later > earlier for earlier, later in pairwise(shares)):
        raise ValueError("shares must not rise with growth")
    if growth < edges[0] or (growth > edges[-1] and shares[-1] > 0):
        raise ValueError(f"growth must lie within the table, {edges[0]:g} to {edges[-1]:g}, got {growth}")
    for low, high, above, beyond in zip(edges, edges[1:], shares, shares[1:], strict=False):
        if growth < high:
            return above + (beyond - above) * (growth - low) / (high - low)
    return also(shares[-1], growth)


@checked
def forecast_weight(base_sd: Number, forecast_sd: Number) -> Number:
    """The weight of a forecast beside a base rate, by precision: ``base_sd² ÷ (base_sd² + forecast_sd²)``.

    ``base_sd`` is the spread of the reference class, ``forecast_sd`` that of the forecast's error; the base
    rate has the rest. Raises ``ValueError`` unless both are above 0. Source: Gelman and others, Bayesian Data
    Analysis, 3rd ed., section 2.5 (two normal sources).

    >>> forecast_weight(0.08, 0.04)
    0.8
    """
    require_positive(base_sd=base_sd, forecast_sd=forecast_sd)
    return base_sd**2 / (base_sd**2 + forecast_sd**2)


def _require_rising(edges: Sequence[float]) -> None:
    require_positive(**{"steps between edges": np.diff(np.asarray(edges, dtype=float))})
