"""The blended model of "Your case" as a script: the kernels written out, and what the draws are made from.

Nothing is approximated on the way: the browser draws the same Sobol nets by the same numbers, so that its
simulations are those of :func:`analysis.valuation.odds.simulate_odds` for a report whose assumptions were
changed. What differs is that inverse distributions are read off a coarser table.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from analysis.charts.traced import Program, Trace
from analysis.model._inputs import Number
from analysis.model.odds.distributions import Normal
from analysis.model.odds.first_passage import touched_by
from analysis.model.odds.monte_carlo import Plan, net_of
from analysis.model.parts.market_value import MULTIPLES, TO_SALES
from analysis.model.projection.growth import cagr
from analysis.report.report import Report
from analysis.valuation.group import Group, with_drivers
from analysis.valuation.odds import (
    SHOCK,
    WEIGHT,
    MarketKernel,
    daily_volatility,
    distributions,
    market_steps,
    moved_range,
    odds_plan,
    shock_widths,
    swings_of,
    years_to_horizon,
)
from analysis.valuation.spreads import Spread, growth_spreads, later_width, spread_growth, width

REACH = 6.5
"""The score at the ends of a table of a distribution's values."""
STEPS = 260
"""Of such a table; the error is below a thousandth of a distribution's width."""
PARTS: Mapping[str, tuple[str, str, str]] = {
    "aws_growth": ("aws", "sales", "aws.growth_change"),
    "aws_margin": ("aws", "margin", "aws.margin_change"),
    "advertising_growth": ("advertising", "sales", "advertising.growth_change"),
    "stores_margin": ("stores", "margin", "stores.margin_change"),
}
"""Sliders that say where a part of the business gets: the part, what of it, and the driver that they move."""


@dataclass(frozen=True)
class CaseModel:
    """A report's blended model under all its scenarios, to be run by a reader's browser."""

    report: Report

    @property
    def sliders(self) -> dict[str, str]:
        """The driver that each slider moves; what investors pay moves several."""
        parts = self.report.group.projection.parts
        known = {
            name: driver for name, (part, _, driver) in PARTS.items() if part in parts or part == "stores"
        }
        return {**known, "paid": "", "weight": WEIGHT}

    def settings(self, name: str) -> dict[str, float]:
        """Where the sliders stand in a scenario."""
        group = self.report.scenarios[name].group.plain
        levels = {slider: float(level(group, slider)) for slider in self.sliders if slider in PARTS}
        return {**levels, "paid": self.paid(name), "weight": float(group.drivers[WEIGHT])}

    def paid(self, name: str) -> float:
        """What investors pay in a scenario for the same sales and profit, that of base being 1.

        The factor on all multiples of the base scenario with which this one has its own value.
        """
        group, base = (self.report.scenarios[each].group.plain for each in (name, "base"))
        at = group.index_of(group.horizon_year)
        own = {each: base.drivers[each] for each in MULTIPLES}

        def value(factor: float) -> float:
            paid = {each: multiple * factor for each, multiple in own.items()}
            paid[TO_SALES] = (1 + base.drivers[TO_SALES]) * factor - 1
            return float(with_drivers(group, paid).values[at])

        one, two = value(1.0), value(2.0)
        return 1 + (float(group.values[at]) - one) / (two - one)

    @cached_property
    def changeable(self) -> tuple[str, ...]:
        """The drivers that sliders and risks move."""
        risks = [driver for risk in self.report.edition.risks() for driver in risk.changes]
        moved = [driver for driver in self.sliders.values() if driver]
        return tuple(sorted({*moved, *MULTIPLES, TO_SALES, *risks}))

    def scenario(self, name: str) -> ScenarioModel:
        """One scenario's draws and kernels."""
        return ScenarioModel(self, name)

    def script(self) -> str:
        """The script of the site: data and lines of JavaScript, as one function that a worker calls."""
        scenarios = {name: self.scenario(name) for name in self.report.scenarios}
        simulation = self.report.edition.drivers(self.report.scenario).simulation
        nets: list[str] = []
        tables: list[str] = []
        told = {
            "points": simulation["points"],
            "replicates": simulation["replicates"],
            "reach": REACH,
            "targets": [float(target) for target in self.report.targets],
            "price": self.report.edition.price.number,
            "years": self.report.years_held.number,
            "multiples": MULTIPLES,
            "changes": [TO_SALES],
            "risks": {
                risk.key: [[driver, change.how, change.amount] for driver, change in risk.changes.items()]
                for risk in self.report.edition.risks()
            },
            "scenarios": {name: each.told(nets, tables) for name, each in scenarios.items()},
        }
        data = json.dumps({**told, "nets": nets, "tables": tables}, separators=(",", ":"), sort_keys=True)
        programs = ",\n".join(f"{json.dumps(name)}:{{{each.lines()}}}" for name, each in scenarios.items())
        return (
            "// Written by the build: the kernels of analysis/model, and what their draws are made from.\n"
            "window.report = window.report ?? {};\n"
            f"window.report.caseModel = () => ({{ data: {data}, programs: {{\n{programs}\n}} }});\n"
        )


