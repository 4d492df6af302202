"""All checks of ``data/``: every problem in every file at once, and nothing written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analysis.data.check_amazon import check_amazon
from analysis.data.check_editions import check_editions
from analysis.data.check_series import check_series
from analysis.data.errata import load_errata
from analysis.data.fields import load_fields
from analysis.data.problems import Problem
from analysis.data.reads import recording_reads, shown
from analysis.data.risks import load_risks
from analysis.data.scenarios import SCENARIOS_FOLDER, load_scenario, scenario_names
from analysis.data.targets import load_targets
from analysis.data.vintages import check_vintages
from analysis.data.xbrl import load_concepts
from analysis.data.yaml_files import read_yaml


def check_all(root: Path) -> list[Problem]:
    """Every problem in the data folder, in order of file and field; empty if all is well."""
    problems: list[Problem] = []
    with recording_reads() as read:
        fields = load_fields(root, problems)
        files = check_amazon(root, fields, problems)
        check_editions(root, files, problems)
        check_series(root, problems)
        _check_scenarios(root, problems)
        load_targets(root, problems)
        load_errata(root, problems)
        check_vintages(root, problems)
        load_concepts(root, fields, problems)
    _check_others(root, read, problems)
    return sorted(set(problems))


def _check_others(root: Path, read: set[str], problems: list[Problem]) -> None:
    """YAML files that no check has read yet must at least be YAML."""
    for path in root.rglob("*.y*ml"):
        relative = path.relative_to(root).as_posix()
        if shown(root, relative) not in read:
            read_yaml(root, relative, problems)


def _check_scenarios(root: Path, problems: list[Problem]) -> None:
    names = scenario_names(root)
    if "base" not in names:
        where = shown(root, f"{SCENARIOS_FOLDER}/base.yml")
        problems.append(Problem(where, "(file)", "does not exist", "the scenario that gives every driver"))
    known: set[str] = set()
    for name in names:
        drivers = load_scenario(root, name, date.max, problems)
        known |= set(drivers or ())
    load_risks(root, known, problems)
