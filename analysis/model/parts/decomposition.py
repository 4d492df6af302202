"""Decomposition: how much of a change in value came from growth, margin, multiple and share count.

A value that is a product of factors, ``V = x₁ × x₂ × …``, changes by ``ln(V¹ ÷ V⁰) = Σ ln(xₖ¹ ÷ xₖ⁰)``
in logarithms. The logarithmic-mean Divisia index (LMDI) scales these to money with the logarithmic
mean ``L(a, b) = (a - b) ÷ ln(a ÷ b)``, ``L(a, a) = a``: factor k contributes
``L(V¹, V⁰) × ln(xₖ¹ ÷ xₖ⁰)``. The parts add up to ``V¹ - V⁰`` with no remainder, do not depend on the
order of the factors, and change sign when the two dates are swapped.

Source: Ang 2005, additive LMDI-I; the logarithmic mean after Sato 1976 and Vartia 1976.

Floats, figures and arrays that broadcast; figures give figures. Not for Altair parameters, because of
the logarithm.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np

from analysis.model._inputs import Number, checked, is_absent, is_figure, log, numeric, require_positive


class NotDecomposableError(ValueError):
    """A factor is zero or negative, so that its logarithm, and its contribution, do not exist."""


@checked
def logarithmic_mean(a: Number, b: Number) -> Number:
    """``(a - b) ÷ ln(a ÷ b)``, and ``a`` where the two are equal; between their geometric and plain means.

    Raises ``ValueError`` unless both are above 0.

    >>> round(logarithmic_mean(2.0, 1.0), 4), logarithmic_mean(3.0, 3.0)
    (1.4427, 3.0)
    """
    require_positive(a=a, b=b)
    if is_figure(a) or is_figure(b):
        gap = a - b
        return (a + b) / 2 if not is_absent(gap) and float(gap) == 0 else gap / log(a / b)
    a, b = numeric(a=a, b=b)
    gap = np.subtract(a, b)
    equal = gap == 0
    ratio = np.divide(gap, b)
    logarithm = np.where(np.abs(ratio) < 0.5, np.log1p(ratio), np.log(a / b))  # each keeps its digits there
    mean = np.where(equal, a, gap / np.where(equal, 1.0, logarithm))
    return mean if mean.ndim else float(mean)


@checked
def log_contributions(before: Mapping[str, Number], after: Mapping[str, Number]) -> dict[str, Number]:
    """Each factor's contribution to the change of their product in logarithms: ``ln(after ÷ before)``.

    They add up to the logarithm of the product's ratio. Raises ``ValueError`` unless both name the same
    factors, :class:`NotDecomposableError` naming the factors that are not above 0.
    """
    if before.keys() != after.keys():
        raise ValueError(
            f"after must have the factors of before ({', '.join(before)}), got {', '.join(after)}"
        )
    for when, factors in (("before", before), ("after", after)):
        try:
            require_positive(**factors)
        except ValueError as error:
            raise NotDecomposableError(f"{when}: {error}") from error
    result = {}
    for name in before:
        start, end = before[name], after[name]
        if not is_figure(start) and not is_figure(end):
            start, end = numeric(before=start, after=end)
        logarithm = log(end / start)
        result[name] = logarithm if np.ndim(logarithm) or is_figure(logarithm) else float(logarithm)
    return result


@checked
def contributions(before: Mapping[str, Number], after: Mapping[str, Number]) -> dict[str, Number]:
    """Each factor's contribution to the change of their product, in the product's own unit.

    ``L(V¹, V⁰) × ln(xₖ¹ ÷ xₖ⁰)``; the values of the result add up to ``V¹ - V⁰``. A factor that divides
    enters as its reciprocal. Raises as :func:`log_contributions` does.

    >>> parts = contributions({"sales": 100.0, "multiple": 2.0}, {"sales": 200.0, "multiple": 4.0})
    >>> {name: round(part, 6) for name, part in parts.items()}
    {'sales': 300.0, 'multiple': 300.0}
    """
    logarithms = log_contributions(before, after)
    values = [_product(factors) for factors in (after, before)]
    scale = logarithmic_mean(*values)
    return {name: scale * logarithm for name, logarithm in logarithms.items()}


def _product(factors: Mapping[str, Number]) -> Number:
    has_figures = any(is_figure(factor) for factor in factors.values())
    return prod(factors.values() if has_figures else numeric(**factors))
