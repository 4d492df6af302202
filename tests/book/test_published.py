"""Every notebook in six editions: it publishes what it did, every number traced, every finding told.

``published.json`` holds the numbers. Where they move on purpose, ``python -m tests.book.test_published``
writes them anew, all or those of the pages that are named.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from analysis.build.prose import fill
from analysis.charts.numbers import record
from analysis.charts.render import ChartFigure
from analysis.data.editions import edition_labels
from analysis.data.reads import data_root
from analysis.figures import Figure
from analysis.report import open_report
from tests.notebooks import BOOK, EARLY, SLOW, Run, computing, run, run_in

FILE = Path(__file__).with_name("published.json")
KEPT: dict[str, dict[str, list[float | str]]] = json.loads(FILE.read_text(encoding="utf-8"))
"""By edition and key: value (words where it is none), unit and what is printed."""
LATEST = "2025Q4 base"  # in the short set, and one of the others beside it where CI looks at all pages
OTHERS = ("2024Q4 bull", " ".join(EARLY))


def editions() -> list[ParameterSet]:
    """Every page in every edition that is kept; most belong to the long set."""
    found = []
    for at, name in enumerate(computing()):
        second = OTHERS[-1] if name in SLOW else OTHERS[at % len(OTHERS)]
        marks = {LATEST: (), second: pytest.mark.pages}
        found += [pytest.param(name, each, marks=marks.get(each, pytest.mark.long)) for each in KEPT]
    return found


@pytest.mark.parametrize(("name", "edition"), editions())
def test_a_page_says_what_it_did_traces_each_number_and_tells_each_finding(name: str, edition: str) -> None:
    page = run(name, *edition.split())
    problems = [
        *moved(name, page.numbers, KEPT[edition]),
        *untraced(page),
        *silent(page),
        *unfilled(name, page),
        *premature(page),
    ]
    if edition == LATEST:
        problems += [f"{key} is not public" for key in page.missing]
    assert problems == []


@pytest.mark.long
@pytest.mark.parametrize(
    "label", [each for each in edition_labels(data_root()) if f"{each} base" not in KEPT]
)
def test_every_page_holds_in_every_other_edition_too(label: str) -> None:
    report, problems = open_report(label), []
    for name in computing():
        page = run_in(report, name)
        found = [*untraced(page), *silent(page), *unfilled(name, page), *premature(page)]
        problems += [f"{name}: {each}" for each in found]
    assert problems == []


def moved(name: str, numbers: Mapping[str, Figure], kept: Mapping[str, Any]) -> Iterator[str]:
    """Numbers whose key still exists and whose value is another."""
    for key, (value, _, _) in kept.items():
        page, _, own = key.partition(".")
        if page == name and own in numbers and not same(numbers[own], value):
            yield f"{own} was {value} and is {numbers[own].value}"


def same(figure: Figure, before: float | str) -> bool:
    """Whether a number is the one kept, or prints as the words kept; those for absent ones may be others."""
    if figure.is_absent or isinstance(before, str):
        return isinstance(before, str) and (figure.is_absent or str(figure) == before)
    is_number = isinstance(figure.value, float | int)
    return is_number and figure.value == pytest.approx(before, rel=1e-12, abs=1e-12)


def unfilled(name: str, page: Run) -> list[str]:
    """Numbers that the text draws on and nobody published."""
    records = {f"{name}.{key}": record(figure) for key, figure in page.numbers.items()}
    _, used, problems = fill((BOOK / f"{name}.md").read_text("utf-8"), records, name, "a day")
    return problems if used else [*problems, "the text draws on no number"]


def untraced(page: Run) -> Iterator[str]:
    """Numbers that do not say where they come from; words and years are names."""
    for key, figure in page.numbers.items():
        is_name = isinstance(figure.value, str) or figure.unit == "year"
        if not (is_name or figure.formula or figure.source):
            yield f"{key}: {figure.label} has neither formula nor source"


def premature(page: Run) -> Iterator[str]:
    """Numbers of sentences, tables and charts that were not all public by the edition's cut-off."""
    assert page.records
    for key, found in page.records.items():
        days = [found["published"], *(source["published"] for source in found["sources"])]
        if (latest := max(filter(None, days), default="")) > page.report.cutoff.isoformat():
            yield f"{key}: rests on what was published on {latest}"


def silent(page: Run) -> Iterator[str]:
    """Charts whose words for those who cannot see them hold no number, or what is none."""
    for key, part in page.parts.items():
        if isinstance(part, ChartFigure):
            words = part.description.lower().split()
            if "nan" in words or not any(letter.isdigit() for letter in part.description):
                yield f"{key}: {part.description}"


def written(name: str, edition: str) -> dict[str, list[float | str]]:
    """What a page publishes in an edition, as the file holds it."""
    found: dict[str, list[float | str]] = {}
    for key, figure in run(name, *edition.split()).numbers.items():
        is_words = figure.is_absent or isinstance(figure.value, str)
        found[f"{name}.{key}"] = [str(figure) if is_words else figure.value, figure.unit, str(figure)]
    return found


def write(pages: Collection[str]) -> None:
    """Write the file anew: the numbers of these pages, those of the others as they are."""
    for edition, kept in KEPT.items():
        others = {key: entry for key, entry in kept.items() if key.partition(".")[0] not in pages}
        KEPT[edition] = others | {k: v for name in pages for k, v in written(name, edition).items()}
    blocks = []
    for edition, kept in KEPT.items():
        lines = ",\n".join(
            f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in sorted(kept.items())
        )
        blocks.append(f"{json.dumps(edition)}: {{\n{lines}\n}}")
    FILE.write_text("{\n" + ",\n".join(blocks) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1:] or computing())
