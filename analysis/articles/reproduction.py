"""What a reproduction is: an article's model run through the report's kernels, beside the report's inputs.

``theirs`` are the article's inputs and what the kernels make of them, ``ours`` the same with the
report's inputs. Where both have a result, the difference is split into causes that add up to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.articles.records import Article
from analysis.articles.said import Said
from analysis.figures import Figure, computed, kernel_result
from analysis.model.parts.decomposition import contributions


@dataclass(frozen=True)
class Line:
    """One input or result, as the article has it and as the report has it; ``None`` where it has none."""

    label: str
    theirs: Figure | None
    ours: Figure | None

    @property
    def difference(self) -> float | None:
        """Ours less theirs; ``None`` where one of them is missing."""
        return None if self.theirs is None or self.ours is None else self.ours.number - self.theirs.number


@dataclass(frozen=True)
class Worked:
    """The numbers of a reproduction.

    ``causes`` split the difference of ``result`` and add up to it. ``printed`` is what the article
    printed for its result, where it did; ``shown`` are the figures that its sentence may name.
    """

    lines: tuple[Line, ...]
    result: Line
    shown: Mapping[str, Figure]
    causes: tuple[Figure, ...] = ()
    printed: tuple[Figure, ...] = ()

    @property
    def theirs(self) -> dict[str, Figure]:
        """The lines that the article has, by label."""
        return {line.label: line.theirs for line in self.lines if line.theirs is not None}

    @property
    def ours(self) -> dict[str, Figure]:
        """The lines that the report has, by label."""
        return {line.label: line.ours for line in self.lines if line.ours is not None}


@dataclass(frozen=True)
class Reproduction:
    """An article's model reproduced: its numbers, under the title and sentence of the article's file."""

    name: str
    article: Article
    title: str
    worked: Worked
    finding: Said


def by_factor(before: Mapping[str, Figure], after: Mapping[str, Figure], unit: str) -> tuple[Figure, ...]:
    """How much each factor of a product adds to its change, by the logarithmic mean Divisia index."""
    parts = contributions(before, after)
    return tuple(kernel_result(part, name, unit, contributions) for name, part in parts.items())


def step(label: str, before: Figure, after: Figure) -> Figure:
    """What one change adds: ``after`` less ``before``, in the unit of both."""
    formula = "with this change − without it"
    return computed(after.number - before.number, after.unit, label, formula, before, after)


def lines(*rows: tuple[str, Figure | None, Figure | None]) -> tuple[Line, ...]:
    """Lines from label, theirs and ours."""
    return tuple(Line(*row) for row in rows)


def named(figure: object, label: str, unit: str) -> Figure:
    """A kernel's result on figures, under its label and unit."""
    assert isinstance(figure, Figure)
    return figure.named(label, unit)
