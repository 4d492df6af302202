"""The sum of the parts: each business by its own measure, counted once, and what the price leaves for AWS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

import pandas as pd

from analysis.chapters import _sotp_double as double
from analysis.chapters import _sotp_tables as tables
from analysis.chapters._sotp_play import calculator
from analysis.chapters._words import SCENARIOS
from analysis.chapters.page import Page
from analysis.charts import sotp as charts
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.data import Edition
from analysis.figures import Figure, text
from analysis.formats import day, usd_bn
from analysis.model.parts.sum_of_parts import CASES, uncovered
from analysis.report.claims import claims_for
from analysis.valuation.dcf import cost_of_capital_figures, intrinsic
from analysis.valuation.gates import enforced
from analysis.valuation.group import Group, open_group, with_drivers
from analysis.valuation.inputs import three_ways
from analysis.valuation.parts import (
    PartsValue,
    discounted,
    discounted_target,
    implied_multiple,
    value_at_horizon,
    value_today,
)
from analysis.valuation.published import MEAN, PublishedValue, published_values

AWS = "AWS"
CHANGE, EARNINGS = "exit.price_to_sales_change", "exit.price_to_earnings"


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition: the scenario's parts today and then, the three scenarios beside each other."""
    groups = {name: open_group(edition, name) for name in dict.fromkeys((*SCENARIOS, scenario))}
    group = groups[scenario]
    today, then = value_today(group), value_at_horizon(group)
    others = published_values(edition)
    numbers = {
        **_today(group, today),
        **_then(group, then),
        **_implied(group, today, then),
        **_published(edition, others),
        **_checks(group, today),
    }
    return Page(
        "sotp",
        numbers,
        charts={
            "field": lambda: _field_chart(groups, group, today, then, others),
            "bridge": lambda: _bridge_chart(group, today),
            "horizon": lambda: _horizon_chart(groups, group),
        },
        tables={
            "today": lambda: tables.parts_table(group, today, "Profit or sales"),
            "then": lambda: tables.parts_table(group, then, f"Profit in {group.horizon_year}"),
            "shares": lambda: tables.shares_table(group, today),
            "implied": lambda: tables.implied_table(group, today, then),
            "double": lambda: double.table(edition),
            "published": lambda: tables.published_table(edition, others),
            "claims": lambda: claims_for(edition, "sotp", most=6),
        },
        calculators={"play": lambda: calculator(groups, group)},
        notes={"refused": lambda: double.refused(edition), "leaves": lambda: double.leaves(edition)},
    )


# --- Numbers ---------------------------------------------------------------------------------------------


def _today(group: Group, value: PartsValue) -> dict[str, Figure]:
    market, equity = group.edition.market_value, value.equity
    gap = (equity.base / market - 1).named("Sum of the parts against the market value", "fraction")
    inside = equity.low.number <= market.number <= equity.high.number
    apart = "inside" if inside else "outside"
    parts = value.sum.parts
    largest = max(parts, key=lambda name: parts[name].base.number)
    whole = value.sum.enterprise_value.base
    return {
        "scenario": text(group.scenario, "Scenario"),
        "price_day": text(day(group.edition.price_date), "Day of the price", group.edition.price),
        "market_value": market,
        "today": equity.base,
        "today_low": equity.low,
        "today_high": equity.high,
        "today_share": value.per_share(),
        "price": group.edition.price,
        "gap": _size(gap),
        "gap_word": text("more" if gap.number > 0 else "less", "The parts against the market", gap),
        "inside": text(apart, "The market value against the range of the parts", gap),
        "enterprise": whole,
        "largest": text(largest, "The largest part", parts[largest].base),
        "largest_share": (parts[largest].base / whole).named(f"{largest}'s share of the parts", "fraction"),
        "multiple_aws": tables.base_multiple(value.parts, AWS),
        "count": text(_words_of(len(value.parts)), "Number of parts"),
    }


def _then(group: Group, value: PartsValue) -> dict[str, Figure]:
    found = {"then": value.equity.base, "then_low": value.equity.low, "then_high": value.equity.high}
    year = group.horizon_year
    reached = [t for t in group.edition.targets if value.equity.base.number >= t.value_usd_bn]
    top = [t for t in group.edition.targets if value.equity.high.number >= t.value_usd_bn]
    return {
        **found,
        "horizon": Figure(float(year), "year", "The targets' year"),
        "then_discounted": discounted(group, value.equity.base, value.at),
        "then_low_discounted": discounted(group, value.equity.low, value.at),
        "then_high_discounted": discounted(group, value.equity.high, value.at),
        "then_share": value.per_share(),
        "net_then": next(iter(value.bridge.values())),
        "reached": text(_reaches(reached), "Targets that the middle case reaches", value.equity.base),
        "reached_high": text(_reaches(top), "Targets that the high case reaches", value.equity.high),
        "multiple_aws_then": tables.base_multiple(value.parts, AWS),
        "asked": cost_of_capital_figures(group).cost_of_equity,
        "issued": group.driver("shares.change"),
        "weight": group.driver("blend.parts"),
    }


def _implied(group: Group, today: PartsValue, then: PartsValue) -> dict[str, Figure]:
    market = group.edition.market_value
    paid = implied_multiple(today, market)
    lowest, highest = next((p.multiple.low, p.multiple.high) for p in today.parts if p.name == AWS)
    place = "above" if paid.number > highest.number else "below" if paid.number < lowest.number else "within"
    found = {
        "paid": paid,
        "paid_place": text(place, "The multiple paid against the range assumed", paid, lowest, highest),
        "multiple_aws_high": highest,
    }
    for target in group.edition.targets:
        key = f"t{target.name.lower()}"
        worth = discounted_target(group, target)
        found |= {
            f"{key}_now": worth,
            f"{key}_paid": implied_multiple(today, worth),
            f"{key}_then": implied_multiple(then, target.figure),
        }
    return found


