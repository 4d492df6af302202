"""The back-test of an edition: what the report's rules would have said in every past one, against what came.

For each quarter since :data:`FIRST_SCORED` the edition of then is rebuilt from what was public, the series of
:data:`SERIES` are forecast by the report's rule and by naive ones, and scored with what the present
edition knows. The report's rule is the base scenario's projection in quarters: parts by
:mod:`analysis.valuation.first_years`, reconciled with guidance, margins on their way to the scenario's, and
the group the sum of its parts. What scenarios add to growth is nil in base and not scored. The margins of
retail segments are steered as the stores'. Money in USD billions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from analysis.data import Edition, quarters
from analysis.figures import Figure, computed, not_public, text
from analysis.model._inputs import Number
from analysis.model.projection.growth import QUARTERS
from analysis.model.track_record.backtest import (
    CLAIMED,
    Outcome,
    Score,
    Shape,
    backtest,
    error_sds,
    score_table,
    year_errors,
)
from analysis.model.track_record.comparison import diebold_mariano, range_of_mean
from analysis.model.track_record.forecast import (
    GrowthOf,
    KnownSeries,
    Rule,
    constant_growth,
    guidance_midpoint,
    income_rule,
    last_growth,
    margin_ahead,
    reconciled,
    sales_rule,
    seasonal_drift,
    tempered_sales,
)
from analysis.model.track_record.scores import bias, mean_absolute_error, root_mean_square, skill
from analysis.valuation import first_years
from analysis.valuation.inputs import ADVERTISING, AWS_INCOME, AWS_SALES

FIRST_EDITION = "2019Q4"
"""The first edition there is; forecasts made before :data:`FIRST_SCORED` only give the width of intervals."""
FIRST_SCORED = "2021Q1"
HORIZONS = (1, 2, 4, 8)
"""Quarters ahead that are scored; three quarters are forecast too, to make up the first year."""
SEED = 20210101
"""Of the samples drawn anew for ranges."""
CONSTANT = 0.10
"""The naive rule that one of the articles uses: growth of a tenth a year, whatever happened."""

REPORT, LAST, DRIFT, TENTH, GUIDANCE = "report", "last", "drift", "tenth", "guidance"
RULES: Mapping[str, str] = {
    REPORT: "the report's rule",
    LAST: "latest growth goes on",
    DRIFT: "seasonal drift",
    TENTH: "a tenth a year",
    GUIDANCE: "the company's guidance",
}
_ITEMS = ("net_sales", "operating_income")  # what the company guides for
NAIVE = DRIFT
"""The rule against which skill is measured."""


@dataclass(frozen=True)
class ForecastSeries:
    """What is forecast: fields that add up to sales, less others; and, for a profit, fields of that.

    ``part`` names the drivers that steer it, ``"group"`` the sum of the parts.
    """

    name: str
    label: str
    part: str
    sales: tuple[str, ...]
    less: tuple[str, ...] = ()
    income: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The label where there is little room."""
        return self.label.replace("operating income", "income").replace("North America", "N. America")

    @property
    def shape(self) -> Shape:
        """How its errors are taken: sales in logarithms, profits in shares of sales."""
        return "normal" if self.income else "lognormal"


def _segment(name: str, label: str, part: str) -> tuple[ForecastSeries, ForecastSeries]:
    sales, income = (f"segments.{name}.{item}" for item in ("net_sales", "operating_income"))
    return (
        ForecastSeries(f"{name}_sales", f"{label} sales", part, (sales,)),
        ForecastSeries(f"{name}_income", f"{label} operating income", part, (sales,), (), (income,)),
    )


