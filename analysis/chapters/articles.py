"""The articles page: every claim of five articles recomputed, and the models behind them reproduced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape

import pandas as pd

from analysis.articles import Article, Judge, JudgedClaim, open_judge
from analysis.articles.consistency import Finding, findings
from analysis.articles.grade import GRADES, Grade
from analysis.articles.records import TOPICS
from analysis.articles.reproductions import REPRODUCTIONS
from analysis.articles.said import Said
from analysis.chapters import _article_models as models
from analysis.chapters._article_tables import (
    checks_table,
    costliest,
    failures_table,
    matrix_table,
    open_table,
    scored_table,
)
from analysis.chapters._claims_full import article_table
from analysis.chapters._notes import paragraph
from analysis.chapters.page import Page, Unavailable
from analysis.charts import articles as charts
from analysis.charts.cells import Rich
from analysis.charts.html import tag
from analysis.charts.note import Note
from analysis.charts.render import ChartFigure
from analysis.charts.table import Table
from analysis.data import Edition
from analysis.figures import Figure, computed, text
from analysis.formats import day
from analysis.report.claims import sentence

LETTERS = ("a", "b", "c", "d", "e")
COUNTED = ("No article", "One article", "Two articles", "Three articles", "Four articles", "Five articles")
NONE = Unavailable("articles that make claims about Amazon's value", quiet=True)
LANGUAGES = {"nl": "Dutch", "en": "English"}
ANSWER = (
    "{articles} with {claims} claims had appeared by {cutoff}. Of the claims {holding} hold to the last "
    "digit they print and {rounded} within a wider band; {failing} do not hold, and {unchecked} cannot be "
    "checked. More fail about {worst_topic} than about anything else, {worst_topic_failing}. Of the claims "
    "that can be checked, {number_failing:percent0} of those in numbers fail and {word_failing:percent0} of "
    "those in words such as “most” or “high”."
)
WORST = "Most hangs on the claim {worst_claim} in “{worst_by}”: {worst_stake:usd_bn0}."


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition: articles that had appeared by its cut-off; the models use the scenario."""
    judge = open_judge(edition)
    claims, checks, found = judge.claims(), findings(judge), models.models(judge, scenario)
    drawn: Mapping[str, Callable[[], ChartFigure | Unavailable]] = {
        "grades": partial(_grades_chart, claims),
        "stakes": partial(_stakes_chart, claims),
        "path": partial(models.path_chart, found),
        "parts": partial(models.parts_chart, found),
        "missing": partial(models.missing_chart, judge, found),
    }
    tables: dict[str, Callable[[], Table | Unavailable]] = {
        "matrix": partial(matrix_table, judge.shown(), claims),
        "failures": partial(failures_table, claims),
        "scored": partial(scored_table, claims),
        "open": partial(open_table, claims),
        "checks": partial(checks_table, checks, judge.shown()),
        **{f"claims_{letter}": partial(_claims, judge, claims, letter) for letter in LETTERS},
        **{name: partial(models.model_table, found, name) for name in REPRODUCTIONS},
    }
    numbers = _numbers(judge, claims, checks)
    notes: dict[str, Callable[[], Note | Unavailable]] = {
        "answer": partial(_note, ANSWER, numbers, bool(claims)),
        "worst": partial(_note, WORST, numbers, bool(costliest(claims))),
        **{f"about_{letter}": partial(_about, judge, letter) for letter in LETTERS},
        **{name: partial(models.finding, found, name) for name in REPRODUCTIONS},
    }
    play = {"newsletter": partial(models.calculator, judge, found, scenario)}
    return Page("articles", numbers, drawn, tables, play, notes)


# --- Numbers -------------------------------------------------------------------------------------


def _numbers(judge: Judge, claims: Sequence[JudgedClaim], checks: Sequence[Finding]) -> dict[str, Figure]:
    about = [_article_figure(article) for article in judge.shown()]

    def counted(number: int, label: str) -> Figure:
        if number == 0:
            return text("none", label, *about)
        return computed(float(number), "count", label, "counted over the articles' claims", *about)

    by_grade = {grade: sum(claim.grade == grade for claim in claims) for grade in GRADES}
    scored = [claim for claim in claims if claim.score is not None and claim.score.state == "scored"]
    missed = [claim for claim in scored if claim.score is not None and claim.score.grade == "does not hold"]
    opened = [claim for claim in claims if claim.score is not None and claim.score.state == "open"]
    return {
        "cutoff": text(day(judge.now.cutoff), "Cut-off of this edition", *about),
        "articles": text(COUNTED[len(about)], "Articles that had appeared by the cut-off", *about),
        "claims": counted(len(claims), "Claims of these articles"),
        "computed": counted(len(claims) - by_grade["not checkable"], "Claims recomputed"),
        "holding": counted(by_grade["holds"], "Claims that hold to the last digit printed"),
        "rounded": counted(by_grade["holds with rounding"], "Claims that hold within a wider band"),
        "failing": counted(by_grade["does not hold"], "Claims that do not hold"),
        "unchecked": counted(by_grade["not checkable"], "Claims that cannot be checked"),
        "slips": counted(sum(c.claim.translation_slip is not None for c in claims), "Translation slips"),
        "scored": counted(len(scored), "Forecasts that have fallen due and are scored"),
        "missed": counted(len(missed), "Of these, forecasts that do not hold"),
        "opened": counted(len(opened), "Forecasts still open"),
        "checks": counted(len(checks), "Checks of the articles against themselves and each other"),
        "disagreeing": counted(sum(not check.agree for check in checks), "Checks that disagree"),
        **_costliest(claims),
        **_failing(claims, about),
    }


