"""Text for the tiny books that the build's tests build."""

from __future__ import annotations

import compileall
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from py_compile import PycInvalidationMode

import yaml

from analysis.build.parameters import Parameters
from analysis.build.tree import Tree

ROOT = Path(__file__).resolve().parents[2]
BASE = Parameters("2024Q4", "base")
HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""
PARAMETERS = '```{code-cell} ipython3\n:tags: [parameters]\n\nas_of = "2024Q4"\nscenario = "base"\n```\n'


def cell(source: str) -> str:
    """A code cell of a text notebook."""
    return f"```{{code-cell}} ipython3\n{source}\n```\n"


def notebook(title: str, *parts: str) -> str:
    """A text notebook: title, parameters cell, then ``parts``."""
    return "\n".join([HEADER, f"# {title}\n", PARAMETERS, *parts])


def numbers(page: str, **texts: str) -> str:
    """A cell that hands numbers to the build, as a chapter's page does."""
    records = {
        f"{page}.{key}": {
            "value": text, "unit": "text", "text": text, "label": key, "formula": None,
            "published": "2025-02-06", "kernel": None, "inputs": [], "sources": [],
        }
        for key, text in texts.items()
    }  # fmt: skip
    payload = {"kind": "numbers", "page": page, "numbers": records}
    bundle = {"application/vnd.valuation-report+json": payload, "text/html": ""}
    return cell(f"from IPython.display import display\ndisplay({bundle!r}, raw=True)")


def write_page(tree: Tree, name: str, text: str) -> None:
    (tree.book / f"{name}.md").write_text(text, encoding="utf-8")


def only(tree: Tree, *names: str) -> Tree:
    """The same book with a table of contents of these pages, the first being the root."""
    chapters = [{"file": f"book/{name}"} for name in names[1:]]
    toc = {"format": "jb-book", "root": f"book/{names[0]}", "chapters": chapters}
    tree.toc.write_text(yaml.safe_dump(toc, sort_keys=False), encoding="utf-8")
    return replace(tree)


@cache
def compile_once(code: Path) -> None:
    """Compile the code here, not in each of the many processes that the tests start; held to by content."""
    compileall.compile_dir(code, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)


def write_book(folder: Path, code: Path = ROOT / "analysis") -> Tree:
    """The tiny book: ``index`` and ``aws`` are notebooks, ``words`` is text; ``code`` is copied into it."""
    found = Tree(folder)
    for needed in (found.book, found.data / "editions", found.data / "scenarios"):
        needed.mkdir(parents=True)
    compile_once(code)
    shutil.copytree(code, folder / "analysis", ignore=shutil.ignore_patterns("*.pyc.*"))  # half written ones
    for name in ("_static", "_templates"):
        shutil.copytree(ROOT / "book" / name, found.book / name)
    found.config.write_text((ROOT / "_config.yml").read_text(encoding="utf-8"), encoding="utf-8")
    toc = {"format": "jb-book", "root": "book/index"}
    toc |= {"parts": [{"caption": "Parts", "chapters": [{"file": "book/aws"}, {"file": "book/words"}]}]}
    found.toc.write_text(yaml.safe_dump(toc, sort_keys=False), encoding="utf-8")
    found.lock_file.write_text("numpy==2.0\n", encoding="utf-8")
    for label in ("2024Q3", "2024Q4", "2024Q4-2025-04-02"):
        (found.data / "editions" / f"{label}.yml").write_text(f"label: {label}\n", encoding="utf-8")
    for name in ("base", "bull"):
        (found.data / "scenarios" / f"{name}.yml").write_text(f"name: {name}\n", encoding="utf-8")
    (found.book / "references.bib").write_text("", encoding="utf-8")
    sales = numbers("aws", sales="$128.7bn", word="rise")
    write_page(found, "index", notebook("The answer", "Sales of {num}`aws.sales`. See [](aws.md)."))
    write_page(found, "aws", notebook("AWS", sales, "Sales {num}`aws.word` to {num}`aws.sales`."))
    write_page(found, "words", "# Words\n\nBack to [](index.md).\n")
    return found


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, a minute at most: a busy machine is slow."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)