_GROUP = ("income.net_sales",)
_RETAIL = ("segments.north_america.net_sales", "segments.international.net_sales")
_RETAIL_INCOME = ("segments.north_america.operating_income", "segments.international.operating_income")
ADVERTISING_SALES = ForecastSeries("advertising_sales", "Advertising sales", "advertising", (ADVERTISING,))
STORES_SALES = ForecastSeries("stores_sales", "Stores' sales", "stores", _RETAIL, (ADVERTISING,))
RETAIL_SALES = ForecastSeries("retail_sales", "Retail segments' sales", "stores", _RETAIL)
RETAIL_INCOME = ForecastSeries(
    "retail_income", "Retail operating income", "stores", _RETAIL, (), _RETAIL_INCOME
)
AWS_SALES_SERIES = ForecastSeries("aws_sales", "AWS sales", "aws", (AWS_SALES,))
AWS_INCOME_SERIES = ForecastSeries(
    "aws_income", "AWS operating income", "aws", (AWS_SALES,), (), (AWS_INCOME,)
)
_AMERICA = _segment("north_america", "North America", "stores")
_ABROAD = _segment("international", "International", "stores")
GROUP_SALES = ForecastSeries("group_sales", "Group sales", "group", _GROUP)
SERIES: tuple[ForecastSeries, ...] = (
    GROUP_SALES,
    AWS_SALES_SERIES,
    ADVERTISING_SALES,
    _AMERICA[0],
    _ABROAD[0],
    ForecastSeries(
        "group_income", "Group operating income", "group", _GROUP, (), ("income.operating_income",)
    ),
    AWS_INCOME_SERIES,
    _AMERICA[1],
    _ABROAD[1],
)
"""What is scored, sales first."""


BY_NAME: Mapping[str, ForecastSeries] = {series.name: series for series in (*SERIES, STORES_SALES)}


@dataclass(frozen=True)
class Forecasts:
    """Some of the forecasts of a record: of series, by one rule, over horizons in quarters.

    ``of`` says in labels which. A measure of forecasts of which none has come due is absent.
    """

    record: TrackRecord
    series: tuple[ForecastSeries, ...]
    rule: str
    of: str
    outcomes: tuple[Outcome, ...]

    @property
    def due(self) -> tuple[Outcome, ...]:
        """Those whose quarter has been reported."""
        return tuple(outcome for outcome in self.outcomes if outcome.actual is not None)

    @property
    def rests(self) -> tuple[Figure, ...]:
        """What the forecasts rest on and are held against, as far as they reach."""
        origin = max((outcome.origin for outcome in self.due), default="")
        target = max((outcome.target for outcome in self.due), default="")
        rules = self.record.edition.once(_rules)
        return tuple(
            figure for series in self.series for figure in rules.inputs(series, self.rule, origin, target)
        )

    def before(self, edition: str) -> Forecasts:
        """Those made by editions before this one."""
        kept = tuple(outcome for outcome in self.outcomes if outcome.origin < edition)
        return replace(self, outcomes=kept, of=f"{self.of}, editions before {edition}")

    def since(self, edition: str) -> Forecasts:
        """Those made by this edition and later ones."""
        kept = tuple(outcome for outcome in self.outcomes if outcome.origin >= edition)
        return replace(self, outcomes=kept, of=f"{self.of}, editions from {edition} on")

    def over(self, targets: Collection[str]) -> Forecasts:
        """Those of the quarters ``targets``, to hold beside another rule's there."""
        kept = tuple(outcome for outcome in self.outcomes if outcome.target in targets)
        return replace(self, outcomes=kept, of=f"{self.of}, same quarters")

    @property
    def error(self) -> Figure:
        """Mean absolute error, a share of the actual for sales, of the quarter's sales for income."""
        label = f"Mean absolute error, {self.of}"
        return self._figure(self._mean(mean_absolute_error), label, "fraction", mean_absolute_error)

    @property
    def bias(self) -> Figure:
        """Mean error on the same scale, above nil if too high."""
        return self._figure(self._mean(bias), f"Bias, {self.of}", "fraction", bias)

    @property
    def spread(self) -> Figure:
        """Root mean square of the misses at the one horizon, in logs for sales."""
        found = next(iter(error_sds(self.due, self.rule).values()), None)
        return self._figure(found, f"Root mean square of misses, {self.of}", "fraction", root_mean_square)

    @property
    def inside(self) -> Figure:
        """The share of outcomes within the interval that claims to hold :data:`CLAIMED` of them."""
        held = [ends[0] <= actual <= ends[1] for actual, ends in self._intervals()]
        label = f"Share of outcomes inside the {CLAIMED:.0%} interval, {self.of}"
        share = sum(held) / len(held) if held else None
        return self._figure(share, label, "fraction", "outcomes inside ÷ outcomes with an interval")

    @property
    def inside_range(self) -> Figure:
        """The range of that share when the quarters forecast are drawn anew, in words."""
        label = f"Range of: {self.inside.label}"
        kept = [(each.target, ends, each.actual) for each in self.due if (ends := each.interval())]
        held = [float(ends[0] <= actual <= ends[1]) for _, ends, actual in kept if actual is not None]
        if not held:
            return not_public(label, "text")
        found = range_of_mean(held, [target for target, _, _ in kept], seed=SEED)
        return text(f"{found.low:.0%} to {found.high:.0%}", label, *self.rests)

    def _intervals(self) -> list[tuple[float, tuple[float, float]]]:
        made = ((outcome.actual, outcome.interval()) for outcome in self.due)
        return [(actual, ends) for actual, ends in made if actual is not None and ends is not None]

    def _mean(self, measure: Callable[..., float]) -> float | None:
        rows = [(each.forecast, each.actual, each.scale) for each in self.due]
        return measure(*zip(*rows, strict=True)) if rows else None

    def _figure(self, value: float | None, label: str, unit: str, how: str | Callable[..., float]) -> Figure:
        if value is None:
            return not_public(label, unit)
        return computed(value, unit, label, how, *self.rests)


