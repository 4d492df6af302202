"""Capital expenditure: what the build-out does to free cash flow, and what pays it back."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from analysis.chapters._capex_peers import peer_numbers, peers_chart, peers_table
from analysis.chapters._capex_return import (
    added_income,
    calculator,
    return_numbers,
    returns_chart,
    spent_until,
)
from analysis.chapters._words import SCENARIOS, direction, end_of_range, or_words, said
from analysis.chapters.page import Page
from analysis.charts import capex as charts
from analysis.charts.paths import path_frame
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure, Edition, quarters
from analysis.figures import Figure, text
from analysis.model.projection.segments import Projection, project
from analysis.report.claims import claims_for
from analysis.valuation.group import Group, open_group
from analysis.valuation.inputs import capex_guidance, capital_expenditure, ttm

FREE, OPERATING = "cash_flow.free_cash_flow", "cash_flow.operating_cash_flow"
DEPRECIATION, STOCK = "cash_flow.depreciation_and_amortization", "cash_flow.stock_based_compensation"
LEASES = "cash_flow.principal_repayments_finance_leases"
CAPEX_DRIVERS = ("group.capex_change", "group.capex_stable", "group.capex_fade_years")
FROM_SCENARIOS = "scenarios of this report"
CLAIMS = 6  # of the articles' claims shown; their own page has all


def build(edition: Edition, scenario: str) -> Page:
    """The page on capital expenditure for an edition under a scenario."""
    groups = {name: open_group(edition, name) for name in dict.fromkeys((*SCENARIOS, scenario))}
    group = groups[scenario]
    numbers = {
        **_today(edition),
        **_definitions(edition),
        **_plan(edition, group),
        **_wear(edition, group),
        **_ahead(group),
        "spread_word": _spread(groups),
        **{f"free_{name}": _free(groups[name], groups[name].horizon_year) for name in SCENARIOS},
        **return_numbers(edition, group),
        **peer_numbers(edition),
        **_checks(edition, group),
    }
    return Page(
        "capex",
        numbers,
        charts={
            "cash": lambda: _cash_chart(edition, numbers),
            "depreciation": lambda: _depreciation_chart(edition, group, numbers),
            "ahead": lambda: _ahead_chart(edition, groups, numbers),
            "returns": lambda: returns_chart(group, numbers),
            "spenders": lambda: peers_chart(edition),
        },
        tables={
            "claims": lambda: claims_for(edition, "capex", most=CLAIMS),
            "definitions": lambda: _definitions_table(edition),
            "paths": lambda: _paths_table(group),
            "peers": lambda: peers_table(edition),
        },
        calculators={"play": lambda: calculator(groups, group)},
    )


# --- Today -------------------------------------------------------------------------------------------------


def _today(edition: Edition) -> dict[str, Figure]:
    now, before = edition.quarter, quarters.add(edition.quarter, -4)
    spent, spent_before = capital_expenditure(edition), capital_expenditure(edition, before)
    operating, free = ttm(edition, OPERATING), ttm(edition, FREE)
    sales, sales_before = ttm(edition, "income.net_sales"), ttm(edition, "income.net_sales", before)
    moved = (free - ttm(edition, FREE, before)).named(
        f"Change of free cash flow, {before} to {now}", "usd_bn"
    )
    grown = (spent / spent_before - 1).named("Growth of net purchases in a year", "fraction")
    return {
        "quarter": text(now, "Latest reported quarter"),
        "spent": spent,
        "spent_before": spent_before,
        "spent_growth": grown,
        "spent_share": (spent / sales).named(f"Net purchases over sales, {now}", "fraction"),
        "spent_share_before": (spent_before / sales_before).named(
            f"Net purchases over sales, {before}", "fraction"
        ),
        "operating": operating,
        "operating_growth": edition.growth(OPERATING).named(
            "Growth of operating cash flow in a year", "fraction"
        ),
        "free": free,
        "free_before": ttm(edition, FREE, before),
        "free_word": direction(moved, "rose", "fell", "Free cash flow against a year ago"),
        "spent_of_operating": (spent / operating).named("Net purchases over operating cash flow", "fraction"),
    }


def definitions(edition: Edition, quarter: str | None = None) -> dict[str, Figure]:
    """Free cash flow over twelve months by four definitions, in usd_bn."""
    free, stock, leases = (ttm(edition, field, quarter) for field in (FREE, STOCK, LEASES))
    when = f"twelve months to {quarter or edition.quarter}"
    return {
        "As the company defines it": free,
        "less principal of finance leases": (free + leases).named(
            f"Free cash flow after leases, {when}", "usd_bn"
        ),
        "less stock compensation": (free - stock).named(
            f"Free cash flow after stock compensation, {when}", "usd_bn"
        ),
        "less both": (free + leases - stock).named(f"Free cash flow after both, {when}", "usd_bn"),
    }


def _definitions(edition: Edition) -> dict[str, Figure]:
    found = list(definitions(edition).values())
    return {
        "after_leases": found[1],
        "after_stock": found[2],
        "after_both": found[3],
        "stock": ttm(edition, STOCK),
    }


# --- Plan, wear, way ahead ---------------------------------------------------------------------------------


def _plan(edition: Edition, group: Group) -> dict[str, Figure]:
    """The company's plan for the first projected year, and how its last one turned out."""
    plan, year = capex_guidance(edition), group.years[0]
    spent = capital_expenditure(edition)
    unknown = "an amount that was not public"
    words, size = text(unknown, f"Plan for {year}"), text("unknown size", f"Plan for {year}")
    grown = size if plan is None else (plan / spent - 1).named("Plan over the last twelve months", "fraction")
    first = group.projection.capex[0] / group.projection.sales[0]

    def last_plan() -> Figure:
        return edition.key_figure("capex_guidance_usd_bn", f"FY{year - 1}")

    return {
        "first_year": Figure(float(year), "year", "The projection's first year"),
        "plan": words if plan is None else plan,
        "plan_growth": grown,
        "first_share": group.result(
            first, "fraction", f"Net purchases over sales in {year}, {group.scenario} scenario",
            "plan ÷ projected sales, or the trailing share", *CAPEX_DRIVERS,
        ),
        "last_year": Figure(float(year - 1), "year", "The year before"),
        "last_plan": or_words(last_plan, unknown, f"Plan for {year - 1}"),
        "last_spent": capital_expenditure(edition, f"{year - 1}Q4"),
    }  # fmt: skip


