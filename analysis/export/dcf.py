"""The sheet of the discounted cash flow: :func:`analysis.valuation.dcf.intrinsic` by its own choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.export.projection import WIDTHS, done_by, lines_of_part, moves, weights
from analysis.export.sheet import Sheet
from analysis.export.years import Lines
from analysis.model.dcf.free_cash_flow import own_reinvestment, terminal_value
from analysis.model.dcf.terminal_value import ValueDriver, value_driver
from analysis.model.projection.segments import DRIVERS_OF
from analysis.valuation.dcf import FORECAST_YEARS, Conventions, Intrinsic, first_period, intrinsic
from analysis.valuation.group import Group
from analysis.valuation.parts import NAMES

CHOSEN = Conventions(leases="not_debt")
GROWTH, RATE = "dcf.growth_stable", "dcf.cost_of_capital_stable"


def dcf_sheet(group: Group) -> tuple[Lines, Intrinsic]:
    """Ten twelve-month years from the latest quarter's end, what follows, and the bridge to a share."""
    years = tuple(range(1, FORECAST_YEARS + 1))
    group = replace(group, steps=(1.0,) * FORECAST_YEARS, years=years)
    found = intrinsic(group, CHOSEN)
    sheet = Sheet("DCF", widths=(*WIDTHS, *(11 for _ in years)), frozen=(1, 3))
    lines = Lines(sheet, FORECAST_YEARS, FORECAST_YEARS - 1)
    label = f"Forecast year, twelve months each from the end of {group.edition.quarter}"
    lines.line("year", label, "number", ("0", 0.0), ("{p}{year}+1", years))
    lines.line("step", "Length of the year", "years", None, ("1", (1.0,) * FORECAST_YEARS))
    lines.line("end", "Years from the end of that quarter", "years", ("0", 0.0), ("{p}{end}+1", group.times))
    for name in group.projection.parts:
        lines_of_part(lines, group, name)
    _flows(lines, group, found)
    _rates(lines, found, group)
    _present(lines, found)
    _after(lines, group, found)
    _equity(lines, group, found)
    return lines, found


def _flows(lines: Lines, group: Group, found: Intrinsic) -> None:
    lines.heading("Cash flow")
    tax = group.drivers["tax.effective"]
    faded = weights(group.drivers["tax.fade_years"], group.times)
    done = (done_by("tax.fade_years", "{c}{end}"), faded)
    lines.line("tax_moved", "Part of the move of the tax rate done", "fraction", None, done)
    moving = (moves("tax.effective", "tax.marginal", "tax_moved"), found.projection.tax)
    lines.line("tax", "Tax rate", "fraction", ("tax.effective", tax), moving)
    for name, part in found.valuation.parts.items():
        label, prefix = NAMES[name], DRIVERS_OF[name]
        taxed = f"{{c}}{{{name}_income}}*(1-{{c}}{{tax}})"
        lines.line(f"{name}_nopat", f"{label}: income after tax", "usd_bn", None, (taxed, part.lines.nopat))
        added = f"({{c}}{{{name}_sales}}-{{p}}{{{name}_sales}})/{prefix}.sales_to_capital"
        invested = (added, part.lines.reinvestment)
        lines.line(f"{name}_invested", f"{label}: net investment", "usd_bn", None, invested)
    for key, label, path in (
        ("nopat", "Operating income after tax", found.lines.nopat),
        ("invested", "Net investment", found.lines.reinvestment),
    ):
        summed = "+".join(f"{{c}}{{{name}_{key}}}" for name in found.valuation.parts)
        lines.line(key, label, "usd_bn", None, (summed, path))
    flow = ("{c}{nopat}-{c}{invested}", found.lines.free_cash_flow)
    lines.line("flow", "Free cash flow to the firm", "usd_bn", None, flow)


def _rates(lines: Lines, found: Intrinsic, group: Group) -> None:
    capital, value = found.capital, "start.market_value"
    lines.heading("Rates")
    lever = f"dcf.unlevered_beta*(1+(1-tax.marginal)*start.debt/{value})"
    lines.line("beta", "Beta of the shares", "number", (lever, capital.levered_beta))
    asked = "dcf.risk_free_rate+{t}{beta}*dcf.equity_risk_premium"
    lines.line("asked", "Cost of equity", "fraction", (asked, capital.cost_of_equity))
    owed = "dcf.risk_free_rate+dcf.debt_spread"
    lines.line("owed", "Cost of debt before tax", "fraction", (owed, capital.cost_of_debt))
    share = f"{value}/({value}+start.debt)"
    lines.line("weight", "Weight of equity at market value", "fraction", (share, capital.equity_weight))
    wacc = "{t}{asked}*{t}{weight}+{t}{owed}*(1-tax.marginal)*(1-{t}{weight})"
    lines.line("wacc", "Cost of capital today", "fraction", (wacc, capital.wacc))
    lines.line("rate", "Cost of capital", "fraction", None, (rate(RATE), found.rate_path))


def rate(stable: str) -> str:
    """The template of a year's cost of capital: constant, then in equal steps to the cell ``stable``."""
    constant = "INT(dcf.constant_years)"
    step = f"({{c}}{{year}}-{constant})/({{h}}{{year}}-{constant})"
    return f"IF({{c}}{{year}}<={constant},{{t}}{{wacc}},{{t}}{{wacc}}+({stable}-{{t}}{{wacc}})*{step})"


