"""The next quarter's file is started, filled from a filing where there is one, and never overwritten."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.data import DataError, open_edition
from analysis.data.add_quarter import add_quarter, disagreements
from analysis.data.check import check_all
from analysis.data.fields import load_fields
from analysis.data.yaml_files import read_yaml

REAL = Path(__file__).resolve().parents[2] / "data"
FILING = Path(__file__).parent / "xbrl/amzn-20221231_htm.xml.gz"
# A line that was left open, with its hint.
OPEN = re.compile(r" +\w+:  # (usd_m|usd|million): ")
Contents = Callable[[], dict[str, bytes]]


@pytest.fixture
def before_2022q4(tmp_path: Path) -> Path:
    """The real data as it stood before the fourth quarter of 2022."""
    root = shutil.copytree(REAL, tmp_path / "data")
    for folder in ("amazon/quarters", "editions"):
        for path in (root / folder).iterdir():
            if path.stem >= "2022Q4":
                path.unlink()
    return root


@pytest.fixture
def annual_report(tmp_path: Path) -> Path:
    path = tmp_path / "amzn-20221231_htm.xml"
    path.write_bytes(gzip.decompress(FILING.read_bytes()))
    return path


def test_the_files_header_is_filled_as_far_as_it_is_known(data: Path) -> None:
    path = add_quarter(data, "2026Q1")
    assert path == data / "amazon/quarters/2026Q1.yml"
    head, *lines = path.read_text().splitlines()[:6]
    assert head == "# yaml-language-server: $schema=../../schemas/quarter.json"
    assert lines[:3] == [
        "quarter: 2026Q1",
        "period_end: 2026-03-31",
        'document: "Amazon.com, Inc., press release on the first quarter of 2026"',
    ]
    assert lines[3].startswith("url: https://")
    assert lines[4].startswith("published:  #")


def test_every_field_still_printed_has_a_line_that_says_what_belongs_there(data: Path) -> None:
    text = add_quarter(data, "2026Q1").read_text()
    fields = load_fields(data, [])
    assert "  fulfillment:  # usd_m: Fulfillment; Release, consolidated statements of operations\n" in text
    for name, field in fields.items():
        listed = f"{name.rpartition('.')[2]}:  # {field.unit}: {field.label}; " in text
        assert listed is not (field.retired_in("2026Q1") or name.endswith("_as_first_printed")), name


def test_the_check_then_names_each_missing_figure(data: Path) -> None:
    add_quarter(data, "2026Q1")
    found = {
        problem.field: problem for problem in check_all(data) if problem.path.endswith("quarters/2026Q1.yml")
    }
    required = {name for name, field in load_fields(data, []).items() if field.required_in("2026Q1")}
    assert required <= set(found)
    assert {"published", "trailing_twelve_months.cash_flow.free_cash_flow"} <= set(found)
    assert all(problem.wrong in ("has no value", "is missing") for problem in found.values())


def test_the_edition_is_started_too_and_the_check_names_what_it_lacks(data: Path) -> None:
    add_quarter(data, "2026Q1")
    found = {problem.field for problem in check_all(data) if problem.path == "data/editions/2026Q1.yml"}
    assert found == {"cut_off", "price.date", "price.close_usd", "shares.value", "shares.published"}


def test_an_edition_that_is_there_is_left_as_it_is(data: Path) -> None:
    (data / "editions/2026Q1.yml").write_text("label: mine\n")
    add_quarter(data, "2026Q1")
    assert (data / "editions/2026Q1.yml").read_text() == "label: mine\n"


def test_what_ended_between_its_two_files_can_be_begun_again(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    def end(part: Path, path: Path) -> None:
        if ended:
            raise KeyboardInterrupt
        ended.append(path.name)
        link(part, path)

    link = os.link
    monkeypatch.setattr(os, "link", end)
    with pytest.raises(KeyboardInterrupt):
        add_quarter(data, "2026Q1")
    monkeypatch.setattr(os, "link", link)
    add_quarter(data, "2026Q1")
    found = {path.name for folder in ("amazon/quarters", "editions") for path in (data / folder).iterdir()}
    assert {name for name in found if name.startswith("2026Q1")} == {"2026Q1.yml"}
    assert "shares:" in (data / "editions/2026Q1.yml").read_text()


def test_a_fourth_quarter_also_lists_the_year(data: Path) -> None:
    for label in ("amazon/quarters/2025Q4", "editions/2025Q4"):
        (data / f"{label}.yml").unlink()
    draft = read_yaml(data, add_quarter(data, "2025Q4").relative_to(data).as_posix(), [])
    assert draft is not None
    assert set(draft["fiscal_year"]) == {"segments", "service_lines", "income", "cash_flow"}
    assert set(draft["trailing_twelve_months"]) == {"cash_flow"}
    assert draft["fiscal_year"]["segments"]["aws"] == {"net_sales": None, "operating_income": None}


@pytest.mark.parametrize(
    ("quarter", "said"),
    [
        ("2025Q4", "data/amazon/quarters/2025Q4.yml: (file): exists already and is left as it is"),
        ("2026Q2", "2026Q2 would leave a gap (expected 2026Q1, the quarter after the last)"),
        ("2023Q4", "2023Q4 would leave a gap (expected 2026Q1, the quarter after the last)"),
        ("2026", "'2026' is not a quarter (expected a quarter such as 2025Q4)"),
        ("../x", "'../x' is not a quarter"),
    ],
)
def test_any_other_quarter_is_refused_and_nothing_written(
    data: Path, contents: Contents, quarter: str, said: str
) -> None:
    before = contents()
    with pytest.raises(DataError) as caught:
        add_quarter(data, quarter)
    assert said in str(caught.value)
    assert contents() == before


def test_data_with_problems_is_refused_and_nothing_written(data: Path, contents: Contents) -> None:
    (data / "amazon/quarters/2025Q4.yml").write_text("quarter: [\n")
    before = contents()
    with pytest.raises(DataError, match=r"2025Q4.yml: line 2"):
        add_quarter(data, "2026Q1")
    assert contents() == before


def test_an_annual_report_fills_year_balances_and_fourth_quarter(
    before_2022q4: Path, annual_report: Path
) -> None:
    path = add_quarter(before_2022q4, "2022Q4", annual_report)
    text = path.read_text().replace("published:  #", "published: 2023-02-02  #")
    path.write_text("".join(line for line in text.splitlines(True) if not OPEN.match(line)))
    problems = [
        problem for problem in check_all(before_2022q4) if problem.path.endswith("quarters/2022Q4.yml")
    ]
    assert [problem.field for problem in problems] == ["income.diluted_eps"]
    real = open_edition("2022Q4", root=REAL).reported.files["2022Q4"].printed
    filled = _flat(read_yaml(before_2022q4, "amazon/quarters/2022Q4.yml", []) or {})
    numbers = {name: number for name, number in filled.items() if name in real}
    assert numbers == {name: real[name].value for name in numbers}
    assert set(real) - set(numbers) == {"income.diluted_eps"}


def test_a_figure_had_by_subtraction_says_so(before_2022q4: Path, annual_report: Path) -> None:
    add_quarter(before_2022q4, "2022Q4", annual_report)
    draft = read_yaml(before_2022q4, "amazon/quarters/2022Q4.yml", []) or {}
    assert (
        draft["document"] == "Amazon.com, Inc., results for the fourth quarter of 2022, in Form 10-K for 2022"
    )
    assert draft["sources"]["segments.aws.net_sales"] == {
        "verification": "crossfoot",
        "note": "fiscal year 80,096 less the three quarters before, 58,718",
    }
    assert "fiscal_year.segments.aws.net_sales" not in draft["sources"]


def test_the_filings_share_count_goes_into_the_edition(before_2022q4: Path, annual_report: Path) -> None:
    add_quarter(before_2022q4, "2022Q4", annual_report)
    edition = read_yaml(before_2022q4, "editions/2022Q4.yml", []) or {}
    assert edition["shares"]["value"] == 10242


def test_a_filing_on_another_period_is_refused_and_nothing_written(
    data: Path, contents: Contents, annual_report: Path
) -> None:
    before = contents()
    with pytest.raises(
        DataError, match=r"reports on the period to 2022-12-31 \(expected a filing on the period to"
    ):
        add_quarter(data, "2026Q1", annual_report)
    assert contents() == before


def test_a_quarterly_report_fills_three_and_twelve_months(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "q_htm.xml"
    path.write_text(QUARTERLY)
    draft = read_yaml(data, add_quarter(data, "2026Q1", path).relative_to(data).as_posix(), []) or {}
    assert draft["income"]["net_sales"] == 170000
    assert draft["balance"]["total_assets"] == 900000
    assert draft["trailing_twelve_months"]["cash_flow"]["operating_cash_flow"] == 145000
    assert draft["cash_flow"] == {**dict.fromkeys(draft["cash_flow"]), "operating_cash_flow": 20000}
    assert draft["document"].endswith("in Form 10-Q for the quarter ended 31 March 2026")
    assert "fiscal_year" not in draft


def _flat(content: dict[str, object], prefix: str = "") -> dict[str, float]:
    flat: dict[str, float] = {}
    for key, value in content.items():
        if isinstance(value, dict) and key != "sources":
            flat.update(_flat(value, f"{prefix}{key}."))
        elif isinstance(value, (int, float)):
            flat[prefix + key] = float(value)
    return flat


def _context(name: str, period: str) -> str:
    return (
        f'<context id="{name}"><entity><identifier scheme="cik">1</identifier></entity>'
        f"<period>{period}</period></context>"
    )


def _fact(concept: str, period: str, value_usd_m: int) -> str:
    attributes = f'contextRef="{period}" unitRef="usd" decimals="-6"'
    return f"<us-gaap:{concept} {attributes}>{value_usd_m}000000</us-gaap:{concept}>"


QUARTERLY = "".join(
    [
        '<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:dei="http://xbrl.sec.gov/dei/2026"'
        ' xmlns:us-gaap="http://fasb.org/us-gaap/2026" xmlns:iso4217="http://www.xbrl.org/2003/iso4217">',
        _context("q", "<startDate>2026-01-01</startDate><endDate>2026-03-31</endDate>"),
        _context("t", "<startDate>2025-04-01</startDate><endDate>2026-03-31</endDate>"),
        _context("d", "<instant>2026-03-31</instant>"),
        '<unit id="usd"><measure>iso4217:USD</measure></unit>',
        '<dei:DocumentType contextRef="q">10-Q</dei:DocumentType>',
        '<dei:DocumentPeriodEndDate contextRef="q">2026-03-31</dei:DocumentPeriodEndDate>',
        '<dei:EntityCentralIndexKey contextRef="q">0001018724</dei:EntityCentralIndexKey>',
        _fact("RevenueFromContractWithCustomerExcludingAssessedTax", "q", 170000),
        _fact("NetCashProvidedByUsedInOperatingActivities", "q", 20000),
        _fact("NetCashProvidedByUsedInOperatingActivities", "t", 145000),
        _fact("Assets", "d", 900000),
        "</xbrl>",
    ]
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (">10-Q<", ">DEF 14A<", "is a form DEF 14A (expected a 10-Q)"),
        (">10-Q<", ">10-Q/A<", "is an amendment, form 10-Q/A (expected the 10-Q as first filed)"),
        (">10-Q<", ">10-K<", "is a 10-K (expected a 10-Q for 2026Q1)"),
        ("0001018724", "0000789019", "is of the company 0000789019 (expected a filing of 0001018724)"),
    ],
)
def test_a_filing_that_is_not_this_quarter_s_report_is_refused_before_its_figures(
    data: Path, contents: Contents, tmp_path: Path, old: str, new: str, said: str
) -> None:
    before = contents()
    path = tmp_path / "q_htm.xml"
    path.write_text(QUARTERLY.replace(old, new))
    with pytest.raises(DataError) as caught:
        add_quarter(data, "2026Q1", path)
    assert said in str(caught.value)
    assert contents() == before


def test_a_second_quarter_s_cash_is_the_half_year_less_the_first(data: Path, tmp_path: Path) -> None:
    for label in ("2025Q2", "2025Q3", "2025Q4"):
        for folder in ("amazon/quarters", "editions"):
            (data / f"{folder}/{label}.yml").unlink(missing_ok=True)
    half = QUARTERLY.replace("2026-01-01", "2025-01-01").replace("2026-03-31", "2025-06-30")
    path = tmp_path / "q_htm.xml"
    path.write_text(half.replace("2025-04-01", "2024-07-01"))
    draft = read_yaml(data, add_quarter(data, "2025Q2", path).relative_to(data).as_posix(), []) or {}
    assert draft["cash_flow"]["operating_cash_flow"] == 20000 - 17015
    note = draft["sources"]["cash_flow.operating_cash_flow"]["note"]
    assert note == "six months 20,000 less the quarter before, 17,015"


def test_a_typed_quarter_is_held_against_its_filing(
    before_2022q4: Path, annual_report: Path, tmp_path: Path
) -> None:
    real = shutil.copytree(REAL, tmp_path / "real" / "data")
    assert disagreements(real, "2022Q4", annual_report) == []
    path = real / "amazon/quarters/2022Q4.yml"
    path.write_text(path.read_text().replace("total_assets: 462675", "total_assets: 462657"))
    (found,) = disagreements(real, "2022Q4", annual_report)
    assert (found.field, found.wrong) == ("balance.total_assets", "is 462657")
    assert found.expected.startswith("462675, from ")


def test_a_year_on_another_basis_does_not_pass_in_silence(before_2022q4: Path, annual_report: Path) -> None:
    """$4bn of operating income moved from North America to AWS for the year alone."""
    text = annual_report.read_text()
    contexts = re.findall(r'<context id="([^"]+)">(.*?)</context>', text, flags=re.DOTALL)
    moves = {"AmazonWebServicesSegmentMember": 4_000_000_000, "NorthAmericaSegmentMember": -4_000_000_000}
    for member, change in moves.items():
        for name, body in contexts:
            if member in body and "2022-01-01" in body and "2022-12-31" in body:
                text = re.sub(
                    rf'(<us-gaap:OperatingIncomeLoss\s+contextRef="{name}"[^>]*>)(-?\d+)<',
                    lambda found, change=change: f"{found[1]}{int(found[2]) + change}<",
                    text,
                )
    annual_report.write_text(text)
    path = add_quarter(before_2022q4, "2022Q4", annual_report)
    made = path.read_text().replace("published:  #", "published: 2023-02-02  #")
    path.write_text("".join(line for line in made.splitlines(True) if not OPEN.match(line)))
    found = [str(problem) for problem in check_all(before_2022q4)]
    said = "2022Q4.yml: segments.north_america.operating_income: -4240 is out of line with its past"
    assert any(said in line for line in found)
