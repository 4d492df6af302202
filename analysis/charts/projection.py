"""Charts of the projection page: where sales lead, and which growth and multiple reach a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts.marks import axis, lines, reference_line, tips, upward, worded
from analysis.charts.paths import path_frame
from analysis.charts.render import ChartFigure
from analysis.charts.series import path_chart
from analysis.charts.shapes import bars
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, INK, PAPER, PURPLE, SLATE, TARGET, VERMILION
from analysis.formats import multiple, percent, usd_bn

TARGET_COLOURS = (PURPLE, VERMILION)


def sales(
    reported: Mapping[int, float],
    years: Sequence[int],
    by_scenario: Mapping[str, Sequence[float]],
    source: Sources,
) -> ChartFigure:
    """Net sales as reported and by scenario, in usd_bn, by calendar year."""
    data = path_frame(reported, years, by_scenario)
    ends = ", ".join(f"{usd_bn(path[-1])} in the {name} scenario" for name, path in by_scenario.items())
    return path_chart(
        data,
        Column("value", "Net sales", "usd_bn"),
        "Net sales, reported and projected",
        f"Lines: net sales go to {ends} by {years[-1]}.",
        source,
        year=Column("year", "Year", "year"),
        series=Column("series", "Scenario"),
    )


def frontier(
    curves: pd.DataFrame, points: pd.DataFrame, targets: Mapping[str, float], source: Sources
) -> ChartFigure:
    """Curves of all pairs (``growth``, ``multiple``) that reach a ``target``; named ``points`` among them.

    Growth is a fraction a year, the multiple is market value over sales.
    """
    names = list(targets)
    colour = alt.Color(
        "target:N", legend=None, scale=alt.Scale(domain=names, range=list(TARGET_COLOURS[: len(names)]))
    )
    horizontal = alt.X(
        "growth:Q", axis=axis("fraction", "growth of sales a year"), scale=alt.Scale(nice=False)
    )
    base = alt.Chart(curves).encode(x=horizontal, y=upward("multiple", "x", "price-to-sales"), color=colour)
    last = curves.groupby("target", sort=False).head(1)
    words = alt.Chart(last).mark_text(align="left", dx=6, dy=-8, fontWeight="bold")
    words = words.encode(x="growth:Q", y="multiple:Q", text="target:N", color=colour)
    marks = alt.Chart(worded(points, "multiple", "x")).encode(x="growth:Q", y="multiple:Q")
    dots = marks.mark_point(size=80, opacity=1, color=BLUE).encode(tooltip=tips("name", "text"))
    place = {"align": "left", "dx": 9, "dy": -8}
    halo = marks.mark_text(**place, stroke=PAPER, strokeWidth=4, color=PAPER).encode(text="name:N")
    labels = marks.mark_text(**place, color=INK).encode(text="name:N")
    low, high = curves["growth"].min(), curves["growth"].max()
    pairs = ", ".join(f"{row['name']} at {percent(row.growth)} and {multiple(row.multiple)}"
                      for _, row in points.iterrows())  # fmt: skip
    return ChartFigure(
        alt.layer(base.mark_line(), words, halo, dots, labels),
        "Growth and multiple that reach each target",
        f"Falling curves between {percent(low, 0)} and {percent(high, 0)} of growth, one a target: each pair "
        f"above a curve reaches it. The points stand at {pairs}.",
        pd.concat([curves, points.rename(columns={"name": "target"})], ignore_index=True),
        source,
        [
            Column("target", "Curve or point"),
            Column("growth", "Growth a year", "fraction"),
            Column("multiple", "Price-to-sales", "x"),
        ],
        height=380,
    )


def multiples(
    history: pd.DataFrame, needed: Mapping[str, float], scenario: str, source: Sources
) -> ChartFigure:
    """Price-to-sales by quarter (``quarter``, ``multiple``) with what targets need on a scenario's sales."""
    data = history.assign(series="Price-to-sales")
    drawn = [lines(data, "quarter", "multiple", "series", "x", palette={"Price-to-sales": BLUE})]
    for name, value in needed.items():
        drawn.append(reference_line(value, f"{name} needs {multiple(value)}", TARGET))
    low, high = history["multiple"].min(), history["multiple"].max()
    wanted = ", ".join(f"{multiple(value)} for {name}" for name, value in needed.items())
    return ChartFigure(
        alt.layer(*drawn),
        "Price-to-sales at each quarter's end, and what the targets need",
        f"A line: Amazon's price-to-sales moved between {multiple(low)} and {multiple(high)} and ended at "
        f"{multiple(history['multiple'].iloc[-1])}; "
        f"on the sales of the {scenario} scenario the targets need {wanted}.",
        data[["quarter", "multiple"]],
        source,
        [Column("quarter", "Quarter"), Column("multiple", "Price-to-sales", "x")],
        space_right=10,
    )


def base_rates(data: pd.DataFrame, growth: float, source: Sources) -> ChartFigure:
    """Share of large firms (``share``) that grew at least so fast (``step``) over five years."""
    first = data.iloc[-1]
    return ChartFigure(
        bars(data, "step", "share", "fraction", every=1, colour=SLATE, labelled=True),
        "Large firms that grew at least so fast over five years",
        f"Bars that fall: {percent(first['share'])} of firms of this size grew by {first['step']} a year; "
        f"the page's scenario asks for {percent(growth)} of Amazon.",
        data,
        source,
        [Column("step", "Growth a year"), Column("share", "Share of firms", "fraction")],
        height=280,
    )
