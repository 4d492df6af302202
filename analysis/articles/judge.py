"""Claims judged: each recomputed with what was public when its article appeared, and graded by the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from analysis.articles.context import Context
from analysis.articles.functions import compute
from analysis.articles.grade import UNCHECKED, Band, Grade, agrees, difference, grade_number, worst
from analysis.articles.loading import open_articles
from analysis.articles.periods import Period
from analysis.articles.printed import in_unit
from analysis.articles.records import SLIPS, Article, Claim, Explanation, Number, Shown, SinceThen
from analysis.articles.said import Said
from analysis.data import AbsentFigure, Edition, open_edition
from analysis.figures import Figure


@dataclass(frozen=True)
class JudgedNumber:
    """One number of a claim with what was computed for it; ``None`` where nothing could be."""

    number: Number
    computed: Figure | None
    difference: Figure | None
    band: Band | None
    grade: Grade


@dataclass(frozen=True)
class Score:
    """A forecast as it stands: ``open`` until its day, then graded as soon as the outcome is public."""

    state: str
    outcome: Figure | None
    grade: Grade | None
    needs: Said | None


@dataclass(frozen=True)
class JudgedClaim:
    """A claim with its grade, what is likely behind a failure, and what later figures say.

    ``cutoff`` is the last day whose figures it was judged with.
    """

    article: Article
    claim: Claim
    cutoff: date
    numbers: tuple[JudgedNumber, ...]
    grade: Grade
    behind: Said | None
    since_then: Said | None
    score: Score | None
    stake: Figure | None

    @property
    def reason(self) -> str | None:
        """Why the claim, or one of its numbers, could not be computed; ``None`` if all of it was."""
        reasons = [n.number.why for n in self.numbers if n.number.why]
        return self.claim.why or " ".join(dict.fromkeys(reasons)) or None

    def figures(self) -> tuple[Figure, ...]:
        """Every figure that the claim's entry shows."""
        said = [part for part in (self.behind, self.since_then) if part is not None]
        shown = [figure for part in said for figure in part.figures.values()]
        return (*(n.computed for n in self.numbers if n.computed is not None), *shown)


@dataclass(frozen=True)
class Judge:
    """Judges articles as a report of edition ``now`` may show them.

    ``opened`` are the editions, by label, that need not be opened to judge in them.
    """

    now: Edition
    articles: tuple[Article, ...]
    opened: dict[str, Edition]

    def open_then(self, label: str) -> Edition:
        """The edition in which an article's claims are judged, by its label."""
        if label not in self.opened:
            self.opened[label] = open_edition(label, self.now.root)
        return self.opened[label]

    def shown(self) -> tuple[Article, ...]:
        """The articles that had appeared by the edition's cut-off."""
        return tuple(article for article in self.articles if article.published <= self.now.cutoff)

    def claims(self, wanted: Callable[[Claim], bool] = lambda claim: True) -> tuple[JudgedClaim, ...]:
        """The wanted claims of all articles shown, judged, in the order of the articles."""
        chosen = [(article, claim) for article in self.shown() for claim in article.claims if wanted(claim)]
        for article, claim in chosen:
            if claim.id not in self._judged:
                self._judged[claim.id] = self.judge(article, claim)
        return tuple(self._judged[claim.id] for _, claim in chosen)

    @cached_property
    def _judged(self) -> dict[str, JudgedClaim]:
        """By the claim's id, which no two articles share."""
        return {}

    def context(self, article: Article, claim: Claim, edition: Edition) -> Context:
        """What the expressions of a claim can see in an edition."""
        return self.at(edition, claim.period, article)

    def at(self, edition: Edition, period: Period, own: Article | None = None) -> Context:
        """What expressions can see: model inputs as ``A.name``, and by name alone those of ``own``."""
        inputs = {
            f"{letter}.{name}": f for letter, figures in self._inputs.items() for name, f in figures.items()
        }
        own_inputs = self._inputs[own.letter] if own is not None else {}
        return Context(edition, period, inputs | own_inputs, self._printed)

    @cached_property
    def _inputs(self) -> dict[str, dict[str, Figure]]:
        return {article.letter: article.input_figures() for article in self.articles}

    @cached_property
    def _printed(self) -> dict[str, tuple[Figure, ...]]:
        return {claim: numbers for a in self.articles for claim, numbers in a.printed_figures().items()}

    def judge(self, article: Article, claim: Claim) -> JudgedClaim:
        """One claim, judged with the figures of its article's edition."""
        then = self.context(article, claim, self.open_then(article.judged_as_of))
        numbers = tuple(judge_number(number, then) for number in claim.numbers)
        parts = [number.grade for number in numbers]
        found = worst(parts if claim.unchecked is None else [*parts, claim.unchecked])
        scored = score(claim, self.context(article, claim, self.now))
        grade = standing(claim, found, scored)
        return JudgedClaim(
            article=article,
            claim=claim,
            cutoff=then.edition.cutoff,
            numbers=numbers,
            grade=grade,
            behind=explain(claim, numbers, then) if found == "does not hold" else None,
            since_then=self._since(article, claim, then),
            score=scored,
            stake=_stake(claim, then) if grade == found == "does not hold" else None,
        )

    def _since(self, article: Article, claim: Claim, then: Context) -> Said | None:
        if claim.since_then is None or self.now.cutoff <= then.edition.cutoff:
            return None
        try:
            return say(claim.since_then, self.context(article, claim, self.now))
        except AbsentFigure:  # the later figure was not public by this edition's cut-off either
            return None


