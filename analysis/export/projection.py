"""The sheet of the projection: :func:`analysis.model.projection.segments.project` as formulas."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.export.sheet import Sheet
from analysis.export.years import Lines
from analysis.model.parts.market_value import net_assets_path, net_income
from analysis.model.projection import segments
from analysis.model.projection.growth import QUARTERS, fade_rates
from analysis.model.projection.segments import DRIVERS_OF, Path
from analysis.valuation.group import Group
from analysis.valuation.parts import NAMES

WIDTHS = (62, 26, 13)


def projection_sheet(group: Group) -> Lines:
    """The group by year, with what a reader needs to follow each step."""
    sheet = Sheet("Projection", widths=(*WIDTHS, *(11 for _ in group.years)), frozen=(1, 3), pages=1)
    lines = Lines(sheet, len(group.years), group.index_of(group.horizon_year))
    _calendar(lines, group)
    for name in group.projection.parts:
        lines_of_part(lines, group, name)
    _group(lines, group)
    _capital(lines, group)
    _small_items(lines, group)
    _cash(lines, group)
    return lines


def begins(group: Group) -> tuple[float, ...]:
    """Years from today to the beginning of each step."""
    return (0.0, *group.times[:-1])


def weights(years: float, times: Sequence[float]) -> Path:
    """How much of a move that takes so many years is done at each time."""
    return tuple(fade_rates(0.0, 1.0, years, times))


def moves(start: str, target: str, weight: str) -> str:
    """A template that moves from ``start`` to ``target`` with the weight in the line of that key.

    >>> moves("{t}{tax}", "tax.marginal", "by_tax")
    '{t}{tax}*(1-{c}{by_tax})+(tax.marginal)*{c}{by_tax}'
    """
    done = f"{{c}}{{{weight}}}"
    return f"{start}*(1-{done})+({target})*{done}"


def done_by(driver: str, time: str) -> str:
    """A template for the weight of a move over the years of a driver, at a time."""
    return f"IF({driver}>0,MIN({time}/{driver},1),1)"


def _calendar(lines: Lines, group: Group) -> None:
    lines.line(
        "year",
        f"Twelve months to the end of the calendar year (first column: to {group.edition.quarter})",
        "year",
        ("start.year-1", group.years[0] - 1),
        ("{p}{year}+1", group.years),
    )
    step = "IF({c}{year}=start.year,start.step,1)"
    lines.line("step", "Length of the step", "years", None, (step, group.steps))
    lines.line("end", "Years from today", "years", ("0", 0.0), ("{p}{end}+{c}{step}", group.times))


def lines_of_part(lines: Lines, group: Group, name: str) -> None:
    """What a part grows by, sells and earns, by year."""
    prefix, label = DRIVERS_OF[name], NAMES[name]
    drivers, path = group.drivers, group.projection.parts[name]
    today = segments.parts_today(group.base, drivers)[name]
    lines.heading(label)
    fade = drivers[f"{prefix}.growth_fade_years"]
    faded = done_by(f"{prefix}.growth_fade_years", "{p}{end}")
    done = (faded, weights(fade, begins(group)))
    lines.line(f"{name}_faded", f"{label}: part of the fade done", "fraction", None, done)
    start = (f"start.{prefix}_sales", today.sales)
    growing = _path_of_growth(lines, group, name, start)
    rates = segments.rates_of_growth(today, prefix, drivers, group.steps)
    rate = (
        f"start.{prefix}_growth*(1-group.growth_momentum)"
        f"+start.{prefix}_growth_latest*group.growth_momentum+{prefix}.growth_change"
    )
    first = (rate, today.growth)
    lines.line(f"{name}_growth", f"{label}: growth of sales, a year", "fraction", first, (growing, rates))
    sales = f"{{p}}{{{name}_sales}}*(1+{{c}}{{{name}_growth}})^{{c}}{{step}}"
    lines.line(f"{name}_sales", f"{label}: sales", "usd_bn", start, (sales, path.sales))
    _profit(lines, group, name, today)


def _path_of_growth(lines: Lines, group: Group, name: str, start: tuple[str, float]) -> str:
    """The template of a part's growth: as its record forecasts where it does, else on the scenario's path."""
    prefix, label = DRIVERS_OF[name], NAMES[name]
    faded, own = f"{{c}}{{{name}_faded}}", f"{{t}}{{{name}_growth}}"
    path = moves(own, f"{prefix}.growth_stable", f"{name}_faded")
    ahead = segments.parts_today(group.base, group.drivers)[name].ahead
    if not ahead:
        return path
    quarters = ",".join(f"start.{prefix}_ahead_{place}" for place in range(1, len(ahead) + 1))
    places = (round(QUARTERS * end) for end in group.times)
    levels = [ahead[place - 1] if place <= len(ahead) else 0.0 for place in places]
    at = "start.quarters*{c}{end}"
    lines.line(
        f"{name}_ahead",
        f"{label}: sales as their record forecasts them, nil where it does not reach",
        "usd_bn",
        start,
        (f"IF({at}<=start.reach,CHOOSE({at},{quarters}),0)", levels),
    )
    level = f"{{{name}_ahead}}"
    grown = f"({{c}}{level}/{{p}}{level})^(1/{{c}}{{step}})-1+{prefix}.growth_change*(1-{faded})"
    return f"IF({{c}}{level}>0,{grown},{path})"


def _profit(lines: Lines, group: Group, name: str, today: segments.PartToday) -> None:
    """Margin and operating income; the stores have what is left of the retail segments' profit."""
    prefix, path, label = DRIVERS_OF[name], group.projection.parts[name], NAMES[name]
    earned = {
        "aws": "start.aws_operating_income",
        "advertising": "{t}{advertising_sales}*advertising.operating_margin",
        "stores": "start.retail_operating_income-{t}{advertising_income}",
        "retail": "start.retail_operating_income",
    }[name]
    converged = weights(group.drivers["group.convergence_years"], group.times)
    done = done_by("group.convergence_years", "{c}{end}")
    lines.line(
        f"{name}_moved", f"{label}: part of the move of the margin done", "fraction", None, (done, converged)
    )
    trailing = f"({earned})/{{t}}{{{name}_sales}}"
    start = trailing if None in (group.base.aws_margin, group.base.retail_margin) else {
        "aws": "start.aws_margin",
        "advertising": trailing,
        "stores": "(start.retail_margin*({t}{stores_sales}+{t}{advertising_sales})-{t}{advertising_income})"
        "/{t}{stores_sales}",
        "retail": "start.retail_margin",
    }[name]  # fmt: skip
    words = f"{label}: operating margin of the latest quarter without its season"
    lines.line(f"{name}_start", words, "fraction", (start, today.margin))
    margin = f"{{t}}{{{name}_margin}}"
    moving = moves(f"{{t}}{{{name}_start}}", f"{margin}+{prefix}.margin_change", f"{name}_moved")
    if today.so_far is not None:
        moving = _of_year_begun(lines, name, today.so_far, moving)
    lines.line(
        f"{name}_margin", f"{label}: operating margin", "fraction",
        (trailing, today.operating_income / today.sales), (moving, path.margin),
    )  # fmt: skip
    income = f"{{c}}{{{name}_sales}}*{{c}}{{{name}_margin}}"
    lines.line(
        f"{name}_income", f"{label}: operating income", "usd_bn",
        (earned, today.operating_income), (income, path.operating_income),
    )  # fmt: skip


