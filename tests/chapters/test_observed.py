"""Reading tidy series by quarter."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.chapters import _observed as read
from analysis.data import AbsentFigure, open_edition
from analysis.figures import Figure


def figures(value: float = 1.0) -> dict[str, Figure]:
    return {q: Figure(value + n, "usd_bn", q) for n, q in enumerate(("2024Q2", "2024Q3", "2024Q4", "2025Q1"))}


def frame(*periods: str) -> pd.DataFrame:
    return pd.DataFrame({"period": periods, "value": [0.0] * len(periods)})


def test_only_quarters_are_read_in_their_order() -> None:
    found = read.key_figure_by_quarter(open_edition("2025Q4"), "ww_shipping_costs")
    assert list(found["period"]) == sorted(found["period"])
    assert not any(period.startswith("FY") for period in found["period"])


def test_an_edition_reads_no_quarter_that_came_later() -> None:
    early, late = (
        read.by_quarter(open_edition(label), "chips", "Nvidia", "data_center_revenue")
        for label in ("2024Q4", "2025Q4")
    )
    assert len(early) < len(late)
    assert set(early["period"]) < set(late["period"])
    assert read.by_quarter(open_edition("2019Q4"), "chips", "Nvidia", "data_center_revenue").empty


def test_four_quarters_that_follow_each_other_are_added() -> None:
    known = figures()
    found, last = read.four_quarters(frame(*known), known.__getitem__, "sales")
    assert (found.number, last) == (10.0, "2025Q1")
    assert found.label == "sales, four quarters to 2025Q1"


def test_a_gap_moves_the_sum_back_to_the_last_four_without_one() -> None:
    known = figures() | {"2025Q3": Figure(100.0, "usd_bn", "2025Q3")}
    found, last = read.four_quarters(frame(*known), known.__getitem__, "sales")
    assert (found.number, last) == (10.0, "2025Q1")


@pytest.mark.parametrize(
    "periods", [(), ("2024Q1", "2024Q2", "2024Q3"), ("2024Q1", "2024Q2", "2024Q3", "2025Q1")]
)
def test_fewer_than_four_in_a_row_are_no_year(periods: tuple[str, ...]) -> None:
    with pytest.raises(AbsentFigure, match="no four consecutive quarters"):
        read.four_quarters(frame(*periods), lambda q: Figure(1.0, "usd_bn", q), "sales")


def test_the_latest_quarter_of_nothing_is_absent() -> None:
    assert read.latest_quarter(frame("2024Q1", "2024Q2"), "sales") == "2024Q2"
    with pytest.raises(AbsentFigure, match="sales"):
        read.latest_quarter(frame(), "sales")
