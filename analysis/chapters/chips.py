"""Own chips: what Trainium, Inferentia and Graviton save and earn, valued once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.chapters._chips_cases import PRICE, RIVAL, all_at, at_horizon, cases_table, prices_table
from analysis.chapters._chips_play import calculator
from analysis.chapters._observed import by_quarter, four_quarters
from analysis.chapters._words import SCENARIOS, end_of_range, or_words, said
from analysis.chapters.page import Page, Unavailable
from analysis.charts import chips as charts
from analysis.charts import savings
from analysis.charts.render import ChartFigure
from analysis.data import AbsentFigure, Edition
from analysis.figures import Figure, text, total
from analysis.formats import percent
from analysis.model.parts import sum_of_parts as sotp
from analysis.model.projection import chips as kernels
from analysis.model.projection.growth import sales_from_run_rate
from analysis.report.claims import claims_for
from analysis.valuation.group import Group, open_group
from analysis.valuation.inputs import AWS_INCOME, AWS_SALES, ttm
from analysis.valuation.own_chips import (
    OwnChips,
    aws_cost,
    chip_drivers,
    label_own_chips,
    own_chips,
    own_share,
)

FROM_SCENARIOS = "scenarios of this report"
# The drivers' names where there is little room.
SHORT = {
    "chips.advantage": "advantage",
    "chips.compute_share_of_cost": "accelerated share of cost",
    "chips.share_ceiling": "ceiling of own chips",
    "chips.midpoint": "years to half of it",
    "chips.steepness": "steepness of adoption",
    "chips.passed_on": "share passed on",
}
CUSTOM, TRAINIUM = "Custom chips (Graviton+Trainium)", "Trainium2"
CLAIMS = 6  # of the articles' claims shown; their own page has all


def build(edition: Edition, scenario: str) -> Page:
    """The page on own chips for an edition under a scenario."""
    groups = {name: open_group(edition, name) for name in dict.fromkeys((*SCENARIOS, scenario))}
    group = groups[scenario]
    year = label_own_chips(group.horizon_year, scenario, at_horizon(group, chip_drivers(group)))
    numbers = {
        **_claims(edition, group),
        **_run_rate(edition, group),
        **_horizon(group, year),
        **_worth(group, year),
        **_prize(edition),
        **_checks(edition, group),
    }
    return Page(
        "chips",
        numbers,
        charts={
            "saving": lambda: _saving_chart(numbers),
            "adoption": lambda: _adoption_chart(group, numbers),
            "ladder": lambda: _ladder_chart(group, numbers),
            "decides": lambda: _decides_chart(group, numbers),
            "prize": lambda: _prize_chart(edition, numbers),
        },
        tables={
            "claims": lambda: claims_for(edition, "chips", most=CLAIMS),
            "prices": lambda: prices_table(edition),
            "cases": lambda: cases_table(group),
        },
        calculators={"play": lambda: calculator(groups, group)},
    )


# --- Numbers -----------------------------------------------------------------------------------------------


def _chip(edition: Edition, entity: str, metric: str) -> Callable[[], Figure]:
    return lambda: edition.latest("chips", entity=entity, metric=metric)


def _claims(edition: Edition, group: Group) -> dict[str, Figure]:
    """The maker's claims, and what they and the scenario's advantage save."""
    found: dict[str, Figure] = {}
    for end in ("low", "high"):
        claim = _chip(edition, TRAINIUM, f"price_performance_vs_gpu_{end}")
        label = f"Claimed advantage of {TRAINIUM}, {end} end"
        found[f"claim_{end}"] = or_words(claim, "an amount not public yet", label)

        def saved(claim: Callable[[], Figure] = claim, end: str = end) -> Figure:
            saving: Figure = kernels.saving_from_advantage(claim())
            return saving.named(f"Saving behind the claim, {end} end", "fraction")

        found[f"claim_saves_{end}"] = or_words(saved, "an amount not public yet", f"Saving, {end} end")
    advantage = group.driver("chips.advantage")
    saving = kernels.saving_from_advantage(advantage).named(
        "Saving behind the scenario's advantage", "fraction"
    )
    return {**found, "advantage": advantage, "saving": saving, "scenario": text(group.scenario, "Scenario")}


def _run_rate(edition: Edition, group: Group) -> dict[str, Figure]:
    """The stated run-rate and the year's sales behind it."""
    rate = _chip(edition, CUSTOM, "run_rate")
    growth = group.driver("chips.run_rate_growth")

    def sales() -> Figure:
        year: Figure = sales_from_run_rate(rate(), growth)
        return year.named("Sales of own chips over the year behind the run-rate", "usd_bn")

    def share() -> Figure:
        return (sales() / ttm(edition, AWS_SALES)).named("Sales of own chips over AWS's sales", "fraction")

    def least() -> Figure:
        low = end_of_range(group.edition.drivers(group.scenario)["chips.run_rate_growth"], "low")
        return (rate() * (1 + low)).named("Run-rate a year later at the low end of its growth", "usd_bn")

    def period() -> Figure:
        return text(edition.quarter, "Quarter of the run-rate", rate())

    amount = "an amount not public yet"
    return {
        "run_rate": or_words(
            lambda: rate().named("Run-rate of own chips, at least"),
            amount,
            "Run-rate of own chips",
        ),
        "run_rate_growth": growth,
        "run_rate_sales": or_words(sales, amount, "Sales behind the run-rate"),
        "run_rate_share": or_words(share, "a share not public yet", "Share of AWS's sales"),
        "run_rate_quarter": or_words(period, "a later quarter", "Quarter of the run-rate"),
        "check_run_rate": or_words(least, "a level that cannot be set yet", "Run-rate a year later"),
    }


