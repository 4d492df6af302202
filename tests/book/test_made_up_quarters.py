"""Ten next quarters that nobody has reported: what the pages say of them holds and reads well.

Each is the quarter a year before, grown, on top of the report's own data; it need not come about, and the
sentences must not mind.
"""

from __future__ import annotations

import itertools
import re
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.build.prose import fill
from analysis.charts.numbers import record
from analysis.data import open_edition, quarters
from analysis.data.drivers import GATES
from analysis.data.edition import latest_label
from analysis.data.yaml_files import read_yaml
from analysis.report import listed
from analysis.valuation.giants import giants
from tests.bump import DATA
from tests.notebooks import BOOK, computing, run, run_on

FLOWS = (
    "operating_cash_flow", "purchases_of_property_and_equipment", "proceeds_from_sales_and_incentives",
)  # fmt: skip
YEAR = ("segments", "service_lines", "income", "cash_flow")


class Plain(yaml.SafeDumper):
    """Writes every value out, as the report's data have it."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@dataclass(frozen=True)
class MadeUp:
    """A quarter as factors on the one a year before; ``price`` on the last close; ``without`` a line."""

    aws: float = 1.25
    advertising: float = 1.2
    stores: float = 1.1
    income: float = 1.2
    building: float = 1.4
    price: float = 1.0
    without: str = ""


CASES = {
    "AWS up by 45 percent": MadeUp(aws=1.45),
    "all of it weaker": MadeUp(0.95, advertising=0.95, stores=0.98, income=-0.3, building=2.0, price=0.6),
    "a loss": MadeUp(income=-0.4),
    "base above the lower target": MadeUp(aws=1.4, income=1.5, price=1.1),
    "base above the higher target": MadeUp(aws=1.6, income=1.9, price=1.5),
    "the price halved": MadeUp(price=0.5),
    "the price doubled": MadeUp(price=2.0),
    "more built than earned": MadeUp(building=2.6),
    "advertising flat": MadeUp(advertising=1.0),
    "a line missing": MadeUp(without="income.diluted_shares"),
}
QUICK = (("a loss", "base", "retail"), ("all of it weaker", "base", "history"))
PAGES = (
    ("a loss", "base", "history"),
    ("all of it weaker", "base", "retail"),
    ("more built than earned", "base", "aws"),
    ("the price doubled", "base", "peers"),
    ("the price doubled", "bear", "sensitivity"),
)
MARKS = {**dict.fromkeys(QUICK, ()), **dict.fromkeys(PAGES, pytest.mark.pages)}  # all others in the long set


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made-up")


def made_up(folder: Path, case: MadeUp) -> Path:
    """The report's data with the case's quarter and edition on top of them."""
    if folder.exists():
        return folder
    shutil.copytree(DATA, folder)
    last = open_edition(latest_label(DATA))
    new, ago = quarters.add(last.quarter, 1), quarters.add(last.quarter, -3)
    released = quarters.period_end(new) + timedelta(days=30)
    cutoff = released + timedelta(days=1)
    if cutoff.weekday() > 4:
        cutoff += timedelta(days=7 - cutoff.weekday())
    _quarter(folder, new, ago, released, case)
    closes, close = [], round(last.price.number * case.price, 2)
    day = last.price_date + timedelta(days=1)
    while day <= cutoff:
        closes += [f"{day},{close}"] if day.weekday() < 5 else []
        day += timedelta(days=1)
    prices = folder / "prices/amzn.csv"
    prices.write_text(prices.read_text("utf-8") + "\n".join(closes) + "\n", encoding="utf-8")
    raw = yaml.safe_load((DATA / f"editions/{last.label}.yml").read_text("utf-8"))
    raw |= {"label": new, "quarter": new, "cut_off": cutoff, "why": "made up"}
    raw["price"] |= {"date": cutoff, "close_usd": close}
    raw["shares"] |= {"as_of": quarters.period_end(new), "published": released}
    shown = dict.fromkeys(GATES, "made up, and shown all the same")
    raw["waivers"] = dict.fromkeys(("base", "bear", "bull"), shown)
    (folder / f"editions/{new}.yml").write_text(yaml.dump(raw, Dumper=Plain), encoding="utf-8")
    return folder


def _quarter(folder: Path, new: str, ago: str, released: date, case: MadeUp) -> None:
    then, *before = (
        read_yaml(DATA, f"amazon/quarters/{label}.yml", []) or {}
        for label in (ago, *(quarters.add(new, -back) for back in (1, 2, 3)))
    )
    raw: dict[str, Any] = {key: then[key] for key in ("segments", "service_lines", "income", "cash_flow")}
    segments, lines, income, cash = raw.values()
    for name, segment in segments.items():
        segment["net_sales"] = round(segment["net_sales"] * (case.aws if name == "aws" else case.stores))
        segment["operating_income"] = round(segment["operating_income"] * case.income)
    sales = sum(segment["net_sales"] for segment in segments.values())
    lines["aws"] = segments["aws"]["net_sales"]
    lines["advertising_services"] = round(lines["advertising_services"] * case.advertising)
    lines["online_stores"] += sales - sum(lines.values())
    earned = sum(segment["operating_income"] for segment in segments.values())
    income["cost_of_sales"] += sales - income["net_sales"] - earned + income["operating_income"]
    income["pretax_income"] += earned - income["operating_income"]
    income["net_income"] += earned - income["operating_income"]
    income |= {"net_sales": sales, "operating_income": earned}
    cash["purchases_of_property_and_equipment"] = round(
        cash["purchases_of_property_and_equipment"] * case.building
    )
    cash["free_cash_flow"] = sum(cash[name] for name in FLOWS)
    raw["balance"] = dict(before[0]["balance"])
    if new.endswith("Q4"):
        year = {name: _sums(*(each[name] for each in (raw, *before))) for name in YEAR}
        year["income"]["diluted_shares"] = income["diluted_shares"]
        year["income"]["diluted_eps"] = round(year["income"]["net_income"] / income["diluted_shares"], 2)
        raw["fiscal_year"] = year
    else:
        raw["trailing_twelve_months"] = {"cash_flow": _sums(*(each["cash_flow"] for each in (raw, *before)))}
    known = before[0].get("acknowledged", {})
    absent = {name for name, each in known.items() if each["value"] == "absent"} | {case.without} - {""}
    for name in absent:
        section, line = name.split(".")
        raw[section].pop(line, None)
    raw["acknowledged"] = {name: {"value": "absent", "why": "made up"} for name in sorted(absent)}
    head = {
        "quarter": new,
        "period_end": quarters.period_end(new),
        "document": f"Amazon.com, Inc., made up, {quarters.ORDINALS[int(new[-1]) - 1]} quarter of {new[:4]}",
        "url": "https://example.org/",
        "published": released,
    }
    text = yaml.dump(head | raw, Dumper=Plain, sort_keys=False)
    (folder / f"amazon/quarters/{new}.yml").write_text(text, encoding="utf-8")


def _sums(first: dict[str, Any], *others: dict[str, Any]) -> dict[str, Any]:
    """Figures that all have, added up, at whatever depth they lie."""
    return {
        name: _sums(value, *(each[name] for each in others))
        if isinstance(value, dict)
        else value + sum(each[name] for each in others)
        for name, value in first.items()
        if all(name in each for each in others)
    }


def state(data: Path, entity: str, metric: str, period: str, value: float) -> None:
    """Have the company state a key figure at the made-up edition's cut-off."""
    table, day = data / "amazon/key_figures.csv", open_edition(latest_label(data), data).cutoff
    row = f"{entity},{metric},{period},{value},usd_bn,{day},made up,https://example.org/,primary,seen,\n"
    table.write_text(table.read_text("utf-8") + row, encoding="utf-8")


