"""Grades hang on the data: changing a figure changes the claims that rest on it and no other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from analysis.articles import JudgedClaim, open_judge
from analysis.data import open_edition
from tests.articles.conftest import LATEST
from tests.conftest import Edit

Outcome = tuple[str, tuple[object, ...]]


def judged(data: Path) -> dict[str, JudgedClaim]:
    return {claim.claim.id: claim for claim in open_judge(open_edition(LATEST, data), data).claims()}


def outcome(claim: JudgedClaim) -> Outcome:
    values = tuple(number.computed.value if number.computed else None for number in claim.numbers)
    return claim.grade, values


def resting_on(claims: Mapping[str, JudgedClaim], path: str, field: str) -> set[str]:
    """The claims whose computed numbers have this place in ``data/`` among their sources."""
    return {
        name
        for name, claim in claims.items()
        for number in claim.numbers
        if number.computed is not None
        and any((source.path, source.field) == (path, field) for source in number.computed.sources())
    }


CHANGES = [
    # file, figure, old, new, grades that must change
    (
        "amazon/quarters/2025Q1.yml",
        "segments.aws.net_sales",
        "  aws:\n    net_sales: 29267\n    operating_income: 11547",
        "  aws:\n    net_sales: 25049\n    operating_income: 11547",
        {"A05": "holds", "D05": "does not hold"},  # no growth in that quarter, so none of double digits
    ),
    (
        "amazon/quarters/2024Q4.yml",
        "segments.aws.operating_income",
        "  aws:\n    net_sales: 28786\n    operating_income: 10632",
        "  aws:\n    net_sales: 28786\n    operating_income: 12300",
        {"E04": "holds", "E18": "does not hold"},
    ),
    (
        "analysts.csv",
        "LSEG / eps_consensus / 2025Q4",
        "LSEG,eps_consensus,2025Q4,1.97,",
        "LSEG,eps_consensus,2025Q4,1.93,",
        {"B22": "holds"},
    ),
    (
        "peers/observations.csv",
        "GOOGL / capex_guidance_low / 2026",
        "GOOGL,capex_guidance_low,2026,175,",
        "GOOGL,capex_guidance_low,2026,170,",
        {"B09": "does not hold"},
    ),
    (
        "chips.csv",
        "Trainium2 / price_performance_vs_gpu_high / 2024-12",
        "Trainium2,price_performance_vs_gpu_high,2024-12,0.4,",
        "Trainium2,price_performance_vs_gpu_high,2024-12,0.667,",
        {"A14": "holds", "E22": "does not hold"},
    ),
    (
        "prices/amzn.csv",
        "2026-03-09",
        "2026-03-09,213.49",
        "2026-03-09,250.00",
        {"C01": "does not hold", "C11": "holds"},
    ),
]


@pytest.mark.parametrize(
    ("name", "field", "old", "new", "grades"), CHANGES, ids=[f"{c[0]}:{c[1]}" for c in CHANGES]
)
def test_a_changed_figure_changes_the_claims_that_rest_on_it_and_nothing_else(
    data: Path,
    edit: Edit,
    claims: dict[str, JudgedClaim],
    name: str,
    field: str,
    old: str,
    new: str,
    grades: dict[str, str],
) -> None:
    edit(name, old, new)
    after = judged(data)
    changed = {key for key, claim in claims.items() if outcome(claim) != outcome(after[key])}
    assert changed <= resting_on(claims, f"data/{name}", field)
    graded = {key: after[key].grade for key in claims if claims[key].grade != after[key].grade}
    assert graded == grades


def test_a_changed_claim_changes_only_itself_and_claims_that_name_it(
    data: Path, edit: Edit, claims: dict[str, JudgedClaim]
) -> None:
    old = 'says: "25"\n        unit: usd_bn\n        measure: "AWS net sales, 2025Q1"'
    edit("articles/first-five-trillion-company.yml", old, old.replace("25", "29", 1))
    after = judged(data)
    changed = {key for key, claim in claims.items() if outcome(claim) != outcome(after[key])}
    assert changed == {"A05"}
    assert after["A05"].grade == "holds"


def test_an_explanation_goes_when_the_figure_behind_it_changes(
    data: Path, edit: Edit, claims: dict[str, JudgedClaim]
) -> None:
    before = claims["A05"].behind
    assert before is not None
    edit("amazon/quarters/2024Q1.yml", "    net_sales: 25037\n", "    net_sales: 27037\n")
    assert judged(data)["A05"].behind is None


def test_figures_of_later_quarters_do_not_reach_back(data: Path, claims: dict[str, JudgedClaim]) -> None:
    for quarter in ("2025Q3", "2025Q4"):
        path = data / f"amazon/quarters/{quarter}.yml"
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("purchases_of_property_and_equipment: -", "purchases_of_property_and_equipment: -9")
        )
    after = judged(data)
    assert [k for k in claims if k[0] in "AE" and outcome(claims[k]) != outcome(after[k])] == []
