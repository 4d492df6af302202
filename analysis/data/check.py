"""All checks of ``data/``: every problem in every file at once, and nothing written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analysis.data import quarters
from analysis.data.check_amazon import check_amazon
from analysis.data.check_days import check_days
from analysis.data.check_editions import check_editions
from analysis.data.check_series import check_series
from analysis.data.drivers import Driver
from analysis.data.editions import edition_labels, load_editions
from analysis.data.errata import ERRATA_FILE, load_errata
from analysis.data.fields import load_fields
from analysis.data.mentions import check_mentions
from analysis.data.problems import Problem, nearest
from analysis.data.reads import recording_reads, shown
from analysis.data.risks import RISKS_FILE, load_risks
from analysis.data.scenarios import (
    SCENARIOS_FOLDER,
    fits_unit,
    load_scenario,
    report_fraction,
    scenario_file,
    scenario_names,
)
from analysis.data.splits import load_splits
from analysis.data.targets import TARGETS_FILE, load_targets
from analysis.data.values import Place
from analysis.data.vintages import check_vintages
from analysis.data.xbrl import load_concepts
from analysis.data.yaml_files import read_yaml


def check_all(root: Path) -> list[Problem]:
    """Every problem in the data folder, in order of file and field; empty if all is well."""
    problems: list[Problem] = []
    with recording_reads() as read:
        fields = load_fields(root, problems)
        load_splits(root, problems)  # others read them without another word
        files = check_amazon(root, fields, problems)
        check_editions(root, files, problems)
        check_series(root, files, problems)
        drivers = _check_scenarios(root, problems)
        _check_targets(root, problems)
        _check_errata(root, problems)
        check_vintages(root, problems)
        load_concepts(root, fields, problems)
        if drivers:
            check_mentions(root, (*fields, *drivers), problems)
    _check_others(root, read, problems)
    check_days(root, problems)
    return sorted(set(problems))


def _check_others(root: Path, read: set[str], problems: list[Problem]) -> None:
    """YAML files that no check has read yet must at least be YAML."""
    for path in root.rglob("*.y*ml"):
        relative = path.relative_to(root).as_posix()
        if path.suffix != ".yml":
            wrong = f"ends in {path.suffix}, and nothing reads it"
            problems.append(Problem(shown(root, relative), "(file)", wrong, "a name that ends in .yml"))
        elif shown(root, relative) not in read:
            read_yaml(root, relative, problems)


def _check_scenarios(root: Path, problems: list[Problem]) -> dict[str, Driver]:
    """The drivers there are, by name, after reporting what is wrong with any scenario or risk."""
    names = scenario_names(root)
    if "base" not in names:
        where = shown(root, f"{SCENARIOS_FOLDER}/base.yml")
        problems.append(Problem(where, "(file)", "does not exist", "the scenario that gives every driver"))
    known: dict[str, Driver] = {}
    for name in names:
        drivers = load_scenario(root, name, date.max, problems)
        known = {**(drivers.by_name if drivers else {}), **known}  # base comes first, and its numbers hold
    _check_looks(root, names, problems)
    if not known:
        return known  # base cannot be read: nothing that names an assumption can be judged
    for risk in load_risks(root, known, problems):
        place = Place(shown(root, RISKS_FILE), f"{risk.key}.changes", problems)
        for name, change in ((each, risk.changes[each]) for each in risk.changes if each in known):
            unit, value = known[name].unit, known[name].value
            if fits_unit(unit, value):  # else the assumption itself has been reported
                report_fraction(unit, change.applied(value), place.at(name).at(change.how))
    return known


def _check_looks(root: Path, names: list[str], problems: list[Problem]) -> None:
    """A look that is later than every cut-off counts in no edition, whoever expects it to."""
    records = load_editions(root)
    if not records or None in records:
        return
    last = max(record.cutoff for record in records if record is not None)
    for name in names:
        path = scenario_file(name)
        entries = (read_yaml(root, path, []) or {}).get("drivers")
        for driver, entry in entries.items() if isinstance(entries, dict) else ():
            looks = entry.get("reviews") if isinstance(entry, dict) else None
            for at, look in enumerate(looks if isinstance(looks, list) else ()):
                on = look.get("on") if isinstance(look, dict) else None
                if isinstance(on, date) and on > last:
                    place = Place(shown(root, path), f"drivers.{driver}.reviews[{at}].on", problems)
                    place.report(
                        f"{on} is later than the last cut-off", f"a day by {last}: no edition takes it"
                    )


def _check_targets(root: Path, problems: list[Problem]) -> None:
    last = max((record.cutoff for record in load_editions(root) if record is not None), default=date.min)
    for target in load_targets(root, problems):
        if target.horizon <= last:
            place = Place(shown(root, TARGETS_FILE), f"{target.name}.horizon", problems)
            place.report(f"{target.horizon} has passed", f"a day after the last cut-off, {last}")


def _check_errata(root: Path, problems: list[Problem]) -> None:
    """A mistake is one of an edition whose quarter had ended when it was mended, and which there is."""
    labels = edition_labels(root)
    for each in load_errata(root, problems):
        quarter = each.edition.partition("-")[0]
        early = not quarters.is_quarter(quarter) or quarters.period_end(quarter) >= each.mended
        if early or (each.edition not in labels and each.edition <= max(labels, default="")):
            place = Place(shown(root, ERRATA_FILE), f"{each.key}.edition", problems)
            place.report(f"{each.edition!r} is no edition", f"nearest: {nearest(each.edition, labels)}")
