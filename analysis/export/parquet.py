"""The tables of the data as Parquet, as far as an edition sees them: each column with type, unit and meaning.

It needs ``pyarrow``, which the package has as its extra ``parquet``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from analysis.data import Edition
from analysis.data.long_table import long_table
from analysis.data.problems import Problem, stop_on
from analysis.data.series import Series, load_series, series_names

_KINDS = {"date": "date32", "number": "double", "text": "string"}


def write_tables(edition: Edition, folder: Path) -> list[Path]:
    """Write every table, Amazon's quarters among them, as a file of its own; returns the paths.

    Raises ``ImportError`` without ``pyarrow``, ``DataError`` for a table that cannot be read.
    """
    from pyarrow.parquet import write_table

    problems: list[Problem] = []
    read = [load_series(edition.root, name, problems) for name in series_names(edition.root)]
    stop_on(problems)
    paths = []
    for series in (*filter(None, read), long_table(edition.reported, edition.cutoff)):
        path = folder / f"{series.name.replace('/', '-')}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(arrow_table(series, edition.cutoff), path)
        paths.append(path)
    return sorted(paths)


def arrow_table(series: Series, cutoff: date) -> Any:
    """The rows public by ``cutoff`` as an Arrow table; words among numbers have a column of their own."""
    import pyarrow

    rows = [row.values for row in series.rows if _day(row.values) <= cutoff]
    columns, fields = [], []

    def add(name: str, kind: str, values: list[Any], said: dict[str, str]) -> None:
        columns.append(pyarrow.array(values, kind))
        fields.append(pyarrow.field(name, kind, metadata=said))

    for column in series.meta.columns:
        values: list[Any] = [row[column.name] for row in rows]
        said = {"meaning": column.meaning, "unit": column.unit}
        words = [value if isinstance(value, str) else None for value in values]
        if column.type == "number" and any(isinstance(row.values[column.name], str) for row in series.rows):
            values = [None if isinstance(value, str) else value for value in values]
            add(f"{column.name}_in_words", "string", words, {"meaning": "What is stated where no number is"})
        add(column.name, _KINDS[column.type], values, said)
    meta = series.meta
    about = {
        "title": meta.title,
        "description": meta.description.strip(),
        "source": meta.attribution,
        "licence": meta.licence,
        "public_by": str(cutoff),
    }
    return pyarrow.Table.from_arrays(columns, schema=pyarrow.schema(fields, metadata=about))


def _day(values: Any) -> date:
    """The day on which a row became public; names of companies always were."""
    day = values.get("published") or values.get("date")
    return day if isinstance(day, date) else date.min
