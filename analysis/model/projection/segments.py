"""The group as three parts: AWS, advertising, and stores, which is retail less advertising.

:func:`project` takes what was reported for the last twelve months and a set of drivers to sales,
operating income, capital expenditure, depreciation and free cash flow, year by year. Drivers carry
the names they have in ``data/scenarios``; most are *changes* from the trailing figure, so that the
same scenario can be run on an earlier edition without knowing what came after it.

Rules. h is the length of a step in years.

* A step multiplies the sales of a part by ``(1 + rate)^h``. On the scenario's path the rate fades linearly
  from :func:`path_growth` to ``<part>.growth_stable`` over ``<part>.growth_fade_years``.
* Steps that end within the first two years follow the forecast of the record instead, where there is one
  (``ahead`` of :class:`Trailing`): the rate is that of :func:`near_growth` plus ``<part>.growth_change``,
  which fades as on the path. After them growth is that of the path, from the sales that have been reached.
* In the draws of the odds, between the ends of the second and the fifth year, ``1 + rate`` is multiplied by
  the part's ``shock`` (:class:`Trailing`): a miss of growth that its first two years say nothing of.
* Its margin moves linearly over ``group.convergence_years``, from the latest quarter's without its season
  (from that of twelve months where there is none) to that of twelve months + ``<part>.margin_change``.
* Of a calendar year that has begun only the quarters to come are forecast: its profit is what has been
  reported of it (``so_far`` of :class:`PartToday`) + the sales to come × that margin.
* Capital expenditure is a share of sales that moves linearly from :func:`capex_start_share` to
  ``group.capex_stable`` over ``group.capex_fade_years``.
* Depreciation is a perpetual inventory: each step adds ``(capex − depreciation) ÷ group.asset_life × h``
  (OECD, *Measuring Capital*, 2nd ed., 2009, ch. 8, with geometric depreciation at one over the life).
* Free cash flow as the company defines it (``cash_definition="company"``: operating cash flow less net
  purchases, stock compensation added back) is operating income after tax + depreciation + stock
  compensation + other operating cash − capital expenditure; ``"after_stock_compensation"`` leaves stock
  compensation out. Other operating cash reconciles the last twelve months with the reported free cash
  flow (:func:`other_cash`).

Conventions. Every entry of a path is a yearly flow: that of the twelve months that end where the
step ends. ``steps`` are the lengths of the steps in years; a first one below 1 leads from a
mid-year quarter to the end of the calendar year. Growth and the capital expenditure share are those at
the *start* of a step (so the first year has the first-year rate), margins, tax and the smaller
shares those at its *end* (so the target is reached after exactly the years stated). Money is in one
unit (the report uses USD billions), rates, margins and shares are fractions. Only ``+ - * / **`` are
used: drivers may be floats, arrays that broadcast, figures or Altair parameters, except those named
``…_years``, which set the shape of a path and are plain numbers or figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import accumulate
from operator import add
from typing import Literal, TypeAlias

import numpy as np

from analysis.model._inputs import (
    Number,
    checked,
    is_symbolic,
    require_above,
    require_positive,
)
from analysis.model.projection.growth import QUARTERS, fade_rates

Drivers: TypeAlias = Mapping[str, Number]
Path: TypeAlias = tuple[Number, ...]
CashDefinition = Literal["company", "after_stock_compensation"]
CASH_DEFINITIONS: tuple[CashDefinition, ...] = ("company", "after_stock_compensation")
MONTHS = 12
SHOCK_YEARS = (2.0, 5.0)
"""From when to when, in years from today, a ``shock`` moves growth."""
SHAPING = "_years"
"""How names of drivers end that set the shape of a path: each is one plain number."""
FORMULAS: Mapping[str, str] = {
    "sales": "sales of the last twelve months × (1 + growth) ^ h, step by step",
    "margin": "the latest margin without its season, moving to that of twelve months + change of margin; "
    "what a year that has begun has reported stands",
    "operating_income": "sales × margin",
    "tax": "tax today, moving to the marginal rate",
    "capex": "sales × share, moving from that of the first year to the stable one",
    "depreciation": "depreciation + (capex − depreciation) ÷ life of assets × h, step by step",
    "stock_compensation": "sales × share, moving to the stable one",
    "free_cash_flow": "operating income × (1 − tax) + depreciation + stock compensation + other cash − capex",
}
"""How each line of a projection follows: the rules above in short, shown with a number."""
DRIVERS_OF: Mapping[str, str] = {
    "aws": "aws",
    "advertising": "advertising",
    "stores": "stores",
    "retail": "stores",
}
"""The prefix of each part's drivers: retail with its advertising inside is steered as stores."""


