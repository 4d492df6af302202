"""What an article claimed: records of an article, its claims and their numbers, as read from ``data/``.

Nothing here is judged. Expressions are texts in the language of :mod:`analysis.articles.expressions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from analysis.articles.grade import RELATIONS, Relation, Unchecked
from analysis.articles.periods import Period
from analysis.articles.printed import Printed, ordinal, units
from analysis.figures import Figure, Source

TOPICS: Mapping[str, str] = {
    "aws": "AWS",
    "chips": "chips",
    "robotics": "robots",
    "advertising": "advertising",
    "capex": "capital spending",
    "cash": "cash flow",
    "peers": "peers",
    "projection": "projection",
    "valuation": "valuation",
    "risk": "risks",
}

Nature = Literal["fact", "forecast", "assumption", "opinion"]
NATURES: tuple[Nature, ...] = ("fact", "forecast", "assumption", "opinion")
"""What a claim is: only a fact is graded as it stands; a plan that was announced is a fact about the plan."""

# Why a claim may have failed, and how that is said in a few words.
SLIPS: Mapping[str, str] = {
    "stale_period": "a stale period",
    "quarter_for_year": "a quarter's figure for the year's",
    "year_for_quarter": "a year's figure for the quarter's",
    "net_for_operating": "net for operating income",
    "run_rate_for_revenue": "a run-rate for revenue",
    "trailing_for_forward": "a trailing multiple called forward",
    "part_for_whole": "a part for the whole",
    "own_inputs": "its own other numbers, not reported ones",
    "own_inputs_disagree": "its own inputs disagree",
    "performance_for_cost": "performance per dollar for cost",
    "profit_for_sales": "true of profit, not of sales",
    "sales_for_profit": "true of sales, not of profit",
    "sales_for_value": "true of sales, not of market value",
    "wrong_start": "a starting point that does not fit",
    "definition": "another definition",
    "no_basis": "no basis in the figures",
}


@dataclass(frozen=True)
class BandRecord:
    """A wider band as written: a fraction of the claim, a distance from it, or two expressions."""

    why: str
    within: float | None = None
    plus_minus: Printed | None = None
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True)
class Number:
    """One number of a claim: what was printed, in which relation, and what is computed for it.

    Where nothing is, ``unchecked`` says whether anybody could, and ``why``.
    ``words`` is the article's word where it printed no number and one was put in its place.
    """

    printed: tuple[Printed, ...]
    relation: Relation
    measure: str
    computed: str | None
    unchecked: Unchecked | None
    why: str | None
    band: BandRecord | None
    words: str | None

    @property
    def rule(self) -> str:
        """The claimed number with its relation: ``more than 70%``; an implied one after the words."""
        joined = " and " if self.relation == "between" else ""
        said = joined.join(printed.shown for printed in self.printed)
        number = f"{RELATIONS[self.relation]} {said}".strip()
        if self.words is None:
            return number
        return self.words if self.relation == "is" else f"{self.words} ({number})"

    @property
    def shown(self) -> str:
        """The same for a reader: words alone where the number says no more, and 3rd for a rank."""
        if self.words is not None and (self.is_rank or all(_is_even(each) for each in self.printed)):
            return self.words
        return ordinal(self.printed[0].value) if self.is_rank else self.rule

    @property
    def is_rank(self) -> bool:
        """Whether what is computed is a place among others."""
        return self.measure.startswith("Rank of ") and self.relation != "is"


def _is_even(printed: Printed) -> bool:
    """Whether a bound only parts more from less: a difference of nothing, or once as much."""
    return printed.unit != "text" and printed.value == (1 if printed.unit == "x" else 0)


@dataclass(frozen=True)
class Shown:
    """A number to show in a sentence: an expression, and the unit to print its result in."""

    computed: str
    unit: str


@dataclass(frozen=True)
class Explanation:
    """A candidate for what is behind a claim that fails.

    With ``computed`` it applies only if that expression gives what number ``of`` printed; without, it is
    the author's sentence. ``with_`` names further numbers that the sentence shows.
    """

    kind: str
    sentence: str
    computed: str | None
    of: int
    with_: Mapping[str, Shown]


@dataclass(frozen=True)
class SinceThen:
    """A number, such as the same thing by later figures, and the sentence that shows it as ``found``."""

    found: Shown
    sentence: str


@dataclass(frozen=True)
class Forecast:
    """When a claim about the future falls due, how it is scored then, what it needs until then.

    ``outcome`` is compared with the claim's number ``of``, in the same relation.
    """

    due: date
    outcome: str | None
    of: int
    needs: SinceThen | None


@dataclass(frozen=True)
class Stake:
    """What hangs on a claim: an expression for market value in USD billions, and a few words for it."""

    headline: str
    computed: str


@dataclass(frozen=True)
class Claim:
    """One thing an article asserted, in our words, with its numbers or the reason why it has none."""

    id: str
    topic: str
    nature: Nature
    chapters: tuple[str, ...]
    text: str
    period: Period
    numbers: tuple[Number, ...]
    unchecked: Unchecked | None
    why: str | None
    behind: tuple[Explanation, ...]
    since_then: SinceThen | None
    forecast: Forecast | None
    translation_slip: str | None
    stake: Stake | None

    @property
    def shown(self) -> str:
        """The claimed numbers; empty where only words were claimed."""
        return "; ".join(number.shown for number in self.numbers)


@dataclass(frozen=True)
class ModelInput:
    """A number of an article's model, or an assumption put in where the article names none.

    ``assumed`` says why it was chosen; it is empty for the article's own numbers.
    """

    name: str
    label: str
    printed: Printed
    assumed: str | None


@dataclass(frozen=True)
class ReproductionRecord:
    """What an article's file says of a reproduction of its model: a title, and a sentence with figures."""

    title: str
    finding: str


