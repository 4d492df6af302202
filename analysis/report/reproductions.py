"""The articles' models as a page shows them: what is argued, what a reproduction finds, line by line."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.articles import Article, Judge
from analysis.articles.reproduction import Reproduction
from analysis.articles.said import Said
from analysis.charts.cells import Rich
from analysis.charts.html import tag
from analysis.charts.note import Note
from analysis.charts.table import Column, Table
from analysis.figures import Figure, computed
from analysis.formats import day, escape
from analysis.report.claims import sentence

LANGUAGES: Mapping[str, str] = {"nl": "Dutch", "en": "English"}


def about(judge: Judge, article: Article | None) -> Note | None:
    """What an article is, what its claims are judged with, and what it argues; none before it appeared."""
    if article is None:
        return None
    language = LANGUAGES.get(article.language, article.language)
    head = (
        f"“{article.title}”, {article.kind}, in {language}; {article.dated}. "
        f"Its claims are judged with what was public by {day(judge.open_then(article.judged_as_of).cutoff)}."
    )
    argument = Said("", article.argument, article.input_figures())
    return Note(Rich((tag("p", escape(head)), "<p>", *sentence(argument), "</p>")))


def finding(model: Reproduction | None) -> Note | None:
    """What a reproduction shows, in a sentence or two under its title; none before its article appeared."""
    if model is None:
        return None
    return Note(Rich((f"<p>{tag('b', escape(model.title) + '.')} ", *sentence(model.finding), "</p>")))


def line_by_line(model: Reproduction | None) -> Table | None:
    """A reproduction line by line: the article's inputs, the report's, and the difference by cause."""
    if model is None:
        return None
    worked, result = model.worked, model.worked.result
    rows: list[tuple[str, Figure | None, Figure | None, Figure | None]] = [
        (line.label, line.theirs, line.ours, None) for line in worked.lines
    ]
    rows.append((result.label, result.theirs, result.ours, _difference(model)))
    rows += [(f"of the difference: {cause.label}", None, None, cause) for cause in worked.causes]
    rows += [(f"{result.label}, as printed", figure, None, None) for figure in worked.printed]
    frame = pd.DataFrame(rows, columns=["line", "theirs", "ours", "difference"], dtype=object)
    columns = [
        Column("line", "Input or result"),
        Column("theirs", "With its inputs", "figure"),
        Column("ours", "With this report's", "figure"),
    ]
    if worked.causes:
        columns.append(Column("difference", "Difference", "figure"))
    caption = f"{model.title}: the article's inputs beside this report's"
    return Table(frame, columns, caption, [model.article.document, "scenarios of this report"])


def _difference(model: Reproduction) -> Figure | None:
    result = model.worked.result
    if result.theirs is None or result.ours is None or result.difference is None:
        return None
    label = f"{result.label}: this report less the article"
    return computed(result.difference, result.ours.unit, label, "ours − theirs", result.ours, result.theirs)
