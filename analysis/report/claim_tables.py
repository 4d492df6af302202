"""Tables over the claims of all articles: the costliest errors, forecasts, and checks of consistency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.articles import Article, JudgedClaim
from analysis.articles.consistency import Finding
from analysis.articles.printed import printed_as
from analysis.charts.cells import Rich, Shown
from analysis.charts.html import tag
from analysis.charts.table import Column, Table
from analysis.figures import Figure
from analysis.formats import day, escape, show, with_days
from analysis.report.claims import GRADED, Cells, cards, documents, sentence, table_of

COSTLIEST = 10


@dataclass(frozen=True)
class Costly:
    """A claim that does not hold, and the market value that hangs on it."""

    judged: JudgedClaim
    stake: Figure
    headline: str


def costliest(claims: Sequence[JudgedClaim]) -> list[Costly]:
    """The ten failing claims on which most market value hangs, most first."""
    failing = [
        Costly(claim, claim.stake, f"{claim.claim.id} {claim.claim.stake.headline}")
        for claim in claims
        if claim.grade == "does not hold" and claim.stake is not None and claim.claim.stake is not None
    ]
    return sorted(failing, key=lambda error: error.stake.number, reverse=True)[:COSTLIEST]


def failures_table(claims: Sequence[JudgedClaim]) -> Table:
    """The costliest errors: claimed, computed, what is likely behind, and what hangs on it."""
    stakes = {error.judged.claim.id: error for error in costliest(claims)}
    failing = [error.judged for error in stakes.values()]
    cells: Cells[JudgedClaim] = {
        Column("claim", "Claim"): lambda claim: Rich(
            (*_linked(claim, with_behind=True), *_staked(stakes[claim.claim.id].stake))
        ),
        **GRADED,
    }
    return table_of(failing, cells, "The costliest errors", documents(failing), cards(failing))


def scored_table(claims: Sequence[JudgedClaim]) -> Table:
    """Forecasts that have fallen due and whose outcome was public, graded."""
    due = [claim for claim in claims if claim.score is not None and claim.score.outcome is not None]
    cells: Cells[JudgedClaim] = {
        Column("claim", "Forecast"): lambda claim: Rich(_linked(claim)),
        Column("grade", "Grade", "grade"): lambda claim: claim.score and claim.score.grade,
        Column("claimed", "Claimed"): lambda claim: claim.claim.shown,
        Column("outcome", "Came to"): _outcome,
    }
    return table_of(due, cells, "Forecasts that have fallen due", documents(due), cards(due))


def open_table(claims: Sequence[JudgedClaim]) -> Table:
    """Forecasts still open: when they fall due and what they take until then."""
    waiting = [claim for claim in claims if claim.score is not None and claim.score.state == "open"]
    waiting.sort(key=_due)
    cells: Cells[JudgedClaim] = {
        Column("claim", "Forecast"): lambda claim: Rich((*_linked(claim), _due_day(claim))),
        Column("needs", "What it takes"): _needs,
    }
    return table_of(waiting, cells, "Forecasts still open", documents(waiting))


def checks_table(checks: Sequence[Finding], articles: Sequence[Article]) -> Table:
    """Each article against itself and the articles against each other."""
    ordered = sorted(checks, key=lambda found: (found.agree, -found.gap))
    names = {article.letter: article.short for article in articles}
    cells: Cells[Finding] = {
        Column("question", "Question"): lambda found: _question(found, names),
        Column("verdict", "They"): lambda found: "agree" if found.agree else "disagree",
        Column("both", "The two numbers"): lambda found: Rich(
            ("<p>", *_side(found.one), "</p><p>", *_side(found.other), "</p>")
        ),
    }
    figures = [figure for found in ordered for figure in (found.one, found.other)]
    return table_of(ordered, cells, "The articles against themselves and each other", figures)


def _staked(stake: Figure) -> tuple[str | Shown, ...]:
    return ("<p>", Shown(stake, show(stake.number, "usd_bn0")), " of market value hangs on it.</p>")


def _linked(claim: JudgedClaim, with_behind: bool = False) -> tuple[str | Shown, ...]:
    link = tag("a", claim.claim.id, href=f"#claim-{claim.claim.id}")
    head = f"{link} {escape(claim.claim.text)} {tag('small', escape(claim.article.short))}"
    if claim.claim.translation_slip is not None:
        head += tag("p", f"{tag('b', 'Translation slip:')} {escape(claim.claim.translation_slip)}")
    if not with_behind or claim.behind is None:
        return (head,)
    return (head, "<p>", *sentence(claim.behind), "</p>")


def _outcome(claim: JudgedClaim) -> Rich:
    assert claim.score is not None
    assert claim.score.outcome is not None
    assert claim.claim.forecast is not None
    printed = claim.numbers[claim.claim.forecast.of - 1].number.printed[0]
    return Rich((Shown(claim.score.outcome, printed_as(claim.score.outcome.number, printed)),))


def _needs(claim: JudgedClaim) -> Rich:
    needs = claim.score.needs if claim.score is not None else None
    return Rich(tuple(sentence(needs)) if needs is not None else ("The outcome itself.",))


def _due_day(claim: JudgedClaim) -> str:
    assert claim.claim.forecast is not None
    return f" {tag('small', f'due {day(claim.claim.forecast.due)}')}"


def _due(claim: JudgedClaim) -> tuple[object, str]:
    assert claim.claim.forecast is not None
    return claim.claim.forecast.due, claim.claim.id


def _question(found: Finding, names: Mapping[str, str]) -> Rich:
    whose = tag("small", escape("; ".join(names[letter] for letter in found.check.articles)))
    return Rich((f"{tag('b', escape(found.check.question))} {whose}", "<p>", *sentence(found.answer), "</p>"))


def _side(figure: Figure) -> tuple[str | Shown, ...]:
    return (
        Shown(figure, show(figure.value, figure.unit)),
        " ",
        tag("small", escape(with_days(figure.label))),
    )
