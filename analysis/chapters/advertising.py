"""The advertising page: size, growth, margin, value now and by 2030, and what it leaves of retail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from analysis.chapters._advertising_evidence import evidence_table
from analysis.chapters._advertising_play import calculator
from analysis.chapters._observed import by_quarter, four_quarters, latest_quarter
from analysis.chapters._words import SCENARIOS, or_words, three_ways
from analysis.chapters.page import Page, Unavailable
from analysis.charts import advertising as charts
from analysis.charts.calculator import Calculator
from analysis.charts.paths import path_frame
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure, Edition, quarters
from analysis.figures import Figure, text
from analysis.formats import day
from analysis.model.projection import advertising
from analysis.model.projection.growth import cagr, fade_rates
from analysis.report.claims import claims_for
from analysis.valuation.group import Group, open_group
from analysis.valuation.inputs import ADVERTISING, ttm
from analysis.valuation.retail import break_even, stores_income, stores_margin, stores_sales

SERIES = "advertising"
RIVALS = {"google": "Google advertising", "meta": "Meta advertising"}
NOT_APART = "advertising's sales as a line of their own"
MARGIN, MULTIPLE = "advertising.operating_margin", "sotp.multiple_advertising"
EXIT = "exit.multiple_advertising"
ENDS = ("low", "base", "high")
CLAIMS = 6  # of the articles' claims shown; their own page has all


def build(edition: Edition, scenario: str) -> Page:
    """The page on advertising for an edition under a scenario."""
    groups = {name: open_group(edition, name) for name in dict.fromkeys((*SCENARIOS, scenario))}
    group = groups[scenario]
    numbers = {
        **_today(edition),
        **_rivals(edition),
        **_market(edition),
        **_profit(edition, scenario),
        **_ahead(groups, group),
    }
    drawn: Mapping[str, Callable[[], ChartFigure | Unavailable]] = {
        "size": partial(_size_chart, edition),
        "growth": partial(_growth_chart, edition),
        "share": partial(_share_chart, edition, groups),
        "value": partial(_value_chart, groups, group),
    }
    tables: Mapping[str, Callable[[], Table | Unavailable]] = {
        "claims": partial(claims_for, edition, SERIES, most=CLAIMS),
        "ways": partial(_ways_table, edition, scenario),
        "evidence": partial(evidence_table, edition),
    }
    return Page("advertising", numbers, drawn, tables, {"play": partial(_play, groups, group)})


def is_apart(edition: Edition) -> bool:
    """Whether a whole year of advertising was reported as a line of its own."""
    try:
        ttm(edition, ADVERTISING)
    except AbsentFigure:
        return False
    return True


# --- Today ---------------------------------------------------------------------------------------


def _today(edition: Edition) -> dict[str, Figure]:
    now, amount, rate = edition.quarter, "an amount not public", "a rate not public"

    def share(of: Callable[[], Figure], what: str) -> Figure:
        part = ttm(edition, ADVERTISING) / of()
        return part.named(f"Advertising's sales over {what}, twelve months to {now}", "fraction")

    status = "reports" if is_apart(edition) else "did not yet report"
    return {
        "status": text(status, "Whether advertising is reported apart"),
        "day": text(day(edition.cutoff), "Cut-off of the edition"),
        "quarter": text(now, "Latest reported quarter"),
        "sales": or_words(lambda: ttm(edition, ADVERTISING), amount, "Advertising's sales"),
        "growth": or_words(lambda: edition.growth(ADVERTISING), rate, "Growth of advertising's sales"),
        "growth_latest": or_words(
            lambda: edition.growth(ADVERTISING, basis="quarter").named(f"Growth of advertising in {now}"),
            rate,
            "Growth of advertising's sales in the latest quarter",
        ),
        "share": or_words(
            lambda: share(lambda: ttm(edition, "income.net_sales"), "net sales"),
            "a share not public",
            "Advertising's share of net sales",
        ),
        "stores_share": or_words(
            lambda: share(lambda: stores_sales(edition), "those of the stores"),
            "a share not public",
            "Advertising over the stores' sales",
        ),
    }


def _rivals(edition: Edition) -> dict[str, Figure]:
    """Growth of Google's and Meta's advertising in their latest quarter, and their size."""
    found = {}
    for key, entity in RIVALS.items():
        rates = by_quarter(edition, SERIES, entity, "revenue_growth_yoy")
        sales = by_quarter(edition, SERIES, entity, "revenue")
        get = partial(edition.observation, SERIES, entity=entity)
        found[f"{key}_growth"] = or_words(
            lambda rates=rates, get=get, entity=entity: get(  # type: ignore[misc]  # defaults of a lambda
                metric="revenue_growth_yoy", period=latest_quarter(rates, entity)
            ),
            "a rate not public",
            f"{entity}, growth",
        )
        found[f"{key}_sales"] = or_words(
            lambda sales=sales, get=get, entity=entity: four_quarters(  # type: ignore[misc]  # defaults of a lambda
                sales, lambda period: get(metric="revenue", period=period), entity
            )[0],
            "an amount not public",
            f"{entity}, sales",
        )
    return found


def _market(edition: Edition) -> dict[str, Figure]:
    """What research houses estimate of the market for advertising in stores."""
    wanted = {
        "market": ("US retail media", "us_retail_media_spend", "2025", "an amount not public"),
        "market_next": ("US retail media", "us_retail_media_spend", "2026", "an amount not public"),
        "market_share": ("Amazon", "share_of_us_retail_media", "2024", "a share not public"),
    }
    return {
        key: or_words(
            partial(edition.observation, SERIES, entity=entity, metric=metric, period=period), words, entity
        )
        for key, (entity, metric, period, words) in wanted.items()
    }


# --- Profit and value now ------------------------------------------------------------------------


def _profit(edition: Edition, scenario: str) -> dict[str, Figure]:
    drivers = edition.drivers(scenario)
    margins = dict(zip(ENDS, three_ways(drivers[MARGIN]), strict=True))
    multiples = dict(zip(ENDS, three_ways(drivers[MULTIPLE]), strict=True))
    found: dict[str, Figure] = {}
    for end in ENDS:
        found[f"margin_{end}"], found[f"multiple_{end}"] = margins[end], multiples[end]
        pair = (margins[end], multiples[end])
        found |= {
            f"income_{end}": or_words(partial(_income, edition, pair[0]), "an amount not public", "Income"),
            f"value_{end}": or_words(partial(_value, edition, *pair), "an amount not public", "Value"),
            f"value_margin_{end}": or_words(
                partial(_value, edition, pair[0], multiples["base"]), "an amount not public", "Value"
            ),
            f"stores_income_{end}": or_words(
                partial(stores_income, edition, pair[0]), "an amount not public", "Stores' income"
            ),
            f"stores_margin_{end}": or_words(
                partial(stores_margin, edition, pair[0]), "a margin not public", "Stores' margin"
            ),
        }
    found["value_share"] = or_words(
        lambda: (_value(edition, margins["base"], multiples["base"]) / edition.market_value).named(
            "Value of advertising over Amazon's market value", "fraction"
        ),
        "a share not known",
        "Value over market value",
    )
    found["break_even"] = or_words(partial(break_even, edition), "a margin not public", "Break-even margin")
    found["google_margin"] = or_words(
        partial(edition.latest, SERIES, entity="Google Services", metric="operating_margin"),
        "a margin not public", "Google Services, margin",
    )  # fmt: skip
    return found


def _income(edition: Edition, margin: Figure) -> Figure:
    found: Figure = advertising.operating_income(ttm(edition, ADVERTISING), margin)
    return found.named(f"Advertising's operating income at {margin.number:.0%}", "usd_bn")


def _value(edition: Edition, margin: Figure, multiple: Figure) -> Figure:
    found: Figure = advertising.value(ttm(edition, ADVERTISING), margin, multiple)
    label = (
        f"Value of advertising at a margin of {margin.number:.0%} and {multiple.number:g} times that profit"
    )
    return found.named(label, "usd_bn")


# --- By the targets' year ------------------------------------------------------------------------


def values_by_year(group: Group) -> dict[int, float]:
    """Advertising's value at each year end to the targets' year, in usd_bn.

    Projected profit × a multiple that moves linearly from today's to that of the end of the decade.
    Empty where advertising was not reported apart.
    """
    part = group.projection.parts.get("advertising")
    if part is None:
        return {}
    last = group.index_of(group.horizon_year) + 1
    ends = group.times[:last]
    paid = fade_rates(group.drivers[MULTIPLE], group.drivers[EXIT], group.exit_years, ends)
    incomes = part.operating_income[:last]
    return {y: i * m for y, i, m in zip(group.years, incomes, paid, strict=False)}


def _ahead(groups: Mapping[str, Group], group: Group) -> dict[str, Figure]:
    year = group.horizon_year
    unknown = "an amount not known"
    found = {
        "scenario": text(group.scenario, "Scenario"),
        "horizon_year": text(str(year), "Year of the targets"),
    }
    for name, one in groups.items():
        found[f"value_{year_key(name)}"] = or_words(partial(_value_ahead, one), unknown, "Value by scenario")
    found |= {
        "exit_multiple": group.driver(EXIT),
        "sales_ahead": or_words(partial(_sales_ahead, group), unknown, "Sales in the targets' year"),
        "growth_ahead": or_words(partial(_growth_ahead, group), "a rate not known", "Growth to that year"),
        "share_ahead": or_words(partial(_share_ahead, group), "a share not known", "Share of the stores"),
        "next_year": text(str(group.years[0]), "First projected year"),
        "sales_next": or_words(partial(_sales_next, groups["bear"]), unknown, "Sales of the next year"),
    }
    for target in group.edition.targets:
        name = target.name.lower()
        found[f"target_{name}"] = target.figure
        found[f"of_{name}"] = or_words(
            lambda target=target: (_value_ahead(group) / target.figure).named(  # type: ignore[misc]  # defaults of a lambda
                f"Advertising's value in {year} over the target {target.name}", "fraction"
            ),
            "a share not known", "Share of a target",
        )  # fmt: skip
    return found


def year_key(scenario: str) -> str:
    """The key under which a scenario's value in the targets' year stands."""
    return f"ahead_{scenario}"


def _part(group: Group) -> tuple[float, ...]:
    part = group.projection.parts.get("advertising")
    if part is None:
        raise AbsentFigure("advertising was not reported apart")
    return tuple(part.sales)


def _value_ahead(group: Group) -> Figure:
    _part(group)
    label = f"Value of advertising at the end of {group.horizon_year}, {group.scenario} scenario"
    value = values_by_year(group)[group.horizon_year]
    return group.result(value, "usd_bn", label, "projected sales × margin × multiple", MARGIN, EXIT)


def _sales_ahead(group: Group) -> Figure:
    sales = _part(group)[group.index_of(group.horizon_year)]
    label = f"Advertising's sales in {group.horizon_year}, {group.scenario} scenario"
    return group.result(
        sales, "usd_bn", label, "trailing sales grown at a rate that fades",
        "advertising.growth_change", "advertising.growth_stable",
    )  # fmt: skip


def _sales_next(group: Group) -> Figure:
    label = f"Advertising's sales in {group.years[0]}, {group.scenario} scenario"
    driver = "advertising.growth_change"
    return group.result(_part(group)[0], "usd_bn", label, "trailing sales grown at the first rate", driver)


def _growth_ahead(group: Group) -> Figure:
    found: Figure = cagr(ttm(group.edition, ADVERTISING), _sales_ahead(group), group.exit_years)
    return found.named(f"Growth of advertising a year to {group.horizon_year}", "fraction")


def _share_ahead(group: Group) -> Figure:
    index = group.index_of(group.horizon_year)
    share = _part(group)[index] / group.projection.parts["stores"].sales[index]
    label = f"Advertising over the stores' sales in {group.horizon_year}, {group.scenario} scenario"
    return group.result(share, "fraction", label, "projected sales of the one ÷ those of the other")


# --- Charts, tables, calculator ------------------------------------------------------------------


def _size_chart(edition: Edition) -> ChartFigure | Unavailable:
    if not is_apart(edition):
        return Unavailable(NOT_APART)
    frame = edition.frame([ADVERTISING], basis="ttm") / 1000
    known = frame[
        frame[ADVERTISING].notna().cummax()
    ]  # from the first year on; single quarters between are gaps
    data = known.rename(columns={ADVERTISING: "sales"}).reset_index()
    return charts.size(data, [edition.figure(ADVERTISING), "releases and filings of the quarters before"])


def _growth_chart(edition: Edition) -> ChartFigure | Unavailable:
    sales = edition.frame([ADVERTISING])[ADVERTISING]
    own = (sales / sales.shift(4) - 1).dropna()
    if own.empty:
        return Unavailable("growth of advertising's sales on the year before")
    frames = [pd.DataFrame({"quarter": own.index, "seller": "Amazon", "growth": own.to_numpy()})]
    sources: list[Figure | str] = [edition.figure(ADVERTISING)]
    for entity in RIVALS.values():
        rates = by_quarter(edition, SERIES, entity, "revenue_growth_yoy")
        name = entity.split()[0]
        frames.append(pd.DataFrame({"quarter": rates["period"], "seller": name, "growth": rates["value"]}))
        if not rates.empty:
            period = latest_quarter(rates, entity)
            sources.append(edition.observation(SERIES, entity=entity, metric="revenue", period=period))
    data = pd.concat([frame for frame in frames if not frame.empty], ignore_index=True)
    order = {name: place for place, name in enumerate(charts.SELLERS)}
    data = data.sort_values(["quarter", "seller"], key=lambda c: c.map(order) if c.name == "seller" else c)
    return charts.growth(data.reset_index(drop=True), sources)


def _share_chart(edition: Edition, groups: Mapping[str, Group]) -> ChartFigure | Unavailable:
    reported = {}
    for year in range(int(edition.quarters()[0][:4]), int(edition.quarter[:4]) + 1):
        try:
            quarter = f"{year}Q4"
            reported[year] = (ttm(edition, ADVERTISING, quarter) / stores_sales(edition, quarter)).number
        except AbsentFigure:
            continue
    if not reported or not is_apart(edition):
        return Unavailable(NOT_APART)
    one = next(iter(groups.values()))
    years = one.years[: one.index_of(one.horizon_year) + 1]
    shares = {
        name: [a / s for a, s in zip(_part(g), g.projection.parts["stores"].sales, strict=True)][: len(years)]
        for name, g in groups.items()
    }
    sources = (edition.figure(ADVERTISING), "scenarios of this report")
    return charts.share(path_frame(reported, years, shares), sources)


def _value_chart(groups: Mapping[str, Group], group: Group) -> ChartFigure | Unavailable:
    if not is_apart(group.edition):
        return Unavailable(NOT_APART)
    rows = []
    for name, one in groups.items():
        drivers = one.edition.drivers(name)
        today = _value(one.edition, drivers[MARGIN].figure, drivers[MULTIPLE].figure).number
        start = f"{quarters.period_end(one.edition.quarter):%b %Y}"
        rows += [(start, name, today), *((str(y), name, v) for y, v in values_by_year(one).items())]
    data = pd.DataFrame(rows, columns=["year", "series", "value"])
    return charts.value(data, [group.edition.figure(ADVERTISING), "scenarios of this report"])


def _ways_table(edition: Edition, scenario: str) -> Table | Unavailable:
    if not is_apart(edition):
        return Unavailable(NOT_APART)
    numbers = _profit(edition, scenario)
    rows = {
        "Margin": "margin",
        "Operating income": "income",
        "Multiple of it": "multiple",
        "Value": "value",
        "Left to the stores": "stores_income",
        "Their margin": "stores_margin",
    }
    cells = {end: [numbers[f"{key}_{end}"] for key in rows.values()] for end in ENDS}
    columns = [Column("item", "Assumption"), *(Column(end, end.capitalize(), "figure") for end in ENDS)]
    title = f"Advertising at three margins, and what each leaves, twelve months to {edition.quarter}"
    sources = (edition.figure(ADVERTISING), "scenarios of this report")
    return Table(pd.DataFrame({"item": list(rows), **cells}), columns, title, sources)


def _play(groups: Mapping[str, Group], group: Group) -> Calculator | Unavailable:
    return calculator(groups, group) if is_apart(group.edition) else Unavailable(NOT_APART)
