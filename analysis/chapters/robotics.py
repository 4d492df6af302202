"""Warehouse automation: what it can save a year, what it costs, and what is in the margin already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from analysis.chapters import _robotics_cases as cases
from analysis.chapters._observed import four_quarters, key_figure_by_quarter
from analysis.chapters._robotics_play import calculator
from analysis.chapters._words import SCENARIOS, or_words, said
from analysis.chapters.page import Page, Unavailable
from analysis.charts import robotics as charts
from analysis.charts import savings
from analysis.charts.render import ChartFigure
from analysis.data import AbsentFigure, Edition
from analysis.data.quarters import DAYS_PER_YEAR
from analysis.figures import Figure, text
from analysis.model.projection.robotics import margin_from_automation, payback_years
from analysis.report.claims import claims_for
from analysis.valuation.automation import (
    BILLION,
    Automation,
    adoption,
    automation,
    automation_drivers,
    label_automation,
)
from analysis.valuation.group import Group, open_group
from analysis.valuation.inputs import retail, ttm

FROM_SCENARIOS = "scenarios of this report"
NEAR = 0.25  # how far apart two costs may be and still count as in line
FULFILMENT = "income.fulfillment"
# The drivers' names where there is little room.
SHORT = {
    "robotics.units": "orders a year",
    "robotics.units_growth": "growth of orders",
    "robotics.cost_per_unit": "cost of an order",
    "robotics.saving": "share of it saved",
    "robotics.adoption_ceiling": "ceiling of adoption",
    "robotics.midpoint": "years to half of it",
    "robotics.steepness": "steepness of adoption",
}
CLAIMS = 6  # of the articles' claims shown; their own page has all


def build(edition: Edition, scenario: str) -> Page:
    """The page on warehouse automation for an edition under a scenario."""
    groups = {name: open_group(edition, name) for name in dict.fromkeys((*SCENARIOS, scenario))}
    group = groups[scenario]
    found = label_automation(
        group.horizon_year, scenario, automation(automation_drivers(group), group.exit_years)
    )
    numbers = {
        **_fleet(edition),
        **_costs(edition, group),
        **_savings(group, found),
        **_capital(group, found),
        **_margin(group, found),
        **_beside(group),
        **_checks(edition, group),
    }
    return Page(
        "robotics",
        numbers,
        charts={
            "fleet": lambda: _fleet_chart(edition),
            "adoption": lambda: _adoption_chart(group, numbers),
            "savings": lambda: _savings_chart(group, numbers),
            "scale": lambda: _scale_chart(group, numbers),
            "decides": lambda: _decides_chart(group, numbers),
        },
        tables={
            "claims": lambda: claims_for(edition, "robotics", most=CLAIMS),
            "estimates": lambda: cases.estimates_table(group),
            "sites": lambda: cases.sites_table(group),
        },
        calculators={"play": lambda: calculator(groups, group)},
    )


# --- Numbers -----------------------------------------------------------------------------------------------


def _fleet(edition: Edition) -> dict[str, Figure]:
    def latest(metric: str) -> Callable[[], Figure]:
        return lambda: edition.latest("robotics", entity="Amazon", metric=metric)

    frame = _fleet_frame(edition)
    words = text("earlier years", "First count of robots")
    first = words if frame.empty else text(str(frame["period"].iloc[0]), "First count of robots")
    start = frame["period"].iloc[0] if len(frame) else ""
    return {
        "robots": or_words(latest("robots_deployed"), "a number not public", "Robots in use"),
        "robots_first": or_words(
            lambda: cases.stated(edition, "Amazon", "robots_deployed", str(start)),
            "a number not public",
            "Robots",
        ),
        "robots_first_year": first,
        "assisted": or_words(
            latest("share_of_deliveries_robot_assisted"),
            "a share not public",
            "Deliveries with a robot's help",
        ),
        "best_site": or_words(
            lambda: edition.latest("robotics", entity="Shreveport FC", metric="cost_to_serve_reduction"),
            "an amount not public",
            "Cost saved at the most automated site",
        ),
    }


def _fleet_frame(edition: Edition) -> pd.DataFrame:
    """Counts of robots in their order: period, the day it was stated in years, robots."""
    frame = edition.observations("robotics")
    chosen = frame[(frame["entity"] == "Amazon") & (frame["metric"] == "robots_deployed")]
    days = chosen["published"].dt
    data = pd.DataFrame(
        {
            "period": chosen["period"].astype(str),
            "time": days.year + days.day_of_year / DAYS_PER_YEAR,
            "robots": chosen["value"].astype(float),
        }
    )
    return data.sort_values("time", ignore_index=True)


def _shipping(edition: Edition) -> tuple[Figure, str]:
    frame = key_figure_by_quarter(edition, "ww_shipping_costs")
    cost, last = four_quarters(frame, lambda q: edition.key_figure("ww_shipping_costs", q), "Shipping costs")
    return cost.to("usd_bn"), last


def _costs(edition: Edition, group: Group) -> dict[str, Figure]:
    """What handling an order costs, and whether the drivers fit what is reported."""
    fulfilment, drivers = ttm(edition, FULFILMENT), automation_drivers(group)
    sales = retail(edition, "net_sales")
    implied = drivers["robotics.units"] / BILLION * drivers["robotics.cost_per_unit"]
    implied = implied.named("Orders × cost of an order, as assumed", "usd_bn")
    ratio = (implied / fulfilment).named("Assumed cost of handling over the reported one", "fraction")
    fits = "in line with" if abs(ratio.number - 1) <= NEAR else "out of line with"

    def last() -> Figure:
        cost, quarter = _shipping(edition)
        return text(quarter, "Last quarter of shipping costs", cost)

    return {
        "quarter": text(edition.quarter, "Latest reported quarter"),
        "scenario": text(group.scenario, "Scenario"),
        "fulfilment": fulfilment,
        "fulfilment_share": (fulfilment / sales).named("Fulfilment over retail sales", "fraction"),
        "shipping": or_words(lambda: _shipping(edition)[0], "an amount not in this report", "Shipping costs"),
        "shipping_quarter": or_words(last, "the latest quarter", "Last quarter of shipping costs"),
        "units": (drivers["robotics.units"] / BILLION).named("Billions of orders a year, assumed", "number0"),
        "cost_per_unit": drivers["robotics.cost_per_unit"],
        "implied": implied,
        "implied_ratio": ratio,
        "implied_word": text(fits, "Assumed against reported cost of handling", ratio),
    }


def _savings(group: Group, found: Automation) -> dict[str, Figure]:
    ends = {
        key: label_automation(
            group.horizon_year, group.scenario, automation(cases.all_at(group, better), group.exit_years)
        )
        for key, better in (("low", False), ("high", True))
    }
    fulfilment = ttm(group.edition, FULFILMENT)
    share = (found.further / fulfilment).named("Further savings over today's fulfilment cost", "fraction")
    per_order = cases.saving_per_order(group)
    return {
        "horizon": Figure(float(group.horizon_year), "year", "The targets' year"),
        "saving": group.driver("robotics.saving"),
        "saving_per_order": per_order,
        "units_horizon": found.units,
        "ceiling": group.driver("robotics.adoption_ceiling"),
        "adoption_now": found.adoption_now,
        "adoption": found.adoption,
        "savings": found.savings,
        "further": found.further,
        "further_low": ends["low"].further.named("Further savings, every driver at its low end", "usd_bn"),
        "further_high": ends["high"].further.named("Further savings, every driver at its high end", "usd_bn"),
        "further_share": share,
    }


def _capital(group: Group, found: Automation) -> dict[str, Figure]:
    target = min(group.edition.targets, key=lambda each: each.value_usd_bn)
    years: Figure = payback_years(found.capital, found.further)
    share = (found.value / target.value_usd_bn).named(f"Share of the target {target.name}", "fraction")
    return {
        "capital": found.capital,
        "payback": years.named("Years in which further savings repay the capital", "years"),
        "sites": group.driver("robotics.sites"),
        **cases.site_numbers(group),
        "multiple": group.driver("robotics.multiple"),
        "tax": group.driver("tax.marginal"),
        "value": found.value,
        "value_of_target": share,
        "lower_target": target.figure,
    }


def _margin(group: Group, found: Automation) -> dict[str, Figure]:
    """What of the savings the stores' margin driver already holds."""
    name = "stores" if "stores" in group.projection.parts else "retail"
    path, index = group.projection.parts[name].sales, group.index_of(group.horizon_year)
    drivers = ("stores.growth_change", "stores.growth_stable")
    label = f"Stores' sales in {group.horizon_year}, {group.scenario} scenario"
    sales = group.result(path[index], "usd_bn", label, "sales × Π (1 + growth)", *drivers)
    change = group.driver("stores.margin_change")
    points: Figure = margin_from_automation(found.further, sales)
    points = points.named("Points of margin that the further savings could add", "points")
    return {
        "stores_sales": sales,
        "margin_points": points,
        "margin_change": change.named(change.label, "points"),
        "margin_dollars": (change * sales).named(
            "Change of the stores' margin assumed, in dollars", "usd_bn"
        ),
        "kept_share": (change / points).named("Margin change assumed over further savings", "fraction"),
    }


