"""Numbers are read from XBRL by concept, period, dimensions, unit and precision."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from analysis.data import DataError, open_edition
from analysis.data.fields import Field, load_fields
from analysis.data.problems import Problem
from analysis.data.xbrl import Concept, Instance, load_concepts, read_instance, values_for

REAL = Path(__file__).resolve().parents[2] / "data"
FILING = Path(__file__).parent / "xbrl/amzn-20221231_htm.xml.gz"
YEAR = (date(2022, 1, 1), date(2022, 12, 31))


@pytest.fixture(scope="module")
def annual_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The XBRL instance of Amazon's real Form 10-K for 2022."""
    path = tmp_path_factory.mktemp("xbrl") / "amzn-20221231_htm.xml"
    path.write_bytes(gzip.decompress(FILING.read_bytes()))
    return path


@pytest.fixture(scope="module")
def filing(annual_report: Path) -> Instance:
    return read_instance(annual_report)


@pytest.fixture(scope="module")
def fields() -> dict[str, Field]:
    return load_fields(REAL, [])


@pytest.fixture(scope="module")
def values(filing: Instance, fields: dict[str, Field]) -> dict[str, float]:
    return values_for(filing, load_concepts(REAL, fields, []), fields, *YEAR)


def test_the_filing_says_what_it_is(filing: Instance) -> None:
    assert (filing.form, filing.company, filing.period_end) == ("10-K", "0001018724", date(2022, 12, 31))


@pytest.mark.parametrize("section", ["segments", "service_lines", "income", "cash_flow"])
def test_the_year_read_from_the_filing_is_the_year_in_the_data(
    values: dict[str, float], section: str
) -> None:
    printed = open_edition("2022Q4", root=REAL).reported.files["2022Q4"].printed
    year = {
        name.removeprefix("fiscal_year."): number.value
        for name, number in printed.items()
        if name.startswith(f"fiscal_year.{section}.") and not name.endswith("free_cash_flow")
    }
    read = {name: value for name, value in values.items() if name.startswith(f"{section}.")}
    assert len(read) >= 6
    assert read == year


def test_advertising_is_found_under_its_member(values: dict[str, float]) -> None:
    assert values["service_lines.advertising_services"] == 37739


def test_balances_are_read_on_their_day(filing: Instance, fields: dict[str, Field]) -> None:
    read = values_for(filing, load_concepts(REAL, fields, []), fields, None, YEAR[1])
    printed = open_edition("2022Q4", root=REAL).reported.files["2022Q4"].printed
    balance = {name: number.value for name, number in printed.items() if name.startswith("balance.")}
    assert {name: value for name, value in read.items() if name.startswith("balance.")} == balance


def test_a_period_that_the_filing_does_not_have_gives_nothing(
    filing: Instance, fields: dict[str, Field]
) -> None:
    concepts = load_concepts(REAL, fields, [])
    assert values_for(filing, concepts, fields, date(2022, 10, 1), YEAR[1]) == {}


