"""Intrinsic value by discounted cash flow, and the expectations that today's price already contains."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.chapters import _dcf_choices as choices
from analysis.chapters import _dcf_tables as tables
from analysis.chapters._dcf_play import calculator
from analysis.chapters._dcf_tables import Prices
from analysis.chapters._words import SCENARIOS, convention
from analysis.chapters.page import Page
from analysis.charts import dcf as charts
from analysis.charts import sotp as parts_charts
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.data import Edition
from analysis.figures import Figure, text
from analysis.formats import day
from analysis.model.dcf.economic_profit import EconomicProfitValuation
from analysis.model.dcf.implied import solve
from analysis.model.parts.equity_bridge import bridge
from analysis.report.claims import claims_for
from analysis.valuation.dcf import (
    Intrinsic,
    cost_of_capital_figures,
    intrinsic,
    opening_capital,
)
from analysis.valuation.expectations import (
    GROWTH,
    LEVERS,
    PIECES,
    Expectation,
    Lever,
    expectations,
    growth_of,
    margin_of,
    shift,
)
from analysis.valuation.gates import enforced
from analysis.valuation.group import balance_figures, open_group
from analysis.valuation.parts import NAMES, discounted_target, implied_multiple, step_name, value_today

UNSOLVED: Mapping[Lever, str] = {
    "growth": "a rate outside those searched",
    "margin": "a level outside those searched",
    "years": "no length searched",
    "rate": "a rate outside those searched",
}
CENT = 1e-11  # in usd_bn
MARGINS = np.linspace(-0.08, 0.08, 9)  # changes of the margin along a curve of equal value


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition; no valuation on it fails a plausibility check without a written reason."""
    values = {name: intrinsic(open_group(edition, name)) for name in dict.fromkeys((*SCENARIOS, scenario))}
    gates = {name: enforced(value) for name, value in values.items()}
    value = values[scenario]
    prices = _prices(value)
    effects = choices.effects(value)
    numbers = {
        **_value(value),
        **{f"value_{name}": values[name].equity_figure() for name in SCENARIOS},
        **_rates(value),
        **_flows(value),
        **_economic_profit(value),
        **_implied(value, prices),
        **_choices(value, effects),
        **_checks(value),
    }
    return Page(
        "dcf",
        numbers,
        charts={
            "flows": lambda: _flows_chart(value),
            "bridge": lambda: _bridge_chart(value),
            "frontier": lambda: _frontier_chart(values, value, prices),
            "choices": lambda: choices.chart(value, effects),
        },
        tables={
            "scenarios": lambda: tables.scenarios(values),
            "years": lambda: tables.years(value),
            "rates": lambda: tables.rates(value),
            "implied": lambda: tables.implied(value, prices),
            "meanings": lambda: choices.table(value, effects),
            "gates": lambda: tables.gates(value, gates[scenario]),
            "claims": lambda: claims_for(edition, "dcf", most=6),
        },
        calculators={"play": lambda: calculator(values, value)},
    )


def _prices(value: Intrinsic) -> Prices:
    """What is to be explained: today's market value, and the targets discounted to today."""
    group = value.group
    wanted = {"price": group.edition.market_value}
    wanted |= {f"t{t.name.lower()}": discounted_target(group, t) for t in group.edition.targets}
    names = {"price": "today's price", **{f"t{t.name.lower()}": f"${t.name}" for t in group.edition.targets}}
    solved = {key: expectations(value, price.number) for key, price in wanted.items()}
    return Prices(wanted, names, solved)


# --- Numbers ---------------------------------------------------------------------------------------------


def _value(value: Intrinsic) -> dict[str, Figure]:
    group, equity = value.group, value.equity_figure()
    market = group.edition.market_value
    gap = (equity / market - 1).named("Value of the shares against the market value", "fraction")
    valuation = value.valuation
    net = float(value.net_assets)
    share = value.figure(
        value.per_share(), "usd", f"Value of a share, {group.scenario} scenario", "equity ÷ shares"
    )
    return {
        "scenario": text(group.scenario, "Scenario"),
        "price_day": text(day(group.edition.price_date), "Day of the price", group.edition.price),
        "market_value": market,
        "price": group.edition.price,
        "value": equity,
        "share": share,
        "gap": (gap if gap.number >= 0 else -1 * gap).named(gap.label, "fraction"),
        "gap_word": text("more" if gap.number > 0 else "less", "The value against the market", gap),
        "asks": text("more" if gap.number < 0 else "less", "What the price asks of the scenario", gap),
        "operations": value.figure(
            float(value.operations), "usd_bn", "Value of the operations", "Σ flows × D"
        ),
        "net_assets": value.figure(net, "usd_bn", "Cash, securities and stakes less debt", "the bridge"),
        "terminal_share": value.figure(
            float(valuation.terminal_share),
            "fraction",
            "Share of the value after the forecast",
            "terminal ÷ all",
        ),
        "years": convention(value.conventions.years, "years", "Years of forecast"),
        **_largest(value, equity),
    }


