"""Base rates: what became of others, set beside a forecast for one company.

A forecast of growth is shrunk towards the mean of a reference class, and the share of that class that
grew at least so fast is read off a normal distribution or off a published table. Growth rates, shares
and weights are fractions; base rates are often *real*, so convert with :func:`nominal_growth` before
comparing. Months and pace between milestones (a first trillion, a second one) close the module.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.model._inputs import (
    Number,
    also,
    is_figure,
    numeric,
    require_fraction,
    require_positive,
)


def share_growing_faster(growth: Number, edges: Sequence[float], shares: Sequence[Number]) -> Number:
    """The share of a reference class at ``growth`` or faster, between the rows of a published table.

    ``shares[i]`` of the class grew at ``edges[i]`` or faster; in between the share is linear, as if each
    class of the histogram were evenly filled: ``share + (next − share) × (growth − edge) ÷ (next edge −
    edge)``. Numbers, arrays and figures. Raises ``ValueError`` if lengths do not match, edges do not rise,
    shares rise, or ``growth`` lies outside the table. The exception is above its last edge when nobody is
    left there: then the share is 0.

    >>> round(share_growing_faster(0.12, [0.10, 0.15], [0.188, 0.068]), 3)
    0.14
    """
    if len(shares) != len(edges):
        raise ValueError(f"shares must be as many as edges ({len(edges)}), got {len(shares)}")
    _require_rising(edges)
    require_fraction(shares=np.asarray(shares, dtype=float))
    if np.any(np.diff(shares) > 0):
        raise ValueError("shares must not rise with growth")
    (rate,) = numeric(growth=growth)
    top = np.inf if shares[-1] == 0 else edges[-1]
    if np.any((rate < edges[0]) | (rate > top)):
        raise ValueError(f"growth must lie within the table, {edges[0]:g} to {edges[-1]:g}, got {rate}")
    if not is_figure(growth):
        share = np.interp(rate, edges, shares)
        return share if np.ndim(share) else float(share)
    if rate >= edges[-1]:
        return also(shares[-1], growth)
    at = int(np.searchsorted(edges, rate, side="right")) - 1
    part = (growth - edges[at]) / (edges[at + 1] - edges[at])
    return shares[at] + (shares[at + 1] - shares[at]) * part


def _require_rising(edges: Sequence[float]) -> None:
    require_positive(**{"steps between edges": np.diff(np.asarray(edges, dtype=float))})
