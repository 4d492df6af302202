"""AWS: growth beside its rivals, margin, contracted work, market share, and where that leads by 2030."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.chapters._aws_play import calculator
from analysis.chapters._claims import claims_for
from analysis.chapters._cloud import (
    AZURE_GROWTH,
    FRACTION,
    artificial_intelligence,
    google_growth_frame,
    market,
    observed,
    rivals,
    rivals_table,
    statements_table,
)
from analysis.chapters._observed import by_quarter, key_figure_by_quarter, latest_quarter
from analysis.chapters._words import SCENARIOS, direction, end_of_range, or_words, said
from analysis.chapters.page import Page, Unavailable
from analysis.charts import aws as charts
from analysis.charts.paths import path_frame
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.data import Edition, quarters
from analysis.figures import Figure, computed, text
from analysis.formats import percent, usd_bn
from analysis.model.growth import cagr
from analysis.valuation.group import Group, open_group
from analysis.valuation.inputs import AWS_INCOME, AWS_SALES, ttm

PROVIDERS = {"AWS": "AWS", "Microsoft": "Microsoft", "Google Cloud": "Google Cloud"}
OBLIGATIONS = "performance_obligations_usd_bn"
CLAIMS = 6  # of the articles' claims shown; their own page has all


def build(edition: Edition, scenario: str) -> Page:
    """The page on AWS for an edition under a scenario."""
    groups = {name: open_group(edition, name) for name in dict.fromkeys((*SCENARIOS, scenario))}
    group = groups[scenario]
    numbers = {
        **_today(edition),
        **rivals(edition),
        **_contracts(edition),
        **market(edition, group),
        **artificial_intelligence(edition),
        **_ahead(group),
        **{f"income_{name}": _income(groups[name], groups[name].horizon_year) for name in SCENARIOS},
        **_checks(edition, group),
    }
    return Page(
        "aws",
        numbers,
        charts={
            "growth": lambda: _growth_chart(edition, numbers),
            "margin": lambda: _margin_chart(edition, numbers),
            "backlog": lambda: _backlog_chart(edition, numbers),
            "share": lambda: _share_chart(edition),
            "ahead": lambda: _ahead_chart(edition, groups, numbers),
        },
        tables={
            "claims": lambda: claims_for(edition, "aws", most=CLAIMS),
            "rivals": lambda: rivals_table(edition),
            "statements": lambda: statements_table(edition),
            "projection": lambda: _projection_table(edition, groups),
        },
        calculators={"play": lambda: calculator(groups, group)},
    )


# --- Today -------------------------------------------------------------------------------------------------


def margin(edition: Edition, quarter: str | None = None) -> Figure:
    """AWS's operating margin over twelve months."""
    label = f"AWS operating margin, twelve months to {quarter or edition.quarter}"
    return (ttm(edition, AWS_INCOME, quarter) / ttm(edition, AWS_SALES, quarter)).named(label, FRACTION)


def _today(edition: Edition) -> dict[str, Figure]:
    now, before = edition.quarter, quarters.add(edition.quarter, -4)
    sales, income = ttm(edition, AWS_SALES), ttm(edition, AWS_INCOME)
    trailing = {quarter: margin(edition, quarter) for quarter in _with_year(edition)}
    highest = max(trailing, key=lambda quarter: trailing[quarter].number)
    lowest = min(trailing, key=lambda quarter: trailing[quarter].number)
    growth = edition.growth(AWS_SALES, basis="quarter").named(f"Growth of AWS's sales in {now}")
    moved = (margin(edition) - margin(edition, before)).named("Change of AWS's margin in a year", "points")
    return {
        "sales_ttm": sales,
        "growth_ttm": edition.growth(AWS_SALES).named(f"Growth of AWS's sales, twelve months to {now}"),
        "growth_latest": growth,
        "growth_before": or_words(
            lambda: edition.growth(AWS_SALES, before, basis="quarter").named(
                f"Growth of AWS's sales in {before}"
            ),
            "a rate that this report does not have",
            f"Growth of AWS's sales in {before}",
        ),
        "income_ttm": income,
        "margin_ttm": trailing[now],
        "margin_change": moved,
        "margin_highest": trailing[highest],
        "margin_highest_quarter": text(highest, "Quarter of the highest margin", trailing[highest]),
        "margin_lowest": trailing[lowest],
        "margin_lowest_quarter": text(lowest, "Quarter of the lowest margin", trailing[lowest]),
        "quarter": text(now, "Latest reported quarter"),
        "sales_share": (sales / ttm(edition, "income.net_sales")).named("AWS's share of sales", FRACTION),
        "income_share": (income / ttm(edition, "income.operating_income")).named(
            "AWS's share of operating income", FRACTION
        ),
    }


