"""A small book that holds every kind of part a page can have, on made-up figures."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import numpy as np
import pandas as pd
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.build.postprocess import postprocess
from analysis.build.stage import number_figures
from analysis.charts import forms, marks
from analysis.charts.calculator import Calculator, Output, Slider, expression
from analysis.charts.grid import Grid
from analysis.charts.numbers import number_link, numbers_section, record
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.figures import Figure, Source, computed
from analysis.figures import text as said
from analysis.formats import show
from analysis.report.shown import Tiles

ROOT = Path(__file__).parents[2]
CUTOFF = date(2020, 1, 31)
SOURCE = Source(
    "Sample Corp., press release on the fourth quarter",
    date(2020, 1, 30),
    "https://example.org/release",
    "data/sample.yml",
    "segments.cloud.net_sales",
)
TARGETS = {"$4T": 4000.0, "$5T": 5000.0}
QUARTERS = [f"{year}Q{quarter}" for year in range(2013, 2020) for quarter in (1, 2, 3, 4)]


def figures() -> dict[str, Figure]:
    """Numbers for the sample's prose, one of them computed."""
    sales = Figure(128725.0, "usd_m", "cloud sales, twelve months", SOURCE)
    before = Figure(107556.0, "usd_m", "cloud sales, a year earlier", SOURCE)
    growth = (sales / before - 1).named("growth of cloud sales", "fraction")
    value = Figure(2239.7, "usd_bn", "market value", SOURCE)
    word = said("less", "How the market value compares", value)
    parts = [Figure(float(n), "usd_m", f"sales of country {n}", _release(n)) for n in range(1, 21)]
    total = computed(210.0, "usd_m", "sales of all countries", "sum over the countries", *parts)
    numbers = {"sales": sales, "growth": growth, "value": value, "word": word, "total": total}
    return {f"sample.{name}": figure for name, figure in numbers.items()}


def _release(number: int) -> Source:
    """One of many documents, the later the higher its number."""
    url = f"https://example.org/country-{number}"
    return Source(f"Release of country {number}", date(2020, 1, number), url, None, "net_sales")


def frame() -> pd.DataFrame:
    """Three series by quarter, tidy."""
    rows = [
        {"quarter": quarter, "segment": segment, "sales": start * growth**i}
        for segment, start, growth in (
            ("North America", 36, 1.025),
            ("International", 20, 1.02),
            ("Cloud", 8, 1.05),
        )
        for i, quarter in enumerate(QUARTERS)
    ]
    return pd.DataFrame(rows)


def growth_kernel(growth: float, multiple: float) -> float:
    """Market value after five years, in $bn."""
    return 716.9 * (1 + growth) ** 5 * multiple


def margin_kernel(growth: float, margin: float) -> float:
    """Operating income after five years, in $bn."""
    return 716.9 * (1 + growth) ** 5 * margin


def odds_kernel(growth: float, multiple: float) -> float:
    """A curve that is no expression of Vega's."""
    return 0.5 * (1 + math.erf((growth_kernel(growth, multiple) - 4000) / 2000))


ODDS = Grid.of(np.vectorize(odds_kernel), growth=(0.0, 0.3, 13), multiple=(1.0, 8.0, 15))


def path_chart(params: Mapping[str, alt.Parameter]) -> alt.LayerChart:
    """Market value by year, with the targets."""
    years = pd.DataFrame({"year": list(range(2025, 2031))})
    value = 716.9 * (1 + params["growth"]) ** (alt.datum.year - 2025) * params["multiple"]
    line = (
        alt.Chart(years)
        .transform_calculate(value=expression(value))
        .mark_line(point=True)
        .encode(x=alt.X("year:O", title=None), y=marks.upward("value", "usd_bn", domain=(0, 8000)))
    )
    return alt.layer(line, marks.target_lines(TARGETS))


