"""Where the names of points stand, so that none covers a point or another name, on a phone too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LETTER, LINE, DOT, GAP = 0.03, 0.065, 0.02, 0.03
"""A letter's width, a line's height, half a point and from its middle to a name: parts of a phone's plot."""
NAMES_AT: Mapping[str, Mapping[str, Any]] = {
    "right": {"align": "left", "dx": 9},
    "left": {"align": "right", "dx": -9},
    "above": {"align": "center", "baseline": "bottom", "dy": -7},
    "below": {"align": "center", "baseline": "top", "dy": 7},
}


def sides(places: Sequence[tuple[float, float]], names: Sequence[str]) -> list[str]:
    """On which side of its point each name stands; ``places`` are parts of the plot from the lower left.

    >>> sides([(0.1, 0.5), (0.2, 0.5), (0.95, 0.5)], ["Apple", "Amazon", "Nvidia"])
    ['above', 'right', 'left']
    """
    dots = [_Box(x - DOT, x + DOT, y - DOT, y + DOT) for x, y in places]
    taken: list[_Box] = []
    found = []
    for at, ((x, y), name) in enumerate(zip(places, names, strict=True)):
        boxes = _boxes(x, y, LETTER * len(name))
        others = [*dots[:at], *dots[at + 1 :], *taken]
        free = (side for side, box in boxes.items() if box.inside and not any(map(box.meets, others)))
        found.append(next(free, "right"))
        taken.append(boxes[found[-1]])
    return found


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
    }
