"""The group's starting point: what an edition knows about the last twelve months.

Money is in USD billions. Everything is given as figures (:func:`base_figures`), so that a page can
trace it, and as plain floats for the kernels (:func:`plain`).
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar

from analysis.data import AbsentFigure, Edition, quarters
from analysis.data.drivers import Driver
from analysis.figures import Figure, total
from analysis.model.projection.segments import Base, Trailing, year_steps
from analysis.valuation import first_years

T = TypeVar("T")

AWS_SALES = "segments.aws.net_sales"
AWS_INCOME = "segments.aws.operating_income"
RETAIL = ("north_america", "international")
ADVERTISING = "service_lines.advertising_services"
LAST_YEAR = 2035
ADDED = ("growth_change", "margin_change", "capex_change")
"""Ends of the names of drivers that are added to a rate: their numbers are percentage points."""
RELATIVE = ("price_to_sales_change", "multiple_drift")
"""Ends of the names of drivers that multiply a level: their numbers are percent of it."""
COARSE = 5.0
"""A multiple from here on is printed with one decimal."""


def ttm(edition: Edition, field: str, quarter: str | None = None) -> Figure:
    """A reported flow over the twelve months to ``quarter``, in usd_bn."""
    return edition.ttm(field, quarter).to("usd_bn")


def latest_period_end(edition: Edition) -> date:
    """The last day of the edition's latest reported quarter, or the day from which it looks ahead instead."""
    return edition.seen_from or quarters.period_end(edition.quarter)


def steps_of(edition: Edition, through: int = LAST_YEAR) -> tuple[float, ...]:
    """The projection's steps, from the latest reported quarter to each calendar year end."""
    return year_steps(latest_period_end(edition), through)


def years_of(edition: Edition, through: int = LAST_YEAR) -> tuple[int, ...]:
    """The calendar years at whose ends the projection's steps end."""
    return tuple(range(through - len(steps_of(edition, through)) + 1, through + 1))


def retail(edition: Edition, item: str, quarter: str | None = None) -> Figure:
    """North America and International together, twelve months, in usd_bn."""
    parts = [ttm(edition, f"segments.{name}.{item}", quarter) for name in RETAIL]
    named = item.replace("_", " ")
    return total(parts, f"Retail segments' {named}, twelve months to {quarter or edition.quarter}")


def market_value_at(edition: Edition, year: int) -> Figure | None:
    """Market value at a year's end, close × shares outstanding; ``None`` if it was not public."""
    shares = edition.get("balance.shares_outstanding", f"{year}Q4")
    if shares is None:
        return None
    try:
        close = edition.close(date(year, 12, 31))
    except AbsentFigure:
        return None
    return (close * shares / 1000).named(f"Market value at the end of {year}", "usd_bn")


def capital_expenditure(edition: Edition, quarter: str | None = None) -> Figure:
    """Net purchases of property and equipment over twelve months, a positive amount in usd_bn."""
    bought = ttm(edition, "cash_flow.purchases_of_property_and_equipment", quarter)
    sold = ttm(edition, "cash_flow.proceeds_from_sales_and_incentives", quarter)
    label = f"Net purchases of property and equipment, twelve months to {quarter or edition.quarter}"
    return (-(bought + sold)).named(label, "usd_bn")


def capex_guidance(edition: Edition) -> Figure | None:
    """The company's own figure for capital expenditure in the projection's first year, if public."""
    try:
        return edition.key_figure("capex_guidance_usd_bn", f"FY{years_of(edition)[0]}")
    except AbsentFigure:
        return None


def advertising_trailing(edition: Edition) -> Trailing | None:
    """Advertising's sales and growth, ``None`` until it was reported apart for a whole year.

    For the first editions with a separate line one of the two growth rates needs quarters that were
    never given apart; the other then stands for both.
    """
    try:
        sales = ttm(edition, ADVERTISING)
    except AbsentFigure:
        return None
    rates = [_growth(edition, basis) for basis in ("ttm", "quarter")]
    known = [rate for rate in rates if rate is not None]
    if not known:
        return None
    yearly, latest = (rate if rate is not None else known[0] for rate in rates)
    return Trailing(
        sales,
        yearly,
        latest,
        first_years.twelve_months_ahead(edition, "advertising"),
        so_far=_sold_so_far(edition, "advertising"),
    )


def base_figures(edition: Edition) -> Base:
    """The starting point with every entry a figure, traced to the reported quarters."""
    advertising = advertising_trailing(edition)
    return Base(
        aws=Trailing(
            ttm(edition, AWS_SALES),
            edition.growth(AWS_SALES),
            edition.growth(AWS_SALES, basis="quarter"),
            first_years.twelve_months_ahead(edition, "aws"),
            so_far=_sold_so_far(edition, "aws"),
        ),
        stores=_stores(edition, advertising),
        advertising=advertising,
        aws_operating_income=ttm(edition, AWS_INCOME),
        retail_operating_income=retail(edition, "operating_income"),
        capex=capital_expenditure(edition),
        depreciation=ttm(edition, "cash_flow.depreciation_and_amortization"),
        stock_compensation=ttm(edition, "cash_flow.stock_based_compensation"),
        free_cash_flow=ttm(edition, "cash_flow.free_cash_flow"),
        capex_guidance=capex_guidance(edition),
        aws_margin=first_years.latest_margin(edition, first_years.AWS, (AWS_INCOME,), "AWS"),
        retail_margin=first_years.latest_margin(
            edition, first_years.RETAIL, first_years.RETAIL_INCOME, "Retail segments"
        ),
        aws_income_so_far=_earned_so_far(edition, (AWS_INCOME,), "AWS"),
        retail_income_so_far=_earned_so_far(edition, first_years.RETAIL_INCOME, "Retail segments"),
    )