SMALL = """\
<?xml version="1.0"?>
<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:dei="http://xbrl.sec.gov/dei/2026"
  xmlns:us-gaap="http://fasb.org/us-gaap/2026" xmlns:amzn="http://www.amazon.com/20260331"
  xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <context id="q"><entity><identifier scheme="cik">1</identifier></entity>
    <period><startDate>2026-01-01</startDate><endDate>2026-03-31</endDate></period></context>
  <context id="aws"><entity><identifier scheme="cik">1</identifier><segment>
    <xbrldi:explicitMember dimension="us-gaap:SegmentAxis">amzn:AwsMember</xbrldi:explicitMember>
    </segment></entity>
    <period><startDate>2026-01-01</startDate><endDate>2026-03-31</endDate></period></context>
  <context id="d"><entity><identifier scheme="cik">1</identifier></entity>
    <period><instant>2026-03-31</instant></period></context>
  <unit id="usd"><measure>iso4217:USD</measure></unit>
  <unit id="shares"><measure>shares</measure></unit>
  <unit id="eps"><divide><unitNumerator><measure>iso4217:USD</measure></unitNumerator>
    <unitDenominator><measure>shares</measure></unitDenominator></divide></unit>
  <dei:DocumentType contextRef="q">10-Q</dei:DocumentType>
  <dei:DocumentPeriodEndDate contextRef="q">2026-03-31</dei:DocumentPeriodEndDate>
  <dei:EntityCentralIndexKey contextRef="q">0000000001</dei:EntityCentralIndexKey>
  <us-gaap:Revenues contextRef="q" unitRef="usd" decimals="-6">7000000</us-gaap:Revenues>
  <us-gaap:Revenues contextRef="aws" unitRef="usd" decimals="-6">3000000</us-gaap:Revenues>
  <us-gaap:Taxes contextRef="q" unitRef="usd" decimals="-8">200000000</us-gaap:Taxes>
  <us-gaap:Taxes contextRef="q" unitRef="usd" decimals="-6">217000000</us-gaap:Taxes>
  <us-gaap:Paid contextRef="q" unitRef="usd" decimals="-6">5000000</us-gaap:Paid>
  <us-gaap:None contextRef="q" unitRef="usd" xsi:nil="true"/>
  <us-gaap:Shares contextRef="d" unitRef="shares" decimals="INF">10700123456</us-gaap:Shares>
  <us-gaap:Shares contextRef="q" unitRef="shares" decimals="-8">10900000000</us-gaap:Shares>
  <us-gaap:Eps contextRef="q" unitRef="eps" decimals="2">1.59</us-gaap:Eps>
</xbrl>
"""
QUARTER = (date(2026, 1, 1), date(2026, 3, 31))


def value(
    folder: Path,
    concept: str,
    unit: str = "usd_m",
    *,
    text: str = SMALL,
    start: date | None = QUARTER[0],
    dimensions: frozenset[tuple[str, str]] = frozenset(),
    negated: bool = False,
) -> float | None:
    """One field's value out of a small instance."""
    path = folder / "x_htm.xml"
    path.write_text(text)
    field = Field("income.x", "X", unit, "an X", "a release", "always", "any")
    concepts = {"income.x": (Concept(concept, dimensions, negated),)}
    return values_for(read_instance(path), concepts, {"income.x": field}, start, QUARTER[1]).get("income.x")


def test_the_total_is_the_fact_without_dimensions(tmp_path: Path) -> None:
    assert value(tmp_path, "us-gaap:Revenues") == 7.0


def test_a_part_is_the_fact_with_exactly_its_dimensions(tmp_path: Path) -> None:
    aws = frozenset({("us-gaap:SegmentAxis", "amzn:AwsMember")})
    assert value(tmp_path, "us-gaap:Revenues", dimensions=aws) == 3.0
    assert value(tmp_path, "us-gaap:Revenues", dimensions=aws | {("us-gaap:Other", "us-gaap:All")}) is None


def test_a_coarsely_rounded_fact_gives_way_to_the_exact_one(tmp_path: Path) -> None:
    assert value(tmp_path, "us-gaap:Taxes") == 217.0


def test_of_two_facts_precise_enough_the_finer_one_is_taken(tmp_path: Path) -> None:
    finer = '<us-gaap:Paid contextRef="q" unitRef="usd" decimals="-5">4800000</us-gaap:Paid></xbrl>'
    assert value(tmp_path, "us-gaap:Paid", text=SMALL.replace("</xbrl>", finer)) == 4.8


def test_a_fact_rounded_more_coarsely_than_the_field_is_not_taken(tmp_path: Path) -> None:
    assert value(tmp_path, "us-gaap:Shares", "million") is None


def test_what_leaves_the_company_is_negative_with_us(tmp_path: Path) -> None:
    assert value(tmp_path, "us-gaap:Paid", negated=True) == -5.0


