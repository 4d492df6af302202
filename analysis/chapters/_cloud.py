"""AWS beside its rivals: growth and sales of Azure and Google Cloud, and shares of the market."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from analysis.chapters._observed import by_quarter, four_quarters, latest_quarter
from analysis.chapters._words import direction, or_words
from analysis.chapters.page import Unavailable
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure, Edition, quarters
from analysis.figures import Figure, computed, text
from analysis.model.growth import QUARTERS, compound, run_rate
from analysis.valuation.group import Group
from analysis.valuation.inputs import AWS_SALES, ttm

MARKET = "Cloud infrastructure market"
AZURE_GROWTH = "revenue_growth_yoy_reported"
FRACTION, NO_SHARE = "fraction", "a share that was not public"


def observed(edition: Edition, entity: str, metric: str, period: str) -> Figure:
    """One observation of the cloud series; raises ``AbsentFigure``."""
    return edition.observation("cloud", entity=entity, metric=metric, period=period)


def google_growth(edition: Edition, quarter: str) -> Figure:
    """Growth of Google Cloud's sales on the same quarter a year before; raises ``AbsentFigure``."""
    now, then = (
        observed(edition, "Google Cloud", "revenue", q) for q in (quarter, quarters.add(quarter, -4))
    )
    return (now / then - 1).named(f"Google Cloud, growth of sales to {quarter}", FRACTION)


def _rivals_quarter(edition: Edition) -> str:
    """The last quarter for which both rivals' growth is public; raises ``AbsentFigure``."""
    azure = by_quarter(edition, "cloud", "Azure", AZURE_GROWTH)
    google = set(google_growth_frame(edition)["period"])
    return latest_quarter(azure[azure["period"].isin(google)], "growth of Azure and Google Cloud")


def rivals(edition: Edition) -> dict[str, Figure]:
    """Growth and added sales of the three clouds in the latest quarter public for all of them."""
    try:
        quarter = _rivals_quarter(edition)
    except AbsentFigure:
        return _no_rivals(edition)
    before = quarters.add(quarter, -4)
    growth = {
        "AWS": edition.growth(AWS_SALES, quarter, basis="quarter"),
        "Azure": observed(edition, "Azure", AZURE_GROWTH, quarter),
        "Google Cloud": google_growth(edition, quarter),
    }
    google = observed(edition, "Google Cloud", "revenue", quarter)
    theirs = google - observed(edition, "Google Cloud", "revenue", before)
    added = _added(edition, quarter)
    added_google = theirs.named(f"Google Cloud sales added in a year, {quarter}", "usd_bn")
    ranked = sorted(growth, key=lambda name: -growth[name].number)
    order = ("the fastest", "in the middle", "the slowest")[ranked.index("AWS")]
    more = direction((added - added_google).named("difference"), "more", "less", "dollars added", "as much")
    return {
        "rivals_quarter": text(quarter, "Latest quarter public for all three", *growth.values()),
        "growth_aws": growth["AWS"],
        "growth_azure": growth["Azure"],
        "growth_google": growth["Google Cloud"],
        "growth_rank": text(order, "AWS's place among the three by growth", *growth.values()),
        "added_aws": added,
        "added_google": added_google,
        "added_word": more,
        "sales_google": google,
    }


def _no_rivals(edition: Edition) -> dict[str, Figure]:
    """AWS's own figures of its latest quarter, and words for those that were not public."""
    rate, amount = "a rate that was not public", "an amount that was not public"
    words = {
        "rivals_quarter": "the latest quarter",
        "growth_azure": rate,
        "growth_google": rate,
        "growth_rank": "without comparable figures",
        "added_google": amount,
        "added_word": "an amount that cannot be compared",
        "sales_google": amount,
    }
    found = {key: text(value, "Figures of rivals, not public at the cut-off") for key, value in words.items()}
    growth = edition.growth(AWS_SALES, basis="quarter")
    return {**found, "growth_aws": growth, "added_aws": _added(edition, edition.quarter)}