def _horizon(group: Group, year: OwnChips) -> dict[str, Figure]:
    """Adoption and saving in the targets' year, and their range."""
    ends = {
        key: label_own_chips(group.horizon_year, group.scenario, at_horizon(group, all_at(group, better)))
        for key, better in (("low", False), ("high", True))
    }
    now = own_share(chip_drivers(group), 0.0)
    return {
        "horizon": Figure(float(group.horizon_year), "year", "The targets' year"),
        "cost": aws_cost(group, group.horizon_year),
        "compute_share": group.driver("chips.compute_share_of_cost"),
        "compute_cost": year.compute_cost,
        "bought_cost": year.bought_cost,
        "ceiling": group.driver("chips.share_ceiling"),
        "own_share_now": now.named("Share of accelerated computing on own chips today, assumed", "fraction"),
        "own_share": year.own_share,
        "avoided": year.avoided,
        "avoided_low": ends["low"].avoided.named("Cost avoided, every driver at its low end", "usd_bn"),
        "avoided_high": ends["high"].avoided.named("Cost avoided, every driver at its high end", "usd_bn"),
        "passed_on": group.driver("chips.passed_on"),
        "kept": year.kept,
        "kept_low": ends["low"].kept.named("Saving kept, every driver at its low end", "usd_bn"),
        "kept_high": ends["high"].kept.named("Saving kept, every driver at its high end", "usd_bn"),
    }


def _worth(group: Group, year: OwnChips) -> dict[str, Figure]:
    """What the saving kept is worth, inside AWS and not beside it."""
    part, index = group.projection.parts["aws"], group.index_of(group.horizon_year)
    drivers = ("aws.growth_change", "aws.margin_change")
    sales = group.result(
        part.sales[index], "usd_bn", "Projected AWS sales", "sales × Π (1 + growth)", *drivers
    )
    income = group.result(
        part.operating_income[index], "usd_bn", "Projected AWS profit", "sales × margin", *drivers
    )
    multiple = group.driver("exit.multiple_aws")
    value = kernels.value_of_savings_kept(year.avoided, group.driver("chips.passed_on"), multiple)
    without = kernels.aws_income_without_chips(income, year.kept)
    target = min(group.edition.targets, key=lambda each: each.value_usd_bn)
    worth = value.named("What the saving kept is worth, inside AWS", "usd_bn")
    points, today = kernels.margin_from_own_chips(year.kept, sales), _margin_today(group)
    return {
        "margin_points": points.named(f"Margin made by own chips in {group.horizon_year}", "points"),
        "margin_points_now": today,
        "margin_points_added": (points - today).named("Margin that own chips add to today's", "points"),
        "check_margin": (without / sales).named("AWS's margin without the saving kept", "fraction"),
        "lower_target": target.figure,
        "margin_change": group.driver("aws.margin_change").named("Change of AWS's margin assumed", "points"),
        "multiple": multiple,
        "value": worth,
        "value_of_target": (worth / target.value_usd_bn).named(
            f"Share of the target {target.name}", "fraction"
        ),
        "income": income.named(f"AWS operating income in {group.horizon_year}", "usd_bn"),
        "income_without": without.named("AWS operating income without the saving kept", "usd_bn"),
        "value_aws": (income * multiple).named("AWS at the multiple", "usd_bn"),
        "value_without": (without * multiple).named("AWS without own chips at the multiple", "usd_bn"),
        "refusal": text(refusal(income.number, worth.number, multiple.number), "What the kernel answers"),
    }