def sentences(data: Path, name: str, scenario: str) -> str:
    """What a page and its charts say of the made-up quarter, with its numbers filled in."""
    page = run(name, latest_label(data), scenario, data)
    records = {f"{name}.{key}": record(figure) for key, figure in page.numbers.items()}
    source = (BOOK / f"{name}.md").read_text("utf-8").split("---\n", 2)[2]
    source = re.sub(r"^```\{code-cell\}.*?^```$", "", source, flags=re.MULTILINE | re.DOTALL)
    text, _, problems = fill(source, records, name, "the cut-off", plain=True)
    assert problems == []
    findings = (str(getattr(part, "finding", "")) for part in page.outputs)
    return "\n".join([text, *findings])


WRONG = {
    "a number that is none": r"\bnan\b|\binf\b",
    "a word twice": r"\b(the|a|an|of|to|is|by|in|at|or|and|not) \1\b",
    "the same, not the same": (
        r"(?<![\w.,])([−$]?[\d.]+(?:%|×|[TbB]n?)?)(?: of its sales[^,;.]*)?, not \1(?![\w.]*\d)"
    ),
    "more or less by nothing": r"(?<![\d.])0(?:\.0)?% (?:more|less)\b",
    "less than nothing left": r"−\$[\d.]+\w* (?:is|was|that|left)|(?:leave|misses|earned) −\$",
    "worth nothing in figures": r"(?:worth|to|and) \$0(?:\.0)?bn|are 0\.0% of",
    "up by less than nothing": r"\b(?:up|rise|rose|fall|fell|grew|shrank) by −|grew by [\d.]+% [\w ]+ and −",
    "a multiple as a share": r"paid [\d.]+% ",
    "a point in time after a verb": r"reach \$\dT (?:not by|reached|already)",
    "none of many": r"(?<![\d.])0% (?:of the simulations|stand)|chance of 0%",
    "any rate": r"rate tried",
    "a place without words": r" ,| \.(?:\s|$)|\(\)",
    "from one to the same": r"\bfrom ([\d.$−]+[%×TbB]?n?) to \1(?![\w.])",
    "none in figures": r"(?<![\d.,])0 (?:of \d|came|changed|left|are|were)\b",
    "one with a plural": r"(?<![\d.,])1 (?:are|were|have)\b",
    "a growth that is a fall": r"growth of [\w ]+ by −|bring −|grows by −",
    "the same in place of itself": r"(\$[\d.]+\w+) in place of \1(?!\w)",
    "an assumed rate as the market's": r"yield of long bonds, [\d.]+%",
    "reached and to be reached": r"(\$\dT) is reached even if[^.]*\. For \1",
}