def _of_year_begun(lines: Lines, name: str, so_far: segments.SoFar, margin: str) -> str:
    """The template of a part's margin where the first calendar year has reported quarters."""
    prefix, label = DRIVERS_OF[name], NAMES[name]
    sold, earned = f"start.{prefix}_sales_so_far", {
        "aws": "start.aws_income_so_far",
        "advertising": "start.advertising_sales_so_far*advertising.operating_margin",
        "stores": "start.retail_income_so_far-{t}{advertising_earned}",
        "retail": "start.retail_income_so_far",
    }[name]  # fmt: skip
    words = f"{label}: operating income so far of the calendar year that has begun"
    lines.line(f"{name}_earned", words, "usd_bn", (earned, so_far.operating_income))
    year = f"({{t}}{{{name}_earned}}+({{c}}{{{name}_sales}}-{sold})*({margin}))/{{c}}{{{name}_sales}}"
    return f"IF({{c}}{{end}}<1,{year},{margin})"


def _group(lines: Lines, group: Group) -> None:
    base, found, drivers = group.base, group.projection, group.drivers
    lines.heading("Group")
    sales = "+".join(f"{{c}}{{{name}_sales}}" for name in found.parts)
    lines.line("sales", "Sales", "usd_bn", (sales, segments.group_sales(base)), (sales, found.sales))
    income = "+".join(f"{{c}}{{{name}_income}}" for name in found.parts)
    profit = base.aws_operating_income + base.retail_operating_income
    lines.line("income", "Operating income", "usd_bn", (income, profit), (income, found.operating_income))
    margin = profit / segments.group_sales(base)
    share = "{c}{income}/{c}{sales}"
    lines.line("margin", "Operating margin", "fraction", (share, margin), (share, found.margin))
    done = done_by("tax.fade_years", "{c}{end}")
    faded = weights(drivers["tax.fade_years"], group.times)
    lines.line("tax_moved", "Part of the move of the tax rate done", "fraction", None, (done, faded))
    tax = moves("tax.effective", "tax.marginal", "tax_moved")
    lines.line("tax", "Tax rate", "fraction", ("tax.effective", drivers["tax.effective"]), (tax, found.tax))
    other = drivers["group.non_operating_share"]
    earned = "{c}{income}*(1+group.non_operating_share)*(1-{c}{tax})"
    now = net_income(profit, drivers["tax.effective"], other)
    ahead = [net_income(o, t, other) for o, t in zip(found.operating_income, found.tax, strict=True)]
    label = "Net income of the model, no gains on stakes"
    lines.line("net_income", label, "usd_bn", (earned, now), (earned, ahead))


