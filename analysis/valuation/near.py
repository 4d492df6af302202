"""Near forecasts: what an edition says about the very next quarter, to be held against what comes."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.data import Edition, quarters
from analysis.figures import Figure
from analysis.model.projection.growth import QUARTERS
from analysis.model.projection.segments import DRIVERS_OF
from analysis.valuation import inputs
from analysis.valuation.first_years import forecast_parts, known_parts, quarter_of


@dataclass(frozen=True)
class NearForecast:
    """Sales of a part in the quarter after an edition's: as forecast, and what came (``None`` until then)."""

    part: str
    quarter: str
    low: Figure
    value: Figure
    high: Figure
    came: Figure | None

    @property
    def inside(self) -> bool | None:
        """Whether what came lies within the interval; ``None`` until it has come."""
        return None if self.came is None else self.low.number <= self.came.number <= self.high.number


def near_forecasts(edition: Edition, now: Edition | None = None) -> tuple[NearForecast, ...]:
    """Sales of each part in the quarter after the edition's, by the base scenario: low, value and high.

    ``sales of the same quarter a year before × (1 + growth as forecast + change)``; the changes of the ends
    are those of the driver of growth, which one case in ten falls below and one in ten exceeds. ``now`` knows
    what came. A part that is not forecast is left out.
    """
    quarter = quarters.add(edition.quarter, 1)
    found = []
    for part, made in edition.once(forecast_parts).items():
        then = edition.once(known_parts)[part].values[-QUARTERS]
        driver = edition.drivers("base")[f"{DRIVERS_OF[part]}.growth_change"]
        low, value, high = (
            (made[0] + then * change).named(f"{part} sales in {quarter}, {word} forecast", "usd_bn")
            for change, word in zip(inputs.three_ways(driver), ("low", "middle", "high"), strict=True)
        )
        came = None if now is None else quarter_of(now, part, quarter)
        found.append(NearForecast(part, quarter, low, value, high, came))
    return tuple(found)
