"""The formula page's entries: every public kernel of :mod:`analysis.model`, as Sphinx is asked for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from analysis.build.tree import Tree

_SPELLED = {"dcf": "Discounted cash flow"}


def kernels(tree: Tree) -> str:
    """Markdown with a section a room and one a module, in which Sphinx writes signatures and docstrings.

    Rooms come in the order in which the package's docstring names them.
    """
    model = tree.root / "analysis" / "model"
    order = (ast.get_docstring(_parsed(model / "__init__.py")) or "").find
    rooms = [path.parent for path in model.glob("*/__init__.py")]
    rooms.sort(key=lambda room: order(f"``{room.name}``"))
    return "\n\n".join(part for room in rooms for part in _room(room))


def _room(room: Path) -> Iterator[str]:
    yield f"## {_title(room.name)}"
    yield ast.get_docstring(_parsed(room / "__init__.py")) or ""
    for path in sorted(room.glob("[!_]*.py")):
        module = f"analysis.model.{room.name}.{path.stem}"
        asked = [f".. automodule:: {module}", "   :no-members:", *_members(module, _parsed(path))]
        yield f"### {_title(path.stem)}"
        yield "```{eval-rst}\n" + "\n".join(asked) + "\n```"


def _members(module: str, parsed: ast.Module) -> Iterator[str]:
    for node in parsed.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            kind = "function" if isinstance(node, ast.FunctionDef) else "class"
            yield f".. auto{kind}:: {module}.{node.name}"


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _title(name: str) -> str:
    return _SPELLED.get(name, name.replace("_", " ").capitalize())