@pytest.mark.parametrize(
    ("case", "scenario", "name"),
    [
        pytest.param(*each, marks=MARKS.get(each, pytest.mark.long))
        for each in itertools.product(CASES, ("base", "bear", "bull"), computing())
    ],
)
def test_what_a_page_says_holds_and_reads_well(folders: Path, case: str, scenario: str, name: str) -> None:
    text = sentences(made_up(folders / re.sub(r"\W+", "-", case) / "data", CASES[case]), name, scenario)
    found = [
        f"{wrong}: …{text[max(0, hit.start() - 60) : hit.end() + 40]!r}"
        for wrong, pattern in WRONG.items()
        for hit in re.finditer(pattern, text)
    ]
    assert found == []


def test_what_aws_alone_reaches_is_said_of_the_scenarios(folders: Path) -> None:
    data = made_up(folders / "aws-alone" / "data", MadeUp(aws=1.5, income=1.5, price=1.5))
    page = run("aws", latest_label(data), "base", data)
    alone = {name: page.names["worth"][name] >= page["lower_target"] for name in ("bear", "base", "bull")}
    assert alone == {"bear": False, "base": False, "bull": True}
    assert str(page["alone"]).startswith("In the scenario bull AWS alone reaches $4T, which is asked")


def test_what_was_said_of_an_earlier_quarter_is_told_and_compared_as_of_then(folders: Path) -> None:
    data = made_up(folders / "said-before" / "data", MadeUp())
    new, last = latest_label(data), quarters.add(latest_label(data), -1)
    pages = {name: run(name, new, "base", data) for name in ("aws", "chips", "sotp")}
    aws, chips = pages["aws"], pages["chips"]
    year = chips.report.quarterly("segments.aws.net_sales").twelve_months()[str(chips["run_rate_quarter"])]
    assert chips["run_rate_share"].number == pytest.approx(chips["run_rate_sales"].number / year.number)
    said = aws.report.observed("cloud", "AWS", "ai_run_rate").periods[-1]
    assert f"their run-rate for {said}" in str(aws["ai_said"])
    assert str(aws["power_quarter"]) <= last
    stated = pages["sotp"].report.key_figure("anthropic_carrying_value_usd_bn").periods[-1]
    assert f" for {stated}, when" in str(pages["sotp"]["stake_said"])
    state(data, "AWS", "custom_chips_run_rate_usd_bn", new, 40)
    chips = run_on(open_edition(new, data), "chips")
    rates, rows = chips.report.key_figure("custom_chips_run_rate_usd_bn"), chips.report.observed
    for told, of, words in (
        ("committed", rows("chips", "Trainium", "revenue_commitments"), "the run-rate of"),
        (
            "alone",
            rows("chips", "Custom chips (Graviton+Trainium)", "standalone_run_rate"),
            "what it states for",
        ),
    ):
        at = of.periods[-1]
        assert f"{of.latest.number / rates[at].number:.2f}× {words} {at}" in str(chips[told])


