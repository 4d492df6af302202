"""What an edition says in a few numbers, kept when it is published and compared with what it says now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.data import Edition
from analysis.data.problems import Problem, stop_on
from analysis.data.reads import shown
from analysis.data.scenarios import STORIES
from analysis.data.vintages import (
    ASSUMPTIONS,
    BANDS,
    CASES,
    FORECASTS,
    Vintage,
    load_vintages,
    vintage_file,
)
from analysis.data.yaml_files import write_new
from analysis.figures import Figure
from analysis.model.parts.market_value import METHODS
from analysis.valuation.dcf import intrinsic
from analysis.valuation.group import METHOD_LABELS, Group, open_group
from analysis.valuation.near import near_forecasts
from analysis.valuation.odds import simulate_odds
from analysis.valuation.parts import value_today

MONEY_DIGITS, ODDS_DIGITS = 3, 5
_COMMENT = (
    "# What the edition {label} said when it was published. Never edited: where the code says something\n"
    "# else by now, the track record shows both. Money in USD billions; values are those at the horizon.\n"
)


@dataclass(frozen=True)
class Revision:
    """One output of a vintage, as published and as the code computes it now."""

    vintage: Vintage
    name: str
    published: float
    now: Figure

    @property
    def change(self) -> float:
        """Now less then, to the digits that are kept; nil within them."""
        digits = _digits(self.name)
        change = round(self.now.number, digits) - self.published
        return 0.0 if abs(change) <= 0.51 * 10**-digits else change

    @property
    def title(self) -> str:
        """The output in words."""
        kind, *rest = self.name.split(".")
        if kind == FORECASTS:
            quarter, part, end = rest
            return f"{'AWS' if part == 'aws' else part.capitalize()} sales in {quarter}, {end}"
        if kind == "odds":
            target, chance = rest
            return f"Odds to {'touch' if chance == 'touched' else 'be above'} ${target}"
        year = self.vintage.horizon.year
        if kind == "values_usd_bn":
            scenario, method = rest
            ways = {str(way): METHOD_LABELS[way].split(" ×")[0] for way in METHODS}
            return f"{scenario.capitalize()} {year}, {ways.get(method, 'three ways weighted')}"
        names = {
            "market_value_usd_bn": "Market value",
            "sum_of_the_parts_usd_bn": "Sum of the parts today",
            "discounted_cash_flow_usd_bn": "Discounted cash flow today",
        }
        return ", ".join([names[kind], *rest])


def headline(edition: Edition) -> dict[str, object]:
    """The outputs that a vintage keeps, nested as in its file, as figures; odds are the base scenario's."""
    groups = {name: open_group(edition, name) for name in STORIES}
    base = groups["base"]
    horizon = max(target.horizon for target in edition.targets)
    odds, parts = simulate_odds(base), value_today(base).equity
    return {
        "edition": edition.label,
        "cut_off": edition.cutoff,
        "horizon": horizon,
        "market_value_usd_bn": edition.market_value,
        "values_usd_bn": {name: _values(group) for name, group in groups.items()},
        "odds": {
            target.name: {
                "above": odds.odds_figure(target.name),
                "touched": odds.odds_figure(target.name, touch=True),
            }
            for target in edition.targets
        },
        "sum_of_the_parts_usd_bn": {case: getattr(parts, case) for case in CASES},
        "discounted_cash_flow_usd_bn": {
            name: intrinsic(group.traced).equity for name, group in groups.items()
        },
        FORECASTS: {
            each.quarter: {
                part.part: {"low": part.low, "value": part.value, "high": part.high}
                for part in made
                if part.quarter == each.quarter
            }
            for made in (near_forecasts(edition),)
            for each in made
        },
    }


def record(edition: Edition) -> Path:
    """Keep the headline outputs of an edition that is being published, and what it assumed; returns the file.

    Raises ``DataError`` if there is one already: what was published is not written again.
    """
    relative = vintage_file(edition.label)
    file = edition.root / relative
    assumed = {
        name: {end: float(getattr(driver, end)) for end in BANDS}
        for name, driver in edition.drivers("base").items()
    }
    text = _COMMENT.format(label=edition.label) + yaml.safe_dump(_rounded(headline(edition)), sort_keys=False)
    text += yaml.safe_dump({ASSUMPTIONS: assumed}, sort_keys=False, default_flow_style=None)  # one to a line
    file.parent.mkdir(exist_ok=True)
    try:
        write_new(file, text)
    except FileExistsError:
        wrong = "was published already and is never edited"
        stop_on([Problem(shown(edition.root, relative), "(file)", wrong, "an edition without a vintage")])
    return file


def vintages(edition: Edition) -> tuple[Vintage, ...]:
    """The vintages of the editions published by this one's cut-off; raises ``DataError``."""
    problems: list[Problem] = []
    found = load_vintages(edition.root, edition.cutoff, problems)
    stop_on(problems)
    return found


def revisions(edition: Edition, vintage: Vintage) -> tuple[Revision, ...]:
    """Each output of a vintage beside what the code makes of the same edition now."""
    now = flat(headline(edition.earlier(vintage.edition)))
    return tuple(
        Revision(vintage, name, published, now[name])
        for name, published in vintage.outputs.items()
        if name in now
    )


def flat(nested: Mapping[str, object], above: str = "") -> dict[str, Figure]:
    """The figures of a nested mapping by dotted name.

    >>> {name: str(each) for name, each in flat({"odds": {"4T": Figure(0.3, "fraction", "Odds")}}).items()}
    {'odds.4T': '30.0%'}
    """
    found: dict[str, Figure] = {}
    for name, value in nested.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{above}{name}.")
        elif isinstance(value, Figure):
            found[f"{above}{name}"] = value
    return found


def _values(group: Group) -> dict[str, Figure]:
    year = group.horizon_year
    return {"blended": group.value_figure(year)} | {way: group.value_figure(year, way) for way in METHODS}


def _rounded(nested: Mapping[str, object], above: str = "") -> dict[str, object]:
    """The same with plain numbers, to the digits that are kept."""
    return {
        name: _rounded(value, f"{above}{name}.")
        if isinstance(value, Mapping)
        else round(value.number, _digits(f"{above}{name}"))
        if isinstance(value, Figure)
        else value
        for name, value in nested.items()
    }


def _digits(name: str) -> int:
    return ODDS_DIGITS if name.startswith("odds.") else MONEY_DIGITS
