"""The check of series names the line and the column of a mistake."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Edit
from tests.data.conftest import QUARTERS, Problems

GOOD = "Google Cloud,revenue,2022Q1,5.821,usd_bn,2022-05-10,Alphabet quarterly release,"


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("usd_bn", "USD bn", "unit", "'USD bn' is not known"),
        ("primary", "certain", "quality", "'certain' is not known"),
        ("seen", "looked", "check", "'looked' is not known"),
        ("5.821", "nan", "value", "'nan' is not a plain number"),
        ("5.821", "inf", "value", "'inf' is not a plain number"),
        ("5.821", "much", "value", "'much' is text"),
        ("5.821", "", "value", "is missing"),
        ("2022-05-10", "", "published", "is missing"),
        ("2022-05-10", "May 2022", "published", "'May 2022' is not a date"),
        ("Alphabet quarterly release", "", "source", "is missing"),
        ("Google Cloud", "", "entity", "is missing"),
        ("revenue", "turnover", "metric", "'turnover' is an unknown field"),
        ("https://abc.xyz/investor/", "abc.xyz", "url", "'abc.xyz' is not an address"),
    ],
)
def test_a_mistake_in_a_row_is_named_by_line_and_column(
    data: Path, problems: Problems, old: str, new: str, field: str, said: str
) -> None:
    path = data / "cloud.csv"
    header, row, rest = path.read_text().split("\n", 2)
    assert row.startswith(GOOD)
    path.write_text("\n".join([header, row.replace(old, new, 1), rest]))
    lines = problems()
    assert len(lines) == 1
    assert lines[0].startswith(f"data/cloud.csv: line 2.{field}: {said}")


def test_a_row_with_the_wrong_number_of_columns_is_named(data: Path, problems: Problems) -> None:
    path = data / "cloud.csv"
    path.write_text(path.read_text() + "Google Cloud,revenue,2030Q1,1\n")
    count = len(path.read_text().splitlines())
    assert problems() == [f"data/cloud.csv: line {count}: has 4 columns (expected 11 columns)"]


def test_a_fall_by_a_split_asks_for_the_split(data: Path, problems: Problems) -> None:
    path = data / "prices/amzn.csv"
    head, *rows = path.read_text().splitlines()
    day = rows[-1].partition(",")[0]
    path.write_text("\n".join([head, *rows[:-1], f"{day},20.00"]) + "\n")
    (said,) = (line for line in problems() if line.startswith(f"data/prices/amzn.csv: {day}: "))
    assert "(expected a figure in line, a split being in splits.yml, or below" in said


def test_a_row_given_twice_is_named_with_both_lines(data: Path, problems: Problems) -> None:
    path = data / "cloud.csv"
    text = path.read_text()
    path.write_text(text + text.split("\n")[1] + "\n")
    last = len(path.read_text().splitlines())
    assert problems() == [
        f"data/cloud.csv: Google Cloud / revenue / 2022Q1 / 2022-05-10: is given twice, on lines 2 and {last}"
        " (expected one row for each entity, metric, period, published)"
    ]


def test_a_unit_that_contradicts_the_metrics_name_is_named(data: Path, problems: Problems) -> None:
    path = data / "amazon/key_figures.csv"
    old = "Amazon,anthropic_gain_nonoperating_usd_bn,2025Q1,3.3,usd_bn"
    assert old in path.read_text()
    path.write_text(
        path.read_text().replace(old, old.replace("usd_bn", "usd_m").replace("_usd_m", "_usd_bn", 1))
    )
    lines = problems()
    assert len(lines) == 1
    assert (
        "unit: 'usd_m' is not the unit of 'anthropic_gain_nonoperating_usd_bn' (expected usd_bn)" in lines[0]
    )


def test_a_series_without_sidecar_and_a_sidecar_without_series_are_named(
    data: Path, problems: Problems
) -> None:
    (data / "cloud.meta.yml").rename(data / "clouds.meta.yml")
    assert problems() == [
        "data/cloud.meta.yml: (file): does not exist (expected a file of that name)",
        "data/clouds.meta.yml: (file): describes no series (expected a file clouds.csv beside it)",
    ]


def test_a_series_without_rows_is_named(data: Path, problems: Problems) -> None:
    path = data / "cloud.csv"
    path.write_text(path.read_text().split("\n")[0] + "\n")
    assert problems() == ["data/cloud.csv: (file): has no row (expected at least one row below the header)"]


def test_prices_out_of_order_or_twice_are_named(data: Path, problems: Problems) -> None:
    path = data / "prices/amzn.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[2], lines[1], lines[1], *lines[3:]]) + "\n")
    found = problems()
    assert [line.split(" does not")[0] for line in found] == [
        "data/prices/amzn.csv: line 3.date: 2018-12-03",
        "data/prices/amzn.csv: line 4.date: 2018-12-03",
    ]


def test_a_price_of_zero_is_named(edit: Edit, problems: Problems) -> None:
    edit("prices/amzn.csv", "2018-12-03,88.618", "2018-12-03,0")
    assert problems() == ["data/prices/amzn.csv: line 2.close_usd: is 0.0 (expected a price above zero)"]


STRANGE = ("2025-02-30", "2025-13", "0000Q1", "0000-00-00", "TTM Mar-0000", "FY0000 (Jun-0000)", "２０２５Q1")


@pytest.mark.parametrize("period", STRANGE)
def test_a_period_that_there_is_not_is_named(edit: Edit, problems: Problems, period: str) -> None:
    edit("cloud.csv", "Google Cloud,revenue,2022Q1", f"Google Cloud,revenue,{period}")
    assert any(line.startswith("data/cloud.csv: line 2.period: ") for line in problems())


def test_whom_nothing_is_known_of_any_more_is_named(data: Path, problems: Problems) -> None:
    """One quarter may be missing, as a rival's year or a survey ends later; two are not."""
    path = data / "cloud.csv"

    def without(quarter: str) -> None:
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(ln for ln in lines if not re.match(f"Azure,.*,{quarter},", ln)))

    without(QUARTERS[-1])
    assert problems() == []
    without(QUARTERS[-2])
    (said,) = problems()
    wrong = "without a row since 2025Q2, where each quarter had one, and Amazon's go to 2025Q4"
    assert said.startswith(f"data/cloud.csv: Azure: is {wrong} (expected ")
    sidecar = data / "cloud.meta.yml"
    entry = '"Azure": {value: absent, why: "Microsoft no longer tells."}'
    sidecar.write_text(sidecar.read_text().replace("acknowledged:", f"acknowledged:\n  {entry}\n#", 1))
    assert problems() == []
