"""Tables over the claims of all articles: the costliest errors, forecasts, and checks of consistency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from analysis.articles import Article, JudgedClaim
from analysis.articles.consistency import Finding
from analysis.articles.printed import printed_as
from analysis.charts.cells import Rich, Shown
from analysis.charts.html import tag
from analysis.charts.table import Column, Table
from analysis.figures import Figure
from analysis.formats import day, show
from analysis.report.claims import computed_cell, sentence

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
    worst = costliest(claims)
    failing = [error.judged for error in worst]
    frame = pd.DataFrame(
        {
            "claim": [
                Rich((*_linked(error.judged, with_behind=True), *_staked(error.stake))) for error in worst
            ],
            "grade": [claim.grade for claim in failing],
            "claimed": [claim.claim.shown for claim in failing],
            "computed": [computed_cell(claim) for claim in failing],
        }
    )
    columns = [
        Column("claim", "Claim"),
        Column("grade", "Grade", "grade"),
        Column("claimed", "Claimed"),
        Column("computed", "Computed"),
    ]
    return Table(frame, columns, "The costliest errors", _documents(failing), rows=_cards(failing))


def scored_table(claims: Sequence[JudgedClaim]) -> Table:
    """Forecasts that have fallen due and whose outcome was public, graded."""
    due = [claim for claim in claims if claim.score is not None and claim.score.outcome is not None]
    frame = pd.DataFrame(
        {
            "claim": [Rich(_linked(claim)) for claim in due],
            "grade": [claim.score.grade for claim in due if claim.score is not None],
            "claimed": [claim.claim.shown for claim in due],
            "outcome": [_outcome(claim) for claim in due],
        }
    )
    columns = [
        Column("claim", "Forecast"),
        Column("grade", "Grade", "grade"),
        Column("claimed", "Claimed"),
        Column("outcome", "Came to"),
    ]
    return Table(frame, columns, "Forecasts that have fallen due", _documents(due), rows=_cards(due))


def open_table(claims: Sequence[JudgedClaim]) -> Table:
    """Forecasts still open: when they fall due and what they take until then."""
    waiting = [claim for claim in claims if claim.score is not None and claim.score.state == "open"]
    waiting.sort(key=_due)
    frame = pd.DataFrame(
        {
            "claim": [Rich(_linked(claim)) for claim in waiting],
            "due": [day(claim.claim.forecast.due) for claim in waiting if claim.claim.forecast],
            "needs": [_needs(claim) for claim in waiting],
        }
    )
    columns = [Column("claim", "Forecast"), Column("due", "Due"), Column("needs", "What it takes")]
    return Table(frame, columns, "Forecasts still open", _documents(waiting))


def checks_table(checks: Sequence[Finding], articles: Sequence[Article]) -> Table:
    """Each article against itself and the articles against each other."""
    ordered = sorted(checks, key=lambda found: (found.agree, -found.gap))
    names = {article.letter: article.short for article in articles}
    frame = pd.DataFrame(
        {
            "question": [_question(found, names) for found in ordered],
            "one": [_side(found.one) for found in ordered],
            "other": [_side(found.other) for found in ordered],
            "verdict": ["agree" if found.agree else "disagree" for found in ordered],
        }
    )
    columns = [
        Column("question", "Question"),
        Column("one", "One number"),
        Column("other", "The other"),
        Column("verdict", "They"),
    ]
    figures = [figure for found in ordered for figure in (found.one, found.other)]
    return Table(frame, columns, "The articles against themselves and each other", figures)


def _cards(claims: Sequence[JudgedClaim]) -> list[dict[str, str]]:
    """Attributes that fold each row to a card on a phone."""
    return [{"data_brief": claim.grade} for claim in claims]


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


def _due(claim: JudgedClaim) -> tuple[object, str]:
    assert claim.claim.forecast is not None
    return claim.claim.forecast.due, claim.claim.id


def _question(found: Finding, names: Mapping[str, str]) -> Rich:
    whose = tag("small", escape("; ".join(names[letter] for letter in found.check.articles)))
    return Rich((f"{tag('b', escape(found.check.question))} {whose}", "<p>", *sentence(found.answer), "</p>"))


def _side(figure: Figure) -> Rich:
    return Rich((Shown(figure, show(figure.value, figure.unit)), " ", tag("small", escape(figure.label))))


def _documents(claims: Sequence[JudgedClaim]) -> list[str]:
    return list(dict.fromkeys(claim.article.document for claim in claims))
