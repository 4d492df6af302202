"""The workbook of an edition."""

from __future__ import annotations

from analysis.data import Edition
from analysis.export.inputs import Inputs, inputs_sheet, starting_figures
from analysis.export.notes import add_unused, readme_sheet, sources_sheet
from analysis.export.parts import parts_sheet
from analysis.export.projection import projection_sheet
from analysis.export.sheet import Sheet, written
from analysis.export.values import values_sheet
from analysis.valuation.group import open_group


def file_name(label: str) -> str:
    """What the workbook of an edition is called.

    >>> file_name("2025Q4")
    'amazon-2030-2025Q4.xlsx'
    """
    return f"amazon-2030-{label}.xlsx"


def sheets(edition: Edition, scenario: str) -> tuple[list[Sheet], Inputs]:
    """All sheets, with ``scenario`` the chosen one and results of its kernels in every formula's cell."""
    group = open_group(edition, scenario)
    inputs = inputs_sheet(group)
    projection = projection_sheet(group)
    values, parts = values_sheet(group, projection).sheet, parts_sheet(group)
    readme = readme_sheet(group, values.name)
    add_unused(readme, edition.drivers(scenario), [projection.sheet, values, parts])
    sources = sources_sheet(starting_figures(group))
    return [readme, inputs.sheet, projection.sheet, values, parts, sources], inputs


def workbook(edition: Edition, scenario: str) -> bytes:
    """The workbook's bytes: the same whenever it is made from the same data."""
    made, inputs = sheets(edition, scenario)
    title = f"Amazon's value to 2030, edition {edition.label}"
    return written(made, inputs.names, title, edition.cutoff)
