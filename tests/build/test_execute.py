from __future__ import annotations

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest

from analysis.build import execute as execute_module
from analysis.build.execute import Execution, execute
from analysis.build.kernel import Start
from analysis.build.pages import read_toc
from analysis.build.parameters import Parameters
from analysis.build.payloads import MIME
from analysis.build.tree import BuildError, Tree
from tests.build.tiny_book import BASE, ROOT, cell, notebook, only, until, write_book, write_page
from tests.conftest import MadeOnce

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


def test_when_what_starts_the_pages_dies_it_is_told_of_those_that_did_not_run(tree: Tree) -> None:
    """The longest runs first: that is the one that ends it."""
    write_page(tree, "index", notebook("x", cell("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")))
    write_page(tree, "aws", notebook("x", cell("1")))
    with pytest.raises(BuildError, match=r"book/aws.md: the kernel died"):
        execute(tree, BASE, read_toc(only(tree, "index", "aws")), "forked", workers=1, quiet=True)


def test_a_module_that_ends_the_process_is_told_where_it_is_imported(tree: Tree) -> None:
    (tree.root / "analysis" / "ending.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    write_page(tree, "index", notebook("x", cell("import analysis.ending")))
    with pytest.raises(BuildError, match=r"cell 3: import analysis.ending: SystemExit: 3"):
        run(only(tree, "index"))


def test_a_kernel_that_dies_is_told(tree: Tree) -> None:
    write_page(tree, "index", notebook("x", cell("import os\nos._exit(3)")))
    with pytest.raises(BuildError, match=r"book/index.md: the kernel died"):
        run(only(tree, "index"))


def test_a_cell_that_takes_too_long_is_told(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.build.execute.CELL_SECONDS", 4)
    write_page(tree, "index", notebook("x", cell("import time\ntime.sleep(100)")))
    with pytest.raises(BuildError, match=r"book/index.md: a cell took longer than 4 s: import time$"):
        run(only(tree, "index"))


def test_unknown_parameters_are_refused_before_anything_runs(tree: Tree) -> None:
    write_page(tree, "index", notebook("x"))
    broken = notebook("y").replace("scenario =", "scenarios =")
    write_page(tree, "aws", broken)
    with pytest.raises(BuildError, match="book/aws.md: unknown parameter 'scenarios'"):
        run(only(tree, "index", "aws"))
    assert not list(tree.cache.rglob("entry.json"))


def fill_counted(folder: Path) -> None:
    tree = write_book(folder)
    (tree.data / "used.csv").write_text("1", encoding="utf-8")
    (tree.data / "unused.csv").write_text("1", encoding="utf-8")
    (tree.data / "listed").mkdir()
    shutil.rmtree(tree.root / "analysis")
    package = tree.root / "analysis"
    (package / "model").mkdir(parents=True)
    for name in ("__init__", "outer", "inner", "late", "other", "model/__init__"):
        (package / f"{name}.py").write_text("", encoding="utf-8")
    (package / "outer.py").write_text("def load():\n    from analysis import inner\n", encoding="utf-8")
    (package / "build").symlink_to(ROOT / "analysis" / "build")
    source = ["import importlib, os, uuid", "from analysis import outer", "outer.load()"]
    source += ["importlib.import_module('analysis.' + 'late')", "open('data/used.csv').read()"]
    source += ["os.listdir('data/listed')", "uuid.uuid4().hex"]
    write_page(tree, "index", notebook("x", "A sentence.\n", cell("\n".join(source))))
    run(only(tree, "index"))


@pytest.fixture
def counted(made_once: MadeOnce, tmp_path: Path) -> Tree:
    """A book of one page that reads two files and a module, and shows something else each time it runs.

    It has run once: what it showed is in its cache.
    """
    return Tree(Path(shutil.copytree(made_once("counted", fill_counted), tmp_path / "book", symlinks=True)))


@pytest.fixture
def before(counted: Tree) -> list[str]:
    """What that page showed."""
    kept = nbformat.read(next(counted.cache.rglob("notebook.ipynb")), as_version=4)
    nbformat.validate(kept)
    return re.findall(r"'[0-9a-f]{32}'", str(kept))


def test_an_unchanged_notebook_does_not_run_again(counted: Tree, before: list[str]) -> None:
    assert len(before) == 1
    assert shown(run(counted)["index"]) == before


@pytest.mark.parametrize(
    ("change", "is_run_again"),
    [
        ("data/used.csv", True),
        pytest.param("data/unused.csv", False, marks=pytest.mark.long),
        ("data/listed/new.csv", True),
        ("data/elsewhere.csv", False),
        pytest.param("analysis/outer.py", True, marks=pytest.mark.long),
        ("analysis/inner.py", True),
        ("analysis/late.py", True),
        ("analysis/other.py", False),
        pytest.param("book/words.md", False, marks=pytest.mark.long),
        ("requirements.txt", True),
    ],
)
def test_a_notebook_runs_again_when_what_it_used_changes_and_only_then(
    counted: Tree, before: list[str], change: str, is_run_again: bool
) -> None:
    path = counted.root / change
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{text}\n", encoding="utf-8")
    assert (shown(run(counted)["index"]) != before) is is_run_again


@pytest.mark.parametrize(
    ("old", "new", "is_run_again"),
    [("A sentence.", "Another one.", False), ("uuid.uuid4", "  uuid.uuid4", True)],
)
def test_a_notebook_runs_again_for_its_code_and_not_for_its_prose(
    counted: Tree, before: list[str], old: str, new: str, is_run_again: bool
) -> None:
    text = (counted.book / "index.md").read_text(encoding="utf-8")
    write_page(counted, "index", text.replace(old, new).replace("  uuid", "uuid .__str__ and uuid"))
    found = run(counted)["index"]
    assert (shown(found) != before) is is_run_again
    assert is_run_again or "Another one." in str(found.cells)


def test_each_edition_and_scenario_has_a_result_of_its_own(counted: Tree, before: list[str]) -> None:
    chosen = (Parameters("2024Q3", "base"), Parameters("2024Q4", "bull"), BASE)
    *others, again = [shown(run(counted, parameters)["index"]) for parameters in chosen]
    assert again == before
    assert before not in others


OTHER = {"entry.json": (b'"used": {', b'"used": {"a": "b",'), "notebook.ipynb": (b"128.7", b"999.9")}


def damaged(tree: Tree, name: str, damage: str) -> None:
    """Leaves a file of the cache as a crash, a full disk or a hand may leave it."""
    path = next(tree.cache.rglob(name))
    content = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "gone":
        path.write_bytes(content.replace(*OTHER[name]) if damage == "other" else damage.encode())
        assert path.read_bytes() != content


@pytest.mark.parametrize("name", ["entry.json", "notebook.ipynb"])
@pytest.mark.parametrize("damage", ["{", "{}", "null", "[]", "", "folder", "gone", "other"])
def test_a_damaged_entry_counts_as_none(kept: Tree, name: str, damage: str) -> None:
    assert kept_of(kept)
    damaged(kept, name, damage)
    assert not kept_of(kept)


@pytest.mark.parametrize("name", ["entry.json", "notebook.ipynb"])
@pytest.mark.parametrize("damage", ["{", "folder"])
def test_a_damaged_entry_is_made_anew(kept: Tree, name: str, damage: str) -> None:
    damaged(kept, name, damage)
    run(kept)
    assert kept_of(kept)


def fill_kept(folder: Path) -> None:
    run(only(write_book(folder), "aws"))


@pytest.fixture
def kept(made_once: MadeOnce, tmp_path: Path) -> Tree:
    """A book of one page that has run."""
    return Tree(Path(shutil.copytree(made_once("kept", fill_kept), tmp_path / "book")))


def kept_of(tree: Tree) -> dict[str, Any]:
    """What the cache has of the book's first page."""
    return Execution(tree, BASE, read_toc(tree)[:1]).done


@pytest.mark.parametrize(
    "saved",
    ["data/used.csv", *(pytest.param(f"analysis/{x}.py", marks=pytest.mark.long) for x in ("zzz", "late"))],
)
def test_a_file_saved_while_its_page_runs_is_not_taken_for_what_was_read(tree: Tree, saved: str) -> None:
    (tree.data / "used.csv").write_text("old", encoding="utf-8")
    for module in ("zzz", "late"):
        (tree.root / "analysis" / f"{module}.py").write_text("WORD = 'old'\n", encoding="utf-8")
    source = "import importlib, os, time\nfrom analysis import zzz\nopen('data/used.csv').read()\n"
    source += "importlib.import_module('analysis.' + 'late')\nsize = os.stat({saved!r}).st_size\n"
    source += "open(os.environ['TMPDIR'] + '/read', 'w').close()\n"
    source += "while os.stat({saved!r}).st_size == size: time.sleep(0.01)"
    write_page(tree, "index", notebook("x", cell(source.replace("{saved!r}", repr(saved)))))
    only(tree, "index")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run, tree)
        until(lambda: bool(list(tree.build.glob("scratch/*/read"))))
        (tree.root / saved).write_text("WORD = 'saved'\n", encoding="utf-8")
        running.result()
    assert not kept_of(tree)


def test_a_module_that_another_imports_by_a_made_up_name_is_seen_to_change(tree: Tree) -> None:
    package = tree.root / "analysis"
    by_name = "import importlib\nPART = importlib.import_module('analysis.' + 'late')\n"
    (package / "zzz.py").write_text(by_name, encoding="utf-8")
    (package / "late.py").write_text("WORD = 'old'\n", encoding="utf-8")
    write_page(tree, "index", notebook("x", cell("from analysis import zzz\nzzz.PART.WORD")))
    assert shown(run(only(tree, "index"))["index"]) == ["'old'"]
    (package / "late.py").write_text("WORD = 'newer'\n", encoding="utf-8")
    assert shown(run(tree)["index"]) == ["'newer'"]


def test_what_another_page_imports_is_not_there_without_an_import(tree: Tree) -> None:
    (tree.root / "analysis" / "zzz.py").write_text("WORD = 'old'\n", encoding="utf-8")
    write_page(tree, "index", notebook("x", cell("import analysis\nanalysis.zzz.WORD")))
    write_page(tree, "aws", notebook("y", cell("from analysis import zzz")))
    with pytest.raises(BuildError, match="has no attribute 'zzz'"):
        run(only(tree, "index", "aws"))


@pytest.mark.parametrize("package", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_module_saved_with_the_size_and_time_of_the_old_one_is_the_new_one(
    tree: Tree, package: bool
) -> None:
    """Python would take what it compiled of the old one; and a package comes before a module of its name."""
    path = tree.root / "analysis" / "zzz.py"
    write_page(tree, "index", notebook("x", cell("from analysis import zzz\nzzz.WORD")))
    for word in ("old", "new"):
        if package and word == "new":
            path = path.with_suffix("") / "__init__.py"
            path.parent.mkdir()
        path.write_text(f"WORD = '{word}'\n", encoding="utf-8")
        os.utime(path, (1e9, 1e9))
        assert shown(run(only(tree, "index"))["index"]) == [f"'{word}'"]


HANDED = [
    ("7", "a payload: 7 (expected keys with values)"),
    ("{'page': 'index'}", "a payload: None (expected keys with values)"),
    ("{'kind': 'chart', 'drawing': 7}", "drawing: 7 (expected keys with values)"),
    ("{'kind': 'numbers', 'numbers': {'index.a': 7}}", "number index.a: 7 (expected keys with values)"),
    ("{'kind': 'table', 'page': '../..', 'csv': 'a'}", "page: '../..' (expected a text; a name is one word)"),
]


@pytest.mark.parametrize(("payload", "wrong"), HANDED)
def test_what_the_build_cannot_use_is_told_and_not_kept(tree: Tree, payload: str, wrong: str) -> None:
    shown_ = f"display({{'{MIME}': {payload}, 'text/html': ''}}, raw=True)"
    write_page(tree, "index", notebook("x", cell(shown_)))
    with pytest.raises(BuildError, match=re.escape(f"book/index.md: hands over {wrong}")):
        run(only(tree, "index"))
    assert not kept_of(tree)


OUTPUTS = [
    "import altair, pandas, sys\nframe = pandas.DataFrame({'a': [1, 2]})\nframe",
    "altair.Chart(frame).mark_bar().encode(x='a').to_json(), hash('same'), sys.flags.hash_randomization",
    "from IPython.display import HTML, Markdown, clear_output, display",
    "handle = display(HTML('1'), display_id='x')",
    "handle.update(HTML('2'))\ndisplay({'text/plain': 'raw', 'text/latex': 'x'}, raw=True)\nMarkdown('*a*')",
    "display('gone')\nclear_output()\nfor n in range(3): display(n)",
    "class Shown:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'text/html': '<b>x</b>', 'text/plain': 'x'}, {'text/html': {'wide': True}}\nShown()",
    "print('to', end=''); print(' stdout'); print('to stderr', file=sys.stderr); print('again')",
    "type(_).__name__, list(Out), In[1][:6], __name__, sys.modules['__main__'].__dict__ is globals()",
    "%precision 3\n1 / 3",
    "1;",
    "import warnings; warnings.warn('careful')",
    "import time\nio = sys.stderr.pub_thread  # what is written is on its way for longer than the cell runs\n"
    "slow = lambda said: io.schedule(lambda: time.sleep(0.3)) or said\n"
    "io.schedule(lambda: sys.stderr.register_hook(slow))\nprint('late', file=sys.stderr)",
]


@pytest.mark.parametrize("start", ["forked", pytest.param("spawned", marks=pytest.mark.long)])
def test_cells_give_in_processes_of_our_own_what_they_give_in_a_real_kernel(tree: Tree, start: str) -> None:
    write_page(tree, "index", notebook("x", *map(cell, OUTPUTS)))
    pages = only(tree, "index", "aws")
    found = []
    for each in ("plain", start):
        found.append(run(pages, start=each))
        for entry in tree.cache.rglob("entry.json"):
            entry.unlink()
    plain, ours = found
    for page in ("index", "aws"):
        for expected, cell_ in zip(plain[page].cells, ours[page].cells, strict=True):
            told = [cell_.get("outputs", []), expected.get("outputs", [])]
            here, there = (re.sub(r"ipykernel_\d+/\d+", "…", str(each)) for each in told)
            assert here == there
    assert len(shown(plain["index"])) > 10


REFUSED = {
    "import sys; sys.exit(0)": "SystemExit: 0",
    "import socket; socket.create_connection(('127.0.0.1', 9))": "PermissionError: the network",
    "import subprocess; subprocess.run(['true'])": "PermissionError: no other program",
    "import os; os.fork()": "PermissionError: no other program",
    "open('data/new.csv', 'w')": "is written",
    "import os; os.remove('book/index.md')": "is written",
    "import os; os.rename(os.environ['TMPDIR'], 'data/new')": "is written",
    "open('../outside.txt')": "is read",
    "import os; os.listdir('..')": "is read",
    "open('_build/html/index.html')": "is read",
}


@pytest.mark.parametrize(
    ("start", "sources"),
    [
        ("forked", list(REFUSED)),
        pytest.param("plain", list(REFUSED), marks=pytest.mark.long),
    ],
)
def test_what_no_result_may_depend_on_or_leave_behind_is_refused(
    tree: Tree, start: Start, sources: list[str]
) -> None:
    pages = {f"page{number}": source for number, source in enumerate(sources)}
    for name, source in pages.items():
        write_page(tree, name, notebook("x", cell(source)))
    with pytest.raises(BuildError) as caught:
        run(only(tree, *pages), start=start)
    for problem, (name, source) in zip(caught.value.problems, pages.items(), strict=True):
        assert problem.startswith(f"{place(tree, name, source)}: cell 3: {source}: ")
        assert REFUSED[source] in problem
    assert (tree.book / "index.md").is_file()


def test_a_cell_may_write_where_temporary_files_go(tree: Tree) -> None:
    source = "import os, pathlib, tempfile\nwith tempfile.TemporaryDirectory() as folder:\n"
    source += "    path = pathlib.Path(folder, 'a'); path.write_text('kept'); text = path.read_text()\n"
    source += "open(os.devnull, 'w').close(); text, pathlib.Path(folder).exists()"
    write_page(tree, "index", notebook("x", cell(source)))
    assert shown(run(only(tree, "index"))["index"]) == ["('kept', False)"]
    assert not (tree.build / "scratch").exists()


def test_a_long_folder_for_temporary_files_does_no_harm(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tree.root / ("x" * 120)))
    assert run(only(tree, "aws"), start="plain")["aws"]


def test_a_notebook_gets_no_environment_but_what_is_allowed(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANALYSIS_DATA", "/elsewhere")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    write_page(tree, "index", notebook("x", cell("import os\nos.getenv('ANALYSIS_DATA'), os.environ['TZ']")))
    for start in ("forked", "plain"):
        assert shown(run(only(tree, "index"), start=start)["index"]) == ["(None, 'UTC')"]
        shutil.rmtree(tree.cache)


def test_a_module_that_cannot_be_imported_is_told_in_the_cell_that_needs_it(tree: Tree) -> None:
    (tree.root / "analysis" / "wrong.py").write_text("1 / 0\n", encoding="utf-8")
    write_page(tree, "index", notebook("x", cell("from analysis import wrong")))
    with pytest.raises(BuildError) as caught:
        run(only(tree, "index", "aws"))
    assert str(caught.value) == (
        f"{place(tree, 'index', 'from')}: cell 3: from analysis import wrong: "
        "ZeroDivisionError: division by zero (raised in analysis/wrong.py:1)"
    )


def test_nothing_of_the_readers_own_settings_reaches_a_notebook(
    tree: Tree, monkeypatch: Any, tmp_path: Path
) -> None:
    startup = tmp_path / "profile" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "x.py").write_text("as_of_home = 1", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "profile"))
    write_page(tree, "index", notebook("x", cell("'as_of_home' in globals()")))
    assert shown(run(only(tree, "index"))["index"]) == ["False"]