def open_judge(now: Edition, root: Path | None = None) -> Judge:
    """The judge for a report of edition ``now``; raises ``DataError`` for articles that cannot be read."""
    return Judge(now, open_articles(root or now.root), {now.label: now})


def judge_number(number: Number, context: Context) -> JudgedNumber:
    """One number recomputed and graded."""
    if number.computed is None:
        assert number.unchecked is not None, number  # the file has one or the other
        return JudgedNumber(number, None, None, None, number.unchecked)
    printed = number.printed[0]
    figure = in_unit(compute(number.computed, context), printed.unit, number.measure)
    band = take_band(number, context)
    grade = grade_number(number.relation, number.printed, figure.value, band)
    return JudgedNumber(
        number, figure.named(figure.label, printed.finer), _difference(number, figure), band, grade
    )


def standing(claim: Claim, found: Grade, scored: Score | None) -> Grade:
    """The grade of a claim: what was found if it is a fact, and what its nature allows if it is none.

    A forecast that names something measurable has the grade of its outcome, and none before that is public.
    """
    if claim.nature in ("assumption", "opinion"):
        return "opinion or assumption"
    if claim.nature == "fact" or found in UNCHECKED:
        return found
    return (scored.grade if scored is not None else None) or "not due yet"


def take_band(number: Number, context: Context) -> Band | None:
    """The number's wider band in figures."""
    record = number.band
    if record is None:
        return None
    low, high = number.printed[0].value, number.printed[-1].value
    if record.low is not None and record.high is not None:
        ends = [in_unit(compute(end, context), number.printed[0].unit) for end in (record.low, record.high)]
        return Band(ends[0].number, ends[1].number, record.why, of_computation=True)
    distance = record.plus_minus.value if record.plus_minus is not None else 0.0
    share = record.within or 0.0
    return Band(low - distance - share * abs(low), high + distance + share * abs(high), record.why)


def explain(claim: Claim, numbers: Sequence[JudgedNumber], context: Context) -> Said | None:
    """What is likely behind a failure: the first candidate that gives the number that was printed.

    If none does, the first that the author put in words; ``None`` without any.
    """
    for candidate in claim.behind:
        judged = numbers[candidate.of - 1]
        if candidate.computed is not None and judged.grade == "does not hold":
            found = in_unit(compute(candidate.computed, context), judged.number.printed[0].unit)
            if agrees(judged.number.relation, judged.number.printed, found.number):
                shown = replace(found, unit=judged.number.printed[0].finer)
                return _explanation(candidate, judged, context, {"found": shown})
    for candidate in claim.behind:
        if candidate.computed is None:
            return _explanation(candidate, numbers[candidate.of - 1], context, {})
    return None


def _explanation(
    candidate: Explanation, judged: JudgedNumber, context: Context, found: Mapping[str, Figure]
) -> Said:
    figures = {name: number_shown(shown, context) for name, shown in candidate.with_.items()} | dict(found)
    if judged.computed is not None:
        figures["computed"] = judged.computed
    figures["claimed"] = Figure(judged.number.shown, "text", "as claimed")
    used = {name: figure for name, figure in figures.items() if f"{{{name}}}" in candidate.sentence}
    return Said(SLIPS[candidate.kind], candidate.sentence, used)


def number_shown(shown: Shown, context: Context) -> Figure:
    """A number for a sentence, computed in its context."""
    return in_unit(compute(shown.computed, context), shown.unit)


def say(record: SinceThen, context: Context) -> Said:
    """A sentence with its number."""
    return Said("", record.sentence, {"found": number_shown(record.found, context)})


def score(claim: Claim, now: Context) -> Score | None:
    """How a forecast stands in the edition ``now``; ``None`` for a claim that is no forecast."""
    forecast = claim.forecast
    if forecast is None:
        return None
    if now.edition.cutoff < forecast.due:
        return Score("open", None, None, _needs(claim, now))
    if forecast.outcome is None:
        return Score("due", None, None, None)
    number = claim.numbers[forecast.of - 1]
    try:
        judged = judge_number(replace(number, computed=forecast.outcome, unchecked=None, why=None), now)
    except AbsentFigure:  # due, but the outcome was not public by the cut-off
        return Score("due", None, None, None)
    return Score("scored", judged.computed, judged.grade, None)


def _needs(claim: Claim, now: Context) -> Said | None:
    if claim.forecast is None or claim.forecast.needs is None:
        return None
    return say(claim.forecast.needs, now)


def _stake(claim: Claim, then: Context) -> Figure | None:
    if claim.stake is None:
        return None
    return in_unit(compute(claim.stake.computed, then), "usd_bn", "Market value that hangs on it")


def _difference(number: Number, figure: Figure) -> Figure | None:
    if isinstance(figure.value, str):
        return None
    value = difference(number.relation, number.printed, figure.number)
    unit = "points" if number.printed[0].unit in ("percent", "points") else number.printed[0].in_figures
    return Figure(value, unit, "difference", formula=figure.formula)
