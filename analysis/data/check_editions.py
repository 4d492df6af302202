"""Checks of the editions: nothing in them is younger than their cut-off, and all agrees with the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from analysis.data import quarters
from analysis.data.amazon import QuarterFile, quarter_labels
from analysis.data.check_sizes import check_edition_sizes
from analysis.data.edition import PRICES
from analysis.data.editions import EditionRecord, edition_labels, load_edition
from analysis.data.problems import Problem
from analysis.data.series import load_series
from analysis.data.sessions import check_rules
from analysis.data.sessions import sessions as trading_days
from analysis.data.splits import Split, adjusted, load_splits, shares_for_one
from analysis.data.values import Place

COUNTS = ("balance.shares_outstanding", "balance.common_shares_and_stock_awards")
Closed = Sequence[Mapping[str, Any]]


def check_editions(root: Path, files: Mapping[str, QuarterFile], problems: list[Problem]) -> None:
    """Report all that is wrong with any edition; ``files`` are the quarters that could be read."""
    closes, closed = _closes(root)
    loaded = (load_edition(root, label, problems) for label in edition_labels(root))
    records = [record for record in loaded if record is not None]
    given, splits = quarter_labels(root), load_splits(root, [])
    for record in records:
        place = Place(record.path, "", problems)
        _check_quarter(record, files, given, place)
        _check_price(record, closes, closed, place)
        _check_shares(record, files, splits, place)
    check_edition_sizes(records, problems)


def _closes(root: Path) -> tuple[dict[date, float], Closed]:
    """Every session's close, and the rules for days without one; the file is checked with the series."""
    series = load_series(root, PRICES, [])
    pairs = ((row.values["date"], row.values["close_usd"]) for row in series.rows) if series else ()
    closes = {day: close for day, close in pairs if isinstance(day, date) and isinstance(close, float)}
    closed = series.meta.closed if series else ()
    return closes, closed if check_rules(closed, Place("", "", [])) else ()


def _check_quarter(
    record: EditionRecord, files: Mapping[str, QuarterFile], given: Sequence[str], place: Place
) -> None:
    here = place.at("quarter")
    if record.label != record.quarter and not record.label.startswith(f"{record.quarter}-"):
        place.at("label").report(
            f"{record.label!r} is not of {record.quarter}", f"a label that begins {record.quarter}"
        )
    if record.quarter not in files:
        if record.quarter not in given:  # a file that cannot be used has its own problems
            here.report(f"{record.quarter} has no file", "a quarter below data/amazon/quarters")
        return
    published = files[record.quarter].published
    if published > record.cutoff:
        here.report(f"{record.quarter} became public on {published}", f"a quarter public by {record.cutoff}")
    for later in sorted(label for label in files if label > record.quarter):
        if files[later].published <= record.cutoff:
            wrong = f"{later} was public already on {files[later].published}"
            here.report(wrong, f"the latest quarter public by {record.cutoff}")
    if record.cutoff != published + timedelta(days=1) and record.why is None:
        expected = (
            f"a reason for another cut-off than {published + timedelta(days=1)}, the day after the release"
        )
        place.at("why").report("is missing", expected)


def _sessions(missing: Sequence[date]) -> str:
    if len(missing) == 1:
        return f"the session of {missing[0]}"
    return f"the {len(missing)} sessions from {missing[0]} to {missing[-1]}"


def _check_price(record: EditionRecord, closes: Mapping[date, float], closed: Closed, place: Place) -> None:
    day, here = record.price_date, place.at("price.date")
    if day > record.cutoff:
        here.report(f"{day} is after the cut-off", f"a session at or before {record.cutoff}")
        return
    sessions = [session for session in closes if session <= record.cutoff]
    if not sessions:
        here.report(f"{day} has no close in {PRICES}.csv", "a session of that file")
    elif missing := list(trading_days(max(closes) + timedelta(days=1), record.cutoff, closed)):
        wrong = f"{PRICES}.csv ends on {max(closes)}, before the cut-off {record.cutoff}"
        here.report(wrong, f"{_sessions(missing)} added there")
    elif day != max(sessions):
        here.report(
            f"{day} is not the last session", f"{max(sessions)}, the last at or before {record.cutoff}"
        )
    elif closes[day] != record.price.number:
        wrong = f"{record.price.number:g} is not the close of {day}"
        place.at("price.close_usd").report(wrong, f"{closes[day]:g}, from {PRICES}.csv")


def _check_shares(
    record: EditionRecord, files: Mapping[str, QuarterFile], splits: Sequence[Split], place: Place
) -> None:
    """The count is the latest one public, as its quarter's file has it: value, day, document, publication.

    A split that came between is in the value, as it is in the price.
    """
    if record.shares_field not in COUNTS:
        expected = f"one of {', '.join(COUNTS)}"
        place.at("shares.field").report(f"{record.shares_field!r} is no count of a day", expected)
        return
    counts = {quarter: file.printed.get(record.shares_field) for quarter, file in files.items()}
    public = {
        quarter: count
        for quarter, count in counts.items()
        if count is not None and count.source.published <= record.cutoff
    }
    if not public:
        wrong = f"{record.shares_field!r} was not reported by {record.cutoff}"
        place.at("shares.field").report(wrong, "a share count of a quarter's file")
        return
    quarter = max(public)
    count, source = public[quarter], record.shares.source
    assert source is not None
    now = adjusted(count.value, "million", shares_for_one(splits, count.source.published, record.cutoff))
    for name, given, reported in (
        ("value", f"{record.shares.number:.15g}", f"{now:.15g}"),
        ("as_of", str(record.shares_as_of), str(quarters.period_end(quarter))),
        ("published", str(source.published), str(count.source.published)),
        ("document", source.document, count.source.document),
    ):
        if given != reported:
            wrong = f"{given} is not that of {record.shares_field} of {quarter}"
            place.at(f"shares.{name}").report(wrong, f"{reported}, the latest count public")
