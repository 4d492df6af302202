"""Every edition in one site: each book as ``make book`` builds it, but for what leads to the others."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from analysis.build import editions
from analysis.build.binding import HEAD, SWITCHER, at_its_place, switcher
from analysis.build.book import Options, build
from analysis.build.pages import read_toc
from analysis.build.parameters import Parameters
from analysis.build.publish import only_build
from analysis.build.tree import BuildError, Tree, digests
from analysis.build.verify import verify
from analysis.build.volumes import Volume, volumes, whole
from tests.build.conftest import let_pass
from tests.build.test_twice import COMMAND
from tests.build.tiny_book import BASE, cell, notebook, until, write_book, write_page
from tests.conftest import MadeOnce

pytestmark = [pytest.mark.book, pytest.mark.usefixtures("made_up_data_is_fine")]
QUIET = editions.Options(quiet=True)
NAMES = ["2024Q4", "2024Q4-bull", "2024Q4-2025-04-02", "2024Q3"]


def build_all(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        let_pass(patch)
        editions.build(write_book(folder), QUIET, COMMAND)


@pytest.fixture
def bound(made_once: MadeOnce) -> Tree:
    """The tiny book in all its editions; a test that changes it takes a copy."""
    return Tree(made_once("editions", build_all))


@pytest.fixture
def own(bound: Tree, tmp_path: Path) -> Tree:
    """A copy to change."""
    return Tree(Path(shutil.copytree(bound.root, tmp_path / "own")))


def test_there_is_a_volume_for_each_edition_and_for_the_latest_in_each_scenario(tree: Tree) -> None:
    assert [volume.name for volume in volumes(tree)] == NAMES


def test_the_latest_stands_at_the_top_and_every_volume_in_its_folder(bound: Tree) -> None:
    site = whole(bound).site
    assert sorted(path.name for path in (site / "editions").glob("2*")) == sorted(NAMES)
    for name, edition in [(".", "2024Q4"), *((f"editions/{name}", name[:6]) for name in NAMES)]:
        assert f"<span>Edition {edition}" in (site / name / "aws.html").read_text(encoding="utf-8")


def test_a_volume_is_its_own_book_but_for_shared_files_and_the_way_to_others(bound: Tree, own: Tree) -> None:
    """Undone, the differences that are listed here leave the very bytes that ``make book`` writes."""
    volume = Volume(Parameters("2024Q4", "bull"))
    alone = Tree(own.root, "_build/alone")
    build(alone, Options(volume.chosen.as_of, volume.chosen.scenario, quiet=True))
    book, top = digests(alone.site), whole(bound).site
    here = top / volume.folder
    shared = set(book) - set(digests(here))
    assert shared
    for name in shared:
        assert not name.endswith(".html")
        assert (top / name).read_bytes() == (alone.site / name).read_bytes()
    assert set(digests(here)) <= set(book)
    for name in set(book) - shared:
        content = (here / name).read_bytes()
        if name.endswith(".html"):
            html = content.decode()
            undone, ways = SWITCHER.subn("", html)
            undone, heads = HEAD.subn("", undone)
            assert (ways, heads) == (1, 2)
            depth = "../" * name.count("/")
            for each in shared:
                undone = undone.replace(f'="../../{depth}{each}"', f'="{depth}{each}"')
            content = undone.encode()
        assert content == (alone.site / name).read_bytes(), name


def test_scripts_styles_and_vega_are_there_once(bound: Tree) -> None:
    files = [path.relative_to(whole(bound).site).as_posix() for path in whole(bound).site.rglob("*.*")]
    assert [name for name in files if name.endswith("vega.js")] == ["_static/vega/vega.js"]
    assert [name for name in files if name.endswith("site.css")] == ["_static/site/site.css"]


def test_every_link_of_every_page_leads_to_something(bound: Tree) -> None:
    verify(whole(bound).site, read_toc(bound))


def test_a_page_leads_to_the_same_page_of_every_other_volume(bound: Tree) -> None:
    html = (whole(bound).site / "editions" / "2024Q3" / "aws.html").read_text(encoding="utf-8")
    ways = SWITCHER.search(html)
    assert ways is not None
    targets = {"latest": "aws.html", "all": "editions/index.html"} | {
        name: f"editions/{name}/aws.html" for name in NAMES[1:3]
    }
    assert set(re.findall(r'href="../../([^"]*)"', ways[0])) == set(targets.values())
    assert "Edition 2024Q3, rebuilt with today" in ways[0]


def test_a_page_that_another_volume_lacks_leads_to_its_first() -> None:
    one, other = Volume(BASE), Volume(Parameters("2024Q3", "base"))
    shown = switcher("chips.html", one, {one: {"chips.html"}, other: {"index.html"}})
    assert re.findall(r'href="([^"]*)"', shown) == ["editions/2024Q3/index.html", "editions/index.html"]


def test_the_addresses_that_a_page_gives_for_itself_are_those_of_its_folder() -> None:
    base = "https://example.org/report/"
    html = f'<link rel="canonical" href="{base}aws.html">\n<meta property="og:image" content="{base}a.png">'
    moved = at_its_place(html, "aws.html", "editions/2024Q3/", set(), base)
    assert re.findall(r'"(https[^"]*)"', moved) == [
        f"{base}editions/2024Q3/aws.html",
        f"{base}editions/2024Q3/a.png",
    ]


def start(tree: Tree) -> psutil.Popen:
    """``make editions`` of the tiny book, in a session of its own."""
    script = f"""