def test_amazon_above_the_lower_target_is_among_those_that_closed_above_it(folders: Path) -> None:
    data = made_up(folders / "there" / "data", MadeUp(price=1.5))
    edition = open_edition(latest_label(data), data)
    row = f"Amazon,first_close_above_4t,{edition.price_date},4050,usd_bn,{edition.price_date},made up,"
    table = data / "giants.csv"
    table.write_text(f"{table.read_text('utf-8')}{row}https://example.org/,primary,seen,\n", encoding="utf-8")
    page = run("peers", edition.label, "base", data)
    there = [giant for giant in giants(open_edition(edition.label, data)).values() if "4T" in giant.passed]
    names = listed([giant.name for giant in sorted(there, key=lambda giant: giant.took("4T").number)])
    assert "Amazon" in names
    assert str(page["giants"]).startswith(f"{names}, ")
    assert page.parts["giants"].finding.startswith(f"{names} took ")


def test_a_stake_that_was_sold_is_told_as_none(folders: Path) -> None:
    data = made_up(folders / "sold" / "data", MadeUp())
    new = latest_label(data)
    state(data, "Amazon", "anthropic_carrying_value_usd_bn", new, 0)
    edition = open_edition(new, data)
    assert str(run_on(edition, "sotp")["stake_said"]) == "is in at nothing, as in the latest filing"
    assert "Amazon holds no stake in that customer" in str(run_on(edition, "chips")["customer"])


@pytest.mark.parametrize(("ends", "said"), [((21, 25), "$21.0bn to $25.0bn"), ((25, 25), "$25.0bn")])
def test_guidance_to_one_number_is_told_once(folders: Path, ends: tuple[int, int], said: str) -> None:
    data = made_up(folders / f"guided-{ends[0]}" / "data", MadeUp())
    new = latest_label(data)
    assert run("history", new, "base", data)["guidance"].is_absent
    for end, value in zip(("low", "high"), ends, strict=True):
        metric = f"guidance_operating_income_{end}_usd_bn"
        state(data, "Amazon", metric, quarters.add(new, 1), value)
    assert str(run_on(open_edition(new, data), "history")["guidance"]) == said


@pytest.mark.long
def test_quarters_above_within_and_below_the_guided_range_are_all_of_them(folders: Path) -> None:
    data = made_up(folders / "a-loss" / "data", CASES["a loss"])
    finding = run("track-record", latest_label(data), "base", data).parts["guidance"].description
    assert " below it" in finding
    assert sum(int(share) for share in re.findall(r"(\d+)%", finding)) == pytest.approx(100, abs=1)
