"""The plausibility checks of a discounted cash flow, with the limits and waivers of its scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from analysis.data import AbsentFigure, Edition, quarters
from analysis.data.check_sizes import VALUES
from analysis.data.findings import Finding, report_findings
from analysis.data.problems import Problem
from analysis.data.vintages import Vintage, load_vintages
from analysis.figures import Figure, total
from analysis.model._inputs import Number
from analysis.model.dcf import plausibility
from analysis.model.dcf.free_cash_flow import OperatingLines, own_reinvestment
from analysis.model.dcf.plausibility import GateResult, ImplausibleValuation
from analysis.model.dcf.terminal_value import ValueDriver, terminal_base
from analysis.model.projection.segments import DRIVERS_OF, parts_today
from analysis.valuation.dcf import Intrinsic, intrinsic, opening_capital
from analysis.valuation.group import Group, open_group
from analysis.valuation.inputs import latest_period_end
from analysis.valuation.parts import NAMES

CLOUD_MARKET = "Cloud infrastructure market"
SPENDING = "synergy_spend"
FAR = 1.5  # times the edition before: by then a figure, a price or an assumption has changed its size
LABELS: Mapping[str, str] = {
    "rate_over_growth": "Cost of capital less growth, after the forecast",
    "terminal_share": "Share of the value after the forecast",
    "implied_roic": "Return on capital in the last year",
    "growth_below_economy": "Growth after the forecast, against the risk-free rate",
    "share_of_cloud": "AWS as a share of spending on cloud infrastructure",
    "share_of_gdp": "Sales over gross domestic product in the last year",
    **{
        f"steady_{what}_{part}": f"{NAMES[part]}: {words}"
        for part in ("aws", "advertising", "stores")
        for what, words in (
            ("growth", "growth of the last year less that after it"),
            ("reinvestment", "share of profit put back in the last year less that after it"),
        )
    },
    "grid_growth_and_margin": "Grid of growth and margin: least change along an axis",
    "grid_growth_and_multiple": "Grid of growth and multiple: least change along an axis",
}


def enforced(value: Intrinsic) -> tuple[GateResult, ...]:
    """Every check with its result; raises ``ImplausibleValuation`` if one fails that nobody waived."""
    return with_waivers(value.group, check(value))


def with_waivers(group: Group, results: Sequence[GateResult]) -> tuple[GateResult, ...]:
    """The results with the waivers of a group's scenario noted.

    Raises ``ImplausibleValuation``, which says what would waive it, if one fails that nobody waived.
    """
    edition, scenario = group.edition, group.scenario
    names = {result.name for result in results}
    waivers = {name: why for name, why in edition.drivers(scenario).waivers.items() if name in names}
    try:
        return plausibility.enforce(results, waivers)
    except ImplausibleValuation as found:
        failed = (
            replace(gate, reason=f"{gate.reason} (expected {_way_out(scenario, gate, edition.record.path)})")
            for gate in found.failures
        )
        raise ImplausibleValuation(tuple(failed)) from None


def _way_out(scenario: str, gate: GateResult, file: str) -> str:
    """What an author does about a check that fails under a scenario."""
    waiver = f'`waivers: {{{scenario}: {{{gate.name}: "why it is shown all the same"}}}}`'
    return f"a look at the assumptions of data/scenarios/{scenario}.yml, or in {file} {waiver}"


LIMITS: Mapping[str, str] = {
    "rate_over_growth": "gate.rate_over_growth",
    "terminal_share": "gate.terminal_share",
    "implied_roic": "gate.roic_least and gate.roic_most",
    "growth_below_economy": "dcf.risk_free_rate",
    "share_of_cloud": "gate.cloud_share",
    "share_of_gdp": "gate.gdp_share",
    **{name: f"gate.{name.rpartition('_')[0]}" for name in LABELS if name.startswith("steady_")},
}
"""The driver that sets each check's limit."""


def failures(edition: Edition) -> list[Problem]:
    """Every check that fails under any scenario without a waiver, with what would waive it.

    Problems too are a waiver of a check that passes, a value at the horizon of another size than the edition
    before published, until it is acknowledged, and a figure without which no value follows.
    """
    found: list[Problem] = []
    groups: dict[str, Group] = {}
    path = edition.record.path
    before = load_vintages(edition.root, edition.cutoff - timedelta(days=1), found)
    for scenario in edition.scenarios():
        drivers = edition.drivers(scenario)
        try:
            group = open_group(edition, scenario)
            results = check(intrinsic(group))
            groups[scenario] = group
        except AbsentFigure as absent:
            return [Problem(path, "quarter", f"{absent}, and nothing can be valued without it", "the figure")]
        for result in results:
            if result.passed and result.name in edition.record.waivers.get(scenario, {}):
                wrong = "waives a check that passes"
                field = f"waivers.{scenario}.{result.name}"
                found.append(Problem(path, field, wrong, "only checks that the edition fails"))
            if result.passed or result.name in drivers.waivers:
                continue
            driver = LIMITS[result.name]
            wrong = (
                f"{LABELS[result.name]}, under the scenario {scenario}, is {float(result.value):.4g},"
                f" and {driver} allows {float(result.limit):.4g}"
            )
            expected = _way_out(scenario, result, "this file")
            found.append(Problem(path, f"waivers.{scenario}.{result.name}", wrong, expected))
    named = edition.record.acknowledged
    known = {name: value for name, value in named.items() if name.startswith(VALUES)}
    report_findings(_moved_far(groups, before[-1]) if before else (), known, path, found)
    return found


