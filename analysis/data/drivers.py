"""Drivers: the assumptions of a scenario, each with value, range, reason and source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from analysis.data.problems import require_known
from analysis.figures import Figure, Source

# How a driver may be drawn, and which figure of the family its low, value and high can be.
FAMILIES = ("fixed", "uniform", "triangular", "pert", "normal", "lognormal", "skewed")
STATED_BY = ("low", "p10", "mean", "mode", "p50", "value", "p90", "high")
# The plausibility checks of a valuation that a scenario may waive with a written reason.
GATES = (
    "rate_over_growth",
    "terminal_share",
    "implied_roic",
    "growth_below_economy",
    "share_of_cloud",
    "share_of_gdp",
    *(f"steady_growth_{part}" for part in ("aws", "advertising", "stores")),
    *(f"steady_reinvestment_{part}" for part in ("aws", "advertising", "stores")),
    "grid_growth_and_margin",
    "grid_growth_and_multiple",
)


@dataclass(frozen=True)
class Review:
    """A later look at an assumption: the day, the numbers that stand from then on, and why.

    ``changes`` says whether any number is another than before, where the value was ``before``; an assumption
    that was looked at and left is a review too. Years that run from a day are counted from that day in both.
    """

    on: date
    value: float
    low: float
    high: float
    why: str
    changes: bool
    before: float


@dataclass(frozen=True)
class Driver:
    """One assumption: ``low`` ≤ ``value`` ≤ ``high`` in ``unit``, why, and on whose word.

    ``distribution`` says how it is drawn: its ``family``, and for ``low``, ``value`` and ``high`` the
    figure of the family that each is (``p10``, ``mode``, …); ``None`` if it is never drawn. ``set_on`` is the
    day the numbers were set, ``held_on`` that day or an earlier edition's cut-off; ``reviews`` are the later
    looks that the edition knows of, the first one first. ``counted_from`` is the day from which a number of
    years runs: it does not start again with each edition.
    """

    name: str
    label: str
    value: float
    unit: str
    low: float
    high: float
    why: str
    source: str
    path: str
    held_on: date
    distribution: Mapping[str, str] | None = None
    set_on: date = date.max
    reviews: tuple[Review, ...] = ()
    counted_from: date | None = None

    @cached_property
    def figure(self) -> Figure:
        """The value as a figure: an assumption of the scenario's file, dated the day it is held on."""
        place = f"drivers.{self.name}.value"
        source = Source(self.source, self.held_on, None, self.path, place, "assumption", self.why)
        return Figure(self.value, self.unit, self.label, source)


@dataclass(frozen=True)
class Correlation:
    """How the ranks of two drivers go together: Spearman's ``rho`` from −1 to 1, and why."""

    pair: tuple[str, str]
    rho: float
    why: str


@dataclass(frozen=True, eq=False)
class Drivers(Mapping[str, Driver]):
    """The drivers of one scenario by name, in the order of ``base``.

    ``set_on`` is the day the first assumptions were made; ``simulation`` holds the whole numbers that fix
    how odds are computed (``points``, ``replicates``, ``seed``). ``waivers`` maps the name of a
    plausibility check to the reason why the edition may fail it.
    """

    scenario: str
    story: str
    set_on: date
    by_name: Mapping[str, Driver]
    correlations: tuple[Correlation, ...] = ()
    simulation: Mapping[str, int] = field(default_factory=dict)
    waivers: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Driver:
        require_known(name, self.by_name, f"driver of the scenario {self.scenario!r}:")
        return self.by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)
