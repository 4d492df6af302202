"""What others have published as Amazon's value: targets and fair values a share, each entity's latest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from analysis.data import Edition
from analysis.figures import Figure

SERIES = "analysts"
METRICS = ("price_target", "fair_value", "price_target_low", "price_target_mean", "price_target_high")
MEAN = "price_target_mean"
DAYS = 365
JUDGED = "article_claim"  # kept to be judged, not to value by


@dataclass(frozen=True)
class PublishedValue:
    """A value a share that someone published, the method they name, and the same for all shares."""

    entity: str
    metric: str
    method: str
    share: Figure
    whole: Figure


def published_values(edition: Edition) -> list[PublishedValue]:
    """Values a share published in the year before the cut-off, the latest of each entity, highest first.

    Claims of the articles judged in this report are left out.
    """
    frame = edition.observations(SERIES)
    since = edition.cutoff - timedelta(days=DAYS)
    chosen = frame[
        frame["metric"].isin(METRICS) & (frame["quality"] != JUDGED) & (frame["published"].dt.date > since)
    ]
    latest = chosen.sort_values("published").drop_duplicates(["entity", "metric"], keep="last")
    found = [
        _published(edition, str(row.entity), str(row.metric), str(row.period)) for row in latest.itertuples()
    ]
    return sorted(found, key=lambda each: -each.whole.number)


def middle(values: Sequence[PublishedValue]) -> Figure:
    """The mean that a collector of targets published; without one, the median; the highest come first."""
    means = [each.whole for each in values if each.metric == MEAN]
    half = len(values) // 2
    return means[0] if means else (values[-1 - half].whole + values[half].whole) / 2


def _published(edition: Edition, entity: str, metric: str, period: str) -> PublishedValue:
    share = edition.observation(SERIES, entity=entity, metric=metric, period=period)
    frame = edition.observations(SERIES)
    rows = frame[
        (frame["entity"] == entity) & (frame["metric"] == f"{metric}_method") & (frame["period"] == period)
    ]
    method = str(rows["value"].iloc[-1]) if len(rows) else "not stated"
    day = share.published or edition.cutoff
    ratio = edition.shares_for_one(day)
    named = (share if ratio == 1 else share / ratio).named(f"{entity}, {metric.replace('_', ' ')}, {period}")
    counted = edition.shares_on(day)
    whole = (named * counted / 1000).named(f"{named.label}, all shares", "usd_bn")
    return PublishedValue(entity, metric, method, named, whole)