@dataclass(frozen=True)
class Trailing:
    """Sales of the last twelve months and how fast they grew.

    ``growth`` is over the twelve months before, ``growth_latest`` that of the latest quarter over
    the same quarter a year earlier. ``ahead`` are the twelve months' sales one quarter ahead, two quarters
    ahead and on, as forecast from the record; empty if it is too short for a forecast. ``shock`` multiplies
    ``1 + rate`` a year over ``SHOCK_YEARS``, above 0; ``None`` for none. ``so_far`` are the sales reported of
    the calendar year in which the first step ends; ``None`` where none have been.
    """

    sales: Number
    growth: Number
    growth_latest: Number
    ahead: Path = ()
    shock: Number | None = None
    so_far: Number | None = None


@dataclass(frozen=True)
class Base:
    """What is known at the start: reported sums of twelve months, money in one unit.

    ``stores`` are the reported retail segments less advertising; where advertising was not reported
    apart (``advertising`` is ``None``) they are those segments whole. ``retail_operating_income``
    is always that of North America and International together. ``capex`` is net of proceeds from
    sales and incentives. ``capex_guidance`` is the company's own figure for the calendar year in
    which the first step ends, if there is one. ``aws_margin`` and ``retail_margin`` are those of the latest
    quarter without its season, ``None`` where the record is too short. ``aws_income_so_far`` and
    ``retail_income_so_far`` are the operating income of the quarters that ``so_far`` counts of sales.
    """

    aws: Trailing
    stores: Trailing
    advertising: Trailing | None
    aws_operating_income: Number
    retail_operating_income: Number
    capex: Number
    depreciation: Number
    stock_compensation: Number
    free_cash_flow: Number
    capex_guidance: Number | None = None
    aws_margin: Number | None = None
    retail_margin: Number | None = None
    aws_income_so_far: Number | None = None
    retail_income_so_far: Number | None = None


@dataclass(frozen=True)
class SoFar:
    """What a part has sold and earned in the calendar year that has begun."""

    sales: Number
    operating_income: Number


@dataclass(frozen=True)
class PartToday:
    """One part today: sales and operating income of twelve months, and where its paths start.

    ``growth`` is where growth on the scenario's path starts, ``change`` what the scenario adds to growth,
    in both; ``ahead`` and ``shock`` as in :class:`Trailing`; ``margin`` where the margin starts; ``so_far``
    ``None`` where no year has begun.
    """

    sales: Number
    growth: Number
    operating_income: Number
    margin: Number
    change: Number
    ahead: Path = ()
    shock: Number | None = None
    so_far: SoFar | None = None


@dataclass(frozen=True)
class PartPath:
    """One part by year."""

    sales: Path
    margin: Path
    operating_income: Path


@dataclass(frozen=True)
class Projection:
    """The group by year: yearly flows at the end of each of ``steps``, parts by name.

    ``free_cash_flow`` follows ``cash_definition``; ``tax`` is the rate on operating income.
    """

    steps: tuple[float, ...]
    parts: Mapping[str, PartPath]
    sales: Path
    operating_income: Path
    tax: Path
    capex: Path
    depreciation: Path
    stock_compensation: Path
    free_cash_flow: Path
    cash_definition: CashDefinition

    @property
    def margin(self) -> Path:
        """Operating income over sales, by year."""
        return tuple(o / s for o, s in zip(self.operating_income, self.sales, strict=True))


@checked
def year_steps(period_end: date, through: int) -> tuple[float, ...]:
    """Lengths of the steps from the end of a reported period to each calendar year end.

    ``(12 − month) ÷ 12``, then 1 each: the first is the months left in the year over twelve, or a whole year
    from a December. Raises ``ValueError`` if ``through`` leaves no step.

    >>> year_steps(date(2025, 3, 31), 2027), year_steps(date(2025, 12, 31), 2027)
    ((0.75, 1.0, 1.0), (1.0, 1.0))
    """
    whole = (1.0,) * (through - period_end.year)
    left = (MONTHS - period_end.month) / MONTHS
    steps = (left, *whole) if left and through >= period_end.year else whole
    if not steps:
        raise ValueError(f"through must be after the period's end ({period_end}), got {through}")
    return steps