@dataclass(frozen=True)
class TrackRecord:
    """All forecasts and their outcomes as the edition knows them, by the name of the series.

    A series has no outcomes in an edition that ends before it can be forecast.
    """

    edition: Edition
    outcomes: Mapping[str, tuple[Outcome, ...]]

    def forecasts(
        self, series: str | Sequence[str], rule: str = REPORT, horizon: int | None = None, of: str = ""
    ) -> Forecasts:
        """Those of a series, or of several called ``of``, at one horizon or at all that are scored."""
        names = (series,) if isinstance(series, str) else tuple(series)
        chosen = tuple(
            outcome
            for name in names
            for outcome in self.outcomes[name]
            if outcome.rule == rule and outcome.horizon in ((horizon,) if horizon else HORIZONS)
        )
        what = of or ", ".join(BY_NAME[name].label for name in names)
        ahead = f", {horizon} quarter{'s' if horizon > 1 else ''} ahead" if horizon else ""
        known = tuple(BY_NAME[name] for name in names)
        return Forecasts(self, known, rule, f"{what}{ahead}, {RULES[rule]}", chosen)

    def skill(self, series: str, horizon: int) -> Figure:
        """The share of the seasonal drift's error that the report's rule avoids, on the same forecasts."""
        score = self.score(series, REPORT, horizon)
        label = f"Skill against the seasonal drift, {BY_NAME[series].label}, {horizon} quarters ahead"
        if score is None or score.skill is None:
            return not_public(label, "fraction")
        return computed(score.skill, "fraction", label, skill, *self.inputs(BY_NAME[series], REPORT))

    def p_value(self, series: str, horizon: int, since: str = "", before: str = "9") -> Figure:
        """How likely so large a difference to the drift's errors is if both rules are equally good.

        Of the editions from ``since`` on and before ``before``. Absent where too few have come due.
        """
        label = f"p-value against the seasonal drift, {BY_NAME[series].label}, {horizon} quarters ahead"
        losses = [
            {
                each.origin: abs(each.forecast - each.actual) / each.scale
                for each in self.forecasts(series, rule, horizon).due
                if each.actual is not None and each.scale is not None and since <= each.origin < before
            }
            for rule in (REPORT, NAIVE)
        ]
        both = sorted(losses[0].keys() & losses[1].keys())
        if len(both) <= horizon + 1:
            return not_public(label, "number")
        ours, theirs = ([rule[origin] for origin in both] for rule in losses)
        found = diebold_mariano(ours, theirs, horizon=horizon).p_value
        return computed(found, "number", label, diebold_mariano, *self.inputs(BY_NAME[series], REPORT))

    def inputs(self, series: ForecastSeries, rule: str) -> tuple[Figure, ...]:
        """What a rule's forecasts of a series rest on and are held against, each figure once."""
        latest = self.edition.quarter
        return self.edition.once(_rules).inputs(series, rule, latest, latest)

    def scores(self, series: str) -> tuple[Score, ...]:
        """One score for each rule and horizon of :data:`HORIZONS`; empty if nothing has come due."""
        scored = [o for o in self.outcomes[series] if o.horizon in HORIZONS]
        if not any(o.rule == NAIVE and o.actual is not None for o in scored):
            return ()
        return score_table(scored, naive=NAIVE)

    def score(self, series: str, rule: str, horizon: int) -> Score | None:
        """One of them; ``None`` if no such forecast has come due."""
        found = (s for s in self._scores[series] if (s.rule, s.horizon) == (rule, horizon))
        return next(found, None)

    @cached_property
    def _scores(self) -> dict[str, tuple[Score, ...]]:
        return {series: self.scores(series) for series in self.outcomes}


