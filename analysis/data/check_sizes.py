"""Checks of size: every figure of a quarter, an edition, a series or the prices against its own past."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from math import expm1, isclose

from analysis.data import quarters
from analysis.data.amazon import TTM, YEAR, YEAR_AGO, Printed, QuarterFile
from analysis.data.crossfoot import EPS_ROUNDING_USD, RULES
from analysis.data.editions import EditionRecord
from analysis.data.fields import FIRST_PRINTED, Field
from analysis.data.findings import Finding, report_findings
from analysis.data.observations import period_key
from analysis.data.problems import Problem
from analysis.data.series import Row, Series
from analysis.data.sizes import LEAST, MISPLACED, OutOfLine, growth, out_of_line
from analysis.data.splits import COUNTED, OF_ONE, Split, adjusted, shares_for_one

SALES, ASSETS = "income.net_sales", "balance.total_assets"
SESSIONS_A_YEAR = 252
_MOST_DIGITS = 6
_ROUNDING = {COUNTED: 0.5, OF_ONE: EPS_ROUNDING_USD}  # of what is printed, before a split and after it
VALUES = "values_usd_bn."
"""What an edition acknowledges of its results, which are held against those of the edition before."""

# Totals of figures that are measured themselves, and per-share figures: sums and divisions hold them exactly.
_FOLLOW = {
    "income.diluted_eps",
    *(rule.total for rule in RULES if rule.name not in ("segments_net_sales", "income_statement")),
} - {SALES, "income.operating_income"}

_Value = Callable[[str, str], float | None]
_Measure = Callable[[_Value, str, str], float | None]


def check_quarter_sizes(
    files: Mapping[str, QuarterFile],
    fields: Mapping[str, Field],
    splits: Sequence[Split],
    problems: list[Problem],
) -> None:
    """Report every figure of any quarter that does not fit the quarters before it and is not acknowledged.

    Counts of shares and what is of one share are compared in the shares after all ``splits``.
    """
    labels = sorted(files)

    def value(field: str, quarter: str) -> float | None:
        printed = files[quarter].printed.get(field) if quarter in files else None
        return None if printed is None else _in_shares_of(date.max, printed, fields[field].unit, splits)

    found: dict[str, dict[str, list[str]]] = {label: defaultdict(list) for label in labels}
    for field in fields:
        if field in _FOLLOW or _hindsight(field):
            continue
        for said, measure in _measures(field, fields[field].unit).items():
            taken = ((label, measure(value, field, label)) for label in labels)
            for odd in out_of_line([(label, size) for label, size in taken if size is not None]):
                found[odd.key][field].append(_how(said, odd, logarithmic="than" in said))
    days = [(label, float((files[label].published - files[label].period_end).days)) for label in labels]
    for late in out_of_line(days):
        how = f"{late.value:g} days after the quarter's end ({late.low:g} to {late.high:g} in its past)"
        found[late.key]["published"].append(how)
    for name, label, before in _left_out(files):
        found[label][name].append(f"left out here, printed in {before}")
    for name, label, how in _restated(files, fields, splits):
        found[label][name].append(how)
    for label, file in files.items():
        for name, entry in fields.items():
            if name in file.acknowledged and name not in file.printed and entry.required_in(label):
                found[label][name].append("left out here")
    for label, file in files.items():
        findings = [
            Finding(file.path, field, _looked_at(file, field), tuple(how), _is_per_share(field, fields))
            for field, how in found[label].items()
        ]
        report_findings(findings, file.acknowledged, file.path, problems)


def _is_per_share(field: str, fields: Mapping[str, Field]) -> bool:
    return field in fields and fields[field].unit in ("million", "usd")


def _looked_at(file: QuarterFile, field: str) -> float | None:
    if field == "published":
        return float((file.published - file.period_end).days)
    printed = file.printed.get(field)
    return None if printed is None else printed.value


def _measures(field: str, unit: str) -> dict[str, _Measure]:
    """The measures of a field, each by its words: growth, and of money its share and how that moved."""
    whole = _whole(field)
    growths: dict[str, _Measure] = {
        "more than a year before": lambda value, name, when: growth(
            value(name, when), value(name, quarters.add(when, -4))
        ),
        "more than the quarter before": lambda value, name, when: growth(
            value(name, when), value(name, quarters.add(when, -1))
        ),
    }
    if unit != "usd_m":
        return growths
    return growths | {
        f"of {whole}": lambda value, name, when: _ratio(value(name, when), value(whole, when)),
        f"of {whole}, change in a year": lambda value, name, when: _moved(value, name, whole, when),
    }


def _whole(field: str) -> str:
    """What a field is a share of: its segment's sales, all sales, or all assets."""
    section, name, *last = field.split(".")
    if section == "segments" and last == ["operating_income"]:
        return f"segments.{name}.net_sales"
    if section == "balance" and field != ASSETS:
        return ASSETS
    return SALES if field != SALES else ASSETS


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _moved(value: _Value, field: str, whole: str, when: str) -> float | None:
    before = quarters.add(when, -4)
    now, then = (_ratio(value(field, each), value(whole, each)) for each in (when, before))
    return now - then if now is not None and then is not None else None