def _margin_today(group: Group) -> Figure:
    """What own chips make of AWS's trailing margin, on the scenario's assumptions."""
    sales = ttm(group.edition, AWS_SALES)
    cost = (sales - ttm(group.edition, AWS_INCOME)).named("AWS's operating cost, twelve months", "usd_bn")
    kept = own_chips(cost, chip_drivers(group), 0.0).kept
    found: Figure = kernels.margin_from_own_chips(kept, sales)
    return found.named("Margin made by own chips today, assumed", "points")


def refusal(income: float, chips_value: float, multiple: float) -> str:
    """What the sum of the parts says to a list that has AWS whole and own chips beside it."""
    aws = sotp.by_operating_income("AWS", income, multiple, sotp.AWS)
    try:
        sotp.sum_of_parts([aws, sotp.directly("own chips", chips_value, sotp.CHIPS)])
    except sotp.OverlapError as error:
        return str(error)
    raise AssertionError("the sum of the parts counted own chips twice")


def _nvidia(edition: Edition, metric: str, period: str) -> Figure:
    return edition.observation("chips", entity="Nvidia", metric=metric, period=period)


def _prize(edition: Edition) -> dict[str, Figure]:
    """What the largest supplier sells and keeps."""
    frame = by_quarter(edition, "chips", "Nvidia", "data_center_revenue")
    try:
        sales, last = four_quarters(
            frame, lambda p: _nvidia(edition, "data_center_revenue", p), "Nvidia's data-centre sales"
        )
    except AbsentFigure:
        words = text("an amount not in this report yet", "Nvidia's data-centre sales")
        quarter = text("the latest quarter", "Nvidia's latest fiscal quarter")
        return {"prize_sales": words, "prize_margin": words, "prize_profit": words, "prize_quarter": quarter}
    periods = list(frame["period"])
    four = periods[periods.index(last) - 3 : periods.index(last) + 1]
    parts = [
        _nvidia(edition, "data_center_revenue", p) * _nvidia(edition, "gaap_gross_margin", p) for p in four
    ]
    profit = total(parts, f"Gross profit at the company's margin, four quarters to {last}")
    return {
        "prize_sales": sales,
        "prize_margin": _nvidia(edition, "gaap_gross_margin", last),
        "prize_profit": profit.named(profit.label, "usd_bn"),
        "prize_quarter": text(last, "Nvidia's latest fiscal quarter", sales),
    }


def _checks(edition: Edition, group: Group) -> dict[str, Figure]:
    saving = kernels.saving_from_advantage(group.driver("chips.advantage"))

    def price(instance: str) -> Callable[[], Figure]:
        return _chip(edition, instance, PRICE)

    def floor() -> Figure:
        gone: Figure = price(RIVAL)() * (1 - saving)
        return gone.named("Price at which the advantage is gone", "usd")

    unknown = "a price not public yet"
    return {
        "price_own": or_words(price("EC2 trn1.32xlarge"), unknown, "Price of an hour of Trainium1"),
        "price_rival": or_words(price(RIVAL), unknown, "Price of an hour of H100"),
        "check_price": or_words(floor, unknown, "Price at which the advantage is gone"),
    }


# --- Charts ------------------------------------------------------------------------------------------------


def _saving_chart(numbers: Mapping[str, Figure]) -> ChartFigure:
    advantages = np.linspace(0.0, 1.0, 41)
    curve = pd.DataFrame({"advantage": advantages, "saving": kernels.saving_from_advantage(advantages)})
    points = {"assumed": numbers["advantage"]}
    points |= {f"claimed, {e}": numbers[f"claim_{e}"] for e in ("low", "high")}
    # The claim may be what is assumed: then one point has both names.
    names: dict[float, list[str]] = {}
    for name, figure in points.items():
        if figure.unit == "fraction":
            names.setdefault(figure.number, []).append(name)
    marked = pd.DataFrame(
        [(a, kernels.saving_from_advantage(a), "; ".join(n)) for a, n in names.items()],
        columns=["advantage", "saving", "name"],
    )
    return charts.saving(
        curve,
        marked,
        f"A curve below the diagonal: an advantage of {said(numbers['advantage'], 'percent0')} saves "
        f"{said(numbers['saving'])} of the cost, and even one of {percent(1.0, 0)} saves only half.",
        [numbers["saving"], *(f for f in points.values() if f.unit == "fraction")],
    )


