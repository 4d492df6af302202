"""What moved the market value between an earlier edition and this one: sales, margin and multiple."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.chapters._notes import paragraph
from analysis.chapters._words import direction
from analysis.chapters.page import Unavailable
from analysis.charts import history as charts
from analysis.charts.note import Note
from analysis.charts.render import ChartFigure
from analysis.data import Edition, open_edition, quarters
from analysis.data.editions import edition_labels
from analysis.figures import Figure, computed, text
from analysis.formats import day
from analysis.model.parts import decomposition
from analysis.valuation.inputs import ttm

SALES, INCOME = "income.net_sales", "income.operating_income"
YEARS = 5
FACTORS = {"growth": "Growth of sales", "margin": "Operating margin", "multiple": "Multiple of profit"}
SPLIT = (
    "All shares were worth {value} on {price_day}, against {value_then} on {then_day}. Growth of sales "
    "accounts for {from_growth} of the change and the operating margin for {from_margin}; the multiple "
    "of profit accounts for {from_multiple}, because investors paid {multiple_then:x1} a year's "
    "operating income then and pay {multiple:x1} now. The number of shares {shares_moved} by "
    "{share_change} in that time, and the price of a share {share_moved} by {share_value_change}."
)


def past_edition(edition: Edition) -> Edition | None:
    """The edition of five years before, else the earliest; ``None`` if there is none to compare with."""
    known = sorted(label for label in edition_labels(edition.root) if quarters.is_quarter(label))
    wanted = max(known[0], quarters.add(edition.quarter, -4 * YEARS))
    return open_edition(wanted, edition.root) if wanted < edition.quarter else None


def note(edition: Edition, then: Edition | None) -> Note | Unavailable:
    """The change in market value and its parts, in sentences; nothing for the first edition."""
    if then is None:
        return Unavailable("an earlier edition to compare the market value with")
    return paragraph(SPLIT, numbers(then, edition))


def chart(edition: Edition, then: Edition | None) -> ChartFigure | Unavailable:
    """The parts of the change as a bridge from one market value to the other."""
    if then is None:
        return Unavailable("an earlier edition to compare the market value with", quiet=True)
    start = day(then.price_date)
    parts = {FACTORS[name]: part.number for name, part in contributions(then, edition).items()}
    amounts = {f"Value, {start}": then.market_value.number, **parts}
    end = f"Value, {day(edition.price_date)}"
    targets = {f"${target.name}": target.value_usd_bn for target in edition.targets}
    return charts.change(start, amounts, end, targets, (edition.market_value, then.market_value))


def contributions(then: Edition, now: Edition) -> dict[str, Figure]:
    """What growth, margin and multiple each added to the market value between two editions, in usd_bn."""
    before, after = _factors(then), _factors(now)
    rule = "logarithmic mean of the two market values × ln(now ÷ then)"
    return {
        name: computed(
            part, "usd_bn", f"{FACTORS[name]}: part of the change in market value", rule,
            then.market_value, now.market_value, before[name], after[name],
        )
        for name, part in decomposition.contributions(before, after).items()
    }  # fmt: skip


def numbers(then: Edition, now: Edition) -> dict[str, Figure]:
    """The figures of the sentences: both values, the parts of the change, shares and a share."""
    parts = {f"from_{name}": part for name, part in contributions(then, now).items()}
    shares = (now.shares / then.shares - 1).named(
        f"Change in shares outstanding since {then.quarter}", "fraction"
    )
    price = (now.price / then.price - 1).named("Change of the price of a share", "fraction")
    return {
        **parts,
        "value": now.market_value,
        "price_day": text(day(now.price_date), "Day of the price", now.price),
        "value_then": then.market_value,
        "then_day": text(day(then.price_date), "Day of the earlier price", then.price),
        "multiple_then": _multiple(then),
        "multiple": _multiple(now),
        "shares_moved": direction(shares, "grew", "shrank", "Direction of the number of shares"),
        "share_change": _size(shares),
        "share_moved": direction(price, "rose", "fell", "Direction of the price of a share"),
        "share_value_change": _size(price),
    }


def _factors(edition: Edition) -> Mapping[str, Figure]:
    """Sales, operating margin and market value over operating income, as public for ``edition``."""
    sales, income = ttm(edition, SALES), ttm(edition, INCOME)
    return {"growth": sales, "margin": income / sales, "multiple": edition.market_value / income}


def _multiple(edition: Edition) -> Figure:
    day_of = day(edition.price_date)
    return _factors(edition)["multiple"].named(f"Market value over operating income, {day_of}", "x")


def _size(change: Figure) -> Figure:
    """A change without its sign, which a word beside it tells."""
    return (change if change.number >= 0 else -1 * change).named(change.label, change.unit)
