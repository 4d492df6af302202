"""The functions of claims, each against arithmetic done apart from them."""

from __future__ import annotations

import csv
import math
import statistics
from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from analysis.articles import Judge
from analysis.articles.context import Context
from analysis.articles.expressions import ExpressionError
from analysis.articles.functions import FUNCTIONS, compute
from analysis.articles.periods import read_period
from analysis.data import AbsentFigure, open_edition
from tests.articles.conftest import DATA

Quarter = Callable[..., float]


@pytest.fixture(scope="module")
def run(judge: Judge) -> Callable[..., float]:
    """The value of an expression in the latest edition, for a claim about ``period``."""

    def value(text: str, period: str = "undated") -> float:
        return compute(text, judge.at(judge.now, read_period(period))).number

    return value


def printed(field: str, *quarters: str) -> float:
    """A field straight from the quarter files, summed, in millions."""
    added = 0.0
    for quarter in quarters:
        entry = yaml.safe_load((DATA / f"amazon/quarters/{quarter}.yml").read_text(encoding="utf-8"))
        for key in field.split("."):
            entry = entry[key]
        added += entry
    return added


def closes() -> dict[str, float]:
    with (DATA / "prices/amzn.csv").open(encoding="utf-8") as file:
        return {row["date"]: float(row["close_usd"]) for row in csv.DictReader(file)}


def year(number: int) -> Iterable[str]:
    return [f"{number}Q{quarter}" for quarter in (1, 2, 3, 4)]


SALES = "income.net_sales"
AWS = "segments.aws.net_sales"


def test_reported_takes_the_claims_period_unless_it_names_another(run: Callable[..., float]) -> None:
    assert run(f'reported("{AWS}")', "2025Q1") == pytest.approx(printed(AWS, "2025Q1") / 1000)
    assert run(f'reported("{AWS}")', "FY2024") == pytest.approx(printed(AWS, *year(2024)) / 1000)
    twelve = ("2024Q2", "2024Q3", "2024Q4", "2025Q1")
    assert run(f'reported("{AWS}")', "TTM 2025Q1") == pytest.approx(printed(AWS, *twelve) / 1000)
    assert run(f'reported("{AWS}", "2024Q1")', "2025Q1") == pytest.approx(printed(AWS, "2024Q1") / 1000)
    assert run('reported("income.diluted_eps")', "2025Q4") == printed("income.diluted_eps", "2025Q4")


def test_growth_is_over_the_year_before(run: Callable[..., float]) -> None:
    quarterly = printed(AWS, "2025Q4") / printed(AWS, "2024Q4") - 1
    yearly = printed(AWS, *year(2025)) / printed(AWS, *year(2024)) - 1
    assert run(f'growth("{AWS}")', "2025Q4") == pytest.approx(quarterly)
    assert run(f'growth("{AWS}")', "FY2025") == pytest.approx(yearly)


def test_lowest_growth_and_years_since_a_faster_quarter(run: Callable[..., float]) -> None:
    quarters = [q for y in range(2022, 2026) for q in year(y)]
    rates = {q: printed(AWS, q) / printed(AWS, f"{int(q[:4]) - 1}{q[4:]}") - 1 for q in quarters}
    assert run(f'lowest_growth("{AWS}", "2022Q1", "2025Q4")') == pytest.approx(min(rates.values()))
    faster = max(q for q, rate in rates.items() if rate >= rates["2025Q4"] and q < "2025Q4")
    gap = (2025 - int(faster[:4])) + (4 - int(faster[-1])) / 4
    assert run(f'years_since_faster("{AWS}")', "2025Q4") == gap


def test_market_value_is_price_times_the_count_public_that_day(run: Callable[..., float]) -> None:
    count = printed("balance.shares_outstanding", "2025Q3")
    assert run('market_value("2025-12-31")') == pytest.approx(closes()["2025-12-31"] * count / 1000)
    span = {day: close for day, close in closes().items() if "2025-11-03" <= day <= "2026-01-30"}
    assert run('lowest_market_value("2025-11-03", "2026-01-30")') == pytest.approx(
        min(span.values()) * count / 1000
    )
    assert run('highest_market_value("2025-11-03", "2026-01-30")') == pytest.approx(
        max(span.values()) * count / 1000
    )


def test_enterprise_value_takes_cash_off_and_debt_on_as_known_that_day(run: Callable[..., float]) -> None:
    equity = closes()["2025-04-02"] * printed("balance.shares_outstanding", "2024Q4")
    cash = printed("balance.cash_and_equivalents", "2024Q4") + printed(
        "balance.marketable_securities", "2024Q4"
    )
    debt = printed("balance.long_term_debt", "2024Q4")
    assert run('enterprise_value("2025-04-02")') == pytest.approx((equity - cash + debt) / 1000)


def test_mean_multiple_of_ebitda(run: Callable[..., float]) -> None:
    multiples = []
    for quarter, day, twelve in (
        ("2024Q3", "2024-09-30", ("2023Q4", "2024Q1", "2024Q2", "2024Q3")),
        ("2024Q4", "2024-12-31", tuple(year(2024))),
    ):
        value = closes()[day] * printed("balance.shares_outstanding", quarter)
        value += printed("balance.long_term_debt", quarter) - printed("balance.cash_and_equivalents", quarter)
        value -= printed("balance.marketable_securities", quarter)
        earned = printed("income.operating_income", *twelve)
        earned += printed("cash_flow.depreciation_and_amortization", *twelve)
        multiples.append(value / earned)
    assert run('mean_ev_to_ebitda("2024Q3", "2024Q4")') == pytest.approx(statistics.fmean(multiples))


