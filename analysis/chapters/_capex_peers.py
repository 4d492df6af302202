"""Capital expenditure and free cash flow beside Alphabet, Microsoft and Meta."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.chapters._words import listed, said
from analysis.chapters.page import Unavailable
from analysis.charts import capex as charts
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure, Edition
from analysis.figures import Figure, text
from analysis.valuation.inputs import capex_guidance, capital_expenditure, ttm, years_of

SERIES = "peers/observations"
COMPANIES = {"GOOGL": "Alphabet", "MSFT": "Microsoft", "META": "Meta"}
OWN = "Amazon"


@dataclass(frozen=True)
class Spender:
    """One company's last reported year: capital expenditure, free cash flow, and its plan for the next."""

    company: str
    period: str
    spent: Figure
    free: Figure
    low: Figure | None = None
    high: Figure | None = None

    @property
    def operating(self) -> Figure:
        """Operating cash flow, which is the two together."""
        return (self.spent + self.free).named(f"{self.company}: operating cash flow, {self.period}", "usd_bn")

    @property
    def share(self) -> Figure:
        """Capital expenditure over operating cash flow."""
        return (self.spent / self.operating).named(
            f"{self.company}: spent of operating cash flow", "fraction"
        )


def _peer(edition: Edition, entity: str, metric: str, period: str) -> Figure:
    return edition.observation(SERIES, entity=entity, metric=metric, period=period)


def _plan(edition: Edition, entity: str) -> tuple[Figure | None, Figure | None]:
    year = str(years_of(edition)[0])
    try:
        return _peer(edition, entity, "capex_guidance_low", year), _peer(
            edition, entity, "capex_guidance_high", year
        )
    except AbsentFigure:
        return None, None


def spenders(edition: Edition) -> list[Spender]:
    """Amazon, and each peer whose capital expenditure and free cash flow of one period are public."""
    own = capex_guidance(edition)
    period = f"year to {edition.quarter}"
    free = ttm(edition, "cash_flow.free_cash_flow")
    found = [Spender(OWN, period, capital_expenditure(edition), free, own, own)]
    frame = edition.observations(SERIES)
    for entity, company in COMPANIES.items():
        rows = frame[(frame["entity"] == entity) & (frame["metric"] == "capex")]
        if rows.empty:
            continue
        spent = edition.latest(SERIES, entity=entity, metric="capex")
        when = _period(spent)
        try:
            free = _peer(edition, entity, "free_cash_flow", when)
        except AbsentFigure:
            continue
        found.append(Spender(company, when, spent, free, *_plan(edition, entity)))
    return found


def _period(figure: Figure) -> str:
    """The period that an observation is for, which its source names last."""
    field = figure.sources()[0].field or ""
    return field.rpartition(" / ")[2]


def peer_numbers(edition: Edition) -> dict[str, Figure]:
    """Amazon's share of operating cash flow spent, and the peers' in words."""
    every = spenders(edition)
    own, others = every[0], every[1:]
    if not others:
        words = text("none whose figures were public", "Peers whose figures are public")
        return {"peers": words, "own_share": own.share}
    shares = {other.company: other.share for other in others}
    names = listed([f"{company} {said(share, 'percent0')}" for company, share in shares.items()])
    label = "Capital expenditure over operating cash flow of the peers"
    return {"peers": text(names, label, *shares.values()), "own_share": own.share}


def peers_chart(edition: Edition) -> ChartFigure | Unavailable:
    """What each spent, with the plan for the next year where there is one."""
    every = spenders(edition)
    if len(every) == 1:
        return Unavailable("capital expenditure and free cash flow of the peers")
    rows = []
    for one in every:
        low, high = (None if end is None else end.number for end in (one.low, one.high))
        words = ""
        if one.low is not None and one.high is not None:
            same = one.low.number == one.high.number
            words = f"plan {said(one.low, 'usd_bn0')}" + ("" if same else f" to {said(one.high, 'usd_bn0')}")
        rows.append((one.company, one.spent.number, low, high, words))
    data = pd.DataFrame(rows, columns=["company", "spent", "low", "high", "plan"])
    half = 0.006 * float(data[["spent", "high"]].max().max())  # so that a plan without a range can be seen
    data = data.assign(**{"from": data["low"] - half, "to": data["high"] + half})
    spent = ", ".join(f"{one.company} {said(one.spent)}" for one in every)
    planned = [f"{row.company} {row.plan.removeprefix('plan ')}" for row in data.itertuples() if row.plan]
    plans = f" Plans for {years_of(edition)[0]}: {', '.join(planned)}." if planned else ""
    sources = [figure for one in every for figure in (one.spent, one.low) if figure is not None]
    return charts.peers(data, f"Bars of capital expenditure: {spent}.{plans}", sources)


def peers_table(edition: Edition) -> Table | Unavailable:
    """Operating cash flow, capital expenditure and free cash flow, each company's own definition."""
    every = spenders(edition)
    if len(every) == 1:
        return Unavailable("capital expenditure and free cash flow of the peers")
    frame = pd.DataFrame(
        {
            "company": [one.company for one in every],
            "period": [one.period for one in every],
            "operating": [one.operating for one in every],
            "spent": [one.spent for one in every],
            "free": [one.free for one in every],
            "share": [one.share for one in every],
        }
    )
    columns = [
        Column("company", "Company"),
        Column("period", "Period"),
        Column("operating", "Operating cash flow", "usd_bn"),
        Column("spent", "Capital expenditure", "usd_bn"),
        Column("free", "Free cash flow", "usd_bn"),
        Column("share", "Share spent", "fraction", 0),
    ]
    return Table(frame, columns, "What comes in and what is built")
