"""The sheet of values: three ways to a market value by year, and what each target asks for."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.export.projection import WIDTHS, weights
from analysis.export.sheet import Cell, Sheet
from analysis.export.years import TODAY, Lines
from analysis.model.parts import market_value
from analysis.model.parts.market_value import METHODS, Method
from analysis.model.parts.multiples import growth_required, multiple_required
from analysis.model.projection.growth import cagr
from analysis.model.projection.segments import DRIVERS_OF, group_sales
from analysis.units import words_of
from analysis.valuation.group import METHOD_LABELS, Group

TITLES: Mapping[Method, str] = {way: label[0].upper() + label[1:] for way, label in METHOD_LABELS.items()}
FOUND: Mapping[Method, str] = {
    "sales": "{below[sales]}*{t}{price_to_sales}",
    "earnings": "{below[net_income]}*exit.price_to_earnings",
}


def values_sheet(group: Group, projection: Lines) -> Lines:
    """Market value by year, with the scenario's multiples and on the way to them from today's."""
    name = f"Values {group.horizon_year}"
    sheet = Sheet(name, widths=(*WIDTHS, *(11 for _ in group.years)), frozen=(1, 3))
    lines = Lines(sheet, projection.count, projection.horizon, projection)
    label = "End of the calendar year (first column: today)"
    lines.line("year", label, "year", ("{below[year]}", group.years[0] - 1), ("{below[year]}", group.years))
    _multiples(lines, group)
    _fundamental(lines, group)
    _blended(lines, group)
    _targets(lines, group)
    return lines


def _multiples(lines: Lines, group: Group) -> None:
    drivers = group.drivers
    lines.heading("Multiples of the scenario")
    wanted = market_value.exit_price_to_sales(group.base, drivers, group.market)
    today = group.market.value / group_sales(group.base)
    lines.line("pays", "Price-to-sales today", "x", ("start.market_value/{below[sales]}", today))
    asked = "{t}{pays}*(1+exit.price_to_sales_change)"
    lines.line("price_to_sales", f"Price-to-sales at the end of {group.horizon_year}", "x", (asked, wanted))
    drift = drivers["exit.multiple_drift"]
    later = [(1 + drift) ** max(time - group.exit_years, 0.0) for time in group.times]
    factor = "(1+exit.multiple_drift)^MAX({below[end]}-{ahead[end]},0)"
    lines.line("drift", "Drift of all multiples after that year", "x", None, (factor, later))
    label = f"Part of the way from today's multiples to those of {group.horizon_year}"
    done = "MIN({below[end]}/{ahead[end]},1)"
    lines.line("way", label, "fraction", None, (done, weights(group.exit_years, group.times)))


def _fundamental(lines: Lines, group: Group) -> None:
    """Values at the scenario's multiples, as if the market paid them in every year."""
    lines.heading("Value at the scenario's multiples")
    now = market_value.fundamental_today(group.base, group.drivers, group.market, leases=group.leases)
    ahead = market_value.fundamental_by_method(
        group.projection, group.base, group.drivers, group.market,
        exit_years=group.exit_years, leases=group.leases,
    )  # fmt: skip
    incomes = "+".join(
        f"{{below[{name}_income]}}*exit.multiple_{DRIVERS_OF[name]}" for name in group.projection.parts
    )
    for way in METHODS:
        amount, rest = FOUND.get(way, f"({incomes})"), "+{below[net_assets]}" if way == "parts" else ""
        today = (f"{amount}{rest}", now[way])
        lines.line(f"at_{way}", TITLES[way], "usd_bn", today, (f"{amount}*{{c}}{{drift}}{rest}", ahead[way]))


def _blended(lines: Lines, group: Group) -> None:
    lines.heading("Market value on the way from today's multiples")
    value = group.market.value
    for way in METHODS:
        share = f"start.market_value/{{t}}{{at_{way}}}*(1-{{c}}{{way}})+{{c}}{{way}}"
        path = (f"{{c}}{{at_{way}}}*({share})", group.values_by_method[way])
        lines.line(way, f"{TITLES[way]}, on the way", "usd_bn", ("start.market_value", value), path)
    summed = "+".join(f"{{c}}{{{way}}}*blend.{way}" for way in METHODS)
    whole = "+".join(f"blend.{way}" for way in METHODS)
    blended = f"({summed})/({whole})"
    lines.line("value", "The three, weighted", "usd_bn", (blended, value), (blended, group.values))
    shares = group.edition.shares.number
    each = "{c}{value}*1000/{below[shares]}"
    ahead = [v * 1000 / s for v, s in zip(group.values, group.shares, strict=True)]
    lines.line("share", "The same, a share", "usd", (each, value * 1000 / shares), (each, ahead))


def _targets(lines: Lines, group: Group) -> None:
    """What each target takes at its horizon: one column a target."""
    lines.heading(f"What the targets take at the end of {group.horizon_year}")
    row = lines.sheet.next_row
    for column, target in enumerate(group.edition.targets, start=TODAY):
        lines.sheet.put(row, column, Cell(f"${target.name}", "head"))
        lines.sheet.put(row + 1, column, Cell(target.value_usd_bn, "usd_bn", f"target.{target.name}"))
    lines.sheet.texts(row + 1, ["Target", words_of("usd_bn")])
    lines.rows["target"] = str(row + 2)
    results = [_asked(group, target.value_usd_bn, lines.horizon) for target in group.edition.targets]
    for key, (label, unit, template) in ASKED.items():
        lines.cells(key, label, unit, TODAY, template, [result[key] for result in results])


A_YEAR = "^(1/{ahead[end]})-1"
ASKED: Mapping[str, tuple[str, str, str]] = {
    "reached": ("Value of the scenario over the target", "fraction", "{h}{value}/{c}{target}"),
    "rise": ("Rise of the market value a year", "fraction", f"({{c}}{{target}}/start.market_value){A_YEAR}"),
    "multiple": ("Price-to-sales on the scenario's sales", "x", "{c}{target}/{ahead[sales]}"),
    "earnings_multiple": ("Price-to-earnings on its net income", "x", "{c}{target}/{ahead[net_income]}"),
    "growth_now": (
        "Growth of sales a year, at today's price-to-sales",
        "fraction",
        f"({{c}}{{target}}/({{today[sales]}}*{{t}}{{pays}})){A_YEAR}",
    ),
    "growth_asked": (
        "Growth of sales a year, at the scenario's price-to-sales",
        "fraction",
        f"({{c}}{{target}}/({{today[sales]}}*{{t}}{{price_to_sales}})){A_YEAR}",
    ),
    "growth": (
        "Growth of sales a year in the scenario",
        "fraction",
        f"({{ahead[sales]}}/{{today[sales]}}){A_YEAR}",
    ),
}
"""What is asked of each target: label, unit and formula. Years are counted from the latest quarter's end."""


def _asked(group: Group, target: float, index: int) -> dict[str, float]:
    found, drivers, years = group.projection, group.drivers, group.exit_years
    now, start, sales = group.market.value, group_sales(group.base), group.projection.sales[index]
    other = drivers["group.non_operating_share"]
    earned = market_value.net_income(found.operating_income[index], found.tax[index], other)
    wanted = market_value.exit_price_to_sales(group.base, drivers, group.market)
    return {
        "reached": group.values[index] / target,
        "rise": cagr(now, target, years),
        "multiple": multiple_required(target, sales),
        "earnings_multiple": multiple_required(target, earned),
        "growth_now": growth_required(target, start, now / start, years),
        "growth_asked": growth_required(target, start, wanted, years),
        "growth": cagr(start, sales, years),
    }
