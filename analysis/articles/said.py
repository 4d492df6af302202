"""Sentences that show figures: a text with ``{name}`` in place of each, and the figures themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from analysis.figures import Figure
from analysis.formats import show


@dataclass(frozen=True)
class Said:
    """A sentence and the figures it shows; ``kind`` says in a word or two what it is about."""

    kind: str
    sentence: str
    figures: Mapping[str, Figure]

    def parts(self) -> tuple[str | Figure, ...]:
        """The sentence as text and figures in turn."""
        found: list[str | Figure] = []
        for literal, name, _, _ in Formatter().parse(self.sentence):
            found += [literal] if literal else []
            found += [self.figures[name]] if name is not None else []
        return tuple(found)

    @property
    def text(self) -> str:
        """The sentence with its figures printed.

        >>> said = Said("", "Sales were {sales}.", {"sales": Figure(29.27, "usd_bn", "AWS net sales")})
        >>> said.text
        'Sales were $29.3bn.'
        """
        return "".join(
            part if isinstance(part, str) else show(part.value, part.unit) for part in self.parts()
        )
