"""Inputs of the report raised one at a time in a copy of the data, and what that moves on its pages."""

from __future__ import annotations

import csv
import io
import math
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from analysis.charts.calculator import Calculator
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Table
from analysis.figures import Figure, Source
from tests.notebooks import Run

DATA = Path(__file__).parents[1] / "data"
QUARTER, CUTOFF = "2025Q4", "2026-03-31"
QUARTER_FILE, BASE = f"amazon/quarters/{QUARTER}.yml", "scenarios/base.yml"
PRINTED = ("", "trailing_twelve_months.", "fiscal_year.")  # blocks that hold the same field
_COUNTED = (
    "claims that fail ÷",
    "share of draws",
    "spread over the independent",
    "outcomes inside",
    "quarters ÷",
    "mean over the nets",
    "grid less simulation",
)
STEP = 0.01  # by how much of itself a reported figure is raised
RANGE = 0.001  # by how much of its range a driver is: so little that what was plausible still is


@dataclass(frozen=True)
class Input:
    """One entry of one data file: how it is named in sources, and the text with it raised."""

    file: str
    fields: tuple[str, ...]
    raised: Callable[[str], str]

    def __str__(self) -> str:
        return f"{self.file}: {self.fields[0]}"

    def is_among(self, entries: Collection[tuple[str, str]]) -> bool:
        """Whether it is one of the entries, each the path of its file and its field."""
        return any(field in self.fields and path.endswith(self.file) for path, field in entries)


def raised_copy(entries: Iterable[Input], folder: Path) -> Path:
    """A copy of the data in ``folder`` in which these entries, and nothing else, are raised."""
    data = folder / "data"
    shutil.copytree(DATA, data, copy_function=_linked)
    for entry in entries:
        path = data / entry.file
        text = path.read_text("utf-8")
        changed = entry.raised(text)
        assert changed != text, f"{entry}: nothing was raised"
        path.unlink()  # the file itself stays as it is: its other name is the project's own
        path.write_text(changed, "utf-8")
    return data


def _linked(old: str, new: str) -> None:
    """The same file under a second name, or a copy where another disk begins."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)


# --- What can be raised -----------------------------------------------------------------------------


def inputs() -> list[Input]:
    """Every driver of the base scenario and one figure of every reported kind."""
    return [*_drivers(), *_reported(), *_observed(), *_edition()]


def _drivers() -> Iterator[Input]:
    drivers = yaml.safe_load((DATA / BASE).read_text("utf-8"))["drivers"]
    for name, entry in drivers.items():
        value, low, high = (float(entry[key]) for key in ("value", "low", "high"))
        is_whole = value.is_integer() and low.is_integer() and high.is_integer() and high - low >= 1
        step = max(1.0, round(0.2 * (high - low))) if is_whole else RANGE * (high - low)
        # A ratio of sales to capital is drawn to far below its range, the further the higher its value.
        is_up = value + step <= high and not name.endswith("sales_to_capital")
        raised = value + step if is_up else value - step
        yield Input(
            BASE, (f"drivers.{name}.value",), _replacing(("drivers", name, "value"), lambda _, to=raised: to)
        )


def _reported() -> Iterator[Input]:
    file = yaml.safe_load((DATA / QUARTER_FILE).read_text("utf-8"))
    for section in ("segments", "service_lines", "income", "cash_flow", "balance"):
        for field, value in _leaves(file[section], section):
            amount = round(abs(value) * STEP) or 1
            places = tuple(f"{block}{field}" for block in PRINTED if _at(file, f"{block}{field}") is not None)

            def raised(text: str, places: tuple[str, ...] = places, amount: int = amount) -> str:
                for place in places:
                    text = _replacing(tuple(place.split(".")), lambda old: old + amount)(text)
                return text

            yield Input(QUARTER_FILE, places, raised)


def _observed() -> Iterator[Input]:
    """The last row of each metric that was public, as a file of rows has it."""
    for path in sorted(DATA.rglob("*.csv")):
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        if "metric" not in rows[0]:
            continue
        last = {row["metric"]: at for at, row in enumerate(rows) if _is_number(row)}
        for at in last.values():
            row = rows[at]
            field = f"{row['entity']} / {row['metric']} / {row['period']}"
            yield Input(path.relative_to(DATA).as_posix(), (field,), _row(at))


def _edition() -> Iterator[Input]:
    file = f"editions/{QUARTER}.yml"
    for section, entry in (("price", "close_usd"), ("shares", "value")):
        edit = _replacing((section, entry), lambda old: round(old * (1 + STEP), 2))
        yield Input(file, (f"{section}.{entry}",), edit)


def _is_number(row: dict[str, str]) -> bool:
    """Whether a row holds a number that the edition may use."""
    is_seen = row["published"] <= CUTOFF and row["check"] != "unconfirmed"
    return is_seen and re.fullmatch(r"-?[\d.]+", row["value"]) is not None


def _row(at: int) -> Callable[[str], str]:
    def raised(text: str) -> str:
        rows = list(csv.reader(io.StringIO(text)))
        place = rows[0].index("value")
        old = float(rows[at + 1][place])
        rows[at + 1][place] = f"{old * (1 + STEP) or STEP:.15g}"
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        return out.getvalue()

    return raised


def _leaves(entry: dict[str, Any], above: str) -> Iterator[tuple[str, float]]:
    for key, value in entry.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}.{key}")
        else:
            yield f"{above}.{key}", float(value)


def _at(entry: Any, place: str) -> Any:
    for key in place.split("."):
        if not isinstance(entry, dict) or key not in entry:
            return None
        entry = entry[key]
    return entry


def _replacing(keys: tuple[str, ...], change: Callable[[float], float]) -> Callable[[str], str]:
    """An edit of the number at ``keys`` in a YAML text; the rest of the text stays as it is."""

    def edit(text: str) -> str:
        lines, depth = text.splitlines(keepends=True), 0
        for at, line in enumerate(lines):
            found = re.match(r"( *)(\S+?):( *)(-?[\d.]+(?:e-?\d+)?)?", line)
            if found is None or len(found[1]) != 2 * depth or found[2].strip('"') != keys[depth]:
                continue
            if depth < len(keys) - 1:
                depth += 1
                continue
            start, end = found.span(4)
            changed = np.format_float_positional(change(float(found[4])), trim="-")  # 5e-05 is text in YAML
            lines[at] = f"{line[:start]}{changed}{line[end:]}"
            return "".join(lines)
        raise AssertionError(f"nothing at {'.'.join(keys)}")

    return edit


# --- What moves -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One thing that a page shows: its value, and what it says it rests on."""

    value: Any
    sources: Sources

    @cached_property
    def entries(self) -> set[tuple[str, str]]:
        """The file and the field of every entry of the data that it says it rests on."""
        given = [self.sources] if isinstance(self.sources, str | Source | Figure) else self.sources
        below: set[Source] = set()
        for each in given:
            below.update(
                each.sources() if isinstance(each, Figure) else [each] if isinstance(each, Source) else []
            )
        return {(source.path, source.field) for source in below if source.path and source.field}

    @property
    def is_number(self) -> bool:
        """Whether every change of an input can be seen in it: words, years, counts, shares move in jumps."""
        return isinstance(self.value, float)

    def is_other_than(self, other: Shown) -> bool:
        """Whether the value is another, more than a solver's last digits may be."""
        if isinstance(self.value, float) and isinstance(other.value, float):
            return not math.isclose(self.value, other.value, rel_tol=1e-12, abs_tol=1e-12)
        return bool(self.value != other.value)


