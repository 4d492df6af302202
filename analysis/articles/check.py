"""Checks of the articles: every claim can be computed in the edition it is judged in, or says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from analysis.articles.consistency import check_consistency
from analysis.articles.context import Context
from analysis.articles.judge import Judge, judge_number, number_shown, say
from analysis.articles.loading import load_articles
from analysis.articles.records import Article, Claim, Shown
from analysis.articles.reproductions import REPRODUCTIONS, work
from analysis.articles.taking import take_sentence
from analysis.data import AbsentFigure, DataError, Edition, Problem, open_edition
from analysis.data.editions import load_editions
from analysis.data.problems import expected_of
from analysis.data.values import Place
from analysis.valuation.group import open_group

_EXPECTED = "an expression that the figures public then can answer"


def check_articles(root: Path) -> list[Problem]:
    """Every problem of the articles and of what their claims would have computed.

    Problems of the data that claims rest on are reported by the checks of the data, and keep the claims
    from being computed here.
    """
    problems: list[Problem] = []
    articles = load_articles(root, problems)
    opened = _open_all(root, articles) if articles else None
    if opened is None:
        return sorted(set(problems))
    latest = max(opened.values(), key=lambda edition: edition.cutoff)
    judge = Judge(latest, articles, opened)
    for article in articles:
        for claim in article.claims:
            problems += [
                _problem(article, claim, what, error) for what, error in _failures(judge, article, claim)
            ]
        problems += _reproductions(article)
    problems += check_consistency(root, judge)
    return sorted(set(problems))


def _open_all(root: Path, articles: tuple[Article, ...]) -> dict[str, Edition] | None:
    """The editions that claims are judged in, and the latest of all; ``None`` if one cannot be opened."""
    records = load_editions(root)
    usable = [record for record in records if record is not None]
    if not usable:
        return None
    labels = {max(usable, key=lambda record: record.cutoff).label, *(a.judged_as_of for a in articles)}
    try:
        return {label: open_edition(label, root) for label in sorted(labels)}
    except DataError:  # reported, problem by problem, by the checks of the data
        return None


def _failures(judge: Judge, article: Article, claim: Claim) -> Iterator[tuple[str, Exception]]:
    then = judge.context(article, claim, judge.open_then(article.judged_as_of))
    now = judge.context(article, claim, judge.now)
    for what, run, may_be_absent in _attempts(claim, then, now):
        try:
            run()
        except AbsentFigure as error:
            if not may_be_absent:
                yield what, error
        except DataError:  # a file that the claim reads is reported by the checks of the data
            continue
        except (ValueError, KeyError, ArithmeticError) as error:
            yield what, error


def _attempts(claim: Claim, then: Context, now: Context) -> Iterator[tuple[str, Callable[[], object], bool]]:
    """Everything a claim has computed: its place, how to run it, whether its figures may be absent yet."""
    for position, number in enumerate(claim.numbers):
        yield f"numbers[{position}]", partial(judge_number, number, then), False
    for position, candidate in enumerate(claim.behind):
        place = f"behind[{position}]"
        if candidate.computed is not None:
            unit = claim.numbers[candidate.of - 1].printed[0].unit
            yield f"{place}.computed", _shown(candidate.computed, unit, then), False
        for name, item in candidate.with_.items():
            yield f"{place}.with.{name}", _shown(item.computed, item.unit, then), False
    if claim.stake is not None:
        yield "stake", _shown(claim.stake.computed, "usd_bn", then), False
    if claim.since_then is not None:
        yield "since_then", partial(say, claim.since_then, now), False
    if claim.forecast is not None:
        outcome, needs = claim.forecast.outcome, claim.forecast.needs
        is_open = now.edition.cutoff < claim.forecast.due
        if outcome is not None:
            unit = claim.numbers[claim.forecast.of - 1].printed[0].unit
            yield "forecast.outcome", _shown(outcome, unit, now), is_open
        if needs is not None and is_open:  # of one that is due nothing is needed any more
            yield "forecast.needs", partial(say, needs, now), False


def _reproductions(article: Article) -> Iterator[Problem]:
    """The models that an article names and nobody has written."""
    for name in article.reproductions:
        if name not in REPRODUCTIONS:
            wrong = f"{name!r} is no reproduction"
            yield Problem(article.path, f"reproductions.{name}", wrong, expected_of(name, REPRODUCTIONS))


def check_reproductions(root: Path) -> list[Problem]:
    """The models of articles without problems that cannot be worked out, or whose sentences show other names.

    Every one is worked out, which takes longer than all other checks of the articles.
    """
    articles = load_articles(root, [])
    opened = _open_all(root, articles) if articles else None
    if opened is None:
        return []
    judge = Judge(max(opened.values(), key=lambda edition: edition.cutoff), articles, opened)
    group = open_group(judge.now, "base").traced
    problems: list[Problem] = []
    for article in articles:
        for name, record in article.reproductions.items():
            place = Place(article.path, f"reproductions.{name}", problems)
            try:
                known = work(article, name, judge, group).shown
            except (ValueError, KeyError, ArithmeticError) as error:
                place.report(f"cannot be worked out: {error}", "inputs that can be used")
            else:
                take_sentence(record.finding, place.at("finding"), frozenset(known))
    return sorted(problems)


def _shown(text: str, unit: str, context: Context) -> Callable[[], object]:
    return partial(number_shown, Shown(text, unit), context)


def _problem(article: Article, claim: Claim, what: str, error: Exception) -> Problem:
    wrong = f"cannot be computed: {error.args[0] if isinstance(error, KeyError) else error}"
    return Problem(article.path, f"claims.{claim.id}.{what}", wrong, _EXPECTED)
