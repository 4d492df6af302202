"""The edition: everything that was public at one cut-off, and the only way to read the data."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from analysis.data import observations as tidy
from analysis.data import quarters
from analysis.data.amazon import load_quarter, quarter_file
from analysis.data.drivers import Drivers
from analysis.data.editions import EditionRecord, edition_labels, load_edition
from analysis.data.errata import Erratum, load_errata
from analysis.data.fields import Field, load_fields
from analysis.data.problems import Problem, nearest, require_known, stop_on
from analysis.data.reads import data_root, exists, shown
from analysis.data.reported import Basis, Reported
from analysis.data.risks import Risk, load_risks
from analysis.data.scenarios import load_scenario, scenario_names
from analysis.data.series import Series, load_series, series_names
from analysis.data.splits import adjusted, load_splits, shares_for_one
from analysis.data.targets import Target, load_targets
from analysis.figures import AbsentFigure, Figure, Source
from analysis.formats import day

if TYPE_CHECKING:
    from pandas import DataFrame

PRICES = "prices/amzn"
KEY_FIGURES = "amazon/key_figures"
SHARES = "balance.shares_outstanding"
LATEST = "latest"

T = TypeVar("T")


@dataclass(frozen=True)
class Edition:
    """One edition of the report; a figure published after its cut-off does not exist for it.

    ``price`` is in usd, ``shares`` in million; ``quarter`` is the latest reported quarter.
    ``seen_from`` is the day from which it looks ahead, unless that is its quarter's last.
    """

    record: EditionRecord
    reported: Reported
    root: Path
    seen_from: date | None = None

    def __repr__(self) -> str:
        """The edition's name and cut-off, for a prompt."""
        return f"<Edition {self.label}: public by {self.cutoff}>"

    @property
    def label(self) -> str:
        """The edition's name, ``2025Q4`` or ``2024Q4-2025-04-02``."""
        return self.record.label

    @property
    def quarter(self) -> str:
        """The latest quarter that was reported."""
        return self.record.quarter

    @property
    def cutoff(self) -> date:
        """The last day whose publications the edition may use."""
        return self.record.cutoff

    @property
    def price(self) -> Figure:
        """AMZN's close on :attr:`price_date`, in usd."""
        return self.record.price

    @property
    def price_date(self) -> date:
        """The session of :attr:`price`."""
        return self.record.price_date

    @property
    def shares(self) -> Figure:
        """Shares outstanding by the latest count public, in million."""
        return self.record.shares

    def shares_for_one(self, day: date) -> float:
        """How many shares of the cut-off one share of a day has become: 1 unless a split came between."""
        return shares_for_one(self.reported.splits, day, self.cutoff)

    def shares_on(self, day: date) -> Figure:
        """The latest count of shares that was public on a day, in million; raises ``AbsentFigure``."""
        for quarter in reversed(self.quarters()):
            count = self.get(SHARES, quarter)
            if count is not None and count.published is not None and count.published <= day:
                return count
        raise AbsentFigure(f"no share count of Amazon was public on {day}")

    @cached_property
    def market_value(self) -> Figure:
        """Price × shares, in usd_bn."""
        value = self.price * self.shares / 1000  # dollars × millions of shares are $m
        return value.named(f"Amazon's market value, {day(self.price_date)}", "usd_bn")

    @property
    def fields(self) -> Mapping[str, Field]:
        """The dictionary of reported fields."""
        return self.reported.fields

    def quarters(self) -> list[str]:
        """The quarters reported by the cut-off, oldest first."""
        return self.reported.labels()

    def get(self, field: str, quarter: str | None = None) -> Figure | None:
        """A quarter's figure (default: the latest quarter), ``None`` if absent."""
        return self.reported.get(field, quarter or self.quarter)

    def figure(self, field: str, quarter: str | None = None) -> Figure:
        """A quarter's figure (default: the latest quarter); raises ``AbsentFigure``."""
        return self.reported.figure(field, quarter or self.quarter)

    def ttm(self, field: str, quarter: str | None = None) -> Figure:
        """The twelve months to the quarter's end; see :meth:`Reported.ttm`."""
        return self.reported.ttm(field, quarter or self.quarter)

    def year(self, field: str, year: int) -> Figure:
        """A calendar year's figure; see :meth:`Reported.year`."""
        return self.reported.year(field, year)

    def growth(self, field: str, quarter: str | None = None, basis: Basis = "ttm") -> Figure:
        """Change on the year before as a fraction; see :meth:`Reported.growth`."""
        return self.reported.growth(field, quarter or self.quarter, basis)

    def year_before(self, field: str, quarter: str | None = None, basis: Basis = "ttm") -> Figure:
        """The same a year before, on the same definition; see :meth:`Reported.year_before`."""
        return self.reported.year_before(field, quarter or self.quarter, basis)

    def frame(self, fields: Sequence[str], basis: Basis = "quarter") -> DataFrame:
        """Fields by quarter as float64, NaN where absent; the index is the quarter's label."""
        return self.reported.frame(fields, basis)

    def observations(self, series: str, *, unconfirmed: bool = False) -> DataFrame:
        """A tidy series' rows public at the cut-off; those not confirmed only if asked for."""
        loaded = self._series(series)
        rows = list(tidy.public(loaded, self.cutoff, unconfirmed))
        return tidy.frame_of(rows, tuple(column.name for column in loaded.meta.columns))

    def observation(self, series: str, *, entity: str, metric: str, period: str) -> Figure:
        """One observation, the vintage published last; raises ``AbsentFigure``."""
        return self._pick(series, {"entity": entity, "metric": metric, "period": period})

    def latest(self, series: str, *, entity: str, metric: str) -> Figure:
        """The observation of the latest period; raises ``AbsentFigure``."""
        return self._pick(series, {"entity": entity, "metric": metric})

    def key_figure(self, metric: str, period: str) -> Figure:
        """One of Amazon's key figures; raises ``AbsentFigure``."""
        return self._pick(KEY_FIGURES, {"metric": metric, "period": period})

    def entries(self, series: str, column: str) -> list[str]:
        """The names in a column of a series, each once, public or not: what can be asked for."""
        return list(dict.fromkeys(str(row.values[column]) for row in self._series(series).rows))

    def names(self, series: str, code: str, name: str) -> dict[str, str]:
        """What the codes in a column stand for: ``names("peers/companies", "ticker", "company")``."""
        return {str(row.values[code]): str(row.values[name]) for row in self._series(series).rows}

    def unit_of(self, series: str, **wanted: str) -> str:
        """The unit of the rows with the wanted values, public or not; raises ``AbsentFigure``."""
        for row in self._series(series).rows:
            if all(row.values[column] == value for column, value in wanted.items()):
                return str(row.values["unit"])
        raise AbsentFigure(f"{series}: no row with {wanted}")

    def key_figures(self, metric: str) -> DataFrame:
        """All periods of a key figure, in their order."""
        frame = self.observations(KEY_FIGURES)
        chosen = frame[frame["metric"] == metric]
        order = sorted(
            chosen.index, key=lambda i: (tidy.period_key(chosen.at[i, "period"]), chosen.at[i, "published"])
        )
        return chosen.loc[order].reset_index(drop=True)

    def close(self, day: date) -> Figure:
        """AMZN's close in usd on the last session at or before ``day``; raises ``AbsentFigure``.

        ``AbsentFigure`` also if ``day`` is after the cut-off: that close was not known.
        """
        if day > self.cutoff:
            raise AbsentFigure(f"the close of {day} was not public on {self.cutoff}")
        place = bisect_right(self._closes, day, key=itemgetter(0))
        if not place:
            raise AbsentFigure(f"no close of AMZN at or before {day}")
        session, close = self._closes[place - 1]
        source = Source(
            self._series(PRICES).meta.attribution,
            session,
            None,
            shown(self.root, f"{PRICES}.csv"),
            str(session),
        )
        return Figure(close, "usd", f"AMZN close, {session}", source)

    def prices(self) -> DataFrame:
        """AMZN's closes up to the cut-off: index ``date``, column ``close_usd`` in usd."""
        from pandas import DataFrame, DatetimeIndex

        days = DatetimeIndex([session for session, _ in self._closes], name="date")
        return DataFrame({"close_usd": [close for _, close in self._closes]}, index=days, dtype="float64")

    def scenarios(self) -> list[str]:
        """The names of the scenarios there are, in the order of their files."""
        return scenario_names(self.root)

    def drivers(self, scenario: str) -> Drivers:
        """The scenario's assumptions, read once; raises ``DataError``."""
        if scenario not in self._scenarios:
            problems: list[Problem] = []
            reported_to = quarters.period_end(self.quarter)
            drivers = load_scenario(self.root, scenario, self.cutoff, problems, reported_to)
            stop_on(problems)
            assert drivers is not None
            waivers = {**drivers.waivers, **self.record.waivers.get(scenario, {})}
            self._scenarios[scenario] = replace(drivers, waivers=waivers)
        return self._scenarios[scenario]

    def keep_drivers(self, scenario: str, drivers: Drivers) -> None:
        """The assumptions that :meth:`drivers` shall give, where they are those of another edition."""
        self._scenarios[scenario] = drivers

    def once(self, work: Callable[[Edition], T]) -> T:
        """What ``work`` makes of the edition, worked out when it is first asked for."""
        if work not in self._worked_out:
            self._worked_out[work] = work(self)
        found: T = self._worked_out[work]
        return found

    def keep(self, work: Callable[[Edition], T], found: T) -> None:
        """What :meth:`once` shall give for ``work``, where it has been worked out elsewhere."""
        self._worked_out[work] = found

    def earlier(self, label: str) -> Edition:
        """The edition of an earlier label, made of the files that this one has read already.

        The same as opening it, many times faster. Raises ``DataError`` if there is no such edition,
        ``ValueError`` if it saw more than this one.
        """
        problems: list[Problem] = []
        record = load_edition(self.root, label, problems)
        stop_on(problems)
        assert record is not None
        if record.cutoff > self.cutoff:
            raise ValueError(f"{label} saw what was public on {record.cutoff}, after {self.cutoff}")
        past = Edition(record, replace(self.reported, cutoff=record.cutoff), self.root)
        vars(past)["_loaded"] = self._loaded  # series are cut when they are read, not when they are loaded
        return past

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The market values asked about."""
        problems: list[Problem] = []
        targets = load_targets(self.root, problems)
        stop_on(problems)
        return targets

    def errata(self) -> tuple[Erratum, ...]:
        """What this edition and those before it said wrongly when they were published, the last mended first.

        On record from the day it is mended, whatever the cut-off: it is said of an edition, not seen by it.
        """
        problems: list[Problem] = []
        errata = load_errata(self.root, problems)
        stop_on(problems)
        return tuple(each for each in errata if each.edition <= self.label)

    def risks(self) -> tuple[Risk, ...]:
        """The risks that the report prices; raises ``DataError``."""
        problems: list[Problem] = []
        risks = load_risks(self.root, set(self.drivers("base")), problems)
        stop_on(problems)
        return risks

    @cached_property
    def _closes(self) -> list[tuple[date, float]]:
        rows = ((row.values["date"], row.values["close_usd"]) for row in self._series(PRICES).rows)
        closes = [(day, close) for day, close in rows if isinstance(day, date) and isinstance(close, float)]
        known = sorted(pair for pair in closes if pair[0] <= self.cutoff)
        if not self.reported.splits:
            return known
        return [(day, adjusted(close, "usd", self.shares_for_one(day))) for day, close in known]

    @cached_property
    def _loaded(self) -> dict[str, Series]:
        return {}

    @cached_property
    def _worked_out(self) -> dict[Callable[[Edition], Any], Any]:
        return {}

    @cached_property
    def _scenarios(self) -> dict[str, Drivers]:
        return {}

    def _series(self, name: str) -> Series:
        if name not in self._loaded:
            problems: list[Problem] = []
            series = load_series(self.root, name, problems)
            if series is None:
                require_known(name, series_names(self.root), "series")
            stop_on(problems)
            assert series is not None
            self._loaded[name] = series
        return self._loaded[name]

    def _pick(self, series: str, wanted: dict[str, str]) -> Figure:
        return tidy.pick(self._series(series), self.cutoff, wanted)


def latest_label(root: Path) -> str:
    """The label of the last quarter's own edition; ``"latest"`` itself if there is none."""
    own = [label for label in edition_labels(root) if quarters.is_quarter(label)]
    return own[-1] if own else LATEST