def _present(lines: Lines, found: Intrinsic) -> None:
    first = first_period(found.group)
    lengths = (first, *(1.0 for _ in found.rate_path[1:]))
    ends, end = [], 1.0
    for each, length in zip(found.rate_path, lengths, strict=True):
        end = end / (1 + float(each)) ** length
        ends.append(end)
    lines.heading("Worth on the day of the price")
    period = ("IF({c}{year}=1,start.first_period,1)", lengths)
    lines.line(
        "period", "Years that the year's end lies after that of the year before", "years", None, period
    )
    at_end = ("{p}{at_end}/(1+{c}{rate})^{c}{period}", ends)
    lines.line("at_end", "A dollar at the year's end", "number", ("1", 1.0), at_end)
    flows = next(iter(found.valuation.parts.values())).discount_factors
    within = ("{c}{at_end}*(1+{c}{rate})^start.before_end", flows)
    lines.line("factor", "A dollar of the year's cash", "number", None, within)
    now = ("{c}{flow}*{c}{factor}", list(found.by_year("present_value").values()))
    lines.line("present", "Free cash flow, worth today", "usd_bn", None, now)


def _after(lines: Lines, group: Group, found: Intrinsic) -> None:
    """What follows the forecast: at stable returns, less what growth costs more until they are reached."""
    lines.heading("After the forecast")
    growth, cost = group.drivers[GROWTH], group.drivers[RATE]
    years = int(float(group.drivers["dcf.roic_fade_years"]))
    ratio = (1 + growth) / (1 + cost)
    count = "INT(dcf.roic_fade_years)"
    lines.line("ratio", "A year's growth over a year's cost", "number",
               (f"(1+{GROWTH})/(1+{RATE})", ratio))  # fmt: skip
    held = sum((1 - k / years) * ratio ** (k - 1) for k in range(1, years)) if years > 1 else 0.0
    lines.line("held", "Years of the fade that count, weighted", "years", (fade("{t}{ratio}", count), held))
    for name, part in found.valuation.parts.items():
        label, terminal = NAMES[name], found.terminal[name]
        if not isinstance(terminal, ValueDriver):
            raise TypeError(f"{name} ends by {terminal}")
        first = part.lines.nopat[-1] * (1 + growth)
        lines.line(f"{name}_first", f"{label}: income after tax in the year after", "usd_bn",
                   (f"{{h}}{{{name}_nopat}}*(1+{GROWTH})", first))  # fmt: skip
        stable = value_driver(first, growth, terminal.roic, cost, loss="charged")
        returned = f"dcf.roic_stable_{DRIVERS_OF[name]}"
        lines.line(f"{name}_stable", f"{label}: value at its stable return", "usd_bn",
                   (f"{{t}}{{{name}_first}}*(1-{GROWTH}/{returned})/({RATE}-{GROWTH})", stable))  # fmt: skip
        own = own_reinvestment(part.lines, terminal)
        lines.line(f"{name}_own", f"{label}: what growth costs on its own terms", "usd_bn",
                   (f"{{h}}{{{name}_sales}}*{GROWTH}/{DRIVERS_OF[name]}.sales_to_capital", own))  # fmt: skip
        more = f"{{t}}{{{name}_own}}-{{t}}{{{name}_first}}*{GROWTH}/{returned}"
        lines.line(f"{name}_end", f"{label}: value at the end of the forecast", "usd_bn",
                   (f"{{t}}{{{name}_stable}}-({more})*{{t}}{{held}}/(1+{RATE})",
                    terminal_value(part.lines, terminal)))  # fmt: skip


def fade(ratio: str, years: str) -> str:
    """A template for Σ (1 − k ÷ n) × ratio^(k − 1) over k = 1…n, in closed form; 0 for a fade of one year."""
    return f"IF({years}>1,({years}*(1-{ratio})-(1-{ratio}^{years}))/({years}*(1-{ratio})*(1-{ratio})),0)"


def _equity(lines: Lines, group: Group, found: Intrinsic) -> None:
    lines.heading("From operations to shares")
    parts, value = found.valuation.parts, found.valuation
    lines.line("forecast", "Present value of the forecast", "usd_bn",
               ("SUM({n}{present}:{h}{present})", value.present_forecast))  # fmt: skip
    summed = "+".join(f"{{t}}{{{name}_end}}" for name in parts)
    lines.line("after", "Present value after the forecast", "usd_bn",
               (f"({summed})*{{h}}{{factor}}", value.present_terminal))  # fmt: skip
    lines.line("operations", "Value of the operations", "usd_bn",
               ("{t}{forecast}+{t}{after}", value.value))  # fmt: skip
    net = "start.cash+start.securities-start.debt"
    if group.market.balance.stakes:
        net += "+start.stake*bridge.anthropic_to_carried"
    lines.line("net", "Cash, securities and stakes less debt", "usd_bn", (net, found.bridge))
    lines.line("equity", "Value of the shares", "usd_bn", ("{t}{operations}+{t}{net}", found.equity))
    shares = group.edition.shares.number
    lines.line("share", "The same, a share", "usd",
               ("{t}{equity}*1000/start.shares", found.equity * 1000 / shares))  # fmt: skip
    over = found.equity / group.market.value
    lines.line("over", "The same over market value", "fraction", ("{t}{equity}/start.market_value", over))


def equities(group: Group, growths: Sequence[float], rates: Sequence[float]) -> list[list[float]]:
    """The value of the shares for each stable cost of capital (rows) and each stable growth (columns)."""
    return [
        [
            float(intrinsic(replace(group, drivers={**group.drivers, GROWTH: g, RATE: r}), CHOSEN).equity)
            for g in growths
        ]
        for r in rates
    ]
