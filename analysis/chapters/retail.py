"""The retail page: margins of the stores, what advertising leaves of them, what they cost and are worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd

from analysis.chapters import _delivery as delivery
from analysis.chapters._observed import key_figure_by_quarter, latest_quarter
from analysis.chapters._words import direction, or_words, three_ways
from analysis.chapters.advertising import is_apart
from analysis.chapters.page import Page, Unavailable
from analysis.charts import retail as charts
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.data import Edition, quarters
from analysis.figures import Figure, text, total
from analysis.formats import day, percent
from analysis.model.projection import advertising
from analysis.report.claims import claims_for
from analysis.valuation.group import Group, open_group
from analysis.valuation.inputs import ADVERTISING, RETAIL, base_figures, retail, ttm
from analysis.valuation.peers import NAMES, other_days
from analysis.valuation.retail import break_even, stores_income, stores_margin, stores_sales
from analysis.valuation.store_value import StoreValue, ranges

MARGIN = "advertising.operating_margin"
NOT_APART = "advertising's sales as a line of their own"
ENDS = ("low", "base", "high")
UNITS, MIX = "ww_paid_units_growth", "seller_unit_mix"
CHARGE = "special_charge_"
WAYS = ("sales", "profit", "ahead")
CLAIMS = 6  # of the articles' claims shown; their own page has all


def build(edition: Edition, scenario: str) -> Page:
    """The page on the stores for an edition under a scenario."""
    group = open_group(edition, scenario)
    worth = ranges(group)
    numbers = {
        **_reported(edition),
        **_left(edition, scenario),
        **_charges(edition),
        **_costs(edition),
        **_units(edition),
        **_walmart(edition),
        **_worth(group, worth),
    }
    drawn: Mapping[str, Callable[[], ChartFigure | Unavailable]] = {
        "margins": partial(_margins_chart, edition),
        "left": partial(_left_chart, edition, scenario),
        "costs": partial(_costs_chart, edition),
        "units": partial(_units_chart, edition),
        "value": partial(_value_chart, edition, worth),
    }
    tables: Mapping[str, Callable[[], Table | Unavailable]] = {
        "claims": partial(claims_for, edition, "retail", most=CLAIMS),
        "ways": partial(_ways_table, group, worth),
    }
    return Page("retail", numbers, drawn, tables)


# --- What was reported ---------------------------------------------------------------------------


def segment_margin(edition: Edition, name: str, quarter: str | None = None) -> Figure:
    """Operating margin of North America or International over twelve months."""
    when = quarter or edition.quarter
    income, sales = (
        ttm(edition, f"segments.{name}.{item}", when) for item in ("operating_income", "net_sales")
    )
    return (income / sales).named(
        f"{name.replace('_', ' ').title()} margin, twelve months to {when}", "fraction"
    )


def retail_margin(edition: Edition, quarter: str | None = None) -> Figure:
    """Operating margin of both retail segments together over twelve months."""
    when = quarter or edition.quarter
    margin = retail(edition, "operating_income", when) / retail(edition, "net_sales", when)
    return margin.named(f"Retail margin as reported, twelve months to {when}", "fraction")


def _reported(edition: Edition) -> dict[str, Figure]:
    now, before = edition.quarter, quarters.add(edition.quarter, -4)
    moved = (retail_margin(edition) - retail_margin(edition, before)).named("Change in a year", "points")
    return {
        "quarter": text(now, "Latest reported quarter"),
        "day": text(day(edition.cutoff), "Cut-off of the edition"),
        "status": text("reports" if is_apart(edition) else "did not yet report", "Advertising apart or not"),
        "sales": retail(edition, "net_sales"),
        "income": retail(edition, "operating_income"),
        "margin": retail_margin(edition),
        "margin_before": retail_margin(edition, before),
        "margin_moved": direction(moved, "rose", "fell", "Direction of the retail margin over a year"),
        "margin_north_america": segment_margin(edition, "north_america"),
        "margin_international": segment_margin(edition, "international"),
    }


# --- Without advertising -------------------------------------------------------------------------


def _left(edition: Edition, scenario: str) -> dict[str, Figure]:
    margins = dict(zip(ENDS, three_ways(edition.drivers(scenario)[MARGIN]), strict=True))
    amount = "an amount not known"
    found: dict[str, Figure] = {
        "stores_sales": or_words(partial(stores_sales, edition), "an amount not public", "Stores' sales"),
        "advertising": or_words(
            lambda: ttm(edition, ADVERTISING), "an amount not public", "Advertising's sales"
        ),
        "break_even": or_words(partial(break_even, edition), "a margin not known", "Break-even margin"),
    }
    for end, margin in margins.items():
        found[f"assumed_{end}"] = margin
        found[f"left_{end}"] = or_words(partial(stores_income, edition, margin), amount, "Left to the stores")
        found[f"left_margin_{end}"] = or_words(
            partial(stores_margin, edition, margin), "an unknown size", "Stores' margin"
        )
    found["needed_margin"] = or_words(
        partial(_needed, edition, margins["base"]), "a margin not known", "Retail margin without store profit"
    )
    return found


def _needed(edition: Edition, margin: Figure) -> Figure:
    """The reported retail margin at which all of the profit is advertising's."""
    profit = advertising.operating_income(ttm(edition, ADVERTISING), margin)
    label = f"Reported retail margin at which the stores earn nothing with advertising at {margin.number:.0%}"
    needed: Figure = (profit / retail(edition, "net_sales")).named(label, "fraction")
    return needed