def open_edition(label: str, root: Path | None = None) -> Edition:
    """The edition of that label, read from ``root`` (default: the repository's data folder).

    ``"latest"`` is that of the last quarter. Raises ``DataError`` with every problem of the edition's file,
    the dictionary and the quarters.
    """
    folder = data_root(root)
    label = latest_label(folder) if label == LATEST else label
    problems: list[Problem] = []
    if not exists(folder, f"editions/{label}.yml"):
        expected = f"an edition; nearest: {nearest(label, edition_labels(folder))}"
        stop_on([Problem(shown(folder, f"editions/{label}.yml"), "(file)", "does not exist", expected)])
    fields = load_fields(folder, problems)
    record = load_edition(folder, label, problems)
    loaded = (load_quarter(folder, quarter, fields, problems) for quarter in _candidates(folder, record))
    files = {file.quarter: file for file in loaded if file is not None}
    splits = load_splits(folder, problems)
    stop_on(problems)
    assert record is not None
    return Edition(record, Reported(record.cutoff, fields, files, splits), folder)


def _candidates(root: Path, record: EditionRecord | None) -> Iterable[str]:
    """Quarters whose files may hold something public, from the cut-off's quarter backwards.

    Only files that can matter are opened, so that a new quarter leaves older editions as they are.
    """
    if record is None:
        return
    label = quarters.containing(record.cutoff)
    while exists(root, quarter_file(label)) or label > record.quarter:
        if quarters.period_end(label) < record.cutoff:
            yield label
        label = quarters.add(label, -1)
