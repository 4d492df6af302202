"""What several chapters share: words that depend on numbers and the ends of a driver's range."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.data import AbsentFigure
from analysis.figures import Figure, computed, text
from analysis.formats import show
from analysis.valuation.inputs import end_of_range as end_of_range
from analysis.valuation.inputs import three_ways as three_ways

SCENARIOS = ("bear", "base", "bull")


def or_words(make: Callable[[], Figure], words: str, label: str) -> Figure:
    """The figure that ``make`` gives, or ``words`` in its place if it was not public yet."""
    try:
        return make()
    except AbsentFigure:
        return text(words, label)


def direction(change: Figure, up: str, down: str, label: str, level: str = "did not change") -> Figure:
    """The word for a change: ``up`` above zero, ``down`` below, ``level`` at zero."""
    number = change.number
    return text(up if number > 0 else down if number < 0 else level, label, change)


def convention(value: float, unit: str, label: str) -> Figure:
    """A number that the report has chosen for itself; the page on the method says why."""
    return computed(float(value), unit, label, "a convention: see the method")


def said(figure: Figure, form: str | None = None) -> str:
    """The figure as the report prints it, in the named format if one is given."""
    return show(figure.value, form or figure.unit)


def listed(names: Sequence[str], none: str = "none") -> str:
    """Names as a phrase.

    >>> listed(["Apple", "Meta", "Nvidia"]), listed(["Apple"]), listed([])
    ('Apple, Meta and Nvidia', 'Apple', 'none')
    """
    if len(names) < 2:
        return names[0] if names else none
    return f"{', '.join(names[:-1])} and {names[-1]}"
