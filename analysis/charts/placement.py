"""Where the names of points stand, so that none covers a point or another name, on a phone too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, permutations
from typing import Any

import numpy as np

LETTER, LINE, DOT, GAP = 0.03, 0.065, 0.02, 0.03
"""A letter's width, a line's height, half a point and from its middle to a name: parts of a phone's plot."""
LINE_WIDE = 0.006
"""Half the width of a curve."""
LIFT = 0.02
"""From a level to the words on it or below it."""
_STARTS = 101  # places at which words on a level may begin
NAMES_AT: Mapping[str, Mapping[str, Any]] = {
    "right": {"align": "left", "dx": 9},
    "left": {"align": "right", "dx": -9},
    "above": {"align": "center", "baseline": "bottom", "dy": -7},
    "below": {"align": "center", "baseline": "top", "dy": 7},
    "below right": {"align": "left", "baseline": "top", "dx": 5, "dy": 4},
    "above left": {"align": "right", "baseline": "bottom", "dx": -5, "dy": -4},
    "below left": {"align": "right", "baseline": "top", "dx": -5, "dy": 4},
    "above right": {"align": "left", "baseline": "bottom", "dx": 5, "dy": -4},
    "far below right": {"align": "left", "baseline": "top", "dx": 5, "dy": 19},
    "far above left": {"align": "right", "baseline": "bottom", "dx": -5, "dy": -19},
}
_ORDERS = 120  # in which names take their places, until none meets anything


def sides(
    places: Sequence[tuple[float, float]], names: Sequence[str], lines: Sequence[tuple[float, float]] = ()
) -> list[str]:
    """On which side of its point each name stands; ``places`` are parts of the plot from the lower left.

    ``lines`` are places that curves pass, which names avoid where points and other names leave a choice.

    >>> sides([(0.1, 0.5), (0.2, 0.5), (0.95, 0.5)], ["Apple", "Amazon", "Nvidia"])
    ['above', 'right', 'left']
    """
    dots = [_Box(x - DOT, x + DOT, y - DOT, y + DOT) for x, y in places]
    passed = [_Box(x - LINE_WIDE, x + LINE_WIDE, y - LINE_WIDE, y + LINE_WIDE) for x, y in lines]
    boxes = [_boxes(x, y, LETTER * len(name)) for (x, y), name in zip(places, names, strict=True)]
    alone = [  # what a name meets whatever the others do
        {
            side: (
                int(not box.inside),
                sum(map(box.meets, dots[:at] + dots[at + 1 :])),
                sum(map(box.meets, passed)),
            )
            for side, box in own.items()
        }
        for at, own in enumerate(boxes)
    ]

    def placed(order: Sequence[int]) -> tuple[tuple[int, ...], dict[int, str]]:
        """What all names meet that take their places in an order, each the first where it meets least."""
        found: dict[int, str] = {}
        met = []
        for at in order:
            taken = [boxes[other][side] for other, side in found.items()]
            meets = {
                side: (outside, on_dots + sum(map(boxes[at][side].meets, taken)), on_lines)
                for side, (outside, on_dots, on_lines) in alone[at].items()
            }
            found[at] = min(meets, key=lambda side: meets[side])
            met.append(meets[found[at]])
        return tuple(map(sum, zip(*met, strict=True))), found

    best: tuple[tuple[int, ...], dict[int, str]] = (), {}
    for order in islice(permutations(range(len(places))), _ORDERS):
        tried = placed(order)
        if not best[1] or tried[0] < best[0]:
            best = tried
        if not any(best[0]):
            break
    return [best[1][at] for at in range(len(places))]


def start(
    curves: Sequence[Sequence[tuple[float, float]]],
    level: float,
    words: float,
    tall: float,
    taken: Sequence[tuple[float, float]] = (),
) -> tuple[float, bool]:
    """Where words at a level begin, as a part of the width, so that curves stay away from them.

    And whether they stand below the level, which they do where curves leave no place above it and one there.
    ``curves`` are pairs of a part of the width and a value, ``tall`` is the height of the plot in the unit
    of the values, and ``words`` the part of the width that they take. The left end serves where nothing
    comes near. None stand on those that are ``taken``: the beginning and the foot of other words, as wide as
    these.

    >>> start([[(0.0, 3.0), (0.3, 3.2), (0.5, 1.0), (1.0, 1.0)]], 3.0, 0.25, 4.0)
    (0.36, False)
    >>> start([[(0.0, 3.1), (1.0, 3.1)]], 3.0, 0.25, 4.0)
    (0.0, True)
    """
    high = LINE * tall
    places = np.linspace(0, 1, _STARTS)
    drawn = [
        np.interp(places, [at for at, _ in curve], [value for _, value in curve], np.nan, np.nan)
        for curve in curves
        if curve
    ]

    def away(begin: float, bottom: float) -> float:
        near = (places >= begin - GAP) & (places <= begin + words + GAP)
        gaps = [np.maximum(bottom - curve[near], curve[near] - bottom - high) for curve in drawn]
        return min([high / 2, *(float(gap[~np.isnan(gap)].min(initial=high)) for gap in gaps)])

    begins = [round(float(place), 2) for place in places if place + words <= 1] or [0.0]

    def free(bottom: float) -> list[float]:
        near = [at for at, foot in taken if abs(foot - bottom) < high]
        return [begin for begin in begins if all(abs(begin - at) > words for at in near)] or begins

    over, under = level + LIFT * tall, level - LIFT * tall - high
    above = max(free(over), key=partial(away, bottom=over))
    if away(above, over) > 0:
        return above, False
    below = max(free(under), key=partial(away, bottom=under))
    return (below, True) if away(below, under) > 0 else (above, False)


@dataclass(frozen=True)
class _Box:
    """A box in parts of the plot."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def inside(self) -> bool:
        """Whether the box lies in the plot."""
        return self.left >= 0 and self.right <= 1 and self.bottom >= 0 and self.top <= 1

    def meets(self, other: _Box) -> bool:
        """Whether the two cover some place together."""
        across_both = self.left < other.right and other.left < self.right
        return across_both and self.bottom < other.top and other.bottom < self.top


def _boxes(x: float, y: float, wide: float) -> dict[str, _Box]:
    """Where a name may stand beside its point, the best place first."""
    half = LINE / 2
    return {
        "right": _Box(x + GAP, x + GAP + wide, y - half, y + half),
        "left": _Box(x - GAP - wide, x - GAP, y - half, y + half),
        "above": _Box(x - wide / 2, x + wide / 2, y + GAP, y + GAP + LINE),
        "below": _Box(x - wide / 2, x + wide / 2, y - GAP - LINE, y - GAP),
        "below right": _Box(x + GAP / 2, x + GAP / 2 + wide, y - GAP / 2 - LINE, y - GAP / 2),
        "above left": _Box(x - GAP / 2 - wide, x - GAP / 2, y + GAP / 2, y + GAP / 2 + LINE),
        "below left": _Box(x - GAP / 2 - wide, x - GAP / 2, y - GAP / 2 - LINE, y - GAP / 2),
        "above right": _Box(x + GAP / 2, x + GAP / 2 + wide, y + GAP / 2, y + GAP / 2 + LINE),
        "far below right": _Box(x + GAP / 2, x + GAP / 2 + wide, y - GAP / 2 - 2 * LINE, y - GAP / 2 - LINE),
        "far above left": _Box(x - GAP / 2 - wide, x - GAP / 2, y + GAP / 2 + LINE, y + GAP / 2 + 2 * LINE),
    }
