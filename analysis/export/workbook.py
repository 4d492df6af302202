"""The workbook of an edition."""

from __future__ import annotations

from analysis.data import Edition
from analysis.export.dcf import dcf_sheet
from analysis.export.grids import grids_sheet
from analysis.export.inputs import Inputs, inputs_sheet, starting_figures
from analysis.export.notes import add_unused, readme_sheet, sources_sheet
from analysis.export.overview import Model, checks_sheet, odds_sheet, summary_sheet
from analysis.export.parts import parts_sheet
from analysis.export.projection import projection_sheet
from analysis.export.sheet import Sheet, written
from analysis.export.values import values_sheet
from analysis.valuation.group import open_group
from analysis.valuation.parts import value_today


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
    projection, parts = projection_sheet(group), parts_sheet(group)
    values = values_sheet(group, projection)
    dcf, found = dcf_sheet(group)
    worth = value_today(group)
    sensitivity, grid = grids_sheet(group, projection, values, parts.equity_row, worth, dcf, found)
    model = Model(group, projection, values, worth, parts.equity_row, dcf, found, grid)
    odds, drawn = odds_sheet(group)
    checks = checks_sheet(model)
    summary = summary_sheet(model, drawn, checks)
    readme = readme_sheet(group, values.sheet.name)
    formulas = [projection.sheet, values.sheet, parts.sheet, dcf.sheet, sensitivity]
    add_unused(readme, edition.drivers(scenario), formulas)
    sources = sources_sheet(starting_figures(group))
    own = (inputs.sheet, inputs.scenarios, inputs.reasons)
    return [summary, readme, *own, *formulas, odds, checks, sources], inputs


def workbook(edition: Edition, scenario: str) -> bytes:
    """The workbook's bytes: the same whenever it is made from the same data."""
    made, inputs = sheets(edition, scenario)
    title = f"Amazon's value to 2030, edition {edition.label}"
    return written(made, inputs.names, title, edition.cutoff)
