"""The walls of the house: who may import whom, what a kernel may know, what may stand in the code."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "analysis").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
BASE = {"figures", "formats", "units"}
KERNELS = {*BASE, "data", "model", "valuation"}
# What each part of analysis may import of analysis, beside itself.
MAY_IMPORT = {
    "units": set(),
    "formats": {"units"},
    "figures": {"formats", "units"},
    "sphinx_ext": set(),
    "data": BASE,
    "model": set(),
    "valuation": {*BASE, "data", "model"},
    "charts": {*BASE, "model"},
    "articles": KERNELS,
    "export": KERNELS,
    "report": {*KERNELS, "articles", "charts", "export"},
    "build": {*KERNELS, "articles", "charts", "export", "report"},
    "__main__": {"build"},
    "__init__": {"report"},
}

# Whose functions and classes a notebook may take side by side: there, one name means one thing.
TAKEN_BY_NOTEBOOKS = {"data", "figures", "formats", "model", "report", "units", "valuation"}


def part_of(module: Path) -> str:
    return module.relative_to(ROOT / "analysis").parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def imported(module: Path) -> Iterator[str]:
    """The modules that a module imports, inside functions too, as dotted names."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(module)}: a relative import"
            deep = node.module == "analysis"
            yield from (f"analysis.{alias.name}" for alias in node.names) if deep else [node.module or ""]


def test_a_module_imports_only_what_lies_below_it() -> None:
    found = []
    for module in MODULES:
        part = part_of(module)
        allowed = {part} | MAY_IMPORT[part]
        taken = {each.split(".")[1] for each in imported(module) if each.startswith("analysis.")}
        found += [f"{name(module)} imports {other}" for other in sorted(taken - allowed)]
    assert found == []


def test_the_model_does_arithmetic_and_nothing_else() -> None:
    allowed = {"__future__", "collections", "dataclasses", "functools", "itertools", "math", "numbers"}
    allowed |= {
        "concurrent",
        "contextvars",
        "datetime",
        "operator",
        "re",
        "types",
        "typing",
        "analysis",
        "numpy",
        "scipy",
    }
    for module in MODULES:
        if part_of(module) == "model":
            assert {each.split(".")[0] for each in imported(module)} <= allowed, name(module)


def test_one_name_means_one_thing() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for module in MODULES:
        if part_of(module) in TAKEN_BY_NOTEBOOKS and not module.name.startswith("_"):
            for node in tree(module).body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].append(name(module))
    assert {each: where for each, where in places.items() if len(where) > 1} == {}


def names_in(node: ast.AST) -> set[str]:
    """What a definition reads, its own arguments apart: names and attributes."""
    nodes = list(ast.walk(node))
    arguments = {each.arg for each in nodes if isinstance(each, ast.arg)}
    read = {each.id for each in nodes if isinstance(each, ast.Name)} - arguments
    return read | {each.attr for each in nodes if isinstance(each, ast.Attribute)}


def test_every_kernel_is_used_or_kept_for_its_worked_example() -> None:
    cells = "".join(
        cell
        for page in sorted((ROOT / "book").glob("*.md"))
        for cell in re.findall(r"^```\{code-cell\}(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    )
    used, kernels = set(re.findall(r"\w+", cells)), {}
    for module in MODULES:
        parsed = tree(module)
        kept = (ast.get_docstring(parsed) or "") if part_of(module) == "model" else ""
        for node in parsed.body:
            own = {node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else set()
            used |= names_in(node) - own
            if (
                part_of(module) == "model"
                and isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
            ):
                kernels[node.name] = f":func:`{node.name}`" in kept and "worked example" in kept
    assert [kernel for kernel, is_kept in kernels.items() if not is_kept and kernel not in used] == []


def reached_for(node: ast.AST) -> list[str]:
    """Names that a line takes from elsewhere: what it imports, attributes, and what it replaces by name."""
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.ImportFrom):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
        return [str(each.value) for each in node.args if isinstance(each, ast.Constant)]
    return []


def test_pytest_passes_by_no_folder_of_ours(pytestconfig: pytest.Config) -> None:
    folders = {part for path in (*MODULES, *TESTS) for part in path.relative_to(ROOT).parts[:-1]}
    passed_by = pytestconfig.getini("norecursedirs")
    assert {"build", "book"} <= folders
    assert [each for each in sorted(folders) if any(fnmatch(each, pattern) for pattern in passed_by)] == []


def test_tests_know_nothing_private() -> None:
    private = re.compile(r"_[a-z](?:\w*[^\W_])?")  # IPython's _repr_…_ are for everyone
    found = [
        f"{name(test)}:{node.lineno} {each}"
        for test in TESTS
        for node in ast.walk(tree(test))
        for each in reached_for(node)
        if private.fullmatch(each)
    ]
    assert found == []


def test_nothing_is_left_undone() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    assert [name(each) for each in [*MODULES, *TESTS] if marks.search(each.read_text(encoding="utf-8"))] == []


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
