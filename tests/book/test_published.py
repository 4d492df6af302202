"""Every notebook publishes what it did before its cells computed it, unless a reason is given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.figures import Figure
from tests.notebooks import computing, run

KEPT: dict[str, dict[str, tuple[float | str, str, str]]] = json.loads(
    Path(__file__).with_name("published.json").read_text(encoding="utf-8")
)
CHANGED: dict[str, str] = {
    "aws.rivals_quarter": "where no quarter is public for all, the latest is named, not described",
    "retail.break_even_without": "without a charge to add back it is the margin itself, not words for it",
    "sensitivity.lower_row": "a step of the grid, named in words as it moves in jumps",
    "scenarios.width_verdict": "the sentence around the word stands on the page",
    "robotics.leak_years": "a period is printed as its source has it",
    "robotics.shipping": "a year as stated is four quarters too, where single quarters were not public",
    "robotics.shipping_quarter": "as robotics.shipping",
    "capex.peers": "every company whose spending and free cash flow are public, no longer three by name",
}
"""Keys whose value is another now, each with the reason."""


@pytest.mark.parametrize("edition", KEPT)
@pytest.mark.parametrize("name", computing())
def test_a_key_that_still_exists_has_the_value_it_had(name: str, edition: str) -> None:
    numbers = run(name, *edition.split()).numbers
    moved = {}
    for key, (value, _, _) in KEPT[edition].items():
        page, _, own = key.partition(".")
        if page == name and own in numbers and key not in CHANGED and not same(numbers[own], value):
            moved[key] = (value, numbers[own].value)
    assert moved == {}


def same(figure: Figure, before: float | str) -> bool:
    """Whether a number is the one kept, or prints as the words kept; those for absent ones may be others."""
    if figure.is_absent or isinstance(before, str):
        return isinstance(before, str) and (figure.is_absent or str(figure) == before)
    return isinstance(figure.value, float | int) and figure.value == pytest.approx(
        before, rel=1e-12, abs=1e-12
    )
