"""How companies that are worth a trillion dollars got from there to the targets, and where Amazon stands.

Times are in years since a company's first close above $1T; market values in USD billions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analysis.data import Edition
from analysis.data.quarters import is_quarter, period_end
from analysis.figures import Figure
from analysis.formats import day
from analysis.model.projection.growth import years_between
from analysis.valuation.peers import by_month, same_day

SERIES = "giants"
START = "1T"
_AMAZON = "Amazon"
_QUARTER_ENDS = ("03", "06", "09", "12")


@dataclass(frozen=True)
class Giant:
    """A company since its first close above $1T: the days of its first closes by mark, its values by day."""

    name: str
    passed: Mapping[str, tuple[date, Figure]]
    values: Mapping[date, Figure]

    def years(self, when: date) -> float:
        """Years from the first close above $1T to a day: days ÷ 365.25."""
        return float(years_between(self.passed[START][0], when))

    @property
    def path(self) -> dict[float, Figure]:
        """Its values by years since the first close above $1T."""
        return {self.years(when): value for when, value in self.values.items()}

    @property
    def latest(self) -> tuple[date, Figure]:
        """The last day with a market value, and that."""
        when = max(self.values)
        return when, self.values[when]

    def took(self, mark: str) -> Figure:
        """Years from the first close above $1T to that above another mark it has passed."""
        (start, first), (when, then) = self.passed[START], self.passed[mark]
        label = (
            f"{self.name}: years from its first close above ${START}, {day(start)}, to ${mark}, {day(when)}"
        )
        return Figure(years_between(start, when), "years", label, None, "days ÷ 365.25", (first, then))


def giants(edition: Edition) -> dict[str, Giant]:
    """Every company with a first close above $1T that was public, by name, in the order of those days.

    Values are those at the ends of quarters, at the first closes, and on the latest day on which peers are
    compared; Amazon's own follow from its prices and filings, as everywhere in the report.
    """
    rows = edition.observations(SERIES).to_dict("records")
    found = {}
    for name in dict.fromkeys(str(row["entity"]) for row in rows):
        own = [row for row in rows if row["entity"] == name]

        def figure(row: Mapping[str, object], name: str = name) -> Figure:
            return edition.observation(
                SERIES, entity=name, metric=str(row["metric"]), period=str(row["period"])
            )

        passed = {
            str(row["metric"]).removeprefix("first_close_above_").upper(): (
                date.fromisoformat(str(row["period"])),
                figure(row),
            )
            for row in own
            if str(row["metric"]).startswith("first_close_above_")
        }
        if START not in passed:
            continue
        values = dict(passed.values())
        values |= {period_end(str(r["period"])): figure(r) for r in own if is_quarter(str(r["period"]))}
        values |= _lately(edition, name)
        since = passed[START][0]
        found[name] = Giant(
            name, passed, {when: value for when, value in sorted(values.items()) if when >= since}
        )
    return dict(sorted(found.items(), key=lambda each: each[1].passed[START][0]))


def _lately(edition: Edition, name: str) -> dict[date, Figure]:
    if name == _AMAZON:
        months = by_month(edition)
        return {
            each.day: each.market_value
            for month, each in months.items()
            if month[-2:] in _QUARTER_ENDS or each.day == edition.price_date
        }
    return {peer.priced: peer.market_value for peer in same_day(edition) if peer.name == name}
