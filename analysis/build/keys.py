"""Numbers between the cells that publish them and the sentences that use them: none unknown, none unused.

What a cell publishes under names that stand in it is known without running it; what it publishes from a
mapping is known once it has run. Pages whose cells do not compute are left alone.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from analysis.build import payloads, prose
from analysis.build.pages import LINE, Page, read_notebook, read_toc
from analysis.build.readme import ANSWER
from analysis.build.tree import BuildError, Tree
from analysis.data.problems import expected_of
from analysis.data.scenarios import load_scenario

_ASKING = ("driver", "low", "high")  # methods of the report that take the name of an assumption


@dataclass
class _Cells:
    """What the cells of one page say of keys: those published, with their lines, and those of tiles."""

    published: dict[str, int] = field(default_factory=dict)
    tiles: set[str] = field(default_factory=set)
    is_whole: bool = True  # whether all that is published is known
    lost: list[tuple[int, str]] = field(default_factory=list)  # what a page makes and its cell does not show
    drivers: list[tuple[int, str]] = field(default_factory=list)  # the assumptions that are asked for by name
    misread: list[tuple[int, str]] = field(default_factory=list)  # why a cell is no Python


def check(tree: Tree) -> None:
    """Raises ``BuildError`` for keys used but published nowhere, and published but used nowhere.

    And for what a cell makes for its page before its last line: only the last is shown, and so reaches it;
    for an assumption that a cell asks for and `base` does not have; and for a cell that is no Python.
    """
    pages = [page for page in read_toc(tree) if page.path.is_file()]  # else the check of data says so
    cells = {page.name: _cells(page) for page in pages if page.computes}
    texts = {page: page.text for page in pages}
    problems, used = [], set(prose.keys(ANSWER)).union(*(each.tiles for each in cells.values()))
    for page, text in texts.items():
        for number, line, is_code in prose.marked_lines(text):
            for key in () if is_code else prose.keys(line):
                used.add(key)
                known = cells.get(key.partition(".")[0])
                if known is not None and known.is_whole and key not in known.published:
                    near = difflib.get_close_matches(key, known.published, n=3)
                    problems.append(
                        f"{tree.name(page.path)}:{number + 1}: no cell publishes {key!r} "
                        f"(expected {' or '.join(near) or 'a key that one publishes'})"
                    )
    assumptions = load_scenario(tree.data, "base", date.max, [])
    for name, each in cells.items():
        problems += [f"book/{name}.md:{line}: {why} (expected Python)" for line, why in each.misread]
        problems += [
            f"book/{name}.md:{line}: no assumption {driver!r} (expected {expected_of(driver, assumptions)})"
            for line, driver in each.drivers
            if assumptions and driver not in assumptions
        ]
        problems += [
            f"book/{name}.md:{line}: page.{made} is lost (expected as the last statement of its cell)"
            for line, made in each.lost
        ]
        problems += _unused([(f"book/{name}.md:{line}", key) for key, line in each.published.items()], used)
    if problems:
        raise BuildError(problems)


def unused(pages: Sequence[Page], executed: Mapping[str, Any], texts: Mapping[str, str]) -> list[str]:
    """One problem for each number that an executed page published and no sentence or tile uses.

    ``texts`` are the pages that are no notebooks, by name.
    """
    cells = [cell for notebook in executed.values() for cell in notebook.cells]
    prose_of_all = [*texts.values(), *(cell.source for cell in cells if cell.cell_type == "markdown"), ANSWER]
    used = {key for text in prose_of_all for key in prose.keys(text)}
    used |= {key for notebook in executed.values() for key in payloads.tiles(notebook)}
    published = [
        (f"book/{page.name}.md", key)
        for page in pages
        if page.computes
        for key in payloads.published(executed[page.name])
    ]
    return _unused(published, used)


def _unused(published: Sequence[tuple[str, str]], used: set[str]) -> list[str]:
    return [
        f"{place}: {key!r} is published and never used (expected in a sentence or a tile)"
        for place, key in published
        if key not in used
    ]


def _cells(page: Page) -> _Cells:
    found = _Cells()
    for cell in read_notebook(page).cells:
        if cell.cell_type == "code":
            first = cell.metadata[LINE] - 1
            try:
                code = _parsed(cell.source)
            except SyntaxError as error:
                found.misread.append((first + (error.lineno or 1), error.msg))
                found.is_whole = False
                continue
            found.lost += [(first + line, made) for line, made in _lost(code)]
            for call in (node for node in ast.walk(code) if isinstance(node, ast.Call)):
                line = first + call.lineno
                name = _called(call.func)
                words = [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
                if name == "publish":
                    found.published |= {f"{page.name}.{each.arg}": line for each in call.keywords if each.arg}
                    found.is_whole &= all(each.arg for each in call.keywords)
                elif name == "tiles":
                    found.tiles |= {f"{page.name}.{word.partition('|')[0]}" for word in words}
                elif name in _ASKING:
                    found.drivers += [(line, word) for word in words]
    return found


def _called(what: ast.expr) -> str:
    """The last name of what is called: of ``report.driver(…)`` and of ``driver(…)`` it is the same."""
    return what.attr if isinstance(what, ast.Attribute) else what.id if isinstance(what, ast.Name) else ""


def _parsed(source: str) -> ast.Module:
    """A cell's code, with what is IPython's own (``%time``) made Python; raises ``SyntaxError``."""
    try:
        return ast.parse(source)
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager  # slow to import, and seldom asked for

        return ast.parse(str(TransformerManager().transform_cell(source)))


def _lost(code: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and the method of each call of the page whose result the cell does not show."""
    for statement in code.body[:-1]:
        match statement:
            case ast.Expr(ast.Call(ast.Attribute(ast.Name("page"), made))):
                yield statement.lineno, made
