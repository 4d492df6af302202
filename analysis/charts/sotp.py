"""Charts of the sum of the parts: values by method, the bridge to the shares, the parts at the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts.marks import target_lines
from analysis.charts.render import ChartFigure
from analysis.charts.shapes import bridge, ranges, rows_height, stack, vertical_lines
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, INK, INK_SOFT, PURPLE, SLATE, TARGET, VERMILION
from analysis.formats import usd_bn

PARTS = {
    "AWS": BLUE,
    "Advertising": PURPLE,
    "Stores": VERMILION,
    "Retail with advertising": VERMILION,
    "Net cash and stakes": SLATE,
}
_BESIDE = 4  # pixels between a line and its name


def field(data: pd.DataFrame, targets: Mapping[str, float], today: float, source: Sources) -> ChartFigure:
    """A football field: ``method``, ``low``, ``base``, ``high`` in usd_bn of today.

    ``targets`` are discounted to today. Names of lines stand beside them, today's on the left, so that lines
    close to each other keep their names apart.
    """
    bases = data.loc[data["base"].idxmin()], data.loc[data["base"].idxmax()]
    wanted = " and ".join(f"{name} is {usd_bn(value)}" for name, value in targets.items())
    chart = alt.layer(
        ranges(data, "method", "low", "base", "high", "usd_bn"),
        named_line({"today": today}, INK_SOFT, "right"),
        named_line(targets, TARGET, "left", dash=(5, 4)),
    )
    return ChartFigure(
        chart,
        "Value of the shares by method, and the targets discounted to today",
        f"A bar from low to high for each method: middle values go from {usd_bn(bases[0]['base'])} "
        f"({bases[0]['method']}) to {usd_bn(bases[1]['base'])} ({bases[1]['method']}); the market pays "
        f"{usd_bn(today)}, and discounted to today {wanted}.",
        data,
        source,
        [
            Column("method", "Method"),
            Column("low", "Low", "usd_bn"),
            Column("base", "Middle", "usd_bn"),
            Column("high", "High", "usd_bn"),
        ],
        height=rows_height(len(data), 46),
    )


def named_line(
    levels: Mapping[str, float], colour: str, side: str, dash: Sequence[int] = (1, 0)
) -> alt.LayerChart:
    """Vertical lines, each named at its top on one side: ``left`` aligned is to the right of the line."""
    frame = pd.DataFrame({"name": list(levels), "level": [float(value) for value in levels.values()]})
    base = alt.Chart(frame).encode(x=alt.X("level:Q"))
    rule = base.mark_rule(color=colour, strokeDash=list(dash), strokeWidth=1.25)
    shift = _BESIDE if side == "left" else -_BESIDE
    words = base.mark_text(color=colour, align=side, baseline="bottom", dx=shift, dy=-3, fontWeight="bold")
    return alt.layer(rule, words.encode(y=alt.value(0), text="name:N"))


def waterfall(amounts: Mapping[str, float], title: str, market: float, source: Sources) -> ChartFigure:
    """From the parts to what the shares are worth, in usd_bn, beside what the market pays for them."""
    data = pd.DataFrame({"step": list(amounts), "amount": list(amounts.values())})
    worth, largest = data["amount"].sum(), data.loc[data["amount"].idxmax()]
    return ChartFigure(
        alt.layer(
            vertical_lines({"market": market}, INK_SOFT, [1, 0]),
            bridge(data, "step", "amount", "usd_bn", "Shares"),
        ),
        title,
        f"A waterfall: {largest['step']} is the largest step with {usd_bn(largest['amount'])}; all steps "
        f"make {usd_bn(worth)}, against {usd_bn(market)} that the market pays.",
        data,
        source,
        [Column("step", "Step"), Column("amount", "Amount", "usd_bn")],
        height=rows_height(len(data) + 1),
    )


def horizon(data: pd.DataFrame, year: int, targets: Mapping[str, float], source: Sources) -> ChartFigure:
    """The parts at the horizon, stacked by ``scenario``; columns ``scenario``, ``part``, ``value``."""
    sums = data.groupby("scenario", sort=False)["value"].sum()
    order = [name for name in PARTS if name in set(data["part"])]
    totals = pd.DataFrame(
        {
            "scenario": list(sums.index),
            "top": [data[(data["scenario"] == n) & (data["value"] > 0)]["value"].sum() for n in sums.index],
            "words": [usd_bn(value) for value in sums],
        }
    )
    words = (
        alt.Chart(totals)
        .mark_text(dy=-9, color=INK, fontWeight="bold")
        .encode(x=alt.X("scenario:O", sort=None), y="top:Q", text="words:N")
    )
    bars = stack(data, "scenario", "value", "part", "usd_bn", order, every=1, palette=PARTS)
    told = ", ".join(f"{usd_bn(value)} in the {name} scenario" for name, value in sums.items())
    return ChartFigure(
        alt.layer(bars, target_lines(targets), words),
        f"The parts at the end of {year} by scenario",
        f"Stacked bars: the parts and the cash come to {told} at the end of {year}, against targets of "
        f"{' and '.join(targets)}.",
        data,
        source,
        [Column("scenario", "Scenario"), Column("part", "Part"), Column("value", "Value", "usd_bn")],
        height=380,
    )
