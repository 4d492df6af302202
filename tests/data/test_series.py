"""CSV is read strictly, by the columns that the sidecar declares."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analysis.data.observations import period_key
from analysis.data.problems import Problem
from analysis.data.series import Series, load_series, series_names

META = """\
title: "A series"
description: "For a test"
columns:
  - {name: day, type: date, unit: "", meaning: "Day"}
  - {name: who, type: text, unit: "", meaning: "Name"}
  - {name: size, type: number, unit: usd_bn, meaning: "Size"}
attribution: "the test"
quality: {primary: "the test"}
licence: "none"
"""


def load(folder: Path, text: str, meta: str = META) -> tuple[Series | None, list[str]]:
    root = folder / "data"
    root.mkdir(exist_ok=True)
    (root / "x.csv").write_bytes(text.encode())
    (root / "x.meta.yml").write_text(meta)
    problems: list[Problem] = []
    series = load_series(root, "x", problems)
    return series, [str(problem) for problem in problems]


def test_cells_take_the_type_of_their_column(tmp_path: Path) -> None:
    series, problems = load(tmp_path, 'day,who,size\n2025-01-02,"Meta, Inc.",-1.5\n2025-01-03,,\n')
    assert problems == []
    assert series is not None
    assert series.rows[0].values == {"day": date(2025, 1, 2), "who": "Meta, Inc.", "size": -1.5}
    assert series.rows[1].values == {"day": date(2025, 1, 3), "who": None, "size": None}
    assert [row.line for row in series.rows] == [2, 3]
    assert series.meta.columns[2].unit == "usd_bn"


def test_a_row_with_too_few_or_too_many_columns_is_named_by_its_line(tmp_path: Path) -> None:
    problems = load(tmp_path, "day,who,size\n2025-01-02,a\n2025-01-03,b,1,2\n2025-01-04,c,1\n")[1]
    assert problems == [
        "data/x.csv: line 2: has 2 columns (expected 3 columns)",
        "data/x.csv: line 3: has 4 columns (expected 3 columns)",
    ]


def test_a_header_that_is_not_the_sidecars_is_refused(tmp_path: Path) -> None:
    series, problems = load(tmp_path, "day,size,who\n2025-01-02,1,a\n")
    assert problems == [
        "data/x.csv: line 1: has the columns day,size,who (expected day,who,size, as in the sidecar)"
    ]
    assert series is None


@pytest.mark.parametrize(("mark", "called"), [(";", "semicolons"), ("\t", "tabs")])
def test_columns_parted_otherwise_are_called_so(tmp_path: Path, mark: str, called: str) -> None:
    text = "day,who,size\n2025-01-02,a,1\n".replace(",", mark)
    assert load(tmp_path, text)[1] == [
        f"data/x.csv: line 1: has {called} between its columns (expected commas, and a point in decimals)"
    ]


@pytest.mark.parametrize("cell", ["nan", "inf", "-Infinity", "1e5", "1_000", '"1,000"', "$3", "3%", "+4"])
def test_a_number_that_is_not_plain_is_refused(tmp_path: Path, cell: str) -> None:
    problems = load(tmp_path, f"day,who,size\n2025-01-02,a,{cell}\n")[1]
    assert len(problems) == 1
    assert problems[0].startswith("data/x.csv: line 2.size: ")
    assert "is not a plain number" in problems[0]


def test_words_in_a_number_column_are_refused(tmp_path: Path) -> None:
    assert load(tmp_path, "day,who,size\n2025-01-02,a,much\n")[1] == [
        "data/x.csv: line 2.size: 'much' is text (expected a number)"
    ]


@pytest.mark.parametrize("cell", ["2025-13-01", "20250102", "2025-W01-1", "2 Jan 2025", "2025-1-2"])
def test_a_day_that_is_none_is_refused(tmp_path: Path, cell: str) -> None:
    assert load(tmp_path, f"day,who,size\n{cell},a,1\n")[1] == [
        f"data/x.csv: line 2.day: {cell!r} is not a date (expected a date as year-month-day)"
    ]


def test_spaces_around_text_are_refused(tmp_path: Path) -> None:
    assert "begins or ends with a space" in load(tmp_path, "day,who,size\n2025-01-02, a,1\n")[1][0]


def test_an_open_quote_is_refused_with_its_line(tmp_path: Path) -> None:
    problems = load(tmp_path, 'day,who,size\n2025-01-02,"a"b,1\n')[1]
    assert len(problems) == 1
    assert problems[0].startswith("data/x.csv: line 2: is not CSV: ")


def test_words_are_values_where_the_unit_says_text(tmp_path: Path) -> None:
    meta = META.replace("name: size", "name: value").replace("name: who", "name: unit")
    series, problems = load(tmp_path, "day,unit,value\n2025-01-02,text,much\n2025-01-02,x,7\n", meta)
    assert problems == []
    assert series is not None
    assert [row.values["value"] for row in series.rows] == ["much", 7.0]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('title: "A series"\n', "", "data/x.meta.yml: title: is missing (expected text)"),
        ("title:", "titel: x\ntitle:", "data/x.meta.yml: titel: is an unknown field"),
        ("type: number", "type: float", "data/x.meta.yml: columns[2].type: 'float' is not known"),
        ("quality: {primary", "quality: {best", "data/x.meta.yml: quality.best: is an unknown field"),
        (
            'meaning: "Day"',
            'meaning: ""',
            "data/x.meta.yml: columns[0].meaning: '' is not text that says something",
        ),
    ],
)
def test_a_sidecar_that_lacks_something_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    problems = load(tmp_path, "day,who,size\n", META.replace(old, new))[1]
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_a_series_is_named_by_its_path(data: Path) -> None:
    names = series_names(data)
    assert names == [
        "amazon/key_figures",
        "cloud",
        "peers/companies",
        "peers/market_values",
        "peers/observations",
        "prices/amzn",
    ]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2025Q1", "2025Q2"),
        ("2024Q4", "2025Q1"),
        ("FY2024", "FY2025"),
        ("TTM Mar-2025", "TTM Dec-2025"),
        ("2024-12-31", "2025-01-01"),
        ("2025-06", "2025-07"),
        ("2020-2025", "2021-2030"),
        ("2025Q3", "2025"),
    ],
)
def test_periods_are_put_in_the_order_of_their_ends(earlier: str, later: str) -> None:
    assert period_key(earlier) < period_key(later)


def test_a_period_without_a_year_comes_first() -> None:
    assert period_key("ever") == (0, 0)