import sys
from pathlib import Path
from analysis.build import editions
from analysis.__main__ import main
build = editions.build
editions.build = lambda tree, options: build(tree, options, {COMMAND})
sys.exit(main(["editions"], Path.cwd()))
"""
    command = [sys.executable, "-c", script]
    return psutil.Popen(command, cwd=tree.root, stderr=subprocess.PIPE, text=True, start_new_session=True)


@pytest.mark.long
def test_what_changed_is_built_again_and_an_edition_that_is_gone_leaves_nothing(own: Tree) -> None:
    assert editions.build(own, QUIET, COMMAND) is False
    (own.data / "editions" / "2024Q3.yml").unlink()
    write_page(own, "words", "# Vocabulary\n\nBack to [](index.md).\n")
    assert editions.build(own, QUIET, COMMAND) is True
    site = whole(own).site
    assert sorted(path.name for path in (site / "editions").glob("2*")) == sorted(NAMES[:3])
    assert "2024Q3" not in (site / "words.html").read_text(encoding="utf-8")
    for name in NAMES[:3]:
        assert "Vocabulary" in (site / "editions" / name / "words.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in (whole(own).build / "books").iterdir()) == sorted(NAMES[:3])


def test_a_problem_names_its_edition_and_the_old_site_stays(own: Tree) -> None:
    was = digests(whole(own).site)
    write_page(own, "words", "# Words\n\n{num}`aws.salse`\n")
    with pytest.raises(BuildError, match=r"^(?:2024Q\S+: book/words.md:3: no number 'aws.salse'.*\n?)+$"):
        editions.build(own, QUIET, COMMAND)
    assert digests(whole(own).site) == was


@pytest.mark.long
@pytest.mark.parametrize(
    ("ending", "told"),
    [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "told to end"), (signal.SIGKILL, "")],
    ids=lambda each: getattr(each, "name", ""),
)
def test_an_end_from_outside_is_one_line_and_leaves_nothing_running(
    tree: Tree, ending: signal.Signals, told: str
) -> None:
    write_page(tree, "aws", notebook("AWS", cell("open('read'); import time; time.sleep(60)")))
    (tree.root / "read").write_text("", encoding="utf-8")
    with start(tree) as running:
        until(lambda: len(list(whole(tree).build.glob("books/*/scratch/*.used"))) >= 1)
        started = running.children(recursive=True)
        if ending == signal.SIGINT:  # as a terminal sends it
            os.killpg(running.pid, ending)
        else:
            running.send_signal(ending)
        said = running.stderr.read()
    assert said.rstrip().endswith(told)
    assert "Traceback" not in said
    assert psutil.wait_procs(started, timeout=10)[1] == []
    assert not list(whole(tree).build.glob("books/*/scratch"))
    with only_build(tree):
        assert not whole(tree).site.exists()