def _beside(group: Group) -> dict[str, Figure]:
    """What others expect, and the scenario on the same terms."""
    makers: dict[str, Callable[[], cases.Estimate]] = {
        "bank": lambda: cases.bank_estimate(group, "annual_savings"),
        "leak": lambda: cases.leaked_estimate(group),
    }
    found: dict[str, Figure] = {}
    for key, make in makers.items():
        for part in ("low", "high", "ours"):
            found[f"{key}_{part}"] = or_words(
                lambda make=make, part=part: getattr(make(), part),  # type: ignore[misc]  # defaults of a lambda
                "an amount not public",
                f"Estimate ({key}, {part})",
            )
    metric, unknown = "annual_savings", "a year not public"
    for key, of in (("bank_year", f"{metric}_low"), ("leak_years", "savings_cumulative")):
        found[key] = or_words(partial(_period, group.edition, of), unknown, "Period of the estimate")
    found["bank_share"] = or_words(
        lambda: cases.stated(
            group.edition,
            "Amazon",
            f"{metric}_share_of_orders",
            cases.period_of(group.edition, f"{metric}_low"),
        ),
        "a share not public",
        "Share of orders in the bank's estimate",
    )
    return found


def _period(edition: Edition, metric: str) -> Figure:
    """The period that an estimate is for, as words; raises ``AbsentFigure``."""
    period = cases.period_of(edition, metric)
    stated = cases.stated(edition, "Amazon", metric, period)
    return text(period.replace("-", " to "), "Period of the estimate", stated)