def test_shares_are_in_millions_and_earnings_per_share_in_dollars(tmp_path: Path) -> None:
    assert value(tmp_path, "us-gaap:Shares", "million", start=None) == pytest.approx(10700.123456)
    assert value(tmp_path, "us-gaap:Eps", "usd") == 1.59


def test_a_fact_in_another_unit_is_not_taken(tmp_path: Path) -> None:
    assert value(tmp_path, "us-gaap:Eps", "usd_m") is None
    assert value(tmp_path, "us-gaap:Revenues", "million") is None
    euros = SMALL.replace("<measure>iso4217:USD</measure></unit>", "<measure>iso4217:EUR</measure></unit>", 1)
    assert value(tmp_path, "us-gaap:Revenues", text=euros) is None


def test_a_nil_fact_is_absent(tmp_path: Path) -> None:
    assert value(tmp_path, "us-gaap:None") is None


def test_facts_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    fact = '<us-gaap:Paid contextRef="q" unitRef="usd" decimals="-6">{}</us-gaap:Paid>'
    with pytest.raises(DataError, match="income.x: us-gaap:Paid to 2026-03-31 is given as"):
        value(tmp_path, "us-gaap:Paid", text=SMALL.replace("</xbrl>", fact.format(6000000) + "</xbrl>"))
    same = SMALL.replace("</xbrl>", fact.format(5000000) + "</xbrl>")
    assert value(tmp_path, "us-gaap:Paid", text=same) == 5.0


