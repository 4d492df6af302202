from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from analysis.build import cache
from analysis.build.execute import execute
from analysis.build.pages import Page, read_toc
from analysis.build.parameters import Parameters
from analysis.build.stage import staged_notebook
from analysis.build.tree import BuildError, Tree
from tests.build.tiny_book import BASE, ROOT, cell, notebook, only, write_page

pytestmark = pytest.mark.book


def run(tree: Tree, parameters: Parameters = BASE, **options: Any) -> dict[str, Any]:
    pages = [page for page in read_toc(tree) if page.is_notebook]
    return execute(tree, parameters, pages, quiet=True, **options)


def shown(executed: Any) -> list[str]:
    return [o.data["text/plain"] for c in executed.cells for o in c.get("outputs", []) if "data" in o]


def place(tree: Tree, page: str, start: str) -> str:
    """File and line of the one line that begins with ``start``."""
    lines = (tree.book / f"{page}.md").read_text(encoding="utf-8").splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if line.startswith(start)]
    return f"book/{page}.md:{number}"


def test_parameters_reach_the_notebook(tree: Tree) -> None:
    write_page(tree, "index", notebook("x", cell("as_of, scenario")))
    found = run(only(tree, "index"), Parameters("2024Q3", "bull"))
    assert shown(found["index"]) == ["('2024Q3', 'bull')"]


def test_every_failing_cell_is_told_with_place_and_error(tree: Tree) -> None:
    write_page(tree, "index", notebook("x", cell("fine = 1"), cell('table = {"growth": 1}\ntable["growt"]')))
    write_page(tree, "aws", notebook("y", cell("from analysis.formats import show\nshow(1.0, 'furlongs')")))
    with pytest.raises(BuildError) as caught:
        run(only(tree, "index", "aws"))
    aws, index = caught.value.problems
    assert index == f"{place(tree, 'index', 'table[')}: cell 4: table[\"growt\"]: KeyError: 'growt'"
    wrong = "cell 3: show(1.0, 'furlongs'): KeyError: \"no format 'furlongs'"
    assert aws.startswith(f"{place(tree, 'aws', 'show(1.0, ')}: {wrong}")
    assert "(raised in analysis/formats.py:" in aws


def test_a_cell_that_is_no_python_is_told_with_its_place(tree: Tree) -> None:
    write_page(tree, "index", notebook("x", cell("one = 1\ntwo = = 2")))
    with pytest.raises(BuildError) as caught:
        run(only(tree, "index"))
    assert (
        str(caught.value) == f"{place(tree, 'index', 'two')}: cell 3: two = = 2: SyntaxError: invalid syntax"
    )


def test_a_kernel_that_dies_is_told(tree: Tree) -> None:
    write_page(tree, "index", notebook("x", cell("import os\nos._exit(3)")))
    with pytest.raises(BuildError, match=r"book/index.md: the kernel died"):
        run(only(tree, "index"))


def test_a_cell_that_takes_too_long_is_told(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.build.execute.CELL_SECONDS", 1)
    write_page(tree, "index", notebook("x", cell("import time\ntime.sleep(30)")))
    with pytest.raises(BuildError, match=r"book/index.md: a cell took longer than 1 s: import time$"):
        run(only(tree, "index"))


def test_unknown_parameters_are_refused_before_anything_runs(tree: Tree) -> None:
    witness = tree.root / "ran"
    write_page(tree, "index", notebook("x", cell(f"open({str(witness)!r}, 'w').close()")))
    broken = notebook("y").replace("scenario =", "scenarios =")
    write_page(tree, "aws", broken)
    with pytest.raises(BuildError, match="book/aws.md: unknown parameter 'scenarios'"):
        run(only(tree, "index", "aws"))
    assert not witness.exists()


@pytest.fixture
def counted(tree: Tree) -> tuple[Tree, Path]:
    """A book of one page that reads two files and a module, and counts its runs in a file."""
    runs = tree.root / "runs"
    (tree.data / "used.csv").write_text("1", encoding="utf-8")
    (tree.data / "unused.csv").write_text("1", encoding="utf-8")
    (tree.data / "listed").mkdir()
    shutil.rmtree(tree.root / "analysis")
    package = tree.root / "analysis"
    (package / "model").mkdir(parents=True)
    for name in ("__init__", "outer", "inner", "other", "model/__init__"):
        (package / f"{name}.py").write_text("", encoding="utf-8")
    (package / "outer.py").write_text("def load():\n    from analysis import inner\n", encoding="utf-8")
    (package / "build").symlink_to(ROOT / "analysis" / "build")
    source = [f"with open({str(runs)!r}, 'a') as file: file.write('x')", "import importlib, os"]
    source += ["importlib.import_module('analysis.' + 'outer').load()", "open('data/used.csv').read()"]
    source += ["os.listdir('data/listed'); None"]
    write_page(tree, "index", notebook("x", cell("\n".join(source))))
    return only(tree, "index"), runs


def test_an_unchanged_notebook_does_not_run_again(counted: tuple[Tree, Path]) -> None:
    tree, runs = counted
    first, second = run(tree), run(tree)
    assert runs.read_text(encoding="utf-8") == "x"
    assert first["index"].cells == second["index"].cells


@pytest.mark.parametrize(
    ("change", "is_run_again"),
    [
        ("data/used.csv", True),
        ("data/unused.csv", False),
        ("data/listed/new.csv", True),
        ("data/elsewhere.csv", False),
        ("analysis/outer.py", True),
        ("analysis/inner.py", True),
        ("analysis/other.py", False),
        ("book/index.md", True),
        ("book/words.md", False),
        ("requirements.txt", True),
    ],
)
def test_a_notebook_runs_again_when_what_it_used_changes_and_only_then(
    counted: tuple[Tree, Path], change: str, is_run_again: bool
) -> None:
    tree, runs = counted
    run(tree)
    path = tree.root / change
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}\n", encoding="utf-8")
    run(tree)
    assert runs.read_text(encoding="utf-8") == ("xx" if is_run_again else "x")


