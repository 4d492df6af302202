"""The starting point of the model agrees with the reported quarters it is made of."""

from pathlib import Path

import pytest
import yaml

from analysis.data import Edition, open_edition
from analysis.figures import Figure
from analysis.valuation import inputs


def reported(*path: str, quarters: tuple[str, ...]) -> float:
    """Sum over quarters, in USD billions, straight from the files."""
    added = 0.0
    for quarter in quarters:
        file = DATA / "amazon" / "quarters" / f"{quarter}.yml"
        entry = yaml.safe_load(file.read_text(encoding="utf-8"))
        for key in path:
            entry = entry[key]
        added += entry
    return added / 1000


DATA = Path(__file__).parents[2] / "data"
YEAR = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
BEFORE = ("2024Q1", "2024Q2", "2024Q3", "2024Q4")


def test_sales_of_the_three_parts_add_up_to_net_sales(edition: Edition) -> None:
    base = inputs.plain(inputs.base_figures(edition))
    assert base.advertising is not None
    parts = base.aws.sales + base.stores.sales + base.advertising.sales
    assert parts == pytest.approx(reported("income", "net_sales", quarters=YEAR), abs=1e-9)


def test_operating_income_of_the_parts_adds_up_to_the_reported(edition: Edition) -> None:
    base = inputs.plain(inputs.base_figures(edition))
    both = base.aws_operating_income + base.retail_operating_income
    assert both == pytest.approx(reported("income", "operating_income", quarters=YEAR), abs=1e-9)


def test_capital_expenditure_is_positive_and_net_of_proceeds(edition: Edition) -> None:
    bought = reported("cash_flow", "purchases_of_property_and_equipment", quarters=YEAR)
    sold = reported("cash_flow", "proceeds_from_sales_and_incentives", quarters=YEAR)
    assert inputs.capital_expenditure(edition).number == pytest.approx(-bought - sold, abs=1e-9)


def test_growth_of_stores_leaves_advertising_out_of_both_years(edition: Edition) -> None:
    def stores(quarters: tuple[str, ...]) -> float:
        whole = sum(reported("segments", name, "net_sales", quarters=quarters) for name in inputs.RETAIL)
        return whole - reported("service_lines", "advertising_services", quarters=quarters)

    base = inputs.plain(inputs.base_figures(edition))
    assert base.stores.growth == pytest.approx(stores(YEAR) / stores(BEFORE) - 1, abs=1e-12)
    assert base.stores.growth_latest == pytest.approx(stores(YEAR[-1:]) / stores(BEFORE[-1:]) - 1, abs=1e-12)


@pytest.mark.parametrize("label", ["2019Q4", "2020Q4", "2021Q3"])
def test_before_advertising_was_reported_apart_retail_stays_whole(label: str) -> None:
    edition = open_edition(label)
    base = inputs.base_figures(edition)
    assert base.advertising is None
    assert base.stores.sales.number == inputs.retail(edition, "net_sales").number


def test_the_first_year_of_separate_advertising_uses_its_yearly_growth_for_both() -> None:
    trailing = inputs.advertising_trailing(open_edition("2021Q4"))
    assert trailing is not None
    assert trailing.growth is trailing.growth_latest


def test_guidance_counts_only_for_the_first_projected_year_and_once_public() -> None:
    given = inputs.capex_guidance(open_edition("2025Q4"))
    assert given is not None
    assert given.source is not None
    assert given.source.field is not None
    assert "FY2026" in given.source.field
    assert inputs.capex_guidance(open_edition("2025Q2")) is None
    assert inputs.capex_guidance(open_edition("2024Q4")) is None


@pytest.mark.parametrize(("label", "first", "steps"), [("2025Q4", 2026, 1.0), ("2025Q1", 2025, 0.75)])
def test_projection_starts_where_the_quarter_ends(label: str, first: int, steps: float) -> None:
    edition = open_edition(label)
    assert inputs.years_of(edition)[0] == first
    assert inputs.years_of(edition)[-1] == inputs.LAST_YEAR
    assert inputs.steps_of(edition)[0] == steps
    assert len(inputs.steps_of(edition)) == len(inputs.years_of(edition))


def test_of_a_year_that_has_begun_the_base_has_what_was_reported() -> None:
    base, so_far = inputs.plain(inputs.base_figures(open_edition("2025Q3"))), YEAR[:3]
    sold = base.aws.so_far + base.stores.so_far + base.advertising.so_far
    assert sold == pytest.approx(reported("income", "net_sales", quarters=so_far), abs=1e-9)
    earned = base.aws_income_so_far + base.retail_income_so_far
    assert earned == pytest.approx(reported("income", "operating_income", quarters=so_far), abs=1e-9)


@pytest.mark.parametrize("label", ["2019Q4", "2021Q3", "2025Q4"])
def test_where_no_year_has_begun_or_a_line_was_not_told_nothing_is_so_far(label: str) -> None:
    """Advertising of 2021 was told with the fourth quarter: until then retail, begun, is one part."""
    edition = open_edition(label)
    base = inputs.base_figures(edition)
    begun = inputs.steps_of(edition)[0] < 1
    assert (base.aws.so_far is not None) is (base.retail_income_so_far is not None) is begun
    assert (base.stores.so_far is not None) is begun


@pytest.mark.parametrize("label", ["2019Q4", "2021Q4", "2022Q2", "2024Q4-2025-04-02", "2025Q4"])
def test_nothing_in_the_starting_point_was_published_after_the_cut_off(label: str) -> None:
    edition = open_edition(label)
    base = inputs.base_figures(edition)
    figures = [base.aws.sales, base.aws.growth, base.stores.growth_latest, base.capex, base.free_cash_flow]
    assert all(isinstance(figure, Figure) and figure.published <= edition.cutoff for figure in figures)


def test_plain_replaces_every_figure_and_keeps_what_is_absent() -> None:
    base = inputs.plain(inputs.base_figures(open_edition("2019Q4")))
    assert isinstance(base.aws.sales, float)
    assert base.capex_guidance is None
    assert base.advertising is None


def test_plain_refuses_what_is_no_record() -> None:
    with pytest.raises(TypeError, match="float"):
        inputs.plain(3.0)
