from __future__ import annotations

import altair as alt
import pandas as pd
import pytest

from analysis.charts.lines import lines
from analysis.charts.marks import line_names
from analysis.charts.theme import BLUE, OCHRE
from tests.charts.drawn import WORDS, by_quarter, documents, money, rows, values

AWS, GOOGLE = by_quarter(q2024Q4=1.0, q2025Q1=2.0), by_quarter(q2025Q1=3.0)


def test_each_line_has_the_figures_of_its_series() -> None:
    chart = lines({"AWS": AWS, "Google Cloud": GOOGLE, "unknown": by_quarter()}, **WORDS)
    assert values(chart, "quarter", "series", "value") == {
        ("2024Q4", "AWS", 1.0), ("2025Q1", "AWS", 2.0), ("2025Q1", "Google Cloud", 3.0),
    }  # fmt: skip
    assert documents(chart) == {"Filing"}


def test_lines_have_the_colours_of_what_they_show() -> None:
    spec = lines({"Google Cloud": GOOGLE, "AWS": AWS}, **WORDS).chart.to_dict()
    scale = next(layer for layer in spec["layer"] if "color" in layer["encoding"])["encoding"]["color"][
        "scale"
    ]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == {"AWS": BLUE, "Google Cloud": OCHRE}


def test_the_words_say_what_is_drawn_and_what_it_shows() -> None:
    chart = lines({"AWS": AWS}, **WORDS)
    assert chart.description == "What is drawn, as lines. Sales rose."
    assert chart.finding == "Sales rose"


@pytest.mark.parametrize(
    ("projected", "dashed"),
    [
        ([], set()),
        ([2026], {(2025, "a"), (2026, "a"), (2025, "b"), (2026, "b")}),
        (["b"], {(2025, "b"), (2026, "b")}),
    ],
)
def test_what_is_reported_is_solid_and_what_is_projected_dashed(
    projected: list[int | str], dashed: set[tuple[int, str]]
) -> None:
    chart = lines({name: {2025: money(1.0), 2026: money(2.0)} for name in "ab"}, projected=projected, **WORDS)
    drawn = values(chart, "year", "series", "status")
    assert {(int(year), name) for year, name, status in drawn if status == "projected"} == dashed
    assert ("dashed where projected" in chart.html()) == bool(dashed)


def test_targets_and_levels_are_marked() -> None:
    years = {2025: money(1.0), 2026: money(2.0)}
    chart = lines(
        {"a": years},
        targets={"$4T": 4.0},
        levels={"median": money(1.5)},
        **WORDS,
    )
    assert values(chart, "level", "words") == {(4.0, "$4T"), (1.5, "median")}
    assert {figure.number for figure in chart.figures} == {1.0, 2.0, 1.5}


def test_a_line_without_its_name_has_its_levels_named_with_their_values() -> None:
    chart = lines({"x": {"2025-01": money(1.0)}}, named=False, levels={"median": money(1.5)}, **WORDS)
    assert values(chart, "level", "words") == {(1.5, "median $1.5bn")}


@pytest.mark.parametrize(("count", "shown"), [(6, 6), (12, 4), (20, 7)])
def test_few_years_are_all_labelled_of_many_every_third(count: int, shown: int) -> None:
    chart = lines({"a": {2020 + n: money(1.0) for n in range(count)}}, **WORDS)
    labels = next(la for la in chart.chart.to_dict()["layer"] if "x" in la["encoding"])["encoding"]["x"]
    assert labels["axis"]["values"]["expr"].split(": ")[-1].count('"') == 2 * shown
    assert len(rows(chart)) >= count


@pytest.mark.parametrize(
    ("steps", "late"),
    [(["2025Q1", "2025Q2", "2025Q3"], "2025Q2"), (["Mar 2026", "2027", "2030"], "2027")],
)
def test_names_of_lines_stand_at_the_end_of_the_longest(steps: list[str], late: str) -> None:
    paths = {"full": steps, "short": steps[: steps.index(late) + 1]}
    rows = [{"step": step, "series": name, "value": 1.0} for name, path in paths.items() for step in path]
    across, up = alt.X("step:N"), alt.Y("value:Q")
    _, names, *_ = line_names(pd.DataFrame(rows), "step", alt.Color("series:N"), across, up, 60)
    assert set(names.data["step"]) == {steps[-1]}
