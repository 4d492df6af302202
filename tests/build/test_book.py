from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from analysis.__main__ import main
from analysis.build import checks, manifest
from analysis.build.book import Options, build
from analysis.build.tree import BuildError, Tree
from tests.build.tiny_book import ROOT, cell, notebook, numbers, until, write_book, write_page

pytestmark = [pytest.mark.book, pytest.mark.usefixtures("made_up_data_is_fine")]
QUIET = Options(quiet=True)
LONG = pytest.mark.long
_REFERENCE = (
    "@book{damodaran2012, author={Damodaran, Aswath}, title={Valuation}, year={2012}, publisher={Wiley}}"
)
# A build in a process of its own; the tiny book's made-up data would not pass the checks of real data.
SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from analysis.build import checks
from analysis.__main__ import main
checks.check, checks.cutoff = lambda tree: None, lambda tree, chosen: date(2025, 2, 7)
sys.exit(main(sys.argv[2:], Path(sys.argv[1])))
"""


def contents(tree: Tree) -> dict[str, bytes]:
    files = (path for path in sorted(tree.site.rglob("*")) if path.is_file())
    return {path.relative_to(tree.site).as_posix(): path.read_bytes() for path in files}


def start(tree: Tree, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT, str(tree.root), *arguments]
    told = os.environ | environment
    return subprocess.Popen(command, cwd=ROOT, env=told, stderr=subprocess.PIPE, text=True)


def test_a_book_is_built_once_and_then_up_to_date(tree: Tree) -> None:
    assert build(tree, QUIET) is True
    site = contents(tree)
    assert {"index.html", "aws.html", "words.html"} <= set(site)
    began = time.perf_counter()
    assert build(tree, QUIET) is False
    assert time.perf_counter() - began < 1
    assert contents(tree) == site


@pytest.mark.parametrize(("soft", "hard", "wrong"), [(32, 4096, ""), (32, 64, "64 open files are allowed")])
def test_a_low_limit_of_open_files_is_raised_or_told(tree: Tree, soft: int, hard: int, wrong: str) -> None:
    limit = f'ulimit -Sn {soft} && ulimit -Hn {hard} && exec "$@"'
    command = ["sh", "-c", limit, "sh", sys.executable, "-c", SCRIPT, str(tree.root), "book", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == bool(wrong)
    assert done.stderr.startswith(f"error: {wrong}") if wrong else not done.stderr


def test_what_a_killed_process_had_begun_to_write_is_gone(tree: Tree) -> None:
    ended = 2**30  # more than a system's processes are numbered to
    left, written = (tree.build / "below" / f"aws.json.{process}.part" for process in (ended, os.getpid()))
    left.parent.mkdir(parents=True)
    for begun in (left, written):
        begun.write_text("half", encoding="utf-8")
    build(tree, QUIET)
    assert not left.exists()
    assert written.exists(), "whoever writes it is still at it"


@LONG
def test_two_clean_builds_are_the_same_bytes(built: Tree, tmp_path: Path) -> None:
    other = write_book(tmp_path / "elsewhere" / "deeper", built.root / "analysis")
    build(other, QUIET)
    one, two = contents(built), contents(other)
    assert [name for name in one if one[name] != two.get(name)] == []
    assert set(one) == set(two)


@LONG
def test_a_rebuild_is_the_same_bytes_as_a_clean_build(built: Tree, tmp_path: Path) -> None:
    other = write_book(tmp_path / "clean", built.root / "analysis")
    for book in (built, other):
        write_page(book, "words", "# Vocabulary\n\nBack to [](index.md), with {num}`aws.sales`.\n")
        build(book, QUIET)
    assert contents(built) == contents(other)


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("_config.yml", 'title: "Amazon', 'title: "Bookshop'),
        ("_config.yml", 'html_permalinks_icon: "#"', 'html_permalinks_icon: "¶"'),
        ("_config.yml", "[attrs_inline, ", "["),
        ("_toc.yml", "caption: Parts", "caption: Chapters"),
        ("_toc.yml", "  - file: book/aws\n  - file: book/words", "  - file: book/words\n  - file: book/aws"),
        ("book/_templates/layout.html", "Not investment advice", "No advice"),
        ("book/_templates/page.html", "{{ body }}", "<p>First.</p>{{ body }}"),
        ("book/_templates/logo.svg", "</svg>", "<path/></svg>"),
        ("book/_static/site/site.css", ":root {", ":root { --new: 1px;"),
        ("book/_static/site/charts.js", '"use strict";', '"use strict"; '),
        ("book/references.bib", "Damodaran", "Nobody"),
        ("requirements.txt", "numpy==2.0", "numpy==2.1"),
        ("CHANGELOG.md", "A first.", "A second."),
        ("analysis/sphinx_ext/mathml.py", '"""', '"""More. '),
    ],
)
def test_a_file_of_the_frame_edited_is_on_every_page_that_shows_it(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, before: str, after: str
) -> None:
    """The next build is that of a clean checkout."""
    monkeypatch.setattr("analysis.data.open_edition", lambda *_, **__: None)  # for the changes only
    clean = write_book(tmp_path / "clean")
    for book in (tree, clean):
        write_page(book, "index", notebook("The answer", "See [](aws.md), {cite:t}`damodaran2012`."))
        changes = "# Changes\n\n```{generated} changelog\n```\n\n```{bibliography}\n```\n"
        write_page(book, "words", changes)
        book.changelog.write_text("# Changelog\n\n- A first.\n", encoding="utf-8")
        (book.book / "references.bib").write_text(_REFERENCE, encoding="utf-8")
    build(tree, QUIET)
    was = contents(tree)
    for book in (tree, clean):
        path = book.root / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        build(book, QUIET)
    assert contents(tree) == contents(clean)
    assert contents(tree) != was


def test_the_picture_for_shared_links_names_the_build(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    feet: list[str] = []
    monkeypatch.setattr(
        "analysis.build.postprocess.card_png",
        lambda title, answer, dots, foot: feet.append(foot) or b"picture",
    )
    build(tree, QUIET)
    id_ = manifest.build_id({"as_of": "2024Q4", "scenario": "base"}, manifest.inputs(tree))
    assert feet == [
        f"Edition 2024Q4 · knows what was public by 7 February 2025 · scenario base · build {id_}"
    ]


def test_the_edition_is_on_the_page_and_decides_the_site(tree: Tree) -> None:
    write_page(tree, "words", "# Words\n")
    write_page(
        tree,
        "aws",
        notebook("AWS", cell("from IPython.display import HTML\nHTML(f'<b>{as_of} {scenario}</b>')")),
    )
    write_page(tree, "index", notebook("x"))
    build(tree, QUIET)
    assert b"<b>2024Q4 base</b>" in contents(tree)["aws.html"]
    assert build(tree, Options("2024Q3", "bull", quiet=True)) is True
    assert b"<b>2024Q3 bull</b>" in contents(tree)["aws.html"]


@pytest.mark.parametrize(
    ("page", "text", "wrong"),
    [
        ("aws", notebook("AWS", cell("1 / 0")), "cell 3: 1 / 0: ZeroDivisionError: division by zero"),
        pytest.param("words", "# Words\n\nSales rose 12%.\n", "'12%' is typed into the text", marks=LONG),
        pytest.param("words", "# Words\n\n{num}`aws.salse`\n", "no number 'aws.salse'", marks=LONG),
        ("words", "# Words\n\n{term}`missing`\n", "term not in glossary"),
        ("words", "# Words\n\n<img src='https://x.org/a.png' alt=''>\n", "words.html: asks another host"),
        pytest.param(
            "words", "# Words\n\nA claim[^missing].\n", "book/words.md:3: '[^missing]' is left", marks=LONG
        ),
        pytest.param(
            "words",
            "# Words\n\n<details>\n\nText.\n",
            "words.html: </section> ends <details>",
            marks=pytest.mark.pages,
        ),
    ],
)
def test_a_failed_step_leaves_the_old_site_whole(built: Tree, page: str, text: str, wrong: str) -> None:
    site, before = contents(built), (built.book / f"{page}.md").read_text(encoding="utf-8")
    write_page(built, page, text)
    with pytest.raises(BuildError) as caught:
        build(built, QUIET)
    assert wrong in str(caught.value)
    assert contents(built) == site
    write_page(built, page, before)
    assert build(built, QUIET) is False
    assert contents(built) == site


def test_wrong_data_stop_a_build_before_anything_runs(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(tree: Tree) -> None:
        raise BuildError(["data/targets.yml: 4T: does not exist (expected a target)"])

    monkeypatch.setattr(checks, "check", refuse)
    with pytest.raises(BuildError, match="data/targets.yml: 4T: does not exist"):
        build(tree, QUIET)
    assert not list(tree.cache.glob("*/*")), "a page ran"


def test_problems_go_to_standard_error_with_exit_code_1(tree: Tree) -> None:
    with start(tree, "book", "--as-of", "2031Q9") as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.startswith(
        "error: AS_OF: '2031Q9' is not an edition in data/editions (expected nearest: 2024Q4,"
    )
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    "step", ["render", *(pytest.param(s, marks=LONG) for s in ("execute", "stage", "verify"))]
)
def test_a_build_killed_in_any_step_leaves_the_old_site_whole(built: Tree, step: str) -> None:
    site = contents(built)
    write_page(built, "words", f"# Words\n\nKilled while it would {step}.\n")
    with start(built, "book") as process:
        assert process.stderr is not None
        assert any(step in line for line in process.stderr)
        os.kill(process.pid, signal.SIGKILL)
    assert contents(built) == site
    finish(built)
    assert b"Killed while" in contents(built)["words.html"]
    assert [path.name for path in built.build.glob("html.*")] == ["html.sha256"]


class Edited(NamedTuple):
    """A built book whose pages were edited since, what a clean build makes of it, and the time it takes."""

    root: Path
    site: dict[str, bytes]
    below_build: list[str]
    seconds: float


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Edited:
    folder = tmp_path_factory.mktemp("edited")
    tree = write_book(folder / "book")
    with start(tree, "book", "--quiet") as process:
        process.communicate()
    write_page(tree, "words", "# Words\n\nOther words, back to [](index.md).\n")
    sales = numbers("aws", sales="$130.0bn", word="fall")
    write_page(tree, "aws", notebook("AWS", sales, "Sales {num}`aws.word` to {num}`aws.sales`."))
    clean = Tree(Path(shutil.copytree(tree.root, folder / "clean", ignore=shutil.ignore_patterns("_build"))))
    with start(clean, "book", "--quiet") as process:
        process.communicate()
    timed = Tree(Path(shutil.copytree(tree.root, folder / "timed")))
    began = time.monotonic()
    with start(timed, "book", "--quiet") as process:
        process.communicate()
    seconds = time.monotonic() - began
    assert contents(timed) == contents(clean)
    return Edited(tree.root, contents(clean), sorted(os.listdir(clean.build)), seconds)


MOMENTS = 40


@LONG
@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_build_killed_at_any_moment_leaves_a_whole_site_and_nothing_else(
    edited: Edited, moment: int, tmp_path: Path
) -> None:
    """The next build is that of a clean checkout."""
    tree = Tree(Path(shutil.copytree(edited.root, tmp_path / "book")))
    old, temporary = contents(tree), tmp_path / "temporary"
    temporary.mkdir()
    with start(tree, "book", "--quiet", TMPDIR=str(temporary)) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(edited.seconds * (moment + 0.5) / MOMENTS)
        process.kill()
    assert contents(tree) in (old, edited.site)
    until(lambda: not started_for(tree))
    assert os.listdir(temporary) == []
    build(tree, QUIET)
    assert contents(tree) == edited.site
    assert sorted(os.listdir(tree.build)) == edited.below_build
    assert list(tree.build.rglob("*.part")) == []


def started_for(tree: Tree) -> list[str]:
    """The commands of all running processes that name the book's folder."""
    running = (process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"]))
    return [" ".join(words) for words in running if any(str(tree.root) in word for word in words)]


@LONG
def test_what_a_killed_build_had_started_keeps_the_lock(tree: Tree) -> None:
    with start(tree, "book") as process:
        assert process.stderr is not None
        assert any("render" in line for line in process.stderr)
        time.sleep(0.1)
        os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(BuildError, match="another build is running"):
        build(tree, QUIET)
    finish(tree)


def test_the_folder_of_builds_may_be_a_link_to_another_disk(
    built: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = built.build.rename(tmp_path / "elsewhere")
    built.build.symlink_to(elsewhere)
    assert main(["book"], built.root) == 0
    assert capsys.readouterr().err == "_build/html/index.html is up to date\n"
    assert main(["clean"], built.root) == 0
    assert (built.build.is_symlink(), list(elsewhere.iterdir())) == (True, [])
    built.build.unlink()
    built.build.symlink_to(built.build)
    assert main(["book"], built.root) == 1
    assert capsys.readouterr().err == f"error: File exists: {built.build}\n"


KERNELS = ("forked", "spawned", "plain")
ENDINGS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGKILL: -signal.SIGKILL}
QUICK = {("forked", signal.SIGINT): (), ("forked", signal.SIGHUP): pytest.mark.pages}


@pytest.mark.parametrize(
    ("kernels", "ending"),
    [pytest.param(*each, marks=QUICK.get(each, LONG)) for each in product(KERNELS, ENDINGS)],
)
def test_a_build_that_is_ended_leaves_no_process_behind(tree: Tree, kernels: str, ending: int) -> None:
    if signal.getsignal(ending) == signal.SIG_IGN:
        pytest.skip(f"whoever started the tests let them ignore {signal.Signals(ending).name}, as nohup does")
    source = "import os, time\nwith open(os.environ['TMPDIR'] + '/processes', 'w') as file:\n"
    source += "    print(os.getpid(), os.getppid(), file=file)\ntime.sleep(100)"
    write_page(tree, "index", notebook("x", cell(source)))
    with start(tree, "book", "--quiet", "--kernels", kernels) as process:
        until(lambda: len(told(tree)) == 2)
        numbers = [number for number in told(tree) if number != process.pid]
        os.kill(process.pid, ending)
        if ending in (signal.SIGTERM, signal.SIGHUP):
            os.kill(process.pid, signal.SIGTERM)  # make hands on what the whole group has been sent
        began = time.monotonic()
        assert process.wait(30) == ENDINGS[ending]
    for number in numbers:
        until(lambda number=number: not psutil.pid_exists(number))
    if ending != signal.SIGKILL:
        assert time.monotonic() - began < 10  # a busy machine is slow; the cell would sleep for a hundred
        assert not (tree.build / "scratch").exists()


def told(tree: Tree) -> list[int]:
    """The processes that a running cell has named."""
    files = tree.build.glob("scratch/*/processes")
    return [int(number) for file in files for number in file.read_text(encoding="utf-8").split()]


def finish(tree: Tree) -> None:
    """Build as soon as what the killed build had started is over: until then the lock is held."""
    for _ in range(100):
        try:
            build(tree, QUIET)
            return
        except BuildError as error:
            if "another build is running" not in str(error):
                raise
            time.sleep(0.1)
    pytest.fail("the lock was never given up")


def test_nothing_slow_is_imported_when_nothing_is_to_do(built: Tree) -> None:
    script = (
        "import sys; from pathlib import Path; from analysis.__main__ import main\n"
        "code = main(['book'], Path(sys.argv[1]))\n"
        "slow = {'sphinx', 'pandas', 'altair', 'papermill', 'numpy', 'nbformat', 'yaml'} & set(sys.modules)\n"
        "sys.exit(f'imported {sorted(slow)}' if slow or code else 0)\n"
    )
    command = [sys.executable, "-c", script, str(built.root)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "_build/html/index.html is up to date\n")


def test_the_manifest_tells_what_the_site_was_built_from(built: Tree) -> None:
    known = manifest.read(built)
    assert known["options"] == {"as_of": "2024Q4", "scenario": "base"}
    assert "book/index.md" in known["inputs"]
    assert "index.html" in known["site"]


def test_a_page_that_is_edited_while_it_is_built_and_then_put_back_is_built_again(
    built: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_page(built, "words", "# Words\n\nFirst.\n")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(checks, "check", lambda tree: write_page(tree, "words", "# Words\n\nSecond.\n"))
        build(built, Options(quiet=True))
    write_page(built, "words", "# Words\n\nFirst.\n")
    assert build(built, Options(quiet=True))
    assert "First." in (built.site / "words.html").read_text(encoding="utf-8")