@dataclass(frozen=True)
class Article:
    """An article: what it is, what it argues, its model's inputs, its reproductions and its claims."""

    slug: str
    letter: str
    title: str
    short: str
    kind: str
    language: str
    dated: str
    published: date
    judged_as_of: str
    argument: str
    inputs: tuple[ModelInput, ...]
    claims: tuple[Claim, ...]
    reproductions: Mapping[str, ReproductionRecord] = field(default_factory=dict)
    path: str = ""

    def source(self, place: str) -> Source:
        """The article as the source of a number, at a place in its file."""
        return Source(self.document, self.published, None, self.path, place, "article_claim")

    @property
    def figure(self) -> Figure:
        """The article's title as a figure, so that what is counted over its claims leads to its file."""
        return Figure(self.title, "text", self.short, self.source("claims"))

    @property
    def document(self) -> str:
        """How the article is cited."""
        return f"{self.kind}, “{self.title}”, {self.dated}"

    def input_figures(self) -> dict[str, Figure]:
        """Every model input as a figure by name; what was assumed for the article is marked so."""
        figures = {}
        for item in self.inputs:
            source = self.source(f"model.{item.name}")
            if item.assumed is not None:
                note, where = item.assumed, f"model.{item.name}"
                source = Source(
                    "assumption of this report", self.published, None, self.path, where, "assumption", note
                )
            figures[item.name] = Figure(item.printed.value, item.printed.in_figures, item.label, source)
        return figures

    def printed_figures(self) -> dict[str, tuple[Figure, ...]]:
        """The numbers that each claim prints, as figures, by the claim's id."""
        return {
            claim.id: tuple(
                Figure(
                    printed.value, printed.in_figures, f"claim {claim.id}", self.source(f"claims.{claim.id}")
                )
                for number in claim.numbers
                for printed in number.printed
                if units()[printed.unit].figure != "text"
            )
            for claim in self.claims
        }
