"""The functions that claims can name, and how one is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from analysis.articles import lookups, measures
from analysis.articles.context import Context
from analysis.articles.expressions import ExpressionError, Value, evaluate, functions_in
from analysis.data.problems import expected_of
from analysis.figures import Figure

_FUNCTIONS: tuple[Callable[..., Value], ...] = (
    lookups.reported,
    lookups.growth,
    lookups.trailing,
    lookups.lowest_growth,
    lookups.years_since_faster,
    lookups.close,
    lookups.market_value,
    lookups.lowest_market_value,
    lookups.highest_market_value,
    lookups.enterprise_value,
    lookups.ebitda,
    lookups.mean_ev_to_ebitda,
    lookups.observation,
    lookups.key_figure,
    lookups.peer_value,
    lookups.earlier_rows,
    lookups.weekday_published,
    lookups.reported_apart,
    lookups.input_,
    lookups.claimed,
    measures.years_between,
    measures.years_until,
    measures.years_from_quarter,
    measures.compound,
    measures.cagr,
    measures.sales_from_run_rate,
    measures.value_at,
    measures.multiple_required,
    measures.growth_required,
    measures.upside,
    measures.value_before,
    measures.stated_dcf_value,
    measures.total,
    measures.median,
    measures.mean,
    measures.rank,
    measures.largest_share_of_growth,
    measures.spread_of_growth,
    measures.observed_spread_of_growth,
    measures.spread_of_market_value,
)

FUNCTIONS: Mapping[str, Callable[..., Value]] = MappingProxyType(
    {function.__name__.rstrip("_"): function for function in _FUNCTIONS}
)


def unknown_functions(text: str) -> list[str]:
    """The names that an expression calls and that are no functions of claims."""
    return [name for name in functions_in(text) if name not in FUNCTIONS]


def compute(text: str, context: Context) -> Figure:
    """What an expression gives in its context.

    Raises ``ExpressionError`` for an unknown function or arguments that do not fit it,
    ``AbsentFigure`` for a figure that was not public, ``KeyError`` or ``ValueError`` for a name,
    quarter or period that does not exist.
    """

    def call(name: str, arguments: Sequence[Value]) -> Value:
        if name not in FUNCTIONS:
            raise ExpressionError(
                f"{name!r} is no function (expected {expected_of(name, sorted(FUNCTIONS))})"
            )
        function = FUNCTIONS[name]
        try:
            inspect.signature(function).bind(context, *arguments)
        except TypeError as error:
            raise ExpressionError(f"{name}: {error} (expected {_signature(function)})") from None
        return function(context, *arguments)

    return evaluate(text, call)


def _signature(function: Callable[..., Value]) -> str:
    names = list(inspect.signature(function).parameters)[1:]
    return f"{function.__name__.rstrip('_')}({', '.join(names)})"
