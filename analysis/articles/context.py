"""What a claim's functions can see: one edition, the claim's period, and the article's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.articles.periods import Period, read_period
from analysis.data import Edition
from analysis.figures import Figure


@dataclass(frozen=True)
class Context:
    """The surroundings in which an expression is evaluated.

    ``inputs`` are the numbers of the articles' models by dotted name, ``printed`` the numbers that
    claims print, by the claim's id.
    """

    edition: Edition
    period: Period
    inputs: Mapping[str, Figure]
    printed: Mapping[str, tuple[Figure, ...]]

    def when(self, label: str | None) -> Period:
        """The period ``label``, by default the claim's own; raises ``ValueError`` for no period."""
        return self.period if label is None else read_period(label)