@checked
def parts_today(base: Base, drivers: Drivers) -> dict[str, PartToday]:
    """The parts as they stand: ``aws``, ``advertising`` and ``stores``, in this order.

    ``stores = North America + International − advertising``.

    Advertising profit is not reported: it is sales × ``advertising.operating_margin``, and stores
    have the rest of the retail segments' operating income, so the parts always add up to what was
    reported. Without reported advertising the parts are ``aws`` and ``retail``, the segments whole.
    """
    aws, stores, advertising = base.aws, base.stores, base.advertising
    known = _so_far(aws.so_far, base.aws_income_so_far)
    found = {"aws": _part(aws, "aws", drivers, base.aws_operating_income, base.aws_margin, known)}
    earned, margin = base.retail_operating_income, base.retail_margin
    known = _so_far(stores.so_far, base.retail_income_so_far)
    if advertising is None:
        return {**found, "retail": _part(stores, "stores", drivers, earned, margin, known)}
    share = drivers["advertising.operating_margin"]
    profit, own = advertising.sales * share, None
    if margin is not None:
        own = (margin * (stores.sales + advertising.sales) - profit) / stores.sales
    sold = _so_far(advertising.so_far, None if advertising.so_far is None else advertising.so_far * share)
    if known is not None and sold is not None:
        known = SoFar(known.sales, known.operating_income - sold.operating_income)
    return {
        **found,
        "advertising": _part(advertising, "advertising", drivers, profit, None, sold),
        "stores": _part(stores, "stores", drivers, earned - profit, own, known),
    }


def _so_far(sales: Number | None, earned: Number | None) -> SoFar | None:
    return None if sales is None or earned is None else SoFar(sales, earned)


def _part(
    line: Trailing,
    prefix: str,
    drivers: Drivers,
    earned: Number,
    margin: Number | None,
    so_far: SoFar | None,
) -> PartToday:
    start = earned / line.sales if margin is None else margin
    growth, change = path_growth(line, prefix, drivers), drivers[f"{prefix}.growth_change"]
    return PartToday(line.sales, growth, earned, start, change, line.ahead, line.shock, so_far)


@checked
def group_sales(base: Base) -> Number:
    """Sales of all parts over the last twelve months: ``AWS + stores + advertising``."""
    sales = base.aws.sales + base.stores.sales
    return sales if base.advertising is None else sales + base.advertising.sales


@checked
def path_growth(trailing: Trailing, part: str, drivers: Drivers) -> Number:
    """Where growth on the scenario's path starts: trailing and latest-quarter growth, plus the change.

    ``growth × (1 − momentum) + growth_latest × momentum + change``; momentum 0 is the twelve
    months' rate, 1 that of the latest quarter.
    """
    momentum = drivers["group.growth_momentum"]
    blend = trailing.growth * (1 - momentum) + trailing.growth_latest * momentum
    return blend + drivers[f"{part}.growth_change"]


@checked
def near_growth(sales: Number, ahead: Path, steps: Sequence[float]) -> Path:
    """Growth a year in each step that the forecast of the record reaches, without the scenario's change.

    ``(sales at the end of the step ÷ sales at its start)^(1 ÷ h) − 1``. A step is reached if it ends at a
    quarter's end for which there is a forecast.

    >>> [round(rate, 3) for rate in near_growth(100.0, (102.0, 105.0, 108.0, 110.0), (0.5, 1.0))]
    [0.103]
    """
    found, before = [], sales
    for years, end in zip(steps, accumulate(steps), strict=True):
        place = round(end * QUARTERS)
        if not math.isclose(place, end * QUARTERS) or place > len(ahead):
            break
        grown = ahead[place - 1] / before
        found.append((grown if years == 1 else grown ** (1 / years)) - 1)
        before = ahead[place - 1]
    return tuple(found)