def _adoption_chart(group: Group, numbers: Mapping[str, Figure]) -> ChartFigure:
    cases = {"high": all_at(group, True), "assumed": chip_drivers(group), "low": all_at(group, False)}
    rows = [
        (year, case, float(own_share(drivers, time)))
        for case, drivers in cases.items()
        for year, time in group.clock
    ]
    return savings.adoption(
        pd.DataFrame(rows, columns=["year", "case", "share"]),
        "Share of AWS's accelerated computing on own chips, assumed",
        f"S-curves of adoption: from {said(numbers['own_share_now'], 'percent0')} today to "
        f"{said(numbers['own_share'], 'percent0')} in {group.horizon_year} as assumed, towards a ceiling of "
        f"{said(numbers['ceiling'], 'percent0')}.",
        FROM_SCENARIOS,
    )


def _ladder_chart(group: Group, numbers: Mapping[str, Figure]) -> ChartFigure:
    steps = {
        "AWS's operating cost": "cost",
        "Accelerated computing": "compute_cost",
        "Avoided by own chips": "avoided",
        "Kept by AWS": "kept",
    }
    data = pd.DataFrame({"step": list(steps), "value": [numbers[key].number for key in steps.values()]})
    return savings.ladder(
        data,
        f"From AWS's cost in {group.horizon_year} to what own chips add to profit",
        f"Bars: of a cost of {said(numbers['cost'])}, {said(numbers['compute_cost'])} is accelerated "
        f"computing; own chips avoid {said(numbers['avoided'])} and AWS keeps {said(numbers['kept'])}.",
        [ttm(group.edition, AWS_SALES), FROM_SCENARIOS],
    )


def _decides_chart(group: Group, numbers: Mapping[str, Figure]) -> ChartFigure:
    drivers, figures = group.edition.drivers(group.scenario), chip_drivers(group)

    def kept(name: str, value: float) -> float:
        plain = {key: figure.number for key, figure in figures.items()}
        cost = aws_cost(group, group.horizon_year).number
        return float(own_chips(cost, plain | {name: value}, group.exit_years).kept)

    rows = [
        (
            SHORT[name],
            kept(name, drivers[name].low),
            kept(name, drivers[name].high),
        )
        for name in figures
    ]
    data = pd.DataFrame(rows, columns=["driver", "low", "high"])
    data = data.loc[(data["high"] - data["low"]).abs().sort_values(ascending=False).index].reset_index(
        drop=True
    )
    return savings.decides(
        data,
        numbers["kept"].number,
        f"Saving kept in {group.horizon_year}, one driver at a time",
        f"Ranges by driver around {said(numbers['kept'])}: most depends on “{data['driver'].iloc[0]}”.",
        FROM_SCENARIOS,
    )


def _prize_chart(edition: Edition, numbers: Mapping[str, Figure]) -> ChartFigure | Unavailable:
    frame = by_quarter(edition, "chips", "Nvidia", "data_center_revenue")
    if frame.empty:
        return Unavailable("Nvidia's data-centre sales, which this report has from its fiscal year 2023")
    margins = by_quarter(edition, "chips", "Nvidia", "gaap_gross_margin").set_index("period")["value"]
    data = pd.DataFrame(
        {
            "quarter": frame["period"],
            "sales": frame["value"],
            "margin": margins.reindex(frame["period"]).to_numpy(),
        }
    )
    first, last = (_nvidia(edition, "data_center_revenue", str(data["quarter"].iloc[end])) for end in (0, -1))
    return charts.prize(
        data,
        f"Bars by fiscal quarter, from {said(first)} in {data['quarter'].iloc[0]} to {said(last)} in "
        f"{data['quarter'].iloc[-1]}.",
        [_nvidia(edition, "data_center_revenue", str(period)) for period in frame["period"].tail(4)],
    )