def _with_year(edition: Edition) -> list[str]:
    """The quarters for which twelve months of AWS can be summed."""
    frame = edition.frame([AWS_SALES, AWS_INCOME], basis="ttm").dropna()
    return [str(quarter) for quarter in frame.index]


# --- Contracted work, market, artificial intelligence ------------------------------------------------------


def cover(edition: Edition, quarter: str) -> Figure:
    """Contracted work over a year's sales, in years; raises ``AbsentFigure``."""
    years = edition.key_figure(OBLIGATIONS, quarter) / ttm(edition, AWS_SALES, quarter)
    return years.named(f"Years of sales under contract, {quarter}", "years")


def _contracts(edition: Edition) -> dict[str, Figure]:
    quarter = latest_quarter(key_figure_by_quarter(edition, OBLIGATIONS), "contracted work")
    before = quarters.add(quarter, -4)
    now = edition.key_figure(OBLIGATIONS, quarter)
    growth = (now / edition.key_figure(OBLIGATIONS, before) - 1).named("Growth of contracted work", FRACTION)
    gap = (growth - edition.growth(AWS_SALES, quarter)).named(
        "Growth of contracts less growth of sales", "points"
    )

    def life() -> Figure:
        return edition.key_figure("performance_obligations_weighted_life_years", quarter)

    def cover_before() -> Figure:
        return cover(edition, before)

    return {
        "backlog": now,
        "backlog_quarter": text(quarter, "Latest quarter of contracted work", now),
        "backlog_growth": growth,
        "backlog_word": direction(
            gap, "faster than", "more slowly than", "contracts against sales", "as fast as"
        ),
        "cover": cover(edition, quarter),
        "cover_before": or_words(
            cover_before, "not public yet", "Years of sales under contract a year before"
        ),
        "backlog_life": or_words(life, "a time not stated", "Average remaining life of contracts"),
    }


# --- Where it leads ----------------------------------------------------------------------------------------

_SALES_DRIVERS = ("group.growth_momentum", "aws.growth_change", "aws.growth_stable", "aws.growth_fade_years")
_MARGIN_DRIVERS = ("aws.margin_change", "group.convergence_years")


def _sales(group: Group, year: int) -> Figure:
    value = group.projection.parts["aws"].sales[group.index_of(year)]
    return _projected(
        group, value, "usd_bn", f"AWS sales in {year}", "sales × Π (1 + growth)", _SALES_DRIVERS
    )


def _income(group: Group, year: int) -> Figure:
    value = group.projection.parts["aws"].operating_income[group.index_of(year)]
    drivers = (*_SALES_DRIVERS, *_MARGIN_DRIVERS)
    return _projected(group, value, "usd_bn", f"AWS operating income in {year}", "sales × margin", drivers)


def _projected(
    group: Group, value: float, unit: str, what: str, formula: str, drivers: tuple[str, ...]
) -> Figure:
    trailing = group.figures.aws
    inputs = [trailing.sales, trailing.growth, trailing.growth_latest, group.figures.aws_operating_income]
    label = f"{what}, {group.scenario} scenario"
    return computed(value, unit, label, formula, *inputs, *(group.driver(name) for name in drivers))


