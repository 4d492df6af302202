"""Charts of the risks page: what each risk costs, and where the market value goes with the worst of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts.marks import lines, target_lines
from analysis.charts.render import ChartFigure
from analysis.charts.shapes import ranges, ranked, rows_height
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.formats import usd_bn


def costs(data: pd.DataFrame, year: int, source: Sources) -> ChartFigure:
    """What each ``risk`` takes from the market value (``cost``, usd_bn, negative), costliest first."""
    worst = data.iloc[0]
    return ChartFigure(
        ranked(data, "risk", "cost", "usd_bn0", [str(worst["risk"])]),
        f"What each risk takes from the market value at the end of {year}",
        f"Bars: the costliest risk is “{worst['risk']}” with {usd_bn(worst['cost'], 0)}, the least costly "
        f"“{data['risk'].iloc[-1]}” with {usd_bn(data['cost'].iloc[-1], 0)}.",
        data,
        source,
        [Column("risk", "Risk"), Column("cost", "Change of market value", "usd_bn")],
        height=rows_height(len(data)),
    )


def left(
    data: pd.DataFrame,
    scenario: float,
    year: int,
    targets: Mapping[str, float],
    today: float,
    source: Sources,
) -> ChartFigure:
    """What is left of the scenario's value under each risk: bars from ``shocked`` to ``scenario``."""
    lowest = data.loc[data["shocked"].idxmin()]
    return ChartFigure(
        ranges(data, "risk", "shocked", "shocked", "scenario", "usd_bn", targets, today),
        f"Market value at the end of {year}: with each risk, and without",
        f"Bars from the value under each risk up to the scenario's {usd_bn(scenario)}: the lowest is "
        f"{usd_bn(lowest['shocked'])} under “{lowest['risk']}”.",
        data,
        source,
        [
            Column("risk", "Risk"),
            Column("shocked", "Value with it", "usd_bn"),
            Column("scenario", "Value without", "usd_bn"),
        ],
        height=rows_height(len(data), 48),
    )


def paths(
    data: pd.DataFrame, names: Sequence[str], targets: Mapping[str, float], source: Sources
) -> ChartFigure:
    """Market value by ``year`` as the scenario has it and with risks (``series``), in usd_bn."""
    ends = data.groupby("series", sort=False)["value"].last()
    words = ", ".join(f"{name} {usd_bn(ends[name])}" for name in names)
    drawn = lines(data, "year", "value", "series", "usd_bn", names, every=1)
    return ChartFigure(
        alt.layer(drawn, target_lines(targets)),
        "Market value by year with one, three and all of the risks",
        f"Lines end in {data['year'].iloc[-1]} at: {words}.",
        data,
        source,
        [Column("year", "End of"), Column("series", "Path"), Column("value", "Market value", "usd_bn")],
        height=380,
    )