def _largest(value: Intrinsic, equity: Figure) -> dict[str, Figure]:
    """The part worth most, and its share of the operations."""
    valuation = value.valuation
    part = max(valuation.parts, key=lambda name: float(valuation.parts[name].value))
    name, share = NAMES.get(part, part), float(valuation.share_of(part))
    return {
        "largest": text(name, "The largest part", equity),
        "largest_share": value.figure(share, "fraction", f"{name}'s share", "part ÷ all"),
    }


def _rates(value: Intrinsic) -> dict[str, Figure]:
    found, group = cost_of_capital_figures(value.group), value.group
    return {
        "wacc": found.wacc,
        "cost_of_equity": found.cost_of_equity,
        "beta": found.levered_beta,
        "equity_weight": found.equity_weight,
        "rate_stable": group.driver("dcf.cost_of_capital_stable"),
        "growth_stable": group.driver("dcf.growth_stable"),
        "roic_stable": group.driver("dcf.roic_stable"),
        "constant_years": group.driver("dcf.constant_years"),
        "tax_now": group.driver("tax.effective"),
        "tax_stable": group.driver("tax.marginal"),
    }


def _flows(value: Intrinsic) -> dict[str, Figure]:
    flows, lines = value.valuation.free_cash_flow, value.lines
    first, last = value.year_ends[0], value.year_ends[-1]
    terminal = sum(float(part.terminal_value) for part in value.valuation.parts.values())
    profit = float(lines.operating_income[-1])
    flow, rule = (
        "Free cash flow to the firm, twelve months to",
        "operating income × (1 − tax) − net investment",
    )
    multiple = f"Terminal value over operating income, twelve months to {last}"
    return {
        "flow_first": value.figure(float(flows[0]), "usd_bn", f"{flow} {first}", rule),
        "flow_last": value.figure(float(flows[-1]), "usd_bn", f"{flow} {last}", rule),
        "year_first": text(first, "End of the first forecast year"),
        "year_last": text(last, "End of the last forecast year"),
        "terminal_multiple": value.figure(terminal / profit, "x", multiple, "terminal ÷ operating income"),
    }


def _economic_profit(value: Intrinsic) -> dict[str, Figure]:
    """The second way to the same number; raises ``ValueError`` if it is another number."""
    other: EconomicProfitValuation = value.economic_profit()
    difference = abs(float(other.value - value.operations))
    if difference >= CENT:
        raise ValueError(f"economic profit and free cash flow differ by {difference:g} billion dollars")
    capital = opening_capital(value.group)
    above = float(other.value) - capital.number
    return {
        "capital": capital,
        "profit_above": value.figure(above, "usd_bn", "Present value of the profit above the cost of capital",
                                     "Σ economic profit × D + continuing value × D"),
        "agree": text("to the cent", "Economic profit against free cash flow", capital),
        "roic_now": value.figure(float(value.lines.nopat[0]) / capital.number, "fraction",
                                 "Return on capital in the first year", "profit after tax ÷ opening capital"),
        "roic_last": value.figure(float(value.lines.nopat[-1] / other.invested_capital[-2]), "fraction",
                                  "Return on capital in the last year", "profit after tax ÷ opening capital"),
    }  # fmt: skip


def _implied(value: Intrinsic, prices: Prices) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for lever in LEVERS:
        for key, price in prices.wanted.items():
            found[f"{key}_{lever}"] = prices.solved[key][lever].figure(price, value, prices.names[key])
        assumed = prices.solved["price"][lever]
        found[f"own_{lever}"] = assumed.assumed_figure(value)
        found[f"said_{lever}"] = _said(assumed, found[f"price_{lever}"])
    today = value_today(value.group)
    for key, price in prices.wanted.items():
        found[f"{key}_multiple"] = implied_multiple(today, price)
        found[f"{key}_value"] = price
    return found