def _added(edition: Edition, quarter: str) -> Figure:
    """What AWS sold more in a quarter than in the same quarter a year before, in usd_bn."""
    now, then = (edition.figure(AWS_SALES, q).to("usd_bn") for q in (quarter, quarters.add(quarter, -4)))
    return (now - then).named(f"AWS sales added in a year, {quarter}", "usd_bn")


def google_growth_frame(edition: Edition) -> pd.DataFrame:
    """Growth of Google Cloud by quarter: columns ``period``, ``value``."""
    sales = by_quarter(edition, "cloud", "Google Cloud", "revenue")
    known = set(sales["period"])
    chosen = [quarter for quarter in sales["period"] if quarters.add(quarter, -4) in known]
    values = [google_growth(edition, quarter).number for quarter in chosen]
    return pd.DataFrame({"period": chosen, "value": values})


def _spend(edition: Edition) -> tuple[Figure, str]:
    frame = by_quarter(edition, "cloud", MARKET, "synergy_spend")
    return four_quarters(frame, lambda q: observed(edition, MARKET, "synergy_spend", q), "Spending on cloud")


def market(edition: Edition, group: Group) -> dict[str, Figure]:
    """Shares of the market by two research houses, and AWS's sales over all spending now and then."""
    found: dict[str, Figure] = {}
    both = _quarter_of_both(edition)
    for key, name in (("aws", "AWS"), ("microsoft", "Microsoft"), ("google", "Google Cloud")):
        for found_as, house in ((f"canalys_{key}", "canalys"), (f"synergy_{key}_then", "synergy")):
            found[found_as] = or_words(
                partial(observed, edition, name, f"{house}_market_share", both or ""),
                NO_SHARE,
                f"{name}'s market share, {house}",
            )
    found["canalys_quarter"] = text(both or "the same quarter", "Latest quarter counted by both houses")
    found["synergy_aws"] = or_words(
        partial(edition.latest, "cloud", entity="AWS", metric="synergy_market_share"),
        NO_SHARE,
        "AWS's market share, synergy",
    )
    first = by_quarter(edition, "cloud", "AWS", "synergy_market_share")
    start = None if first.empty else str(first["period"].iloc[0])
    found["synergy_quarter"] = text(
        "the latest quarter" if start is None else str(first["period"].iloc[-1]),
        "Latest quarter of market shares",
    )
    found["synergy_first_quarter"] = text(
        start or "earlier quarters", "First quarter of market shares in the data"
    )
    found["synergy_first"] = or_words(
        lambda: observed(edition, "AWS", "synergy_market_share", start or ""),
        NO_SHARE,
        "AWS's market share at first",
    )
    ratio, later = _of_market(edition, group)
    growth = group.driver("economy.cloud_market_growth")
    return {**found, "of_market": ratio, "of_market_horizon": later, "market_growth": growth}


def _quarter_of_both(edition: Edition) -> str | None:
    """The latest quarter for which both houses had shares of all three public, if there is one."""
    known = [
        set(by_quarter(edition, "cloud", name, f"{house}_market_share")["period"])
        for name in ("AWS", "Microsoft", "Google Cloud")
        for house in ("synergy", "canalys")
    ]
    return max(set.intersection(*known), default=None)


def _of_market(edition: Edition, group: Group) -> tuple[Figure, Figure]:
    """AWS's sales over all spending on cloud infrastructure, today and at the horizon."""
    try:
        spend, quarter = _spend(edition)
    except AbsentFigure:
        words = text(NO_SHARE, "AWS's sales over the market's")
        return words, words
    today = (ttm(edition, AWS_SALES, quarter) / spend).named(
        f"AWS's sales over market spending, {quarter}", FRACTION
    )
    rate = group.driver("economy.cloud_market_growth")
    years = float(group.horizon_year - int(quarter[:4])) + 1 - int(quarter[-1]) / QUARTERS
    whole = compound(spend.number, rate.number, years)
    sales = group.projection.parts["aws"].sales[group.index_of(group.horizon_year)]
    trailing = ttm(edition, AWS_SALES)
    label = f"AWS's sales over market spending in {group.horizon_year}, {group.scenario} scenario"
    formula = "projected sales ÷ (spending × (1 + market growth) ^ years)"
    return today, computed(sales / whole, FRACTION, label, formula, trailing, spend, rate)


