"""The articles' claims as tables: every chapter shows those that touch it, the articles page all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeVar

import pandas as pd

from analysis.articles import JudgedClaim, JudgedNumber, open_judge
from analysis.articles.grade import CHECKED, GRADES, UNCHECKED, UNGRADED, Grade
from analysis.articles.printed import ordinal, printed_as
from analysis.articles.said import Said
from analysis.charts.cells import Rich, Shown
from analysis.charts.html import tag
from analysis.charts.sources import Sources
from analysis.charts.table import ABSENT, Column, Table
from analysis.data import Edition
from analysis.figures import Figure, computed, not_public, text
from analysis.formats import escape, show
from analysis.report.shown import Unavailable

Record = TypeVar("Record")
Cells = Mapping[Column, Callable[[Record], object]]

PAGE = "articles.html"
_BAD_FIRST: tuple[Grade, ...] = ("does not hold", "holds with rounding", "holds", *UNCHECKED, *UNGRADED)

_WORDS: Mapping[Grade, tuple[str, str]] = {  # of one claim, of several
    "holds": ("holds", "hold"),
    "holds with rounding": ("holds with rounding", "hold with rounding"),
    "does not hold": ("does not", "do not"),
    "no source here": ("has no source here", "have no source here"),
    "nobody can say": ("nobody can check", "nobody can check"),
    "not due yet": ("is not due yet", "are not due yet"),
    "opinion or assumption": ("is opinion or assumption", "are opinion or assumption"),
}


def claims_for(
    edition: Edition,
    chapter: str,
    *,
    grades: Collection[Grade] = GRADES,
    most: int | None = None,
    caption: str = "What the articles claimed about this, recomputed",
) -> Table | Unavailable:
    """The claims that touch a chapter, as a table to show on it; failures first, all grades counted above.

    ``chapter`` is the page's name (``aws``, ``capex``, …). ``grades`` keeps some grades only, ``most`` the
    first so many. Each claim is judged with what was public when its article appeared; articles that
    appeared after the edition's cut-off are left out, and without any left the table is unavailable.
    """
    judged = list(edition.once(open_judge).claims(lambda claim: chapter in claim.chapters))
    chosen = sorted((claim for claim in judged if claim.grade in grades), key=_worst_first)[:most]
    if not chosen:
        return Unavailable("articles that make claims about this")
    return claims_table(chosen, f"{caption}: {_tally(judged, len(chosen))}", [_recomputed(judged)])


def graded(edition: Edition) -> dict[str, Figure]:
    """How many articles and claims had appeared by the cut-off, how many were checked, and by grade.

    Absent before any article had appeared. Each count rests on every number that was recomputed.
    """
    claims = edition.once(open_judge).claims()
    rests = _recomputed(claims)
    grades = Counter(claim.grade for claim in claims)
    counts: dict[str, int] = {
        "articles": len({claim.article.letter for claim in claims}),
        "claims": len(claims),
        "checked": sum(grades[grade] for grade in CHECKED),
        **{grade: grades[grade] for grade in GRADES},
    }
    formula = "claims of the articles in data/articles, graded by recomputation"
    return {
        name: computed(float(count), "count", f"{name.capitalize()}: counted in the articles", formula, rests)
        if claims
        else not_public("articles that make claims about Amazon's value", "count")
        for name, count in counts.items()
    }


def _recomputed(claims: Sequence[JudgedClaim]) -> Figure:
    """What grades rest on, and so which claims are the worst and how many there are of each grade."""
    numbers = [each.computed for claim in claims for each in claim.numbers if each.computed is not None]
    return text("recomputed", "The numbers of the claims, recomputed", *numbers)


def _tally(judged: Sequence[JudgedClaim], shown: int) -> str:
    """How many claims there are, of them by grade, and how many are shown, as words."""
    counts = Counter(claim.grade for claim in judged)
    graded = ", ".join(
        f"{counts[grade]} {_WORDS[grade][counts[grade] != 1]}" for grade in _WORDS if counts[grade]
    )
    all_of_them = f"all {len(judged)}" if shown == len(judged) else f"the worst {shown} of {len(judged)}"
    return f"{all_of_them} ({graded})"


def claims_table(claims: Sequence[JudgedClaim], caption: str, chosen_by: Sequence[Figure] = ()) -> Table:
    """Claims with what was claimed, what was computed, and the grade; explanations below each claim.

    ``chosen_by`` is what decided that it is these claims.
    """
    cells: Cells[JudgedClaim] = {Column("claim", "Claim"): _brief, **GRADED}
    return table_of(claims, cells, caption, [*documents(claims), *chosen_by], cards(claims))


def table_of(
    records: Sequence[Record],
    cells: Cells[Record],
    caption: str,
    source: Sources,
    attributes: Sequence[Mapping[str, str]] = (),
) -> Table:
    """A table with a row a record; ``cells`` makes the cell of each column from a record."""
    frame = pd.DataFrame({column.field: [cell(each) for each in records] for column, cell in cells.items()})
    return Table(frame, list(cells), caption, source, rows=attributes)


def cards(claims: Sequence[JudgedClaim]) -> list[dict[str, str]]:
    """Attributes that fold each row to a card on a phone."""
    return [{"data_brief": claim.grade} for claim in claims]


def documents(claims: Sequence[JudgedClaim]) -> list[str]:
    """The articles that the claims are of, each once."""
    return list(dict.fromkeys(claim.article.document for claim in claims))


def computed_cell(claim: JudgedClaim) -> Rich:
    """The computed numbers of a claim, each written like the claimed one with a digit more."""
    parts: list[str | Shown] = []
    for number in claim.numbers:
        parts += ["; "] if parts else []
        parts.append(ABSENT if number.computed is None else Shown(number.computed, computed_text(number)))
    return Rich(tuple(parts) or (ABSENT,))


GRADED: Cells[JudgedClaim] = {
    Column("grade", "Grade", "grade"): lambda claim: claim.grade,
    Column("claimed", "Claimed"): lambda claim: claim.claim.shown or ABSENT,
    Column("computed", "Computed"): computed_cell,
}
"""Columns of every table that holds what was claimed against what was computed."""


def computed_text(number: JudgedNumber) -> str:
    """A computed number as text; words pass through, a rank is a place and a count of nothing "none"."""
    assert number.computed is not None
    if isinstance(number.computed.value, str):
        return number.computed.value
    if number.number.is_rank:
        return ordinal(number.computed.number)
    like, value = number.number.printed[0], number.computed.number
    return "none" if number.number.words and like.unit == "count" and not value else printed_as(value, like)


def sentence(said: Said) -> Iterator[str | Shown]:
    """The parts of a sentence for a cell: text, and figures as they are printed."""
    for part in said.parts():
        yield escape(part) if isinstance(part, str) else Shown(part, show(part.value, part.unit))


def _brief(claim: JudgedClaim) -> Rich:
    link = tag("a", claim.claim.id, href=f"{PAGE}#claim-{claim.claim.id}")
    parts: list[str | Shown] = [
        f"{link} {escape(claim.claim.text)} ",
        tag("small", escape(claim.article.short)),
    ]
    if claim.behind is not None:
        parts += ["<p>", *sentence(claim.behind), "</p>"]
    return Rich(tuple(parts))


def _worst_first(claim: JudgedClaim) -> tuple[int, float]:
    return _BAD_FIRST.index(claim.grade), -(claim.stake.number if claim.stake is not None else 0.0)
