from __future__ import annotations

import pandas as pd
import pytest

from analysis.charts.frames import Frame, NothingToDraw, levels_of, unit_of
from analysis.figures import Figure
from tests.charts.drawn import ABSENT, by_quarter, money, share


def test_series_without_a_public_figure_are_left_out() -> None:
    frame = Frame.of({"AWS": by_quarter(q2024Q4=1.0), "other": {"2024Q4": ABSENT, "2025Q4": None}}, "t")
    assert frame.names == ["AWS"]


def test_a_chart_without_any_figure_says_so() -> None:
    with pytest.raises(NothingToDraw, match="Sales"):
        Frame.of({"AWS": by_quarter()}, "Sales")


def test_steps_are_in_the_order_of_time_and_names_in_the_order_given() -> None:
    quarters = Frame.of({"a": by_quarter(q2025Q1=1.0), "b": by_quarter(q2024Q4=2.0)}, "t")
    names = Frame.of({"a": {"today": money(1.0), "2026": money(2.0), "2025": money(3.0)}}, "t")
    assert (quarters.steps, quarters.step) == (["2024Q4", "2025Q1"], "Quarter")
    assert (names.steps, names.step) == (["today", "2026", "2025"], "Step")


def test_quarters_without_a_value_keep_their_place_on_the_axis() -> None:
    frame = Frame.of({"a": by_quarter(q2024Q3=1.0, q2025Q1=2.0)}, "t")
    assert frame.axis == ["2024Q3", "2024Q4", "2025Q1"]


def test_quarters_of_a_companys_own_year_are_quarters_whatever_heads_them() -> None:
    frame = Frame.of({"a": {"FY2025Q4": money(1.0), "FY2026Q2": money(2.0)}}, "t", step="Fiscal quarter")
    assert (frame.kind, frame.axis) == ("Quarter", ["FY2025Q4", "FY2026Q1", "FY2026Q2"])


def test_the_table_has_a_row_a_step_and_a_column_a_series() -> None:
    frame = Frame.of({"a": by_quarter(q2024Q4=1.0), "b": by_quarter(q2024Q4=2.0, q2025Q1=3.0)}, "t")
    table, columns = frame.table({"Margin": {"2024Q4": share(0.1)}})
    assert [(c.label, c.unit) for c in columns] == [
        ("Quarter", "text"), ("a", "usd_bn"), ("b", "usd_bn"), ("Margin", "fraction"),
    ]  # fmt: skip
    assert table.astype(object).fillna("").to_numpy().tolist() == [
        ["2024Q4", 1.0, 2.0, 0.1],
        ["2025Q1", "", 3.0, ""],
    ]


def test_a_frame_of_plain_numbers_needs_its_unit() -> None:
    plain = pd.DataFrame({"p10": [1.0], "p50": [2.0]}, index=[2030])
    assert Frame.of(plain, "t", "usd_bn").unit == "usd_bn"
    with pytest.raises(ValueError, match="expected one unit, found none"):
        Frame.of(plain, "t")


def test_figures_of_two_units_are_refused() -> None:
    with pytest.raises(ValueError, match="found fraction, usd_bn"):
        unit_of([money(1.0), share(0.1)], None, "t")


def test_levels_are_named_by_their_words_or_by_the_target() -> None:
    assert levels_of({"market": money(2.0), "open": ABSENT}) == {"market": 2.0}
    assert levels_of([Figure(4000.0, "usd_bn", "Target 4T")]) == {"$4T": 4000.0}
