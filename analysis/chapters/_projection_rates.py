"""How often large firms have grown as fast as a growth asked of Amazon: the base rates of the projection."""

from __future__ import annotations

import pandas as pd

from analysis.chapters._words import or_words
from analysis.chapters.page import Unavailable
from analysis.charts import projection as charts
from analysis.charts.render import ChartFigure
from analysis.data import AbsentFigure, Edition
from analysis.figures import Figure, computed, text
from analysis.formats import percent, show
from analysis.model.projection import base_rates
from analysis.valuation.odds import FIRM_CLASS

STEPS = {0.05: "5", 0.10: "10", 0.15: "15"}  # growth a year in the table of base rates, and its metric


def share_as_fast(edition: Edition, growth: Figure, who: str) -> Figure:
    """The share of large firms that grew at least as fast over five years; words before it was public.

    ``who`` completes the label "Large firms that grew as fast as …".
    """
    label = f"Large firms that grew as fast as {who}"
    return or_words(
        lambda: _share(edition, growth, label), "an unknown share", "Base rates were not public yet"
    )


def chart(edition: Edition, growth: float) -> ChartFigure | Unavailable:
    """The table of base rates as bars."""
    try:
        table = _table(edition)
    except AbsentFigure:
        return Unavailable("how fast firms of this size have grown")
    steps = [f"at least {percent(step, 0)}" for step in table]
    data = pd.DataFrame({"step": steps, "share": [figure.number for figure in table.values()]})
    return charts.base_rates(data, growth, list(table.values()))


def _table(edition: Edition) -> dict[float, Figure]:
    """Share of large firms that grew at least so fast over five years, by growth a year."""
    return {
        step: edition.latest("base_rates", entity=FIRM_CLASS, metric=f"sales_cagr_5y_nominal_share_ge_{name}")
        for step, name in STEPS.items()
    }


def _share(edition: Edition, growth: Figure, label: str) -> Figure:
    """The share between the steps of the table; beyond them, which step it lies beyond."""
    table = _table(edition)
    steps, shares = list(table), [figure.number for figure in table.values()]
    if not steps[0] <= growth.number <= steps[-1]:
        beyond = growth.number > steps[-1]
        limit = table[steps[-1 if beyond else 0]]
        words = f"{'fewer' if beyond else 'more'} than {show(limit.number, 'fraction')}"
        return text(words, label, growth, limit)
    share = base_rates.share_growing_faster(growth.number, steps, shares)
    formula = "linear between the steps of the table of base rates"
    return computed(share, "fraction", label, formula, growth, *table.values())
