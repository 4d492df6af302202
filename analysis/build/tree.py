"""Where things are: the folders of one checkout, and the errors a build reports to its author."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


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
    def manifest(self) -> Path:
        """What the published site was built from."""
        return self.build / "manifest.json"

    def name(self, path: Path) -> str:
        """``path`` as the author knows it: relative to the checkout, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write ``content`` unless the file holds it already; says whether it wrote.

    An untouched file keeps its time stamp, so later steps can tell that nothing changed.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True
