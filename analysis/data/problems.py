"""What is wrong with a data file, said so that its author can put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from unicodedata import category

SINGLY = 3
_COMMANDS = ("Cc", "Cf", "Zl", "Zp")  # signs that are none to read


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
        super().__init__("\n".join(told(self.problems)))


def told(problems: Iterable[Problem]) -> list[str]:
    """The problems as lines, in order; more than :data:`SINGLY` of one kind in one file are one line.

    >>> print(*told(Problem("data/a.yml", f"line {n}", "has no value", "a number") for n in (1, 2, 3, 4)))
    data/a.yml: 4 fields: has no value (expected a number): line 1, line 2, line 3, line 4
    """
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for problem in sorted(set(problems)):
        kinds.setdefault((problem.path, problem.wrong), []).append(problem)
    lines: list[tuple[Problem, str]] = []
    for (path, wrong), found in kinds.items():
        if len(found) <= SINGLY:
            lines += [(problem, str(problem)) for problem in found]
            continue
        expected = {problem.expected for problem in found}
        wanted = expected.pop() if len(expected) == 1 else f"for the first {found[0].expected}, and so on"
        names = ", ".join(problem.field for problem in found)
        lines.append((found[0], f"{path}: {len(found)} fields: {wrong} (expected {wanted}): {names}"))
    return [one_line(line) for _, line in sorted(lines)]


def one_line(text: str) -> str:
    r"""A text as one line for a terminal: what would end the line or command the terminal is written out.

    >>> print(one_line("data/editions/2025Q4\nx.yml: (file): does not exist"))
    data/editions/2025Q4\nx.yml: (file): does not exist
    """
    return "".join(repr(each)[1:-1] if category(each) in _COMMANDS else each for each in text)


def stop_on(problems: list[Problem]) -> None:
    """Raise ``DataError`` if there is any problem."""
    if problems:
        raise DataError(problems)


def nearest(name: object, known: Iterable[str]) -> str:
    """The names most like ``name``, as a list in words; all of them where none is like it.

    >>> nearest("2025Q5", ["2019Q4", "2025Q3", "2025Q4"]), nearest("bul", ["base", "bear", "bull"])
    ('2025Q4, 2025Q3, 2019Q4', 'bull')
    """
    names = list(known)
    return ", ".join(get_close_matches(str(name), names, n=3, cutoff=0.5) or names) or "none there yet"


def expected_of(name: object, known: Iterable[str]) -> str:
    """What was expected instead of ``name``: the nearest names, or which there are if none is like it.

    >>> expected_of("bul", ["base", "bear", "bull"]), expected_of("soon", ["base", "bear"])
    ('nearest: bull', 'one of base, bear')
    """
    names = list(known)
    near = get_close_matches(str(name), names, n=3, cutoff=0.5)
    return f"nearest: {', '.join(near)}" if near else f"one of {', '.join(names)}"


def require_known(name: object, known: Iterable[str], what: str) -> None:
    """Raise ``KeyError`` with the nearest names unless ``name`` is among the ``known`` ones.

    >>> require_known("aws.growth", ["aws.growth_change", "tax.marginal"], "driver")
    Traceback (most recent call last):
        ...
    KeyError: "no driver 'aws.growth' (nearest: aws.growth_change)"
    """
    names = list(known)
    if name not in names:
        raise KeyError(f"no {what} {name!r} (nearest: {nearest(name, names)})")