def _ahead(group: Group) -> dict[str, Figure]:
    year, last = group.horizon_year, group.years[-1]
    sales, income = _sales(group, year), _income(group, year)
    rate = cagr(group.base.aws.sales, sales.number, group.exit_years)
    multiple = group.driver("exit.multiple_aws")
    value = (income * multiple).named(
        f"AWS at the exit multiple in {year}, {group.scenario} scenario", "usd_bn"
    )
    target = min(group.edition.targets, key=lambda each: each.value_usd_bn)
    return {
        "horizon": Figure(float(year), "year", "The targets' year"),
        "last_year": Figure(float(last), "year", "The projection's last year"),
        "scenario": text(group.scenario, "Scenario"),
        "sales_horizon": sales,
        "income_horizon": income,
        "margin_horizon": (income / sales).named(f"AWS operating margin in {year}", FRACTION),
        "growth_to_horizon": computed(
            rate,
            FRACTION,
            f"AWS growth a year to {year}",
            "(sales then ÷ sales now) ^ (1 ÷ years) − 1",
            sales,
        ),
        "sales_last": _sales(group, last),
        "income_last": _income(group, last),
        "multiple": multiple,
        "value_horizon": value,
        "value_of_target": (value / target.value_usd_bn).named(
            f"AWS over the target of {usd_bn(target.value_usd_bn, 0)}", FRACTION
        ),
        "lower_target": target.figure,
    }


def _checks(edition: Edition, group: Group) -> dict[str, Figure]:
    """What would contradict the scenario: first-year sales, margin and contracts below their low ends."""
    drivers = edition.drivers(group.scenario)
    low_growth = end_of_range(drivers["aws.growth_change"], "low")
    middle = drivers["aws.growth_change"].figure
    first = _sales(group, group.years[0])
    step = group.steps[0]
    rate = (first.number / group.base.aws.sales) ** (1 / step) - 1
    floor = group.base.aws.sales * (1 + rate - middle.number + low_growth.number) ** step
    low_margin = end_of_range(drivers["aws.margin_change"], "low")
    share = min(step / group.drivers["group.convergence_years"], 1.0)
    return {
        "check_year": Figure(float(group.years[0]), "year", "The year to check"),
        "check_sales": computed(
            floor,
            "usd_bn",
            f"AWS sales in {group.years[0]} if growth is at the low end of its range",
            "sales × (1 + first-year growth with the change at its low)",
            first,
            low_growth,
        ),
        "check_margin": (margin(edition) + low_margin * share).named(
            f"AWS margin in {group.years[0]} on the way to the low end of its range", FRACTION
        ),
    }


# --- Charts ------------------------------------------------------------------------------------------------


def _growth_chart(edition: Edition, numbers: Mapping[str, Figure]) -> ChartFigure:
    own = [
        (quarter, "AWS", edition.growth(AWS_SALES, quarter, basis="quarter").number)
        for quarter in _with_growth(edition)
    ]
    azure = by_quarter(edition, "cloud", "Azure", AZURE_GROWTH)
    rivals = [("Azure", azure), ("Google Cloud", google_growth_frame(edition))]
    rows = own + [(p, name, v) for name, f in rivals for p, v in zip(f["period"], f["value"], strict=True)]
    data = pd.DataFrame(rows, columns=["quarter", "provider", "growth"])
    finding = f"AWS grew {said(numbers['growth_latest'])} in {edition.quarter}"
    if numbers["growth_azure"].unit == FRACTION:
        finding = (
            f"In {numbers['rivals_quarter'].value} AWS grew {said(numbers['growth_aws'])}, "
            f"Azure {said(numbers['growth_azure'])} and Google Cloud {said(numbers['growth_google'])}"
        )
    sources = [numbers["growth_latest"], numbers["growth_azure"], numbers["growth_google"]]
    return charts.growth(data, f"Lines of sales growth by quarter. {finding}.", sources)


def _with_growth(edition: Edition) -> list[str]:
    frame = edition.frame([AWS_SALES]).dropna()
    return [str(q) for q in frame.index if quarters.add(str(q), -4) in frame.index]