def _capital(lines: Lines, group: Group) -> None:
    base, found, drivers = group.base, group.projection, group.drivers
    lines.heading("Capital expenditure and depreciation")
    first = "start.capex/{t}{sales}+group.capex_change"
    if base.capex_guidance is not None:
        weight = "group.capex_guidance_weight"
        guided = f"start.capex_guidance/{{n}}{{sales}}*{weight}"
        first = f"start.capex/{{t}}{{sales}}*(1-{weight})+{guided}+group.capex_change"
    share = segments.capex_start_share(base, drivers, found.sales[0])
    lines.line("capex_start", "Share of sales at the start", "fraction", (first, share))
    done = done_by("group.capex_fade_years", "{p}{end}")
    faded = weights(drivers["group.capex_fade_years"], begins(group))
    lines.line("capex_moved", "Part of the move of the share done", "fraction", None, (done, faded))
    shares = tuple(c / s for c, s in zip(found.capex, found.sales, strict=True))
    now = base.capex / segments.group_sales(base)
    moving = moves("{t}{capex_start}", "group.capex_stable", "capex_moved")
    trailing = ("start.capex/{t}{sales}", now)
    lines.line("capex_share", "Capital expenditure, share of sales", "fraction", trailing, (moving, shares))
    spent = "{c}{sales}*{c}{capex_share}"
    lines.line("capex", "Capital expenditure", "usd_bn", ("start.capex", base.capex), (spent, found.capex))
    worn = "{p}{depreciation}*(1-{c}{step}/group.asset_life)+{c}{capex}*{c}{step}/group.asset_life"
    start = ("start.depreciation", base.depreciation)
    lines.line("depreciation", "Depreciation", "usd_bn", start, (worn, found.depreciation))


def _small_items(lines: Lines, group: Group) -> None:
    """Stock compensation and other operating cash: shares of sales on their way to stable ones."""
    base, found, drivers = group.base, group.projection, group.drivers
    now = segments.group_sales(base)
    converged = weights(drivers["group.convergence_years"], group.times)
    done = done_by("group.convergence_years", "{c}{end}")
    lines.heading("Stock compensation and other operating cash")
    lines.line("moved", "Part of the move of these shares done", "fraction", None, (done, converged))
    other = segments.other_cash(base, drivers["tax.effective"])
    earned = "{t}{income}*(1-{t}{tax})+start.depreciation+start.stock_compensation"
    rest = f"start.free_cash_flow-({earned}-start.capex)"
    items = {
        "stock": ("Stock compensation", "group.stock_compensation_stable", "start.stock_compensation",
                  base.stock_compensation, found.stock_compensation),
        "other": ("Other operating cash", "group.other_cash_stable", rest, other, _other(group)),
    }  # fmt: skip
    for key, (label, stable, formula, amount, path) in items.items():
        shares = tuple(a / s for a, s in zip(path, found.sales, strict=True))
        moving = moves(f"{{t}}{{{key}_share}}", stable, "moved")
        start = (f"({formula})/{{t}}{{sales}}", amount / now)
        lines.line(f"{key}_share", f"{label}, share of sales", "fraction", start, (moving, shares))
        lines.line(key, label, "usd_bn", (formula, amount), (f"{{c}}{{sales}}*{{c}}{{{key}_share}}", path))


def _other(group: Group) -> Path:
    """Other operating cash by year: the share moves linearly, as all of the smaller shares do."""
    base, found, drivers = group.base, group.projection, group.drivers
    today = segments.other_cash(base, drivers["tax.effective"]) / segments.group_sales(base)
    years = drivers["group.convergence_years"]
    shares = fade_rates(today, drivers["group.other_cash_stable"], years, group.times)
    return tuple(sales * share for sales, share in zip(found.sales, shares, strict=True))


def _cash(lines: Lines, group: Group) -> None:
    base, found = group.base, group.projection
    lines.heading("Cash and shares")
    flow = "{c}{income}*(1-{c}{tax})+{c}{depreciation}+{c}{stock}+{c}{other}-{c}{capex}"
    start = ("start.free_cash_flow", base.free_cash_flow)
    label = "Free cash flow as the company defines it"
    lines.line("flow", label, "usd_bn", start, (flow, found.free_cash_flow))
    balance, leases = group.market.balance, group.leases
    net = net_assets_path(found, balance, cash="today", leases=leases)[0]
    owed = "start.cash+start.securities-start.debt-IF(bridge.leases_as_debt<>0,start.leases,0)"
    if balance.stakes:
        owed += "+start.stake*bridge.anthropic_to_carried"
    grown = net_assets_path(found, balance, leases=leases)
    label = "Cash, securities and stakes less debt"
    lines.line("net_assets", label, "usd_bn", (owed, net), ("{p}{net_assets}+{c}{flow}*{c}{step}", grown))
    shares = group.edition.shares.number
    ahead = "{t}{shares}*(1+shares.change)^{c}{end}"
    lines.line("shares", "Shares outstanding", "million", ("start.shares", shares), (ahead, group.shares))