def test_each_edition_and_scenario_has_a_result_of_its_own(counted: tuple[Tree, Path]) -> None:
    tree, runs = counted
    for parameters in (BASE, Parameters("2024Q3", "base"), Parameters("2024Q4", "bull"), BASE):
        run(tree, parameters)
    assert runs.read_text(encoding="utf-8") == "xxx"


@pytest.mark.parametrize("name", ["entry.json", "notebook.ipynb"])
@pytest.mark.parametrize("damage", ["{", "{}", "null", "[]", "", "folder", "gone", "other"])
def test_a_damaged_entry_counts_as_none_and_is_made_anew(
    kept: tuple[Tree, Page], name: str, damage: str
) -> None:
    tree, page = kept
    path = next(tree.cache.rglob(name))
    content = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "gone":
        path.write_bytes(content.replace(b"AWS", b"XYZ") if damage == "other" else damage.encode())
    found = cache.load(tree, page, BASE)
    assert found is None or (name, damage) == ("entry.json", "other")  # the entry does not hold the word
    run(tree)
    assert cache.load(tree, page, BASE) is not None


@pytest.fixture
def kept(tree: Tree) -> tuple[Tree, Page]:
    """A book of one page that has run."""
    page = read_toc(only(tree, "aws"))[0]
    run(tree)
    return tree, page


@pytest.mark.parametrize("saved", ["data/used.csv", "analysis/zzz.py", "book/index.md"])
def test_a_file_saved_while_its_page_runs_is_not_taken_for_what_was_read(tree: Tree, saved: str) -> None:
    (tree.data / "used.csv").write_text("old", encoding="utf-8")
    (tree.root / "analysis" / "zzz.py").write_text("WORD = 'old'\n", encoding="utf-8")
    save = f"path = pathlib.Path({str(tree.root / saved)!r}); path.write_text(path.read_text() + '\\n')"
    source = f"import pathlib\nfrom analysis import zzz\nopen('data/used.csv').read()\n{save}"
    write_page(tree, "index", notebook("x", cell(source)))
    page = read_toc(only(tree, "index"))[0]
    run(tree)
    assert cache.load(tree, page, BASE) is None


def test_forked_kernels_give_what_fresh_ones_give(tree: Tree) -> None:
    source = "import altair, pandas, sys\nframe = pandas.DataFrame({'a': [1, 2]})\n"
    source += "chart = altair.Chart(frame).mark_bar().encode(x='a')\n"
    write_page(
        tree,
        "index",
        notebook("x", cell(source + "chart.to_json(), hash('same'), sys.flags.hash_randomization")),
    )
    pages = only(tree, "index", "aws")
    page = read_toc(pages)[0]
    results = {}
    for start in ("plain", "forked"):
        executed = run(pages, start=start)["index"]
        results[start] = staged_notebook(executed, page, {}, "index", "7 February 2025")[0]
        for entry in tree.cache.rglob("entry.json"):
            entry.unlink()
    assert results["plain"] == results["forked"]
    assert len(results["plain"].cells[3].outputs) == 1


def test_nothing_of_the_readers_own_settings_reaches_a_notebook(
    tree: Tree, monkeypatch: Any, tmp_path: Path
) -> None:
    startup = tmp_path / "profile" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "x.py").write_text("as_of_home = 1", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "profile"))
    write_page(tree, "index", notebook("x", cell("'as_of_home' in globals()")))
    assert shown(run(only(tree, "index"))["index"]) == ["False"]
