"""The books that the site of all editions is made of, and where each is built and read."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.build import parameters
from analysis.build.parameters import BASE, Parameters
from analysis.build.tree import Tree

FOLDER = "editions"  # of the site, and below _build


@dataclass(frozen=True)
class Volume:
    """One book of the site: an edition under a scenario; ``is_published`` if what it said then was kept."""

    chosen: Parameters
    is_published: bool = False

    @property
    def name(self) -> str:
        """``2024Q4``, or under a scenario other than base ``2025Q4-bull``."""
        return self.chosen.as_of + ("" if self.chosen.scenario == BASE else f"-{self.chosen.scenario}")

    @property
    def folder(self) -> str:
        """Where readers find the book; that stays when a later edition becomes the latest."""
        return f"{FOLDER}/{self.name}"

    @property
    def title(self) -> str:
        """The book by its edition, its scenario unless that is base, and how it came about.

        >>> Volume(Parameters("2024Q4", "base")).title
        "Edition 2024Q4, rebuilt with today's rules"
        """
        scenario = "" if self.chosen.scenario == BASE else f", scenario {self.chosen.scenario}"
        return f"Edition {self.chosen.as_of}{scenario}, {self.status}"

    @property
    def status(self) -> str:
        """How the book came about, in words."""
        return "published" if self.is_published else "rebuilt with today's rules"


def volumes(tree: Tree) -> tuple[Volume, ...]:
    """The latest quarter's edition under base and each other scenario, then every other edition under base,
    the later quarter first.
    """
    latest = parameters.choose(tree).as_of
    labels = sorted(parameters.editions(tree), key=_by_quarter, reverse=True)
    others = [name for name in parameters.scenarios(tree) if name != BASE]
    chosen = [Parameters(latest, scenario) for scenario in (BASE, *others)]
    chosen += [Parameters(label, BASE) for label in labels if label != latest]
    published = {path.stem for path in (tree.data / "vintages").glob("*.yml")}
    return tuple(Volume(each, each.scenario == BASE and each.as_of in published) for each in chosen)


def _by_quarter(label: str) -> tuple[str, str]:
    """An edition of some other day, ``2024Q4-2025-04-02``, stands after the quarter's own."""
    quarter, _, day = label.partition("-")
    return quarter, day or "~"


def whole(tree: Tree) -> Tree:
    """Where the site of all editions is built and published."""
    return Tree(tree.root, f"{tree.build_name}/{FOLDER}")


def book_of(tree: Tree, volume: Volume) -> Tree:
    """Where one book is built."""
    return Tree(tree.root, f"{whole(tree).build_name}/books/{volume.name}")