def calculator() -> Calculator:
    """Three sliders, two results, a chart."""
    return Calculator(
        "Drag growth and multiple, watch the market value",
        [
            Slider("growth", "Sales growth a year", "percent", 0.0, 0.3, 0.005, 0.11),
            Slider("multiple", "Price to sales", "x", 1.0, 8.0, 0.05, 3.4, note="Today's is 3.12×"),
            Slider("margin", "Operating margin", "percent", 0.0, 0.3, 0.005, 0.12),
        ],
        [
            Output(
                "value", "Market value, end of 2030", "usd_bn", growth_kernel, {"$4T": 4000.0, "$5T": 5000.0}
            ),
            Output("income", "Operating income, 2030", "usd_bn", margin_kernel),
            Output(
                "odds",
                "Odds of reaching $4T",
                "percent0",
                ODDS,
                note="Read from a grid, off by up to a point.",
            ),
        ],
        presets={
            "bear": {"growth": 0.07, "multiple": 2.2},
            "base": {},
            "bull": {"growth": 0.1537, "multiple": 4.1},
        },
        chart=path_chart,
        description="At 11% growth and 3.4 times sales the value passes $4T in 2030.",
        source=SOURCE,
    ).placed("sample", "play", CUTOFF)


def charts() -> list[ChartFigure]:
    """One chart of each shape."""
    made = [*over_time(), *by_row(), grid()]
    return [chart.placed("sample", f"chart_{n}", CUTOFF) for n, chart in enumerate(made, 1)]


def over_time() -> list[ChartFigure]:
    """Charts whose horizontal axis is time."""
    data = frame()
    by_segment = {
        name: dict(zip(rows.quarter, rows.sales, strict=True))
        for name, rows in data.groupby("segment", sort=False)
    }
    paths = {
        f"p{percentile}": {year: 2240 * (1 + 0.06 * (n - 1)) ** (year - 2025) for year in range(2025, 2031)}
        for n, percentile in enumerate((10, 25, 50, 75, 90))
    }
    money: dict[str, Any] = {"unit": "usd_bn", "source": SOURCE}
    return [
        forms.lines(by_segment, title="Net sales by segment", finding="Cloud grew fastest", **money),
        forms.columns(by_segment["Cloud"], title="Cloud sales", finding="Cloud sales rose", **money),
        forms.columns(by_segment, title="Net sales, stacked", finding="All three grew", **money),
        forms.fan(
            paths,
            targets=TARGETS,
            title="Odds by year",
            finding="The middle path stays below both targets",
            **money,
        ),
    ]


def by_row() -> list[ChartFigure]:
    """Charts with one row for each thing shown, and one with a point for each."""
    money: dict[str, Any] = {"unit": "usd_bn", "source": SOURCE}
    return [
        forms.ranges(
            {
                "Trend": (2100, 3400, 5200),
                "Sum of the parts": (1900, 2900, 4400),
                "Discounted cash flow": (1500, 2300, 3900),
            },
            targets=TARGETS,
            today=2240,
            row=52,
            title="Value by method",
            finding="No base case reaches $4T",
            **money,
        ),
        forms.bridge(
            {"Cloud": 1200.0, "Advertising": 500.0, "Stores": 430.5, "Debt": -160.0},
            total="Equity",
            title="From parts to equity",
            finding="The cloud is half",
            **money,
        ),
        forms.bars(
            {"Alpha": 9.4, "Beta": 6.2, "Gamma": 3.1, "Delta": -1.2},
            unit="x1",
            highlight=["Gamma"],
            title="Multiples",
            finding="Gamma is cheap",
            source=SOURCE,
        ),
        forms.tornado(  # one driver's low is better than its high
            {"Growth": (2000, 4400), "Margin": (2600, 3900), "Capex": (3500, 2900)},
            centre=3200,
            title="What matters",
            finding="Growth matters most",
            **money,
        ),
        forms.scatter(
            {"Alpha": (0.1, 3.0), "Beta": (0.2, 6.0), "Gamma": (0.3, 9.5)},
            x=("growth", "fraction"),
            y=("multiple", "x"),
            highlight=["Beta"],
            title="Growth and multiple",
            finding="Faster growth is paid for",
            source=SOURCE,
        ),
    ]


def grid() -> ChartFigure:
    """A heat map."""
    growths, multiples = (0.05, 0.08, 0.11, 0.14, 0.17), (2, 3, 4, 5, 6)
    return forms.heat_grid(
        [[growth_kernel(growth, multiple) for multiple in multiples] for growth in growths],
        rows=growths,
        columns=multiples,
        row=("growth", "percent0"),
        column=("price to sales", "x0"),
        unit="usd_bn",
        targets={"$4T": 4000.0, "$5T": 5000.0},
        at=(0.11, 4),
        title="Every pair",
        finding="A multiple of four needs a tenth of growth",
        source=SOURCE,
    )


