"""What it costs the stores to deliver: shipping and fulfilment for each dollar of retail sales."""

from __future__ import annotations

import pandas as pd

from analysis.data import AbsentFigure, Edition, quarters
from analysis.figures import Figure, total
from analysis.valuation.inputs import retail, ttm

SHIPPING, FULFILMENT = "ww_shipping_costs", "income.fulfillment"


def shipping(edition: Edition, quarter: str) -> Figure:
    """Shipping costs of the twelve months to ``quarter`` in usd_bn; raises ``AbsentFigure``."""
    label = f"Shipping costs, twelve months to {quarter}"
    if quarter.endswith("Q4"):
        try:
            return edition.key_figure(SHIPPING, f"FY{quarter[:4]}").to("usd_bn").named(label)
        except AbsentFigure:
            pass  # the year was not printed; its quarters may have been
    parts = [edition.key_figure(SHIPPING, part).to("usd_bn") for part in quarters.last_four(quarter)]
    return total(parts, label)


def shipping_share(edition: Edition, quarter: str) -> Figure:
    """Shipping costs for each dollar of retail sales."""
    share = shipping(edition, quarter) / retail(edition, "net_sales", quarter)
    return share.named(f"Shipping costs over retail sales, twelve months to {quarter}", "fraction")


def fulfilment_share(edition: Edition, quarter: str) -> Figure:
    """Fulfilment expense for each dollar of retail sales."""
    share = ttm(edition, FULFILMENT, quarter) / retail(edition, "net_sales", quarter)
    return share.named(f"Fulfilment expense over retail sales, twelve months to {quarter}", "fraction")


def known(edition: Edition) -> list[str]:
    """Quarters to show: the fourth of each year with shipping costs, and the latest one with them."""
    found = [quarter for quarter in edition.quarters() if _is_known(edition, quarter)]
    return [quarter for quarter in found if quarter.endswith("Q4") or quarter == found[-1]]


def frame(edition: Edition) -> pd.DataFrame:
    """Both costs by quarter, tidy: ``quarter``, ``cost``, ``share``; a year without figures is a gap."""
    shown = known(edition)
    between = [f"{year}Q4" for year in range(int(shown[0][:4]), int(shown[-1][:4]))] if shown else []
    rows: list[tuple[str, str, float]] = []
    for quarter in sorted({*shown, *between}):
        is_known = quarter in shown
        rows += [
            ("Shipping", quarter, shipping_share(edition, quarter).number if is_known else float("nan")),
            ("Fulfilment", quarter, fulfilment_share(edition, quarter).number if is_known else float("nan")),
        ]
    return pd.DataFrame(rows, columns=["cost", "quarter", "share"])[["quarter", "cost", "share"]]


def _is_known(edition: Edition, quarter: str) -> bool:
    try:
        shipping_share(edition, quarter)
    except AbsentFigure:
        return False
    return True
