"""The track record page: scores that can be recomputed, editions as they were, vintages untouched."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.data import open_edition
from analysis.valuation.backtest import TrackRecord
from analysis.valuation.group import open_group
from analysis.valuation.spreads import growth_spreads
from analysis.valuation.vintages import flat, headline, vintages
from tests.notebooks import EARLY, Run, run
from tests.reading import reported


@pytest.fixture(scope="module")
def page() -> Run:
    return run("track-record")


@pytest.fixture(scope="module")
def record(page: Run) -> TrackRecord:
    found: TrackRecord = page.names["record"]
    return found


def test_a_constant_growth_is_scored_by_hand(page: Run) -> None:
    """Every quarter since the fourth after the first edition, against its year-ago quarter plus a tenth."""
    field = "income.net_sales"
    quarters = [f"{year}Q{n}" for year in range(2021, 2026) for n in (1, 2, 3, 4)]
    missed = [
        abs(1.1 * reported(field, before) / reported(field, now) - 1)
        for before, now in zip(quarters, quarters[4:], strict=False)
    ]
    assert str(page["group_best"]) == "“a tenth a year”"
    assert page["group_best_error"].number == pytest.approx(np.mean(missed))


def test_the_split_by_period_adds_up(page: Run, record: TrackRecord) -> None:
    due = record.forecasts("group_sales", "report", 4)
    early, late = len(due.before("2022Q1").due), len(due.since("2022Q1").due)
    mixed = early * page["group_swings_report"].number + late * page["group_calm_report"].number
    assert mixed / (early + late) == pytest.approx(page["group_report_4"].number)


@pytest.mark.parametrize(
    ("word", "own", "naive"),
    [
        ("group_word", "group_report_4", "group_drift_4"),
        ("calm_word", "group_calm_report", "group_calm_drift"),
        ("advertising_sales_word", "advertising_sales_error", "advertising_sales_naive"),
        ("aws_sales_word", "aws_sales_error", "aws_sales_naive"),
    ],
)
def test_words_follow_from_scores(page: Run, word: str, own: str, naive: str) -> None:
    assert ("better" in str(page[word])) == (page[own] < page[naive])
    assert ("worse" in str(page[word])) == (page[own] > page[naive])


def test_clearly_is_said_where_luck_alone_would_rarely_do_it(page: Run, record: TrackRecord) -> None:
    parts = ("group_sales", "aws_sales", "advertising_sales", "group_income")
    words = {part: str(page["group_word" if part == "group_sales" else f"{part}_word"]) for part in parts}
    tested = {part: record.p_value(part, 4).number for part in parts}
    assert {part: "clearly" in said for part, said in words.items()} == {
        p: v < 0.1 for p, v in tested.items()
    }
    assert all(said.startswith("does ") and " than the drift" in said for said in words.values())
    assert all(("luck" in said) == (tested[part] >= 0.1) for part, said in words.items())
    table = page.parts["scores"].frame.set_index(["series", "ahead"])
    assert table.loc[("Group sales", 4.0), "p_value"] == tested["group_sales"]
    assert table.loc[("Group sales", 8.0), "free"] == table.loc[("Group sales", 8.0), "n"] / 8


def test_what_beats_the_drift_is_counted_from_the_tables(page: Run) -> None:
    skills = page.parts["scores"].frame["skill"]
    assert page["pairs"].number == len(page.parts["rules"].frame) == 36
    assert page["won"].number == int((skills > 0).sum())
    assert ("more" in str(page["beats"])) == (page["won"].number > 18)


def test_coverage_is_counted_over_all_outcomes(page: Run) -> None:
    scores = page.parts["scores"].frame
    counts = page.parts["coverage"].data.set_index("Series")
    inside = total = 0.0
    for (series, ahead), row in scores.dropna(subset=["coverage"]).set_index(["series", "ahead"]).iterrows():
        n = counts.loc[series, f"Forecasts, {ahead:g} quarter{'s' if ahead > 1 else ''}"]
        inside, total = inside + row["coverage"] * n, total + n
    assert page["inside"].number == pytest.approx(inside / total)


def test_the_band_holds_what_the_alt_text_says(page: Run) -> None:
    chart = page.parts["forecasts"]
    came = chart.data.dropna(subset=["what came"])
    inside = ((came["what came"] >= came["Low"]) & (came["what came"] <= came["High"])).sum()
    assert f"{inside} of {len(came)} outcomes lie inside" in chart.description
    assert len(chart.data) == len(came) + 4


def test_guidance_is_held_against_what_was_reported_over_the_same_quarters(
    page: Run, record: TrackRecord
) -> None:
    data = page.parts["guidance"].data.set_index("Quarter")
    assert data.loc["2023Q4", ["Guidance, low", "Guidance, high"]].tolist() == [7.0, 11.0]
    assert data.loc["2023Q4", "what came"] == pytest.approx(reported("income.operating_income", "2023Q4"))
    came = data.dropna()
    assert page["guided"].number == len(came) == 12
    above = (came["what came"] > came["Guidance, high"]).mean()
    assert page["guided_income_above"].number == pytest.approx(above)
    assert f"{above * 100:.0f}%" in page.parts["guidance"].description
    own = [o for o in record.forecasts("group_sales", "report", 1).due if o.target in came.index]
    errors = [abs(o.forecast / reported("income.net_sales", o.target) - 1) for o in own]
    assert page["own_sales_error"].number == pytest.approx(np.mean(errors), rel=1e-6)
    is_nearer = page["own_sales_error"] < page["guided_sales_error"]
    assert ("expects to beat" in str(page["guided_word"])) == is_nearer


def test_rebuilt_editions_are_those_of_then(page: Run) -> None:
    frame = page.parts["rebuilt"].frame.set_index("edition")
    assert list(frame.index) == ["2019Q4", *(f"{y}Q{n}" for y in range(2020, 2026) for n in (1, 2, 3, 4))]
    then = open_group(open_edition("2022Q4"), "base")
    assert frame.loc["2022Q4", "then"].number == then.edition.market_value.number
    assert frame.loc["2022Q4", "ahead"].number == then.value_figure(2030).number
    odds = list(frame["4T"])
    assert [page["odds_low"].number, page["odds_high"].number] == [min(odds[:-1]), max(odds[:-1])]
    assert page["odds_now"].number == odds[-1]
    assert ("more" in str(page["odds_now_word"])) == (odds[-1] > max(odds[:-1]))
    assert page["odds_move"].number == pytest.approx(100 * np.abs(np.diff(odds)).mean())
    lines = page.parts["editions"].data.set_index("Edition").astype(float)
    assert page["value_follows"].number == pytest.approx(lines.corr().iloc[0, 1])


def test_odds_of_a_rebuilt_edition_rest_on_nothing_later(page: Run) -> None:
    for at, key in (("odds_low_at", "odds_low"), ("odds_high_at", "odds_high")):
        published, cutoff = page[key].published, open_edition(str(page[at])).cutoff
        assert published is not None
        assert published <= cutoff


def test_projected_years_name_the_largest_surprise(page: Run) -> None:
    frame, names = page.parts["years"].frame, {"sales": "Net sales", "operating_income": "Operating income"}
    names |= {"capex": "Capital expenditure"}
    means = {name: np.mean([abs(f.number) for f in frame[name]]) for name in names}
    assert page["years_capex"].number == pytest.approx(means["capex"])
    assert str(page["years_worst"]) == names[max(means, key=lambda name: means[name])].lower()


def test_the_spread_of_the_draws_is_held_against_past_misses(page: Run) -> None:
    group = open_group(open_edition("2025Q4"), "base")
    spread = growth_spreads(group)["aws.growth_change"]
    first, second = (spread.sd / (1 + growth) for growth in spread.growth[:2])
    fade = 1 - 1 / group.drivers["aws.growth_fade_years"]
    assert page["drawn"].number == pytest.approx(first + fade * second, rel=0.01)
    assert ("less" in str(page["drawn_word"])) == (page["drawn"].number < 0.85 * page["missed"].number)


def test_the_published_vintage_is_what_the_code_says_or_the_page_says_otherwise(page: Run) -> None:
    """The committed file is never written: the page shows by how much the code has moved since."""
    edition = open_edition("2025Q4")
    (kept,) = [each for each in vintages(edition) if each.edition == "2025Q4"]
    now = flat(headline(edition))
    least = {name: 0.6e-5 if name.startswith("odds") else 0.6e-3 for name in kept.outputs}
    moved = [name for name, then in kept.outputs.items() if abs(now[name].number - then) > least[name]]
    frame = page.parts["vintages"].frame
    assert [figure.number for figure in frame["published"]] == [kept.outputs[name] for name in moved]
    assert [figure.number for figure in frame["now"]] == pytest.approx([now[name].number for name in moved])
    said = str(page["moved"])
    assert said.startswith(f"{len(moved)} of {len(least)}") if moved else "as published" in said


@pytest.mark.parametrize(
    ("label", "scenario"),
    [
        pytest.param("2024Q4", "bull", marks=pytest.mark.long),
        pytest.param("2021Q3", "base", marks=pytest.mark.long),
        EARLY,
    ],
)
def test_what_an_edition_cannot_score_yet_is_absent(label: str, scenario: str) -> None:
    page = run("track-record", label, scenario)
    gone = page.missing
    assert "vintages" in gone
    assert ("guidance" in gone) == (label < "2022Q4")
    if label == "2019Q4":
        assert gone == set(page.parts)
        assert "no record yet" in str(page["rest"])
        assert page["group_report_4"].is_absent
    else:
        assert "rules" not in gone
        assert not page["won"].is_absent


@pytest.mark.long
def test_the_page_shows_the_same_scores_whatever_its_scenario(page: Run) -> None:
    other = run("track-record", "2025Q4", "bull")
    assert {k: f.value for k, f in other.numbers.items()} == {k: f.value for k, f in page.numbers.items()}
