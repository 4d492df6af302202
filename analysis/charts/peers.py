"""Charts of the peers page: two multiples side by side, against margin and growth, and over time."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts.marks import across, axis, tips, upward, worded
from analysis.charts.placement import NAMES_AT, sides
from analysis.charts.render import ChartFigure
from analysis.charts.shapes import roomy, rows, rows_height
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, INK, INK_SOFT, OCHRE, PAPER, SLATE
from analysis.formats import multiple, percent

SALES, PROFIT = "market value ÷ sales", "market value ÷ operating income"
AMAZON = "Amazon"


def both(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Two bars a company; ``company``, ``price_to_sales``, ``income_multiple``, in the order of rows."""
    names = list(data["company"])
    tall = data.rename(columns={"price_to_sales": SALES, "income_multiple": PROFIT})
    tall = worded(tall.melt("company", [SALES, PROFIT], "measure", "multiple"), "multiple", "x1")
    measures = alt.Scale(domain=[SALES, PROFIT], range=[BLUE, OCHRE])
    base = alt.Chart(tall).encode(
        x=alt.X("multiple:Q", axis=axis("x"), scale=roomy()),
        y=rows("company", names),
        yOffset=alt.YOffset("measure:N", sort=[SALES, PROFIT]),
        tooltip=tips("company", "measure", "text"),
    )
    bar = base.mark_bar().encode(
        color=alt.Color("measure:N", scale=measures, legend=alt.Legend(title=None, columns=1))
    )
    return ChartFigure(
        alt.layer(bar, base.mark_text(align="left", dx=5).encode(text="text:N")),
        "Price of a dollar of sales, and of a dollar of operating income",
        f"Pairs of bars: per dollar of sales {_ends(data, 'price_to_sales')}; per dollar of operating income "
        f"{_ends(data, 'income_multiple')}; Amazon stands at {_own(data, 'price_to_sales')} and "
        f"{_own(data, 'income_multiple')}.",
        data,
        source,
        [
            Column("company", "Company"),
            Column("price_to_sales", "Market value over sales", "x"),
            Column("income_multiple", "Market value over operating income", "x"),
        ],
        height=rows_height(len(data), 58, 70),
    )


