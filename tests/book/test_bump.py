"""What moves a number on a page is among its inputs, and what is among its inputs can move it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from analysis.data import open_edition
from analysis.report import open_report
from tests.bump import QUARTER, Input, Shown, inputs, moved, raised_copy, shown, unlisted, unmoved
from tests.notebooks import SLOW, computing, run, run_in, run_on, some

EVERY = inputs()
HEAVY = tuple(page for page in SLOW if page != "index")  # worked out anew for each input
SHARES = 12  # of all inputs, for as many processes as there are
SOME, FEW = 3, 1  # inputs a page in the short set, and a slow one: together more than a tenth of all
CANCELS = (
    "dcf.choice_",
    *(
        "projection.t4t_growth",
        "projection.t5t_growth",
        "projection.share_as_t4t",
    ),  # at today's multiple of sales
    *("dcf.own_rate", "dcf.table implied, return, The scenario"),  # solved for the value's own shares
    "aws.third_growth",  # one projected year over the other
    "articles.table paths, ours, By a re-rating alone: price-earnings mul",  # whatever the price
    *(
        "articles.table claims_b, computed, B01 ",
        "articles.table claims_d, computed, D05 ",
        *(f"{page}.table claims, computed, D05 " for page in ("aws", "scenarios")),
    ),  # of many quarters one
    "dcf.table meanings, ",
    *("dcf.held_change", "dcf.gains", "dcf.loses", "dcf.single"),
    *(
        "dcf.own_best",
        "dcf.own_worst",
        "dcf.table returns, earns-now, ",
    ),  # a year's profit over that of sales
    "dcf.table gates, measured, ",  # one year against the next
    *("sensitivity.then_swing", "sensitivity.today_swing"),  # from one end of a driver to the other
    *(
        "index.ways_apart",
        "track-record.table promises, measured, Shares of ",
        "track-record.table promises, measured, Spread of ",
    ),  # one way over another, all of one, the widest of three
    *(f"risks.{name}" for name in ("worst_cost", "second_cost", "least_cost", "apart", "together")),
    *(f"risks.{name}" for name in ("sign_", "table changes, ", "table signs, ")),
    *("sotp.cash_gap", "sotp.table methods, difference, "),  # one way to a value less the other
    "sensitivity.shares_sum",  # shares add up to one
    "what-changed.",  # steps from one valuation to the next
)
"""Differences and ratios of two valuations: an input that moves both alike cancels, and is named all the
same. So is one that only chose which of several is shown."""

STILL = {
    "scenarios/base.yml: drivers.bridge.": (
        *("sensitivity.then_", "sensitivity.table groups, then, "),  # shares of a variance
        *("track-record.brier_", "track-record.table due_scores, brier, "),  # counts of draws
        *("track-record.held_", "track-record.table due_scores, held, "),
        *(f"track-record.table promises, measured, {name} " for name in ("Brier", "Due", "Shares")),
    ),
    "scenarios/base.yml: drivers.group.convergence_years.": (
        *("advertising.value_ahead_", "advertising.of_4t", "advertising.of_5t"),
        "articles.table dcf, difference, of the difference: terminal value",
        *("dcf.table methods, ", "dcf.table part_rates, ", "dcf.table returns, ", "sotp.table then, "),
        "sotp.table methods, ",
    ),
    "scenarios/base.yml: drivers.tax.effective.": (
        "articles.table dcf, difference, of the difference: terminal value",
    ),
    "scenarios/base.yml: drivers.group.asset_life.": ("capex.rate", "capex.break_even_margin"),
    "giants.csv: ": ("peers.years_",),
}
"""By entry what it cannot move and names all the same. What the bridge adds to every draw alike has no share
in their variance, and is too small to bring one across a level. A margin that is kept has nothing to converge
to; margins and taxes of the terminal year have arrived. What capital loses a year is earned back by just as
much where it is in full use. Of a first close above a level years count from its day; what is raised is the
value."""

ADDED_AND_TAKEN = "cash_flow.stock_based_compensation"
"""Free cash flow as the company defines it adds it back and takes it out of the other cash that reconciles
the last twelve months. So it moves only what leaves it out, and is named all the same."""


@cache
def as_it_is(page: str) -> dict[str, Shown]:
    """What a page shows on the data as they are."""
    return shown(run(page))


@cache
def named_on(page: str) -> set[tuple[str, str]]:
    """The entries of the data that anything on a page says it rests on."""
    return set().union(*(each.entries for each in as_it_is(page).values()))


def raised(entries: list[Input], page: str, folder: Path) -> dict[str, Shown]:
    """What a page shows on data in which entries are raised."""
    return shown(run_on(open_edition(QUARTER, raised_copy(entries, folder)), page))


def faults(page: str, entry: Input, after: dict[str, Shown]) -> list[str]:
    """What moved with an entry and does not name it, and what names it and did not move."""
    before = as_it_is(page)
    still = set() if ADDED_AND_TAKEN in entry.fields else unmoved(entry, before, after)
    own = [keys for start, keys in STILL.items() if str(entry).startswith(start)]
    same = (*CANCELS, *(key for keys in own for key in keys))
    still = {key for key in still if not f"{page}.{key}".startswith(same)}
    return [f"{entry} moves {key}" for key in unlisted(entry, before, after)] + [
        f"{entry} does not move {key}" for key in still
    ]


LIGHT = [name for name in computing() if name not in SLOW]


@pytest.mark.parametrize("page", [*some(LIGHT[::2], LIGHT, "pages"), *some((), SLOW)])
def test_nothing_on_a_page_moves_by_what_the_page_does_not_name(page: str, tmp_path: Path) -> None:
    others = [entry for entry in EVERY if not entry.is_among(named_on(page))]
    after = raised(others, page, tmp_path)
    assert as_it_is(page).keys() == after.keys()
    assert moved(as_it_is(page), after) == set()


@pytest.mark.parametrize("page", [*some(LIGHT, (*LIGHT, "index"), "pages"), *some((), HEAVY)])
def test_what_moves_is_listed_and_what_is_listed_moves(page: str, tmp_path: Path) -> None:
    named = [entry for entry in EVERY if entry.is_among(named_on(page))]
    step = max(1, len(named) // (FEW if page in SLOW else SOME))
    found = [
        fault
        for at, entry in enumerate(named[step // 2 :: step])
        for fault in faults(page, entry, raised([entry], page, tmp_path / str(at)))
    ]
    assert named
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.parametrize(
    "share", [pytest.param(at, marks=pytest.mark.xdist_group(f"bump {at}")) for at in range(SHARES)]
)
def test_every_input_moves_what_lists_it_on_all_pages(share: int, tmp_path: Path) -> None:
    """Pages of one raised input share what the report works out."""
    found = []
    for at, entry in enumerate(EVERY[share::SHARES]):
        report = open_report(open_edition(QUARTER, raised_copy([entry], tmp_path / str(at))))
        for page in computing():
            if entry.is_among(named_on(page)):
                found += faults(page, entry, shown(run_in(report, page)))
    assert not found, "\n".join(found)
