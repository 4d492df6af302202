"""The formula page: every public kernel, and nothing that is none."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

from analysis.build.formulas import kernels
from analysis.build.tree import Tree
from tests.build.tiny_book import ROOT

REFERENCE = re.compile(r":(\w+):`~?([\w.]+)`")


def asked_for() -> list[str]:
    return re.findall(r"^\.\. auto(?:function|class):: (.+)$", kernels(Tree(ROOT)), re.MULTILINE)


def test_every_public_function_and_class_of_the_model_has_its_entry() -> None:
    expected = set()
    for path in (ROOT / "analysis" / "model").rglob("[!_]*.py"):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name, value in vars(module).items():
            is_kernel = inspect.isfunction(value) or inspect.isclass(value)
            if is_kernel and not name.startswith("_") and value.__module__ == module.__name__:
                expected.add(f"{module.__name__}.{name}")
    assert set(asked_for()) == expected
    assert len(asked_for()) == len(expected)


def test_what_docstrings_refer_to_has_an_entry() -> None:
    entries, unknown = set(asked_for()), []
    for path in (ROOT / "analysis" / "model").rglob("[!_]*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for kind, name in REFERENCE.findall(path.read_text(encoding="utf-8")):
            full = name if name.startswith("analysis.") else f"{module}.{name}"
            if kind in ("func", "class") and full not in entries:
                unknown.append(f"{module}: {name}")
            elif kind not in ("func", "class", "meth", "attr", "mod"):
                unknown.append(f"{module}: :{kind}: has no entries")
    assert unknown == []


def test_rooms_are_sections_in_the_order_of_the_models_docstring(tmp_path: Path) -> None:
    model = tmp_path / "analysis" / "model"
    for room in ("dcf", "a_room"):
        (model / room).mkdir(parents=True)
        (model / room / "__init__.py").write_text(f'"""What {room} is."""')
    (model / "__init__.py").write_text('"""``dcf``, then ``a_room``."""')
    (model / "a_room" / "net_sales.py").write_text("def f():\n    pass\n\n\ndef _g():\n    pass\n")
    (model / "a_room" / "_own.py").write_text("def h():\n    pass\n")
    assert kernels(Tree(tmp_path)) == (
        "## Discounted cash flow\n\nWhat dcf is.\n\n## A room\n\nWhat a_room is.\n\n### Net sales\n\n"
        "```{eval-rst}\n.. automodule:: analysis.model.a_room.net_sales\n   :no-members:\n"
        ".. autofunction:: analysis.model.a_room.net_sales.f\n```"
    )