def _said(expected: Expectation, level: Figure) -> Figure:
    """The level that the price takes for granted, for a sentence; words where none found does."""
    if expected.implied is not None:
        return level
    return text(UNSOLVED[expected.lever], level.label, level)


def _choices(value: Intrinsic, effects: list[choices.Effect]) -> dict[str, Figure]:
    highest, lowest = effects[0], effects[-1]
    return {
        "choice_up": text(highest.name.lower(), "The choice that adds most", highest.change),
        "choice_up_change": highest.change,
        "choice_down": text(lowest.name.lower(), "The choice that takes most", lowest.change),
        "choice_down_change": (-1 * lowest.change).named(lowest.change.label, "usd_bn"),
        "choice_spread": ((highest.change - lowest.change) / value.equity_figure()).named(
            "Distance of the two over the value", "fraction"
        ),
    }


def _checks(value: Intrinsic) -> dict[str, Figure]:
    """What would contradict the page: the first year's margin, the investment of the first years."""
    end, years = value.year_ends[0], int(value.group.drivers["dcf.constant_years"])
    until, margin = value.year_ends[years - 1], float(value.lines.operating_income[0] / value.lines.sales[0])
    label = f"Operating margin, twelve months to {end}, {value.group.scenario} scenario"
    market = value.group.edition.market_value
    dearer = market.number > float(value.equity)
    invested = sum(float(amount) for amount in value.lines.reinvestment[:years])
    rule = "Σ added sales ÷ sales per dollar of capital"
    return {
        "check_quarter": text(end, "The quarter that ends the first forecast year"),
        "check_side": text("or more" if dearer else "or less", "The price against the value", market),
        "check_verdict": text("not too high" if dearer else "too high", "What that would say", market),
        "check_margin": value.figure(margin, "fraction", label, "income ÷ sales"),
        "check_until": text(until, "The quarter until which investment is summed"),
        "check_investment": value.figure(invested, "usd_bn", f"Net investment until {until}", rule),
    }


# --- Charts ----------------------------------------------------------------------------------------------


def _source(value: Intrinsic) -> Sources:
    source: Sources = [*value.group.reported(), value.group.edition.market_value, "scenarios of this report"]
    return source


def _flows_chart(value: Intrinsic) -> ChartFigure:
    found = {
        "profit after tax": value.lines.nopat,
        "net investment": value.lines.reinvestment,
        "free cash flow": value.valuation.free_cash_flow,
    }
    rows = [
        (end, name, float(amount))
        for name, path in found.items()
        for end, amount in zip(value.year_ends, path, strict=True)
    ]
    return charts.flows(pd.DataFrame(rows, columns=["year", "flow", "amount"]), _source(value))


def _bridge_chart(value: Intrinsic) -> ChartFigure:
    group = value.group
    steps = bridge(balance_figures(group.edition, group.drivers), leases=group.leases)
    amounts = {
        NAMES.get(name, "Operations"): float(part.value) for name, part in value.valuation.parts.items()
    }
    amounts |= {step_name(name): float(step) for name, step in steps.items()}
    title = "From the present value of the parts to the shares"
    return parts_charts.waterfall(amounts, title, group.market.value, _source(value))


def _frontier_chart(values: Mapping[str, Intrinsic], value: Intrinsic, prices: Prices) -> ChartFigure:
    """Pairs of growth and margin worth each price, beside where the scenarios stand."""
    rows = []
    for key, price in prices.wanted.items():
        for change in MARGINS:
            pair = _pair(value, price.number, float(change))
            rows += [] if pair is None else [(prices.names[key], *pair)]
    curves = pd.DataFrame(rows, columns=["price", "growth", "margin"])
    points = pd.DataFrame(
        [(name, growth_of(values[name]), margin_of(values[name])) for name in SCENARIOS],
        columns=["name", "growth", "margin"],
    )
    levels = {prices.names[key]: price.number for key, price in prices.wanted.items()}
    return charts.frontier(curves, points, levels, _source(value))


def _pair(value: Intrinsic, price: float, change: float) -> tuple[float, float] | None:
    """Growth and margin of the point on a price's curve at which every margin is changed by ``change``."""
    moved = shift(value.group, "margin", change)

    def at(faster: float) -> Intrinsic:
        return intrinsic(shift(moved, "growth", faster), value.conventions)

    found = solve("growth", lambda x: at(x).equity, price, low=GROWTH[0], high=GROWTH[1], pieces=PIECES)
    if not found.found:
        return None
    there = at(found.value)
    return growth_of(there), margin_of(there)
