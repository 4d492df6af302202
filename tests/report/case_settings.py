"""Settings of "Your case" as a report with changed assumptions, by a way of its own: a solver, one by one."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from scipy.optimize import brentq

from analysis.report import Report
from analysis.report.case_model import CaseModel, level
from analysis.valuation.group import with_drivers
from analysis.valuation.risks import shocked
from tests.notebooks import run

RANGES = {
    "aws_growth": (0.05, 0.32),
    "aws_margin": (0.2, 0.45),
    "advertising_growth": (0.06, 0.25),
    "stores_margin": (0.0, 0.06),
    "paid": (0.45, 1.7),
    "weight": (0.0, 1.0),
}
DRIVERS = {
    "aws_growth": "aws.growth_change",
    "aws_margin": "aws.margin_change",
    "advertising_growth": "advertising.growth_change",
    "stores_margin": "stores.margin_change",
    "weight": "base_rate.weight",
}
MULTIPLES = (
    "exit.multiple_aws",
    "exit.multiple_advertising",
    "exit.multiple_stores",
    "exit.price_to_earnings",
)


def settings(model: CaseModel, chosen: random.Random) -> tuple[dict[str, float], list[str]]:
    """Some sliders moved to anywhere that they reach, and some risks."""
    page = run("your-case", model.report.edition.label, model.report.scenario)
    sliders = {each.name: each for each in page.parts["case"].sliders}
    known = [name for name in RANGES if name in sliders]
    moved = {
        name: round(
            chosen.uniform(max(RANGES[name][0], sliders[name].min), min(RANGES[name][1], sliders[name].max)),
            3,
        )
        for name in chosen.sample(known, chosen.randint(1, len(known)))
    }
    risks = [risk.key for risk in model.report.edition.risks()]
    return moved, chosen.sample(risks, chosen.choice((0, 0, 1, 3)))


def changed(case: Report, model: CaseModel, moved: Mapping[str, float], risks: Sequence[str]) -> Report:
    """The report of a scenario with the sliders moved and the risks on top."""
    plain = case.group.plain
    changes: dict[str, float] = {}
    for slider, wanted in moved.items():
        if slider == "paid":
            factor = wanted / model.paid(case.scenario)
            changes |= {name: plain.drivers[name] * factor for name in MULTIPLES}
            changes["exit.price_to_sales_change"] = (
                1 + plain.drivers["exit.price_to_sales_change"]
            ) * factor - 1
        elif slider == "weight":
            changes[DRIVERS[slider]] = wanted
        else:
            name = DRIVERS[slider]

            def miss(value: float, name: str = name, slider: str = slider, wanted: float = wanted) -> float:
                return float(level(with_drivers(plain, {name: value}), slider)) - wanted

            changes[name] = float(brentq(miss, -0.6, 0.8, xtol=1e-14))
    known = {risk.key: risk for risk in case.edition.risks()}
    found = case.change(changes)
    return Report(found.edition, shocked(found.group, [known[key] for key in risks]))
