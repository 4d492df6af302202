"""Days that no edition will see: publications and decisions said to lie well after all that is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from analysis.data.edition import PRICES
from analysis.data.editions import edition_labels, load_edition
from analysis.data.problems import Problem
from analysis.data.reads import shown
from analysis.data.series import load_series, series_names
from analysis.data.yaml_files import read_yaml

AHEAD = timedelta(days=92)  # a quarter: what is entered before its edition is begun
KEYS = ("published", "set_on", "on", "mended", "until")
"""The names under which files give such days."""


def check_days(root: Path, problems: list[Problem]) -> None:
    """Report each day more than a quarter after the last cut-off or session; most are slips of a year."""
    known = list(_known(root))
    if not known:
        return
    last = max(known)
    for path, field, day in (*_of_files(root), *_of_series(root)):
        if day - last > AHEAD:
            expected = f"a day that an edition can see: the last cut-off or session is {last}"
            problems.append(Problem(path, field, f"{day} lies far ahead", expected))


def _known(root: Path) -> Iterator[date]:
    """The cut-offs and the last session; a mistyped one is found by those who check editions and prices."""
    for label in edition_labels(root):
        record = load_edition(root, label, [])
        if record is not None:
            yield record.cutoff
    prices = load_series(root, PRICES, [])
    for row in prices.rows if prices is not None else ():
        if isinstance(day := row.values["date"], date):
            yield day


def _of_files(root: Path) -> Iterator[tuple[str, str, date]]:
    for path in sorted(root.rglob("*.yml")):
        relative = path.relative_to(root).as_posix()
        for field, day in _named(read_yaml(root, relative, []), ""):
            yield shown(root, relative), field, day


def _named(node: object, above: str) -> Iterator[tuple[str, date]]:
    """The days below a node that stand under one of the names."""
    if isinstance(node, list):
        for place, item in enumerate(node):
            yield from _named(item, f"{above}[{place}]")
    elif isinstance(node, dict):
        for key, value in node.items():
            name = f"{above}.{key}" if above else key
            if key in KEYS and isinstance(value, date):
                yield name, value
            yield from _named(value, name)


def _of_series(root: Path) -> Iterator[tuple[str, str, date]]:
    for name in series_names(root):
        series = load_series(root, name, [])
        for row in series.rows if series is not None else ():
            if isinstance(day := row.values.get("published"), date):
                yield shown(root, f"{name}.csv"), f"line {row.line}.published", day
