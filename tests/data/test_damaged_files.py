"""A file damaged in any of these ways does not pass the check, and the message names the file and the field.

The newest quarter of the copy is 2025Q3, whose figures no annual total holds yet: size alone tells that they
are wrong.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from analysis.data.check import check_all
from analysis.data.yaml_files import read_yaml
from tests.data.conftest import REAL

NEWEST = "amazon/quarters/2025Q3.yml"
EDITION = "editions/2025Q3.yml"
PRICES = "prices/amzn.csv"
KEY = "amazon/key_figures.csv"
Damage = Callable[[str], str | bytes | Path]
"""What a text becomes; a path stands for a folder in its place."""
Edit = Callable[[str], str]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = shutil.copytree(REAL, tmp_path_factory.mktemp("damaged") / "data")
    shutil.rmtree(root / "vintages")
    for path in [*(root / "editions").glob("2025Q4*"), *(root / "editions").glob("202[6-9]*")]:
        path.unlink()
    for path in (root / "amazon/quarters").iterdir():
        if path.stem > "2025Q3":
            path.unlink()
    for path in (root / "scenarios").iterdir():  # no look is later than the last edition left
        path.write_text(
            re.sub(r"^    reviews:\n(?: {6}.*\n)+", "", path.read_text("utf-8"), flags=re.M), "utf-8"
        )
    assert [str(problem) for problem in check_all(root)] == []
    return root


def put(path: str, value: object) -> Edit:
    """Another value at a dotted path of a YAML file."""

    def damaged(text: str) -> str:
        lines, above = text.split("\n"), []
        for place, line in enumerate(lines):
            found = re.match(r"( *)([\w.]+):(.*)", line)
            if found is None:
                continue
            above = [*above[: len(found[1]) // 2], found[2]]
            if ".".join(above) == path:
                old = found[3].partition("#")[0].strip()
                new = value(float(old)) if callable(value) else value
                number = f"{new:.15g}" if isinstance(new, float) else new
                lines[place] = f"{found[1]}{found[2]}: {number}" if new != "" else "# left out"
                return "\n".join(lines)
        raise AssertionError(f"no {path}")

    return damaged


def times(path: str, factor: float) -> Edit:
    return put(path, lambda old: old * factor)


def plus(path: str, amount: float) -> Edit:
    return put(path, lambda old: old + amount)


def both(*damages: Edit) -> Edit:
    def damaged(text: str) -> str:
        for damage in damages:
            text = damage(text)
        return text

    return damaged


def swap(one: str, other: str) -> Edit:
    """The values of two paths, exchanged."""

    def damaged(text: str) -> str:
        kept: list[float] = []
        for path in (one, other):
            put(path, lambda old: kept.append(old) or old)(text)
        return both(put(one, kept[1]), put(other, kept[0]))(text)

    return damaged


def sub(pattern: str, new: str) -> Edit:
    """The first match of a pattern replaced."""

    def damaged(text: str) -> str:
        changed, count = re.subn(pattern, new, text, count=1, flags=re.M)
        assert count, f"no {pattern}"
        return changed

    return damaged


def row(start: str, column: int, new: str | Callable[[float], float]) -> Edit:
    """Another cell in the first row that begins so (columns before the note hold no comma in quotes here)."""

    def damaged(text: str) -> str:
        lines = text.split("\n")
        place = next(i for i, line in enumerate(lines) if line.startswith(start))
        cells = lines[place].split(",")
        cells[column] = f"{new(float(cells[column])):g}" if callable(new) else new
        lines[place] = ",".join(cells)
        return "\n".join(lines)

    return damaged


def without(*starts: str) -> Edit:
    return lambda text: "\n".join(line for line in text.split("\n") if not line.startswith(starts))


def halved_from(day: str) -> Edit:
    """Closes from a day on as after a split in two."""

    def halved(line: str) -> str:
        when, close = line.split(",")
        return f"{when},{float(close) / 2:.3f}"

    return lambda text: "\n".join(
        halved(line) if line[:1] == "2" and line[:10] >= day else line for line in text.split("\n")
    )


SALES = "income.net_sales"
NA, INTL, AWS = (f"segments.{name}" for name in ("north_america", "international", "aws"))
MILLIONS = (
    *(f"income.{name}" for name in ("cost_of_sales", "fulfillment", "technology_and_infrastructure", "tax")),
    *(f"income.{name}" for name in ("sales_and_marketing", "general_and_administrative", "interest_income")),
    *(f"income.{name}" for name in ("interest_expense", "diluted_shares", "other_operating")),
    *(
        f"service_lines.{name}"
        for name in ("online_stores", "physical_stores", "third_party_seller_services")
    ),
    *(f"service_lines.{name}" for name in ("advertising_services", "subscription_services", "other")),
    *(f"cash_flow.{name}" for name in ("operating_cash_flow", "purchases_of_property_and_equipment")),
    *(f"cash_flow.{name}" for name in ("depreciation_and_amortization", "stock_based_compensation")),
    *(f"cash_flow.{name}" for name in ("proceeds_from_sales_and_incentives",)),
    *(f"balance.{name}" for name in ("cash_and_equivalents", "marketable_securities", "total_assets")),
    *(f"balance.{name}" for name in ("long_term_lease_liabilities", "long_term_debt", "stockholders_equity")),
    *(f"balance.{name}" for name in ("shares_outstanding", "common_shares_and_stock_awards")),
)

# What is changed, in which files, and the field that the message must name in the first of them.
CASES: dict[str, tuple[dict[str, Damage], str]] = {
    **{f"{name}, a digit too many": ({NEWEST: times(name, 10)}, name) for name in MILLIONS},
    **{f"{name}, in thousands": ({NEWEST: times(name, 1000)}, name) for name in MILLIONS[-9:]},
    **{f"{name} nil": ({NEWEST: put(name, 0)}, name) for name in (*MILLIONS[-8:-2], *MILLIONS[10:14])},
    "AWS +10,000 against North America and online stores": (
        {
            NEWEST: both(
                plus(f"{AWS}.net_sales", 10000),
                plus(f"{NA}.net_sales", -10000),
                plus("service_lines.aws", 10000),
                plus("service_lines.online_stores", -10000),
            )
        },
        f"{AWS}.net_sales",
    ),
    "North America and International swapped, sales": (
        {NEWEST: swap(f"{NA}.net_sales", f"{INTL}.net_sales")},
        f"{NA}.net_sales",
    ),
    "AWS and North America swapped, operating income": (
        {NEWEST: swap(f"{AWS}.operating_income", f"{NA}.operating_income")},
        f"{AWS}.operating_income",
    ),
    "AWS's operating income half in International": (
        {NEWEST: both(plus(f"{AWS}.operating_income", -5700), plus(f"{INTL}.operating_income", 5700))},
        f"{AWS}.operating_income",
    ),
    "online stores and third-party swapped": (
        {NEWEST: swap("service_lines.online_stores", "service_lines.third_party_seller_services")},
        "service_lines.online_stores",
    ),
    "advertising and subscriptions swapped": (
        {NEWEST: swap("service_lines.advertising_services", "service_lines.subscription_services")},
        "service_lines.advertising_services",
    ),
    "advertising and other swapped": (
        {NEWEST: swap("service_lines.advertising_services", "service_lines.other")},
        "service_lines.advertising_services",
    ),
    "cost of sales and fulfillment swapped": (
        {NEWEST: swap("income.cost_of_sales", "income.fulfillment")},
        "income.cost_of_sales",
    ),
    "technology and marketing swapped": (
        {NEWEST: swap("income.technology_and_infrastructure", "income.sales_and_marketing")},
        "income.technology_and_infrastructure",
    ),
    "6,000 of cost moved between lines": (
        {NEWEST: both(plus("income.fulfillment", -6000), plus("income.cost_of_sales", 6000))},
        "income.fulfillment",
    ),
    "interest income and expense as one another": (
        {NEWEST: swap("income.interest_income", "income.interest_expense")},
        "income.interest_income",
    ),
    "cash and securities swapped": (
        {NEWEST: swap("balance.cash_and_equivalents", "balance.marketable_securities")},
        "balance.marketable_securities",
    ),
    "leases and equity swapped": (
        {NEWEST: swap("balance.long_term_lease_liabilities", "balance.stockholders_equity")},
        "balance.stockholders_equity",
    ),
    "share count from before the split": (
        {NEWEST: both(times("balance.shares_outstanding", 0.05))},
        "balance.shares_outstanding",
    ),
    "diluted shares from before the split": (
        {NEWEST: times("income.diluted_shares", 0.05)},
        "income.diluted_shares",
    ),
    "earnings per share, a digit too many": ({NEWEST: times("income.diluted_eps", 10)}, "income.diluted_eps"),
    "twelve months' capital spending of another year": (
        {NEWEST: times("trailing_twelve_months.cash_flow.purchases_of_property_and_equipment", 0.7)},
        "cash_flow.purchases_of_property_and_equipment",
    ),
    "twelve months without free cash flow": (
        {NEWEST: put("trailing_twelve_months.cash_flow.free_cash_flow", "")},
        "trailing_twelve_months.cash_flow.free_cash_flow",
    ),
    "no block of twelve months": (
        {NEWEST: sub(r"^trailing_twelve_months:.*\n(  .*\n)+", "")},
        "trailing_twelve_months.cash_flow.operating_cash_flow",
    ),
    "a cost as a negative number": ({NEWEST: times("income.cost_of_sales", -1)}, "income.cost_of_sales"),
    "capital spending as a positive number": (
        {NEWEST: times("cash_flow.purchases_of_property_and_equipment", -1)},
        "cash_flow.purchases_of_property_and_equipment",
    ),
    "a release of another quarter": (
        {NEWEST: sub("third quarter of 2025", "second quarter of 2025")},
        "document",
    ),
    "a release of another year": (
        {NEWEST: sub("third quarter of 2025", "third quarter of 2024")},
        "document",
    ),
    "a release dated to another quarter": (
        {NEWEST: sub(r"^published: 2025-10-30", "published: 2026-01-30")},
        "published",
    ),
    "a release dated before the quarter's end": (
        {NEWEST: sub(r"^published: 2025-10-30", "published: 2025-09-30")},
        "published",
    ),
    "a release dated 55 days after the quarter": (
        {NEWEST: sub(r"^published: 2025-10-30", "published: 2025-11-24")},
        "published",
    ),
    "another period's end": (
        {NEWEST: sub(r"^period_end: 2025-09-30", "period_end: 2025-06-30")},
        "period_end",
    ),
    "another quarter's name inside": ({NEWEST: sub(r"^quarter: 2025Q3", "quarter: 2025Q2")}, "quarter"),
    "a figure as text": ({NEWEST: put(SALES, '"180169"')}, SALES),
    "a figure with a comma": ({NEWEST: put(SALES, "180,169")}, SALES),
    "a figure in billions": ({NEWEST: put(SALES, "180.169")}, SALES),
    "a figure without a value": ({NEWEST: sub(r"^  net_sales: .*", "  net_sales:")}, SALES),
    "a misspelt field": ({NEWEST: sub("pretax_income:", "pre_tax_income:")}, "income.pre_tax_income"),
    "an address without https": ({NEWEST: sub(r"^url: https://", "url: ")}, "url"),
    "an acknowledgement without a reason": (
        {NEWEST: sub(r"(other_operating: \{value: 2875), why: .*\}", r"\1}")},
        "acknowledged.income.other_operating.why",
    ),
    "an acknowledgement of another value": (
        {NEWEST: sub(r"other_operating: \{value: 2875", "other_operating: {value: 2785")},
        "income.other_operating",
    ),
    "an acknowledgement of what is in line": (
        {NEWEST: sub(r"^acknowledged:.*", 'acknowledged:\n  income.tax: {value: -6910, why: "a guess"}')},
        "acknowledged.income.tax",
    ),
    "a close ten times too high": ({PRICES: row("2025-03-27,", 1, lambda old: old * 10)}, "2025-03-27"),
    "a close of almost nothing": ({PRICES: row("2025-03-27,", 1, "0.01")}, "2025-03-27"),
    "a close without its first digit": ({PRICES: row("2025-03-27,", 1, "1.27")}, "2025-03-27"),
    "a close of zero": ({PRICES: row("2025-03-27,", 1, "0")}, "close_usd"),
    "a negative close": ({PRICES: row("2025-03-27,", 1, "-201.3")}, "close_usd"),
    "a close on a Saturday": ({PRICES: row("2026-03-27,", 0, "2026-03-28")}, "date"),
    "a close on a holiday": ({PRICES: sub(r"^2025-07-03,(.*)", r"2025-07-03,\1\n2025-07-04,\1")}, "date"),
    "a session missing": ({PRICES: without("2025-03-27,")}, "date"),
    "18 sessions missing": ({PRICES: without("2025-08-0", "2025-08-1")}, "date"),
    "two sessions out of order": ({PRICES: sub(r"^(2025-03-27,.*)\n(2025-03-28,.*)", r"\2\n\1")}, "date"),
    "a session twice": ({PRICES: sub(r"^(2025-03-27,.*)", r"\1\n\1")}, "date"),
    "a split in the closes alone": ({PRICES: halved_from("2026-03-16")}, "2026-03-16"),
    "a split in closes and edition, shares as before": (
        {PRICES: halved_from("2025-10-20"), EDITION: times("price.close_usd", 0.5)},
        "2025-10-20",
    ),
    "a digit too many in the price, in both places": (
        {EDITION: times("price.close_usd", 10), PRICES: row("2025-10-31,", 1, lambda old: old * 10)},
        "market_value_usd_bn",
    ),
    "an edition's price of another day": (
        {EDITION: sub(r"date: 2025-10-31", "date: 2025-10-30")},
        "price.date",
    ),
    "an edition's price with two digits swapped": (
        {EDITION: put("price.close_usd", "242.22")},
        "price.close_usd",
    ),
    "an edition's share count, a digit too many": ({EDITION: times("shares.value", 10)}, "shares.value"),
    "share counts from before the split, in both places": (
        {EDITION: times("shares.value", 0.05), NEWEST: times("balance.shares_outstanding", 0.05)},
        "market_value_usd_bn",
    ),
    "a share count public after the cut-off": (
        {EDITION: sub(r"published: 2025-10-30", "published: 2026-02-01")},
        "shares.published",
    ),
    "an edition of a quarter not out by then": (
        {EDITION: sub("quarter: 2025Q3", "quarter: 2025Q4")},
        "quarter",
    ),
    "an edition's name of another quarter": ({EDITION: sub('label: "2025Q3"', 'label: "2025Q2"')}, "label"),
    "guidance low above high": (
        {KEY: row("Amazon,guidance_net_sales_low_usd_bn,2026Q1", 3, "180")},
        "value",
    ),
    "guidance in millions": (
        {KEY: row("Amazon,guidance_operating_income_high_usd_bn,2026Q1", 3, "21500")},
        "Amazon / guidance_operating_income_high_usd_bn / 2026Q1",
    ),
    "contracted work, a digit too many": (
        {KEY: row("AWS,performance_obligations_usd_bn,2025Q3", 3, lambda old: old * 10)},
        "AWS / performance_obligations_usd_bn / 2025Q3",
    ),
    "contracted work in millions": (
        {KEY: row("AWS,performance_obligations_usd_bn,2025Q4", 3, "244000")},
        "AWS / performance_obligations_usd_bn / 2025Q4",
    ),
    "growth of units in percent": ({KEY: row("Amazon,ww_paid_units_growth,2025Q3", 3, "11")}, "value"),
    "a share of units in percent": ({KEY: row("Amazon,seller_unit_mix,2025Q3", 3, "62")}, "value"),
    "employees, a digit too few": (
        {KEY: row("Amazon,employees,2025Q3", 3, lambda old: old / 10)},
        "Amazon / employees / 2025Q3",
    ),
    "a key figure published before its quarter's end": (
        {KEY: row("AWS,performance_obligations_usd_bn,2025Q3", 5, "2025-09-01")},
        "published",
    ),
    "a metric misspelt": ({KEY: row("Amazon,employees,2025Q3", 1, "employes")}, "metric"),
    "a unit of another metric": ({KEY: row("AWS,performance_obligations_usd_bn,2025Q3", 4, "usd_m")}, "unit"),
    "a unit that is none": ({KEY: row("Amazon,employees,2025Q3", 4, "heads")}, "unit"),
    "a row twice": ({KEY: sub(r"^(Amazon,employees,2025Q3.*)", r"\1\n\1")}, "Amazon / employees / 2025Q3"),
    "a row without a source's day": ({KEY: row("Amazon,employees,2025Q3", 5, "")}, "published"),
    "a row without a value": ({KEY: row("Amazon,employees,2025Q3", 3, "")}, "value"),
    "an entity misspelt": ({"cloud.csv": row("AWS,revenue,2025Q3", 0, "Google Clod")}, "entity"),
    "a cloud's sales in millions": (
        {"cloud.csv": row("Google Cloud,revenue,2025Q3", 3, lambda old: old * 1000)},
        "Google Cloud / revenue / 2025Q3",
    ),
    "a cloud's sales, a digit too few": (
        {"cloud.csv": row("Google Cloud,revenue,2025Q3", 3, lambda old: old / 10)},
        "Google Cloud / revenue / 2025Q3",
    ),
    "the cloud market, a digit too many": (
        {"cloud.csv": row("Cloud infrastructure market,synergy_spend,2025Q3", 3, lambda old: old * 10)},
        "Cloud infrastructure market / synergy_spend / 2025Q3",
    ),
    "a market share in percent": ({"cloud.csv": row("AWS,synergy_market_share,2025Q3", 3, "29")}, "value"),
    "a growth in percent": ({"cloud.csv": row("AWS,revenue_growth_yoy,2025Q3", 3, "20.2")}, "value"),
    "a market share below nothing": (
        {"cloud.csv": row("AWS,synergy_market_share,2025Q3", 3, "-0.29")},
        "value",
    ),
    "a cloud's results out before its quarter's end": (
        {"cloud.csv": row("Google Cloud,revenue,2025Q3", 5, "2025-07-30")},
        "published",
    ),
    "a peer's sales in millions": (
        {"peers/observations.csv": row("MSFT,revenue,TTM Mar-2025", 3, lambda old: old * 1000)},
        "MSFT / revenue / FY2025 (Jun-2025)",
    ),
    "a peer's results before the twelve months' end": (
        {"peers/observations.csv": row("MSFT,revenue,TTM Mar-2025", 5, "2025-03-30")},
        "published",
    ),
    "a peer's value that is not price × shares": (
        {"peers/market_values.csv": row("2025-12-31,2025Q4,MSFT", 5, "3952.8")},
        "market_value_usd_bn",
    ),
    "a peer's price, a digit too many, and its value": (
        {
            "peers/market_values.csv": both(
                row("2025-12-31,2025Q4,MSFT", 3, "4836.2"), row("2025-12-31,2025Q4,MSFT", 5, "35928")
            )
        },
        "MSFT / close_usd / 2025-12-31",
    ),
    "a peer's share count doubled, and its value": (
        {
            "peers/market_values.csv": both(
                row("2025-12-31,2025Q4,MSFT", 4, "14858"), row("2025-12-31,2025Q4,MSFT", 5, "7185.6")
            )
        },
        "MSFT / shares_million / 2025-12-31",
    ),
    "a peer's value public before its session": (
        {"peers/market_values.csv": row("2025-12-31,2025Q4,MSFT", 7, "2025-12-01")},
        "published",
    ),
    "a peer's session in another quarter": (
        {"peers/market_values.csv": row("2025-12-31,2025Q4,MSFT", 1, "2025Q3")},
        "period",
    ),
    "advertising sales of a rival in millions": (
        {"advertising.csv": row("Google advertising,revenue,2025Q3", 3, lambda old: old * 1000)},
        "Google advertising / revenue / 2025Q3",
    ),
    "chips: data centre sales, a digit too many": (
        {"chips.csv": row("Nvidia,data_center_revenue,FY2026Q3", 3, lambda old: old * 10)},
        "Nvidia / data_center_revenue / FY2026Q3",
    ),
    "cloud: sales below nil": (
        {"cloud.csv": row("Google Cloud,revenue,2025Q3", 3, lambda old: -old)},
        "Google Cloud / revenue / 2025Q3",
    ),
    "a base rate in percent": (
        {"base_rates.csv": row("firms with sales >$50bn (2015 USD),sales_cagr_5y_real_mean", 3, "10")},
        "value",
    ),
    "a target that is not its name": ({"targets.yml": put("4T.value_usd_bn", "40000")}, "4T.value_usd_bn"),
    "a driver in percent": (
        {"scenarios/base.yml": sub(r"value: 0\.05\n(.*\n)    low: 0\.03", r"value: 5\n\1    low: 3")},
        "value",
    ),
    "a driver outside its range": (
        {"scenarios/bull.yml": sub("value: 0.05", "value: 0.5")},
        "aws.growth_change.value",
    ),
    "a driver that base does not have": (
        {"scenarios/bull.yml": sub("aws.growth_change:", "aws.growth_chance:")},
        "drivers.aws.growth_chance",
    ),
    "a waiver without a reason": (
        {"scenarios/base.yml": sub(r"until: 2023-10-27\n    why: >\n(      .*\n)+", "until: 2023-10-27\n")},
        "waivers.terminal_share.why",
    ),
}

OLD, KEPT, BASE = "amazon/quarters/2025Q4.yml", "vintages/2025Q4.yml", "scenarios/base.yml"
LAST_EDITION, PRICES_META, CLOUD_META = "editions/2025Q4.yml", "prices/amzn.meta.yml", "cloud.meta.yml"
VALUES = "peers/market_values.csv"
DAY_SLIP = "2062-02-05"


def bytes_of(encoding: str) -> Damage:
    return lambda text: text.encode(encoding)


def again(start: str) -> Edit:
    """The first row that begins so, twice."""
    return sub(rf"^({re.escape(start)}.*)", r"\1\n\1")


def rewritten(text: str) -> Edit:
    return lambda _: text


def as_it_is(text: str) -> str:
    """A file that is held to another, which is damaged."""
    return text


def folder(text: str) -> Path:
    """A folder takes the place of the file."""
    return Path()


# Files of the whole data, vintages and articles included: structure, encodings, units, days, identities.
WHOLE: dict[str, tuple[dict[str, Damage], str]] = {
    "a cut-off on the last day that there is": ({EDITION: put("cut_off", "9999-12-31")}, "price.date"),
    "a giant's first close above a trillion more left out": (
        {"giants.csv": without(*(f"Alphabet,first_close_above_{mark}t" for mark in range(4, 10)))},
        "Alphabet / first_close",
    ),
    "a giant's first close above a trillion between two left out": (
        {"giants.csv": without("Nvidia,first_close_above_2t")},
        "Nvidia / first_close",
    ),
    "a giant's first close above a trillion before that above the one below": (
        {"giants.csv": sub(r"^(Nvidia,first_close_above_3t),\d{4}", r"\1,2021")},
        "Nvidia / first_close",
    ),
    "a quarter in UTF-16": ({OLD: bytes_of("utf-16")}, "(file)"),
    "a quarter in Latin-1": (
        {OLD: lambda text: text.replace("url:", "# é\nurl:", 1).encode("latin-1")},
        "(file)",
    ),
    "a quarter with tabs": ({OLD: sub("^  net_sales", "\tnet_sales")}, "line "),
    "a quarter with the marks of a merge": (
        {OLD: sub("^income:", "<<<<<<< HEAD\nincome:\n=======\n>>>>>>> other")},
        "line ",
    ),
    "a quarter that is empty": ({OLD: rewritten("")}, "(file)"),
    "a folder in the place of a quarter": ({OLD: folder}, "(file)"),
    "a quarter with a NUL": ({OLD: sub("net_sales: 213386", "net_sales: 213386\0")}, "line "),
    "an unseen space in a document's name": ({OLD: sub("fourth quarter", "fourth\u200bquarter")}, "line "),
    "a minus of print": (
        {OLD: sub("interest_expense: -679", "interest_expense: −679")},
        "income.interest_expense",
    ),
    "a figure of 400 digits": (
        {OLD: sub("net_sales: 213386", "net_sales: " + "9" * 400)},
        "income.net_sales",
    ),
    "a figure as a list": ({OLD: sub("net_sales: 213386", "net_sales: [213386]")}, "income.net_sales"),
    "a figure as base sixty": ({OLD: sub("net_sales: 213386", "net_sales: 21:33")}, "income.net_sales"),
    "a figure that is no number": ({OLD: sub("net_sales: 213386", "net_sales: .nan")}, "income.net_sales"),
    "sources as a list": ({OLD: sub(r"^sources:.*\n(  .*\n)+", "sources: [a]\n")}, "sources"),
    "sources as a word": ({OLD: sub(r"^sources:.*\n(  .*\n)+", "sources: none\n")}, "sources"),
    "a source dated a lifetime ahead": (
        {OLD: sub(r"^(    published: ).*", rf"\g<1>{DAY_SLIP}")},
        ".published",
    ),
    "another company's address": (
        {OLD: sub(r"^url: .*", "url: https://www.sec.gov/edgar?CIK=0000320193")},
        "url",
    ),
    "an ending that nothing reads": ({"scenarios/crash.yaml": rewritten("extends: base\n")}, "(file)"),
    "a share count of another day": ({LAST_EDITION: put("shares.as_of", "2024-12-31")}, "shares.as_of"),
    "a share count public on another day": (
        {LAST_EDITION: put("shares.published", "2025-10-30")},
        "shares.published",
    ),
    "a share count from another document": (
        {LAST_EDITION: put("shares.document", '"Amazon.com, Inc., Form 10-K for 2020"')},
        "shares.document",
    ),
    "an average as the share count": (
        {LAST_EDITION: sub("field: balance.shares_outstanding", "field: income.diluted_shares")},
        "shares.field",
    ),
    "a look dated a lifetime ahead": ({BASE: sub("on: 2026-05-15", f"on: {DAY_SLIP}")}, "].on"),
    "a waiver without an end": ({BASE: sub("until: 2023-10-27", f"until: {DAY_SLIP}")}, ".until"),
    "draws that no memory holds": (
        {BASE: sub("replicates: 16", "replicates: 1000000")},
        "simulation.replicates",
    ),
    "no draws": ({BASE: sub("points: 8192", "points: 0")}, "simulation.points"),
    "draws that make no net": ({BASE: sub("points: 8192", "points: 8000")}, "simulation.points"),
    "draws of which no error can be told": (
        {BASE: sub("replicates: 16", "replicates: 1")},
        "simulation.replicates",
    ),
    "a vintage's market value, a digit too many": (
        {KEPT: times("market_value_usd_bn", 10)},
        "market_value_usd_bn",
    ),
    "a vintage's value, a digit too many": (
        {KEPT: put("values_usd_bn.base.blended", "34188.5")},
        "values_usd_bn.base.blended",
    ),
    "a vintage without the base scenario": (
        {KEPT: sub(r"^  base:\n(    .*\n)+", "")},
        "values_usd_bn.base.blended",
    ),
    "a vintage without odds": ({KEPT: sub(r"^odds:\n(  .*\n)+", "odds: {}\n")}, "odds"),
    "a vintage of a horizon that has passed": ({KEPT: put("horizon", "2025-12-31")}, "horizon"),
    "a vintage's forecast of its own quarter": (
        {KEPT: lambda text: text + FORECAST.replace("2026Q1", "2025Q4")},
        "forecasts_usd_bn.2025Q4",
    ),
    "a vintage's forecast out of order": (
        {KEPT: lambda text: text + FORECAST.replace("low: 35.0", "low: 38.0")},
        "forecasts_usd_bn.2026Q1.aws",
    ),
    "an erratum of no edition": ({"errata.yml": sub("edition: 2025Q4", "edition: 2031Q4")}, ".edition"),
    "an erratum dated a lifetime ahead": (
        {"errata.yml": sub("mended: 2026-05-15", f"mended: {DAY_SLIP}")},
        ".mended",
    ),
    "a folder in the place of errata": ({"errata.yml": folder}, "(file)"),
    "a risk in percent": (
        {"risks.yml": sub("add: -0.08", "add: -8")},
        "ai_demand.changes.aws.growth_change.add",
    ),
    "no risks": ({"risks.yml": rewritten("{}\n")}, "(file)"),
    "a target that is due": ({"targets.yml": put("4T.horizon", "2020-12-31")}, "4T.horizon"),
    "a field in another unit": ({"amazon/fields.yml": sub("unit: usd_m", "unit: usd_bn")}, ".unit"),
    "a value said to be text": (
        {CLOUD_META: sub("name: value, type: number", "name: value, type: text")},
        "columns[3].type",
    ),
    "a day said to be text": (
        {CLOUD_META: sub("name: published, type: date", "name: published, type: text")},
        "columns[5].type",
    ),
    "oddities as a number": ({CLOUD_META: sub(r"^oddities:\n(  .*\n)+", "oddities: 5\n")}, "oddities"),
    "oddities as a word": ({CLOUD_META: sub(r"^oddities:\n(  .*\n)+", "oddities: none\n")}, "oddities"),
    "a holiday on no weekday": ({PRICES_META: sub("weekday: monday", "weekday: mondey")}, "closed"),
    "a holiday in no month": ({PRICES_META: sub("month: 12, day: 25", "month: 13, day: 25")}, "closed"),
    "a holiday on no day": ({PRICES_META: sub("month: 12, day: 25", "month: 2, day: 31")}, "closed"),
    "the seventh Monday of a month": ({PRICES_META: sub("which: 3", "which: 7")}, "closed"),
    "a holiday before Easter in words": ({PRICES_META: sub("easter: -2", "easter: friday")}, "closed"),
    "a holiday on a day in words": ({PRICES_META: sub("date: 2018-12-05", "date: soon")}, "closed"),
    "a holiday since a year in words": ({PRICES_META: sub("since: 2022", "since: soon")}, "closed"),
    "prices divided by semicolons": ({PRICES: lambda text: text.replace(",", ";")}, "line 1"),
    "prices with their columns exchanged": (
        {PRICES: lambda text: re.sub("^(.*),(.*)$", r"\2,\1", text, flags=re.M)},
        "line 1",
    ),
    "a session's day as Americans write it": ({PRICES: row("2025-03-27,", 0, "03/27/2025")}, "date"),
    "prices of ten megabytes": ({PRICES: lambda text: text + "\n" * 10_000_000}, "(file)"),
    "prices that break off": (
        {LAST_EDITION: as_it_is, PRICES: lambda text: text[: text.index("2026-01-02")]},
        "price.date",
    ),
    "a peer's value twice": ({VALUES: again("2025-12-31,2025Q4,MSFT")}, "2025-12-31 / MSFT"),
    "a peer's close left out": ({VALUES: row("2025-12-31,2025Q4,MSFT", 3, "")}, "close_usd"),
    "a peer's ticker misspelt": ({VALUES: row("2025-12-31,2025Q4,MSFT", 2, "MSTF")}, "ticker"),
    "a peer's value on a Sunday": (
        {VALUES: sub("^2025-12-31,2025Q4,MSFT", "2025-12-28,2025Q4,MSFT")},
        "date",
    ),
    "a peer's shares counted after the day they were public": (
        {VALUES: row("2025-12-31,2025Q4,MSFT", 6, "2026-10-22")},
        "shares_as_of",
    ),
    "Amazon's close, another than the prices have": (
        {
            VALUES: both(
                row("2025-12-31,2025Q4,AMZN", 3, lambda close: close * 1.05),
                row("2025-12-31,2025Q4,AMZN", 5, lambda value: value * 1.05),
            )
        },
        "close_usd",
    ),
    "a company twice": ({"peers/companies.csv": again("MSFT,")}, "MSFT"),
    "a company without a name": ({"peers/companies.csv": lambda text: text + "SHOP,\n"}, "company"),
    "a company that is not named": ({VALUES: as_it_is, "peers/companies.csv": without("MSFT,")}, "ticker"),
    "a value of 400 digits": ({"cloud.csv": row("Google Cloud,revenue,2022Q1", 3, "9" * 400)}, "value"),
    "one row in another unit": ({"cloud.csv": row("Google Cloud,revenue,2025Q3", 4, "usd_m")}, "unit"),
    "a growth with two digits exchanged": (
        {"cloud.csv": row("Google Cloud,revenue_growth_yoy,2025Q4", 3, "0.487")},
        "value",
    ),
    "AWS's sales, another than the quarter has": (
        {
            "cloud.csv": both(
                row("AWS,revenue,2025Q4", 3, "35.759"), row("AWS,revenue_growth_yoy,2025Q4", 3, "0.242")
            )
        },
        "value",
    ),
    "capital spending, another than the quarter has": (
        {KEY: row("Amazon,cash_capital_expenditures_usd_bn,2025Q3", 3, "24.2")},
        "value",
    ),
    "a row published a lifetime ahead": (
        {"cloud.csv": row("Google Cloud,revenue,2025Q3", 5, DAY_SLIP)},
        "published",
    ),
    "an entity with a Cyrillic letter": ({"cloud.csv": row("AWS,revenue,2025Q4", 0, "\u0410WS")}, "entity"),
    "an entity with an unseen letter": ({"cloud.csv": row("AWS,revenue,2025Q4", 0, "AWS\u200b")}, "line "),
    "an entity with a space that does not break": (
        {"cloud.csv": lambda text: text.replace("Google Cloud,revenue,", "Google\xa0Cloud,revenue,")},
        "line ",
    ),
    "a fifth quarter": ({"cloud.csv": row("Google Cloud,revenue,2025Q3", 2, "2025Q5")}, "period"),
    "a quarter in other words": ({"cloud.csv": row("Google Cloud,revenue,2025Q3", 2, "Q3 2025")}, "period"),
    "a year to a month of another name": (
        {"peers/observations.csv": row("MSFT,revenue,FY2025 (Jun-2025)", 2, "FY2025 (June-2025)")},
        "period",
    ),
    "a year's results before its end": (
        {"peers/observations.csv": row("MSFT,revenue,FY2025 (Jun-2025)", 5, "2025-01-30")},
        "published",
    ),
    "the header twice": ({"cloud.csv": lambda text: text + text.partition("\n")[0] + "\n"}, "value"),
    "a row of a merge": ({"cloud.csv": lambda text: text + ">>>>>>> other\n"}, "line "),
    "guidance without its high end": (
        {KEY: without("Amazon,guidance_net_sales_high_usd_bn,2025Q4")},
        "metric",
    ),
    "guidance given after its quarter": (
        {KEY: row("Amazon,guidance_net_sales_low_usd_bn,2025Q4", 5, "2026-02-05")},
        "published",
    ),
    "guidance of another entity": (
        {KEY: row("Amazon,guidance_net_sales_high_usd_bn,2025Q4", 0, "AWS")},
        "metric",
    ),
    "concepts as a list": ({"amazon/xbrl_concepts.yml": rewritten("- a\n")}, "(file)"),
}
FORECAST = """\
forecasts_usd_bn:
  2026Q1:
    aws:
      low: 35.0
      value: 37.0
      high: 39.0
