"""The finished tree becomes the published site in one rename, and one build runs at a time."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.build.tree import BuildError, Tree, files_below, remove, strays_below

if TYPE_CHECKING:
    from analysis.build.pages import Page

LOCK = "lock"
GENERATED = ("genindex", "search")  # pages that Sphinx adds
ANOTHER_RUNS = "another build is running"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
# What a file system or kernel answers that cannot exchange two names.
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


@contextmanager
def only_build(tree: Tree) -> Iterator[int]:
    """Hold the build's lock, a file whose descriptor is given; ``BuildError`` if another build has it.

    The system drops the lock when the last process that has the file open ends, however it ends. A
    process that writes below ``_build`` inherits it, so that it cannot outlive the lock.
    """
    tree.build.mkdir(parents=True, exist_ok=True)
    lock = tree.build / LOCK
    if lock.is_symlink() or (lock.exists() and not lock.is_file()):
        remove(lock)  # no build has left it
    with lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read() or "unknown"
            message = f"{ANOTHER_RUNS} here (process {holder}); try again when it is done"
            raise BuildError([message]) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        for stray in strays_below(tree.build):
            remove(stray)  # no build has left it, and whoever reads it would fail, or wait for ever
        yield file.fileno()


def remove_all(tree: Tree) -> None:
    """Remove everything below ``_build``; the lock, which whoever calls this holds, goes last.

    A link to a folder elsewhere stays, and leads to an empty one.
    """
    for path in tree.build.iterdir():
        if path.name != LOCK:
            remove(path)
    (tree.build / LOCK).unlink()
    if not tree.build.is_symlink():
        shutil.rmtree(tree.build)


def prepare(tree: Tree, rendered: Path, pages: Sequence[Page]) -> Path:
    """A copy of what belongs to the site, beside it, to finish and check before it is published.

    Sphinx leaves in its folder what earlier builds put there; only what these pages and what is staged
    ask for is taken along.
    """
    ready = empty(tree)
    for name in wanted(tree, rendered, pages):
        (ready / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(rendered / name, ready / name)
    return ready


def empty(tree: Tree) -> Path:
    """An empty folder beside the site for what is to take its place."""
    recover(tree)
    ready = _beside(tree, "next")
    ready.mkdir(parents=True)
    return ready


def wanted(tree: Tree, rendered: Path, pages: Sequence[Page]) -> list[str]:
    """The rendered files that a site of these pages has, by their path in it."""
    names = {page.name for page in pages}
    html = {f"{name}.html" for name in (*names, *GENERATED)}
    sources = {f"_sources/{name}.{end}" for name in names for end in ("ipynb", "md")}
    static = {
        f"_static/{path.relative_to(tree.stage / '_static').as_posix()}"
        for path in files_below(tree.stage / "_static")
    }
    shown = {*html, *sources, *static}
    found = [path.relative_to(rendered).as_posix() for path in files_below(rendered)]
    return [name for name in found if name in shown or _is_theirs(tree, name)]


def _is_theirs(tree: Tree, name: str) -> bool:
    """Whether Sphinx adds a file by itself: a style sheet, or the source of a module that there is."""
    folder, _, file = name.rpartition("/")
    if folder == "_static":
        return file.endswith(".css")
    if not name.startswith("_modules/"):
        return False
    module = name.removeprefix("_modules/").removesuffix(".html")
    return module == "index" or (tree.root / f"{module}.py").is_file()


def publish(tree: Tree, ready: Path) -> None:
    """Make the finished folder ``ready`` the site; readers see the old one or the new one, whole.

    Where the system can exchange two names at once there is no moment without a site. Elsewhere
    two renames follow each other, and :func:`recover` mends a build that ended between them.
    """
    old = _beside(tree, "old")
    if not tree.site.exists():
        remove(tree.site)  # a link that leads nowhere
        ready.rename(tree.site)
        return
    if exchange(ready, tree.site):
        ready.rename(old)
    else:
        tree.site.rename(old)
        ready.rename(tree.site)
    remove(old)


def recover(tree: Tree) -> None:
    """Clear what a build that died has left: put the old site back if there is none, drop the rest."""
    old = _beside(tree, "old")
    if old.exists() and not tree.site.exists():
        old.rename(tree.site)
    for left in (old, _beside(tree, "next")):
        remove(left)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step; False where the system cannot do that."""
    library = ctypes.CDLL(None, use_errno=True)
    rename = getattr(library, "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


def _beside(tree: Tree, ending: str) -> Path:
    return tree.site.with_name(f"{tree.site.name}.{ending}")