def _failing(claims: Sequence[JudgedClaim], about: Sequence[Figure]) -> dict[str, Figure]:
    """The topic with most failing claims, and how often claims in numbers and in words fail."""
    checked = [claim for claim in claims if claim.grade != "not checkable"]
    failed = [claim for claim in checked if claim.grade == "does not hold"]
    topics = Counter(claim.claim.topic for claim in failed)
    label = "Topic of most claims that do not hold"
    if not topics:
        return {"worst_topic": text("none", label, *about)}
    topic = topics.most_common(1)[0][0]
    of_topic = sum(claim.claim.topic == topic for claim in checked)
    counted = "counted over the claims that can be checked"
    return {
        "worst_topic": text(TOPICS[topic], label, *about),
        "worst_topic_failing": computed(float(topics[topic]), "count", f"{label}: how many", counted, *about),
        "worst_topic_checked": computed(float(of_topic), "count", "Checked claims on it", counted, *about),
        **{
            f"{kind}_failing": _share_failing([c for c in checked if _is_worded(c) == worded], kind, about)
            for kind, worded in (("number", False), ("word", True))
        },
    }


def _share_failing(claims: Sequence[JudgedClaim], kind: str, about: Sequence[Figure]) -> Figure:
    label = f"Share of the checked claims told in {kind}s that do not hold"
    if not claims:
        return text("none", label, *about)
    failing = sum(claim.grade == "does not hold" for claim in claims)
    return computed(failing / len(claims), "fraction", label, f"{failing} ÷ {len(claims)}", *about)


def _is_worded(claim: JudgedClaim) -> bool:
    """Whether the article used a word in place of a number somewhere in the claim."""
    return any(number.words is not None for number in claim.claim.numbers)


def _costliest(claims: Sequence[JudgedClaim]) -> dict[str, Figure]:
    """The failing claim on which most market value hangs, and how much."""
    worst = costliest(claims)
    if not worst:
        return {
            key: text("none", "The costliest error") for key in ("worst_claim", "worst_by", "worst_stake")
        }
    first = worst[0]
    assert first.stake is not None
    return {
        "worst_claim": text(
            f"“{first.claim.text}”", "The claim on which most market value hangs", first.stake
        ),
        "worst_by": text(first.article.short, "The article that makes it", first.stake),
        "worst_stake": first.stake,
    }


def _article_figure(article: Article) -> Figure:
    return Figure(article.title, "text", article.short, article.source("claims"))


# --- Parts ---------------------------------------------------------------------------------------


def _note(template: str, numbers: Mapping[str, Figure], is_public: bool) -> Note | Unavailable:
    """A paragraph that shows numbers of the page; a note that there is nothing yet before any article."""
    return paragraph(template, numbers) if is_public else Unavailable(NONE.what)


def _article(judge: Judge, letter: str) -> Article | None:
    return next((article for article in judge.shown() if article.letter == letter.upper()), None)


def _about(judge: Judge, letter: str) -> Note | Unavailable:
    """What an article is and what it argues."""
    article = _article(judge, letter)
    if article is None:
        return Unavailable("this article")
    cutoff = judge.open_then(article.judged_as_of).cutoff
    language = LANGUAGES.get(article.language, article.language)
    head = (
        f"“{article.title}”, {article.kind}, in {language}; {article.dated}. "
        f"Its claims are judged with what was public by {day(cutoff)}."
    )
    argument = Said("", article.argument, article.input_figures())
    return Note(Rich((tag("p", escape(head)), "<p>", *sentence(argument), "</p>")))


def _claims(judge: Judge, claims: Sequence[JudgedClaim], letter: str) -> Table | Unavailable:
    article = _article(judge, letter)
    if article is None:
        return Unavailable("this article", quiet=True)
    return article_table(article, [claim for claim in claims if claim.article.letter == article.letter])


def _grades_chart(claims: Sequence[JudgedClaim]) -> ChartFigure | Unavailable:
    if not claims:
        return NONE
    articles = {claim.article.short: claim.article for claim in claims}
    rows: list[tuple[str, Grade, int]] = [
        (short, grade, sum(c.grade == grade and c.article.short == short for c in claims))
        for short in articles
        for grade in GRADES
    ]
    frame = pd.DataFrame(rows, columns=["article", "grade", "claims"])
    return charts.grades(frame, [article.document for article in articles.values()])


def _stakes_chart(claims: Sequence[JudgedClaim]) -> ChartFigure | Unavailable:
    worst = costliest(claims)
    if not worst:
        return NONE
    rows = [
        (f"{c.claim.id} {c.claim.stake.headline}", c.claim.text, c.stake.number)
        for c in worst
        if c.stake is not None and c.claim.stake is not None
    ]
    frame = pd.DataFrame(rows, columns=["claim", "text", "stake"])
    return charts.stakes(frame, list(dict.fromkeys(claim.article.document for claim in worst)))