"""


def one_in_ten(cases: Iterable[str]) -> list[ParameterSet]:
    """All of them, nine in ten in the long set."""
    return [pytest.param(case, marks=pytest.mark.long if at % 10 else ()) for at, case in enumerate(cases)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(REAL, tmp_path_factory.mktemp("whole") / "data")


def test_the_table_is_as_long_as_promised() -> None:
    assert len(CASES) + len(WHOLE) >= 200


@pytest.mark.parametrize("case", one_in_ten(CASES))
def test_a_damaged_file_is_named_with_its_field(copy: Path, case: str) -> None:
    hold(copy, *CASES[case])


@pytest.mark.parametrize("case", one_in_ten(WHOLE))
def test_a_file_damaged_in_its_form_is_named_too(whole: Path, case: str) -> None:
    hold(whole, *WHOLE[case])


@pytest.mark.parametrize("harmless", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
@pytest.mark.parametrize("name", [OLD, "cloud.csv", PRICES])
def test_what_a_spreadsheet_or_another_system_writes_is_read(
    whole: Path, name: str, harmless: Callable[[str], str]
) -> None:
    kept = (whole / name).read_bytes()
    before = [str(problem) for problem in check_all(whole)]
    try:
        (whole / name).write_bytes(harmless(kept.decode("utf-8")).encode("utf-8"))
        assert [str(problem) for problem in check_all(whole)] == before
    finally:
        (whole / name).write_bytes(kept)


def hold(root: Path, damages: dict[str, Damage], field: str) -> None:
    """Damage the files, demand a problem with the field in the first of them, and put all back."""
    kept = {name: (root / name).read_bytes() if (root / name).exists() else None for name in damages}
    try:
        for name, damage in damages.items():
            text = kept[name]
            damaged = damage(text.decode("utf-8") if text is not None else "")
            if isinstance(damaged, Path):
                (root / name).unlink()
                (root / name).mkdir()
            else:
                (root / name).write_bytes(damaged.encode("utf-8") if isinstance(damaged, str) else damaged)
        found = [str(problem) for problem in check_all(root)]
    finally:
        for name, text in kept.items():
            if (root / name).is_dir():
                (root / name).rmdir()
            (root / name).unlink(missing_ok=True)
            if text is not None:
                (root / name).write_bytes(text)
    first = next(iter(damages))
    here = [line for line in found if line.startswith(f"data/{first}: ")]
    assert any(field in line.split(": ")[1] for line in here), found


def test_no_real_quarter_has_more_than_five_findings() -> None:
    names = [path.name for path in (REAL / "amazon/quarters").iterdir()]
    read = [read_yaml(REAL, f"amazon/quarters/{name}", []) or {} for name in names]
    counts = [len(quarter.get("acknowledged", {})) for quarter in read]
    assert any(counts)
    assert max(counts) <= 5
