"""Rolling origins: no look-ahead, widths from past errors only, and the table made of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analysis.model.track_record.backtest import (
    Outcome,
    Score,
    backtest,
    conformal_reach,
    score_table,
    sd_at,
    share_within_guidance,
    year_errors,
)
from analysis.model.track_record.forecast import (
    KnownSeries,
    constant_growth,
    guidance_midpoint,
    income_rule,
    quarter_after,
    sales_rule,
)
from analysis.model.track_record.scores import crps_lognormal, crps_normal

FIRST = "2018Q1"
SALES = tuple(100 * math.exp(0.03 * i + 0.05 * math.sin(3.0 * i * i)) for i in range(40))
INCOME = tuple(s * 0.05 * math.cos(2.0 * i * i) for i, s in enumerate(SALES))
ORIGINS = [quarter_after(FIRST, i) for i in range(7, 40)]
TEN = sales_rule(constant_growth(0.1))
RULES = {"ten": TEN, "none": sales_rule(constant_growth(0.0))}


def place(quarter: str) -> int:
    return next(i for i in range(40) if quarter_after(FIRST, i) == quarter)


def known(quarter: str) -> KnownSeries:
    return KnownSeries(quarter, SALES[: place(quarter) + 1])


def known_income(quarter: str) -> KnownSeries:
    i = place(quarter) + 1
    return KnownSeries(quarter, INCOME[:i], SALES[:i])


def run(**changes: object) -> tuple[Outcome, ...]:
    arguments = {"shape": "lognormal", "first_scored": "2021Q1", "horizons": (1, 2, 3, 4, 8)}
    return backtest(known, ORIGINS, RULES, **{**arguments, **changes})


def pick(outcomes: tuple[Outcome, ...], rule: str, origin: str, horizon: int) -> Outcome:
    (one,) = [o for o in outcomes if (o.rule, o.origin, o.horizon) == (rule, origin, horizon)]
    return one


def test_forecasts_are_the_rules_and_actuals_what_came() -> None:
    one = pick(run(), "ten", "2023Q2", 3)
    assert one.target == "2024Q1"
    assert one.forecast == TEN(known("2023Q2"), 3)
    assert one.actual == SALES[place("2024Q1")] == one.scale
    assert one.error == pytest.approx(math.log(one.actual / one.forecast))


def test_the_future_does_not_change_a_forecast_nor_its_width() -> None:
    """Quarters after the origin are replaced by nonsense: everything said at the origin stays."""

    def nonsense_after_2022(quarter: str) -> KnownSeries:
        values = [v if i <= place("2022Q4") else 1e6 * (i + 1) for i, v in enumerate(SALES)]
        return KnownSeries(quarter, tuple(values[: place(quarter) + 1]))

    arguments = {"shape": "lognormal", "first_scored": "2021Q1"}
    changed = backtest(nonsense_after_2022, ORIGINS, RULES, **arguments)
    said = [
        (o.forecast, o.spread) for o in backtest(known, ORIGINS, RULES, **arguments) if o.origin <= "2022Q4"
    ]
    assert said == [(o.forecast, o.spread) for o in changed if o.origin <= "2022Q4"]
    assert len(said) == 8 * 2 * 4


def test_what_came_is_the_figure_first_reported() -> None:
    def restated(quarter: str) -> KnownSeries:
        values = SALES[: place(quarter) + 1]
        return KnownSeries(quarter, (*(v * 2 for v in values[:-1]), values[-1]))

    outcomes = backtest(restated, ORIGINS, RULES, shape="lognormal", first_scored="2021Q1")
    assert pick(outcomes, "ten", "2023Q2", 1).actual == SALES[place("2023Q3")]


def test_the_width_is_the_root_mean_square_of_errors_known_at_the_origin() -> None:
    outcomes = run(minimum_errors=3)
    origin = "2021Q3"
    for horizon in (1, 4):
        errors = [
            math.log(SALES[i + horizon] / TEN(known(quarter_after(FIRST, i)), horizon))
            for i in range(7, place(origin) - horizon + 1)
        ]
        exact = math.sqrt(np.mean(np.square(errors)))
        assert pick(outcomes, "ten", origin, horizon).spread == pytest.approx(exact, rel=1e-12)


def test_a_horizon_with_too_few_errors_borrows_by_the_square_root_of_time() -> None:
    outcomes = run(minimum_errors=6)
    assert all(pick(outcomes, "ten", "2021Q1", h).spread is None for h in (1, 2, 3, 4, 8))
    one, two = (
        {h: pick(outcomes, "ten", q, h).spread for h in (1, 2, 3, 4, 8)} for q in ("2021Q2", "2021Q3")
    )
    assert [one[h] / one[1] for h in (2, 3, 4, 8)] == pytest.approx([math.sqrt(h) for h in (2, 3, 4, 8)])
    assert [two[h] / two[2] for h in (3, 4, 8)] == pytest.approx([math.sqrt(h / 2) for h in (3, 4, 8)])
    assert two[2] / two[1] != pytest.approx(math.sqrt(2))


def test_without_past_errors_there_is_no_interval() -> None:
    outcomes = run(first_scored=ORIGINS[0], minimum_errors=2)
    first = pick(outcomes, "ten", ORIGINS[0], 1)
    assert first.spread is None
    assert first.interval() is None
    assert pick(outcomes, "ten", ORIGINS[1], 1).spread is None
    assert pick(outcomes, "ten", ORIGINS[2], 1).spread is not None


def test_open_forecasts_have_an_interval_but_no_actual() -> None:
    one = pick(run(), "ten", ORIGINS[-1], 4)
    assert (one.actual, one.scale, one.error) == (None, None, None)
    low, high = one.interval()
    assert low < one.forecast < high


def test_intervals_are_central() -> None:
    sales = Outcome("r", "2021Q1", "2021Q2", 1, "lognormal", 100.0, 0.1, 0.2, None, None, None)
    income = Outcome("r", "2021Q1", "2021Q2", 1, "normal", -5.0, 2.0, 3.0, None, None, None)
    assert sales.interval() == pytest.approx((100 * math.exp(-0.2), 100 * math.exp(0.2)))
    assert income.interval() == (-8.0, -2.0)


def test_an_interval_is_normal_until_past_misses_themselves_have_held_better() -> None:
    """Every other error is five times the one before: a normal interval holds half of them."""
    levels = [100.0 * math.exp((0.01, 0.05)[at % 2]) for at in range(len(ORIGINS))]

    def jumpy(quarter: str) -> KnownSeries:
        return KnownSeries(quarter, tuple(levels[: ORIGINS.index(quarter) + 1]))

    made = backtest(
        jumpy, ORIGINS, {"flat": lambda known, horizon: 100.0}, shape="lognormal",
        first_scored=ORIGINS[0], horizons=(1,), minimum_errors=5,
    )  # fmt: skip
    wide = [one for one in made if one.reach is not None]
    normal = stats.norm.ppf(0.9)
    assert wide[0].reach == pytest.approx(normal * wide[0].spread)
    last = wide[-1]
    past = [abs(one.error) for one in made if one.error is not None and one.target <= last.origin]
    assert last.reach == pytest.approx(conformal_reach(past))
    assert last.reach > normal * last.spread


def test_a_conformal_reach_is_a_past_miss() -> None:
    misses = [0.01 * n for n in (3, -1, 4, -10, 5, 9, -2, 6)]
    assert conformal_reach(misses) == pytest.approx(0.10)  # the eighth of eight: ⌈0.8 × 9⌉
    assert conformal_reach(misses, 0.5) == pytest.approx(0.05)
    with pytest.raises(ValueError, match="misses must hold at least one"):
        conformal_reach([])


def test_income_errors_are_shares_of_mean_sales_at_the_origin() -> None:
    rules = {"held": income_rule(constant_growth(0.0))}
    outcomes = backtest(known_income, ORIGINS, rules, shape="normal", first_scored="2021Q1", minimum_errors=3)
    one = pick(outcomes, "held", "2023Q2", 1)
    i = place("2023Q2")
    sales_then = sum(SALES[i - 3 : i + 1]) / 4
    assert one.error == pytest.approx((INCOME[i + 1] - one.forecast) / sales_then)
    assert one.scale == SALES[i + 1]
    past = [
        o.error
        for o in backtest(known_income, ORIGINS, rules, shape="normal", first_scored=ORIGINS[0])
        if o.horizon == 1 and o.target <= "2023Q2"
    ]
    assert one.spread == pytest.approx(math.sqrt(np.mean(np.square(past))) * sales_then)


def test_first_year_errors_are_of_the_four_quarters_together() -> None:
    found = year_errors(run(), "ten")
    i = place("2023Q2")
    ahead = sum(TEN(known("2023Q2"), h) for h in (1, 2, 3, 4))
    assert found["2023Q2"] == pytest.approx(math.log(sum(SALES[i + 1 : i + 5]) / ahead))
    assert quarter_after(ORIGINS[-1], -4) in found
    later = year_errors(run(horizons=range(1, 9)), "ten", 2)
    ahead = sum(TEN(known("2023Q2"), h) for h in (5, 6, 7, 8))
    assert later["2023Q2"] == pytest.approx(math.log(sum(SALES[i + 5 : i + 9]) / ahead))
    assert quarter_after(ORIGINS[-1], -3) not in found


def test_errors_that_add_up_like_a_random_walk_grow_with_the_root_of_time() -> None:
    walk = [0.03 * math.sqrt(years) for years in (1, 2, 5)]
    assert sd_at(walk[0], walk[1], (1.0, 2.0), 5.0) == pytest.approx(walk[2])
    assert sd_at(0.03, 0.06, (1.0, 2.0), 5.0) == pytest.approx(0.15)
    with pytest.raises(ValueError, match="horizons must differ, got 2 twice"):
        sd_at(0.03, 0.06, (2.0, 2.0), 5.0)


def test_first_year_errors_of_income_are_points_of_margin() -> None:
    rules = {"held": income_rule(constant_growth(0.0))}
    outcomes = backtest(
        known_income, ORIGINS, rules, shape="normal", first_scored="2021Q1", horizons=(1, 2, 3, 4)
    )
    i = place("2023Q2")
    ahead = sum(rules["held"](known_income("2023Q2"), h) for h in (1, 2, 3, 4))
    exact = (sum(INCOME[i + 1 : i + 5]) - ahead) / sum(SALES[i + 1 : i + 5])
    assert year_errors(outcomes, "held")["2023Q2"] == pytest.approx(exact)


def table(outcomes: tuple[Outcome, ...], **changes: object) -> dict[tuple[str, int], Score]:
    scores = score_table(outcomes, **{"naive": "none", **changes})
    return {(score.rule, score.horizon): score for score in scores}


def test_scores_are_means_over_what_came() -> None:
    outcomes = run(minimum_errors=3)
    score = table(outcomes)["ten", 2]
    came = [o for o in outcomes if o.rule == "ten" and o.horizon == 2 and o.actual is not None]
    assert score.forecasts == score.intervals == len(came)
    assert score.error == pytest.approx(np.mean([abs(o.forecast / o.actual - 1) for o in came]))
    assert score.bias == pytest.approx(np.mean([o.forecast / o.actual - 1 for o in came]))
    held = [o.interval()[0] <= o.actual <= o.interval()[1] for o in came]
    assert 0 < score.coverage < 1
    assert score.coverage == pytest.approx(np.mean(held))
    exact = [float(crps_lognormal(o.actual, o.forecast, o.spread)) / o.actual for o in came]
    assert score.crps == pytest.approx(np.mean(exact))


def test_income_scores_are_points_of_margin_with_normal_crps() -> None:
    rules = {"held": income_rule(constant_growth(0.0))}
    outcomes = backtest(known_income, ORIGINS, rules, shape="normal", first_scored="2021Q1", minimum_errors=3)
    score = table(outcomes, naive="held")["held", 1]
    came = [o for o in outcomes if o.horizon == 1 and o.actual is not None]
    assert score.error == pytest.approx(np.mean([abs(o.forecast - o.actual) / o.scale for o in came]))
    exact = [float(crps_normal(o.actual, o.forecast, o.spread)) / o.scale for o in came]
    assert score.crps == pytest.approx(np.mean(exact))
    assert (score.skill, score.crps_skill) == (None, None)


def test_skill_is_on_common_origins() -> None:
    """Guidance exists for some quarters only; the naive rule is scored on those alone."""

    def guided(quarter: str) -> KnownSeries:
        following = quarter_after(quarter, 1)
        exact = SALES[place(following)] if place(quarter) < 39 else 1.0
        guidance = {following: (exact - 1, exact + 3)} if quarter in ("2022Q1", "2022Q2") else {}
        return KnownSeries(quarter, SALES[: place(quarter) + 1], guidance=guidance)

    outcomes = backtest(
        guided,
        ORIGINS,
        {"guidance": guidance_midpoint, **RULES},
        shape="lognormal",
        first_scored="2021Q1",
        minimum_errors=3,
    )
    score = table(outcomes)["guidance", 1]
    theirs = [
        abs(o.forecast / o.actual - 1)
        for o in outcomes
        if o.rule == "none" and o.horizon == 1 and o.origin in ("2022Q1", "2022Q2")
    ]
    ours = [1 / SALES[place(q)] for q in ("2022Q2", "2022Q3")]
    assert score.forecasts == 2
    assert score.skill == pytest.approx(1 - np.mean(ours) / np.mean(theirs))
    assert (score.intervals, score.coverage, score.crps, score.crps_skill) == (0, None, None, None)
    assert ("guidance", 2) not in table(outcomes)


def test_crps_skill_compares_crps() -> None:
    scores = table(run(minimum_errors=3))
    for horizon in (1, 8):
        exact = 1 - scores["ten", horizon].crps / scores["none", horizon].crps
        assert scores["ten", horizon].crps_skill == pytest.approx(exact)
        assert scores["none", horizon].crps_skill is None


def test_intervals_of_an_honest_rule_hold_what_they_claim() -> None:
    rng = np.random.default_rng(3)
    errors = rng.normal(0, 0.05, 400)
    sales = tuple(100 * np.exp(errors))
    labels = [quarter_after("1950Q1", i) for i in range(400)]
    outcomes = backtest(
        lambda q: KnownSeries(q, sales[: labels.index(q) + 1]),
        labels[4:],
        {"level": lambda vintage, horizon: 100.0},
        shape="lognormal",
        first_scored=labels[60],
        horizons=(1,),
    )
    (score,) = score_table(outcomes, naive="level")
    assert score.coverage == pytest.approx(0.8, abs=0.05)


def test_share_within_guidance() -> None:
    assert share_within_guidance([(1.0, 2.0), (1.0, 2.0)], [1.5, 3.0]) == 0.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: run(first_scored="2030Q1"), r"first_scored \(2030Q1\) must be one of the origins"),
        (
            lambda: backtest(known, ["2021Q1", "2021Q3"], RULES, shape="lognormal", first_scored="2021Q1"),
            "origins must be consecutive quarters, got 2021Q1, 2021Q3",
        ),
        (
            lambda: backtest(
                lambda q: known("2021Q1"), ["2021Q2"], RULES, shape="lognormal", first_scored="2021Q2"
            ),
            "the vintage of 2021Q2 must end there, got 2021Q1",
        ),
        (lambda: run(shape="normal"), "sales must be given for the normal shape, and only for it"),
        (
            lambda: backtest(known_income, ORIGINS, RULES, shape="lognormal", first_scored="2021Q1"),
            "sales must be given for the normal shape, and only for it",
        ),
        (
            lambda: backtest(
                known, ORIGINS, {"odd": lambda v, h: -1.0}, shape="lognormal", first_scored="2021Q1"
            ),
            "odd's forecast of 2020Q1 at 2019Q4 must be above zero",
        ),
        (lambda: run(minimum_errors=0), "minimum_errors must be above zero"),
        (lambda: score_table(run(), naive="odd"), "naive must be one of the rules scored, got 'odd'"),
    ],
)
def test_bad_arguments_are_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
