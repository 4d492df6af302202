"""The history page: sales, margins, cash and market value of the reported quarters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from analysis.chapters import _history_value as value
from analysis.chapters._history_value import INCOME, SALES, YEARS
from analysis.chapters._words import direction, or_words
from analysis.chapters.page import Page
from analysis.charts import history as charts
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure, Edition, quarters
from analysis.figures import Figure, text
from analysis.formats import usd_bn
from analysis.model.projection import growth
from analysis.report.claims import claims_for
from analysis.valuation.inputs import capital_expenditure, ttm

SEGMENTS = {"North America": "north_america", "International": "international", "AWS": "aws"}
LINES = {
    "Online stores": "service_lines.online_stores",
    "Seller services": "service_lines.third_party_seller_services",
    "AWS": "service_lines.aws",
    "Advertising": "service_lines.advertising_services",
    "Subscriptions": "service_lines.subscription_services",
    "Physical stores": "service_lines.physical_stores",
}
CASH_FLOW, FREE = "cash_flow.operating_cash_flow", "cash_flow.free_cash_flow"
BOUGHT = "cash_flow.purchases_of_property_and_equipment"
SOLD = "cash_flow.proceeds_from_sales_and_incentives"
CLAIMS = 6  # of the articles' claims shown; their own page has all


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition; the reported past does not depend on the scenario."""
    then = value.past_edition(edition)
    numbers = {
        **_sales(edition),
        **_profit(edition),
        **_mix(edition),
        **_cash(edition),
        **_tests(edition),
    }
    return Page(
        "history",
        numbers,
        {
            "sales": partial(_sales_chart, edition),
            "income": partial(_income_chart, edition),
            "mix": partial(_mix_chart, edition),
            "cash": partial(_cash_chart, edition),
            "change": partial(value.chart, edition, then),
        },
        {
            "years": partial(_years_table, edition),
            "claims": lambda: claims_for(edition, "history", most=CLAIMS),
        },
        notes={"change": partial(value.note, edition, then)},
    )


# --- Periods -------------------------------------------------------------------------------------


def compared(edition: Edition) -> list[str]:
    """Up to five quarters a year apart, oldest first, whose twelve months were public; the last is now."""
    labels = [quarters.add(edition.quarter, -4 * back) for back in range(YEARS + 1)]
    return [label for label in reversed(labels) if _has_year(edition, label)]


def _has_year(edition: Edition, quarter: str) -> bool:
    try:
        edition.ttm(SALES, quarter)
    except AbsentFigure:
        return False
    return True


def _margin(edition: Edition, name: str, quarter: str) -> Figure:
    profit = ttm(edition, f"segments.{name}.operating_income", quarter)
    sold = ttm(edition, f"segments.{name}.net_sales", quarter)
    label = {code: shown for shown, code in SEGMENTS.items()}[name]
    return (profit / sold).named(f"{label} operating margin, twelve months to {quarter}", "fraction")


def _group_margin(edition: Edition, quarter: str) -> Figure:
    margin = ttm(edition, INCOME, quarter) / ttm(edition, SALES, quarter)
    return margin.named(f"Operating margin, twelve months to {quarter}", "fraction")


# --- Numbers -------------------------------------------------------------------------------------


def _sales(edition: Edition) -> dict[str, Figure]:
    now, first = edition.quarter, compared(edition)[0]
    sales, before = ttm(edition, SALES), ttm(edition, SALES, first)
    years = quarters.distance(first, now) / 4
    rate = growth.cagr(before, sales, years).named(
        f"Growth of net sales a year, {first} to {now}", "fraction"
    )
    rates = {
        name: growth.cagr(
            ttm(edition, f"segments.{code}.net_sales", first),
            ttm(edition, f"segments.{code}.net_sales"),
            years,
        ).named(f"{name}: growth of net sales a year, {first} to {now}", "fraction")
        for name, code in SEGMENTS.items()
    }
    share = (ttm(edition, "segments.aws.net_sales") / sales).named("AWS share of net sales", "fraction")
    return {
        "quarter": text(now, "Latest reported quarter", sales),
        "first": text(first, "First quarter of the comparison", before),
        "sales": sales,
        "sales_then": before,
        "sales_growth": edition.growth(SALES),
        "sales_rate": rate,
        "aws_rate": rates["AWS"],
        "north_america_rate": rates["North America"],
        "international_rate": rates["International"],
        "aws_sales_share": share,
    }


