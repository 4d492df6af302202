"""Start the next quarter: its file and its edition, empty or filled from a filing's XBRL data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from analysis.data import quarters
from analysis.data.amazon import TTM, YEAR, QuarterFile, load_quarter, quarter_file, quarter_labels
from analysis.data.crossfoot import free_cash_flow
from analysis.data.edition import SHARES
from analysis.data.editions import edition_file
from analysis.data.fields import FIRST_PRINTED, Field, load_fields
from analysis.data.problems import Problem, stop_on
from analysis.data.reads import shown
from analysis.data.scaffold import Draft, edition_text, filing_of, quarter_text, release_of
from analysis.data.values import Place
from analysis.data.xbrl import FORMS, Instance, load_company, load_concepts, read_instance, values_for
from analysis.data.yaml_files import write_new

FREE_CASH_FLOW = "cash_flow.free_cash_flow"
SO_FAR = "year_to_date"
_LESS = (
    "six months {} less the quarter",
    "nine months {} less the two quarters",
    "fiscal year {} less the three quarters",
)


def add_quarter(root: Path, quarter: str, xbrl: Path | None = None) -> Path:
    """Write the quarter's file, and its edition's if there is none, and return the former's path.

    Raises ``DataError``, having written nothing, if the file exists, if the quarter is not the one
    after the last, or if ``xbrl`` is not the instance of a filing on this quarter.
    """
    problems: list[Problem] = []
    _refuse_unless_next(root, quarter, problems)
    stop_on(problems)
    fields = load_fields(root, problems)
    before = _before(root, quarter, fields, problems)
    stop_on(problems)
    draft = _empty(quarter, before)
    if xbrl is not None:
        draft = _filled(draft, read_instance(xbrl), root, fields, before)
    return _write(root, draft, fields)


def disagreements(root: Path, quarter: str, xbrl: Path) -> list[Problem]:
    """Where a quarter's file and its filing differ, field by field; raises ``DataError``."""
    problems: list[Problem] = []
    fields = load_fields(root, problems)
    before = _before(root, quarter, fields, problems)
    typed = load_quarter(root, quarter, fields, problems)
    stop_on(problems)
    assert typed is not None
    filed = _filled(_empty(quarter, before), read_instance(xbrl), root, fields, before)
    return [
        Problem(typed.path, name, f"is {typed.printed[name].value:.15g}", f"{value:.15g}, from {xbrl}")
        for name, value in filed.values.items()
        if name in typed.printed and typed.printed[name].value != value
    ]


def _before(
    root: Path, quarter: str, fields: Mapping[str, Field], problems: list[Problem]
) -> dict[str, QuarterFile]:
    """The files of the two years before a quarter."""
    labels = set(quarter_labels(root))
    wanted = [
        each for each in quarters.span(quarters.add(quarter, -8), quarters.add(quarter, -1)) if each in labels
    ]
    loaded = (load_quarter(root, label, fields, problems) for label in wanted)
    return {file.quarter: file for file in loaded if file is not None}


def _write(root: Path, draft: Draft, fields: Mapping[str, Field]) -> Path:
    """The quarter's file comes last: as long as it is not there, the quarter can be started again."""
    path, edition = root / quarter_file(draft.quarter), root / edition_file(draft.quarter)
    if not edition.exists():
        write_new(edition, edition_text(draft.quarter, draft.values.get(SHARES), draft.document))
    write_new(path, quarter_text(draft, fields))
    return path


def _refuse_unless_next(root: Path, quarter: str, problems: list[Problem]) -> None:
    path, labels = shown(root, quarter_file(quarter)), quarter_labels(root)
    if not quarters.is_quarter(quarter):
        problems.append(Problem(path, "quarter", f"{quarter!r} is not a quarter", "a quarter such as 2025Q4"))
    elif quarter in labels:
        problems.append(
            Problem(path, "(file)", "exists already and is left as it is", "a quarter without a file")
        )
    elif not labels or quarter != quarters.add(labels[-1], 1):
        following = (
            f"{quarters.add(labels[-1], 1)}, the quarter after the last" if labels else "a first quarter"
        )
        problems.append(Problem(path, "quarter", f"{quarter} would leave a gap", following))


def _empty(quarter: str, before: Mapping[str, QuarterFile]) -> Draft:
    """A draft that lists the fields which the same blocks had the last time they were printed."""
    last = before[quarters.add(quarter, -1)]
    year_before = before.get(quarters.add(quarter, -4))
    year = _names(year_before, YEAR) if quarter.endswith("Q4") and year_before is not None else ()
    return Draft(quarter, release_of(quarter), last.url or "", _names(last, TTM), year)


def _names(file: QuarterFile, block: str) -> tuple[str, ...]:
    prefix = f"{block}."
    names = (name.removeprefix(prefix) for name in file.printed if name.startswith(prefix))
    return tuple(name for name in names if not name.endswith(FIRST_PRINTED))