def test_peers_value_and_rank(run: Callable[..., float]) -> None:
    assert run('peer_value("META", "2024Q4")') == 1483.5
    assert run('rank(market_value(), peer_value("META", "2026Q1"), peer_value("NVDA", "2026Q1"))') == 2


def test_spreads_are_those_of_statistics(run: Callable[..., float], judge: Judge) -> None:
    rates = [printed(SALES, q) / printed(SALES, f"{int(q[:4]) - 1}{q[4:]}") - 1 for q in year(2025)]
    assert run(f'spread_of_growth("{SALES}", "2025Q1", "2025Q4")') == pytest.approx(statistics.pstdev(rates))
    with (DATA / "chips.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["metric"] == "data_center_revenue"]
    sold = [float(row["value"]) for row in rows if row["published"] <= str(judge.now.cutoff)]
    rates = [now / before - 1 for before, now in zip(sold, sold[4:], strict=False)]
    found = run('observed_spread_of_growth("chips", "Nvidia", "data_center_revenue")')
    assert found == pytest.approx(statistics.pstdev(rates))


def test_the_spread_of_market_values(run: Callable[..., float]) -> None:
    ends = {"2025Q2": "2025-06-30", "2025Q3": "2025-09-30", "2025Q4": "2025-12-31"}
    worth = [closes()[day] * printed("balance.shares_outstanding", quarter) for quarter, day in ends.items()]
    moves = [math.log(now / before) for before, now in pairwise(worth)]
    found = run('spread_of_market_value("Amazon", "2025Q2", "2025Q4")')
    assert found == pytest.approx(statistics.pstdev(moves))
    moves = [math.log(4538.9 / 3849.6), math.log(4532.7 / 4538.9)]
    found = run('spread_of_market_value("Nvidia", "2025Q2", "2025Q4")')
    assert found == pytest.approx(statistics.pstdev(moves))


def test_the_largest_share_of_growth(run: Callable[..., float]) -> None:
    lines = [
        "online_stores", "physical_stores", "third_party_seller_services", "subscription_services",
        "advertising_services", "aws", "other",
    ]  # fmt: skip
    added = [
        printed(f"service_lines.{name}", *year(2025)) - printed(f"service_lines.{name}", *year(2022))
        for name in lines
    ]
    found = run('largest_share_of_growth("service_lines", "FY2022", "FY2025")')
    assert found == pytest.approx(max(added) / sum(added))


def test_lines_of_sales_by_name(judge: Judge) -> None:
    context = judge.at(judge.now, read_period("undated"))
    assert compute('reported_apart("advertising")', context).value == "yes"
    assert compute('reported_apart("ai")', context).value == "no"


def test_spans_of_time(run: Callable[..., float]) -> None:
    days = (date(2030, 12, 31) - date(2026, 3, 31)).days
    assert run('years_until("2030-12-31")') == pytest.approx(days / 365.25)
    days = (date(2030, 12, 31) - date(2025, 12, 31)).days
    assert run('years_from_quarter("2030-12-31")') == pytest.approx(days / 365.25)


def test_middles(run: Callable[..., float]) -> None:
    three = 'peer_value("META", "2024Q4"), peer_value("AAPL", "2024Q4"), peer_value("MSFT", "2024Q4")'
    assert run(f"median({three})") == 3133.9
    assert run(f"mean({three})") == pytest.approx((1483.5 + 3761.8 + 3133.9) / 3)
    assert run(f"total({three})") == pytest.approx(1483.5 + 3761.8 + 3133.9)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("sales()", ExpressionError, "'sales' is no function"),
        ("close(1, 2, 3)", ExpressionError, r"expected close\(day\)"),
        ('reported("income.sales", "2025Q1")', KeyError, "no field 'income.sales'"),
        ('reported("income.net_sales", "2025Q9")', ValueError, "'2025Q9' is no period"),
        ('reported("income.net_sales", "2026Q1")', AbsentFigure, "2026Q1 was not public"),
        ('reported("income.net_sales", "undated")', ValueError, "no quarter, year or twelve months"),
        ('claimed("Z99")', ValueError, "no claim 'Z99' prints a number"),
        ('claimed("A05", 2)', ValueError, "A05 prints 1 numbers, there is no number 2"),
        ('input("nothing")', ValueError, "no model input 'nothing'"),
        ('close("2026-04-01")', AbsentFigure, "was not public"),
        ('observation("cloud", "AWS", "moons", "2025Q4")', AbsentFigure, "nothing public"),
        ('market_value("2018-01-01")', AbsentFigure, "no close"),
    ],
)
def test_what_does_not_exist_is_named(judge: Judge, text: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        compute(text, judge.at(judge.now, read_period("undated")))


def test_a_figure_that_became_public_later_does_not_exist_in_an_earlier_edition(judge: Judge) -> None:
    earlier = Context(open_edition("2025Q1-2025-06-13"), read_period("2025Q2"), {}, {})
    with pytest.raises(AbsentFigure):
        compute(f'reported("{SALES}")', earlier)


def test_every_function_says_what_it_does() -> None:
    assert [name for name, function in FUNCTIONS.items() if not (function.__doc__ or "").strip()] == []


def test_every_function_is_used_by_some_article() -> None:
    texts = "".join(Path(path).read_text(encoding="utf-8") for path in (DATA / "articles").glob("*.yml"))
    assert [name for name in FUNCTIONS if f"{name}(" not in texts] == []
