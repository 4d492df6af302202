"""What an author fills in for a new quarter, and where each thing goes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from analysis.data import quarters
from analysis.data.amazon import load_quarter, quarter_file
from analysis.data.check_series import MARKET_VALUES
from analysis.data.edition import KEY_FIGURES, PRICES
from analysis.data.editions import edition_file
from analysis.data.fields import load_fields
from analysis.data.observations import is_tidy, period_key, twelve_months_end
from analysis.data.problems import Problem, stop_on
from analysis.data.reads import shown
from analysis.data.scaffold import printed_in
from analysis.data.scenarios import SCENARIOS_FOLDER, load_scenario, scenario_names
from analysis.data.series import Series, load_series, series_names


def checklist(root: Path, quarter: str) -> list[str]:
    """Lines that say what ``quarter`` asks for, in the order of filling in; raises ``DataError``."""
    problems: list[Problem] = []
    fields = load_fields(root, problems)
    loaded = {name: load_series(root, name, problems) for name in series_names(root)}
    base = load_scenario(root, "base", date.max, problems)
    stop_on(problems)
    assert base is not None
    before = quarters.add(quarter, -1)
    lines = [f"To fill in for {quarter}:"]
    open_fields = [name for name in printed_in(quarter, fields) if name not in _typed(root, quarter)]
    path = shown(root, quarter_file(quarter))
    lines.append(f"[ ] {path}: {len(open_fields)} figures as printed, and the day of the release")
    year_before = quarters.add(quarter, -4)
    lines.append(f"    and below `year_ago` what the release prints otherwise than {year_before}'s did")
    lines += _prices(loaded, root)
    lines.append(
        f"[ ] {shown(root, edition_file(quarter))}: cut-off, the close of its last session, the share count"
    )
    lines += _key_figures(loaded, root, before, quarter)
    lines += _due(loaded, root, quarter)
    lines += _market_values(loaded, root)
    scenarios = ", ".join(f"{name}.yml" for name in scenario_names(root))
    lines.append(
        f"[ ] {shown(root, SCENARIOS_FOLDER)}/{{{scenarios}}}: {len(base)} assumptions to look at again;"
    )
    lines.append("    each that was looked at gets a line below `reviews`, those left as they were too")
    lines.append("Then make check, make book, and make publish-edition.")
    return lines


def _typed(root: Path, quarter: str) -> set[str]:
    """The figures that the quarter's file has already, from a filing."""
    file = load_quarter(root, quarter, load_fields(root, []), [])
    return set(file.printed) if file is not None else set()


def _prices(loaded: dict[str, Series | None], root: Path) -> Iterator[str]:
    series = loaded.get(PRICES)
    if series is not None and series.rows:
        last = series.rows[-1].values["date"]
        yield f"[ ] {shown(root, PRICES)}.csv ends on {last}: a row for each session after it, to the cut-off"


def _market_values(loaded: dict[str, Series | None], root: Path) -> Iterator[str]:
    series = loaded.get(MARKET_VALUES)
    if series is not None and series.rows:
        last = max(str(row.values["date"]) for row in series.rows)
        names = ", ".join(str(row.values["ticker"]) for row in series.rows if str(row.values["date"]) == last)
        yield f"[ ] {shown(root, MARKET_VALUES)}.csv: close and shares on the edition's last session: {names}"


def _key_figures(loaded: dict[str, Series | None], root: Path, before: str, quarter: str) -> Iterator[str]:
    """The key figures that two of the four quarters before had, and the guidance that the release gives."""
    series = loaded.get(KEY_FIGURES)
    rows = series.rows if series is not None else ()
    given = {(str(row.values["metric"]), str(row.values["period"])) for row in rows}
    counts = Counter(metric for metric, period in given if period in quarters.last_four(before))
    metrics = {metric for metric, count in counts.items() if count > 1 or (metric, before) in given}
    guided = {name for name in metrics if name.startswith("guidance_")}
    asked = sorted(metrics - guided)
    if asked:
        yield f"[ ] {shown(root, KEY_FIGURES)}.csv, period {quarter}: {', '.join(asked)}"
    if guided:
        yield f"    and for {quarters.add(quarter, 1)}: {', '.join(sorted(guided))}"


def _due(loaded: dict[str, Series | None], root: Path, quarter: str) -> Iterator[str]:
    """Entities of the tables of rivals and peers that gave the period before: what they give next, and of
    which metrics.
    """
    for name, series in loaded.items():
        if series is None or name == KEY_FIGURES or not is_tidy(series):
            continue
        due: dict[tuple[str, str], str] = {}
        gave: dict[tuple[tuple[str, str], str], set[str]] = {}
        for row in series.rows:
            entity, period, day = (row.values[key] for key in ("entity", "period", "published"))
            following = _following(str(period), quarter, day)
            key = (str(entity), re.sub(r"\d", "", str(period)))
            if following is None:
                continue
            gave.setdefault((key, following), set()).add(str(row.values["metric"]))
            if period_key(following) > period_key(due.get(key, "")):
                due[key] = following
        given = {(str(row.values["entity"]), str(row.values["period"])) for row in series.rows}
        due = {key: period for key, period in due.items() if (key[0], period) not in given}
        for period in sorted(set(due.values())):
            names = ", ".join(sorted(entity for (entity, _), each in due.items() if each == period))
            yield f"[ ] {shown(root, name)}.csv, {period}, once it is public: {names}"
            metrics = set().union(*(gave[key, each] for key, each in due.items() if each == period))
            yield f"    with what each gave before: {', '.join(sorted(metrics))}"


def _following(period: str, quarter: str, published: object) -> str | None:
    """The period after one that a quarter before gave: a quarter, twelve months, a quarter of an own year.

    >>> _following("FY2026Q4", "2026Q2", date(2026, 2, 25)), _following("TTM Dec-2025", "2026Q1", None)
    ('FY2027Q1', 'TTM Mar-2026')
    """
    before = quarters.add(quarter, -1)
    if period == before:
        return quarter
    end = twelve_months_end(period)
    if end is not None and quarters.containing(end) == before:
        month = quarters.MONTHS[(end.month + 2) % 12]
        return f"TTM {month}-{end.year + (end.month > 9)}"
    given_then = isinstance(published, date) and quarters.containing(published) in (before, quarter)
    return quarters.add(period, 1) if given_then and quarters.is_fiscal(period) else None
