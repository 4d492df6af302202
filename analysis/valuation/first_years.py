"""The next two years of sales and today's margins, forecast from an edition's record, in figures.

The parts are forecast one by one (:func:`analysis.model.track_record.forecast.tempered_sales`). Where the
company has guided for the next quarter, all parts are multiplied by one factor so that they add up to it,
raised by past beats (:func:`analysis.model.track_record.forecast.reconciled`); the factor fades, and the
group is at every horizon the sum of its parts. Money in USD billions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from operator import add, sub

from analysis.data import AbsentFigure, Edition, quarters
from analysis.figures import Figure, kernel_result, total
from analysis.model.projection.growth import QUARTERS
from analysis.model.track_record.forecast import (
    KnownSeries,
    margin_today,
    reconciled,
    tempered_sales,
)

Fields = tuple[str, ...]
REACH = 2 * QUARTERS
"""Quarters ahead that are forecast from the record."""
AWS: Fields = ("segments.aws.net_sales",)
ADVERTISING: Fields = ("service_lines.advertising_services",)
RETAIL: Fields = ("segments.north_america.net_sales", "segments.international.net_sales")
RETAIL_INCOME: Fields = tuple(name.replace("net_sales", "operating_income") for name in RETAIL)
GROUP: Fields = ("income.net_sales",)
PARTS: Mapping[str, tuple[Fields, Fields]] = {
    "aws": (AWS, ()),
    "advertising": (ADVERTISING, ()),
    "stores": (RETAIL, ADVERTISING),
    "retail": (RETAIL, ()),
}
"""The lines that add up to a part's sales, and those that are taken off."""
NAMES: Mapping[str, str] = {
    "aws": "AWS",
    "advertising": "Advertising",
    "stores": "Stores",
    "retail": "Retail segments",
}


def known_series(
    edition: Edition, sales: Fields, less: Fields = (), income: Fields = ()
) -> KnownSeries | None:
    """A series as the edition knows it, back to its first quarter; ``None`` if the latest is not public.

    Sales are the sum of fields less others; with ``income`` the series is that, beside its sales.
    """
    sold, earned = [], []
    for quarter in reversed(edition.quarters()):
        amount, profit = _amount(edition, sales, less, quarter), _amount(edition, income, (), quarter)
        if amount is None or (income and profit is None):
            break
        sold.append(amount)
        earned.append(profit)
    if not sold:
        return None
    known = tuple(reversed(sold))
    if income:
        return KnownSeries(edition.quarter, tuple(reversed(earned)), known)
    return KnownSeries(edition.quarter, known)


def guided(edition: Edition, item: str, quarter: str) -> tuple[Figure, Figure] | None:
    """Both ends of the company's range for a quarter of the group; ``None`` if none was public."""
    try:
        low, high = (edition.key_figure(f"guidance_{item}_{end}_usd_bn", quarter) for end in ("low", "high"))
    except AbsentFigure:
        return None
    return low, high


def ranges(edition: Edition, item: str) -> dict[str, tuple[Figure, Figure]]:
    """The company's ranges for the quarters up to the next one, where they are public."""
    asked = (*edition.quarters(), quarters.add(edition.quarter, 1))
    found = ((quarter, guided(edition, item, quarter)) for quarter in asked)
    return {quarter: ends for quarter, ends in found if ends is not None}


def known_parts(edition: Edition) -> dict[str, KnownSeries]:
    """The parts that are forecast: AWS, advertising and stores, or AWS and the retail segments whole.

    The latter while advertising has been reported apart for less than the five quarters a forecast needs.
    """
    found = {name: known_series(edition, *fields) for name, fields in PARTS.items()}
    apart = found["advertising"]
    names = ("aws", "advertising", "stores") if apart and len(apart.values) > QUARTERS else ("aws", "retail")
    return {name: known for name in names if (known := found[name]) is not None}


def known_group(edition: Edition) -> KnownSeries | None:
    """The group's sales as the edition knows them, with the company's guidance."""
    known = known_series(edition, GROUP)
    return None if known is None else replace(known, guidance=ranges(edition, "net_sales"))


def forecast_parts(edition: Edition) -> dict[str, tuple[Figure, ...]]:
    """Sales of each part in the next :data:`REACH` quarters, reconciled with guidance; in usd_bn.

    A part whose record is too short is left out.
    """
    parts, group = edition.once(known_parts), known_group(edition)
    horizons = range(1, REACH + 1)
    factors = [1.0 if group is None else reconciled(group, list(parts.values()), each) for each in horizons]
    found = {}
    for name, known in parts.items():
        made = []
        for horizon, factor in zip(horizons, factors, strict=True):
            sales = tempered_sales(known, horizon)
            if sales is None:
                break
            label = f"{NAMES[name]} sales forecast for {quarters.add(edition.quarter, horizon)}"
            made.append(kernel_result(sales * factor, label, "usd_bn", tempered_sales))
        if len(made) == REACH:
            found[name] = tuple(made)
    return found


def twelve_months_ahead(edition: Edition, part: str) -> tuple[Figure, ...]:
    """A part's sales of twelve months, one to :data:`REACH` quarters ahead; empty if it is not forecast."""
    made = edition.once(forecast_parts).get(part)
    if made is None:
        return ()
    line = (*edition.once(known_parts)[part].values[-QUARTERS:], *made)
    return tuple(
        total(
            list(line[ahead : ahead + QUARTERS]),
            f"{NAMES[part]} sales forecast for the twelve months to {quarters.add(edition.quarter, ahead)}",
        )
        for ahead in range(1, REACH + 1)
    )


def latest_margin(edition: Edition, sales: Fields, income: Fields, name: str) -> Figure | None:
    """The latest quarter's operating margin without its season; ``None`` if the record is too short."""
    known = known_series(edition, sales, (), income)
    made = None if known is None else margin_today(known)
    if made is None:
        return None
    label = f"{name}: operating margin in {edition.quarter} without its season"
    return kernel_result(made, label, "fraction", margin_today)


def quarter_of(edition: Edition, part: str, quarter: str) -> Figure | None:
    """A part's sales in one quarter, in usd_bn; ``None`` if not public."""
    found = _amount(edition, *PARTS[part], quarter)
    return None if found is None else found.named(f"{NAMES[part]}, sales in {quarter}", "usd_bn")


def year_so_far(edition: Edition, year: int, plus: Fields, less: Fields, label: str) -> Figure | None:
    """Lines added up over the quarters that a calendar year has reported, in usd_bn.

    ``None`` where it has reported none, or one of the lines is missing in one of them.
    """
    reported = [quarter for quarter in edition.quarters() if quarter.startswith(str(year))]
    found = [_amount(edition, plus, less, quarter) for quarter in reported]
    known = [amount for amount in found if amount is not None]
    if not known or len(known) < len(found):
        return None
    return total(known, f"{label}, {year} up to {reported[-1]}")


def _amount(edition: Edition, plus: Fields, less: Fields, quarter: str) -> Figure | None:
    found = [edition.get(field, quarter) for field in (*plus, *less)]
    known = [figure.to("usd_bn") for figure in found if figure is not None]
    if not known or len(known) < len(found):
        return None
    return reduce(sub, known[len(plus) :], reduce(add, known[: len(plus)]))