def test_the_first_concept_that_the_filing_has_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "x_htm.xml"
    path.write_text(SMALL)
    field = Field("income.x", "X", "usd_m", "an X", "a release", "always", "any")
    names = ("us-gaap:New", "us-gaap:Paid", "us-gaap:Revenues")
    choices = tuple(Concept(name, frozenset(), False) for name in names)
    assert values_for(read_instance(path), {"income.x": choices}, {"income.x": field}, *QUARTER) == {
        "income.x": 5.0
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html><body/></html>", "is not an XBRL instance"),
        ("not xml at all", "cannot be read"),
        (SMALL.replace("dei:DocumentPeriodEndDate", "dei:Other"), "does not state 'DocumentPeriodEndDate'"),
    ],
)
def test_another_file_is_refused_with_what_was_expected(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.htm"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        read_instance(path)
    assert said in str(caught.value)
    assert "_htm.xml" in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_instance(tmp_path / "gone.xml")


def test_what_is_no_file_is_refused_unread(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.htm")
    with pytest.raises(DataError, match="is neither a file nor a folder"):
        read_instance(tmp_path / "x.htm")
    with pytest.raises(DataError, match="holds 0 filings, none"):
        read_instance(tmp_path)


@pytest.mark.parametrize(
    ("place", "byte", "said"),
    [(6, 1, "password"), (8, 99, "compression"), (60, 0xFF, "cannot be read")],
    ids=["locked", "packed as nobody does", "damaged"],
)
def test_a_zip_that_cannot_be_unpacked_is_refused(tmp_path: Path, place: int, byte: int, said: str) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("r.htm", INLINE * 10)
    content = bytearray(path.read_bytes())
    for at in (place, content.index(b"PK\x01\x02") + place + 2):  # in its own head and in the list of all
        content[at] = byte
    path.write_bytes(content)
    with pytest.raises(DataError, match=said):
        read_instance(path)


def test_every_reported_field_but_free_cash_flow_has_a_concept(fields: dict[str, Field]) -> None:
    problems: list[Problem] = []
    concepts = load_concepts(REAL, fields, problems)
    assert problems == []
    current = {name for name, field in fields.items() if not field.retired_in("2025Q4")}
    without = {name for name in current - set(concepts) if not name.endswith("_as_first_printed")}
    assert without == {"cash_flow.free_cash_flow"}


@pytest.mark.parametrize(
    ("old", "new", "fact", "said"),
    [
        (
            'contextRef="q" unitRef="eps"',
            'contextRef="x" unitRef="eps"',
            "us-gaap:Eps, context x",
            "no context 'x'",
        ),
        ('unitRef="eps" d', 'unitRef="epsx" d', "us-gaap:Eps, context q", "there is no unit 'epsx'"),
        (">217000000<", ">217,000,000<", "us-gaap:Taxes, context q", "'217,000,000' is not a number"),
        ('decimals="INF"', 'decimals="-6.0"', "us-gaap:Shares, context d", "'-6.0' is no precision"),
        ("<instant>2026-03-31", "<instant>2026-13-31", "context d", "'2026-13-31' is not a day"),
    ],
)
def test_a_broken_fact_is_one_line_with_file_and_fact(
    tmp_path: Path, old: str, new: str, fact: str, said: str
) -> None:
    assert SMALL.count(old) == 1
    with pytest.raises(DataError) as caught:
        value(tmp_path, "us-gaap:Revenues", text=SMALL.replace(old, new))
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{tmp_path}/x_htm.xml: {fact}: ")
    assert said in line


def test_a_context_for_ever_is_no_quarter(tmp_path: Path) -> None:
    text = SMALL.replace("<unit ", '<context id="f"><period><forever/></period></context><unit ', 1)
    assert value(tmp_path, "us-gaap:Revenues", text=text) == 7.0


def with_fact(attributes: str, number: str) -> str:
    fact = f'<us-gaap:Paid contextRef="q" unitRef="usd" {attributes}>{number}</us-gaap:Paid>'
    return SMALL.replace("</xbrl>", fact + "</xbrl>")


def test_a_precision_says_how_coarsely_a_fact_is_rounded(tmp_path: Path) -> None:
    assert value(tmp_path, "us-gaap:Paid", text=with_fact('precision="1"', "5000000")) == 5.0
    assert value(tmp_path, "us-gaap:Paid", text=with_fact('precision="2"', "4800000")) == 4.8


@pytest.mark.parametrize(("attributes", "number"), [('decimals="0"', "5000"), ('precision="1"', "9000000")])
def test_duplicates_must_agree_within_their_rounding(tmp_path: Path, attributes: str, number: str) -> None:
    with pytest.raises(DataError, match="is given as .*expected values that agree within their rounding"):
        value(tmp_path, "us-gaap:Paid", text=with_fact(attributes, number))


INLINE = """\
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
  xmlns:xbrli="http://www.xbrl.org/2003/instance"><body><div><ix:header>
  <ix:nonNumeric contextRef="q" name="dei:EntityCentralIndexKey">0000000001</ix:nonNumeric>
  <xbrli:context id="q"><xbrli:period><xbrli:startDate>2026-01-01</xbrli:startDate>
    <xbrli:endDate>2026-03-31</xbrli:endDate></xbrli:period></xbrli:context>
  <xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit></ix:header></div>
  <p><ix:nonNumeric contextRef="q" name="dei:DocumentType">10-Q</ix:nonNumeric> for
  <ix:nonNumeric contextRef="q"
    name="dei:DocumentPeriodEndDate">March&#160;31, <b>2026</b></ix:nonNumeric></p>
  <p>(<ix:nonFraction contextRef="q" unitRef="usd" name="us-gaap:Paid" decimals="-6" scale="6" sign="-"
    format="ixt:num-dot-decimal">9,<b>560</b></ix:nonFraction>)
  <ix:nonFraction contextRef="q" unitRef="usd" name="us-gaap:Nil" decimals="-6" scale="6"
    format="ixt:fixed-zero">—</ix:nonFraction>
  <ix:nonFraction contextRef="q" unitRef="usd" name="us-gaap:Segments" decimals="INF" scale="0"
    format="ixt-sec:numwordsen">three</ix:nonFraction></p></body></html>
"""


def test_an_inline_page_is_read_as_it_comes(tmp_path: Path) -> None:
    assert value(tmp_path, "us-gaap:Paid", text=INLINE) == -9560.0
    assert value(tmp_path, "us-gaap:Nil", text=INLINE) == 0.0
    found = read_instance(tmp_path / "x_htm.xml")
    assert (found.form, found.company, found.period_end) == ("10-Q", "0000000001", date(2026, 3, 31))


def test_a_folder_or_a_zip_holds_one_filing(tmp_path: Path) -> None:
    folder = tmp_path / "filing"
    folder.mkdir()
    (folder / "r_htm.xml").write_text(SMALL)
    (folder / "r.htm").write_text(INLINE)
    (folder / "r_pre.xml").write_text("<linkbase/>")
    assert read_instance(folder).form == "10-Q"
    with zipfile.ZipFile(tmp_path / "filing.zip", "w") as archive:
        archive.write(folder / "r.htm", "r.htm")
    assert read_instance(tmp_path / "filing.zip").facts
    (folder / "r_htm.xml").unlink()
    (folder / "other.htm").write_text(INLINE)
    with pytest.raises(DataError, match=r"holds 2 filings, other.htm, r.htm"):
        read_instance(folder)


def test_company_facts_give_the_newest_filing_s_figures(tmp_path: Path) -> None:
    def entry(value: int, end: str, filed: str, form: str = "10-Q") -> dict[str, object]:
        return {"start": "2026-01-01", "end": end, "val": value, "filed": filed, "form": form}

    values = [
        entry(5_000_000, "2026-03-31", "2026-05-01"),
        entry(6_000_000, "2025-12-31", "2026-02-06", "10-K"),
        entry(9_000_000, "2026-03-31", "2026-06-01", "8-K"),
    ]
    facts = {"cik": 1, "facts": {"us-gaap": {"Paid": {"units": {"USD": values}}}}}
    assert value(tmp_path, "us-gaap:Paid", text=json.dumps(facts)) == 5.0


def _of_one(entry: str) -> str:
    """A file of company facts with one entry."""
    entry = f'{{"form": "10-Q", "filed": "2026-05-01", {entry}}}'
    return f'{{"cik": 1, "facts": {{"us-gaap": {{"Paid": {{"units": {{"USD": [{entry}]}}}}}}}}}}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"cik": 1}', "facts: is missing (expected keys with values)"),
        ('{"cik": 1, "facts": {"us-gaap": []}}', "facts.us-gaap: [] is not a mapping"),
        ('{"cik": "x", "facts": {}}', "cik: 'x' is no number of a company"),
        (
            '{"cik": 1, "facts": {"us-gaap": {"Paid": {"units": {"USD": [{"form": "8-K"}]}}}}}',
            "facts: holds none",
        ),
        (
            '{"cik": 1, "facts": {"us-gaap": {"Paid": {"units": {"USD": [{"form": "10-Q", "val": 1}]}}}}}',
            "facts.us-gaap.Paid.units.USD[0].filed: is missing",
        ),
        (
            _of_one('"val": "a", "end": "2026-03-31"'),
            "facts.us-gaap.Paid.units.USD[0].val: 'a' is not a number",
        ),
        (_of_one('"val": NaN, "end": "2026-03-31"'), "facts.us-gaap.Paid.units.USD[0].val: is nan"),
        (
            _of_one('"val": 1, "end": "March"'),
            "facts.us-gaap.Paid.units.USD[0]: has the days {'end': 'March'}",
        ),
        ('{"cik": 1, "facts": ', "(file): cannot be read: Expecting value: line 1 column 21"),
        pytest.param('{"cik": 1, "facts": ' + "[" * 99_999, "(file): cannot be read: ", id="deep"),
    ],
)
def test_company_facts_that_cannot_be_used_are_told_with_their_place(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(DataError) as caught:
        value(tmp_path, "us-gaap:Paid", text=text)
    assert any(f": {said}" in str(problem) for problem in caught.value.problems)