def track_record(edition: Edition) -> TrackRecord:
    """Every series forecast in every past edition since :data:`FIRST_SCORED`, by every rule."""
    rules = edition.once(_rules)
    return TrackRecord(
        edition, {name: _outcomes(rules, each, FIRST_SCORED) for name, each in BY_NAME.items()}
    )


def growth_misses(
    edition: Edition, series: Sequence[ForecastSeries], year: int = 1
) -> dict[str, dict[str, float]]:
    """By how much the report's rule missed the sales of a year ahead, in logs: by series and edition.

    All editions since :data:`FIRST_EDITION` whose quarters of that year the present one knows.
    """
    ahead, rules = tuple(range(QUARTERS * (year - 1) + 1, QUARTERS * year + 1)), edition.once(_rules)
    made = {each.name: _outcomes(rules, each, FIRST_EDITION, (REPORT,), ahead) for each in series}
    return {name: year_errors(outcomes, REPORT, year) for name, outcomes in made.items()}


def miss_inputs(edition: Edition, series: ForecastSeries, year: int = 1) -> tuple[Figure, ...]:
    """What the misses of a series rest on: each quarter's sales, as first known, and the rule's drivers."""
    latest, ahead = edition.quarter, QUARTERS * year
    return edition.once(_rules).inputs(series, REPORT, quarters.add(latest, -ahead), latest, ahead)


def past_edition(edition: Edition, label: str) -> Edition:
    """The edition of an earlier quarter, which knows the back-test as far as it went then."""
    rules = edition.once(_rules)
    past = rules.past[label]
    past.keep(_rules, replace(rules, past={each: then for each, then in rules.past.items() if each <= label}))
    return past


def past_editions(edition: Edition) -> dict[str, Edition]:
    """The edition of each quarter since :data:`FIRST_EDITION`, this one for its own quarter."""
    labels = quarters.span(FIRST_EDITION, edition.quarter)
    return {label: edition if label == edition.quarter else edition.earlier(label) for label in labels}


def vintage(edition: Edition, series: ForecastSeries) -> KnownSeries | None:
    """The series as the edition knew it, back to its first quarter; ``None`` if it did not know it."""
    known = first_years.known_series(edition, series.sales, series.less, series.income)
    if known is None:
        return None
    given = first_years.ranges(edition, _ITEMS[bool(series.income)]) if series.part == "group" else {}
    return KnownSeries(
        known.quarter,
        tuple(float(value) for value in known.values),
        known.sales and tuple(float(value) for value in known.sales),
        {quarter: (float(low), float(high)) for quarter, (low, high) in given.items()},
    )


