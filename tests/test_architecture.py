"""The walls of the house: who may import whom, how long things may be, what may stand in the code."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "analysis").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
# What each part of analysis may import of analysis, beside itself.
MAY_IMPORT = {
    "figures": {"formats"},
    "formats": set(),
    "model": set(),
    "data": {"figures", "formats"},
    "charts": {"figures", "formats", "model"},
    "valuation": {"data", "figures", "formats", "model"},
    "articles": {"data", "model", "figures", "formats", "valuation"},
    "export": {"data", "model", "figures", "formats", "valuation"},
    "report": {"chapters", "charts", "data", "figures", "model", "valuation"},
    "chapters": {"data", "model", "charts", "articles", "figures", "formats", "valuation"},
    "build": {"articles", "chapters", "charts", "data", "export", "figures", "formats", "model", "valuation"},
    "sphinx_ext": set(),
    "__main__": {"build"},
    "__init__": set(),
}


def part_of(module: Path) -> str:
    return module.relative_to(ROOT / "analysis").parts[0].removesuffix(".py")


def imported(module: Path) -> Iterator[str]:
    """The parts of analysis that a module imports, inside functions too."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: a relative import"
            if node.module == "analysis":
                yield from (alias.name for alias in node.names)
            elif node.module and node.module.startswith("analysis."):
                yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (
                alias.name.split(".")[1] for alias in node.names if alias.name.startswith("analysis.")
            )


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_module_imports_only_what_lies_below_it(module: Path) -> None:
    part = part_of(module)
    assert part in MAY_IMPORT, f"{part}: a part that no rule knows"
    assert set(imported(module)) - {part} <= MAY_IMPORT[part]


def test_the_model_does_arithmetic_and_nothing_else() -> None:
    allowed = {"__future__", "collections", "dataclasses", "functools", "itertools", "math", "numbers"}
    allowed |= {"concurrent", "datetime", "operator", "types", "typing", "analysis", "numpy", "scipy"}
    for module in MODULES:
        if part_of(module) == "model":
            nodes = list(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))
            names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
            names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
            found = {each.split(".")[0] for each in names}
            assert found <= allowed, name(module)


@pytest.mark.parametrize("module", [*MODULES, *TESTS], ids=name)
def test_a_module_fits_in_a_readers_head(module: Path) -> None:
    lines = len(module.read_text(encoding="utf-8").splitlines())
    assert lines <= 400


def test_most_modules_are_short() -> None:
    lengths = [len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES]
    assert statistics.median(lengths) <= 150


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_function_fits_on_a_screen(module: Path) -> None:
    long = [
        f"{node.name}: {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 40
    ]
    assert long == []


@pytest.mark.parametrize("module", [*MODULES, *TESTS], ids=name)
def test_nothing_is_left_undone(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    marks = "TO" + "DO", "FIX" + "ME", "XX" + "X"
    assert not [mark for mark in marks if re.search(rf"\b{mark}\b", text)]


def test_nothing_committed_names_a_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    hosts = ["pypi" + ".org", "files.python" + "hosted.org", "registry" + ".npmjs.org", "deb" + ".debian.org"]
    pattern = re.compile("|".join([*map(re.escape, hosts), r"(?<![\w.])/" + r"(?:work|home|root|Users)/"]))
    found = []
    for file in listed.stdout.splitlines():
        path = ROOT / file
        if path.is_file() and path.suffix not in {".png", ".svg", ".woff2", ".gz", ".zip"}:
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                if pattern.search(line):
                    found.append(f"{file}:{number}: {line.strip()[:80]}")
    assert found == []