def _published(edition: Edition, others: Sequence[PublishedValue]) -> dict[str, Figure]:
    """The values that others published, or in words that this report has none."""
    label = "Published values in the year before the cut-off"
    if not others:
        return {"others": text("this report has none of that year", label)}
    ends = list(dict.fromkeys(usd_bn(each.whole.number) for each in (others[-1], others[0])))
    values = [each.whole for each in others]
    return {"others": text(" to ".join(ends), label, *values)}


def _checks(group: Group, today: PartsValue) -> dict[str, Figure]:
    """What would contradict the page: the multiples of peers, the margin of advertising, profit of AWS."""
    drivers = group.edition.drivers(group.scenario)
    low, _, high = three_ways(drivers["advertising.operating_margin"])
    income = group.projection.parts["aws"].operating_income[0]
    label = f"AWS operating income in {group.years[0]}, {group.scenario} scenario"
    return {
        "check_multiple": next(part.multiple.low for part in today.parts if part.name == AWS),
        "check_year": Figure(float(group.years[0]), "year", "The year to check"),
        "check_income": group.result(income, "usd_bn", label, "sales × margin", "aws.growth_change"),
        "margin_low": low,
        "margin_high": high,
        "left_out": text(
            ", ".join(sorted(uncovered(today.parts))) or "none",
            "Profit that no part values",
            *group.reported(),
        ),
    }


def _size(figure: Figure) -> Figure:
    """A difference without its sign, which a word beside it tells."""
    return (figure if figure.number >= 0 else -1 * figure).named(figure.label, figure.unit)


def _reaches(targets: Sequence[object]) -> str:
    names = [f"${getattr(target, 'name', '')}" for target in targets]
    return " and ".join(names) if names else "neither target"


def _words_of(count: int) -> str:
    return {2: "two", 3: "three"}[count]


# --- Charts ----------------------------------------------------------------------------------------------


def _targets(group: Group) -> dict[str, float]:
    return {f"${target.name}": target.value_usd_bn for target in group.edition.targets}


def _field_chart(
    groups: Mapping[str, Group],
    group: Group,
    today: PartsValue,
    then: PartsValue,
    others: Sequence[PublishedValue],
) -> ChartFigure:
    year = group.horizon_year
    flows = [float(_checked(groups[name])) for name in SCENARIOS]
    own = float(_checked(group))
    rows = [
        ("Parts today", *(getattr(today.equity, case).number for case in CASES)),
        (f"Parts in {year}", *(discounted(group, getattr(then.equity, c), then.at).number for c in CASES)),
        (f"Sales in {year}", *_by_multiple(group, then, CHANGE, "sales")),
        (f"Earnings in {year}", *_by_multiple(group, then, EARNINGS, "earnings")),
        ("Cash flows", min(flows), own, max(flows)),
    ]
    if others:
        rows.append(("Analysts", others[-1].whole.number, _middle(others), others[0].whole.number))
    data = pd.DataFrame(rows, columns=["method", "low", "base", "high"])
    worth = {f"${t.name}": discounted_target(group, t).number for t in group.edition.targets}
    source: Sources = [
        group.edition.market_value,
        "scenarios of this report",
        *(each.share for each in others),
    ]
    return charts.field(data, worth, group.market.value, source)


def _checked(group: Group) -> float:
    """The shares by discounted cash flow; raises ``ImplausibleValuation`` if that is implausible."""
    value = intrinsic(group)
    enforced(value)
    return float(value.equity)


def _by_multiple(group: Group, then: PartsValue, driver: str, method: str) -> list[float]:
    """Low, base and high value today of the horizon's value in one way, by the range of its multiple."""
    found = group.edition.drivers(group.scenario)[driver]
    at = group.index_of(group.horizon_year)
    worth = []
    for level in (found.low, found.value, found.high):
        ways = {str(way): path for way, path in with_drivers(group, {driver: level}).values_by_method.items()}
        figure = Figure(float(ways[method][at]), "usd_bn", f"Value by {method}")
        worth.append(discounted(group, figure, then.at).number)
    return worth


def _middle(others: Sequence[PublishedValue]) -> float:
    """The mean that a collector of targets published; without one, the median of what there is."""
    means = [each.whole.number for each in others if each.metric == MEAN]
    return means[0] if means else median(each.whole.number for each in others)


def _bridge_chart(group: Group, today: PartsValue) -> ChartFigure:
    amounts = {name: span.base.number for name, span in today.sum.parts.items()}
    amounts |= {name: step.number for name, step in today.bridge.items()}
    source: Sources = [*group.reported(), group.edition.market_value, "scenarios of this report"]
    return charts.waterfall(amounts, "From the parts to the shares", group.market.value, source)


def _horizon_chart(groups: Mapping[str, Group], group: Group) -> ChartFigure:
    rows = []
    for name in SCENARIOS:
        value = value_at_horizon(groups[name])
        amounts = {part: span.base for part, span in value.sum.parts.items()} | dict(value.bridge)
        rows += [(name, part, figure.number) for part, figure in amounts.items()]
    data = pd.DataFrame(rows, columns=["scenario", "part", "value"])
    source: Sources = [*group.reported(), "scenarios of this report"]
    return charts.horizon(data, group.horizon_year, _targets(group), source)
