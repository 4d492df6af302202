"""The articles' models through our kernels: their numbers come out, and differences split without rest."""

from __future__ import annotations

import pytest

from analysis.articles import Judge, open_judge
from analysis.articles.reproduce_parts import stated_parts
from analysis.articles.reproduction import Reproduction
from analysis.articles.reproductions import REPRODUCTIONS, reproductions
from analysis.data import open_edition
from analysis.figures import Figure
from analysis.model.parts import sum_of_parts as sotp
from analysis.valuation.dcf import intrinsic
from analysis.valuation.group import open_group
from analysis.valuation.parts import value_today


@pytest.fixture(scope="module")
def found(judge: Judge) -> dict[str, Reproduction]:
    return {each.name: each for each in reproductions(judge, "base")}


def theirs(each: Reproduction) -> float:
    assert each.worked.result.theirs is not None
    return each.worked.result.theirs.number


def ours(each: Reproduction) -> float:
    assert each.worked.result.ours is not None
    return each.worked.result.ours.number


def line(each: Reproduction, label: str, side: str) -> float:
    figures: dict[str, Figure] = getattr(each.worked, side)
    return figures[label].number


def test_every_article_has_its_model_reproduced(found: dict[str, Reproduction], judge: Judge) -> None:
    assert set(found) == set(REPRODUCTIONS)
    assert {each.article.letter for each in found.values()} == {article.letter for article in judge.articles}


@pytest.mark.parametrize("name", list(REPRODUCTIONS))
def test_causes_add_up_to_the_difference(found: dict[str, Reproduction], name: str) -> None:
    worked = found[name].worked
    if not worked.causes:
        assert worked.result.difference is None
        return
    assert worked.result.difference == pytest.approx(sum(cause.number for cause in worked.causes), abs=1e-9)


@pytest.mark.parametrize("name", list(REPRODUCTIONS))
def test_every_sentence_shows_figures_that_were_worked_out(found: dict[str, Reproduction], name: str) -> None:
    assert "{" not in found[name].finding.text
    assert found[name].finding.figures


def test_the_projection_is_sales_growth_and_multiple(found: dict[str, Reproduction]) -> None:
    years = 2101 / 365.25
    assert theirs(found["projection"]) == pytest.approx(650 * 1.1**years * 3.4)
    group = open_group(open_edition("2025Q4"), "base")
    sales = float(group.projection.sales[group.index_of(2030)])
    now = group.edition.market_value.number / group.edition.ttm("income.net_sales").number * 1000
    change = group.drivers["exit.price_to_sales_change"]
    assert ours(found["projection"]) == pytest.approx(sales * now * (1 + change))
    assert line(found["projection"], "Multiple that its target takes", "theirs") == pytest.approx(5000 / 1100)


def test_peers_at_the_median(found: dict[str, Reproduction]) -> None:
    assert theirs(found["peers"]) == pytest.approx(650 * (7.5 + 13) / 2)
    named = [item.label for item in found["peers"].worked.lines[:4]]
    assert named == ["Microsoft", "Nvidia", "Alphabet", "Apple"]


def test_the_upside_from_the_value_it_starts_from(found: dict[str, Reproduction]) -> None:
    assert theirs(found["upside"]) == pytest.approx(4000 - 4000 / 1.74)
    assert ours(found["upside"]) == pytest.approx(4000 - 208.27 * 10.731)
    assert line(found["upside"], "Rise a year", "theirs") == pytest.approx(1.74 ** (1 / 1.5) - 1)


def test_capital_spending_of_four_companies(found: dict[str, Reproduction]) -> None:
    assert theirs(found["capex"]) == pytest.approx(200 + 180 + 4 * 37.5 + 125)
    assert ours(found["capex"]) == pytest.approx(200 + 180 + 83.094 + 125)
    assert line(found["capex"], "Amazon: plan over operating cash flow", "theirs") == pytest.approx(
        200 / 139.5
    )


def test_two_paths_reach_the_target(found: dict[str, Reproduction]) -> None:
    each, value = found["paths"], 208.27 * 10.731
    earned, years = 77.67, (2030 - 2025)
    multiple = value / earned
    assert ours(each) == pytest.approx((4000 / value) ** (1 / 5.0) - 1, rel=1e-3)
    half = line(each, "By earnings with a wider multiple, half of each: growth a year", "ours")
    widened = line(each, "By earnings with a wider multiple, half of each: multiple", "ours")
    assert earned * (1 + half) ** years * widened == pytest.approx(4000, rel=1e-3)
    assert line(each, "By a re-rating alone: price-earnings multiple", "ours") == pytest.approx(
        multiple * 4000 / value
    )


def test_three_scenarios_are_those_of_the_report(found: dict[str, Reproduction]) -> None:
    values = [line(found["scenarios"], f"{case}: value", "ours") for case in ("Bear", "Base", "Bull")]
    assert values == sorted(values)
    group = open_group(open_edition("2025Q4"), "bull")
    assert values[-1] == pytest.approx(group.value_figure(2030).number)


def test_the_sum_of_parts_as_the_article_has_it(found: dict[str, Reproduction], judge: Judge) -> None:
    each = found["sum_of_parts"]
    assert theirs(each) == pytest.approx(39.8 * 9 + 25 * 6 + 120)
    parts = stated_parts(each.article.input_figures())
    with pytest.raises(sotp.OverlapError, match="Retail and Advertising both count"):
        sotp.sum_of_parts(parts)
    then = judge.open_then(each.article.judged_as_of)
    assert ours(each) == pytest.approx(value_today(open_group(then, "base")).sum.enterprise_value.base.number)
    market = line(each, "Enterprise value", "ours")
    asked = line(each, "Multiple of AWS that the market paid, by the other parts", "theirs")
    assert asked == pytest.approx((market - 150 - 120) / 39.8)


def test_the_dcf_ends_where_the_reports_own_does(found: dict[str, Reproduction], judge: Judge) -> None:
    each = found["dcf"]
    then = judge.open_then(each.article.judged_as_of)
    assert ours(each) == pytest.approx(intrinsic(open_group(then, "base")).per_share())
    assert [figure.number for figure in each.worked.printed] == [210.0, 225.0]
    assert theirs(each) > 225.0


def test_reproductions_follow_the_scenario_but_not_what_the_article_says(judge: Judge) -> None:
    base, bull = ({e.name: e for e in reproductions(judge, name)} for name in ("base", "bull"))
    assert ours(bull["projection"]) > ours(base["projection"])
    for name in REPRODUCTIONS:
        before, after = base[name].worked.result.theirs, bull[name].worked.result.theirs
        assert (before and before.value) == (after and after.value)


def test_only_models_of_articles_shown_are_reproduced() -> None:
    early = reproductions(open_judge(open_edition("2025Q1")), "base")
    assert [each.name for each in early] == ["sum_of_parts", "dcf"]
    assert reproductions(open_judge(open_edition("2024Q4")), "base") == ()
