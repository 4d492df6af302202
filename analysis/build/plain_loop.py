"""The segment model once more, as the plain Python loop that anybody would write first.

It is what the vectorised kernel is timed against, and an oracle for it: both must give the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.model.projection.segments import Base, Trailing


@dataclass
class _Part:
    """One part on its way through the years."""

    sales: float
    first: float
    stable: float
    fade: float
    added: float
    ahead: list[float]
    margin: float
    target: float
    sold: float
    earned: float


@dataclass(frozen=True)
class PlainPath:
    """Sales, operating income and free cash flow of the group by year."""

    sales: list[float]
    operating_income: list[float]
    free_cash_flow: list[float]


def plain_path(base: Base, drivers: Mapping[str, float], steps: Sequence[float]) -> PlainPath:
    """What :func:`~analysis.model.projection.segments.project` gives for one draw, float by float."""
    d, parts = drivers, _parts(base, drivers)
    today = sum(part.sales for part in parts)
    converge, life, depreciation = d["group.convergence_years"], d["group.asset_life"], base.depreciation
    stock, other = base.stock_compensation / today, _other_cash(base, d["tax.effective"]) / today
    share, path, time = None, PlainPath([], [], []), 0.0
    for years in steps:
        began, time = time, time + years
        moved = min(time / converge, 1.0)
        sales = income = 0.0
        for part in parts:
            faded = min(began / part.fade, 1.0)
            if round(4 * time) <= len(part.ahead):
                before = part.ahead[round(4 * began) - 1] if began else part.sales
                rate = (part.ahead[round(4 * time) - 1] / before) ** (1 / years) - 1
                rate += part.added * (1 - faded)
            else:
                rate = part.first * (1 - faded) + part.stable * faded
            part.sales *= (1 + rate) ** years
            sales += part.sales
            sold, earned = (part.sold, part.earned) if time < 1 else (0.0, 0.0)
            income += earned + (part.sales - sold) * (part.margin * (1 - moved) + part.target * moved)
        share = _capex_share(base, d, today, sales) if share is None else share
        faded = min(began / d["group.capex_fade_years"], 1.0)
        capex = sales * (share * (1 - faded) + d["group.capex_stable"] * faded)
        depreciation += (capex - depreciation) * years / life
        faded = min(time / d["tax.fade_years"], 1.0)
        tax = d["tax.effective"] * (1 - faded) + d["tax.marginal"] * faded
        paid_in_stock = sales * (stock * (1 - moved) + d["group.stock_compensation_stable"] * moved)
        rest = sales * (other * (1 - moved) + d["group.other_cash_stable"] * moved)
        path.sales.append(sales)
        path.operating_income.append(income)
        path.free_cash_flow.append(income * (1 - tax) + depreciation + paid_in_stock + rest - capex)
    return path


def _parts(base: Base, d: Mapping[str, float]) -> list[_Part]:
    earned, aws_margin, margin = base.retail_operating_income, base.aws_margin, base.retail_margin
    aws = _part(base.aws, "aws", base.aws_operating_income, aws_margin, base.aws_income_so_far or 0.0, d)
    so_far = base.retail_income_so_far or 0.0
    if base.advertising is None:
        return [aws, _part(base.stores, "stores", earned, margin, so_far, d)]
    by_advertising = base.advertising.sales * d["advertising.operating_margin"]
    advertised = (base.advertising.so_far or 0.0) * d["advertising.operating_margin"]
    if margin is not None:
        retail = base.stores.sales + base.advertising.sales
        margin = (margin * retail - by_advertising) / base.stores.sales
    return [
        aws,
        _part(base.advertising, "advertising", by_advertising, None, advertised, d),
        _part(base.stores, "stores", earned - by_advertising, margin, so_far - advertised, d),
    ]


def _part(
    trailing: Trailing,
    name: str,
    income: float,
    margin: float | None,
    earned: float,
    d: Mapping[str, float],
) -> _Part:
    momentum = d["group.growth_momentum"]
    growth = trailing.growth * (1 - momentum) + trailing.growth_latest * momentum
    return _Part(
        sales=trailing.sales,
        first=growth + d[f"{name}.growth_change"],
        stable=d[f"{name}.growth_stable"],
        fade=d[f"{name}.growth_fade_years"],
        added=d[f"{name}.growth_change"],
        ahead=list(trailing.ahead),
        margin=income / trailing.sales if margin is None else margin,
        target=income / trailing.sales + d[f"{name}.margin_change"],
        sold=trailing.so_far or 0.0,
        earned=earned,
    )


def _capex_share(base: Base, d: Mapping[str, float], today: float, first_sales: float) -> float:
    share: float = base.capex / today
    if base.capex_guidance is not None:
        weight = d["group.capex_guidance_weight"]
        share = share * (1 - weight) + base.capex_guidance / first_sales * weight
    return share + d["group.capex_change"]


def _other_cash(base: Base, tax: float) -> float:
    profit = (base.aws_operating_income + base.retail_operating_income) * (1 - tax)
    explained = profit + base.depreciation + base.stock_compensation - base.capex
    return float(base.free_cash_flow - explained)
