"""An article's sum of the parts that counts advertising's profit twice: refused, reproduced, put right."""

from __future__ import annotations

import pandas as pd

from analysis.articles import Article, open_articles
from analysis.articles.reproduce_parts import stated_parts
from analysis.chapters._notes import paragraph
from analysis.chapters.page import Unavailable
from analysis.charts.note import Note
from analysis.charts.table import Column, Table
from analysis.data import Edition
from analysis.figures import Figure, text
from analysis.model.parts import sum_of_parts as sotp
from analysis.model.parts.sum_of_parts import OverlapError, Part, sum_of_parts

INPUT = "sotp_total"
SEGMENTS = {"aws": "AWS", "north_america": "North America", "international": "International"}
NOT_YET = "an article that adds up parts and counts one profit twice"
REFUSED = (
    "One of the articles offers such a list. Asked to add it up, the kernel answers: {refusal}. Told to "
    "do so all the same, it gets {total}, which the article prints as {printed:usd_bn0}; with each "
    "profit counted once it is {once}."
)
LEAVES = (
    "The second count is not even its largest trouble. The sum is {share:percent0} of the enterprise "
    "value that the article itself names, so that by its own list the market paid {implied:x1} for AWS, "
    "and not {multiple:x0}. Either the market or the list is wrong by a wide margin, and the article "
    "does not say which."
)


def article(edition: Edition) -> Article | None:
    """The article that adds up parts, if it had appeared by the edition's cut-off."""
    found = [each for each in open_articles(edition.root) if INPUT in each.input_figures()]
    return next((each for each in found if each.published <= edition.cutoff), None)


def refusal(parts: list[Part]) -> str:
    """What the kernel says to the parts, in words; raises ``ValueError`` if it lets them pass."""
    try:
        sum_of_parts(parts)
    except OverlapError:
        ((one, other, shared),) = sotp.overlaps(parts)
        pools = [pool.split(".") for pool in sorted(shared)]
        named = " and ".join(f"{kind} in {SEGMENTS[segment]}" for segment, kind in pools)
        return f"{one} and {other} both count {named}"
    raise ValueError("the parts count no profit twice")


def numbers(edition: Edition) -> dict[str, Figure]:
    """The article's sum as it is, counted once, and what it leaves for AWS; nothing before it appeared."""
    source = article(edition)
    if source is None:
        return {}
    given = source.input_figures()
    parts = stated_parts(given)
    total = _named(
        sum_of_parts(parts, allow_overlap=True).enterprise_value.base, "The article's sum", "usd_bn"
    )
    once = _named(sum_of_parts(parts[:2]).enterprise_value.base, "The article's sum, profit once", "usd_bn")
    enterprise = given["enterprise_value"]
    implied = sotp.solve_multiple(parts, "AWS", enterprise, allow_overlap=True)
    return {
        "total": total,
        "printed": given[INPUT],
        "once": once,
        "twice": given["sotp_advertising"],
        "enterprise": enterprise,
        "multiple": given["sotp_aws_multiple"],
        "implied": _named(implied, "Multiple of AWS that the article's price leaves", "x"),
        "share": _named(total / enterprise, "The article's sum over its enterprise value", "fraction"),
        "refusal": text(refusal(parts), "Why the sum is refused", *given.values()),
    }


def refused(edition: Edition) -> Note | Unavailable:
    """What the kernel says to the article's list, and what it makes of it when told to add it up."""
    found = numbers(edition)
    return paragraph(REFUSED, found) if found else Unavailable(NOT_YET)


def leaves(edition: Edition) -> Note | Unavailable:
    """What the article's sum leaves for AWS of the price it names."""
    found = numbers(edition)
    return paragraph(LEAVES, found) if found else Unavailable(NOT_YET, quiet=True)


def table(edition: Edition) -> Table | Unavailable:
    """The article's parts, what each counts, and the sum with and without the second count."""
    source = article(edition)
    if source is None:
        return Unavailable(NOT_YET, quiet=True)
    parts, found = stated_parts(source.input_figures()), numbers(edition)
    values = sum_of_parts(parts, allow_overlap=True).parts
    rows = [
        (part.name, part.amount, part.multiple.base if part.amount is not None else None,
         _named(values[part.name].base, f"{part.name}, as the article has it", "usd_bn"), _holds(part))
        for part in parts
    ]  # fmt: skip
    rows += [
        ("Sum as it is", None, None, found["total"], "advertising twice"),
        ("Each profit once", None, None, found["once"], "everything once"),
    ]
    columns = [
        Column("part", "Part"),
        Column("amount", "Operating income", "usd_bn"),
        Column("multiple", "Multiple", "x", 0),
        Column("value", "Value", "usd_bn"),
        Column("counts", "Counts the profit of"),
    ]
    frame = pd.DataFrame(rows, columns=[column.field for column in columns], dtype=object)
    return Table(frame, columns, f"The sum in “{source.short}”", list(source.input_figures().values()))


def _holds(part: Part) -> str:
    kinds = dict.fromkeys(pool.split(".")[1] for pool in sorted(part.profit))
    return ", ".join("computing" if kind == "core" else kind for kind in kinds)


def _named(figure: Figure, label: str, unit: str) -> Figure:
    return figure.named(label, unit)