def _filled(
    draft: Draft,
    instance: Instance,
    root: Path,
    fields: Mapping[str, Field],
    before: Mapping[str, QuarterFile],
) -> Draft:
    """The draft with every figure that the instance has, or that follows from it."""
    end = quarters.period_end(draft.quarter)
    _refuse_other_filings(instance, root, draft.quarter)
    values, notes = _read(instance, root, fields, end), dict[str, str]()
    other = _other_basis(instance, root, fields, draft.quarter, before)
    _subtract(values, notes, _so_far(draft.quarter, before), other, fields)
    for block in ("", f"{TTM}.", f"{YEAR}."):
        flows = {name: values[block + name] for name in fields if block + name in values}
        free = free_cash_flow(flows)
        if free is not None:
            values[f"{block}{FREE_CASH_FLOW}"] = free
            notes[f"{block}{FREE_CASH_FLOW}"] = "operating cash flow plus purchases plus proceeds"
    written = {*fields, *(f"{TTM}.{name}" for name in draft.ttm), *(f"{YEAR}.{name}" for name in draft.year)}
    return replace(
        draft,
        document=filing_of(draft.quarter, instance.form),
        url=_listing(instance),
        values={name: value for name, value in values.items() if name in written},
        notes={name: note for name, note in notes.items() if name in written},
    )


def _listing(instance: Instance) -> str:
    """Where the SEC lists the company's filings of the form."""
    asked = urlencode({"action": "getcompany", "CIK": instance.company, "type": instance.form})
    return f"https://www.sec.gov/cgi-bin/browse-edgar?{asked}"


def _refuse_other_filings(instance: Instance, root: Path, quarter: str) -> None:
    """Company, form, amendment and period, before any figure is looked at."""
    problems: list[Problem] = []
    place = Place(instance.path, "(file)", problems)
    company, end = load_company(root, problems), quarters.period_end(quarter)
    wanted = "10-K" if quarter.endswith("Q4") else "10-Q"
    if company is not None and instance.company.lstrip("0") != company.lstrip("0"):
        place.report(f"is of the company {instance.company}", f"a filing of {company}")
    if instance.form.endswith("/A") or instance.is_amended:
        place.report(f"is an amendment, form {instance.form}", f"the {wanted} as first filed")
    elif instance.form not in FORMS:
        place.report(f"is a form {instance.form}", f"a {wanted}")
    elif instance.form != wanted:
        place.report(f"is a {instance.form}", f"a {wanted} for {quarter}")
    if instance.period_end != end:
        place.report(f"reports on the period to {instance.period_end}", f"a filing on the period to {end}")
    stop_on(problems)


def _read(instance: Instance, root: Path, fields: Mapping[str, Field], end: date) -> dict[str, float]:
    """Quarter, twelve months, year and balances, each by its dotted path in the file."""
    problems: list[Problem] = []
    concepts = load_concepts(root, fields, problems)
    stop_on(problems)
    balances = {name: choices for name, choices in concepts.items() if fields[name].section == "balance"}
    flows = {name: choices for name, choices in concepts.items() if name not in balances}
    quarter = quarters.containing(end)
    three_months, twelve_months = (
        quarters.period_end(quarters.add(quarter, -count)) + timedelta(days=1) for count in (1, 4)
    )
    values = values_for(instance, flows, fields, three_months, end)
    values |= values_for(instance, balances, fields, None, end)
    year = values_for(instance, flows, fields, twelve_months, end)
    for block in (TTM, YEAR):
        values |= {f"{block}.{name}": value for name, value in year.items()}
    to_date = values_for(instance, flows, fields, date(end.year, 1, 1), end)
    values |= {f"{SO_FAR}.{name}": value for name, value in to_date.items()}
    return values


def _so_far(quarter: str, before: Mapping[str, QuarterFile]) -> list[QuarterFile]:
    """The quarters of the same year before this one."""
    year, number = quarters.split(quarter)
    labels = [f"{year}Q{each}" for each in range(1, number)]
    return [before[label] for label in labels if label in before]


def _other_basis(
    instance: Instance,
    root: Path,
    fields: Mapping[str, Field],
    quarter: str,
    before: Mapping[str, QuarterFile],
) -> set[str]:
    """Fields whose comparative column, the year before to the same day, is not the sum of its quarters.

    The company has then moved something between lines, and the year less the quarters before would be
    neither.
    """
    problems: list[Problem] = []
    concepts = load_concepts(root, fields, problems)
    stop_on(problems)
    end = quarters.period_end(quarters.add(quarter, -4))
    flows = {name: choices for name, choices in concepts.items() if fields[name].is_flow}
    compared = values_for(instance, flows, fields, date(end.year, 1, 1), end)
    year, number = quarters.split(quarter)
    then = [before.get(f"{year - 1}Q{each}") for each in range(1, number + 1)]
    found = set()
    for name, value in compared.items():
        parts = [file.printed[name].value for file in then if file is not None and name in file.printed]
        if len(parts) == number and abs(sum(parts) - value) > number:  # each quarter is rounded by itself
            found.add(name)
    return found


def _subtract(
    values: dict[str, float],
    notes: dict[str, str],
    earlier: list[QuarterFile],
    other_basis: set[str],
    fields: Mapping[str, Field],
) -> None:
    """Flows that a filing prints for the year to date only: less the quarters of that year before."""
    for name, field in fields.items():
        to_date = values.pop(f"{SO_FAR}.{name}", None)
        parts = [file.printed[name].value for file in earlier if name in file.printed]
        complete = earlier and len(parts) == len(earlier) and name not in other_basis
        if field.is_flow and name not in values and to_date is not None and complete:
            values[name] = to_date - sum(parts)
            notes[name] = f"{_LESS[len(parts) - 1].format(f'{to_date:,.0f}')} before, {sum(parts):,.0f}"
