"""What an author fills in for a new quarter, and where each thing goes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
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
from analysis.data.splits import SPLITS_FILE

_TWELVE_MONTHS = "twelve months"
_DATED = re.compile(r"(FY)?\d{4}(-\d{2}){0,2}")  # a year, a month, a day


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
    lines.append(f"    and the split in {shown(root, SPLITS_FILE)}, if the shares were split since")
    lines.append(
        f"[ ] {shown(root, edition_file(quarter))}: cut-off, the close of its last session, the share count"
    )
    lines += _key_figures(loaded, root, before, quarter)
    lines += _due(loaded, root, quarter)
    lines += _anew(loaded, root, quarter)
    lines += _yearly(loaded, root, quarter)
    lines += _market_values(loaded, root)
    scenarios = ", ".join(f"{name}.yml" for name in scenario_names(root))
    lines.append(
        f"[ ] {shown(root, SCENARIOS_FOLDER)}/{{{scenarios}}}: {len(base)} assumptions to look at again;"
    )
    lines.append("    each that was looked at gets a line below `reviews`, those left as they were too;")
    lines.append("    a charge that will not come again lowers, for a year, the margin they start from")
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
        days: dict[str, str] = {}
        for row in series.rows:
            ticker, day = str(row.values["ticker"]), str(row.values["date"])
            days[ticker] = max(day, days.get(ticker, ""))
        a_year_before = str(date.fromisoformat(max(days.values())) - timedelta(days=365))
        names = ", ".join(ticker for ticker, last in days.items() if last > a_year_before)
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
    """What entities of the tables of rivals and peers give next.

    Of each, the metrics that it gave in the quarter before or in two of the last four, so that one that was
    left out once is asked for again; of twelve months, which go on, those given once.
    """
    for name, series in loaded.items():
        if series is None or name == KEY_FIGURES or not is_tidy(series):
            continue
        gave: dict[tuple[str, str], dict[str, set[int]]] = {}
        following: dict[tuple[str, str], str] = {}
        for row in series.rows:
            entity, metric, period = (str(row.values[key]) for key in ("entity", "metric", "period"))
            found = _following(period, quarter, row.values["published"])
            if found is None:
                continue
            key = (entity, found.kind)
            gave.setdefault(key, {}).setdefault(metric, set()).add(found.ago)
            if period_key(found.period) > period_key(following.get(key, "")):
                following[key] = found.period
        given = {tuple(str(row.values[key]) for key in ("entity", "metric", "period")) for row in series.rows}
        missing = {
            key: {
                metric
                for metric, ago in metrics.items()
                if (len(ago) > 1 or 1 in ago or key[1] == _TWELVE_MONTHS)
                and (key[0], metric, following[key]) not in given
            }
            for key, metrics in gave.items()
        }
        for period in sorted({following[key] for key, metrics in missing.items() if metrics}):
            of = {key[0]: metrics for key, metrics in missing.items() if metrics and following[key] == period}
            yield f"[ ] {shown(root, name)}.csv, {period}, once it is public: {', '.join(sorted(of))}"
            yield f"    with what each gave before: {', '.join(sorted(set().union(*of.values())))}"


def _anew(loaded: dict[str, Series | None], root: Path, quarter: str) -> Iterator[str]:
    """What is said of a year or of a day, such as plans and betas, and was said anew within a year.

    Market values that stand in their own table are asked for there.
    """
    listed = loaded.get(MARKET_VALUES)
    tickers = {str(row.values["ticker"]) for row in listed.rows} if listed is not None else set()
    elsewhere = set(product(tickers, ("market_cap", "price_to_sales", "market_cap_to_operating_income")))
    window = [*quarters.last_four(quarters.add(quarter, -1)), quarter]
    for name, series in loaded.items():
        if series is None or not is_tidy(series):
            continue
        said: dict[str, dict[str, set[str]]] = {}
        for row in series.rows:
            entity, metric, period = (str(row.values[key]) for key in ("entity", "metric", "period"))
            day = row.values["published"]
            when = quarters.containing(day) if isinstance(day, date) else ""
            is_evidence = row.values["unit"] != "text" and row.values["quality"] != "article_claim"
            is_dated = _DATED.fullmatch(period) and (entity, metric) not in elsewhere
            if when in window and is_evidence and is_dated:
                said.setdefault(metric, {}).setdefault(entity, set()).add(when)
        again: dict[tuple[str, ...], list[str]] = {}
        for metric, by in sorted(said.items()):
            if any(len(when) > 1 for when in by.values()):
                again.setdefault(tuple(sorted(by)), []).append(metric)
        for entities, metrics in again.items():
            yield f"[ ] {shown(root, name)}.csv, where it was said anew: {', '.join(entities)}"
            yield f"    of {', '.join(metrics)}"


def _yearly(loaded: dict[str, Series | None], root: Path, quarter: str) -> Iterator[str]:
    """After a fourth quarter, what was given of the year before as a whole."""
    year, number = quarters.split(quarter)
    if number < 4:
        return
    before, now = f"{quarters.FISCAL}{year - 1}", f"{quarters.FISCAL}{year}"
    for name, series in loaded.items():
        if series is None or not is_tidy(series):
            continue
        rows = [[str(row.values[key]) for key in ("entity", "metric", "period")] for row in series.rows]
        due = {(entity, metric) for entity, metric, period in rows if period == before}
        due -= {(entity, metric) for entity, metric, period in rows if period == now}
        if due:
            yield f"[ ] {shown(root, name)}.csv, {now}: {', '.join(sorted({entity for entity, _ in due}))}"
            yield f"    with what each gave before: {', '.join(sorted({metric for _, metric in due}))}"


@dataclass(frozen=True)
class _Next:
    """The period that follows one: of which kind, and how many quarters ago that one was given."""

    period: str
    kind: str
    ago: int


def _following(period: str, quarter: str, published: object) -> _Next | None:
    """The period that an entity gives for ``quarter``, after one given in the four quarters before.

    That is a quarter, twelve months, or a quarter of an own year.

    >>> _following("FY2026Q4", "2026Q2", date(2026, 2, 25)).period
    'FY2027Q1'
    >>> [_following(f"TTM {month}", "2026Q1", None).period for month in ("Dec-2025", "Sep-2025")]
    ['TTM Mar-2026', 'TTM Mar-2026']
    """
    end = twelve_months_end(period)
    if quarters.is_fiscal(period):
        kind, given = "own quarter", quarters.containing(published) if isinstance(published, date) else ""
    elif quarters.is_quarter(period):
        kind, given = "quarter", period
    else:
        kind, given = _TWELVE_MONTHS, quarters.containing(end) if end is not None else ""
    ago = quarters.distance(given, quarter) if given else 0
    if kind == "own quarter" and given == quarter:
        ago = 1
    if not 1 <= ago <= 4:
        return None
    if end is None:
        return _Next(quarters.add(period, ago), kind, ago)
    months = end.month - 1 + 3 * ago
    return _Next(f"TTM {quarters.MONTHS[months % 12]}-{end.year + months // 12}", kind, ago)