def plain(record: T) -> T:
    """The same record with every figure replaced by its number."""
    if not is_dataclass(record) or isinstance(record, type):
        raise TypeError(f"expected a record, found {type(record).__name__}")
    changes: dict[str, Any] = {}
    for entry in fields(record):
        value = getattr(record, entry.name)
        if isinstance(value, Figure):
            changes[entry.name] = value.number
        elif is_dataclass(value):
            changes[entry.name] = plain(value)
        elif isinstance(value, tuple):
            changes[entry.name] = tuple(float(each) for each in value)
    return replace(record, **changes)


def driver_values(edition: Edition, scenario: str) -> dict[str, float]:
    """The scenario's drivers as plain numbers by name."""
    return {name: driver.value for name, driver in edition.drivers(scenario).items()}


def end_of_range(driver: Driver, end: Literal["low", "high"]) -> Figure:
    """The low or the high of an assumption as a figure, with the source of its value."""
    base = driver.figure
    value = {"low": driver.low, "high": driver.high}[end]
    source = replace(base.source, field=f"drivers.{driver.name}.{end}") if base.source else None
    return Figure(value, driver.unit, f"{driver.label} ({end})", source)


def driver_format(name: str, unit: str, value: float) -> str:
    """The unit or format in which a reader should take a driver's ``value``.

    A change that is added to a growth or a margin is in percentage points, one that multiplies a level in
    percent with its sign; a multiple of some size has one decimal.

    >>> driver_format("aws.margin_change", "fraction", -0.03), driver_format("exit.multiple_aws", "x", 20.0)
    ('points', 'x1')
    """
    if name.endswith(ADDED):
        return "points"
    if name.endswith(RELATIVE):
        return "change"
    return "x1" if unit == "x" and abs(value) >= COARSE else unit


def three_ways(driver: Driver) -> tuple[Figure, Figure, Figure]:
    """An assumption's low, value and high as figures."""
    return end_of_range(driver, "low"), driver.figure, end_of_range(driver, "high")


def _sold_so_far(edition: Edition, part: str) -> Figure | None:
    plus, less = first_years.PARTS[part]
    label = f"{first_years.NAMES[part]}: sales"
    return first_years.year_so_far(edition, years_of(edition)[0], plus, less, label)


def _earned_so_far(edition: Edition, income: first_years.Fields, name: str) -> Figure | None:
    label = f"{name}: operating income"
    return first_years.year_so_far(edition, years_of(edition)[0], income, (), label)


def _growth(edition: Edition, basis: str) -> Figure | None:
    try:
        return edition.growth(ADVERTISING, basis="ttm" if basis == "ttm" else "quarter")
    except AbsentFigure:
        return None


def _stores(edition: Edition, advertising: Trailing | None) -> Trailing:
    """Retail segments less advertising; whole where advertising was not reported apart."""
    before = f"{int(edition.quarter[:4]) - 1}{edition.quarter[4:]}"
    sales, sales_before = retail(edition, "net_sales"), retail(edition, "net_sales", before)
    latest, latest_before = _retail_quarter(edition, edition.quarter), _retail_quarter(edition, before)
    if advertising is not None:
        sales = _less(sales, advertising.sales, edition.quarter)
        try:
            then = ttm(edition, ADVERTISING, before)
        except AbsentFigure:
            then = (advertising.sales / (1 + advertising.growth)).named("Advertising a year before", "usd_bn")
        sales_before = _less(sales_before, then, before)
        now = edition.figure(ADVERTISING).to("usd_bn")
        past = edition.get(ADVERTISING, before)
        if past is None:
            past = (now / (1 + advertising.growth_latest)).named("Advertising a year before", "usd_bn")
        latest, latest_before = latest - now, latest_before - past.to("usd_bn")
    quarter, part = edition.quarter, "retail" if advertising is None else "stores"
    return Trailing(
        sales,
        (sales / sales_before - 1).named(f"Stores' sales, growth of twelve months to {quarter}", "fraction"),
        (latest / latest_before - 1).named(f"Stores' sales, growth in {quarter}", "fraction"),
        first_years.twelve_months_ahead(edition, part),
        so_far=_sold_so_far(edition, part),
    )


def _less(sales: Figure, advertising: Figure, quarter: str) -> Figure:
    return (sales - advertising).named(f"Stores' sales, twelve months to {quarter}", "usd_bn")


def _retail_quarter(edition: Edition, quarter: str) -> Figure:
    parts = [edition.figure(f"segments.{name}.net_sales", quarter).to("usd_bn") for name in RETAIL]
    return total(parts, f"Retail segments' net sales, {quarter}")