def _charges(edition: Edition) -> dict[str, Figure]:
    """Charges that weighed on the last four quarters, and the break-even margin without them."""
    frame = edition.observations("amazon/key_figures")
    year = quarters.last_four(edition.quarter)
    chosen = frame[frame["metric"].str.startswith(CHARGE) & frame["period"].isin(year)]
    named = zip(chosen["metric"], chosen["period"], strict=True)
    parts = [edition.key_figure(metric, period) for metric, period in named]
    if not parts:
        none = text("none on record", "Special charges of the last four quarters")
        return {"charges": none, "break_even_without": text("the same margin", "No charge to add back", none)}
    charges = total(parts, f"Special charges, twelve months to {edition.quarter}")
    segments = [ttm(edition, f"segments.{name}.operating_income") for name in RETAIL]
    added = (segments[0] + charges).named("North America's operating income, charges added back", "usd_bn")
    margin: Figure = advertising.margin_at_which_stores_break_even(
        added, segments[1], ttm(edition, ADVERTISING)
    )
    label = "Advertising margin at which the stores earn nothing, charges added back"
    return {"charges": charges, "break_even_without": margin.named(label, "fraction")}


# --- Costs and units -----------------------------------------------------------------------------


def _costs(edition: Edition) -> dict[str, Figure]:
    shown = delivery.known(edition)
    first, last = shown[0], shown[-1]
    shares = {when: (delivery.shipping_share(edition, q), delivery.fulfilment_share(edition, q), q)
              for when, q in (("", last), ("_then", first))}  # fmt: skip
    found: dict[str, Figure] = {}
    for when, (shipping, fulfilment, quarter) in shares.items():
        found |= {
            f"shipping{when}": shipping,
            f"fulfilment{when}": fulfilment,
            f"delivery{when}": (shipping + fulfilment).named(
                f"Shipping and fulfilment over retail sales, twelve months to {quarter}", "fraction"
            ),
            f"delivery_quarter{when}": text(quarter, "Quarter to which the costs run", shipping),
        }
    moved = (found["delivery"] - found["delivery_then"]).named("Change of both costs", "points")
    found["delivery_moved"] = direction(moved, "more", "less", "Direction of both costs", "as much")
    return found


def _units(edition: Edition) -> dict[str, Figure]:
    stores = base_figures(edition).stores
    found: dict[str, Figure] = {"stores_growth": stores.growth, "stores_growth_latest": stores.growth_latest}
    words = {UNITS: "a rate not public", MIX: "a share not public"}
    for key, metric in (("units", UNITS), ("mix", MIX)):
        known = key_figure_by_quarter(edition, metric)
        if known.empty:
            found[f"{key}_quarter"] = text("a quarter not public", f"Latest quarter, {metric}")
            found[key] = text(words[metric], metric)
        else:
            quarter = latest_quarter(known, metric)
            found[key] = edition.key_figure(metric, quarter)
            found[f"{key}_quarter"] = text(quarter, f"Latest quarter, {metric}", found[key])
    return found


def _walmart(edition: Edition) -> dict[str, Figure]:
    peer = next((p for p in other_days(edition) if p.name == NAMES["WMT"]), None)
    if peer is None:
        margin, multiple = ("a margin not public", "a multiple not public")
        return {
            "walmart_margin": text(margin, "Walmart's margin"),
            "walmart_sales": text(multiple, "Walmart's multiple of sales"),
            "walmart_profit": text(multiple, "Walmart's multiple of profit"),
        }
    return {
        "walmart_margin": peer.margin,
        "walmart_sales": peer.price_to_sales,
        "walmart_profit": peer.income_multiple,
    }


# --- Worth ---------------------------------------------------------------------------------------


def _worth(group: Group, worth: Sequence[StoreValue]) -> dict[str, Figure]:
    how = "without advertising" if is_apart(group.edition) else "with their advertising inside"
    found: dict[str, Figure] = {
        "scenario": text(group.scenario, "Scenario"),
        "valued_how": text(how, "Whether the stores are valued without advertising"),
        "horizon_year": text(str(group.horizon_year), "Year of the targets"),
        "next_year": text(str(group.years[0]), "First projected year"),
        "margin_change": group.driver("stores.margin_change").named(
            "Stores' margin: change assumed", "points"
        ),
        "convergence": group.driver("group.convergence_years"),
        "exit_multiple": group.driver("exit.multiple_stores"),
    }
    for key, way in zip(WAYS, worth, strict=True):
        found |= {f"{key}_low": way.low, f"{key}_base": way.base, f"{key}_high": way.high}
    return found | {f"{key}_share": share for key, share in zip(WAYS, _shares(group, worth), strict=False)}