def _moved_far(groups: Mapping[str, Group], before: Vintage) -> Iterator[Finding]:
    """The base scenario's value where it is far from what the edition before published, and others beside it.

    What moves all scenarios alike is told once.
    """
    moved = {}
    for scenario, group in groups.items():
        then = before.outputs.get(f"{VALUES}{scenario}.blended")
        if then:
            now = round(float(group.values[group.index_of(group.horizon_year)]))
            moved[scenario] = (now, then, now / then)
    common = moved["base"][2] if "base" in moved else 1.0
    for scenario, (now, then, times) in moved.items():
        beside = times if scenario == "base" else times / common
        if not 1 / FAR <= beside <= FAR:
            how = f"{times:.2f} times the {then:.0f} that {before.edition} published"
            how += "" if scenario == "base" else f", the base scenario {common:.2f} times"
            path = groups[scenario].edition.record.path
            yield Finding(path, f"{VALUES}{scenario}", float(now), (how,))


def check(value: Intrinsic) -> tuple[GateResult, ...]:
    """Every check that the edition's figures allow; AWS's share only where the market's size was public."""
    drivers, group = value.group.drivers, value.group
    invested = list(value.by_year("reinvestment").values())
    capital = group.held(opening_capital(group)) + sum(invested[:-1])
    found = [
        plausibility.rate_over_growth(
            drivers["dcf.cost_of_capital_stable"],
            drivers["dcf.growth_stable"],
            minimum=drivers["gate.rate_over_growth"],
        ),
        plausibility.terminal_share(
            value.present_terminal, value.operations, maximum=drivers["gate.terminal_share"]
        ),
        plausibility.implied_roic(
            value.last("nopat"),
            capital,
            minimum=drivers["gate.roic_least"],
            maximum=drivers["gate.roic_most"],
        ),
        plausibility.growth_below_economy(drivers["dcf.growth_stable"], drivers["dcf.risk_free_rate"]),
        plausibility.share_of_gdp(
            value.last("sales"), product_in_last_year(value), maximum=drivers["gate.gdp_share"]
        ),
    ]
    found += steady_state(value)
    market = cloud_market_at_horizon(value)
    if market is not None:
        sales = group.projection.parts["aws"].sales[group.index_of(group.horizon_year)]
        found.append(
            plausibility.share_of_market(sales, market, maximum=drivers["gate.cloud_share"], name="cloud")
        )
    return tuple(found)


def steady_state(value: Intrinsic) -> list[GateResult]:
    """Whether each part's forecast ends as its terminal value begins; of what is put back, if it earns."""
    drivers, found = value.group.drivers, []
    today = parts_today(value.group.base, drivers)
    for part, valuation in value.valuation.parts.items():
        terminal = value.terminal[part]
        if not isinstance(terminal, ValueDriver) or part not in today:
            continue  # a multiple states neither, and parts valued as one have no growth of their own
        lines, name = valuation.lines, DRIVERS_OF[part]
        sales = (today[part].sales, *lines.sales)
        growth = sales[-1] / sales[-2] - 1
        found.append(
            plausibility.steady_growth(
                growth, terminal.growth, maximum=drivers["gate.steady_growth"], name=name
            )
        )
        if float(lines.nopat[-1]) > 0:
            found.append(
                plausibility.steady_reinvestment(
                    lines.reinvestment[-1] / lines.nopat[-1],
                    share_put_back(lines, terminal),
                    maximum=drivers["gate.steady_reinvestment"],
                    name=name,
                )
            )
    return found


def share_put_back(lines: OperatingLines, terminal: ValueDriver) -> Number:
    """What is put back of the profit of the first year after the forecast, growth ÷ return on new capital."""
    profit = terminal_base(lines.nopat[-1], terminal.growth, flow=terminal.flow)
    own, stable = own_reinvestment(lines, terminal) / profit, terminal.growth / terminal.roic
    years = float(terminal.fade_years)
    return own + (stable - own) / terminal.fade_years if years else stable


def product_in_last_year(value: Intrinsic) -> Number:
    """Gross domestic product in the last forecast year, grown from the day the assumptions were set."""
    group = value.group
    end = latest_period_end(group.edition)
    last = end.replace(year=end.year + value.conventions.years)
    years = (last - group.edition.drivers(group.scenario)["economy.gdp"].set_on).days / 365.25
    return group.drivers["economy.gdp"] * (1 + group.drivers["economy.growth"]) ** years


def cloud_market_at_horizon(value: Intrinsic) -> Number | None:
    """Spending on cloud infrastructure in the targets' year as assumed; ``None`` if never public."""
    try:
        spending, quarter = cloud_market(value.group.edition)
    except AbsentFigure:
        return None
    horizon = date(value.group.horizon_year, 12, 31)
    years = (horizon - quarters.period_end(quarter)).days / 365.25
    growth = value.group.drivers["economy.cloud_market_growth"]
    return value.group.held(spending) * (1 + growth) ** years


def cloud_market(edition: Edition) -> tuple[Figure, str]:
    """Spending over the latest four consecutive quarters that are public, and the last of them."""
    frame = edition.observations("cloud")
    rows = frame[(frame["entity"] == CLOUD_MARKET) & (frame["metric"] == SPENDING)]
    known = {str(period) for period in rows["period"] if quarters.is_quarter(period)}
    for last in sorted(known, reverse=True):
        four = [quarters.add(last, -back) for back in (3, 2, 1, 0)]
        if known.issuperset(four):
            spent = [
                edition.observation("cloud", entity=CLOUD_MARKET, metric=SPENDING, period=period)
                for period in four
            ]
            return total(spent, f"Spending on cloud infrastructure, four quarters to {last}"), last
    raise AbsentFigure("spending on cloud infrastructure: no four consecutive quarters are public")
