"""The choices that a discounted cash flow makes silently, and what each does to the value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.charts import dcf as charts
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure
from analysis.figures import Figure
from analysis.model.parts.equity_bridge import Count
from analysis.valuation.dcf import FORECAST_YEARS, Conventions, Intrinsic, intrinsic
from analysis.valuation.group import share_counts

LONGER = 2 * FORECAST_YEARS


@dataclass(frozen=True)
class Choice:
    """One choice: its name, the convention in place of the report's, and what it says."""

    name: str
    conventions: Conventions
    meaning: str


CHOICES = (
    Choice(
        "Flows at year end",
        Conventions(timing="end"),
        "Cash counts as if all of it came on the year's last day.",
    ),
    Choice(
        "Perpetuity on last profit",
        Conventions(flow="n"),
        "The perpetuity starts a year's growth lower.",
    ),
    Choice(
        "Investment a year ahead",
        Conventions(lag=1),
        "Capital is paid the year before it sells; this year's is paid already.",
    ),
    Choice(
        "Leases as debt",
        Conventions(leases="debt"),
        "Rent becomes interest, the liability is taken off, the cost of capital weighs it.",
    ),
    Choice(
        "Research as an investment",
        Conventions(research="capitalised"),
        "Profit and capital rise, cash does not; at an unchanged return the terminal value does.",
    ),
    Choice(
        "Stock pay added back",
        Conventions(stock_compensation="added_back"),
        "Pay in shares counts as no cost, and the new shares as no loss: common, and wrong.",
    ),
    Choice(
        "Capital spending path",
        Conventions(investment="capital_expenditure"),
        "The projection's capital expenditure less depreciation in place of sales over capital.",
    ),
    Choice(
        "Exit multiples at the end",
        Conventions(at_the_end="multiple"),
        "The scenario's multiples, drifted to the last year, in place of growth and return.",
    ),
    Choice(
        "Twice as long a forecast",
        Conventions(years=LONGER),
        "Growth and returns of the parts stay above the stable rates for longer.",
    ),
)
COUNTS: Mapping[Count, tuple[str, str]] = {
    "diluted": ("Diluted share count", "The average that earnings per share are stated on."),
    "common_and_awards": ("Shares and all awards", "Every award counted as a share, vested or not."),
}


@dataclass(frozen=True)
class Effect:
    """A choice and the change it makes to the value of today's shares, in usd_bn."""

    name: str
    meaning: str
    change: Figure
    share: Figure


def effects(value: Intrinsic) -> list[Effect]:
    """Every choice that the edition's figures allow, each alone, largest rise first."""
    found = [_effect(value, choice.name, choice.meaning, worth) for choice, worth in _worths(value)]
    counts = share_counts(value.group)
    for count, (name, meaning) in COUNTS.items():
        other = getattr(counts, count)
        if other is not None:
            found.append(_effect(value, name, meaning, value.equity * counts.basic / other))
    return sorted(found, key=lambda effect: -effect.change.number)


def chart(value: Intrinsic, found: list[Effect]) -> ChartFigure:
    """The changes as bars."""
    data = charts.order_by_change([each.name for each in found], [each.change.number for each in found])
    return charts.choices(data, float(value.equity), [*value.group.reported(), "scenarios of this report"])


def table(value: Intrinsic, found: list[Effect]) -> Table:
    """The changes with what each choice says."""
    rows = [(each.name, each.change, each.share, each.meaning) for each in found]
    columns = [
        Column("choice", "In place of the report's choice"),
        Column("change", "Change", "usd_bn", 0),
        Column("share", "Of the value", "fraction"),
        Column("meaning", "What it says"),
    ]
    frame = pd.DataFrame(rows, columns=[column.field for column in columns], dtype=object)
    title = f"Silent choices, one at a time, {value.group.scenario} scenario"
    return Table(frame, columns, title, [*value.group.reported(), "scenarios of this report"])


def _worths(value: Intrinsic) -> list[tuple[Choice, float]]:
    found = []
    for choice in CHOICES:
        try:
            found.append((choice, float(intrinsic(value.group, choice.conventions).equity)))
        except AbsentFigure:  # research long enough ago was not public in the first editions
            continue
    return found


def _effect(value: Intrinsic, name: str, meaning: str, worth: float) -> Effect:
    change = float(worth - value.equity)
    formula = "value of the shares with this choice alone − with the report's"
    figure = value.figure(change, "usd_bn", f"{name}: change of the value of the shares", formula)
    share = value.figure(
        change / value.equity, "fraction", f"{name}: change as a share of the value", formula
    )
    return Effect(name, meaning, figure, share)