def against_margin(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Price-to-sales over operating margin, with the line on which profit costs what Amazon's does."""
    slope = float(data.loc[data["company"] == AMAZON, "income_multiple"].iloc[0])
    right = 1.1 * float(data["margin"].max())
    top = 1.08 * max(float(data["price_to_sales"].max()), slope * right)
    x, y = _x("margin", "operating margin", right), _y("price_to_sales", top)
    ray = pd.DataFrame({"margin": [0.0, right], "price_to_sales": [0.0, slope * right]})
    note = pd.DataFrame({"words": [f"dashed: {multiple(slope, 1)} operating income, as Amazon"]})
    line = alt.Chart(ray).encode(x=x, y=y)
    drawn = [
        line.mark_line(color=INK_SOFT, strokeDash=[4, 3], strokeWidth=1.25),
        alt.Chart(note)
        .mark_text(color=INK_SOFT, align="right", baseline="bottom", dx=-4, dy=-6)
        .encode(x=alt.value("width"), y=alt.value("height"), text="words:N"),
    ]
    return ChartFigure(
        alt.layer(*drawn, *_points(data, x, y, right, top)),
        "Market value over sales, against operating margin",
        f"Points: price-to-sales rises with the margin; the dashed line is {multiple(slope, 1)} operating "
        f"income, what Amazon is paid, and of the others {_above(data)} lie above it.",
        data,
        source,
        [
            Column("company", "Company"),
            Column("margin", "Operating margin", "fraction"),
            Column("price_to_sales", "Market value over sales", "x"),
        ],
    )


def against_growth(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """The multiple of operating income over growth of sales."""
    shown = data.dropna(subset=["growth"])
    right, top = 1.1 * float(shown["growth"].max()), 1.15 * float(shown["income_multiple"].max())
    x, y = _x("growth", "growth of sales", right), _y("income_multiple", top)
    fastest = shown.loc[shown["growth"].idxmax()]
    own = shown.loc[shown["company"] == AMAZON].iloc[0]
    return ChartFigure(
        alt.layer(*_points(shown, x, y, right, top)),
        "Market value over operating income, against growth of sales",
        f"Points: {fastest['company']} grows fastest, at {percent(fastest['growth'], 0)}, and is paid "
        f"{multiple(fastest['income_multiple'], 1)} operating income; Amazon grows at "
        f"{percent(own['growth'], 0)} and is paid {multiple(own['income_multiple'], 1)}.",
        shown,
        source,
        [
            Column("company", "Company"),
            Column("growth", "Growth of sales", "fraction"),
            Column("income_multiple", "Market value over operating income", "x"),
        ],
    )


def over_time(
    data: pd.DataFrame, value: str, title: str, levels: Mapping[str, float], source: Sources
) -> ChartFigure:
    """One of Amazon's multiples by month, with ``levels`` to hold it against."""
    frame = worded(data, value, "x1")
    names = [f"{name} {multiple(level, 1)}" for name, level in levels.items()]
    room = 6.5 * max(len(name) for name in names) + 10
    base = alt.Chart(frame).encode(
        x=across("month", list(data["month"]), 12, room=room), y=upward(value, "x")
    )
    dots = base.mark_point(opacity=0, size=200).encode(tooltip=tips("month", "text"))
    marks = alt.Chart(pd.DataFrame({"level": list(levels.values()), "name": names})).encode(y="level:Q")
    words = marks.encode(x=alt.value("width"), text="name:N")
    place = {"align": "right", "baseline": "bottom", "dy": -3}
    drawn = alt.layer(
        marks.mark_rule(color=INK_SOFT, strokeWidth=1),
        base.mark_line(color=BLUE),
        words.mark_text(**place, color=PAPER, stroke=PAPER, strokeWidth=4),
        words.mark_text(**place, color=INK_SOFT),
        dots,
    )
    low, high, last = (data.loc[i] for i in (data[value].idxmin(), data[value].idxmax(), data.index[-1]))
    return ChartFigure(
        drawn,
        title,
        f"Line by month. {title} was lowest at {multiple(low[value], 1)} in {low['month']}, highest at "
        f"{multiple(high[value], 1)} in {high['month']}, and {multiple(last[value], 1)} in {last['month']}.",
        data[["month", value]],
        source,
        [Column("month", "Month"), Column(value, title, "x")],
        height=300,
    )


def _points(data: pd.DataFrame, x: alt.X, y: alt.Y, right: float, top: float) -> list[alt.Chart]:
    """Named points, Amazon in the accent colour; no name stands on another or on a point."""
    across_field, up_field = (str(channel.shorthand).removesuffix(":Q") for channel in (x, y))
    places = list(zip(data[across_field] / right, data[up_field] / top, strict=True))
    frame = worded(worded(data, up_field, "x1"), across_field, "fraction", "across")
    frame = frame.assign(side=sides(places, list(data["company"])))
    is_amazon = alt.FieldEqualPredicate(field="company", equal=AMAZON)
    base = alt.Chart(frame).encode(x=x, y=y)
    dots = base.mark_point(size=80, opacity=1).encode(
        color=alt.when(is_amazon).then(alt.value(BLUE)).otherwise(alt.value(SLATE)),
        tooltip=tips("company", "across", "text"),
    )
    layers = [dots]
    for side, place in NAMES_AT.items():
        part = base.transform_filter(alt.FieldEqualPredicate(field="side", equal=side)).encode(
            text="company:N"
        )
        for ink in ({"color": PAPER, "stroke": PAPER, "strokeWidth": 4}, {"color": INK}):
            layers.append(part.mark_text(**place, **ink))
    return layers


def _x(field: str, title: str, end: float) -> alt.X:
    return alt.X(f"{field}:Q", axis=axis("fraction", title), scale=alt.Scale(domain=[0, end], nice=False))


def _y(field: str, end: float) -> alt.Y:
    return alt.Y(f"{field}:Q", axis=axis("x"), scale=alt.Scale(domain=[0, end], nice=False))


def _own(data: pd.DataFrame, column: str) -> str:
    return multiple(float(data.loc[data["company"] == AMAZON, column].iloc[0]), 1)


def _ends(data: pd.DataFrame, column: str) -> str:
    low, high = data.loc[data[column].idxmin()], data.loc[data[column].idxmax()]
    first, last = (f"{multiple(row[column], 1)} ({row['company']})" for row in (low, high))
    return f"from {first} to {last}"


def _above(data: pd.DataFrame) -> int:
    """How many companies are paid more per dollar of profit than Amazon."""
    return int(
        (data["income_multiple"] > data.loc[data["company"] == AMAZON, "income_multiple"].iloc[0]).sum()
    )
