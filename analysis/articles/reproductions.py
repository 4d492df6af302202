"""The named reproductions of the articles' models, under the titles and sentences of their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from analysis.articles.judge import Judge
from analysis.articles.records import Article
from analysis.articles.reproduce_capex import capex
from analysis.articles.reproduce_dcf import dcf
from analysis.articles.reproduce_multiples import peers, projection, upside
from analysis.articles.reproduce_parts import sum_of_parts
from analysis.articles.reproduce_paths import paths, scenarios
from analysis.articles.reproduction import Reproduction, Worked
from analysis.articles.said import Said
from analysis.data import Edition
from analysis.figures import Figure
from analysis.valuation.group import Group, open_group

Work = Callable[[Mapping[str, Figure], Edition, Group], Worked]

REPRODUCTIONS: Mapping[str, Work] = MappingProxyType(
    {
        "projection": projection,
        "peers": peers,
        "capex": capex,
        "upside": upside,
        "paths": paths,
        "scenarios": scenarios,
        "sum_of_parts": sum_of_parts,
        "dcf": dcf,
    }
)
"""Every reproduction by name: from an article's inputs, its edition and the report's company."""


def work(article: Article, name: str, judge: Judge, group: Group) -> Worked:
    """One of an article's models, worked out on the edition that the article is judged in.

    Raises ``KeyError`` for a reproduction that nobody has written.
    """
    return REPRODUCTIONS[name](article.input_figures(), judge.open_then(article.judged_as_of), group)


def reproductions(judge: Judge, scenario: str) -> tuple[Reproduction, ...]:
    """The models of all articles shown, reproduced beside the report's inputs in a scenario.

    Raises ``KeyError`` for a reproduction that an article names and nobody has written.
    """
    shown = judge.shown()
    group = open_group(judge.now, scenario).traced if shown else None
    found = []
    for article in shown:
        for name, record in article.reproductions.items():
            assert group is not None
            worked = work(article, name, judge, group)
            used = {key: figure for key, figure in worked.shown.items() if f"{{{key}}}" in record.finding}
            found.append(Reproduction(name, article, record.title, worked, Said("", record.finding, used)))
    return tuple(found)