def _shares(group: Group, worth: Sequence[StoreValue]) -> list[Figure]:
    """The values today over Amazon's market value; one at the end of the decade is not set against it."""
    return [
        (way.base / group.edition.market_value).named(
            f"{way.name}: value of the stores over Amazon's market value", "fraction"
        )
        for way in worth[:2]
    ]


# --- Charts and the table ------------------------------------------------------------------------


def _margins_chart(edition: Edition) -> ChartFigure:
    names = {"North America": "north_america", "International": "international"}
    rows = [
        (quarter, shown, segment_margin(edition, name, quarter).number)
        for quarter in _years(edition, f"segments.{RETAIL[0]}.net_sales")
        for shown, name in names.items()
    ]
    data = pd.DataFrame(rows, columns=["quarter", "segment", "margin"])
    return charts.margins(data, _releases(edition))


def _left_chart(edition: Edition, scenario: str) -> ChartFigure | Unavailable:
    if not is_apart(edition):
        return Unavailable(NOT_APART)
    known = _years(edition, ADVERTISING)
    together = [q for q in known if quarters.distance(q, known[-1]) < len(known) - known.index(q)]
    if len(together) < 2:
        return Unavailable("more than one year of advertising's sales by quarter")
    rows = []
    for quarter in together:
        rows.append((quarter, charts.REPORTED, retail_margin(edition, quarter).number))
        for margin in three_ways(edition.drivers(scenario)[MARGIN]):
            name = f"advertising at {percent(margin.number, 0)}"
            rows.append((quarter, name, stores_margin(edition, margin, quarter).number))
    data = pd.DataFrame(rows, columns=["quarter", "case", "margin"])
    return charts.left(data, (edition.figure(ADVERTISING), "scenarios of this report"))


def _costs_chart(edition: Edition) -> ChartFigure:
    latest = edition.figure(delivery.FULFILMENT, delivery.known(edition)[-1])
    sources = (latest, "releases and filings of the quarters before, for shipping and fulfilment")
    return charts.costs(delivery.frame(edition), sources)


def _units_chart(edition: Edition) -> ChartFigure | Unavailable:
    known = key_figure_by_quarter(edition, UNITS)
    if known.empty:
        return Unavailable("growth of paid units by quarter")
    sales = edition.frame([f"segments.{name}.net_sales" for name in RETAIL]).sum(axis=1, skipna=False)
    stores = sales - edition.frame([ADVERTISING])[ADVERTISING]
    growth = (stores / stores.shift(4) - 1).dropna()
    frames = [
        pd.DataFrame({"quarter": growth.index, "series": "Stores' sales", "growth": growth.to_numpy()}),
        pd.DataFrame({"quarter": known["period"], "series": "Paid units", "growth": known["value"]}),
    ]
    data = pd.concat(frames, ignore_index=True).sort_values("quarter", kind="stable")
    latest = edition.key_figure(UNITS, latest_quarter(known, UNITS))
    return charts.units(data.reset_index(drop=True), (edition.figure(ADVERTISING), latest))


def _value_chart(edition: Edition, worth: Sequence[StoreValue]) -> ChartFigure:
    data = pd.DataFrame(
        {
            "way": [way.name for way in worth],
            "low": [way.low.number for way in worth],
            "base": [way.base.number for way in worth],
            "high": [way.high.number for way in worth],
        }
    )
    return charts.value(data, (edition.figure("income.net_sales"), "scenarios of this report"))


def _ways_table(group: Group, worth: Sequence[StoreValue]) -> Table:
    frame = pd.DataFrame(
        {
            "way": [f"{way.name} × multiple" for way in worth],
            **{end: [getattr(way, end) for way in worth] for end in ENDS},
            "share": [*_shares(group, worth), None],
        }
    )
    columns = [
        Column("way", "Way"),
        *(Column(end, end.capitalize(), "usd_bn", 0) for end in ENDS),
        Column("share", "Base, of market value", "fraction"),
    ]
    title = f"What the stores are worth by themselves, {group.scenario} scenario"
    sources = (group.edition.figure("income.net_sales"), "scenarios of this report")
    return Table(frame, columns, title, sources)


def _years(edition: Edition, field: str) -> list[str]:
    """Quarters for which twelve months of ``field`` were public."""
    frame = edition.frame([field], basis="ttm").dropna()
    return [str(quarter) for quarter in frame.index]


def _releases(edition: Edition) -> tuple[Figure | str, ...]:
    return (edition.figure("income.net_sales"), "releases and filings of the quarters before")
