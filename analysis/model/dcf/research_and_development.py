"""Research spending as an investment: the asset it builds, and profit and capital with it.

Expensed, research lowers profit in the year it is spent; capitalised, it is an asset written off in
equal parts over its life. Free cash flow is the same either way; profit, capital and returns are not.

Source: Damodaran 2012, ch. 9 (capitalising R&D expenses).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.model._conventions import as_path, require_whole, total
from analysis.model._inputs import InputError, Number, checked, require_non_negative
from analysis.model.dcf.free_cash_flow import OperatingLines


@dataclass(frozen=True)
class ResearchAsset:
    """Capitalised research at the end of a year, and what that year adds to and writes off it."""

    asset: Number  # adds to invested capital
    spending: Number
    amortisation: Number

    @property
    def adjustment(self) -> Number:
        """What capitalising adds to operating income: the year's spending less its amortisation.

        It adds as much to NOPAT, since tax is deducted on the spending in either case, and to
        reinvestment.
        """
        return self.spending - self.amortisation


@checked
def research_asset(spending: Iterable[Number], life: Number) -> ResearchAsset:
    """The asset at the end of the last year of ``spending``, written off straight-line over ``life`` years.

    ``spending`` is chronological and must reach back ``life`` years before the last one. The write-off begins
    the year after: of what was spent k years ago ``1 − k / life`` is left, and this year writes off
    ``1 / life`` of what was spent 1 to ``life`` years ago.

    Raises ``ValueError`` naming ``spending`` when it is too short or negative; earlier years than needed
    are allowed and have no effect.

    >>> result = research_asset([60.0, 80.0, 100.0], life=2)
    >>> result.asset, result.amortisation, result.adjustment
    (140.0, 70.0, 30.0)
    """
    require_whole(1, life=life)
    spending = as_path("spending", spending)
    require_non_negative(**{f"spending[{year}]": amount for year, amount in enumerate(spending, start=1)})
    years = int(float(life))
    needed = years + 1
    if len(spending) < needed:
        raise InputError(
            f"spending must have at least {needed} years for a life of {life}, got {len(spending)}"
        )
    ago = spending[::-1]
    left = tuple(ago[k] * ((life - k) / life) for k in range(years))
    written_off = tuple(ago[k] / life for k in range(1, needed))
    return ResearchAsset(asset=total(left), spending=ago[0], amortisation=total(written_off))


@checked
def research_path(
    past: Iterable[Number], forecast: Iterable[Number], life: Number
) -> tuple[ResearchAsset, ...]:
    """The research asset of each forecast year, ``past`` ending with the base year.

    ``asset_t = asset_{t−1} + spending_t − amortisation_t``, as :func:`research_asset` of all years up to t.
    """
    past, forecast = as_path("past", past), as_path("forecast", forecast)
    return tuple(research_asset((*past, *forecast[: year + 1]), life) for year in range(len(forecast)))


@checked
def capitalise_research(lines: OperatingLines, research: Iterable[ResearchAsset]) -> OperatingLines:
    """Operating lines with research as investment: profit and reinvestment up by each year's adjustment.

    ``adjustment = spending − amortisation``. Sales and free cash flow stay as they were. The opening capital
    goes up by the base year's asset. Raises ``ValueError`` naming ``research`` when it has not one entry per
    year.
    """
    research = tuple(research)
    if len(research) != lines.years:
        raise InputError(f"research must have {lines.years} years, got {len(research)}")
    changes = tuple(year.adjustment for year in research)
    return lines.adjusted(operating_income=changes, nopat=changes, reinvestment=changes)
