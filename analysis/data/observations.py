"""Observations: rows of tidy series, as they were public on one day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, cast

from analysis.data.quarters import MONTHS
from analysis.data.series import Row, Series
from analysis.figures import AbsentFigure, Figure, Quality, Source

if TYPE_CHECKING:
    from pandas import DataFrame

# The columns of a tidy series: one number a row, with where it comes from and when it was public.
TIDY = (
    "entity", "metric", "period", "value", "unit", "published", "source", "url", "quality", "check", "note",
)  # fmt: skip
_UNIT_ENDING = re.compile(r"_(usd_bn|usd_m|usd|years)$")
_PERIOD = re.compile(r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|-(?P<month>\d{2})(?!\d))?")
_NAMED_YEAR = re.compile(rf"(TTM |FY\d{{4}} \()({'|'.join(MONTHS)})-[1-9]\d{{3}}\)?", re.ASCII)
_YEAR = re.compile(r"(?:[CF]Y)?\d{4}")
_NAMED_MONTH = re.compile(rf"({'|'.join(MONTHS)})-\d{{4}}")


def is_tidy(series: Series) -> bool:
    """Whether the series has the tidy columns."""
    return tuple(column.name for column in series.meta.columns) == TIDY


def public(series: Series, cutoff: date, unconfirmed: bool) -> Iterator[Row]:
    """The rows published by ``cutoff``; those not confirmed only if asked for.

    Raises ``ValueError`` for a series whose rows are not dated by a column ``published``.
    """
    _require_dated(series)
    yield from (row for row in series.rows if _is_public(row, cutoff, unconfirmed))


def _require_dated(series: Series) -> None:
    if "published" not in (column.name for column in series.meta.columns):
        raise ValueError(f"{series.path} has no column 'published' and holds no observations")


def _is_public(row: Row, cutoff: date, unconfirmed: bool) -> bool:
    published = row.values["published"]
    confirmed = row.values.get("check") != "unconfirmed"
    return isinstance(published, date) and published <= cutoff and (confirmed or unconfirmed)


def select(series: Series, cutoff: date, wanted: dict[str, str]) -> Row:
    """The confirmed row with the wanted values of the latest period, and of that the latest vintage.

    ``wanted`` names the metric, and may name entity and period. Raises ``AbsentFigure`` if none was
    public, ``ValueError`` as :func:`public`.
    """
    _require_dated(series)
    candidates = series.by_metric.get(wanted["metric"], ())
    rows = [row for row in candidates if _has(row, wanted) and _is_public(row, cutoff, unconfirmed=False)]
    if not rows:
        raise AbsentFigure(f"{series.path}: nothing public on {cutoff} with {_said(wanted)}")
    return max(rows, key=lambda row: (period_key(str(row.values["period"])), row.values["published"]))


def pick(series: Series, cutoff: date, wanted: dict[str, str]) -> Figure:
    """The row that :func:`select` finds, as a figure with its source.

    Notes were written with the whole series in view and may speak of later documents, so only an
    edition from which the cut hides nothing of it gets them.
    """
    row = select(series, cutoff, wanted)
    in_full_view = series.whole_from is not None and series.whole_from <= cutoff
    return _figure(row, series.path, _optional(row, "note") if in_full_view else None)


def _figure(row: Row, path: str, note: str | None) -> Figure:
    entity, metric, period = (str(row.values[key]) for key in ("entity", "metric", "period"))
    published, value = row.values["published"], row.values["value"]
    assert isinstance(published, date)
    assert isinstance(value, (float, str))
    source = Source(
        document=str(row.values["source"]),
        published=published,
        url=_optional(row, "url"),
        path=path,
        field=f"{entity} / {metric} / {period}",
        quality=cast("Quality", row.values["quality"]),
        note=note,
    )
    label = f"{entity}, {_UNIT_ENDING.sub('', metric).replace('_', ' ')}, {period}"
    return Figure(value, str(row.values["unit"]), label, source)


def frame_of(rows: list[Row], columns: tuple[str, ...]) -> DataFrame:
    """Rows as a table: ``published`` as timestamps, ``value`` as float64 unless some value is text."""
    from pandas import DataFrame, to_datetime

    frame = DataFrame([row.values for row in rows], columns=list(columns))
    for name in ("published", "date"):
        if name in columns:
            frame[name] = to_datetime(frame[name])
    if "value" in columns and not any(isinstance(value, str) for value in frame["value"]):
        frame["value"] = frame["value"].astype("float64")
    return frame


def unit_in_name(metric: str) -> str | None:
    """The unit that a metric's name ends with, if it does.

    >>> unit_in_name("capex_guidance_usd_bn"), unit_in_name("employees")
    ('usd_bn', None)
    """
    ending = _UNIT_ENDING.search(metric)
    return ending[1] if ending else None


def period_key(period: str) -> tuple[int, int]:
    """Year and month in which a period ends, for putting periods in order.

    >>> period_key("2025Q2"), period_key("TTM Mar-2025"), period_key("2025"), period_key("2026-2030")
    ((2025, 6), (2025, 3), (2025, 12), (2030, 12))
    """
    found = list(_PERIOD.finditer(period))
    if not found:
        return (0, 0)
    last = found[-1]
    month = int(last["quarter"]) * 3 if last["quarter"] else int(last["month"] or 12)
    named = _NAMED_MONTH.search(period)
    return int(last["year"]), MONTHS.index(named[1]) + 1 if named else month


def twelve_months_end(period: str) -> date | None:
    """The last day of twelve months, or of an own year, to a named month; ``None`` for other periods.

    >>> twelve_months_end("TTM Mar-2025"), twelve_months_end("FY2025 (Jun-2025)"), twelve_months_end("FY2025")
    (datetime.date(2025, 3, 31), datetime.date(2025, 6, 30), None)
    """
    if not _NAMED_YEAR.fullmatch(period):
        return None
    year, month = period_key(period)
    return date(year, month, monthrange(year, month)[1])


def is_a_year(period: str) -> bool:
    """Whether a period is twelve months: to a named month, an own year or a calendar year.

    >>> [is_a_year(period) for period in ("TTM Mar-2026", "FY2025", "2025", "2026Q1", "4 months to Oct-2026")]
    [True, True, True, False, False]
    """
    return _YEAR.fullmatch(period) is not None or twelve_months_end(period) is not None


def _has(row: Row, wanted: dict[str, str]) -> bool:
    return row.values["value"] is not None and all(row.values[key] == value for key, value in wanted.items())


def _said(wanted: dict[str, str]) -> str:
    return ", ".join(f"{key} {value!r}" for key, value in wanted.items())


def _optional(row: Row, key: str) -> str | None:
    value = row.values.get(key)
    return str(value) if value is not None else None