@checked
def rates_of_growth(part: PartToday, prefix: str, drivers: Drivers, steps: Sequence[float]) -> Path:
    """Growth of a part a year in each step: as forecast in the first two years, then the scenario's path.

    ``forecast + change × (1 − w)``, then ``start × (1 − w) + stable × w``, with
    ``w = min(t ÷ fade_years, 1)`` at the start of the step; a ``shock`` multiplies ``1 + rate`` for as much
    of the step as lies within its years.
    """
    begins = (0.0, *accumulate(steps))[:-1]
    fade = drivers[f"{prefix}.growth_fade_years"]
    near = near_growth(part.sales, part.ahead, steps)
    changes = fade_rates(part.change, 0.0, fade, begins[: len(near)])
    later = fade_rates(part.growth, drivers[f"{prefix}.growth_stable"], fade, begins[len(near) :])
    rates = (*(rate + change for rate, change in zip(near, changes, strict=True)), *later)
    if part.shock is None:
        return rates
    shares = (_shocked_share(begin, years) for begin, years in zip(begins, steps, strict=True))
    return tuple(
        (1 + rate) * part.shock**share - 1 if share else rate
        for rate, share in zip(rates, shares, strict=True)
    )


def _shocked_share(begin: float, years: float) -> float:
    first, last = SHOCK_YEARS
    return max(min(begin + years, last) - max(begin, first), 0.0) / years


@checked
def margin_of_year_begun(so_far: SoFar, sales: Number, margin: Number) -> Number:
    """Operating margin of a calendar year of which some quarters have been reported.

    ``(income so far + (sales − sales so far) × margin) ÷ sales``, with the year's ``sales`` and the
    ``margin`` of the quarters to come.

    >>> round(margin_of_year_begun(SoFar(25.0, 5.0), 105.0, 0.1), 4)
    0.1238
    """
    return (so_far.operating_income + (sales - so_far.sales) * margin) / sales


@checked
def project(
    base: Base, drivers: Drivers, steps: Sequence[float], *, cash_definition: CashDefinition = "company"
) -> Projection:
    """The group by year from trailing figures and drivers, by the rules at the top of the module.

    ``free cash flow = operating income × (1 − tax) + depreciation + stock compensation + other cash −
    capex``. Raises ``KeyError`` naming a missing driver, ``ValueError`` naming one that is impossible, an
    empty or non-positive step, or an unknown definition.
    """
    _check(base, drivers, steps, cash_definition)
    clock = (0.0, *accumulate(steps))
    begins, ends = clock[:-1], clock[1:]
    parts = {
        name: _part_path(part, DRIVERS_OF[name], drivers, steps, ends)
        for name, part in parts_today(base, drivers).items()
    }
    sales = _across([part.sales for part in parts.values()])
    operating_income = _across([part.operating_income for part in parts.values()])
    capex = _capex_path(base, drivers, sales, begins)
    depreciation = _perpetual_inventory(base.depreciation, capex, drivers["group.asset_life"], steps)
    tax = _moving(drivers["tax.effective"], drivers["tax.marginal"], drivers["tax.fade_years"], ends)
    stock, other = _small_items(base, drivers, sales, ends)
    added_back = stock if cash_definition == "company" else (0.0,) * len(steps)
    flows = zip(operating_income, tax, depreciation, added_back, other, capex, strict=True)
    return Projection(
        steps=tuple(steps),
        parts=parts,
        sales=sales,
        operating_income=operating_income,
        tax=tax,
        capex=capex,
        depreciation=depreciation,
        stock_compensation=stock,
        free_cash_flow=tuple(_free_cash_flow(*flow) for flow in flows),
        cash_definition=cash_definition,
    )


@checked
def capex_start_share(base: Base, drivers: Drivers, first_sales: Number) -> Number:
    """Capital expenditure of the first year over its sales.

    ``trailing share × (1 − weight) + guidance ÷ first_sales × weight + change``: the trailing share, or the
    company's guidance over projected sales where it has given one (``group.capex_guidance_weight`` 1; in
    between a blend), plus ``group.capex_change``.
    """
    trailing = base.capex / group_sales(base)
    change = drivers["group.capex_change"]
    if base.capex_guidance is None:
        return trailing + change
    weight = drivers["group.capex_guidance_weight"]
    return trailing * (1 - weight) + base.capex_guidance / first_sales * weight + change


