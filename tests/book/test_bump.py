"""What moves a number on a page is among its inputs, and what is among its inputs can move it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from analysis.data import open_edition
from tests.bump import QUARTER, Input, inputs, shown, unlisted, unmoved
from tests.notebooks import computing, run, run_on

EVERY = inputs()
TENTH = EVERY[::10]
CANCELS = (
    "dcf.choice_",
    *("dcf.own_rate", "dcf.table implied, return, The scenario"),  # solved for the value's own shares
    "dcf.table meanings, ",
    *(f"risks.{name}" for name in ("worst_cost", "second_cost", "least_cost", "apart", "together")),
    *(f"risks.{name}" for name in ("sign_", "table changes, ", "table signs, ")),
)
"""Differences and ratios of two valuations: an input that moves both alike cancels, and is named all the
same. So is one that only chose which of several is shown."""


def check(entry: Input, pages: Iterable[str]) -> None:
    """The pages on data in which the entry is raised, held against the pages as they are."""
    silent, still = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        edition = open_edition(QUARTER, entry.copied(Path(folder)))
        for page in pages:
            before, after = shown(run(page)), shown(run_on(edition, page))
            silent |= {f"{page}.{key}": "moved" for key in unlisted(entry, before, after)}
            still |= {f"{page}.{key}": "did not move" for key in unmoved(entry, before, after)}
    assert silent == {}, f"{entry} is not among the sources of what moved"
    still = {key: what for key, what in still.items() if not key.startswith(CANCELS)}
    assert still == {}, f"{entry} is among the sources of what it cannot move"


def listing(entry: Input) -> list[str]:
    """The pages that show something which says that it rests on the entry."""
    return [
        page
        for page in computing()
        if any(entry.is_below(each.sources) for each in shown(run(page)).values())
    ]


@pytest.mark.parametrize("entry", TENTH, ids=str)
def test_what_moves_is_listed_and_what_is_listed_moves(entry: Input) -> None:
    check(entry, listing(entry))


@pytest.mark.long
@pytest.mark.parametrize("entry", EVERY, ids=str)
def test_so_it_is_for_every_input_and_every_page(entry: Input) -> None:
    check(entry, computing())
