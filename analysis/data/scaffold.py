"""The text of a new quarter's file and of its edition: what is known filled in, the rest left open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from textwrap import dedent

from analysis.data import quarters, schema
from analysis.data.amazon import TTM, YEAR, quarter_file
from analysis.data.editions import edition_file
from analysis.data.fields import FIRST_PRINTED, Field
from analysis.formats import day

_NOTE = """\
# USD millions as printed, cash outflows negative; shares in millions. A figure that is not known has no line:
# fill in each line or delete it, then run `make check`. Names and meanings: ../fields.yml.
# What is printed otherwise for the quarter a year before goes below `year_ago:`, in the same sections."""


@dataclass(frozen=True)
class Draft:
    """What is known of a quarter before anyone has typed a figure.

    ``values`` and ``notes`` go by dotted path; a note says how a value that no document prints
    follows from others. ``ttm`` and ``year`` name the fields of those blocks.
    """

    quarter: str
    document: str
    url: str
    ttm: tuple[str, ...]
    year: tuple[str, ...]
    values: Mapping[str, float] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def release_of(quarter: str) -> str:
    """The release's name as the quarters' files give it.

    >>> release_of("2026Q1")
    'Amazon.com, Inc., press release on the first quarter of 2026'
    """
    year, number = quarters.split(quarter)
    return f"Amazon.com, Inc., press release on the {quarters.ORDINALS[number - 1]} quarter of {year}"


def filing_of(quarter: str, form: str) -> str:
    """A filing's name as the quarters' files give it.

    >>> filing_of("2025Q4", "10-K")
    'Amazon.com, Inc., results for the fourth quarter of 2025, in Form 10-K for 2025'
    """
    year, number = quarters.split(quarter)
    covers = str(year) if form == "10-K" else f"the quarter ended {day(quarters.period_end(quarter))}"
    results = f"Amazon.com, Inc., results for the {quarters.ORDINALS[number - 1]} quarter of {year}"
    return f"{results}, in Form {form} for {covers}"


def printed_in(quarter: str, fields: Mapping[str, Field]) -> list[str]:
    """The fields a new quarter may have: not those no longer printed, nor what only hindsight tells apart."""
    return [
        name
        for name, known in fields.items()
        if not known.retired_in(quarter) and not name.endswith(FIRST_PRINTED)
    ]


def quarter_text(draft: Draft, fields: Mapping[str, Field]) -> str:
    """The quarter's file, every field of the dictionary that is still printed on a line of its own."""
    lines = [
        schema.head(quarter_file(draft.quarter), "quarter"),
        f"quarter: {draft.quarter}",
        f"period_end: {quarters.period_end(draft.quarter)}",
        f'document: "{draft.document}"',
        f"url: {draft.url}",
        "published:  # the day the results were released",
        "",
        _NOTE,
        *_block(printed_in(draft.quarter, fields), "", draft, fields),
    ]
    for block, names in ((TTM, draft.ttm), (YEAR, draft.year)):
        if names:
            lines += ["", f"{block}:  # as printed", *_block(names, f"{block}.", draft, fields, indent=1)]
    return "\n".join([*lines, *_sources(draft), ""])


def edition_text(quarter: str, shares: float | None, document: str) -> str:
    """The edition's file; without a cut-off it sees what was public the day after the release."""
    return dedent(f"""\
        {schema.head(edition_file(quarter), "edition")}
        label: "{quarter}"
        quarter: {quarter}
        # cut_off: the day after the release, unless another is given here with a line `why`
        price:
          date:  # last session at or before the cut-off
          close_usd:  # as in data/prices/amzn.csv
          source: "Nasdaq closing price of AMZN, in data/prices/amzn.csv"
        shares:
          value: {"" if shares is None else number_text(shares)}
          as_of: {quarters.period_end(quarter)}
          field: balance.shares_outstanding
          document: "{document}"
          published:
          note: "count on the balance sheet at the end of the quarter"
        """).replace("value: \n", "value:\n")


def number_text(value: float) -> str:
    """A number as the files write it: whole ones without a decimal point."""
    return str(int(value)) if value.is_integer() else repr(value)


def _block(
    names: Iterable[str], prefix: str, draft: Draft, fields: Mapping[str, Field], indent: int = 0
) -> list[str]:
    """Nested keys for dotted names, a blank line before each section."""
    lines: list[str] = []
    above: list[str] = []
    for name in names:
        *parents, leaf = name.split(".")
        for depth, parent in enumerate(parents):
            if parents[: depth + 1] != above[: depth + 1]:
                if depth == 0 and indent == 0:
                    lines.append("")
                lines.append(f"{'  ' * (indent + depth)}{parent}:")
        above = parents
        pad, value = "  " * (indent + len(parents)), draft.values.get(prefix + name)
        lines.append(
            f"{pad}{leaf}: {number_text(value)}"
            if value is not None
            else f"{pad}{leaf}:  # {_hint(fields[name])}"
        )
    return lines


def _hint(known: Field) -> str:
    when = "" if known.required == "always" else f"; {known.required}"
    return f"{known.unit}: {known.label}; {known.where}{when}"


def _sources(draft: Draft) -> list[str]:
    if not draft.notes:
        return []
    lines = ["", "sources:  # of the figures that are not simply those of the document above"]
    for name, note in draft.notes.items():
        lines += [f"  {name}:", "    verification: crossfoot", f'    note: "{note}"']
    return lines
