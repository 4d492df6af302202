"""The tables of the page on the discounted cash flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.charts.table import Column, Table
from analysis.figures import Figure, computed
from analysis.model.dcf.plausibility import GateResult
from analysis.valuation.dcf import Intrinsic, cost_of_capital_figures
from analysis.valuation.expectations import LEVERS, Expectation, Lever
from analysis.valuation.gates import LABELS
from analysis.valuation.parts import implied_multiple, value_today

HEADS: Mapping[Lever, str] = {
    "growth": "Sales growth",
    "margin": "Margin at the end",
    "years": "Years to stable",
    "rate": "Return",
}


@dataclass(frozen=True)
class Prices:
    """What is to be explained: market values by key, what they are called, and each lever solved for them."""

    wanted: Mapping[str, Figure]
    names: Mapping[str, str]
    solved: Mapping[str, Mapping[Lever, Expectation]]


def scenarios(values: Mapping[str, Intrinsic]) -> Table:
    """The value of each scenario and what it is made of."""
    rows = []
    for name, value in values.items():
        found = value.valuation
        forecast, after = float(found.present_forecast), float(found.present_terminal)
        rows.append(
            (
                name,
                value.figure(forecast, "usd_bn", f"Present value of the forecast, {name}", "Σ flow × D"),
                value.figure(after, "usd_bn", f"Present value after the forecast, {name}", "terminal × D"),
                value.figure(float(value.net_assets), "usd_bn", f"Net cash and stakes, {name}", "the bridge"),
                value.equity_figure(),
                value.figure(value.per_share(), "usd", f"Value of a share, {name}", "equity ÷ shares"),
                value.figure(float(found.terminal_share), "fraction", f"After the forecast, {name}", "share"),
            )
        )
    columns = [
        Column("scenario", "Scenario"),
        Column("forecast", "In the forecast", "usd_bn", 0),
        Column("after", "After it", "usd_bn", 0),
        Column("net", "Net cash, stakes", "usd_bn", 0),
        Column("equity", "The shares", "usd_bn", 0),
        Column("share", "A share", "usd", 0),
        Column("later", "Share after it", "fraction", 0),
    ]
    first = next(iter(values.values()))
    return _table(rows, columns, "Value by discounted cash flow, by scenario", first)


def years(value: Intrinsic) -> Table:
    """Year by year: sales, profit, investment, cash, and what it is worth today."""
    lines, found = value.lines, value.valuation
    present = [
        sum(float(part.present_values[at]) for part in found.parts.values()) for at in range(lines.years)
    ]
    rows = list(
        zip(
            value.year_ends,
            map(float, lines.sales),
            [float(o / s) for o, s in zip(lines.operating_income, lines.sales, strict=True)],
            map(float, lines.nopat),
            map(float, lines.reinvestment),
            map(float, found.free_cash_flow),
            present,
            strict=True,
        )
    )
    columns = [
        Column("year", "Year to"),
        Column("sales", "Sales", "usd_bn", 0),
        Column("margin", "Margin", "fraction"),
        Column("nopat", "Profit after tax", "usd_bn", 0),
        Column("invested", "Invested", "usd_bn", 0),
        Column("flow", "Free cash", "usd_bn", 0),
        Column("present", "Worth today", "usd_bn", 0),
    ]
    return _table(rows, columns, f"The forecast, {value.group.scenario} scenario", value)


def rates(value: Intrinsic) -> Table:
    """The cost of capital from the bottom up."""
    found, group = cost_of_capital_figures(value.group), value.group
    entries: Sequence[tuple[str, Figure]] = [
        ("Unlevered beta of the operations", group.driver("dcf.unlevered_beta")),
        ("Beta of the shares, at market leverage", found.levered_beta),
        ("Risk-free rate", group.driver("dcf.risk_free_rate")),
        ("Equity risk premium", group.driver("dcf.equity_risk_premium")),
        ("Cost of equity", found.cost_of_equity),
        ("Cost of debt before tax", found.cost_of_debt),
        ("Weight of equity at market value", found.equity_weight),
        ("Cost of capital today", found.wacc),
        ("Cost of capital at maturity", group.driver("dcf.cost_of_capital_stable")),
        ("Growth after the forecast", group.driver("dcf.growth_stable")),
        ("Return on new capital after the forecast", group.driver("dcf.roic_stable")),
    ]
    shown = [(what, _precise(figure)) for what, figure in entries]
    columns = [Column("what", "Rate"), Column("value", "Value", "figure")]
    return _table(shown, columns, f"The rates, {group.scenario} scenario", value)


def implied(value: Intrinsic, prices: Prices) -> Table:
    """Each lever as the scenario has it, and where the price and the targets need it to be."""
    today = value_today(value.group)
    own = next(part.multiple.base for part in today.parts if part.name == "AWS")
    assumed = [prices.solved["price"][lever].assumed_figure(value) for lever in LEVERS]
    rows: list[tuple[object, ...]] = [("The scenario", *assumed, own)]
    for key, price in prices.wanted.items():
        solved = [prices.solved[key][lever].figure(price, value, prices.names[key]) for lever in LEVERS]
        rows.append((_headed(prices.names[key]), *solved, implied_multiple(today, price)))
    columns = [
        Column("price", "To explain"),
        *(Column(lever, HEADS[lever], "figure") for lever in LEVERS),
        Column("multiple", "AWS multiple", "x", 1),
    ]
    return _table(rows, columns, "What the price takes for granted, and what the targets would", value)


def _precise(figure: Figure) -> Figure:
    """A rate with two decimals: half a point of a tenth matters here."""
    return figure.named(figure.label, "percent2") if figure.unit == "fraction" else figure


def _headed(name: str) -> str:
    return name[0].upper() + name[1:]


def gates(value: Intrinsic, results: Sequence[GateResult]) -> Table:
    """The plausibility checks: what was measured, the limit, and the result."""
    rows = [
        (
            LABELS[result.name],
            computed(result.value, "fraction", LABELS[result.name], result.reason, value.equity_figure()),
            result.limit,
            "passes" if result.passed else f"waived: {result.waived_by}",
        )
        for result in results
    ]
    columns = [
        Column("check", "Check"),
        Column("value", "Measured", "fraction"),
        Column("limit", "Limit", "fraction"),
        Column("result", "Result"),
    ]
    title = f"Plausibility checks, {value.group.scenario} scenario"
    return _table(rows, columns, title, value)


def _table(rows: Sequence[Sequence[object]], columns: list[Column], title: str, value: Intrinsic) -> Table:
    frame = pd.DataFrame(list(rows), columns=[column.field for column in columns], dtype=object)
    return Table(frame, columns, title, [*value.group.reported(), "scenarios of this report"])
