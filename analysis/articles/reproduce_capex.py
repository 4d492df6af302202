"""The comparison of capital spending in the report on the fourth quarter of 2025."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.articles.reproduction import Line, Worked, lines, named, step
from analysis.data import Edition
from analysis.figures import Figure, kernel_result, total
from analysis.model.projection.growth import run_rate
from analysis.model.projection.segments import FORMULAS, project
from analysis.valuation.group import Group
from analysis.valuation.inputs import ttm

PEERS = "peers/observations"


def capex(given: Mapping[str, Figure], then: Edition, group: Group) -> Worked:
    """Four companies' spending: as the article has it, and by guidance or cash paid."""
    quarter = named(run_rate(given["capex_microsoft_quarter"]), "its quarter times four", "usd_bn")
    theirs = {
        "Amazon": given["capex_amazon"],
        "Alphabet": _middle(given["capex_alphabet_low"], given["capex_alphabet_high"]),
        "Microsoft": quarter,
        "Meta": _middle(given["capex_meta_low"], given["capex_meta_high"]),
    }
    ours = _ours(group.edition)
    sums = [total(list(found.values()), "the four together") for found in (theirs, ours)]
    cash = (given["operating_cash_flow"], ttm(group.edition, "cash_flow.operating_cash_flow"))
    weights = [
        named(spent / brought, "plan over operating cash flow of the year before", "fraction")
        for spent, brought in zip((theirs["Amazon"], ours["Amazon"]), cash, strict=True)
    ]
    return Worked(
        lines=lines(
            *((name, theirs[name], ours[name]) for name in theirs),
            ("Amazon: operating cash flow", *cash),
            (
                "Amazon: free cash flow",
                given["free_cash_flow"],
                ttm(group.edition, "cash_flow.free_cash_flow"),
            ),
            ("Amazon: plan over operating cash flow", weights[0], weights[1]),
            ("Amazon: free cash flow of the year to come", None, _ahead(group)),
        ),
        result=Line("The four together", sums[0], sums[1]),
        shown={"quarter": quarter, "paid": ours["Microsoft"], "ahead": _ahead(group), "weight": weights[1]},
        causes=tuple(step(name, theirs[name], ours[name]) for name in theirs),
    )


def _ours(edition: Edition) -> dict[str, Figure]:
    """Guidance for the year to come where it was given, for Microsoft the cash paid in the year before."""

    def guided(entity: str) -> Figure:
        return _middle(
            *(edition.latest(PEERS, entity=entity, metric=f"capex_guidance_{end}") for end in ("low", "high"))
        )

    return {
        "Amazon": guided("AMZN"),
        "Alphabet": guided("GOOGL"),
        "Microsoft": edition.latest(PEERS, entity="MSFT", metric="capex"),
        "Meta": guided("META"),
    }


def _middle(low: Figure, high: Figure) -> Figure:
    return named((low + high) / 2, f"middle of {low.label} and {high.label}", "usd_bn")


def _ahead(group: Group) -> Figure:
    label = f"Free cash flow in {group.years[0]}, {group.scenario} scenario"
    return kernel_result(
        group.projection.free_cash_flow[0], label, "usd_bn", project, FORMULAS["free_cash_flow"]
    )
