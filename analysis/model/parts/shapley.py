"""A change of a result divided among its causes, so that no order of the causes decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial


def shapley_values(causes: Sequence[str], result: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """Each cause's share of ``result(all) − result(none)``; the shares add up to it exactly.

    ``result`` gives the result with the causes in a set in effect, the others not. A cause's share is what it
    adds, averaged over every order in which the causes can come into effect:
    ``Σ |S|! (n − |S| − 1)! ÷ n! × (result(S with cause) − result(S))`` over the sets S without it. Each
    set is asked for once. What rounding leaves over goes to the largest share.

    Raises ``ValueError`` for a cause named twice. Source: Shapley 1953, A value for n-person games.

    >>> shapley_values(["a", "b"], lambda on: 10.0 * ("a" in on) + 2.0 * ({"a", "b"} <= on))
    {'a': 11.0, 'b': 1.0}
    """
    if len(set(causes)) < len(causes):
        raise ValueError(f"causes must have different names, got {', '.join(causes)}")
    sets = [frozenset(some) for size in range(len(causes) + 1) for some in combinations(causes, size)]
    results = {some: result(some) for some in sets}
    count = len(causes)
    shares = {
        cause: sum(
            factorial(len(some)) * factorial(count - len(some) - 1) / factorial(count)
            * (results[some | {cause}] - results[some])
            for some in sets
            if cause not in some
        )
        for cause in causes
    }  # fmt: skip
    if shares:
        whole = results[frozenset(causes)] - results[frozenset()]
        largest = max(shares, key=lambda cause: abs(shares[cause]))
        shares[largest] += whole - sum(shares.values())
    return shares
