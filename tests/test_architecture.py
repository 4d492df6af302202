"""The walls of the house: who may import whom, what a kernel may know, what may stand in the code."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

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
    "chapters": {*KERNELS, "articles", "charts", "report"},
    "report": {*KERNELS, "articles", "charts", "export"},
    "build": {*KERNELS, "articles", "chapters", "charts", "export", "report"},
    "__main__": {"build"},
    "__init__": {"report"},
}


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
    allowed |= {"concurrent", "datetime", "operator", "types", "typing", "analysis", "numpy", "scipy"}
    for module in MODULES:
        if part_of(module) == "model":
            assert {each.split(".")[0] for each in imported(module)} <= allowed, name(module)


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
