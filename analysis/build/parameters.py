"""Which edition and scenario a build is for: names checked against the files in ``data/``.

Papermill only warns about a parameter that a notebook does not know. Here a wrong name or value
is refused before any notebook runs, with the allowed ones listed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.build.tree import BuildError, Tree

# Tag of the cell whose names papermill may set.
TAG = "parameters"
BASE = "base"  # the scenario that a build is under unless another is asked for
LATEST = "latest"  # stands for the edition of the latest quarter
_QUARTER = re.compile(r"\d{4}Q[1-4]")


@dataclass(frozen=True)
class Parameters:
    """The names that every notebook is run with."""

    as_of: str
    scenario: str

    def as_dict(self) -> dict[str, str]:
        """The parameters as papermill takes them."""
        return {"as_of": self.as_of, "scenario": self.scenario}


def editions(tree: Tree) -> tuple[str, ...]:
    """Labels of all editions, in order of their quarter."""
    return tuple(sorted(path.stem for path in (tree.data / "editions").glob("*.yml")))


def scenarios(tree: Tree) -> tuple[str, ...]:
    """Names of all scenarios."""
    return tuple(sorted(path.stem for path in (tree.data / "scenarios").glob("*.yml")))


def choose(tree: Tree, as_of: str | None = None, scenario: str | None = None) -> Parameters:
    """Checked parameters; by default, or as ``"latest"``, the latest quarter's edition; the base scenario.

    Raises ``BuildError`` naming the values that are allowed.
    """
    quarters = [label for label in editions(tree) if _QUARTER.fullmatch(label)]
    if as_of is None or as_of == LATEST:
        as_of = quarters[-1] if quarters else ""
    chosen = Parameters(as_of, BASE if scenario is None else scenario)
    problems = [
        f"{name}: {value!r} is not {what} in {folder} (expected {_one_of(value, allowed)})"
        for name, value, what, folder, allowed in (
            ("AS_OF", chosen.as_of, "an edition", "data/editions", editions(tree)),
            ("SCENARIO", chosen.scenario, "a scenario", "data/scenarios", scenarios(tree)),
        )
        if value not in allowed
    ]
    if problems:
        raise BuildError(problems)
    return chosen


def _one_of(value: str, allowed: Sequence[str]) -> str:
    from analysis.data.problems import expected_of  # a build that goes well does not wait for it

    return expected_of(value, allowed) if allowed else "a file there: the folder is empty"


def declared(notebook: Any, where: str) -> dict[str, str]:
    """Names and default values in the notebook's parameters cell.

    Raises ``BuildError`` unless there is one such cell holding only ``name = "text"`` lines.
    """
    cells = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise BuildError([f"{where}: {len(cells)} cells tagged {TAG!r} (expected one)"])
    try:
        statements = ast.parse(cells[0].source).body
    except SyntaxError as error:
        raise BuildError([f"{where}: the parameters cell is no Python: {error.msg}"]) from error
    found: dict[str, str] = {}
    for node in statements:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
                found[name] = value
            case _:
                line = cells[0].source.splitlines()[node.lineno - 1]
                raise BuildError([f'{where}: {line!r} in the parameters cell (expected name = "text")'])
    return found


def check_declared(notebook: Any, parameters: Parameters, where: str, computes: bool = False) -> None:
    """Refuse a notebook whose parameters are not the ones it will be given.

    One that ``computes`` must by itself be of the latest edition, so that a new quarter edits no page.
    """
    defaults = declared(notebook, where)
    given, wanted = set(parameters.as_dict()), set(defaults)
    problems = [
        f"{where}: parameter {name!r} is not declared (expected in the parameters cell)"
        for name in given - wanted
    ]
    problems += [
        f"{where}: unknown parameter {name!r} (expected {', '.join(sorted(given))})"
        for name in wanted - given
    ]
    if computes and defaults.get("as_of", LATEST) != LATEST:
        problems.append(f'{where}: as_of = "{defaults["as_of"]}" by default (expected "{LATEST}")')
    if problems:
        raise BuildError(sorted(problems))
