from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.build import publish
from analysis.build.pages import Page
from analysis.build.publish import exchange, only_build, prepare, recover
from analysis.build.tree import BuildError, Tree
from tests.build.tiny_book import ROOT

PAGES = [Page("index", ROOT)]


def write_site(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(text, encoding="utf-8")
    (folder / "_static").mkdir()
    (folder / "_static" / "a.css").write_text(text, encoding="utf-8")
    return folder


def seen(tree: Tree) -> str:
    return (tree.site / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Tree:
    tree = Tree(tmp_path)
    write_site(tree.render / "html", "new")
    (tree.stage / "_static").mkdir(parents=True)
    (tree.stage / "_static" / "a.css").write_text("new", encoding="utf-8")
    return tree


@pytest.fixture(params=["exchange", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "two renames":
        monkeypatch.setattr(publish, "exchange", lambda one, other: False)
    return str(request.param)


def test_the_first_site_is_published(checkout: Tree, way: str) -> None:
    publish.publish(checkout, prepare(checkout, checkout.render / "html", PAGES))
    assert seen(checkout) == "new"
    assert sorted(path.name for path in checkout.build.iterdir()) == ["html", "render", "stage"]


def test_a_new_site_takes_the_place_of_the_old_whole(checkout: Tree, way: str) -> None:
    write_site(checkout.site, "old")
    (checkout.site / "gone.html").write_text("old", encoding="utf-8")
    publish.publish(checkout, prepare(checkout, checkout.render / "html", PAGES))
    assert seen(checkout) == "new"
    assert not (checkout.site / "gone.html").exists()
    assert sorted(path.name for path in checkout.build.iterdir()) == ["html", "render", "stage"]


@pytest.mark.parametrize("name", ["html", "html.next", "html.old"])
@pytest.mark.parametrize("left", ["file", "link"])
def test_what_lies_where_a_site_belongs_gives_way(checkout: Tree, way: str, name: str, left: str) -> None:
    if left == "file":
        (checkout.build / name).write_text("x", encoding="utf-8")
    else:
        (checkout.build / name).symlink_to("nowhere")
    publish.publish(checkout, prepare(checkout, checkout.render / "html", PAGES))
    assert seen(checkout) == "new"
    assert sorted(path.name for path in checkout.build.iterdir()) == ["html", "render", "stage"]


@pytest.mark.parametrize("left", ["folder", "link", "pipe"])
def test_what_lies_where_the_lock_belongs_gives_way(checkout: Tree, left: str) -> None:
    if left == "folder":
        (checkout.build / publish.LOCK).mkdir()
    elif left == "pipe":
        os.mkfifo(checkout.build / publish.LOCK)
    else:
        (checkout.build / publish.LOCK).symlink_to("/nowhere/at/all")
    with publish.only_build(checkout):
        assert (checkout.build / publish.LOCK).is_file()


def test_preparing_leaves_the_old_site_alone(checkout: Tree) -> None:
    write_site(checkout.site, "old")
    ready = prepare(checkout, checkout.render / "html", PAGES)
    assert seen(checkout) == "old"
    assert (ready / "_static" / "a.css").is_file()


@pytest.mark.parametrize(
    ("name", "is_wanted"),
    [
        ("stray.html", False),
        ("_static/gone.js", False),
        ("_static/data/gone/table.csv", False),
        ("_sources/stray.md", False),
        ("_modules/analysis/gone.html", False),
        ("objects.inv", False),
        ("_modules/analysis/there.html", True),
        ("_sources/index.ipynb", True),
        ("genindex.html", True),
        ("_static/pygments.css", True),
    ],
)
def test_only_what_belongs_to_the_site_is_taken_along(checkout: Tree, name: str, is_wanted: bool) -> None:
    (checkout.root / "analysis").mkdir()
    (checkout.root / "analysis" / "there.py").write_text("", encoding="utf-8")
    path = checkout.render / "html" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="utf-8")
    assert (prepare(checkout, checkout.render / "html", PAGES) / name).exists() == is_wanted


@pytest.mark.parametrize("left", ["html.next", "html.old"])
def test_what_a_dead_build_left_is_cleared(checkout: Tree, left: str) -> None:
    write_site(checkout.site, "site")
    write_site(checkout.build / left, "left over")
    recover(checkout)
    assert seen(checkout) == "site"
    assert not (checkout.build / left).exists()


def test_a_build_that_died_between_two_renames_is_mended(checkout: Tree) -> None:
    write_site(checkout.build / "html.old", "old")
    write_site(checkout.build / "html.next", "new")
    recover(checkout)
    assert seen(checkout) == "old"


def test_exchange_swaps_two_folders_in_one_step(tmp_path: Path) -> None:
    one, other = write_site(tmp_path / "one", "1"), write_site(tmp_path / "other", "2")
    assert exchange(one, other) is True
    assert [(path / "index.html").read_text(encoding="utf-8") for path in (one, other)] == ["2", "1"]


def test_exchange_of_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "none", tmp_path / "neither")


def test_readers_always_find_a_site(checkout: Tree) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from analysis.build import publish; from analysis.build.pages import Page\n"
        "from analysis.build.tree import Tree\n"
        "tree, pages = Tree(Path(sys.argv[1])), [Page('index', Path(sys.argv[1]))]\n"
        "for _ in range(100):\n"
        "    publish.publish(tree, publish.prepare(tree, tree.render / 'html', pages))\n"
    )
    write_site(checkout.site, "old")
    writer = subprocess.Popen([sys.executable, "-c", script, str(checkout.root)], cwd=ROOT)
    missed = reads = 0
    while writer.poll() is None:
        try:
            seen(checkout)
            reads += 1
        except FileNotFoundError:
            missed += 1
    assert writer.returncode == 0
    assert reads > 100
    assert missed == 0 or exchange(*(write_site(checkout.root / n, n) for n in "ab")) is False


def test_a_second_build_is_told_who_is_building(checkout: Tree) -> None:
    script = (
        "import sys, time; from pathlib import Path; from analysis.build.publish import only_build\n"
        "from analysis.build.tree import Tree\n"
        "with only_build(Tree(Path(sys.argv[1]))): print('in', flush=True); time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(checkout.root)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with (
            pytest.raises(BuildError, match=rf"another build is running here \(process {holder.pid}\)"),
            only_build(checkout),
        ):
            pytest.fail("two builds at once")
        os.kill(holder.pid, signal.SIGKILL)
    began = time.monotonic()
    with only_build(checkout):
        assert time.monotonic() - began < 1, "the lock goes with its holder"


def test_a_build_after_a_build_may_run(checkout: Tree) -> None:
    for _ in range(2):
        with only_build(checkout):
            assert (checkout.build / "lock").read_text(encoding="utf-8") == str(os.getpid())


@pytest.mark.parametrize(
    "place", ["manifest.json", "html/index.html", "render/_build/html/_static/basic.css"]
)
@pytest.mark.parametrize("left", ["a pipe", "a link that leads nowhere"])
def test_what_is_neither_file_nor_folder_is_removed_before_anybody_reads_it(
    checkout: Tree, place: str, left: str
) -> None:
    path = checkout.build / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if left == "a pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/nowhere/at/all")
    kept = checkout.build / "elsewhere"
    kept.mkdir()
    (checkout.build / "linked").symlink_to(kept)
    with publish.only_build(checkout):
        assert not os.path.lexists(path)
        assert (checkout.build / "linked").exists()