def table() -> Table:
    """Numbers, figures and grades."""
    data = pd.DataFrame(
        {
            "claim": [
                "Sales double in five years",
                "Multiple stays",
                "Margin reaches a fifth",
                "Share of chips",
            ],
            "value": [Figure(128725.0, "usd_m", "cloud sales", SOURCE), 12.5, -3.0, None],
            "growth": [0.2, 0.1, -0.05, None],
            "grade": ["holds", "holds with rounding", "does not hold", "nobody can say"],
        }
    )
    columns = [
        Column("claim", "Claim"),
        Column("value", "Sales", "usd_m"),
        Column("growth", "Growth", "fraction"),
        Column("grade", "Grade", "grade"),
    ]
    shown = Table(data, columns, "Claims and grades", SOURCE, sortable=True, answer="growth")
    return shown.placed("sample", "claims", CUTOFF)


def _html(fragment: str) -> Any:
    output = new_output("display_data", {"text/html": fragment})
    return new_code_cell("show()", outputs=[output], metadata={"tags": ["remove-input"]})


def notebook() -> Any:
    """The sample page as an executed and staged notebook."""
    numbers = figures()
    drawn = {
        key: number_link(key, show(f.value, f.unit), isinstance(f.value, str)) for key, f in numbers.items()
    }
    intro = (
        "# Can a sample be worth more?\n\n*How fast can it grow?*\n\n"
        f"Cloud sales were {drawn['sample.sales']}, {drawn['sample.growth']} more than a year before. "
        f"The market paid {drawn['sample.value']} for the whole, {drawn['sample.word']} than before. "
        + "Plain words follow to give the line its length. "
        * 4
    )
    tiles = Tiles("sample", {"sample.total": (numbers["sample.total"], None)})
    cells = [new_markdown_cell(intro), _html(tiles.html()), _html(calculator().html())]
    for chart in charts():
        cells += [
            new_markdown_cell(f"## {chart.title}\n\nOne sentence reads the chart before it is shown."),
            _html(chart.html()),
        ]
    cells += [new_markdown_cell("## Claims"), _html(table().html())]
    records = {key: record(f) for key, f in (numbers | dict(table().numbers)).items()}
    cells.append(new_markdown_cell(numbers_section(records)))
    made = new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    number_figures(made, 0)
    return made


FORMULA = (
    "# A page with a formula\n\nGrowth compounds:\n\n```{math}\nV = S (1 + g)^n m\n```\n\n[](sample.ipynb)\n"
)
PLAIN = (
    "# Words\n\n```{glossary}\nprice-to-sales\n  Market value over sales, such as 2019Q4's.\n\n"
    "run-rate\n  A quarter's figure times four.\n```\n\nSee {term}`run-rate`.\n"
)


SITE = Path("out", "_build", "html")  # below the folder of the sample


def build_sample(folder: Path) -> None:
    """Write, render and post-process the sample."""
    _write_stage(folder / "stage")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build"]
    options = ["--path-output", str(folder / "out"), "-n", "-W", "--keep-going", "-q"]
    command += [str(folder / "stage"), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    site = folder / SITE
    data = site / "_static" / "data" / "sample"
    data.mkdir(parents=True)
    for part in (*charts(), table()):
        (data / f"{part.name}.csv").write_text(part.csv(), encoding="utf-8")
    postprocess(site)


def _write_stage(stage: Path) -> None:
    """The sample's pages beside the real book's settings, frame and static files."""
    stage.mkdir(parents=True)
    for name in ("_static", "_templates"):
        (stage / name).symlink_to(ROOT / "book" / name)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    report = {"edition": "2019Q4", "cutoff": "31 January 2020", "scenario": "base", "build": "0123abcd"}
    config["sphinx"]["config"].setdefault("html_context", {})["report"] = report
    chapters = [{"file": "formula"}, {"file": "words"}]
    toc = {"format": "jb-book", "root": "sample", "parts": [{"caption": "Parts", "chapters": chapters}]}
    files = {
        "references.bib": "",
        "_config.yml": yaml.safe_dump(config).replace("book/", ""),
        "_toc.yml": yaml.safe_dump(toc),
        "sample.ipynb": nbformat.writes(notebook()),
        "formula.md": FORMULA,
        "words.md": PLAIN,
    }
    for name, text in files.items():
        (stage / name).write_text(text, encoding="utf-8")
