"""What is wrong with a data file, said so that its author can put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one file, with what was expected instead.

    >>> print(Problem("data/targets.yml", "4T.horizon", "'soon' is not a date", "year-month-day"))
    data/targets.yml: 4T.horizon: 'soon' is not a date (expected year-month-day)
    """

    path: str
    field: str
    wrong: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path}: {self.field}: {self.wrong} (expected {self.expected})"


class DataError(ValueError):
    """Data that cannot be used; its message lists every problem, one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class AbsentFigure(KeyError):
    """A figure that was not public at the edition's cut-off, or is not in the data at all."""

    def __str__(self) -> str:
        return str(self.args[0])


def stop_on(problems: list[Problem]) -> None:
    """Raise ``DataError`` if there is any problem."""
    if problems:
        raise DataError(problems)