def _profit(edition: Edition) -> dict[str, Figure]:
    now, first = edition.quarter, compared(edition)[0]
    income, aws = ttm(edition, INCOME), ttm(edition, "segments.aws.operating_income")
    earned = "Quarter of International's lowest operating income"
    margin, margin_then = _group_margin(edition, now), _group_margin(edition, first)
    labels = [label for label in edition.quarters() if _has_year(edition, label)]
    margins = [_group_margin(edition, label) for label in labels]
    lowest = min(margins, key=float)
    highest = max(margins, key=float)
    moved = (margin - margin_then).named(f"Change of the operating margin since {first}", "points")
    abroad = {q: ttm(edition, "segments.international.operating_income", q) for q in labels}
    worst = min(abroad, key=lambda quarter: abroad[quarter].number)
    found = {
        "income": income,
        "aws_income_share": (aws / income).named("AWS share of operating income", "fraction"),
        "margin": margin,
        "margin_then": margin_then,
        "margin_change": moved,
        "margin_moved": direction(moved, "rose", "fell", "Direction of the operating margin"),
        "margin_lowest": lowest,
        "margin_lowest_quarter": text(labels[margins.index(lowest)], "Quarter of the lowest margin", lowest),
        "margin_highest": highest,
        "margin_highest_quarter": text(
            labels[margins.index(highest)], "Quarter of the highest margin", highest
        ),
        "international_lowest": abroad[worst],
        "international_lowest_quarter": text(worst, earned, abroad[worst]),
    }
    for code in SEGMENTS.values():
        found[f"{code}_income"] = ttm(edition, f"segments.{code}.operating_income")
        found[f"{code}_margin"] = _margin(edition, code, now)
    return found


def _mix(edition: Edition) -> dict[str, Figure]:
    first = compared(edition)[0]

    def share(name: str, quarter: str) -> Figure:
        part = ttm(edition, LINES[name], quarter) / ttm(edition, SALES, quarter)
        return part.named(f"{name}, share of net sales, twelve months to {quarter}", "fraction")

    apart = "a share that was not reported apart"
    advertising = or_words(lambda: share("Advertising", edition.quarter), apart, "Advertising's share")
    return {
        "online_share": share("Online stores", edition.quarter),
        "online_share_then": share("Online stores", first),
        "seller_share": share("Seller services", edition.quarter),
        "seller_share_then": share("Seller services", first),
        "advertising_share": advertising,
    }


def _cash(edition: Edition) -> dict[str, Figure]:
    labels = [label for label in edition.quarters() if _has_flow(edition, label)]
    free = {label: ttm(edition, FREE, label) for label in labels}
    best, worst = max(free, key=lambda q: free[q].number), min(free, key=lambda q: free[q].number)
    now, bought = ttm(edition, CASH_FLOW), capital_expenditure(edition)
    before = quarters.add(edition.quarter, -4)
    change = free[edition.quarter] - ttm(edition, FREE, before)
    return {
        "cash_flow": now,
        "bought": bought,
        "bought_share": (bought / ttm(edition, SALES)).named("Net purchases, share of net sales", "fraction"),
        "free": free[edition.quarter],
        "free_before": ttm(edition, FREE, before),
        "free_moved": direction(change, "rose", "fell", "Direction of free cash flow over a year"),
        "free_best": free[best],
        "free_best_quarter": text(best, "Quarter of the highest free cash flow", free[best]),
        "free_worst": free[worst],
        "free_worst_quarter": text(worst, "Quarter of the lowest free cash flow", free[worst]),
    }


def _has_flow(edition: Edition, quarter: str) -> bool:
    try:
        edition.ttm(FREE, quarter)
    except AbsentFigure:
        return False
    return True


def _tests(edition: Edition) -> dict[str, Figure]:
    following = quarters.add(edition.quarter, 1)
    spent, basis = _next_spending(edition, following[:4])
    needed = (spent / ttm(edition, CASH_FLOW) - 1).named(
        "Change of operating cash flow at which free cash flow is nil", "change"
    )
    return {
        "next_quarter": text(following, "Next quarter to be reported", edition.figure(SALES)),
        "guidance": or_words(
            lambda: _guidance(edition, following),
            "not in the data of this report",
            f"Guidance for operating income in {following}",
        ),
        "spending": spent,
        "spending_basis": text(basis, "What the spending assumed is", spent),
        "cash_needed": needed,
    }


def _guidance(edition: Edition, quarter: str) -> Figure:
    low, high = (
        edition.key_figure(f"guidance_operating_income_{end}_usd_bn", quarter) for end in ("low", "high")
    )
    words = f"{usd_bn(low.number)} to {usd_bn(high.number)}"
    return text(words, f"Guidance for operating income in {quarter}", low, high)


def _next_spending(edition: Edition, year: str) -> tuple[Figure, str]:
    """Capital expenditure to hold against next year's cash, and in words where it comes from."""
    try:
        return edition.key_figure("capex_guidance_usd_bn", f"FY{year}"), f"the company's plan for {year}"
    except AbsentFigure:
        return capital_expenditure(edition), "what it spent in the last twelve months"