def _outcomes(
    rules: _Rules,
    series: ForecastSeries,
    first_scored: str,
    chosen: Sequence[str] = tuple(RULES),
    horizons: Sequence[int] = (1, 2, 3, 4, 8),
) -> tuple[Outcome, ...]:
    history = rules.vintages(series)
    first = max(first_scored, min(history, default=first_scored))
    if first not in history:
        return ()
    made = {name: rule for name, rule in rules.of(series).items() if name in chosen}
    return backtest(
        history.__getitem__,
        list(history),
        made,
        shape=series.shape,
        first_scored=first,
        horizons=horizons,
    )


def _rules(edition: Edition) -> _Rules:
    drivers = {name: driver.value for name, driver in edition.drivers("base").items()}
    return _Rules(past_editions(edition), drivers)


@dataclass(frozen=True)
class _Rules:
    """The rules for each series; that of the group looks at its parts as known at the same time.

    ``drivers`` are the base scenario's, as plain numbers or as figures.
    """

    past: Mapping[str, Edition]
    drivers: Mapping[str, Number]

    def vintages(self, series: ForecastSeries) -> dict[str, KnownSeries]:
        """The series as known in each past edition that knew it."""
        if series not in self._vintages:
            found = {label: vintage(edition, series) for label, edition in self.past.items()}
            self._vintages[series] = {q: known for q, known in found.items() if known is not None}
        return self._vintages[series]

    def inputs(
        self, series: ForecastSeries, rule: str, origin: str, target: str, ahead: int = 2 * QUARTERS
    ) -> tuple[Figure, ...]:
        """What a rule's forecasts made until ``origin``, of quarters until ``target``, rest on.

        The figures that the rule looks at, as each edition knew them, those they are held against, and its
        drivers: found by asking the rule once, with drivers that leave a trace, in the latest edition. No
        forecast looks further than ``ahead`` quarters: what steers only later ones is not named.
        """
        if (series, rule, ahead) not in self._asked:
            label, edition = list(self.past.items())[-1]
            figures = {name: driver.figure for name, driver in edition.drivers("base").items()}
            traced = _Rules({label: edition}, figures)
            known, asked = traced.vintages(series).get(label), traced.of(series).get(rule)
            made = asked(known, ahead) if asked and known else None
            steering = made.inputs if isinstance(made, Figure) else ()
            read = {  # what the series itself holds stays its own where another looks at it too
                figure.source: (each is series, quarter, figure)
                for each in sorted(traced._vintages, key=lambda each: each is series)
                for quarter, figure in self._read(each)
            }
            read |= {
                figure.source: (False, label, figure)
                for each in traced._vintages
                for label, figure in self._guided(each, rule)
            }
            self._asked[series, rule, ahead] = tuple(read.values()), steering
        reported, steering = self._asked[series, rule, ahead]
        seen = (figure for is_own, quarter, figure in reported if quarter <= (target if is_own else origin))
        return (*seen, *steering)

    def _read(self, series: ForecastSeries) -> Iterator[tuple[str, Figure]]:
        """Each figure of the series in each edition, with its quarter."""
        known = _KnownFigures((*series.sales, *series.less, *series.income))
        for edition in self.past.values():
            yield from edition.once(known)

    def _guided(self, series: ForecastSeries, rule: str) -> Iterator[tuple[str, Figure]]:
        """What the company had guided for the quarter after each edition's, with the edition's quarter."""
        if series.part == "group" and rule in ((GUIDANCE,) if series.income else (GUIDANCE, REPORT)):
            for label, edition in self.past.items():
                ends = first_years.guided(edition, _ITEMS[bool(series.income)], quarters.add(label, 1))
                yield from ((label, figure) for figure in ends or ())

    def of(self, series: ForecastSeries) -> dict[str, Rule]:
        """Every rule that can be asked about the series."""
        make: Callable[[GrowthOf], Rule] = income_rule if series.income else sales_rule
        rules = {REPORT: self._report(series), LAST: make(last_growth), DRIFT: seasonal_drift}
        rules[TENTH] = make(constant_growth(CONSTANT))
        return rules | ({GUIDANCE: guidance_midpoint} if series.part == "group" else {})

    def _report(self, series: ForecastSeries) -> Rule:
        if series.part == "group":
            return self._group_income if series.income else self._group_sales
        return self._income(series) if series.income else self._sales

    def _sales(self, known: KnownSeries, horizon: int) -> Number | None:
        sold = KnownSeries(known.quarter, known.values if known.sales is None else known.sales)
        made = tempered_sales(sold, horizon)
        return None if made is None else made * self._reconciled(known.quarter, horizon)

    def _reconciled(self, quarter: str, horizon: int) -> Number:
        """What brings forecasts of the parts to that of the group, alike for every part."""
        if (quarter, horizon) not in self._factors:
            self._factors[quarter, horizon] = self._factor(quarter, horizon)
        return self._factors[quarter, horizon]

    def _factor(self, quarter: str, horizon: int) -> Number:
        group = self.vintages(GROUP_SALES).get(quarter)
        parts = [self.vintages(each).get(quarter) for each in self._parts(quarter)]
        if group is None or None in parts:
            return 1.0
        return reconciled(group, [part for part in parts if part is not None], horizon)

    def _parts(self, quarter: str) -> tuple[ForecastSeries, ...]:
        """The parts that were forecast at a quarter; see :func:`first_years.known_parts`."""
        known = self.vintages(ADVERTISING_SALES).get(quarter)
        is_apart = known is not None and len(known.values) > QUARTERS
        retail = (ADVERTISING_SALES, STORES_SALES) if is_apart else (RETAIL_SALES,)
        return AWS_SALES_SERIES, *retail

    def _group_sales(self, known: KnownSeries, horizon: int) -> Number | None:
        at = known.quarter
        return _sum(self._sales(self.vintages(each)[at], horizon) for each in self._parts(at))

    def _margin(self, known: KnownSeries, part: str, horizon: int) -> Number | None:
        return margin_ahead(
            known,
            horizon,
            change=self.drivers[f"{part}.margin_change"],
            convergence_years=self.drivers["group.convergence_years"],
        )

    def _income(self, series: ForecastSeries) -> Rule:
        def rule(known: KnownSeries, horizon: int) -> Number | None:
            margin, sold = self._margin(known, series.part, horizon), self._sales(known, horizon)
            return None if margin is None or sold is None else sold * margin

        return rule

    def _group_income(self, known: KnownSeries, horizon: int) -> Number | None:
        at = known.quarter
        aws, *retail = (self._sales(self.vintages(each)[at], horizon) for each in self._parts(at))
        earned = []
        for sold, series in ((aws, AWS_INCOME_SERIES), (_sum(retail), RETAIL_INCOME)):
            margin = self._margin(self.vintages(series)[at], series.part, horizon)
            earned.append(None if sold is None or margin is None else sold * margin)
        return _sum(earned)

    @cached_property
    def _vintages(self) -> dict[ForecastSeries, dict[str, KnownSeries]]:
        return {}

    @cached_property
    def _factors(self) -> dict[tuple[str, int], Number]:
        return {}

    @cached_property
    def _asked(self) -> dict[tuple[ForecastSeries, str, int], tuple[tuple[Any, ...], tuple[Figure, ...]]]:
        return {}


@dataclass(frozen=True)
class _KnownFigures:
    """Every figure of some fields that an edition knows, with its quarter."""

    fields: tuple[str, ...]

    def __call__(self, edition: Edition) -> tuple[tuple[str, Figure], ...]:
        found = ((label, edition.get(field, label)) for field in self.fields for label in edition.quarters())
        return tuple((label, figure) for label, figure in found if figure is not None)


def _sum(values: Iterable[Number | None]) -> Number | None:
    found = list(values)
    return None if None in found else sum(value for value in found if value is not None)
