"""The track record page: scores that can be recomputed, editions as they were, vintages untouched."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import yaml

from analysis.chapters import Page, Unavailable
from analysis.data import open_edition
from analysis.valuation import backtest
from analysis.valuation.group import open_group
from analysis.valuation.spreads import growth_spreads
from analysis.valuation.vintages import flat, headline
from tests.chapters.reading import DATA, alt_texts, in_editions, missing, number, opened, reported

Reported = Callable[..., float]


def test_a_constant_growth_is_scored_by_hand(page: Page) -> None:
    """Every quarter since the fourth after the first edition, against its year-ago quarter plus a tenth."""
    field = "income.net_sales"
    quarters = [f"{year}Q{n}" for year in range(2021, 2026) for n in (1, 2, 3, 4)]
    missed = [
        abs(1.1 * reported(field, before) / reported(field, now) - 1)
        for before, now in zip(quarters, quarters[4:], strict=False)
    ]
    assert number(page, "group_tenth_4") == pytest.approx(np.mean(missed))


def test_the_split_by_period_adds_up(page: Page) -> None:
    record = backtest.track_record(open_edition("2025Q4"))
    score = record.score("group_sales", "report", 4)
    assert score is not None
    early = sum(
        1 for o in record.outcomes["group_sales"]
        if (o.rule, o.horizon) == ("report", 4) and o.actual is not None and o.origin < "2022Q1"
    )  # fmt: skip
    mixed = early * number(page, "group_swings_report")
    mixed += (score.forecasts - early) * number(page, "group_calm_report")
    assert mixed / score.forecasts == pytest.approx(number(page, "group_report_4"))


def test_words_follow_from_scores(page: Page) -> None:
    for key, own, naive in (
        ("group_word", "group_report_4", "group_drift_4"),
        ("calm_word", "group_calm_report", "group_calm_drift"),
        ("advertising_sales_word", "advertising_sales_error", "advertising_sales_naive"),
        ("aws_sales_word", "aws_sales_error", "aws_sales_naive"),
    ):
        word = str(page.numbers[key].value)
        better = number(page, own) < number(page, naive)
        assert ("better" in word) == better, key
        assert ("worse" in word) == (not better), key


def test_what_beats_the_drift_is_counted_from_the_table(page: Page) -> None:
    frame = page.table("rules").frame
    assert len(frame) == 36
    assert number(page, "pairs") == 36
    paired = frame[frame["series"] != "Advertising sales"]  # whose rules do not start together
    won = int((paired["report"] < paired["drift"]).sum())
    skills = page.table("scores").frame
    rest = int((skills[skills["series"] == "Advertising sales"]["skill"] > 0).sum())
    assert number(page, "won") == won + rest


def test_coverage_is_counted_over_all_outcomes(page: Page) -> None:
    data = page.chart("coverage").data
    inside = (data["share"] * data["count"]).sum() / data["count"].sum()
    assert number(page, "inside") == pytest.approx(inside)
    aws = data[data["series"].str.startswith("AWS")]
    assert number(page, "inside_aws") == pytest.approx(
        (aws["share"] * aws["count"]).sum() / aws["count"].sum()
    )


def test_the_band_holds_what_the_alt_text_says(page: Page) -> None:
    chart = page.chart("forecasts")
    came = chart.data.dropna(subset=["actual"])
    inside = ((came["actual"] >= came["low"]) & (came["actual"] <= came["high"])).sum()
    assert f"{inside} of {len(came)} lie inside" in chart.description
    assert len(chart.data) == len(came) + 4


def test_guidance_is_held_against_what_was_reported(page: Page) -> None:
    data = page.chart("guidance").data
    row = data[data["quarter"] == "2023Q4"].iloc[0]
    assert (row["low"], row["high"]) == (7.0, 11.0)
    assert row["actual"] == pytest.approx(reported("income.operating_income", "2023Q4"))
    came = data.dropna()
    assert number(page, "guided") == len(came) == 12
    assert number(page, "guided_income_above") == pytest.approx((came["actual"] > came["high"]).mean())
    assert math.isnan(data[data["quarter"] == "2026Q1"]["actual"].iloc[0])


def test_rebuilt_editions_are_those_of_then(page: Page) -> None:
    frame = page.table("rebuilt").frame
    assert list(frame["edition"]) == [f"{y}Q{n}" for y in range(2021, 2026) for n in (1, 2, 3, 4)][:-1]
    then = open_group(open_edition("2022Q4"), "base")
    row = frame[frame["edition"] == "2022Q4"].iloc[0]
    assert row["then"].number == then.edition.market_value.number
    assert row["ahead"].number == then.value_figure(2030).number
    odds = [figure.number for figure in frame["4T"]]
    assert (number(page, "odds_low"), number(page, "odds_high")) == (min(odds), max(odds))
    assert number(page, "odds_move") == pytest.approx(100 * np.abs(np.diff(odds)).mean())
    assert str(page.numbers["odds_low_at"].value) in page.chart("editions").description


def test_projected_years_name_the_largest_surprise(page: Page) -> None:
    frame = page.table("years").frame
    means = {
        name: np.mean([abs(f.number) for f in frame[name]]) for name in ("sales", "operating_income", "capex")
    }
    assert number(page, "years_capex") == pytest.approx(means["capex"])
    assert page.numbers["years_worst"].value == max(means, key=lambda name: means[name]).replace(
        "operating_income", "operating income"
    ).replace("capex", "capital expenditure")


def test_the_spread_of_the_draws_is_held_against_past_misses(page: Page) -> None:
    group = open_group(open_edition("2025Q4"), "base")
    spread = growth_spreads(group)["aws.growth_change"]
    first = spread.sd / (1 + spread.growth)
    fade = 1 - 1 / group.drivers["aws.growth_fade_years"]
    second = fade * spread.sd / (1 + spread.growth * fade + (1 - fade) * group.drivers["aws.growth_stable"])
    assert number(page, "drawn") == pytest.approx(first + second, rel=0.01)
    less = number(page, "drawn") < 0.85 * number(page, "missed")
    assert ("less" in str(page.numbers["drawn_word"].value)) == less


def test_the_published_vintage_is_what_the_code_says_or_the_page_says_otherwise(page: Page) -> None:
    """The committed file is never written: the page shows by how much the code has moved since."""
    before = (DATA / "vintages/2025Q4.yml").read_bytes()
    written, now = flat(yaml.safe_load(before)), flat(headline(open_edition("2025Q4")))
    published = dict(sorted(written.items(), key=lambda entry: entry[0].startswith("odds")))
    frame = page.table("vintages").frame
    assert [f.number for f in frame["published"]] == list(published.values())
    assert [f.number for f in frame["now"]] == [now[name] for name in published]
    tolerance = {name: 0.6e-5 if name.startswith("odds") else 0.6e-3 for name in published}
    moved = [abs(now[name] - published[name]) > tolerance[name] for name in published]
    assert list(frame["change"] != "none") == moved
    said = str(page.numbers["moved"].value)
    assert said.startswith(f"{sum(moved)} of {len(published)}") if any(moved) else "as published" in said
    assert (DATA / "vintages/2025Q4.yml").read_bytes() == before


def test_alt_texts_hold_the_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert f"{number(page, 'group_report_4') * 100:.1f}%" in texts["errors"]
    assert f"{number(page, 'inside') * 100:.0f}%" in texts["coverage"]
    assert f"{number(page, 'guided_income_above') * 100:.0f}%" in texts["guidance"]


@in_editions("2025Q1 bull", "2021Q3 bear", "2019Q4 base")
def test_what_an_edition_cannot_score_yet_is_missing(page: Page) -> None:
    gone, label = missing(page), page.edition.label
    assert "vintages" in gone
    if label == "2019Q4":
        assert gone == {*page.charts, *page.tables}
        assert str(page.numbers["trust"].value).startswith("There is no record yet")
    else:
        assert "rules" not in gone
        assert set(page.table("rules").frame["ahead"]) <= set(backtest.HORIZONS)
    assert ("guidance" in gone) == (label < "2022Q4")


def test_a_page_shows_the_same_scores_whatever_its_scenario(page: Page) -> None:
    other = opened("track-record", "2025Q1", "bull")
    same = opened("track-record", "2025Q1", "bear")
    assert {k: f.value for k, f in other.numbers.items()} == {k: f.value for k, f in same.numbers.items()}


def test_an_unavailable_part_says_what_is_missing() -> None:
    chart = opened("track-record", "2019Q4").chart("errors")
    assert isinstance(chart, Unavailable)
    assert "outcomes of forecasts made since 2021Q1" in chart.html()


def test_guidance_and_rule_are_compared_over_the_same_quarters(page: Page) -> None:
    record = backtest.track_record(open_edition("2025Q4"))
    guided = {
        o.target for o in record.outcomes["group_sales"] if o.rule == "guidance" and o.actual is not None
    }
    own = [
        o for o in record.outcomes["group_sales"]
        if (o.rule, o.horizon) == ("report", 1) and o.target in guided
    ]  # fmt: skip
    errors = [abs(o.forecast / reported("income.net_sales", o.target) - 1) for o in own]
    assert len(errors) == number(page, "guided")
    assert number(page, "own_sales_error") == pytest.approx(np.mean(errors), rel=1e-6)
    is_nearer = number(page, "own_sales_error") < number(page, "guided_sales_error")
    assert ("expects to beat" in str(page.numbers["guided_word"].value)) == is_nearer


def test_sentences_without_a_number_yet_are_left_out() -> None:
    early = opened("track-record", "2019Q4")
    assert early.note("answer").content.plain == str(early.numbers["trust"].value)
    assert isinstance(early.note("guided"), Unavailable)
    later = opened("track-record", "2021Q3", "bear")
    assert "a figure not known yet" not in later.note("answer").content.plain


def test_the_size_of_a_bias_has_no_sign(page: Page) -> None:
    assert number(page, "aws_bias_size") == abs(number(page, "aws_bias"))


def test_the_value_ahead_is_held_against_the_market_value_of_its_day(page: Page) -> None:
    data = page.chart("editions").data.pivot(index="edition", columns="series", values="value")
    assert number(page, "value_follows") == pytest.approx(data.corr().iloc[0, 1])
    assert page.numbers["value_follows"].number > 0
    assert isinstance(opened("track-record", "2021Q3", "bear").numbers["value_follows"].value, str)