def _of(group: Group, path: str, year: int, label: str, formula: str) -> Figure:
    value = getattr(group.projection, path)[group.index_of(year)]
    drivers = (*CAPEX_DRIVERS, "group.asset_life")
    return group.result(value, "usd_bn", f"{label} in {year}, {group.scenario} scenario", formula, *drivers)


def _wear(edition: Edition, group: Group) -> dict[str, Figure]:
    """Depreciation now and in the targets' year, beside what AWS earns more by then."""
    year = group.horizon_year
    now = ttm(edition, DEPRECIATION)
    then = _of(group, "depreciation", year, "Depreciation", "last + (capex − last) ÷ life, year by year")
    sales = _of(group, "sales", year, "Sales", "parts' sales × Π (1 + growth)")
    return {
        "worn": now,
        "spent_over_worn": (capital_expenditure(edition) / now).named("Net purchases over depreciation", "x"),
        "worn_share": (now / ttm(edition, "income.net_sales")).named("Depreciation over sales", "fraction"),
        "worn_horizon": then,
        "worn_share_horizon": (then / sales).named(f"Depreciation over sales in {year}", "fraction"),
        "worn_added": (then - now).named(f"Depreciation added by {year}", "usd_bn"),
        "income_added": added_income(group),
    }


def _free(group: Group, year: int) -> Figure:
    formula = "operating income after tax + depreciation + stock compensation + other − capital expenditure"
    return _of(group, "free_cash_flow", year, "Free cash flow", formula)


