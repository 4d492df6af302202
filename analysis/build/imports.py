"""Which of the report's own modules a piece of code may run: those it imports, and those that they import."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.build.tree import Tree, digest, files_below, read_record, write_record

PACKAGE = "analysis"
_ANY = f"{PACKAGE}.*"  # what a module may import that imports by names made up while it runs
_BY_NAME = (b"import_module", b"__import__")


@dataclass(frozen=True)
class Code:
    """The modules of :mod:`analysis` as they are: by dotted name the file, its hash, and what it imports."""

    files: Mapping[str, str]
    digests: Mapping[str, str]
    imported: Mapping[str, Sequence[str]]

    def used_by(self, sources: Iterable[str]) -> dict[str, str]:
        """Every module that the sources import, wherever in them and through whichever others, by its file
        in the checkout, with its hash. Source that cannot be parsed may use all.
        """
        return self.reached_from(of_all(sources))

    def reached_from(self, names: Sequence[str] | None) -> dict[str, str]:
        """The same for what :func:`of_all` says of the sources."""
        waiting = list(self.files) if names is None else list(names)
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name == _ANY:
                waiting += self.files.keys() - found
            elif name not in found and name in self.files:
                found.add(name)
                waiting += self.imported[name]
        return {self.files[name]: self.digests[name] for name in sorted(found)}


def read(tree: Tree) -> Code:
    """The modules as they are now; what a file imports is remembered under the hash of its content and of the
    code that reads it.
    """
    path = tree.cache / "imports.json"
    own = digest(Path(__file__).read_bytes())
    known = read_record(path)
    kept: dict[str, list[str]] = {}
    files, digests, imported = {}, {}, {}
    for file in files_below(tree.root / PACKAGE):
        if file.suffix == ".py":
            content, module = file.read_bytes(), name(tree.name(file))
            if module in files:
                continue  # a package, which comes before a module of its name, here and for Python
            files[module], digests[module] = tree.name(file), digest(content)
            key = f"{module} {digests[module]} {own}"
            kept[key] = known[key] if key in known else _imports_of(content, module, file.stem == "__init__")
            imported[module] = kept[key]
    if kept != known:
        write_record(path, kept)
    return Code(files, digests, imported)


def of_all(sources: Iterable[str]) -> list[str] | None:
    """Dotted names that the sources may import; ``None``, for any, if one of them cannot be parsed."""
    try:
        return sorted({name for source in sources for name in imports(source)})
    except SyntaxError:
        return None


def name(file: str) -> str:
    """The dotted name of a module in a file of the checkout.

    >>> name("analysis/report/series.py"), name("analysis/report/__init__.py")
    ('analysis.report.series', 'analysis.report')
    """
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@lru_cache(maxsize=1024)  # for many checkouts in one process, each of which begins with no record
def _imports_of(content: bytes, module: str, is_package: bool) -> list[str]:
    try:
        found = set(imports(content.decode(), module if is_package else module.rpartition(".")[0]))
        return sorted(found | {_ANY} if any(word in content for word in _BY_NAME) else found)
    except (SyntaxError, UnicodeDecodeError):
        return []  # whoever imports it fails


def imports(source: str, package: str = "") -> Iterator[str]:
    r"""Dotted names that a source may import, packages of each included; ``package`` is its own.

    >>> sorted(set(imports("def f():\n    from analysis.model import dcf")))
    ['analysis', 'analysis.model', 'analysis.model.dcf']
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == PACKAGE:
                yield from (".".join(parts[: n + 1]) for n in range(len(parts)))
