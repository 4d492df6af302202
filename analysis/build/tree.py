"""Where things are: the folders of one checkout, and the errors a build reports to its author."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_BEGUN = re.compile(r"\.(\d+)\.part$")  # by which process


class BuildError(Exception):
    """One or more problems that stop a build, each a line for the author of the book.

    >>> print(BuildError(["book/aws.md:12: no number 'aws.salse'", "book/index.md: not in _toc.yml"]))
    book/aws.md:12: no number 'aws.salse'
    book/index.md: not in _toc.yml
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Tree:
    """The folders and files of a checkout at ``root``, and of the build in its folder ``build_name``."""

    root: Path
    build_name: str = "_build"

    @property
    def is_checkout(self) -> bool:
        """Whether there is a book to build: an installed package has the data alone."""
        return self.toc.is_file()

    @property
    def book(self) -> Path:
        """Pages, their static files and references, written by hand."""
        return self.root / "book"

    @property
    def data(self) -> Path:
        """Figures, editions and scenarios."""
        return self.root / "data"

    @property
    def toc(self) -> Path:
        """Table of contents of the book."""
        return self.root / "_toc.yml"

    @property
    def config(self) -> Path:
        """Jupyter Book's settings."""
        return self.root / "_config.yml"

    @property
    def guide(self) -> Path:
        """What an author does, which is a page of the book too."""
        return self.root / "CONTRIBUTING.md"

    @property
    def changelog(self) -> Path:
        """What changed for readers, which is a page of the book too."""
        return self.root / "CHANGELOG.md"

    @property
    def lock_file(self) -> Path:
        """Versions and hashes of every package."""
        return self.root / "requirements.txt"

    @property
    def build(self) -> Path:
        """All results; safe to delete."""
        return self.root / self.build_name

    @property
    def cache(self) -> Path:
        """Executed notebooks, kept between builds and shared by all builds of this checkout."""
        return self.root / "_build" / "cache"

    @property
    def stage(self) -> Path:
        """What Sphinx reads: executed notebooks, cleaned and with numbers filled in."""
        return self.build / "stage"

    @property
    def render(self) -> Path:
        """What Sphinx writes, kept between builds so that it can write less."""
        return self.build / "render"

    @property
    def site(self) -> Path:
        """The published site."""
        return self.build / "html"

    @property
    def site_hash(self) -> Path:
        """The hash of the published site, as ``sha256sum`` writes one."""
        return self.build / f"{self.site.name}.sha256"

    @property
    def manifest(self) -> Path:
        """What the published site was built from."""
        return self.build / "manifest.json"

    def name(self, path: Path) -> str:
        """``path`` as the author knows it: relative to the checkout, with forward slashes."""
        return path.as_posix().removeprefix(f"{self.root.as_posix()}/")

    def text(self, path: Path) -> str:
        """What is written in a file of the checkout: see :func:`text_of`."""
        return text_of(path, self.name(path))


LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")
"""Folders that no build reads; neither does it read what editors and Python leave beside files."""
_LEFT_BESIDE = re.compile(r".*(?:\.pyc|~|\.sw[opx])|\.?#.*|\.DS_Store", re.DOTALL)
_OWN = "digest"  # under which a record keeps the hash of the rest


def files_below(folder: Path, and_of_tools: bool = False) -> Iterator[Path]:
    """Every file below a folder that a build may read, those of tools left out; nothing without a folder.

    Of a site ``and_of_tools`` count too: whatever lies in it is published. Raises ``BuildError`` for what is
    no file, as nobody would ever be done with reading a pipe, and for a name that is no text.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir():
            if and_of_tools or entry.name not in LEFT_OUT:
                yield from files_below(Path(entry.path), and_of_tools)
        elif and_of_tools or not _LEFT_BESIDE.fullmatch(entry.name):
            if not entry.is_file():
                require_file(Path(entry.path))
            if not entry.name.isprintable():
                raise BuildError([f"{entry.path!r}: its name is no text (expected signs that can be read)"])
            yield Path(entry.path)


def require_file(path: Path) -> None:
    """Raise ``BuildError`` for what is no file: nobody would ever be done with reading a pipe."""
    if path.exists() and not path.is_file():
        raise BuildError([f"{path}: is no file (expected a file)"])


def strays_below(folder: Path) -> Iterator[Path]:
    """What is neither a file nor a folder, pipes and links that lead nowhere; and what :func:`replace_file`
    had begun to write in a process that was killed.
    """
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:  # another build has removed it meanwhile
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from strays_below(Path(entry.path))
        elif not entry.is_dir() and (not entry.is_file() or _is_left(entry.name)):
            yield Path(entry.path)


def _is_left(name: str) -> bool:
    """Whether a process that has ended began to write the file: a build in a folder below may be at one."""
    begun = _BEGUN.search(name)
    if begun is None:
        return False
    try:
        os.kill(int(begun[1]), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:  # somebody else's
        return False
    return False


def text_of(path: Path, name: str) -> str:
    """What is written in a file; ``BuildError`` with its ``name`` and the line that is no text."""
    require_file(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        wrong = f"byte {error.object[error.start]:#x} is no UTF-8 (expected a text saved as UTF-8)"
        raise BuildError([f"{name}:{line}: {wrong}"]) from error


def digest(content: bytes) -> str:
    """The hash by which contents are compared: nothing else stands for them, neither size nor time."""
    return hashlib.sha256(content).hexdigest()


def digests(folder: Path, and_of_tools: bool = False) -> dict[str, str]:
    """The hash of every file below a folder by its path in it: see :func:`files_below`."""
    below, files = f"{folder.as_posix()}/", files_below(folder, and_of_tools)
    return {path.as_posix().removeprefix(below): digest(path.read_bytes()) for path in files}


def read_record(path: Path) -> dict[str, Any]:
    """What a build remembered; empty where a file is missing, or is not what :func:`write_record` wrote."""
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
        return record if record.pop(_OWN) == _digest(record) else {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Remember something between builds, with its hash: in the file whole, or not at all."""
    replace_file(path, json.dumps({**record, _OWN: _digest(record)}, indent=1).encode())


def _digest(record: Mapping[str, Any]) -> str:
    return digest(json.dumps(record).encode())


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside and rename it into its place, whatever lies there; several builds may do so."""
    make_folder(path.parent)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        if path.is_dir():
            remove(path)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def make_folder(path: Path) -> None:
    """Make a folder, and those that it lies in, whatever lies there; pages that run at once may do so."""
    for folder in (*reversed(path.parents), path):
        try:
            folder.mkdir(exist_ok=True)
        except FileExistsError:  # it is no folder
            folder.unlink()
            folder.mkdir(exist_ok=True)


def remove(path: Path) -> None:
    """Remove a file or a whole folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        with suppress(NotADirectoryError):  # it is not there
            path.unlink(missing_ok=True)


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write ``content`` unless the file holds it already; says whether it wrote.

    An untouched file keeps its time stamp, so later steps can tell that nothing changed.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    replace_file(path, content)
    return True
