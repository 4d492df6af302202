"""Single values of a claim taken from its file: the value if it is of the kind asked for, else a problem."""

from __future__ import annotations

import re
from string import Formatter

from analysis.articles.expressions import ExpressionError
from analysis.articles.functions import FUNCTIONS, unknown_functions
from analysis.articles.periods import Period, read_period
from analysis.articles.printed import Printed, units
from analysis.data.problems import expected_of
from analysis.data.values import Place, shown_value, take_text

# A year, a day or a quarter may stand in a sentence; every other digit must come from a figure.
_DATES = re.compile(
    r"(?<![\w.,$])(?:\d{1,2} [A-Z][a-z]+ )?(?:19|20)\d\d(?:Q[1-4]|-\d\d-\d\d)?(?![\w%]|[.,]\d)"
)


def take_printed(text: object, unit: object, place: Place) -> Printed | None:
    """A number as printed, in quotes so that no digit is lost, with its unit."""
    if unit not in tuple(units()):
        place.at("unit").report(f"{shown_value(unit)} is unknown", f"one of {', '.join(units())}")
        return None
    if not isinstance(text, str):
        place.at("says").report(f"{shown_value(text)} is not text", "the printed digits in quotes")
        return None
    try:
        return Printed(text, str(unit))
    except ValueError as error:
        place.at("says").report(str(error), "the digits as printed")
        return None


def take_expression(value: object, place: Place) -> str | None:
    """An expression that can be read and calls known functions only."""
    text = take_text(value, place)
    if text is None:
        return None
    try:
        unknown = unknown_functions(text)
    except ExpressionError as error:
        place.report(str(error), "an expression")
        return None
    for name in unknown:
        place.report(f"function {name!r} is unknown", expected_of(name, sorted(FUNCTIONS)))
    return None if unknown else text


def take_period(value: object, place: Place) -> Period | None:
    """A period; dates and years must be in quotes to stay text."""
    text = take_text(value, place)
    if text is None:
        return None
    try:
        return read_period(text)
    except ValueError as error:
        place.report(str(error), "a period")
        return None


def take_sentence(value: object, place: Place, names: frozenset[str] | None = frozenset()) -> str | None:
    """A sentence without typed figures, whose ``{name}`` are all among ``names`` (``None``: any)."""
    text = take_text(value, place)
    if text is None:
        return None
    try:
        fields = list(Formatter().parse(text))
    except ValueError as error:
        place.report(f"cannot be read: {error}", "text with {name} for each figure")
        return None
    for _, name, form, conversion in fields:
        known = names is None or name in names
        if name is not None and (not known or form or conversion):
            expected = expected_of(name, sorted(names)) if names else "no figures"
            place.report(f"shows {{{name}}}", expected)
            return None
    typed = re.search(r"\d", _DATES.sub("", "".join(literal for literal, *_ in fields)))
    if typed is not None:
        place.report(f"has a figure typed into it: {text!r}", "figures drawn by {name}")
        return None
    return text
