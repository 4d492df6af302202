"""Every claim of an article with all that was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.articles import Article, JudgedClaim, JudgedNumber
from analysis.articles.printed import printed_as
from analysis.articles.records import TOPICS
from analysis.charts.cells import Rich, Shown
from analysis.charts.html import tag
from analysis.charts.numbers import record
from analysis.charts.table import ABSENT, Column, Table
from analysis.figures import Figure
from analysis.formats import day, escape, show, with_days
from analysis.report.claims import GRADED, Cells, sentence, table_of

Parts = Iterator[str | Shown]


def article_table(article: Article | None, among: Sequence[JudgedClaim]) -> Table | None:
    """All claims of one article, one row each, with the attributes that the filter reads."""
    if article is None:
        return None
    claims = [claim for claim in among if claim.article == article]
    cells: Cells[JudgedClaim] = {
        Column("claim", "Claim"): lambda each: Rich(
            (f"{tag('b', each.claim.id)} {escape(each.claim.text)}",)
        ),
        **GRADED,
        Column("difference", "Difference"): _difference_cell,
        Column("found", "What was found"): lambda each: Rich(tuple(_found(each))),
    }
    rows = [
        {
            "id": f"claim-{claim.claim.id}",
            "data_article": article.short,
            "data_topic": TOPICS[claim.claim.topic],
            "data_grade": claim.grade,
        }
        for claim in claims
    ]
    return table_of(claims, cells, f"Every claim of “{article.short}”", article.document, rows)


def _difference_cell(claim: JudgedClaim) -> Rich:
    """Computed less claimed, number by number, none broken after its sign; a dash where there is none."""
    shown = [tag("span", escape(_difference(number)), class_="number") for number in claim.numbers]
    return Rich(("; ".join(shown) or ABSENT,))


def _difference(number: JudgedNumber) -> str:
    if number.difference is None:
        return ABSENT
    printed = number.number.printed[0]
    if printed.unit == "percent":
        return show(number.difference.number, "points")
    return printed_as(number.difference.number, printed, plus=True)


def _found(claim: JudgedClaim) -> Parts:
    if claim.claim.translation_slip:
        yield _paragraph("Translation slip", escape(claim.claim.translation_slip))
    if claim.behind is not None:
        yield f"<p>{tag('b', escape(claim.behind.kind.capitalize()) + ':')} "
        yield from sentence(claim.behind)
        yield "</p>"
    if claim.claim.nature in ("assumption", "opinion"):
        yield _paragraph(claim.claim.nature.capitalize(), "shown beside what was computed, and not graded.")
    if claim.reason:
        yield _paragraph("Not checkable", escape(claim.reason))
    yield from _bands(claim)
    if claim.since_then is not None:
        yield "<p>"
        yield from sentence(claim.since_then)
        yield "</p>"
    yield from _forecast(claim)
    yield from _how(claim)


def _paragraph(head: str, content: str) -> str:
    return tag("p", f"{tag('b', head + ':')} {content}")


def _bands(claim: JudgedClaim) -> Parts:
    for number in claim.numbers:
        if number.grade == "holds with rounding" and number.band is not None:
            low, high = (
                printed_as(end, number.number.printed[0]) for end in (number.band.low, number.band.high)
            )
            yield _paragraph("Held within", f"{low} to {high}, as {escape(number.band.why)}.")


def _forecast(claim: JudgedClaim) -> Parts:
    score = claim.score
    if score is None or claim.claim.forecast is None:
        return
    if score.outcome is not None:
        text = printed_as(score.outcome.number, claim.numbers[claim.claim.forecast.of - 1].number.printed[0])
        yield f"<p>{tag('b', 'As a forecast:')} it came to "
        yield Shown(score.outcome, text)
        yield f", which {'does not hold' if score.grade == 'does not hold' else score.grade}.</p>"
        return
    due = day(claim.claim.forecast.due)
    yield f"<p>{tag('b', 'Open' if score.state == 'open' else 'Due')} until {due}. "
    if score.needs is not None:
        yield from sentence(score.needs)
    yield "</p>"


def _how(claim: JudgedClaim) -> Parts:
    """Formula, inputs and sources of each computed number, folded away."""
    shown = [number for number in claim.numbers if number.computed is not None]
    if shown:
        yield (
            "<details>"
            + tag("summary", "How")
            + "".join(_derivation(n.computed) for n in shown if n.computed)
        )
        yield tag("p", f"Judged as of {day(claim.cutoff)}.") + "</details>"


def _derivation(figure: Figure) -> str:
    entry = record(figure)
    formula = f" = {entry['formula']}" if entry["formula"] else ""
    inputs = "; ".join(f"{item['label']}: {item['text']}" for item in entry["inputs"])
    sources = "; ".join(dict.fromkeys(str(source["document"]) for source in entry["sources"]))
    lines = [f"{figure.label}{formula}", inputs, f"From: {sources}" if sources else ""]
    return "".join(tag("p", escape(with_days(line))) for line in lines if line)