def _checks(edition: Edition, group: Group) -> dict[str, Figure]:
    """Sites and adoption two years out, and today's cost ratio, as thresholds."""
    drivers, year = automation_drivers(group), int(edition.quarter[:4]) + 2
    time = cases.time_to(edition, year)
    share: Figure = adoption(drivers, time)
    sites = (drivers["robotics.sites"] * share).named(f"Sites of the new kind by the end of {year}", "count")
    planned = or_words(
        lambda: cases.stated(edition, "Amazon", "next_gen_facilities_planned", "end-2027"),
        "a number not public",
        "Sites of the new kind in leaked plans, end of 2027",
    )
    return {
        "check_year": Figure(float(year), "year", "The year to check"),
        "check_adoption": share.named(f"Share of orders automated at the end of {year}", "fraction"),
        "check_sites": sites,
        "planned_sites": planned,
    }


# --- Charts ------------------------------------------------------------------------------------------------


def _fleet_chart(edition: Edition) -> ChartFigure | Unavailable:
    data = _fleet_frame(edition)
    if len(data) < 2:
        return Unavailable("more than one count of robots in use")
    first, last = (
        cases.stated(edition, "Amazon", "robots_deployed", str(data["period"].iloc[end])) for end in (0, -1)
    )
    return charts.fleet(
        data,
        f"A line of robots in use, from {said(first)} in {data['period'].iloc[0]} to {said(last)} in "
        f"{data['period'].iloc[-1]}.",
        [cases.stated(edition, "Amazon", "robots_deployed", str(period)) for period in data["period"]],
    )


