"""The DCF of the analysis of April 2025 beside the report's on the same day, and the steps between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import add
from typing import Any

from analysis.articles.reproduction import Line, Worked, lines
from analysis.articles.stated_dcf import Alone, FlowValue, alone, stated
from analysis.data import Edition
from analysis.figures import Figure, computed, text
from analysis.model._inputs import Number, also
from analysis.model.projection.segments import Path
from analysis.valuation.dcf import Conventions, Intrinsic, first_period, intrinsic
from analysis.valuation.group import Group, open_group

_TAKEN = (
    "dcf_aws_growth", "dcf_retail_growth_low", "dcf_retail_growth_high", "dcf_margin", "dcf_discount_rate",
)  # fmt: skip
_MISSING = ("dcf_years", "dcf_constant_years", "dcf_terminal_growth", "dcf_margin_share")


def dcf(given: Mapping[str, Figure], then: Edition, group: Group) -> Worked:
    """The article's inputs with what it leaves out put in, and the report's valuation of that day."""
    theirs = stated(given, then).flows
    ours = intrinsic(open_group(then, group.scenario).traced, Conventions(years=len(theirs.sales)))
    value = _named(theirs, "value a share by its inputs and the assumptions put in", given, then)
    own = ours.per_share().named("value a share by this report's DCF")
    fits = {each.name: each for each in missing(given, then)}
    return Worked(
        lines=lines(
            *((_label(given[name]), given[name], None) for name in _TAKEN),
            *((f"{_label(given[name])}: not stated", given[name], None) for name in _MISSING),
            ("Sales of the last year of the forecast", _last(theirs.sales, "usd_bn", given),
             _made(ours.lines.sales[-1], "usd_bn")),
            ("Free cash flow margin of that year", _last(theirs.margins, "fraction", given),
             _made(_margins(ours)[-1], "fraction")),
            ("Discount rate of that year", _last(theirs.rates, "fraction", given),
             _made(ours.rate_path[-1], "fraction")),
            ("Terminal value over free cash flow", _figure(theirs.terminal_multiple, "x", given),
             _made(_terminal_multiple(ours), "x")),
        ),
        result=Line("Value a share", value, own),
        shown={"value": value, "ours": own, "low": given["dcf_low"], "high": given["dcf_high"],
               **_fit(fits["terminal_growth"], "growth", given), **_fit(fits["margin_share"], "part", given),
               **_fit(fits["shares"], "shares", given)},
        causes=_steps(theirs, ours, list(given.values())),
        printed=(given["dcf_low"], given["dcf_high"]),
    )  # fmt: skip


def _label(figure: Figure) -> str:
    label = figure.label.removesuffix(", as the article has it")
    return label[0].upper() + label[1:]


def missing(given: Mapping[str, Figure], then: Edition) -> tuple[Alone, ...]:
    """Each assumption the article leaves out, and what it alone would have to be."""
    return alone(stated(given, then), given["dcf_low"].number, given["dcf_high"].number)


def _steps(theirs: FlowValue, ours: Intrinsic, given: Sequence[Figure]) -> tuple[Figure, ...]:
    """The way from its value to the report's: each step keeps the ones before and changes one more.

    A step rests on the article's inputs and on what it and the ones before took from the report; the last
    adds amounts that no other touches.
    """
    sales, margins, multiple = ours.lines.sales, _margins(ours), _terminal_multiple(ours)
    rates = tuple(also(rate, ours.leases) for rate in ours.rate_path)
    changes: dict[str, tuple[dict[str, Any], Path]] = {
        "sales of the parts": ({"sales": _plain(sales)}, sales),
        "free cash flow margins": ({"margins": _plain(margins)}, margins),
        "discount rates": ({"rates": _plain(rates)}, rates),
        "terminal value": ({"terminal_multiple": float(multiple)}, (multiple,)),
        "mid-year flows, day of the price": (
            {"timing": ours.conventions.timing, "first_period": first_period(ours.group)}, (),
        ),
    }  # fmt: skip
    found, now, taken = [], theirs, list(given)
    formula = "value a share with this step − without it"
    for label, (change, figures) in changes.items():
        after: FlowValue = replace(now, **change)
        taken += figures
        found.append(computed(after.per_share - now.per_share, "usd", label, formula, *taken))
        now = after
    cash = replace(now, net_assets=float(ours.net_assets)).per_share - now.per_share
    return (*found, computed(cash, "usd", "cash, debt and stakes", formula, *given, ours.net_assets))


def _margins(ours: Intrinsic) -> Path:
    flows = ours.lines.free_cash_flow
    return tuple(also(flow / sales, ours.leases) for flow, sales in zip(flows, ours.lines.sales, strict=True))


def _terminal_multiple(ours: Intrinsic) -> Number:
    """The terminal value of all parts over the free cash flow of the last year."""
    at_horizon = [part.terminal_value for part in ours.valuation.parts.values()]
    return also(reduce(add, at_horizon) / ours.lines.free_cash_flow[-1], ours.leases)


def _plain(path: Path) -> tuple[float, ...]:
    return tuple(float(value) for value in path)


def _made(figure: Figure, unit: str) -> Figure:
    return figure.named("as the inputs make it", unit)


def _named(flows: FlowValue, label: str, given: Mapping[str, Figure], then: Edition) -> Figure:
    sales = then.ttm("income.net_sales")
    formula = "(Σ sales × margin × D + terminal value × D + net cash) ÷ shares"
    return computed(flows.per_share, "usd", label, formula, *given.values(), sales, then.shares)


def _figure(value: float, unit: str, given: Mapping[str, Figure]) -> Figure:
    inputs = [given[name] for name in (*_TAKEN, *_MISSING)]
    return computed(value, unit, "as the inputs make it", "paths of the forecast", *inputs)


def _last(path: tuple[float, ...], unit: str, given: Mapping[str, Figure]) -> Figure:
    return _figure(float(path[-1]), unit, given)


def _fit(found: Alone, name: str, given: Mapping[str, Figure]) -> dict[str, Figure]:
    """The values of one assumption that would fit, as figures ``…_low`` and ``…_high``."""
    return {
        f"{name}_{end}": text("no value", found.label) if value is None else _figure(value, found.unit, given)
        for end, value in zip(("low", "high"), found.fits, strict=True)
    }