# --- Charts and the table ------------------------------------------------------------------------


def _long(edition: Edition, fields: Mapping[str, str], series: str, value: str) -> pd.DataFrame:
    """Twelve-month sums in usd_bn as tidy rows, from the first quarter with any of them."""
    frame = edition.frame(list(fields.values()), basis="ttm").dropna(how="all") / 1000
    frame = frame.rename(columns={field: name for name, field in fields.items()})
    melted = frame.reset_index().melt("quarter", var_name=series, value_name=value)
    return melted.dropna(subset=[value]).sort_values("quarter", kind="stable").reset_index(drop=True)


def _released(edition: Edition) -> tuple[Figure | str, ...]:
    return (edition.figure(SALES), "releases and filings of the quarters before")


def _sales_chart(edition: Edition) -> ChartFigure:
    fields = {name: f"segments.{code}.net_sales" for name, code in SEGMENTS.items()}
    return charts.sales(_long(edition, fields, "segment", "sales"), _released(edition))


def _income_chart(edition: Edition) -> ChartFigure:
    fields = {name: f"segments.{code}.operating_income" for name, code in SEGMENTS.items()}
    return charts.income(_long(edition, fields, "segment", "income"), _released(edition))


def _mix_chart(edition: Edition) -> ChartFigure:
    fields = dict(LINES)
    frame = edition.frame([LINES["Advertising"]], basis="ttm")
    if not frame[LINES["Advertising"]].iloc[-1:].notna().all():
        del fields["Advertising"]
        fields["Advertising and other"] = "service_lines.other_incl_advertising"
    data = _long(edition, fields, "line", "amount")
    whole = edition.frame([SALES], basis="ttm")[SALES] / 1000
    data = data.assign(share=data["amount"] / data["quarter"].map(whole))
    return charts.mix(data[["quarter", "line", "share"]], _released(edition))


def _cash_chart(edition: Edition) -> ChartFigure:
    frame = edition.frame([CASH_FLOW, BOUGHT, SOLD, FREE], basis="ttm").dropna() / 1000
    wide = pd.DataFrame(
        {"Operating cash flow": frame[CASH_FLOW], "Net purchases": -(frame[BOUGHT] + frame[SOLD]),
         "Free cash flow": frame[FREE]}
    )  # fmt: skip
    data = wide.reset_index().melt("quarter", var_name="flow", value_name="amount")
    return charts.cash(data.sort_values("quarter", kind="stable"), _released(edition))


def _years_table(edition: Edition) -> Table:
    labels = compared(edition)[: -YEARS - 1 : -1]  # the latest first: on a phone it is then in view
    rows: dict[str, list[object]] = {"item": [name for name, _ in _items(edition)]}
    for label in labels:
        rows[label] = [make(label) for _, make in _items(edition)]
    columns = [Column("item", "Twelve months to"), *(Column(label, label, "figure") for label in labels)]
    title = "Sales, profit and cash of twelve months, shares and market value at their end"
    return Table(pd.DataFrame(rows), columns, title, _released(edition))


def _items(edition: Edition) -> list[tuple[str, Callable[[str], Figure | None]]]:
    """The table's rows: a name, and what gives the figure for a quarter (``None`` where absent)."""

    def absent_or(make: Callable[[str], Figure]) -> Callable[[str], Figure | None]:
        def cell(quarter: str) -> Figure | None:
            try:
                return make(quarter)
            except AbsentFigure:
                return None

        return cell

    def shares(quarter: str) -> Figure:
        counted = edition.figure("balance.shares_outstanding", quarter)
        return counted.named(f"Shares outstanding at the end of {quarter}, million", "count")

    def worth(quarter: str) -> Figure:
        price = edition.close(quarters.period_end(quarter))
        whole = price * edition.figure("balance.shares_outstanding", quarter) / 1000
        return whole.named(f"Market value at the end of {quarter}", "usd_bn")

    rows: dict[str, Callable[[str], Figure]] = {
        "Net sales": lambda q: ttm(edition, SALES, q),
        "Growth of net sales": lambda q: edition.growth(SALES, q),
        "Operating income": lambda q: ttm(edition, INCOME, q),
        "Operating margin": lambda q: _group_margin(edition, q),
        "North America margin": lambda q: _margin(edition, "north_america", q),
        "International margin": lambda q: _margin(edition, "international", q),
        "AWS margin": lambda q: _margin(edition, "aws", q),
        "Operating cash flow": lambda q: ttm(edition, CASH_FLOW, q),
        "Net purchases": lambda q: capital_expenditure(edition, q),
        "Free cash flow": lambda q: ttm(edition, FREE, q),
        "Shares, million": shares,
        "Market value": worth,
    }
    return [(name, absent_or(make)) for name, make in rows.items()]