def _margin_chart(edition: Edition, numbers: Mapping[str, Figure]) -> ChartFigure:
    frames = {
        "one quarter": edition.frame([AWS_SALES, AWS_INCOME]),
        "twelve months": edition.frame([AWS_SALES, AWS_INCOME], basis="ttm"),
    }
    rows = [
        (str(quarter), name, income / sales)
        for name, frame in frames.items()
        for quarter, sales, income in frame.dropna().itertuples()
    ]
    data = pd.DataFrame(rows, columns=["quarter", "series", "margin"])
    return charts.margin(
        data,
        f"Lines of AWS's operating margin. Over twelve months it was {said(numbers['margin_ttm'])} in "
        f"{edition.quarter}, between {said(numbers['margin_lowest'])} in "
        f"{numbers['margin_lowest_quarter'].value} and {said(numbers['margin_highest'])} in "
        f"{numbers['margin_highest_quarter'].value}.",
        [numbers["margin_ttm"]],
    )


def _backlog_chart(edition: Edition, numbers: Mapping[str, Figure]) -> ChartFigure:
    contracts = key_figure_by_quarter(edition, OBLIGATIONS)
    rows = [(p, "contracted work", v) for p, v in zip(contracts["period"], contracts["value"], strict=True)]
    rows += [(q, "sales, twelve months", ttm(edition, AWS_SALES, q).number) for q in _with_year(edition)]
    data = pd.DataFrame(rows, columns=["quarter", "series", "value"])
    return charts.backlog(
        data,
        f"Two lines. Contracted work was {said(numbers['backlog'])} in {numbers['backlog_quarter'].value}, "
        f"{said(numbers['cover'])} of sales; it grew {numbers['backlog_word'].value} sales.",
        [numbers["backlog"], numbers["sales_ttm"]],
    )


def _share_chart(edition: Edition) -> ChartFigure | Unavailable:
    frames = {name: by_quarter(edition, "cloud", name, "synergy_market_share") for name in PROVIDERS}
    rows = [(p, n, v) for n, f in frames.items() for p, v in zip(f["period"], f["value"], strict=True)]
    if not rows:
        return Unavailable("the market shares that this report has begin in 2022")
    data = pd.DataFrame(rows, columns=["quarter", "provider", "share"])
    first, last = (data[data["provider"] == "AWS"].iloc[i] for i in (0, -1))
    sources = [
        observed(edition, name, "synergy_market_share", str(frame["period"].iloc[-1]))
        for name, frame in frames.items()
        if not frame.empty
    ]
    return charts.share(
        data,
        f"Lines of market share by quarter. AWS's went from {percent(first['share'], 0)} in "
        f"{first['quarter']} to {percent(last['share'], 0)} in {last['quarter']}.",
        sources,
    )


def _ahead_chart(edition: Edition, groups: Mapping[str, Group], numbers: Mapping[str, Figure]) -> ChartFigure:
    some = next(iter(groups.values()))
    reported = {
        int(quarter[:4]): ttm(edition, AWS_INCOME, quarter).number
        for quarter in _with_year(edition)
        if quarter.endswith("Q4")
    }
    paths = {name: groups[name].projection.parts["aws"].operating_income for name in SCENARIOS}
    ends = ", ".join(f"{said(numbers[f'income_{name}'])} ({name})" for name in SCENARIOS)
    return charts.ahead(
        path_frame(reported, some.years, paths),
        f"Lines of AWS's operating income by scenario. In {some.horizon_year} it is {ends}; over the last "
        f"twelve months it was {said(numbers['income_ttm'])}.",
        [numbers["income_ttm"], "scenarios of this report"],
    )


# --- Tables ------------------------------------------------------------------------------------------------


def _projection_table(edition: Edition, groups: Mapping[str, Group]) -> Table:
    some = next(iter(groups.values()))
    later = [some.horizon_year + 2, some.years[-1]]
    before = [year for year in some.years if year < some.horizon_year][::2]
    years = [*before, some.horizon_year, *later]
    rows = []
    for label, item in (("Sales", "sales"), ("Operating income", "operating_income")):
        for name in SCENARIOS:
            path = getattr(groups[name].projection.parts["aws"], item)
            row = {str(year): path[some.index_of(year)] for year in years}
            rows.append({"what": f"{label}, {name}", **row})
    columns = [Column("what", "By scenario")]
    columns += [Column(str(year), str(year), "usd_bn", 0) for year in years]
    source = (ttm(edition, AWS_SALES), "scenarios of this report")
    return Table(pd.DataFrame(rows), columns, "AWS by scenario and year", source)
