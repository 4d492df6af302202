"""Two editions compared: every published number that differs, with what is new behind it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from analysis.build import pages, payloads
from analysis.build.execute import execute
from analysis.build.parameters import choose
from analysis.build.tree import Tree, read_record, write_record

HEADLINE = ("value", "expected", "bear", "bull", "t4t_odds", "t5t_odds", "t4t_word", "t5t_word")
"""The first page's numbers that a build prints when they move."""
KEPT = "headline.json"
_SHOWN = 3


@dataclass(frozen=True)
class Difference:
    """One published number in two editions as printed; ``why`` names what is new behind the second."""

    key: str
    label: str
    before: str
    after: str
    why: str


def diff(tree: Tree, before: str, after: str, quiet: bool = False) -> tuple[Path, list[Difference]]:
    """Every number that two editions publish otherwise, written as a Markdown table below ``_build/diff``.

    Both are of the base scenario. Raises ``BuildError`` for an edition that does not exist or a page that
    fails.
    """
    notebooks = [page for page in pages.read_toc(tree) if page.is_notebook]
    chosen = [choose(tree, label) for label in (before, after)]  # both, before the first is run
    first, second = (payloads.collect(execute(tree, each, notebooks, quiet=quiet)).numbers for each in chosen)
    found = differences(first, second)
    path = tree.build / "diff" / f"{before}-{after}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(table(before, after, found), encoding="utf-8")
    return path, found


def differences(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> list[Difference]:
    """The numbers whose text differs, those that only one has included, in the order of the pages."""
    found = []
    for key in dict.fromkeys((*after, *before)):
        was, now = before.get(key), after.get(key)
        then, here = ("–" if each is None else str(each["text"]) for each in (was, now))
        if then != here:
            label = str((now or was or {})["label"])
            found.append(Difference(key, label, then, here, _why(was, now)))
    return found


def table(before: str, after: str, found: Iterable[Difference]) -> str:
    """The differences as Markdown."""
    head = f"# From edition {before} to {after}\n\n"
    head += f"| Number | What it is | {before} | {after} | New behind it |\n|---|---|---|---|---|\n"
    rows = (
        "| "
        + " | ".join((f"`{each.key}`", *map(_cell, (each.label, each.before, each.after, each.why))))
        + " |"
        for each in found
    )
    return head + "\n".join(rows) + "\n"


def headline(executed: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The records of the headline numbers by key; empty where the first page was not run."""
    numbers = payloads.collect({name: each for name, each in executed.items() if name == "index"}).numbers
    return {key: numbers[f"index.{key}"] for key in HEADLINE if f"index.{key}" in numbers}


def tell_moved(tree: Tree, chosen: Mapping[str, str], executed: Mapping[str, Any], cutoff: date) -> list[str]:
    """A line on each headline number that was printed otherwise before, or one that none was.

    Before is the last build of the same scenario, which is kept for the next; without one it is the edition
    published last by ``cutoff``.
    """
    records = headline(executed)
    now = {key: str(record["text"]) for key, record in records.items()}
    last = read_record(tree.build / KEPT)
    write_record(tree.build / KEPT, {"chosen": dict(chosen), "numbers": now})
    if not now:
        return []
    was = last.get("chosen", {})
    if was.get("scenario") == chosen["scenario"]:
        numbers, of = last["numbers"], "the last build"
        of += "" if was["as_of"] == chosen["as_of"] else f", edition {was['as_of']}"
    else:
        numbers, of = _published(tree, chosen["scenario"], cutoff)
    moved = [
        f"{records[key]['label']}: {numbers[key]} → {text}, against {of}"
        for key, text in now.items()
        if key in numbers and numbers[key] != text
    ]
    none = f"no headline number, against {of}" if numbers else "nothing to compare the headline numbers with"
    return moved or [none]


def _published(tree: Tree, scenario: str, cutoff: date) -> tuple[dict[str, str], str]:
    """The headline numbers of the edition published last by a day, as printed, and what it is called."""
    from analysis.data.vintages import load_vintages
    from analysis.formats import show

    vintages = load_vintages(tree.data, cutoff, [])
    if not vintages:
        return {}, ""
    last = vintages[-1]
    kept = {"value": "market_value_usd_bn", "expected": f"values_usd_bn.{scenario}.blended"}
    kept |= {name: f"values_usd_bn.{name}.blended" for name in ("bear", "bull")}
    if scenario == "base":  # the odds that are kept are of no other
        kept |= {f"t{target.lower()}_odds": f"odds.{target}.above" for target in ("4T", "5T")}
    figures = {key: last.figure(name, key) for key, name in kept.items() if name in last.outputs}
    numbers = {key: show(figure.value, figure.unit) for key, figure in figures.items()}
    return numbers, f"edition {last.edition} as published"


def print_moved(tree: Tree, chosen: Mapping[str, str], executed: Mapping[str, Any], cutoff: date) -> None:
    """Print what :func:`tell_moved` says, to standard error as all words on a build."""
    for line in tell_moved(tree, chosen, executed, cutoff):
        print(f"moved  {line}", file=sys.stderr, flush=True)


def _why(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    if before is None or after is None:
        return "not in the edition before" if before is None else "not in the edition after"
    known = {each["document"] for each in before["sources"]}
    new = list(dict.fromkeys(each["document"] for each in after["sources"] if each["document"] not in known))
    if not new:
        return "the same documents, seen from a later day"
    more = f" and {len(new) - _SHOWN} more" if len(new) > _SHOWN else ""
    return "; ".join(new[:_SHOWN]) + more


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
