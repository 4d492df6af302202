"""Past editions on the track record: rebuilt values and odds, projected years, and what was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.chapters.page import Unavailable
from analysis.charts import track_record as charts
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column, Table
from analysis.data import Edition
from analysis.data.targets import Target
from analysis.data.vintages import Vintage
from analysis.figures import Figure, computed, text
from analysis.formats import percent, usd_bn
from analysis.model.parts.market_value import METHODS
from analysis.valuation.backtest import FIRST_SCORED
from analysis.valuation.group import METHOD_LABELS
from analysis.valuation.rebuilt import ITEMS, Rebuilt, YearForecast
from analysis.valuation.vintages import Revision, revisions

NONE = f"editions since {FIRST_SCORED} that came before this one"
UNKNOWN = "a figure not known yet"
ENOUGH = 8
"""Editions from which on a correlation over them is told."""
THEN, THERE = "market value then", "value ahead, base"


def lowest(edition: Edition) -> Target:
    """The lowest target."""
    return min(edition.targets, key=lambda target: target.value_usd_bn)


# --- Editions rebuilt ----------------------------------------------------------------------------


def edition_numbers(edition: Edition, past: Sequence[Rebuilt]) -> dict[str, Figure]:
    """The range of what rebuilt editions say: value ahead, odds of the lowest target, their moves."""
    target, year = lowest(edition), max(target.horizon.year for target in edition.targets)
    found = {
        "horizon": Figure(float(year), "year", "Year at whose end the targets are asked for"),
        "target": target.figure,
        "rebuilt": Figure(float(len(past)), "count", "Editions rebuilt", formula="counted"),
    }
    names = ("odds_low", "odds_high", "odds_move", "value_low", "value_high", "value_follows")
    if len(past) < 2:
        unknown = {name: text(UNKNOWN, f"Rebuilt editions: {name}") for name in names}
        where = {
            name: text("no edition yet", f"Rebuilt editions: {name}")
            for name in ("odds_low_at", "odds_high_at")
        }
        return {**found, **unknown, **where}
    chances = {each.edition.label: each.odds.odds_figure(target.name, year) for each in past}
    least, most = (pick(chances, key=lambda label: chances[label].number) for pick in (min, max))
    moves = np.abs(np.diff([figure.number for figure in chances.values()]))
    values = sorted((each.value for each in past), key=lambda figure: figure.number)
    label = f"Mean move of the odds of {target.name} from one edition to the next, percentage points"
    return {
        **found,
        "odds_low": chances[least],
        "odds_low_at": text(least, f"Edition with the lowest odds of {target.name}", chances[least]),
        "odds_high": chances[most],
        "odds_high_at": text(most, f"Edition with the highest odds of {target.name}", chances[most]),
        "odds_move": computed(
            100 * float(moves.mean()), "number1", label, "mean |change|", *chances.values()
        ),
        "value_follows": _follows(past, year),
        "value_low": values[0],
        "value_high": values[-1],
    }


def _follows(past: Sequence[Rebuilt], year: int) -> Figure:
    """How closely the value ahead went with the market value of the day, once there are enough editions."""
    label = f"Correlation of the value for {year} with the market value then"
    worth = [each.edition.market_value for each in past]
    if len(past) < ENOUGH:
        return text(UNKNOWN, label, *worth)
    found = np.corrcoef([each.value.number for each in past], [value.number for value in worth])[0, 1]
    return computed(float(found), "number", label, "Pearson's correlation over the editions", *worth)


def editions_chart(
    edition: Edition, past: Sequence[Rebuilt], numbers: Mapping[str, Figure]
) -> ChartFigure | Unavailable:
    """Market value then and the base value for the horizon, by edition."""
    if len(past) < 2:
        return Unavailable(NONE)
    rows = [(each.edition.label, THEN, each.edition.market_value.number) for each in past]
    rows += [(each.edition.label, THERE, each.value.number) for each in past]
    data = pd.DataFrame(rows, columns=["edition", "series", "value"])
    targets = {f"${target.name}": target.value_usd_bn for target in edition.targets}
    year = int(numbers["horizon"].number)
    description = (
        f"Two lines by edition. The base scenario's value for {year} went from "
        f"{usd_bn(numbers['value_low'].number)} to {usd_bn(numbers['value_high'].number)} and back with the "
        f"market value; the odds of ${lowest(edition).name} were {percent(numbers['odds_low'].number, 0)} in "
        f"{numbers['odds_low_at'].value} and {percent(numbers['odds_high'].number, 0)} in "
        f"{numbers['odds_high_at'].value}."
    )
    return charts.editions(data, targets, year, description, _source(past))


def editions_table(past: Sequence[Rebuilt]) -> Table | Unavailable:
    """Each past edition: cut-off, market value, base value for the horizon, odds."""
    if not past:
        return Unavailable(NONE)
    targets = past[0].edition.targets
    rows = []
    for each in past:
        row: dict[str, object] = {
            "edition": each.edition.label,
            "cutoff": each.edition.cutoff,
            "then": each.edition.market_value,
            "ahead": each.value,
        }
        for target in targets:
            row[target.name] = each.odds.odds_figure(target.name, each.group.horizon_year)
        rows.append(row)
    columns = [
        Column("edition", "Edition"),
        Column("cutoff", "Cut-off"),
        Column("then", "Market value then", "usd_bn", 0),
        Column("ahead", f"Base, {past[0].group.horizon_year}", "usd_bn", 0),
        *(Column(target.name, f"Odds of ${target.name}", "fraction") for target in targets),
    ]
    return Table(
        pd.DataFrame(rows), columns, "Editions rebuilt with today's rules", _source(past), sortable=True
    )


def _source(past: Sequence[Rebuilt]) -> Sources:
    return [past[-1].edition.market_value, *past[-1].group.reported(), "the base scenario's rules"]


# --- Projected years -----------------------------------------------------------------------------


def year_numbers(edition: Edition, found: Sequence[YearForecast]) -> dict[str, Figure]:
    """How far year-end editions missed the years since: sales, profit and capital expenditure."""
    numbers: dict[str, Figure] = {}
    for item, name in ITEMS.items():
        errors = [abs(forecast.error) for forecast in found if forecast.item == item]
        inputs = [forecast.actual for forecast in found if forecast.item == item]
        label = f"{name} of later years, mean absolute error of year-end editions"
        key = f"years_{item}"
        if errors:
            formula = "mean of |projected ÷ reported − 1|"
            numbers[key] = computed(float(np.mean(errors)), "fraction", label, formula, *inputs)
        else:
            numbers[key] = text(UNKNOWN, label)
    missed = {name: numbers[f"years_{item}"] for item, name in ITEMS.items()}
    known = {name: figure for name, figure in missed.items() if not isinstance(figure.value, str)}
    worst = max(known, key=lambda name: known[name].number, default=UNKNOWN)
    numbers["years_worst"] = text(worst.lower(), "What year-end editions missed by most", *known.values())
    return numbers


def years_table(found: Sequence[YearForecast]) -> Table | Unavailable:
    """Projected ÷ reported − 1 by edition and year."""
    if not found:
        return Unavailable("calendar years after the first rebuilt year-end edition")
    cells: dict[tuple[str, int], dict[str, object]] = {}
    for each in found:
        row = cells.setdefault((each.edition, each.year), {"edition": each.edition, "year": str(each.year)})
        label = f"{ITEMS[each.item]} {each.year} as projected in {each.edition}"
        formula = "projected ÷ reported − 1"
        row[each.item] = computed(each.error, "fraction", label, formula, each.actual)
    columns = [Column("edition", "Edition"), Column("year", "Year")]
    columns += [Column(item, name, "fraction") for item, name in ITEMS.items()]
    source: Sources = [found[-1].actual, "the base scenario's rules"]
    title = "Years projected by year-end editions: projected against reported"
    return Table(pd.DataFrame(list(cells.values())), columns, title, source)


# --- Vintages ------------------------------------------------------------------------------------


def all_revisions(edition: Edition, kept: Sequence[Vintage]) -> tuple[Revision, ...]:
    """Every output of every vintage beside what the code says now."""
    return tuple(revision for vintage in kept for revision in revisions(edition, vintage))


def vintage_numbers(
    edition: Edition, kept: Sequence[Vintage], found: Sequence[Revision]
) -> dict[str, Figure]:
    """How many vintages there are, and whether the code still says what was published."""
    count = Figure(float(len(kept)), "count", "Vintages kept", formula="files in data/vintages")
    label = "Whether the code still says what was published"
    if not kept:
        return {"kept": count, "moved": text("nothing has been published by this cut-off", label)}
    moved = [revision for revision in found if revision.change]
    published = [vintage.figure("market_value_usd_bn", "Market value as published") for vintage in kept]
    if not moved:
        return {
            "kept": count,
            "moved": text("the code still gives every number as published", label, *published),
        }
    largest = max(moved, key=lambda revision: abs(revision.change) / max(abs(revision.published), 1e-9))
    by = percent(abs(largest.change) / abs(largest.published))
    words = f"{len(moved)} of {len(found)} numbers have moved since, {name_of(largest)} most, by {by}"
    return {"kept": count, "moved": text(words, label, *published)}


def vintages_table(kept: Sequence[Vintage], found: Sequence[Revision]) -> Table | Unavailable:
    """Each published output, what the code says now, and the change; published ones stay as they were."""
    if not kept:
        return Unavailable("a published edition of this report")
    rows = []
    for each in found:
        now = each.vintage.figure(each.name, name_of(each))
        unit = now.unit
        label = f"{name_of(each)}, as the code computes it now"
        rows.append(
            {
                "edition": each.vintage.edition,
                "output": name_of(each),
                "published": each.vintage.figure(each.name, f"{name_of(each)}, as published"),
                "now": computed(each.now, unit, label, "the edition computed again", now),
                "change": "none" if not each.change else _signed(each.change, unit),
            }
        )
    columns = [
        Column("edition", "Edition"),
        Column("output", "Output"),
        Column("published", "As published", "figure"),
        Column("now", "Now", "figure"),
        Column("change", "Moved by"),
    ]
    return Table(pd.DataFrame(rows), columns, "What was published, and what the code says now")


def name_of(revision: Revision) -> str:
    """An output's dotted name in words."""
    kind, *rest = revision.name.split(".")
    if kind == "odds":
        target, chance = rest
        return f"Odds ${target} {'above' if chance == 'above' else 'touched'}"
    year = revision.vintage.horizon.year
    if kind == "values_usd_bn":
        scenario, method = rest
        ways = {str(way): METHOD_LABELS[way].split(" ×")[0] for way in METHODS}
        return f"{scenario.capitalize()} {year}, {ways.get(method, 'three ways weighted')}"
    names = {
        "market_value_usd_bn": "Market value",
        "sum_of_the_parts_usd_bn": "Sum of the parts today",
        "discounted_cash_flow_usd_bn": "Discounted cash flow today",
    }
    return ", ".join([names[kind], *rest])


def _signed(change: float, unit: str) -> str:
    sign = "+" if change > 0 else "−"
    return f"{sign}{usd_bn(abs(change)) if unit == 'usd_bn' else percent(abs(change))}"
