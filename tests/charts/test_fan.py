from __future__ import annotations

from datetime import date

from bs4 import BeautifulSoup

from analysis.charts.fan import fan
from tests.charts.drawn import WORDS, by_quarter, documents, money, values

TODAY = date(2026, 7, 2)  # the middle of the year
DRAWS = {f"p{n}": {2025: 1.0, TODAY: 2.0, 2026: at} for at, n in enumerate((10, 25, 50, 75, 90), start=1)}


def test_the_outer_pair_and_the_inner_pair_are_bands_around_the_middle() -> None:
    chart = fan(DRAWS, unit="usd_bn", targets={"$4T": 4.0}, named={"p50": "value"}, **WORDS)
    assert values(chart, "year", "low", "high") >= {(2026.0, 1.0, 5.0), (2026.0, 2.0, 4.0)}
    assert values(chart, "level", "words") == {(4.0, "$4T")}
    assert values(chart, "year", "words") == {(2026.0, "$3.0bn")}


def test_a_day_stands_where_it_is_between_the_ends_of_years() -> None:
    chart = fan(DRAWS, unit="usd_bn", today=2.0, **WORDS)
    spec = chart.chart.to_dict()
    (point,) = [each for each in spec["layer"] if each.get("mark", {}).get("type") == "point"]
    ((at, value),) = [(row["year"], row["value"]) for row in spec["datasets"][point["data"]["name"]]]
    assert (round(at, 2), value) == (2025.5, 2.0)
    assert values(chart, "level", "words") == {(2.0, "today $2.0bn")}
    assert "[2025, 2026] : [2025, 2026]" in point["encoding"]["x"]["axis"]["values"]["expr"]
    table = BeautifulSoup(chart.html(), "html.parser").select("tbody th")
    assert [(cell.get_text(), cell.get("data-value")) for cell in table] == [
        ("2025", "2025.0"), ("2 July 2026", repr(at)), ("2026", "2026.0")]  # fmt: skip
    assert [line.split(",")[0] for line in chart.csv().splitlines()] == ["Year", "2025", "2026-07-02", "2026"]


def test_the_middle_is_dashed_from_where_low_and_high_part() -> None:
    chart = fan(DRAWS, unit="usd_bn", **WORDS)
    drawn = {(round(at, 1), status) for at, _, status in values(chart, "year", "value", "status")}
    assert drawn == {
        (2025.0, "reported"), (2025.5, "reported"), (2025.5, "projected"), (2026.0, "projected")}  # fmt: skip
    assert "; dashed where projected</p>" in chart.html()


def test_what_came_stands_as_points_in_the_band_and_in_the_table() -> None:
    low, middle, high = (by_quarter(q2024Q4=n, q2025Q4=n + 1) for n in (1.0, 2.0, 3.0))
    chart = fan(
        {"Low": low, "Forecast": middle, "High": high}, points={"what came": by_quarter(q2024Q4=2.5)}, **WORDS
    )
    assert ("2024Q4", 2.5) in values(chart, "quarter", "value")
    assert list(chart.data["what came"].fillna(0)) == [2.5, 0]
    assert documents(chart) == {"Filing"}


def test_two_series_are_bars_from_one_to_the_other() -> None:
    chart = fan(
        {"low": by_quarter(q2024Q4=1.0), "high": by_quarter(q2024Q4=2.0)}, named={"low": "guidance"}, **WORDS
    )
    assert values(chart, "quarter", "low", "high") == {("2024Q4", 1.0, 2.0)}
    assert values(chart, "quarter", "words") == {("2024Q4", "guidance")}


def test_others_ranges_stand_at_their_step() -> None:
    years = {2026: money(1.0), 2027: money(2.0)}
    chart = fan(
        {"low": years, "assumed": years, "high": years},
        spans={"a bank's estimate": (2027, money(1.5), money(1.8))},
        **WORDS,
    )
    assert values(chart, "year", "low", "high", "name") == {("2027", 1.5, 1.8, "a bank's estimate")}
    assert {1.5, 1.8} <= {figure.number for figure in chart.figures}


def test_the_name_of_a_range_stands_above_the_middle_line_up_to_it() -> None:
    years = {2026: money(1.0), 2027: money(2.0), 2028: money(9.0)}
    bank = {"spans": {"a bank's estimate": (2027, money(1.0), money(1.5))}, **WORDS}
    rising = fan({"low": years, "assumed": years, "high": years}, **bank)
    assert values(rising, "name", "top") == {("a bank's estimate", 2.0)}
    falling = dict(zip(years, reversed(years.values()), strict=True))
    assert values(fan({"l": falling, "m": falling, "h": falling}, **bank), "top") == {(9.0,)}