class ScenarioModel:
    """One scenario's draws and kernels: ``known`` of the drivers alone, ``draws`` of each simulation."""

    def __init__(self, model: CaseModel, name: str) -> None:
        self.model, self.name = model, name
        self.case = model.report.scenarios[name]
        self.group = self.case.group.plain
        last = self.group.index_of(self.group.horizon_year)
        self.years = self.group.years[: last + 1]
        self.spreads = growth_spreads(self.group)
        self.plan = odds_plan(self.group, self.years, distributions(self.group, self.spreads))
        self.shocks = {part: f"{SHOCK}.{part}" for part in shock_widths(self.spreads)}
        self.drivers = {each: float(self.group.drivers[each]) for each in model.changeable}

    def told(self, nets: list[str], tables: list[str]) -> dict[str, Any]:
        """What the worker has to know of the scenario; nets and tables that others have too stand once."""
        simulation = self.case.edition.drivers(self.name).simulation
        shares = self.case.shares()[self.case.horizon].number
        rows = [
            {"mixed": _mixed(self.plan.factor[at])} | _drawn(distribution, tables)
            for at, distribution in enumerate(self.plan.distributions)
        ]
        return {
            "net": _once(_net(self.plan, simulation["replicates"], simulation["points"]), nets),
            "rows": rows,
            "drivers": self.drivers,
            "sliders": self.model.sliders,
            "paid": self.model.paid(self.name),
            "shares": shares,
            "level": self.case.edition.price.number * shares / 1000,
        }

    def lines(self) -> str:
        """Two functions: what follows from the drivers alone, and what from each draw."""
        lines, written = self.known.lines(lambda name: f"d[{json.dumps(name)}]")
        found = ",".join(f"{json.dumps(name)}:{text}" for name, text in written.items())
        return f'"known":(d)=>{{{"".join(lines)}return{{{found}}};}},\n{self._draws()}'

    @cached_property
    def known(self) -> Program:
        """From drivers to the value, where sliders stand, and what moves each driver's draws along."""
        trace = Trace()
        symbols = {name: trace.input(name) for name in self.drivers}
        group = with_drivers(self.group, symbols)
        outputs: dict[str, Any] = {"value": group.values[group.index_of(group.horizon_year)]}
        outputs |= {slider: level(group, slider) for slider in self.model.sliders if slider in PARTS}
        for name in self.drivers:
            if name in self.plan.names:
                outputs[f"A.{name}"], outputs[f"B.{name}"] = self._moved(name, group)
        for part, name in self.shocks.items():
            outputs[name] = self._shock_width(part, group)
        return Program(trace.inputs, outputs)

    def _moved(self, name: str, group: Group) -> tuple[Number, Number]:
        """The factor and the addition that take a driver's draws to where it was set."""
        value = group.drivers[name]
        spread = self.spreads.get(name)
        if spread is None:
            return moved_range(self.case.edition.drivers(self.name)[name], value)
        wider = _width(spread, group) / spread.sd
        return wider, value - wider * self.drivers[name]

    def _shock_width(self, part: str, group: Group) -> Number:
        spread = self.spreads[f"{part}.growth_change"]
        assert spread.missed_later is not None
        sd, growth = _width(spread, group), spread_growth(spread, group)
        return later_width(spread.missed, spread.missed_later, sd, growth, spread.fade_years)

    @cached_property
    def draws(self) -> Program:
        """From draws, and drivers that are not drawn, to the value at the horizon and what was touched."""
        trace = Trace()
        set_ = {name: trace.input(name) for name in self.drivers if name not in self.plan.names}
        group = with_drivers(self.group, set_)
        drawn = {**self.plan.fixed, **set_, **{name: trace.input(name) for name in self.plan.names}}
        steps = market_steps(group.edition.price_date, self.years)
        shocks = {part: trace.input(name) for part, name in self.shocks.items()}
        swings, fade = swings_of(group).number, years_to_horizon(group)
        kernel = MarketKernel(group, self.years, steps, swings, fade, shocks)
        worlds = kernel.worlds(drawn)
        daily = group.edition.once(daily_volatility).number
        outputs = {}
        for at, world in enumerate((worlds.model, worlds.prior)):
            outputs[f"ends[{at}]"] = world[-1]
            for number, target in enumerate(self.model.report.targets):
                touched = touched_by(world, group.market.value, float(target), volatility=daily, steps=steps)
                outputs[f"touched[{number}][{at}]"] = touched[-1]
        return Program(trace.inputs, outputs)

    def _draws(self) -> str:
        names = {name: at for at, name in enumerate(self.plan.names)}

        def given(name: str) -> str:
            if name in self.shocks.values():
                return f"known[{json.dumps(name)}]"
            if name not in names:
                return f"d[{json.dumps(name)}]"
            at = names[name]
            return f"a{at}*r{at}[i]+b{at}" if name in self.drivers else f"r{at}[i]"

        lines, written = self.draws.lines(given)
        before = "".join(f"const r{at}=D[{at}];" for at in names.values())
        for name, at in names.items():
            if name in self.drivers:
                key = json.dumps(name)[1:-1]
                before += f'const a{at}=known["A.{key}"],b{at}=known["B.{key}"];'
        before += "".join(f"const o{at}=found.{place};" for at, place in enumerate(written))
        after = "".join(f"o{at}[at+i]={text};" for at, text in enumerate(written.values()))
        return f'"draws":(D,known,d,n,at,found)=>{{{before}for(let i=0;i<n;i++){{{"".join(lines)}{after}}}}}'