def _ahead(group: Group) -> dict[str, Figure]:
    year, last = group.horizon_year, group.years[-1]
    path = dict(zip(group.years, group.projection.free_cash_flow, strict=True))
    lowest = min(path, key=lambda each: path[each])
    above = [each for each in group.years if path[each] > group.base.free_cash_flow]
    steps = zip(group.projection.free_cash_flow, group.steps, strict=True)
    until = list(steps)[: group.index_of(year) + 1]
    added = math.fsum(flow * step for flow, step in until)
    label = f"Free cash flow from now to {year}, {group.scenario} scenario"
    return {
        "scenario": text(group.scenario, "Scenario"),
        "horizon": Figure(float(year), "year", "The targets' year"),
        "end": Figure(float(last), "year", "The projection's last year"),
        "stable": group.driver("group.capex_stable"),
        "spent_until": spent_until(group, year),
        "lowest": _free(group, lowest),
        "lowest_year": Figure(float(lowest), "year", "Year of the lowest free cash flow"),
        "above_year": Figure(float(above[0]), "year", "First year above today's free cash flow")
        if above
        else text("no year of the projection", "First year above today's free cash flow"),
        "free_horizon": _free(group, year),
        "free_end": _free(group, last),
        "free_until": group.result(added, "usd_bn", label, "Σ free cash flow", *CAPEX_DRIVERS),
    }


def _spread(groups: Mapping[str, Group]) -> Figure:
    """Whether the scenarios differ less in free cash flow than in operating income in the targets' year."""
    spreads = []
    for path in ("free_cash_flow", "operating_income"):
        bear, base, bull = (
            getattr(groups[name].projection, path)[groups[name].index_of(groups[name].horizon_year)]
            for name in SCENARIOS
        )
        spreads.append((bull - bear) / abs(base))
    inputs = [_free(groups[name], groups[name].horizon_year) for name in SCENARIOS]
    words = "closer together" if spreads[0] < spreads[1] else "further apart"
    return text(words, "Scenarios' free cash flows, against their operating incomes", *inputs)


def _checks(edition: Edition, group: Group) -> dict[str, Figure]:
    """Thresholds: spending above its range in the first year, free cash flow below the path in the second."""
    change = group.edition.drivers(group.scenario)["group.capex_change"]
    high, first, second = end_of_range(change, "high"), *group.years[:2]
    spent = _of(group, "capex", first, "Net purchases", "share of sales × sales")
    sales = _of(group, "sales", first, "Sales", "parts' sales × Π (1 + growth)")
    most = (spent + (high - change.figure) * sales).named(
        f"Net purchases of {first} at the high end of their range", "usd_bn"
    )
    return {
        "check_spent": most,
        "check_free": _free(group, second),
        "check_year": Figure(float(second), "year", "The year to check"),
    }


# --- Charts ------------------------------------------------------------------------------------------------


def _cash_chart(edition: Edition, numbers: Mapping[str, Figure]) -> ChartFigure:
    names = ("operating cash flow", "net purchases", "free cash flow")
    rows = []
    for quarter in edition.quarters():
        try:
            operating, free = ttm(edition, OPERATING, quarter), ttm(edition, FREE, quarter)
            flows = (operating, capital_expenditure(edition, quarter), free)
        except AbsentFigure:
            continue
        rows += [(quarter, name, flow.number) for name, flow in zip(names, flows, strict=True)]
    return charts.cash(
        pd.DataFrame(rows, columns=["quarter", "series", "value"]),
        f"Lines of twelve-month cash. In {edition.quarter} operating cash flow was "
        f"{said(numbers['operating'])}, net purchases {said(numbers['spent'])} and free cash flow "
        f"{said(numbers['free'])}.",
        [numbers["spent"], numbers["free"]],
    )


def _years(edition: Edition) -> list[int]:
    """Calendar years whose four quarters are reported."""
    return [int(quarter[:4]) for quarter in edition.quarters() if quarter.endswith("Q4")]