def _adoption_chart(group: Group, numbers: Mapping[str, Figure]) -> ChartFigure:
    three = {
        "high": cases.all_at(group, True),
        "assumed": automation_drivers(group),
        "low": cases.all_at(group, False),
    }
    rows = [
        (year, case, float(adoption(cases.plain(drivers), time)))
        for case, drivers in three.items()
        for year, time in group.clock
    ]
    return savings.adoption(
        pd.DataFrame(rows, columns=["year", "case", "share"]),
        "Share of orders through sites of the new kind, assumed",
        f"S-curves of adoption: from {said(numbers['adoption_now'], 'percent0')} today to "
        f"{said(numbers['adoption'], 'percent0')} in {group.horizon_year} as assumed, towards a ceiling of "
        f"{said(numbers['ceiling'], 'percent0')}.",
        FROM_SCENARIOS,
    )


def _savings_chart(group: Group, numbers: Mapping[str, Figure]) -> ChartFigure:
    three = {
        "low": cases.plain(cases.all_at(group, False)),
        "assumed": cases.plain(automation_drivers(group)),
        "high": cases.plain(cases.all_at(group, True)),
    }
    clock = [(year, time) for year, time in group.clock if year <= group.horizon_year]
    found = {case: [float(automation(d, time).savings) for _, time in clock] for case, d in three.items()}
    data = pd.DataFrame({"year": [year for year, _ in clock], **found})
    others, beside, sources = _others(group, {year for year, _ in clock})
    return charts.savings(
        data,
        others,
        f"A line of savings a year with its range: {said(numbers['savings'])} in {group.horizon_year}"
        f"{beside}.",
        [FROM_SCENARIOS, *sources],
    )


def _others(group: Group, years: set[int]) -> tuple[pd.DataFrame, str, list[Figure]]:
    """The bank's estimate where it is public and in the picture, with words for it and its source."""
    columns = ["year", "name", "low", "high"]
    try:
        found = cases.bank_estimate(group, "annual_savings")
        year = int(cases.period_of(group.edition, "annual_savings_low"))
    except AbsentFigure:
        return pd.DataFrame(columns=columns), "", []
    if year not in years:
        return pd.DataFrame(columns=columns), "", []
    row = (year, "a bank's estimate", found.low.number, found.high.number)
    words = f"; a bank expects {said(found.low)} to {said(found.high)} in {year}"
    return pd.DataFrame([row], columns=columns), words, [found.low]


def _scale_chart(group: Group, numbers: Mapping[str, Figure]) -> ChartFigure:
    steps = {
        "Fulfilment, twelve months": "fulfilment",
        "Shipping, twelve months": "shipping",
        f"Savings in {group.horizon_year}": "savings",
        "of these beyond today's": "further",
    }
    shown = {step: numbers[key] for step, key in steps.items() if numbers[key].unit == "usd_bn"}
    data = pd.DataFrame({"step": list(shown), "value": [figure.number for figure in shown.values()]})
    return savings.ladder(
        data,
        "What delivery costs, and what automation could take off",
        f"Bars: fulfilment cost {said(numbers['fulfilment'])} over twelve months; automation saves "
        f"{said(numbers['further'])} a year more in {group.horizon_year} than today.",
        [numbers["fulfilment"], FROM_SCENARIOS],
    )


def _decides_chart(group: Group, numbers: Mapping[str, Figure]) -> ChartFigure:
    drivers, values = group.edition.drivers(group.scenario), cases.plain(automation_drivers(group))

    def further(name: str, value: float) -> float:
        return float(automation(values | {name: value}, group.exit_years).further)

    rows = [
        (short, further(name, drivers[name].low), further(name, drivers[name].high))
        for name, short in SHORT.items()
    ]
    data = pd.DataFrame(rows, columns=["driver", "low", "high"])
    order = (data["high"] - data["low"]).abs().sort_values(ascending=False).index
    data = data.loc[order].reset_index(drop=True)
    return savings.decides(
        data,
        numbers["further"].number,
        f"Savings beyond today's in {group.horizon_year}, one driver at a time",
        f"Ranges by driver around {said(numbers['further'])}: most depends on “{data['driver'].iloc[0]}”.",
        FROM_SCENARIOS,
    )
