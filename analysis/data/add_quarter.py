"""Start the next quarter: its file and its edition, empty or filled from a filing's XBRL data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from analysis.data import quarters
from analysis.data.amazon import TTM, YEAR, QuarterFile, load_quarter, quarter_file, quarter_labels
from analysis.data.crossfoot import free_cash_flow
from analysis.data.editions import edition_file
from analysis.data.fields import FIRST_PRINTED, Field, load_fields
from analysis.data.problems import DataError, Problem, stop_on
from analysis.data.reads import shown
from analysis.data.scaffold import Draft, edition_text, filing_of, quarter_text, release_of
from analysis.data.xbrl import Instance, load_concepts, read_instance, values_for

FREE_CASH_FLOW = "cash_flow.free_cash_flow"
SHARES = "balance.shares_outstanding"


def add_quarter(root: Path, quarter: str, xbrl: Path | None = None) -> Path:
    """Write the quarter's file, and its edition's if there is none, and return the former's path.

    Raises ``DataError``, having written nothing, if the file exists, if the quarter is not the one
    after the last, or if ``xbrl`` is not the instance of a filing on this quarter.
    """
    problems: list[Problem] = []
    _refuse_unless_next(root, quarter, problems)
    stop_on(problems)
    fields = load_fields(root, problems)
    before = {
        label: file
        for label in quarters.last_four(quarters.add(quarter, -1))
        if (file := load_quarter(root, label, fields, problems)) is not None
    }
    stop_on(problems)
    draft = _empty(quarter, before)
    if xbrl is not None:
        draft = _filled(draft, read_instance(xbrl), root, fields, before)
    return _write(root, draft, fields)


def _write(root: Path, draft: Draft, fields: Mapping[str, Field]) -> Path:
    path, edition = root / quarter_file(draft.quarter), root / edition_file(draft.quarter)
    with path.open("x", encoding="utf-8") as file:
        file.write(quarter_text(draft, fields))
    if not edition.exists():
        with edition.open("x", encoding="utf-8") as file:
            file.write(edition_text(draft.quarter, draft.values.get(SHARES), draft.document))
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
    if instance.period_end != end:
        wrong = f"reports on the period to {instance.period_end}"
        raise DataError([Problem(instance.path, "(file)", wrong, f"a filing on the period to {end}")])
    values, notes = _read(instance, root, fields, end), dict[str, str]()
    if draft.quarter.endswith("Q4"):
        _subtract(values, notes, [before[label] for label in sorted(before)[-3:]], fields)
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
        url=f"https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK={instance.company}&type={instance.form}",
        values={name: value for name, value in values.items() if name in written},
        notes={name: note for name, note in notes.items() if name in written},
    )


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
    return values


def _subtract(
    values: dict[str, float], notes: dict[str, str], earlier: list[QuarterFile], fields: Mapping[str, Field]
) -> None:
    """Fourth-quarter flows that an annual report does not print: the year less its first three quarters."""
    for name, field in fields.items():
        year = values.get(f"{YEAR}.{name}")
        parts = [file.printed[name].value for file in earlier if name in file.printed]
        if field.is_flow and name not in values and year is not None and len(parts) == 3:
            values[name] = year - sum(parts)
            notes[name] = f"fiscal year {year:,.0f} less the three quarters before, {sum(parts):,.0f}"