def _how(said: str, odd: OutOfLine[str], logarithmic: bool) -> str:
    """A measure in words: ``58% more than a year before (-4% to 45% in its past)``."""
    numbers = (odd.value, odd.low, odd.high)
    value, low, high = (expm1(number) if logarithmic else number for number in numbers)
    digits = 0 if max(abs(low), abs(high)) >= 0.1 else 2
    beyond = low if value < low else high
    while digits < _MOST_DIGITS and _percent(value, digits) == _percent(beyond, digits):
        digits += 1
    if logarithmic and value < 0:
        value, said = -value, said.replace("more than", "less than")
    number, least, most = (_percent(each, digits) for each in (value, low, high))
    return f"{number} {said} ({least} to {most} in its past)"


def _percent(value: float, digits: int) -> str:
    """A fraction in percent; what rounds to nothing has no sign.

    >>> _percent(0.2113, 1), _percent(-0.001, 0)
    ('21.1%', '0%')
    """
    return f"{round(100 * value, digits) + 0.0:.{digits}f}%"


def _left_out(files: Mapping[str, QuarterFile]) -> Iterator[tuple[str, str, str]]:
    """Figures of the twelve months or the year that the block before printed and this one leaves out."""
    labels = sorted(files)
    for label in labels:
        for block, back in ((TTM, 1), (YEAR, 4)):
            before = files.get(quarters.add(label, -back))
            if before is None or (block == YEAR and not label.endswith("Q4")):
                continue
            for name in before.printed:
                if name.startswith(f"{block}.") and name not in files[label].printed and not _hindsight(name):
                    yield name, label, before.quarter


def _restated(
    files: Mapping[str, QuarterFile], fields: Mapping[str, Field], splits: Sequence[Split]
) -> Iterator[tuple[str, str, str]]:
    """Year-ago figures that are printed otherwise than a year before, but for a split."""
    for label, file in files.items():
        before = files.get(quarters.add(label, -4))
        for path, printed in file.printed.items():
            name = path.removeprefix(f"{YEAR_AGO}.")
            then = before.printed.get(name) if before is not None and name != path else None
            if before is None or then is None:
                continue
            expected = _in_shares_of(printed.source.published, then, fields[name].unit, splits)
            half = _ROUNDING.get(fields[name].unit, 0.0) if expected != then.value else 0.0
            rounding = half + half * abs(expected / then.value) if half else 0.0
            if not isclose(expected, printed.value, rel_tol=0.0, abs_tol=rounding):
                yield path, label, f"{expected:.15g} as printed in {before.quarter}"


def _in_shares_of(day: date, printed: Printed, unit: str, splits: Sequence[Split]) -> float:
    """What was printed, in the shares of a day."""
    return adjusted(printed.value, unit, shares_for_one(splits, printed.source.published, day))


def _hindsight(name: str) -> bool:
    """Whether only a later document tells the figure from another."""
    return name.endswith(FIRST_PRINTED)


def check_edition_sizes(records: Iterable[EditionRecord], problems: list[Problem]) -> None:
    """Report every edition whose market value is out of line with those of the editions before it."""
    ordered = sorted(records, key=lambda record: (record.cutoff, record.label))
    values = {record.label: record.price.number * record.shares.number / 1000 for record in ordered}
    changes = [
        (record.label, change)
        for before, record in pairwise(ordered)
        if (change := growth(values[record.label], values[before.label])) is not None
    ]
    odd = {each.key: each for each in out_of_line(changes)}
    for record in ordered:
        findings = []
        if record.label in odd:
            how = _how("more than the edition before", odd[record.label], logarithmic=True)
            findings = [Finding(record.path, "market_value_usd_bn", round(values[record.label], 3), (how,))]
        own = {name: value for name, value in record.acknowledged.items() if not name.startswith(VALUES)}
        report_findings(findings, own, record.path, problems)


