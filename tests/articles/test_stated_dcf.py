"""The DCF that cannot be computed as written: what fills its gaps, and what each would have to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from analysis.articles import Judge
from analysis.articles.reproduction import Line
from analysis.articles.stated_dcf import Alone, Stated, alone, stated

LOW, HIGH = 210.0, 225.0


@pytest.fixture(scope="module")
def dcf(judge: Judge) -> Stated:
    article = next(article for article in judge.articles if article.letter == "E")
    return stated(article.input_figures(), judge.open_then(article.judged_as_of))


@pytest.fixture(scope="module")
def found(dcf: Stated) -> dict[str, Alone]:
    return {each.name: each for each in alone(dcf, LOW, HIGH)}


def by_hand(dcf: Stated) -> float:
    """The same value by a plain loop."""
    aws, stores, value, factor = dcf.aws_sales, dcf.retail_sales, 0.0, 1.0
    flow = 0.0
    for year in range(1, dcf.years + 1):
        fade = max(0, year - dcf.constant_years) / max(1, dcf.years - dcf.constant_years)
        aws *= 1 + dcf.aws_growth + (dcf.terminal_growth - dcf.aws_growth) * fade
        stores *= 1 + dcf.retail_growth + (dcf.terminal_growth - dcf.retail_growth) * fade
        end = dcf.margin * dcf.margin_share
        margin = dcf.margin_now + (end - dcf.margin_now) * year / dcf.years
        flow = (aws + stores) * margin
        factor /= 1 + dcf.discount_rate
        value += flow * factor
    value += flow * (1 + dcf.terminal_growth) / (dcf.discount_rate - dcf.terminal_growth) * factor
    return (value + dcf.net_assets) * 1000 / dcf.shares


def with_gap(dcf: Stated, name: str, filled: Any) -> Stated:
    return replace(dcf, **{name: filled})


def test_its_inputs_are_the_articles_and_the_reported_ones(dcf: Stated) -> None:
    assert (dcf.aws_growth, dcf.retail_growth, dcf.margin, dcf.discount_rate) == pytest.approx(
        (0.15, 0.09, 0.25, 0.09)
    )
    assert dcf.aws_sales + dcf.retail_sales == pytest.approx(637.959)
    assert dcf.margin_now == pytest.approx(38.219 / 637.959)
    assert dcf.shares == 10593


@pytest.mark.parametrize(
    "changes", [{}, {"years": 3, "constant_years": 3}, {"constant_years": 0}, {"terminal_growth": -0.02}]
)
def test_the_value_is_that_of_a_plain_loop(dcf: Stated, changes: dict[str, Any]) -> None:
    changed = replace(dcf, **changes)
    assert changed.per_share == pytest.approx(by_hand(changed))


def test_with_the_gaps_filled_it_does_not_come_to_what_was_printed(dcf: Stated) -> None:
    assert dcf.per_share > 1.4 * HIGH


def test_every_gap_is_listed_with_what_it_alone_would_have_to_be(found: dict[str, Alone]) -> None:
    assert {name: each.possible for name, each in found.items()} == {
        "years": False,
        "constant_years": False,
        "terminal_growth": True,
        "margin_share": True,
        "shares": True,
    }


@pytest.mark.parametrize("name", ["terminal_growth", "margin_share", "shares"])
def test_what_fits_gives_the_ends_of_the_range(dcf: Stated, found: dict[str, Alone], name: str) -> None:
    for fit, end in zip(found[name].fits, (LOW, HIGH), strict=True):
        assert fit is not None
        assert with_gap(dcf, name, fit).per_share == pytest.approx(end)
        assert found[name].searched[0] <= fit <= found[name].searched[1]


@pytest.mark.parametrize("name", ["years", "constant_years"])
def test_no_horizon_and_no_fade_brings_it_there(dcf: Stated, found: dict[str, Alone], name: str) -> None:
    first, last = (int(end) for end in found[name].searched)
    values = [with_gap(dcf, name, n).per_share for n in range(first, last + 1)]
    assert min(values) > HIGH
    assert found[name].reach == pytest.approx((min(values), max(values)))


def test_only_a_shrinking_company_or_a_smaller_margin_or_more_shares_would_do(
    found: dict[str, Alone],
) -> None:
    assert max(fit or 0 for fit in found["terminal_growth"].fits) < 0
    assert max(fit or 0 for fit in found["margin_share"].fits) < 0.7
    assert min(fit or 0 for fit in found["shares"].fits) > 1.4 * 10593


def test_a_difference_needs_both_sides() -> None:
    assert Line("x", None, None).difference is None