def rivals_table(edition: Edition) -> Table | Unavailable:
    """The latest eight quarters of the three clouds, newest first."""
    azure = by_quarter(edition, "cloud", "Azure", AZURE_GROWTH)
    if azure.empty:
        return Unavailable("growth of Azure and sales of Google Cloud, which this report has from 2022")
    shown = sorted(azure["period"])[-8:][::-1]

    rows = [_three_clouds(edition, quarter) for quarter in shown]
    columns = [
        Column("quarter", "Quarter"),
        Column("aws", "AWS", "usd_bn"),
        Column("aws_growth", "AWS growth", FRACTION),
        Column("azure_growth", "Azure growth", FRACTION, 0),
        Column("google", "Google Cloud", "usd_bn"),
        Column("google_growth", "Google growth", FRACTION),
        Column("microsoft", "Azure's segment", "usd_bn"),
    ]
    return Table(
        pd.DataFrame(rows),
        columns,
        "Sales and growth by quarter; Azure's own sales are not disclosed, only those of its segment",
    )


def _three_clouds(edition: Edition, quarter: str) -> dict[str, object]:
    def optional(make: Callable[[], Figure]) -> Figure | None:
        try:
            return make()
        except AbsentFigure:
            return None

    def revenue(entity: str) -> Callable[[], Figure]:
        return lambda: observed(edition, entity, "revenue", quarter)

    return {
        "quarter": quarter,
        "aws": edition.figure(AWS_SALES, quarter).to("usd_bn"),
        "aws_growth": edition.growth(AWS_SALES, quarter, basis="quarter"),
        "azure_growth": observed(edition, "Azure", AZURE_GROWTH, quarter),
        "google": optional(revenue("Google Cloud")),
        "google_growth": optional(lambda: google_growth(edition, quarter)),
        "microsoft": optional(revenue("Microsoft Intelligent Cloud")),
    }


def artificial_intelligence(edition: Edition) -> dict[str, Figure]:
    """What has been said about own chips and power, beside AWS's run-rate."""
    chips = "Custom chips (Graviton+Trainium)"
    sold: Figure = run_rate(edition.figure(AWS_SALES).to("usd_bn"))

    def rate() -> Figure:
        return edition.latest("chips", entity=chips, metric="run_rate")

    def share() -> Figure:
        return (rate() / sold).named("Own chips' run-rate over AWS's", FRACTION)

    def power() -> Figure:
        return edition.latest("chips", entity="AWS", metric="power_added_12m_mw")

    return {
        "run_rate": sold.named(f"AWS run-rate, {edition.quarter}", "usd_bn"),
        "chips_run_rate": or_words(rate, "an amount not public yet", "Run-rate of own chips"),
        "chips_share": or_words(share, "a share not public yet", "Own chips' run-rate over AWS's"),
        "power_added": or_words(power, "an amount not public yet", "Power added in twelve months, megawatts"),
    }


def statements_table(edition: Edition) -> Table | Unavailable:
    """Statements on capacity and own chips, each with its day and who said it."""
    wanted = (
        ("Custom chips (Graviton+Trainium)", "run_rate", "Run-rate of own chips, more than"),
        ("Trainium2", "chips_landed", "Trainium2 chips landed, more than"),
        ("Project Rainier", "trainium2_chips", "Trainium2 chips in Project Rainier, nearly"),
        ("Project Rainier", "campus_cost", "Cost of the campus of Project Rainier"),
        ("AWS", "power_added_12m_mw", "Megawatts of power added in twelve months"),
    )
    rows = []
    for entity, metric, label in wanted:
        try:
            found = edition.latest("chips", entity=entity, metric=metric)
        except AbsentFigure:
            continue
        rows.append(
            {"what": label, "value": found, "public": found.published, "who": found.sources()[0].document}
        )
    if not rows:
        return Unavailable("statements on artificial intelligence, chips and power at AWS")
    columns = [
        Column("what", "Statement"),
        Column("value", "Figure", "figure"),
        Column("public", "Public"),
        Column("who", "Who says so"),
    ]
    return Table(pd.DataFrame(rows), columns, "What has been said about capacity and own chips")