def price_findings(series: Series, days: Mapping[date, float], splits: Sequence[Split]) -> Iterator[Finding]:
    """Closes whose change on the session before, but for a split, is out of line with a year of sessions."""
    lines = {row.values["date"]: row.line for row in series.rows}
    changes = [
        (after, change)
        for before, after in pairwise(days)
        if (change := growth(days[after] * shares_for_one(splits, before, after), days[before])) is not None
    ]
    for odd in out_of_line(changes, window=SESSIONS_A_YEAR, least=SESSIONS_A_YEAR // 4):
        text = OutOfLine(str(odd.key), odd.value, odd.low, odd.high)
        how = f"line {lines[odd.key]}, {_how('more than the session before', text, logarithmic=True)}"
        yield Finding(series.path, str(odd.key), days[odd.key], (how,), per_share=True)


def pooled_findings(
    series: Series, name: str, columns: Iterable[str], splits: Mapping[str, Sequence[Split]]
) -> Iterator[Finding]:
    """Cells of a short table whose change on the period before fits none of the table's other changes.

    ``splits`` are those of each name, after all of which its shares and prices are compared.
    """
    units = {column.name: column.unit for column in series.meta.columns}
    for column in columns:
        changes: list[tuple[tuple[str, str], float]] = []
        values: dict[tuple[str, str], float] = {}
        last: dict[str, float] = {}
        for row in sorted(series.rows, key=lambda row: str(row.values["date"])):
            who, value = str(row.values[name]), row.values[column]
            if isinstance(value, float):
                day = row.values["date"]
                key = (who, str(day))
                values[key] = value
                own = splits.get(who, ())
                ratio = shares_for_one(own, day, date.max) if isinstance(day, date) else 1.0
                now = adjusted(value, units[column], ratio)
                change = growth(now, last.get(who))
                changes += [] if change is None else [(key, change)]
                last[who] = now
        for odd in out_of_line(changes, window=len(changes)):
            text = OutOfLine(odd.key[1], odd.value, odd.low, odd.high)
            how = _how("more than the period before", text, logarithmic=True)
            field = " / ".join((odd.key[0], column, odd.key[1]))
            yield Finding(series.path, field, values[odd.key], (how,), per_share=True)


def observation_findings(series: Series, splits: Sequence[Split] = ()) -> Iterator[Finding]:
    """Rows of a tidy series out of line with the same entity's and metric's periods before.

    Of a series that says what one share is worth, rows are compared in the shares after all ``splits``.
    """
    histories: dict[tuple[str, str, str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in series.rows:
        if isinstance(row.values["value"], float) and row.values["published"] is not None:
            entity, metric, period = (str(row.values[key]) for key in ("entity", "metric", "period"))
            unit, kind = str(row.values["unit"]), _kind(period)
            histories[entity, metric, unit, kind][period].append(_after_splits(row, unit, splits))
    for (_, _, unit, _), periods in histories.items():
        yield from _odd_rows(series.path, unit, [periods[name] for name in sorted(periods, key=period_key)])


def _after_splits(row: Row, unit: str, splits: Sequence[Split]) -> Row:
    if not splits or not isinstance(row.values["published"], date):
        return row
    value = adjusted(_number(row), unit, shares_for_one(splits, row.values["published"], date.max))
    return replace(row, values={**row.values, "value": value})


def _kind(period: str) -> str:
    """What a period may be compared with: quarters with quarters, years with years, days with days.

    >>> [_kind(each) for each in ("2025Q3", "FY2025 (Jun-2025)", "TTM Mar-2025", "2025-07-09", "2026-2030")]
    ['quarter', 'year', 'year', '0-0-0', '0-0']
    """
    if quarters.is_quarter(period) or quarters.is_fiscal(period):
        return "quarter"
    plain = re.sub(r"\d+", "0", period)
    return "year" if re.fullmatch(r"0|(FY|TTM ).*", plain) else plain


def _odd_rows(path: str, unit: str, periods: list[list[Row]]) -> Iterator[Finding]:
    """Each period's rows (one a day of publication) against the period before, or a later vintage."""
    vintages = [sorted(rows, key=lambda row: str(row.values["published"])) for rows in periods]
    found: dict[int, list[str]] = defaultdict(list)
    rows = {row.line: row for each in vintages for row in each}
    for same in vintages:
        for row in same[:-1]:
            _misplaced(row, same[-1], "the same period as published later", found)
    last = [each[-1] for each in vintages]
    steps = [
        (after.line, step)
        for before, after in pairwise(last)
        if (step := growth(_number(after), _number(before))) is not None
    ]
    if len(steps) > LEAST:
        for odd in out_of_line(steps):
            found[odd.key].append(_how("more than the period before", _as_text(odd), logarithmic=True))
    else:
        for before, after in pairwise(last):
            _misplaced(after, before, "the period before", found)
    sunk = [row for row in last if _number(row) <= 0]
    if unit != "fraction" and len(sunk) == 1 and len(last) > 2:
        found[sunk[0].line].append("not above zero, where every other period is")
    if unit == "fraction" and len(last) > LEAST:
        for odd in out_of_line([(row.line, _number(row)) for row in last]):
            found[odd.key].append(_how("as a level", _as_text(odd), logarithmic=False))
    for line, how in found.items():
        entity, metric, period = (str(rows[line].values[key]) for key in ("entity", "metric", "period"))
        yield Finding(
            path,
            f"{entity} / {metric} / {period}",
            _number(rows[line]),
            tuple(f"line {line}, {each}" for each in how),
        )


def _number(row: Row) -> float:
    value = row.values["value"]
    assert isinstance(value, float)
    return value


def _misplaced(row: Row, other: Row, what: str, found: dict[int, list[str]]) -> None:
    value, base = _number(row), _number(other)
    if value * base > 0 and not 1 / MISPLACED < value / base < MISPLACED:
        found[row.line].append(f"{value / base:.3g} times {what}, {base:g}")


def _as_text(odd: OutOfLine[int]) -> OutOfLine[str]:
    return OutOfLine(str(odd.key), odd.value, odd.low, odd.high)