def _depreciation_chart(edition: Edition, group: Group, numbers: Mapping[str, Figure]) -> ChartFigure:
    projection, rows = group.projection, []
    for year in _years(edition):
        quarter = f"{year}Q4"
        rows.append((year, "net purchases", capital_expenditure(edition, quarter).number))
        rows.append((year, "depreciation", ttm(edition, DEPRECIATION, quarter).number))
    for year, spent, worn in zip(group.years, projection.capex, projection.depreciation, strict=True):
        rows += [(year, "net purchases", spent), (year, "depreciation", worn)]
    return charts.depreciation(
        pd.DataFrame(rows, columns=["year", "series", "value"]),
        group.years[0],
        f"Two lines. Depreciation rises from {said(numbers['worn'])} to {said(numbers['worn_horizon'])} in "
        f"{group.horizon_year}, after the purchases of the years before.",
        [numbers["worn"], FROM_SCENARIOS],
    )


def _ahead_chart(edition: Edition, groups: Mapping[str, Group], numbers: Mapping[str, Figure]) -> ChartFigure:
    some = next(iter(groups.values()))
    reported = {year: ttm(edition, FREE, f"{year}Q4").number for year in _years(edition)}
    paths = {name: groups[name].projection.free_cash_flow for name in SCENARIOS}
    ends = ", ".join(f"{said(numbers[f'free_{name}'])} ({name})" for name in SCENARIOS)
    return charts.ahead(
        path_frame(reported, some.years, paths),
        f"Lines of free cash flow by scenario. In {some.horizon_year} it is {ends}; over the last twelve "
        f"months it was {said(numbers['free'])}.",
        [numbers["free"], FROM_SCENARIOS],
    )


# --- Tables ------------------------------------------------------------------------------------------------


def _definitions_table(edition: Edition) -> Table:
    now = edition.quarter
    shown = (quarters.add(now, -8), quarters.add(now, -4), now)
    rows: dict[str, dict[str, object]] = {}
    columns = [Column("definition", "Free cash flow")]
    for quarter in shown:
        try:
            found = definitions(edition, quarter)
        except AbsentFigure:
            continue
        columns.append(Column(quarter, quarter, "usd_bn"))
        for name, figure in found.items():
            rows.setdefault(name, {"definition": name})[quarter] = figure
    return Table(
        pd.DataFrame(list(rows.values())), columns, "Free cash flow over twelve months, by definition"
    )


def _with(group: Group, share: Figure) -> Projection:
    return project(group.base, dict(group.drivers) | {"group.capex_stable": share.number}, group.steps)


def _paths_table(group: Group) -> Table:
    """Three build-outs: the stable share of sales at its low, as assumed and at its high, sales held."""
    driver = group.edition.drivers(group.scenario)["group.capex_stable"]
    cases = {
        "Low": end_of_range(driver, "low"),
        "Assumed": driver.figure,
        "High": end_of_range(driver, "high"),
    }
    year, last = group.horizon_year, group.years[-1]
    rows = []
    for name, share in cases.items():
        found = _with(group, share)
        row: dict[str, object] = {"case": name, "share": share}
        for key, path in (
            ("spent", found.capex),
            ("worn", found.depreciation),
            ("free", found.free_cash_flow),
        ):
            label = f"{key} in {year}, build-out {name.lower()}"
            value = path[group.index_of(year)]
            row[key] = group.result(value, "usd_bn", label, "projection with this share", *CAPEX_DRIVERS)
        value = found.free_cash_flow[group.index_of(last)]
        label = f"Free cash flow in {last}, build-out {name.lower()}"
        row["last"] = group.result(value, "usd_bn", label, "projection with this share", *CAPEX_DRIVERS)
        rows.append(row)
    columns = [
        Column("case", "Build-out"),
        Column("share", "Stable share of sales", "fraction", 0),
        Column("spent", f"Purchases {year}", "usd_bn", 0),
        Column("worn", f"Depreciation {year}", "usd_bn", 0),
        Column("free", f"Free cash flow {year}", "usd_bn", 0),
        Column("last", f"Free cash flow {last}", "usd_bn", 0),
    ]
    return Table(
        pd.DataFrame(rows), columns, f"Three build-outs in the {group.scenario} scenario, sales held"
    )
