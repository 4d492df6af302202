"""Each article against itself, and against the others: numbers that must agree if both are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.articles.context import Context
from analysis.articles.functions import compute
from analysis.articles.judge import Judge
from analysis.articles.loading import CONSISTENCY, FOLDER
from analysis.articles.periods import UNDATED, Period
from analysis.articles.printed import in_unit, units
from analysis.articles.said import Said
from analysis.articles.taking import take_expression, take_sentence
from analysis.data.problems import DataError, Problem, stop_on
from analysis.data.reads import shown
from analysis.data.values import (
    Place,
    refuse_unknown,
    take_choice,
    take_list,
    take_mapping,
    take_number,
    take_text,
)
from analysis.data.yaml_files import read_yaml
from analysis.figures import Figure

_KEYS = ("id", "articles", "question", "one", "other", "within", "agrees", "differs")
_SIDE_KEYS = ("label", "computed", "unit")


@dataclass(frozen=True)
class Side:
    """One of the two numbers held against each other."""

    label: str
    computed: str
    unit: str


@dataclass(frozen=True)
class Check:
    """Two numbers of one article, or of two, that must agree within a fraction of the larger."""

    id: str
    articles: tuple[str, ...]
    question: str
    one: Side
    other: Side
    within: float
    agrees: str
    differs: str


@dataclass(frozen=True)
class Finding:
    """A check carried out: both numbers, how far they are apart, and what that says."""

    check: Check
    one: Figure
    other: Figure
    gap: float
    agree: bool
    answer: Said


def findings(judge: Judge) -> tuple[Finding, ...]:
    """Every check whose articles had all appeared by the edition's cut-off, carried out.

    Raises ``DataError`` for checks that cannot be read.
    """
    problems: list[Problem] = []
    checks = load_checks(judge.now.root, problems)
    stop_on(problems)
    known = {article.letter for article in judge.shown()}
    return tuple(find(check, judge) for check in checks if set(check.articles) <= known)


def find(check: Check, judge: Judge) -> Finding:
    """One check carried out with what was public when the later of its articles appeared."""
    context = _context(check, judge)
    one, other = (
        in_unit(compute(side.computed, context), side.unit, side.label) for side in (check.one, check.other)
    )
    gap = abs(one.number - other.number) / max(abs(one.number), abs(other.number))
    agree = gap <= check.within
    sentence = check.agrees if agree else check.differs
    shown_figures = {"one": one, "other": other}
    used = {name: figure for name, figure in shown_figures.items() if f"{{{name}}}" in sentence}
    return Finding(check, one, other, gap, agree, Said("", sentence, used))


def _context(check: Check, judge: Judge) -> Context:
    chosen = [article for article in judge.articles if article.letter in check.articles]
    latest = max(chosen, key=lambda article: article.published)
    return judge.at(judge.open_then(latest.judged_as_of), Period("none", UNDATED))


def load_checks(root: Path, problems: list[Problem]) -> tuple[Check, ...]:
    """The checks in ``data/articles/consistency.yml`` that could be read."""
    relative = f"{FOLDER}/{CONSISTENCY}.yml"
    raw = read_yaml(root, relative, problems)
    if raw is None:
        return ()
    place = Place(shown(root, relative), "", problems)
    refuse_unknown(raw, ("checks",), place)
    found = [_take(take_mapping(value, here), here) for value, here in take_list(raw.get("checks"), place)]
    return tuple(check for check in found if check is not None)


def _take(entry: Mapping[str, Any], place: Place) -> Check | None:
    name = take_text(entry.get("id"), place.at("id"))
    here = place.at(name or "?")
    before = len(place.problems)
    refuse_unknown(entry, _KEYS, here)
    names = frozenset({"one", "other"})
    letters = [take_text(value, at) for value, at in take_list(entry.get("articles"), here.at("articles"))]
    question = take_sentence(entry.get("question"), here.at("question"))
    one, other = (_side(entry.get(side), here.at(side)) for side in ("one", "other"))
    within = take_number(entry.get("within"), here.at("within"))
    if within is not None and not 0 <= within < 1:
        here.at("within").report(f"{within:g} is no room for rounding", "a fraction from 0 to 1")
    agrees, differs = (take_sentence(entry.get(key), here.at(key), names) for key in ("agrees", "differs"))
    if len(place.problems) > before or not (name and question and one and other and agrees and differs):
        return None
    articles = tuple(letter for letter in letters if letter)
    return Check(name, articles, question, one, other, within or 0.0, agrees, differs)


def _side(raw: object, place: Place) -> Side | None:
    entry = take_mapping(raw, place)
    refuse_unknown(entry, _SIDE_KEYS, place)
    label = take_text(entry.get("label"), place.at("label"))
    computed = take_expression(entry.get("computed"), place.at("computed"))
    unit = take_choice(entry.get("unit"), tuple(units()), place.at("unit"))
    return Side(label, computed, unit) if label and computed and unit else None


def check_consistency(root: Path, judge: Judge) -> list[Problem]:
    """Every problem of the checks: unreadable, of an unknown article, or not to be computed."""
    problems: list[Problem] = []
    checks = load_checks(root, problems)
    path = shown(root, f"{FOLDER}/{CONSISTENCY}.yml")
    known = {article.letter for article in judge.articles}
    for check in checks:
        place = Place(path, f"checks.{check.id}", problems)
        if unknown := sorted(set(check.articles) - known):
            place.report(
                f"is of unknown articles {', '.join(unknown)}", f"some of {', '.join(sorted(known))}"
            )
            continue
        try:
            find(check, judge)
        except DataError:  # a file that the check reads is reported by the checks of the data
            continue
        except (ValueError, KeyError, ArithmeticError) as error:
            said = error.args[0] if isinstance(error, KeyError) else error
            place.report(f"cannot be computed: {said}", "expressions that the figures public then can answer")
    return problems
