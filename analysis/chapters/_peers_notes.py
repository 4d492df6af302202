"""The sentences of the peers page that compare Amazon with others, where others were public."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from analysis.chapters._notes import paragraph
from analysis.chapters.page import Unavailable
from analysis.charts.note import Note
from analysis.figures import Figure

ANSWER = (
    "On {day} investors paid {amazon_sales} Amazon's sales, {sales_rank} large platforms, and "
    "{amazon_profit:x1} its operating income, {profit_rank}. The two disagree because its margin is "
    "{margin_rank}: a low multiple of sales on a thin margin is not a low price."
)
ALONE = "What investors paid for other large platforms on one day was not public by {cutoff}."
PAST = (
    "Beside its own past, month by month since {first_month}, Amazon was cheaper than on {price_day} "
    "{sales_cheaper} by sales and {profit_cheaper} by operating income."
)
COMPARED = {
    "medians": (
        "At the peers' median price of a dollar of sales, {median_sales}, Amazon would be worth "
        "{at_median_sales}. At their median price of a dollar of operating income, {median_profit:x1}, it "
        "would be worth {at_median_profit}."
    ),
    "choice": (
        "The same companies on the same day give both answers: the measure decides. Whoever argues from "
        "sales assumes, without saying it, that Amazon's margin will rise to theirs, a median of "
        "{median_margin:percent0} against {margin:percent0}. Most of Amazon's sales are goods that pass "
        "through a store, and no store of that size earns such a margin."
    ),
    "ray": (
        "The market sees this: it pays more for a dollar of sales where more of it is kept. A company on "
        "the dashed line is paid for its profit exactly what Amazon is, {amazon_profit:x1}."
    ),
    "growth": (
        "Growth is worth paying for, but its price cannot be read off the chart. {fastest} grew fastest, by "
        "{fastest_growth:percent0}, and was paid {fastest_profit:x1} its operating income; Amazon's sales "
        "grew by {growth:percent0}."
    ),
    "few": ("A handful of companies on one day is an illustration, not evidence of a rule."),
    "definition": (
        "One definition holds for every row: closing price times the latest share count public that day, "
        "over the latest twelve months of which both sales and operating income are known. Where that year "
        "ends long before the price ({dated}), growth since then would lower the multiples shown. Companies "
        "priced on another day have it in their row and appear in no chart."
    ),
}
STORE = (
    "Another large store makes the point from the other side. On {walmart_day} investors paid "
    "{walmart_sales} Walmart's sales at a margin of {walmart_margin}, and that was {walmart_profit:x1} its "
    "operating income."
)


def sentences(numbers: Mapping[str, Figure], absent: str) -> dict[str, Callable[[], Note | Unavailable]]:
    """The page's notes by name; those that compare are left out, as ``absent``, while there is no one to."""
    is_compared = "median_sales" in numbers

    def of_peers(template: str) -> Note | Unavailable:
        return paragraph(template, numbers) if is_compared else Unavailable(absent, quiet=True)

    def store() -> Note | Unavailable:
        if "walmart_day" not in numbers:
            return Unavailable("Walmart's market value", quiet=True)
        return paragraph(STORE, numbers)

    return {
        "answer": lambda: paragraph(f"{ANSWER if is_compared else ALONE} {PAST}", numbers),
        **{name: partial(of_peers, template) for name, template in COMPARED.items()},
        "store": store,
    }
