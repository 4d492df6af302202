"""The charts of the track record: forecasts and outcomes, errors, coverage, guidance, old editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts.marks import across, axis, band, lines, target_lines, tips, upward, worded
from analysis.charts.render import ChartFigure
from analysis.charts.shapes import rows, rows_height
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BAND, BLUE, INK, INK_SOFT, OCHRE, SLATE, TARGET, TEAL, VERMILION

RULE_COLOURS: Sequence[str] = (BLUE, VERMILION, TEAL, SLATE, OCHRE)
COVERAGE_ROW = 26
FEW = alt.expr("width < 420 ? 2 : 4")
"""Names of a legend in one line: half as many on a phone."""


def forecasts(data: pd.DataFrame, title: str, description: str, source: Sources) -> ChartFigure:
    """What was forecast for each ``quarter`` with its 80% interval, and what came.

    Columns ``forecast``, ``low``, ``high``, ``actual`` in usd_bn; ``actual`` is absent where still open.
    """
    steps = list(data["quarter"])
    frame = worded(worded(data, "actual", "usd_bn", "came"), "forecast", "usd_bn")
    horizontal, vertical = across("quarter", steps, 4), upward("forecast", "usd_bn")
    base = alt.Chart(frame).encode(x=horizontal, tooltip=tips("quarter", "text", "came"))
    line = base.mark_line(color=BLUE).encode(y=vertical)
    points = base.mark_point(color=VERMILION, size=55, opacity=1).encode(y=alt.Y("actual:Q"))
    words = pd.DataFrame(
        {
            "quarter": [steps[0], steps[-1]],
            "at": [data["high"].iloc[0], data["forecast"].iloc[-1]],
            "words": ["80% interval", "forecast"],
            "colour": [INK_SOFT, BLUE],
        }
    )
    last = data.dropna(subset=["actual"]).tail(1)
    labels = [
        _word(words.head(1), "at", "left", -8, INK_SOFT),
        _word(words.tail(1), "at", "right", -10, BLUE),
        _word(last.assign(words="what came"), "actual", "right", 20, VERMILION),
    ]
    return ChartFigure(
        alt.layer(band(data, "quarter", "low", "high", "usd_bn", 4, BAND), line, points, *labels),
        title,
        description,
        data,
        source,
        [
            Column("quarter", "Quarter"),
            Column("forecast", "Forecast", "usd_bn"),
            Column("low", "Low", "usd_bn"),
            Column("high", "High", "usd_bn"),
            Column("actual", "Came", "usd_bn"),
        ],
    )


def errors(data: pd.DataFrame, horizon: str, description: str, source: Sources) -> ChartFigure:
    """Mean absolute error by ``series`` and ``rule``: one row a series, one mark a rule."""
    series, rules = list(dict.fromkeys(data["series"])), list(dict.fromkeys(data["rule"]))
    scale = alt.Scale(domain=rules, range=list(RULE_COLOURS[: len(rules)]))
    shapes = alt.Scale(
        domain=rules, range=["circle", "triangle-up", "square", "diamond", "cross"][: len(rules)]
    )
    base = alt.Chart(worded(data, "error", "percent")).encode(
        x=alt.X("error:Q", axis=axis("fraction"), scale=alt.Scale(zero=True)),
        y=rows("series", series),
        tooltip=tips("series", "rule", "text"),
    )
    legend = alt.Legend(title=None, columns=FEW, symbolType="circle")
    marks = base.mark_point(size=110, opacity=1).encode(
        color=alt.Color("rule:N", scale=scale, legend=legend),
        shape=alt.Shape("rule:N", scale=shapes, legend=legend),
    )
    span = base.mark_line(color=BAND, strokeWidth=1.5).encode(detail="series:N")
    return ChartFigure(
        alt.layer(span, marks),
        f"Mean absolute error {horizon}, by rule",
        description,
        data,
        source,
        [
            Column("series", "Series"),
            Column("rule", "Rule"),
            Column("error", "Mean absolute error", "fraction"),
        ],
        height=rows_height(len(series), 36, 110),
    )


def coverage(data: pd.DataFrame, claimed: float, description: str, source: Sources) -> ChartFigure:
    """Share of outcomes inside the interval by ``series`` and ``horizon``, beside what it claims."""
    horizons, series = list(dict.fromkeys(data["horizon"])), list(dict.fromkeys(data["series"]))
    scale = alt.Scale(domain=horizons, range=list(RULE_COLOURS[: len(horizons)]))
    base = alt.Chart(worded(data, "share", "percent0")).encode(
        x=alt.X("share:Q", axis=axis("fraction"), scale=alt.Scale(domain=[0, 1])),
        y=rows("series", series),
        tooltip=tips("series", "horizon", "text"),
    )
    marks = base.mark_tick(thickness=4, size=COVERAGE_ROW, opacity=1).encode(
        color=alt.Color("horizon:N", scale=scale, legend=alt.Legend(title=None, columns=FEW))
    )
    line = alt.Chart(pd.DataFrame({"claimed": [claimed]})).encode(x="claimed:Q")
    rule = line.mark_rule(color=TARGET, strokeDash=[5, 4])
    return ChartFigure(
        alt.layer(rule, marks),
        "Share of outcomes inside the 80% interval",
        description,
        data,
        source,
        [
            Column("series", "Series"),
            Column("horizon", "Ahead"),
            Column("share", "Inside", "fraction", 0),
            Column("count", "Forecasts", "count"),
        ],
        height=rows_height(len(series), 36, 100),
    )


def guidance(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Operating income the company guided to by ``quarter`` (``low``, ``high``), and what came, in usd_bn."""
    frame = worded(worded(worded(data, "low", "usd_bn", "low_text"), "high", "usd_bn", "high_text"), "actual",
                   "usd_bn")  # fmt: skip
    steps = list(data["quarter"])
    base = alt.Chart(frame).encode(
        x=across("quarter", steps, 2), tooltip=tips("quarter", "low_text", "high_text", "text")
    )
    bars = base.mark_bar(color=BAND, width=alt.RelativeBandSize(0.6)).encode(
        y=upward("low", "usd_bn"), y2="high:Q"
    )
    points = base.mark_point(color=VERMILION, size=60, opacity=1).encode(y=alt.Y("actual:Q"))
    newest, last = data.tail(1), data.dropna(subset=["actual"]).tail(1)
    labels = [
        _word(last.assign(words="what came"), "actual", "right", -12, VERMILION),
        _word(newest.assign(words="guidance"), "low", "right", 16, INK_SOFT),
    ]
    return ChartFigure(
        alt.layer(bars, points, *labels),
        "Operating income: the company's guidance a quarter ahead, and what came",
        description,
        data,
        source,
        [
            Column("quarter", "Quarter"),
            Column("low", "Guidance, low", "usd_bn"),
            Column("high", "Guidance, high", "usd_bn"),
            Column("actual", "Came", "usd_bn"),
        ],
    )


def editions(
    data: pd.DataFrame, targets: Mapping[str, float], year: int, description: str, source: Sources
) -> ChartFigure:
    """Market value then and the base value for ``year`` by ``edition``; long, ``series`` and ``value``."""
    names = list(dict.fromkeys(data["series"]))
    palette = dict(zip(names, (SLATE, BLUE), strict=True))
    drawn = lines(data, "edition", "value", "series", "usd_bn", names, palette)
    return ChartFigure(
        alt.layer(drawn, target_lines(targets)),
        f"Editions rebuilt: market value then, and the base scenario's value for the end of {year}",
        description,
        data,
        source,
        [Column("edition", "Edition"), Column("series", "Series"), Column("value", "Value", "usd_bn")],
        height=360,
    )


def _word(row: pd.DataFrame, at: str, align: str, dy: int, colour: str) -> alt.Chart:
    """A word in bold at one point of a chart by quarters."""
    base = alt.Chart(row).encode(x=alt.X("quarter:O", sort=None), y=alt.Y(f"{at}:Q"), text="words:N")
    return base.mark_text(align=align, dy=dy, color=colour or INK, fontWeight="bold")
