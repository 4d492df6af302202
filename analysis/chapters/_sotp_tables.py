"""The tables of the page on the sum of the parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.chapters._words import said
from analysis.chapters.page import Unavailable
from analysis.charts.cells import Rich, Shown
from analysis.charts.sources import Sources
from analysis.charts.table import Column, Table
from analysis.data import Edition
from analysis.figures import Figure
from analysis.formats import NBSP, day
from analysis.model.parts.equity_bridge import COUNTS, Shares
from analysis.model.parts.sum_of_parts import Part
from analysis.valuation.group import Group, share_counts
from analysis.valuation.parts import PartsValue, discounted_target, implied_multiple
from analysis.valuation.published import PublishedValue

AWS = "AWS"
KINDS: Mapping[str, str] = {
    "price_target": "target",
    "fair_value": "fair value",
    "price_target_low": "lowest target",
    "price_target_mean": "mean target",
    "price_target_high": "highest target",
}


def base_multiple(parts: Sequence[Part], name: str) -> Figure:
    found: Figure = next(part.multiple.base for part in parts if part.name == name)
    return found


def parts_table(group: Group, value: PartsValue, amount: str) -> Table:
    """Part by part: what it earns or sells, the multiples, and the value in three cases."""
    rows: list[tuple[object, ...]] = []
    for part in value.parts:
        span = value.sum.parts[part.name]
        multiple = part.multiple.base if part.amount is not None else None
        rows.append((part.name, part.amount, multiple, span.base, span.low, span.high, _span_of(part)))
    for name, step in value.bridge.items():
        rows.append((name, None, None, step, step, step, None))
    total = value.equity
    rows.append(("The shares", None, None, total.base, total.low, total.high, None))
    columns = [
        Column("part", "Part"),
        Column("amount", amount, "usd_bn"),
        Column("multiple", "Multiple", "x", 1),
        Column("base", "Value", "usd_bn", 0),
        Column("low", "Low", "usd_bn", 0),
        Column("high", "High", "usd_bn", 0),
        Column("span", "Range of multiple"),
    ]
    frame = pd.DataFrame(rows, columns=[column.field for column in columns], dtype=object)
    title = f"The parts on {day(value.at)}, {group.scenario} scenario"
    return Table(frame, columns, title, [*group.reported(), "scenarios of this report"])


def _span_of(part: Part) -> Rich | None:
    """The low and the high multiple of a part, as text with figures."""
    if part.amount is None:
        return None
    low, high = (Shown(each, said(each, "x1")) for each in (part.multiple.low, part.multiple.high))
    return Rich((low, f"{NBSP}to{NBSP}", high))


def shares_table(group: Group, today: PartsValue) -> Table:
    """The value a share by each count that was public."""
    counts: Shares = share_counts(group.edition)
    known = [count for count in COUNTS if getattr(counts, count) is not None]
    named = {
        "basic": "Shares outstanding",
        "diluted": "Diluted, average of the quarter",
        "common_and_awards": "Outstanding and stock awards",
    }
    fields = {
        "diluted": "income.diluted_shares",
        "common_and_awards": "balance.common_shares_and_stock_awards",
    }
    rows = [
        (
            named[count],
            group.edition.shares if count == "basic" else group.edition.figure(fields[count]),
            today.per_share(count),
        )
        for count in known
    ]
    columns = [
        Column("count", "Count"),
        Column("shares", "Shares", "million"),
        Column("value", "Sum of the parts a share", "usd"),
    ]
    frame = pd.DataFrame(rows, columns=[column.field for column in columns], dtype=object)
    return Table(
        frame, columns, "The same value a share, by the count it is divided by", group.edition.shares
    )


def implied_table(group: Group, today: PartsValue, then: PartsValue) -> Table:
    """What is left for AWS at today's price and at the targets, if all else is right."""
    market = group.edition.market_value
    rows: list[tuple[object, ...]] = [("Today's price", market, implied_multiple(today, market))]
    for target in group.edition.targets:
        worth = discounted_target(group, target)
        name = f"${target.name} in {target.horizon.year}, discounted"
        rows.append((name, worth, implied_multiple(today, worth)))
    for target in group.edition.targets:
        name = f"${target.name} at the end of {target.horizon.year}"
        rows.append((name, target.figure, implied_multiple(then, target.figure)))
    columns = [
        Column("price", "At"),
        Column("value", "Value of the shares", "usd_bn", 0),
        Column("multiple", "AWS: value over operating income", "x", 1),
    ]
    frame = pd.DataFrame(rows, columns=[column.field for column in columns], dtype=object)
    own = [said(base_multiple(value.parts, AWS), "x0") for value in (today, then)]
    note = f"The multiple left for AWS; the scenario has {own[0]} today and {own[1]} in {group.horizon_year}"
    return Table(frame, columns, note, [market, "scenarios of this report"])


def published_table(edition: Edition, others: Sequence[PublishedValue]) -> Table | Unavailable:
    if not others:
        return Unavailable(
            "targets of analysts from the year before, which this report has for some years only"
        )
    rows = [
        (
            each.entity,
            each.share,
            each.whole,
            KINDS[each.metric],
            each.method,
            each.share.published,
        )
        for each in others
    ]
    columns = [
        Column("entity", "Who"),
        Column("share", "A share", "usd"),
        Column("whole", "All shares", "usd_bn", 0),
        Column("what", "What"),
        Column("method", "Method"),
        Column("public", "Public"),
    ]
    frame = pd.DataFrame(rows, columns=[column.field for column in columns], dtype=object)
    source: Sources = [*(each.share for each in others), edition.shares]
    return Table(frame, columns, "Values that others published in the year before the cut-off", source)
