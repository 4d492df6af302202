"""Amazon's quarters as one long table: a figure a row, with unit, document and the day it became public."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from analysis.data import quarters
from analysis.data.amazon import TTM, YEAR, YEAR_AGO, QuarterFile
from analysis.data.reported import Reported
from analysis.data.series import Column, Meta, Row, Series, Value

NAME = "quarters.csv"
KEY = ("field", "quarter", "span", "published")
SPANS = ("quarter", "twelve_months", "year")
BASES = ("printed", "derived")
_SPAN_OF = {TTM: SPANS[1], YEAR: SPANS[2]}
_COLUMNS = (
    Column("field", "text", "", "Name of the figure, as in fields.yml"),
    Column("quarter", "text", "", "Quarter in which the span ends"),
    Column("span", "text", "", "quarter, twelve_months or year; a balance is that of the last day"),
    Column("value", "number", "as in unit", "The figure; cash that leaves the company is negative"),
    Column("unit", "text", "", "usd_m, usd or million, the last two adjusted for the split of June 2022"),
    Column("basis", "text", "", "printed, or derived from other printed figures"),
    Column("published", "date", "", "Day the figure became public"),
    Column("document", "text", "", "Document in which it was read"),
    Column("url", "text", "", "Address of the document, or of the list that has it"),
    Column("note", "text", "", "What a reader must know"),
)
_META = Meta(
    title="Amazon's quarters, one figure a row",
    description=(
        "Every figure of the files below amazon/quarters, one a row. A figure that a later document prints "
        "otherwise has a row for each, told apart by the day; the latest that was public holds."
    ),
    attribution="Amazon.com, Inc., releases, Forms 10-Q and 10-K",
    licence="Figures are facts and cited to their source; no licence is claimed for them.",
    columns=_COLUMNS,
    quality={},
    check={},
    metrics={},
)


def long_table(reported: Reported, cutoff: date) -> Series:
    """All that was printed and public by ``cutoff``, by quarter and field."""
    found = [row for _, file in sorted(reported.files.items()) for row in _rows(reported, file, cutoff)]
    rows = (Row(line, row, frozenset(name for name, cell in row.items() if cell is None))
            for line, row in enumerate(found, start=2))  # fmt: skip
    return Series(f"amazon/{NAME.removesuffix('.csv')}", NAME, _META, tuple(rows))


def _rows(reported: Reported, file: QuarterFile, cutoff: date) -> Iterator[dict[str, Value]]:
    for name, printed in file.printed.items():
        block, _, rest = name.partition(".")
        field = rest if block in (*_SPAN_OF, YEAR_AGO) else name
        source = printed.source
        if source.published <= cutoff:
            yield {
                "field": field,
                "quarter": quarters.add(file.quarter, -4) if block == YEAR_AGO else file.quarter,
                "span": _SPAN_OF.get(block, SPANS[0]),
                "value": printed.value,
                "unit": reported.fields[field].unit,
                "basis": BASES[printed.is_derived],
                "published": source.published,
                "document": source.document,
                "url": source.url,
                "note": source.note,
            }


def as_csv(table: Series) -> str:
    """The table as CSV; whole numbers without a decimal point."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in table.meta.columns)
    writer.writerows([_cell(value) for value in row.values.values()] for row in table.rows)
    return text.getvalue()


def _cell(value: Value) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)
