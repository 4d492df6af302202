"""Amazon's reported figures as they were public on one day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from analysis.data import quarters
from analysis.data.amazon import TTM, YEAR, YEAR_AGO, Printed, QuarterFile
from analysis.data.fields import FIRST_PRINTED, Field
from analysis.data.problems import require_known
from analysis.data.splits import COUNTED, OF_ONE, Split, adjusted, shares_for_one
from analysis.figures import AbsentFigure, Figure, total

if TYPE_CHECKING:
    from pandas import DataFrame

Basis = Literal["quarter", "ttm"]


@dataclass(frozen=True)
class Reported:
    """The reported quarters, cut at ``cutoff``: a figure published later does not exist here.

    A figure that was re-presented later is, until that day, the figure as first printed; one that a later
    quarter's document prints otherwise in its year-ago column is the later one from that document's day on.
    Shares and what is of one share are told in the shares of the cut-off: ``splits`` that came between.
    """

    cutoff: date
    fields: Mapping[str, Field]
    files: Mapping[str, QuarterFile]
    splits: Sequence[Split] = ()

    def labels(self) -> list[str]:
        """The quarters of which something was public, oldest first."""
        return [label for label, file in sorted(self.files.items()) if file.published <= self.cutoff]

    def get(self, field: str, quarter: str) -> Figure | None:
        """One quarter's figure, ``None`` if absent or not yet public; ``KeyError`` for an unknown field."""
        return self._figure(field, quarter, "", quarter)

    def figure(self, field: str, quarter: str) -> Figure:
        """One quarter's figure; raises ``AbsentFigure``."""
        return self._present(self.get(field, quarter), field, quarter)

    def ttm(self, field: str, quarter: str) -> Figure:
        """The twelve months to the end of ``quarter``: the sum of four quarters.

        The printed figure stands in where a quarter is absent and where it differs from the sum (a
        restatement that was never given by quarter). Raises ``AbsentFigure``, and ``ValueError``
        for a field whose quarters do not add up to a year.
        """
        self._require_flow(field)
        label = f"twelve months to {quarter}"
        blocks = (TTM, YEAR) if quarter.endswith("Q4") else (TTM,)
        return self._present(self._sum_or_printed(field, quarter, blocks, label), field, label)

    def year(self, field: str, year: int) -> Figure:
        """A calendar year's figure; raises ``AbsentFigure``.

        Flows are the sum of four quarters, or the printed year where :meth:`ttm` would take the
        printed figure; per-share figures and average counts are as printed; balances are those of
        the year's last day.
        """
        quarter = f"{year:04d}Q4"
        known = self._known(field)
        if known.section == "balance":
            return self.figure(field, quarter)
        if known.is_flow:
            found = self._sum_or_printed(field, quarter, (YEAR,), str(year))
        else:
            found = self._figure(field, quarter, f"{YEAR}.", str(year))
        return self._present(found, field, str(year))

    def growth(self, field: str, quarter: str, basis: Basis) -> Figure:
        """Change on the year before, as a fraction: now ÷ then − 1, then as :meth:`year_before` has it.

        Raises ``AbsentFigure``, and ``ValueError`` from a base that is not above zero.
        """
        now, then = self._on(basis, field, quarter), self.year_before(field, quarter, basis)
        if then.number <= 0:
            raise ValueError(f"{then.label} is {then.number:g}: growth needs a base above zero")
        over = "growth of twelve months to" if basis == "ttm" else "growth to"
        return (now / then - 1).named(f"{self._known(field).label}, {over} {quarter}", "fraction")

    def year_before(self, field: str, quarter: str, basis: Basis) -> Figure:
        """The same a year before, on the definition of ``quarter``; raises ``AbsentFigure``.

        A quarter that was re-presented is set against the year before in the proportion in which it was, for
        its own document compared both on the definition of then: ``then × now ÷ now as first printed``.
        """
        before = quarters.add(quarter, -4)
        if quarter not in self.represented(field, basis):
            return self._on(basis, field, before)
        if basis == "quarter":
            return self._in_proportion(field, quarter, self.figure(field, before))
        parts = [self.year_before(field, each, "quarter") for each in quarters.last_four(quarter)]
        return total(parts, f"{self._known(field).label}, twelve months to {before}, as re-presented")

    def represented(self, field: str, basis: Basis) -> frozenset[str]:
        """The quarters that a later one's year-ago column gives otherwise, by the cut-off; with basis ``ttm``
        those whose twelve months hold one.
        """
        name = f"{YEAR_AGO}.{field}"
        given = (quarters.add(label, -4) for label in self.labels() if name in self.files[label].printed)
        found = [quarter for quarter in given if self._is_represented(field, quarter)]
        reach = 4 if basis == "ttm" else 1
        return frozenset(quarters.add(quarter, later) for quarter in found for later in range(reach))

    def frame(self, fields: Sequence[str], basis: Basis) -> DataFrame:
        """One float64 column a field, one row a public quarter; NaN where absent."""
        from pandas import DataFrame, Index

        labels = self.labels()
        columns = {field: [self._value(basis, field, label) for label in labels] for field in fields}
        return DataFrame(columns, index=Index(labels, name="quarter"), columns=list(fields), dtype="float64")

    def _on(self, basis: Basis, field: str, quarter: str) -> Figure:
        if basis == "ttm":
            return self.ttm(field, quarter)
        if basis == "quarter":
            return self.figure(field, quarter)
        raise ValueError(f"no basis {basis!r}; known: quarter, ttm")

    def _value(self, basis: Basis, field: str, quarter: str) -> float:
        try:
            return self._on(basis, field, quarter).number
        except AbsentFigure:
            return float("nan")

    def _known(self, field: str) -> Field:
        require_known(field, self.fields, "field")
        return self.fields[field]

    def _require_flow(self, field: str) -> None:
        if not self._known(field).is_flow:
            raise ValueError(f"four quarters of {field!r} do not add up to a year")

    def _figure(self, field: str, quarter: str, block: str, when: str) -> Figure | None:
        place = (block, field, quarter, when)
        if place not in self._made:
            self._made[place] = self._printed(field, quarter, block, when)
        return self._made[place]

    def _printed(self, field: str, quarter: str, block: str, when: str) -> Figure | None:
        known = self._known(field)
        for name in (field, field + FIRST_PRINTED):
            printed = self._public(f"{block}{name}", quarter)
            if printed is not None:
                return self._told(printed, known, f"{known.label}, {when}")
        return None

    def _told(self, printed: Printed, field: Field, label: str) -> Figure:
        """What was printed, in the shares of the cut-off."""
        is_moved = field.unit in (COUNTED, OF_ONE)
        ratio = shares_for_one(self.splits, printed.source.published, self.cutoff) if is_moved else 1.0
        if ratio == 1:
            return Figure(printed.value, field.unit, label, printed.source)
        value = adjusted(printed.value, field.unit, ratio)
        return Figure(value, field.unit, f"{label}, in the shares of {self.cutoff}", printed.source)

    def _is_represented(self, field: str, quarter: str) -> bool:
        now, first = self.get(field, quarter), self._first_printed(field, quarter)
        return now is not None and first is not None and now.value != first.value

    def _in_proportion(self, field: str, quarter: str, then: Figure) -> Figure:
        now, first = self.figure(field, quarter), self._first_printed(field, quarter)
        if first is None or min(now.number, first.number) <= 0:
            return then  # no proportion
        label = f"{then.label}, in proportion to {quarter} as re-presented"
        return (then * (now / first)).named(label, then.unit)

    def _first_printed(self, field: str, quarter: str) -> Figure | None:
        """The figure of the quarter's own document."""
        file = self.files.get(quarter)
        printed = file.printed.get(field) if file is not None else None
        if printed is None or printed.source.published > self.cutoff:
            return None
        return self._told(
            printed, self._known(field), f"{self._known(field).label}, {quarter}, as first printed"
        )

    def _public(self, path: str, quarter: str) -> Printed | None:
        places = [(quarter, path)]
        if path in self.fields:  # not within a block
            places.insert(0, (quarters.add(quarter, 4), f"{YEAR_AGO}.{path}"))
        for label, name in places:
            file = self.files.get(label)
            printed = file.printed.get(name) if file is not None else None
            if printed is not None and printed.source.published <= self.cutoff:
                return printed
        return None

    def _sum_or_printed(self, field: str, quarter: str, blocks: tuple[str, ...], when: str) -> Figure | None:
        place = ("sum", field, quarter, when)
        if place not in self._made:
            self._made[place] = self._twelve_months(field, quarter, blocks, when)
        return self._made[place]

    def _twelve_months(self, field: str, quarter: str, blocks: tuple[str, ...], when: str) -> Figure | None:
        found = [self._figure(field, quarter, f"{block}.", when) for block in blocks]
        printed = next((figure for figure in found if figure is not None), None)
        parts = [self.get(field, label) for label in quarters.last_four(quarter)]
        present = [part for part in parts if part is not None]
        if len(present) < 4:
            return printed
        added = total(present, f"{self._known(field).label}, {when}")
        if printed is not None and printed.value != added.value:
            return printed
        return added

    @cached_property
    def _made(self) -> dict[tuple[str, ...], Figure | None]:
        """Each figure made once, so that a trace meets the same number as the same figure."""
        return {}

    def _present(self, figure: Figure | None, field: str, when: str) -> Figure:
        if figure is None:
            raise AbsentFigure(f"{field} of {when} was not public on {self.cutoff}")
        return figure