def shown(run: Run) -> dict[str, Shown]:
    """Everything that a run of a page shows, by a name of its own."""
    found: dict[str, Shown] = {key: _number(figure) for key, figure in run.numbers.items()}
    for name, part in run.parts.items():
        if isinstance(part, ChartFigure):
            found[f"chart {name}"] = Shown(_frame(part.data), part.evidence())
        elif isinstance(part, Table):
            found |= _cells(name, part)
        elif isinstance(part, Calculator):
            found[f"calculator {name}"] = Shown(
                str((part.start(), part.results(), part.presets)), part.source
            )
    return found


def _number(figure: Figure) -> Shown:
    value = figure.value
    moves_evenly = not isinstance(value, str) and figure.unit not in ("year", "count")
    moves_evenly = moves_evenly and not any(map(_is_counted, figure.walk()))
    return Shown(float(value) if moves_evenly else str(value), [figure])


def _is_counted(figure: Figure) -> bool:
    """Whether a number is a share of draws or of outcomes, which a small change may leave as it is."""
    is_share = (figure.kernel or "").endswith((".odds.pool", ".scores.coverage", ".brier_score"))
    return is_share or (figure.formula or "").startswith(_COUNTED)


def _frame(data: pd.DataFrame) -> str:
    plain = data.map(lambda cell: cell.value if isinstance(cell, Figure) else cell)
    return str(plain.to_csv(float_format="%.10g"))


def _cells(name: str, table: Table) -> dict[str, Shown]:
    by_row = table.frame.map(lambda cell: str(getattr(cell, "plain", cell))).to_numpy()
    first, second = by_row[:, 0].tolist(), by_row[:, min(1, by_row.shape[1] - 1)].tolist()
    both = [f"{head[:40]}, {more[:40]}" for head, more in zip(first, second, strict=True)]
    found = {}
    for key, figure in table.numbers.items():
        column, at, *part = key.removeprefix(f"{table.page}.{table.name}.").split(".")
        # A row by its head where that is its own, else by two: rows may change places.
        row = at
        if both.count(both[int(at)]) == 1:
            row = first[int(at)][:40] if first.count(first[int(at)]) == 1 else both[int(at)]
        place = ", ".join((column, row, *part))
        found[f"table {name}, {place}"] = _number(figure)
    others = table.frame.map(lambda cell: None if isinstance(cell, Figure) else getattr(cell, "plain", cell))
    rests = [table.source] if isinstance(table.source, str | Source | Figure) else list(table.source)
    found[f"table {name}, words"] = Shown(
        str(others.to_csv(float_format="%.10g")), [*rests, *table.numbers.values()]
    )
    return found


def moved(before: dict[str, Shown], after: dict[str, Shown]) -> set[str]:
    """What both show, with another value."""
    return {key for key in before.keys() & after.keys() if before[key].is_other_than(after[key])}


def unlisted(entry: Input, before: dict[str, Shown], after: dict[str, Shown]) -> set[str]:
    """What moved without naming the entry."""
    return {
        key for key in moved(before, after) if not entry.is_among(before[key].entries | after[key].entries)
    }


def unmoved(entry: Input, before: dict[str, Shown], after: dict[str, Shown]) -> set[str]:
    """Numbers that name the entry and did not move."""
    still = (before.keys() & after.keys()) - moved(before, after)
    return {key for key in still if before[key].is_number and entry.is_among(before[key].entries)}