def prepared(tree: Tree) -> list[str]:
    """The code of the first page as it would run."""
    pages = [page for page in read_toc(tree) if page.name == "index"]
    return Execution(tree, BASE, pages).runs[0].sources


def test_a_notebook_is_read_again_only_if_its_text_changed(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_page(tree, "index", notebook("x", cell("'one'")))
    first = prepared(tree)
    read = execute_module.read_notebook
    monkeypatch.setattr(execute_module, "read_notebook", lambda page: pytest.fail("read again"))
    assert prepared(tree) == first
    monkeypatch.setattr(execute_module, "read_notebook", read)
    write_page(tree, "index", notebook("x", cell("'two'")))
    assert prepared(tree)[-1] == "'two'"


def test_a_text_saved_while_it_is_read_is_not_taken_for_the_one_before(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = execute_module.read_notebook

    def saved(page: Any) -> Any:
        write_page(tree, "index", notebook("x", cell("'new'")))
        return read(page)

    write_page(tree, "index", notebook("x", cell("'old'")))
    monkeypatch.setattr(execute_module, "read_notebook", saved)
    prepared(tree)
    monkeypatch.setattr(execute_module, "read_notebook", read)
    write_page(tree, "index", notebook("x", cell("'old'")))
    assert prepared(tree)[-1] == "'old'"
