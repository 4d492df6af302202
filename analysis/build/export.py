"""The workbook with live formulas as a download: linked on a page, written into the site, or made alone."""

from __future__ import annotations

from pathlib import Path

from analysis.build import parameters
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree, write_if_changed
from analysis.charts.html import tag
from analysis.data import Edition, open_edition
from analysis.export.workbook import file_name, workbook

FOLDER = "downloads"


def link(edition: Edition) -> str:
    """A paragraph that offers the edition's workbook, as HTML."""
    name = file_name(edition.label)
    return tag("p", tag("a", f"The model as a workbook ({name})", href=f"{FOLDER}/{name}", download=True))


def export(
    tree: Tree, as_of: str | None = None, scenario: str | None = None, folder: Path | None = None
) -> Path:
    """Write the workbook into a folder, by default the published site's, and return its path.

    Raises ``BuildError``.
    """
    chosen = parameters.choose(tree, as_of, scenario)
    path = (folder or tree.site / FOLDER) / file_name(chosen.as_of)
    write_if_changed(path, made(tree, chosen))
    return path


def export_tables(
    tree: Tree, as_of: str | None = None, scenario: str | None = None, folder: Path | None = None
) -> list[Path]:
    """Write the tables of the data as Parquet into a folder of their own and return their paths.

    Raises ``BuildError``.
    """
    from analysis.export.parquet import write_tables

    chosen = parameters.choose(tree, as_of, scenario)
    edition = open_edition(chosen.as_of, tree.data)
    into = (folder or tree.site / FOLDER) / f"amazon-2030-{chosen.as_of}"
    try:
        return write_tables(edition, into)
    except ImportError:
        extra = "expected the package with its extra: pip install '.[parquet]'"
        raise BuildError([f"--parquet: pyarrow is not there ({extra})"]) from None


def made(tree: Tree, chosen: Parameters) -> bytes:
    """The workbook of an edition, a scenario chosen in it."""
    return workbook(open_edition(chosen.as_of, tree.data), chosen.scenario)