def _width(spread: Spread, group: Group) -> Number:
    return width(spread.missed, spread.missed_later, spread_growth(spread, group), spread.fade_years)


def level(group: Group, slider: str) -> Number:
    """Where a slider stands in a group: a part's growth a year to the horizon, or its margin then."""
    name, line, _ = PARTS[slider]
    parts, at = group.projection.parts, group.index_of(group.horizon_year)
    part = parts[name] if name in parts else parts["retail"]
    if line == "margin":
        return part.margin[at]
    start = group.base.aws if name == "aws" else group.base.advertising
    assert start is not None
    return cagr(start.sales, part.sales[at], group.exit_years)


def _mixed(factors: Sequence[float]) -> list[list[float]]:
    """The shares of other drivers' scores in one driver's, those that are nil left out."""
    return [[at, float(share)] for at, share in enumerate(factors) if share]


def _drawn(distribution: Any, tables: list[str]) -> dict[str, Any]:
    if isinstance(distribution, Normal):
        return {"normal": [distribution.mean, distribution.sd]}
    values = distribution.at_score(np.linspace(-REACH, REACH, STEPS + 1))
    return {"table": _once(_text(values.astype("<f4")), tables)}


def _net(plan: Plan, replicates: int, points: int) -> str:
    """The first point of each net, and the numbers that double it up to the points that are drawn."""
    doublings = points.bit_length() - 1
    found = (net_of(plan, replicate) for replicate in range(replicates))
    rows = [np.concatenate([first[:, None], steps[:, :doublings]], axis=1) for steps, first in found]
    return _text(np.stack(rows).astype("<u4"))


def _text(array: Any) -> str:
    return base64.b64encode(array.tobytes()).decode()


def _once(text: str, known: list[str]) -> int:
    if text not in known:
        known.append(text)
    return known.index(text)