def _capex_path(base: Base, drivers: Drivers, sales: Path, begins: Path) -> Path:
    start, stable = capex_start_share(base, drivers, sales[0]), drivers["group.capex_stable"]
    return _times(sales, fade_rates(start, stable, drivers["group.capex_fade_years"], begins))


@checked
def other_cash(base: Base, tax: Number) -> Number:
    """What reconciles the last twelve months' profit with the reported free cash flow.

    ``free_cash_flow − (operating income × (1 − tax) + depreciation + stock compensation − capex)``:
    working capital, deferred tax, interest, and the cash spent on content and leases whose
    amortisation the cash-flow statement counts as depreciation.
    """
    profit = base.aws_operating_income + base.retail_operating_income
    return base.free_cash_flow - _free_cash_flow(
        profit, tax, base.depreciation, base.stock_compensation, 0.0, base.capex
    )


def _part_path(
    part: PartToday, prefix: str, drivers: Drivers, steps: Sequence[float], ends: Path
) -> PartPath:
    rates = rates_of_growth(part, prefix, drivers, steps)
    sales, path = part.sales, []
    for rate, years in zip(rates, steps, strict=True):
        sales = sales * (1 + rate) if years == 1 else sales * (1 + rate) ** years
        path.append(sales)
    target = part.operating_income / part.sales + drivers[f"{prefix}.margin_change"]
    margin = _moving(part.margin, target, drivers["group.convergence_years"], ends)
    if part.so_far is not None and steps[0] < 1:
        margin = (margin_of_year_begun(part.so_far, path[0], margin[0]), *margin[1:])
    return PartPath(tuple(path), margin, _times(path, margin))


def _moving(start: Number, target: Number, years: Number, ends: Path) -> Path:
    """A share that moves linearly to ``target`` and is there after ``years``."""
    return tuple(fade_rates(start, target, years, ends))


def _perpetual_inventory(depreciation: Number, capex: Path, life: Number, steps: Sequence[float]) -> Path:
    path = []
    for spent, years in zip(capex, steps, strict=True):
        worn = years / life
        depreciation = depreciation * (1 - worn) + spent * worn
        path.append(depreciation)
    return tuple(path)


def _small_items(base: Base, drivers: Drivers, sales: Path, ends: Path) -> tuple[Path, Path]:
    """Stock compensation and other operating cash: shares of sales moving to their stable values."""
    today, years = group_sales(base), drivers["group.convergence_years"]
    other_today = other_cash(base, drivers["tax.effective"]) / today
    stock = _moving(base.stock_compensation / today, drivers["group.stock_compensation_stable"], years, ends)
    other = _moving(other_today, drivers["group.other_cash_stable"], years, ends)
    return _times(sales, stock), _times(sales, other)


def _free_cash_flow(
    profit: Number, tax: Number, depreciation: Number, stock: Number, other: Number, capex: Number
) -> Number:
    return profit * (1 - tax) + depreciation + stock + other - capex


def _across(paths: Sequence[Path]) -> Path:
    """Sum over parts, year by year."""
    return tuple(reduce(add, year) for year in zip(*paths, strict=True))


def _times(path: Sequence[Number], shares: Sequence[Number]) -> Path:
    return tuple(value * share for value, share in zip(path, shares, strict=True))


def _check(base: Base, drivers: Drivers, steps: Sequence[float], cash_definition: str) -> None:
    if cash_definition not in CASH_DEFINITIONS:
        raise ValueError(f"cash_definition must be one of {CASH_DEFINITIONS}, got {cash_definition!r}")
    if not len(steps):
        raise ValueError("steps must hold at least one step")
    require_positive(steps=np.asarray(steps, dtype=float))
    lines = {"aws": base.aws, "stores": base.stores, "advertising": base.advertising}
    require_positive(**{f"{name}.sales": line.sales for name, line in lines.items() if line is not None})
    require_positive(**{"group.asset_life": drivers["group.asset_life"]})
    require_above(-1, **{name: value for name, value in drivers.items() if name.endswith(".growth_stable")})
    shaped = [name for name, value in drivers.items() if name.endswith(SHAPING) and not _is_plain(value)]
    if shaped:
        raise ValueError(f"{', '.join(shaped)}: must be one plain number, it sets the shape of a path")


def _is_plain(value: Number) -> bool:
    return not is_symbolic(value) and np.asarray(getattr(value, "number", value), dtype=float).ndim == 0
