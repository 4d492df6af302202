"""The method page's tables: the conventions, and every assumption of every scenario."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd

from analysis.chapters._words import SCENARIOS
from analysis.charts.cells import Rich
from analysis.charts.html import tag
from analysis.charts.table import Column, Table
from analysis.data import Driver, Edition
from analysis.formats import NBSP, show
from analysis.valuation import odds
from analysis.valuation.dcf import Conventions
from analysis.valuation.group import Group, open_group
from analysis.valuation.spreads import Spread, growth_spreads

BILLION = 1e9
ENDS = ("low", "value", "high")
BASE_FILE = "data/scenarios/base.yml"
DCF_FILE = "analysis/valuation/dcf.py"
_TIMING = {"mid": "in the middle of its year", "end": "at the end of its year"}
_FLOW = {"n+1": "on the profit of the year after the forecast", "n": "on the profit of its last year"}
_LAG = {0: "in the year in which it sells", 1: "a year before it sells"}
_LEASES = {
    "not_debt": "not debt: rent is in operating income",
    "debt": "debt, deducted from enterprise value",
}
_RESEARCH = {"expensed": "a cost of the year", "capitalised": "an investment, written off over its life"}
_PAY = {"cost": "a cost; the count of shares is today's", "added_back": "added back"}
_CAPITAL = {
    "sales_to_capital": "from the sales that each part adds",
    "capital_expenditure": "capital expenditure less depreciation",
}
_END = {
    "value_driver": "from growth and the return on new capital",
    "multiple": "from the scenario's multiples",
}


def conventions(group: Group) -> Table:
    """What the report does where others silently do otherwise, and where each choice is made."""
    rows = [*_of_the_dcf(group), *_of_the_values(), *_of_the_paths(), *_of_the_data()]
    frame = pd.DataFrame(rows, columns=["choice", "here", "other", "where"])
    columns = [
        Column("choice", "Choice"),
        Column("here", "Here"),
        Column("other", "Elsewhere also"),
        Column("where", "To change it"),
    ]
    return Table(frame, columns, "Conventions and where they are set", "the code of this report")


def _of_the_dcf(group: Group) -> list[tuple[str, str, str, str]]:
    chosen = Conventions()
    place = f"Conventions in {DCF_FILE}"
    return [
        ("When a year's cash arrives", _TIMING[chosen.timing], "at the end of its year", place),
        ("What the value after the forecast stands on", _FLOW[chosen.flow], "last year's", place),
        ("How it is valued", _END[chosen.at_the_end], "by a multiple", place),
        ("When capital is put in", _LAG[chosen.lag], "a year earlier", place),
        ("Net investment in the cash flow", _CAPITAL[chosen.investment], "planned spending", place),
        ("Stock compensation in the cash flow", _PAY[chosen.stock_compensation], "added back", place),
        ("Research and technology", _RESEARCH[chosen.research], "capitalised", place),
        ("Lease liabilities", _LEASES[group.leases], "debt", f"bridge.leases_as_debt in {BASE_FILE}"),
        ("Day of the value", "the day of the price", "the quarter's end", f"first_period in {DCF_FILE}"),
    ]


def _of_the_values() -> list[tuple[str, str, str, str]]:
    company, parts = "analysis/model/parts/market_value.py", "analysis/valuation/parts.py"
    segments = "analysis/model/projection/segments.py"
    return [
        (
            "Free cash flow in the projection",
            "as the company defines it: after net purchases, before stock compensation and lease principal",
            "after stock compensation",
            f"cash_definition of project in {segments}",
        ),
        (
            "Cash until the horizon",
            "free cash flow adds to today's net cash; nothing is paid out, no interest is earned",
            "today's balance alone",
            f"cash of net_assets_path in {company}",
        ),
        (
            "Count of shares",
            "outstanding, by the latest balance sheet or cover",
            "diluted; with unvested awards",
            f"count of per_share in {parts}",
        ),
        (
            "Shares later on",
            "change by a rate a year, since pay in shares is not a cost in this cash flow",
            "constant",
            f"shares.change in {BASE_FILE}",
        ),
    ]


def _of_the_paths() -> list[tuple[str, str, str, str]]:
    return [
        (
            "Growth in a projected year",
            "the rate at the beginning of the step",
            "in its middle, at its end",
            "project in analysis/model/projection/segments.py",
        ),
        (
            "Way from today's multiples",
            "linear, from what the market pays to the scenario's at the horizon",
            "at once",
            "values_by_method in analysis/model/parts/market_value.py",
        ),
    ]


def _of_the_data() -> list[tuple[str, str, str, str]]:
    return [
        (
            "Twelve months",
            "the sum of four quarters; the printed sum where a restatement was never given by quarter",
            "the fiscal year",
            "ttm in analysis/data/reported.py",
        ),
        (
            "What is public",
            "by the day of publication, not by the end of the period",
            "by period",
            "published in each file of data/",
        ),
        (
            "Restated figures",
            "as they stood at the cut-off",
            "as last restated",
            "sources in data/amazon/quarters",
        ),
        (
            "Shares and prices before the split",
            "adjusted for the split of June 2022",
            "as printed",
            "data/amazon/quarters and data/prices",
        ),
        (
            "A year between two days",
            "days over 365.25",
            "over 365",
            "years_between in analysis/model/projection/growth.py",
        ),
    ]


def drivers(edition: Edition) -> Table:
    """Every assumption of base, and those of the other scenarios that differ from it."""
    names = ("base", *(name for name in SCENARIOS if name != "base"))
    of = {name: edition.drivers(name) for name in names}
    spreads = {name: growth_spreads(open_group(edition, name)) for name in names}
    rows = [
        _row(of[name][label], name, spreads[name])
        for label in of["base"]
        for name in names
        if name == "base" or _differs(of[name][label], of["base"][label])
    ]
    columns = [
        Column("label", "Assumption"),
        Column("scenario", "Scenario"),
        Column("value", "Value", "figure"),
        Column("low", "Low", "figure"),
        Column("high", "High", "figure"),
        Column("reason", "How it is drawn; why, and from what"),
    ]
    title = "Every assumption; for bear and bull those that differ from base"
    return Table(pd.DataFrame(rows), columns, title, "scenarios of this report", sortable=True)


def _differs(driver: Driver, base: Driver) -> bool:
    return (driver.value, driver.low, driver.high) != (base.value, base.low, base.high)


def _row(driver: Driver, scenario: str, spreads: Mapping[str, Spread]) -> dict[str, str | Rich]:
    ends = {end: _shown(getattr(driver, end), driver.unit) for end in ENDS}
    why = tag("p", escape(" ".join(driver.why.split()))) + tag("p", escape(driver.source), class_="source")
    reason = tag("details", tag("summary", escape(drawn(driver, spreads))) + why)
    return {"label": driver.label, "scenario": scenario, **ends, "reason": Rich((reason,))}


def _shown(value: float, unit: str) -> str:
    """The value in its unit; a count of billions in billions, so that the column stays narrow."""
    if unit == "count" and abs(value) >= BILLION:
        return f"{show(value / BILLION, 'number0')}{NBSP}billion"
    return show(value, unit)


def drawn(driver: Driver, spreads: Mapping[str, Spread]) -> str:
    """How the odds draw an assumption: as the back-test missed, as its file states, or not at all."""
    if driver.distribution is None or not odds.enters(driver.name):
        return "not drawn in the odds"
    if driver.name in spreads:
        width = show(spreads[driver.name].sd, "fraction")
        return f"normal, sd {width}, from past misses"
    roles = (f"{end} {driver.distribution[end]}" for end in ENDS if end in driver.distribution)
    return f"{driver.distribution['family']}: {', '.join(roles)}"
