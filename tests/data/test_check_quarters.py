"""The check of reported quarters finds every kind of mistake in a file of figures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Edit
from tests.data.conftest import Problems, quarter

Q = "data/amazon/quarters/"


def test_an_unknown_field_is_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "  pretax_income:", "  pre_tax_income: 1\n  pretax_income:")
    assert problems() == [
        f"{Q}2025Q3.yml: income.pre_tax_income: is an unknown field"
        " (expected a field of data/amazon/fields.yml)"
    ]


def test_an_unknown_section_is_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "balance:", "outlook:\n  net_sales: 1\nbalance:")
    assert [line.split(" (expected")[0] for line in problems()] == [
        f"{Q}2025Q3.yml: outlook: is an unknown field"
    ]


def test_a_missing_required_field_is_named_with_label_and_place(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "  stockholders_equity: 369631\n", "")
    assert problems() == [
        f"{Q}2025Q3.yml: balance.stockholders_equity: is missing"
        " (expected Stockholders' equity in usd_m, from Release, consolidated balance sheets; where no"
        " document at hand has it, below `acknowledged` the reason: `{value: absent, why: …}`)"
    ]


def test_a_missing_required_field_may_be_acknowledged(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "  stockholders_equity: 369631\n", "")
    why = 'acknowledged:\n  balance.stockholders_equity: {value: absent, why: "not at hand"}\nsources:'
    edit(quarter("2025Q3"), "sources:", why)
    assert problems() == []
    edit(quarter("2025Q3"), "  total_assets:", "  stockholders_equity: 369631\n  total_assets:")
    assert [line.split(" (expected")[0] for line in problems()] == [
        f"{Q}2025Q3.yml: acknowledged.balance.stockholders_equity: acknowledges a figure that is not out of"
        " line"
    ]


def test_a_line_without_value_is_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "  stockholders_equity: 369631\n", "  stockholders_equity:\n")
    assert problems() == [
        f"{Q}2025Q3.yml: balance.stockholders_equity: has no value"
        " (expected Stockholders' equity in usd_m, or no such line where it is not known)"
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"369631"', "'369631' is text (expected a number without quotes, commas or units)"),
        ("369,631", "'369,631' is text (expected a number without quotes, commas or units)"),
        ("about 369631", "'about 369631' is not a number (expected a number)"),
        ("true", "True is not a number (expected a number)"),
        ("[369631]", "[369631] is not a number (expected a number)"),
        ("2025-09-30", "2025-09-30 is not a number (expected a number)"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(edit: Edit, problems: Problems, value: str, said: str) -> None:
    edit(quarter("2025Q3"), "  stockholders_equity: 369631", f"  stockholders_equity: {value}")
    assert problems() == [f"{Q}2025Q3.yml: balance.stockholders_equity: {said}"]


@pytest.mark.parametrize("value", [".nan", ".inf", "-.inf"])
def test_nan_and_infinity_are_named(edit: Edit, problems: Problems, value: str) -> None:
    edit(quarter("2025Q3"), "  stockholders_equity: 369631", f"  stockholders_equity: {value}")
    assert f"{Q}2025Q3.yml: balance.stockholders_equity: is {value} (expected a finite number)" in problems()


def test_billions_in_place_of_millions_are_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "  stockholders_equity: 369631", "  stockholders_equity: 369.631")
    assert problems() == [
        f"{Q}2025Q3.yml: balance.stockholders_equity: 369.631 is not a whole number"
        " (expected usd_m: USD millions as printed, without decimals)"
    ]


def test_a_wrong_sign_is_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "  long_term_debt: ", "  long_term_debt: -")
    assert [line.split(" (")[0] for line in problems()] == [
        f"{Q}2025Q3.yml: balance.long_term_debt: -50742 has the wrong sign"
    ]


def test_a_mapping_where_a_section_should_be_is_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "\nbalance:\n", "\nbalance: none\nbalances:\n")
    found = problems()
    assert f"{Q}2025Q3.yml: balance: 'none' is not a mapping (expected keys with values)" in found
    assert any(line.startswith(f"{Q}2025Q3.yml: balances: is an unknown field") for line in found)


def test_a_quarter_given_twice_is_named(data: Path, problems: Problems) -> None:
    shutil.copy(data / quarter("2025Q3"), data / "amazon/quarters/2025Q3-copy.yml")
    assert problems() == [
        f"{Q}2025Q3-copy.yml: (file): is not named by its quarter (expected a name such as 2025Q4.yml)",
        f"{Q}2025Q3-copy.yml: quarter: 2025Q3 is given twice, here and in 2025Q3.yml"
        " (expected one file for each quarter)",
    ]


def test_a_file_that_says_it_is_another_quarter_is_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "quarter: 2025Q3", "quarter: 2025Q2")
    assert problems() == [f"{Q}2025Q3.yml: quarter: is 2025Q2 (expected 2025Q3, as the file is named)"]


def test_a_wrong_period_end_is_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "period_end: 2025-09-30", "period_end: 2025-09-29")
    assert problems() == [
        f"{Q}2025Q3.yml: period_end: is 2025-09-29 (expected 2025-09-30, the quarter's last day)"
    ]


def test_a_gap_between_quarters_is_named_by_the_file_that_is_missing(data: Path, problems: Problems) -> None:
    (data / quarter("2024Q2")).unlink()
    assert problems() == [
        f"{Q}2024Q2.yml: (file): is missing between 2024Q1 and 2024Q3"
        " (expected a file for every quarter from first to last)"
    ]


def test_no_quarter_at_all_is_a_problem(data: Path, problems: Problems) -> None:
    for path in (data / "amazon/quarters").iterdir():
        path.unlink()
    assert any(line.startswith("data/amazon/quarters: (folder): has no quarter") for line in problems())


def test_publication_before_the_quarters_end_is_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "published: 2025-10-30  #", "published: 2025-09-30  #")
    assert (
        f"{Q}2025Q3.yml: published: 2025-09-30 is not after the quarter's end"
        " (expected a day after 2025-09-30)"
    ) in problems()


def test_publication_of_one_figure_before_the_quarters_end_is_named(edit: Edit, problems: Problems) -> None:
    edit(
        quarter("2025Q3"),
        "sources:",
        "sources:\n  income.tax:\n    document: a filing\n    published: 2025-07-01",
    )
    assert problems() == [
        f"{Q}2025Q3.yml: sources.income.tax.published: 2025-07-01 is not after the quarter's end"
        " (expected a day after 2025-09-30)"
    ]


@pytest.mark.parametrize("key", ["document", "url", "published"])
def test_a_missing_source_is_named(data: Path, problems: Problems, key: str) -> None:
    path = data / quarter("2025Q3")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(f"{key}:")))
    assert any(line.startswith(f"{Q}2025Q3.yml: {key}: is missing (expected ") for line in problems())


def test_a_source_of_a_figure_that_is_not_there_is_named(edit: Edit, problems: Problems) -> None:
    edit(
        quarter("2025Q3"),
        "sources:",
        "sources:\n  income.taxes:\n    document: a filing\n    published: 2025-10-31",
    )
    assert problems() == [
        f"{Q}2025Q3.yml: sources.income.taxes: names a figure that the file does not have"
        " (expected the dotted path of a figure in this file)"
    ]


def test_an_own_source_without_date_is_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "sources:", "sources:\n  income.tax:\n    document: a filing")
    assert problems() == [
        f"{Q}2025Q3.yml: sources.income.tax.published: is missing (expected a date as year-month-day)"
    ]


def test_an_unknown_quality_of_a_source_is_named(edit: Edit, problems: Problems) -> None:
    own = "sources:\n  income.tax:\n    document: a filing\n    published: 2025-10-31\n    quality: sure"
    edit(quarter("2025Q3"), "sources:", own)
    assert problems() == [
        f"{Q}2025Q3.yml: sources.income.tax.quality: 'sure' is not known"
        " (expected one of primary, secondary, estimate, article_claim, assumption)"
    ]


def test_the_years_figures_belong_to_the_fourth_quarter(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "sources:", "fiscal_year:\n  income:\n    net_sales: 1\nsources:")
    assert (
        f"{Q}2025Q3.yml: fiscal_year: is given for 2025Q3"
        " (expected the year's figures in a fourth quarter's file only)"
    ) in problems()


def test_a_fourth_quarter_without_the_years_figures_is_named(data: Path, problems: Problems) -> None:
    path = data / quarter("2024Q4")
    before, _, rest = path.read_text().partition("\nfiscal_year:")
    after = rest[rest.index("\nsources:") :]
    path.write_text(before + after)
    assert (
        f"{Q}2024Q4.yml: fiscal_year: is missing"
        " (expected the year's figures as printed with the fourth quarter)"
    ) in problems()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  unit: million\n", "  unit: shares\n", "unit: 'shares' is not known"),
        ("  required: from 2018Q4\n", "  required: since 2018Q4\n", "required: 'since 2018Q4' is not known"),
        ("  sign: any\n", "  sign: plus\n", "sign: 'plus' is not known"),
        ("  where: ", "  place: ", "place: is an unknown field"),
    ],
)
def test_a_mistake_in_the_dictionary_is_named(
    data: Path, problems: Problems, old: str, new: str, said: str
) -> None:
    path = data / "amazon/fields.yml"
    path.write_text(path.read_text().replace(old, new, 1))
    assert any(line.startswith("data/amazon/fields.yml: ") and said in line for line in problems())


def test_a_field_outside_the_sections_is_named(data: Path, problems: Problems) -> None:
    path = data / "amazon/fields.yml"
    path.write_text(path.read_text().replace("\nincome.tax:", "\nincomes.tax:"))
    assert any("data/amazon/fields.yml: incomes.tax: is in no known section" in line for line in problems())


def test_a_concept_of_an_unknown_field_is_named(edit: Edit, problems: Problems) -> None:
    edit("amazon/xbrl_concepts.yml", "income.tax:", "income.taxes:")
    assert problems() == [
        "data/amazon/xbrl_concepts.yml: income.taxes: is an unknown field"
        " (expected a field of data/amazon/fields.yml)"
    ]
