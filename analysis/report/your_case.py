"""The tool of the page "Your case": the whole blended model under a reader's own assumptions."""

from __future__ import annotations

from analysis.charts.case import Case, Tick, Told
from analysis.charts.hundred import Hundred, Target
from analysis.figures import Figure
from analysis.model.projection.growth import cagr
from analysis.report.calculators import Lever, slider
from analysis.report.case_model import CaseModel
from analysis.report.page import Page
from analysis.report.report import Report
from analysis.valuation.risks import priced

_COLOURS = {
    "aws_growth": "--c-blue",
    "aws_margin": "--c-blue",
    "advertising_growth": "--c-vermilion",
    "stores_margin": "--c-teal",
    "weight": "--ink-soft",
}


def your_case(page: Page, name: str) -> Case:
    """Sliders, risks, dots and what follows, at the report's scenario; all scenarios as presets."""
    report = page.report
    model = CaseModel(report)
    cases = report.scenarios
    settings = {each: model.settings(each) for each in cases}
    own = settings[report.scenario]
    levers = {each: lever for each, lever in _levers(report).items() if each in own}
    sliders = [
        lever.over(each, [known[each] for known in settings.values()], own[each])
        for each, lever in levers.items()
    ]
    ticks = [Tick(each.risk.key, each.risk.short, each.cost) for each in priced(report.group)]
    dots = {each: _dots(case) for each, case in cases.items()}
    made = Case(sliders, settings, _COLOURS, ticks, _results(cases), dots, report.scenario, model.script())
    placed: Case = page.put(name, made)  # type: ignore[assignment]  # there is one
    return placed


def _levers(report: Report) -> dict[str, Lever]:
    year = report.horizon
    return {
        "aws_growth": slider(f"AWS growth, a year to {year}", "fraction", step=0.001, lowest=0.0),
        "aws_margin": slider(f"AWS margin in {year}", "fraction", step=0.001),
        "advertising_growth": slider(
            f"Advertising growth, a year to {year}", "fraction", step=0.001, lowest=0.0
        ),
        "stores_margin": slider(f"Stores’ margin in {year}, without advertising", "fraction", step=0.001),
        "paid": slider("What investors pay for the same profit, base = 100%", "percent0", step=0.01,
                       low=0.4, high=1.8),
        "weight": slider("Weight of the base rate", "percent0", step=0.01, low=0.0, high=1.0),
    }  # fmt: skip


def share_of(case: Report) -> Figure:
    """What a share is worth at the horizon by the scenario's value."""
    value: Figure = case.value() / case.shares()[case.horizon] * 1000
    return value.named(f"A share at the end of {case.horizon}, {case.scenario} scenario", "usd")


def as_dear_as_today(case: Report) -> Figure:
    """The market value at the horizon at which a share costs what it does today."""
    value: Figure = case.edition.price * case.shares()[case.horizon] / 1000
    return value.named(f"Market value at the end of {case.horizon} at today’s share price", "usd_bn")


def _results(cases: dict[str, Report]) -> list[Told]:
    year = next(iter(cases.values())).horizon
    price = next(iter(cases.values())).edition.price
    shares = {name: share_of(case) for name, case in cases.items()}
    rises = {
        name: cagr(case.edition.price, shares[name], case.years_held).named(
            f"Return on a share a year to the end of {year}, {name} scenario", "fraction"
        )
        for name, case in cases.items()
    }
    found = [
        Told(
            "value", f"Market value, end of {year}", "usd_bn", {n: case.value() for n, case in cases.items()}
        ),
        Told("share", "A share then", "usd0", shares),
        Told("rate", "Return a year", "fraction", rises),
    ]
    for number, target in enumerate(next(iter(cases.values())).targets):
        above, touched = (
            {name: case.odds().odds_figure(_same(case, target), touch=touch) for name, case in cases.items()}
            for touch in (False, True)
        )
        found.append(Told(f"above{number}", f"End above {target}", "chance", above, touched))
    below = {name: case.odds().below_figure(as_dear_as_today(case)) for name, case in cases.items()}
    return [*found, Told("below", f"A share below today’s {price:usd0}", "chance", below)]


def _dots(case: Report) -> Hundred:
    odds = case.odds()
    marks = [
        Target(
            f"${target.name}",
            target.value_usd_bn,
            odds.odds_figure(target.figure),
            odds.odds_figure(target.figure, touch=True),
        )
        for target in sorted(case.edition.targets, key=lambda target: target.value_usd_bn)
    ]
    middles, touching = odds.hundredths(marks[0].level)
    lowest = marks[0]
    return Hundred(
        title=f"{round(100 * lowest.above.number)} of a hundred end {case.horizon} above {lowest.name}, "
        f"{round(100 * lowest.touched.number)} touch it on the way",
        drawn=f"Market value at the end of {case.horizon}, each dot one in a hundred of the simulations",
        values=middles.tolist(),
        touched=touching.tolist(),
        targets=marks,
        today=case.market_value,
        middle=odds.fan_figures([0.5])[0][case.horizon],
    )


def _same(case: Report, target: Figure) -> Figure:
    """The target as the case's own edition has it."""
    return next(each for each in case.targets if each.number == target.number)
