"""A split of the shares: told once, it moves what is counted in shares or is of one, and nothing else."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from analysis.data import open_edition, quarters
from analysis.data.check import check_all
from analysis.data.edition import latest_label
from analysis.data.problems import Problem
from analysis.data.splits import load_splits
from analysis.report import open_report
from analysis.valuation.changes import change
from tests.book.test_made_up_quarters import MadeUp, made_up
from tests.bump import DATA

LAST = open_edition(latest_label(DATA))
NEW = quarters.add(LAST.quarter, 1)
DAY = LAST.cutoff + timedelta(days=60)
DAY -= timedelta(days=max(DAY.weekday() - 4, 0))  # a session
SPLIT = f"ten_for_one:\n  day: {DAY}\n  ratio: 10\n  source: a press release\n"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report's data with a next quarter."""
    return made_up(tmp_path_factory.mktemp("plain") / "data", MadeUp())


@pytest.fixture(scope="module")
def split(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as it would be printed after a split before it: what was printed before it stays."""
    root = tmp_path_factory.mktemp("split") / "data"
    shutil.copytree(plain, root)
    quarter = root / f"amazon/quarters/{NEW}.yml"
    raw = yaml.safe_load(quarter.read_text("utf-8"))
    for block in (raw, raw.get("year_ago", {}), raw.get("ttm", {})):
        for section, name, factor in (
            ("income", "diluted_shares", 10), ("income", "diluted_eps", 0.1),
            ("balance", "shares_outstanding", 10), ("balance", "common_shares_and_stock_awards", 10),
        ):  # fmt: skip
            if name in block.get(section, {}):
                block[section][name] = round(block[section][name] * factor, 2)
    quarter.write_text(yaml.safe_dump(raw), encoding="utf-8")
    edition = root / f"editions/{NEW}.yml"
    raw = yaml.safe_load(edition.read_text("utf-8"))
    raw["price"]["close_usd"] = round(raw["price"]["close_usd"] / 10, 3)
    raw["shares"]["value"] *= 10
    edition.write_text(yaml.safe_dump(raw), encoding="utf-8")
    prices = root / "prices/amzn.csv"
    head, *rows = prices.read_text("utf-8").splitlines()
    days = (row.split(",") for row in rows)
    closes = [
        f"{day},{float(close) / 10:.3f}" if day >= str(DAY) else f"{day},{close}" for day, close in days
    ]
    prices.write_text("\n".join([head, *closes, ""]), encoding="utf-8")
    return root


def with_split(root: Path, text: str = SPLIT) -> Path:
    """Its data with the split told."""
    (root / "splits.yml").write_text(text, encoding="utf-8")
    return root


def per_share(problems: list[Problem]) -> list[str]:
    """The fields whose problems ask for a split."""
    return [problem.field for problem in problems if "splits.yml" in problem.expected]


def test_a_split_that_is_not_told_is_asked_for_and_told_it_is_in_line(plain: Path, split: Path) -> None:
    fields = per_share(check_all(split))
    assert {"balance.shares_outstanding", str(DAY)} <= set(fields)
    told, before = check_all(with_split(split)), check_all(plain)  # a made-up quarter has findings of its own
    assert {(each.path, each.field) for each in told} == {(each.path, each.field) for each in before}


def test_a_year_ago_in_the_new_shares_is_no_restatement_but_for_its_rounding(split: Path) -> None:
    path = split / f"amazon/quarters/{NEW}.yml"
    text, ago = path.read_text("utf-8"), quarters.add(NEW, -4)
    then = yaml.safe_load((split / f"amazon/quarters/{ago}.yml").read_text("utf-8"))["income"]
    fields = ("diluted_eps", "diluted_shares")

    def found(**more: float) -> set[str]:
        again = {
            "diluted_eps": round(then["diluted_eps"] / 10, 2),
            "diluted_shares": then["diluted_shares"] * 10 + 4,
        }
        again = {name: value + more.get(name, 0) for name, value in again.items()}
        path.write_text(
            yaml.safe_dump(yaml.safe_load(text) | {"year_ago": {"income": again}}), encoding="utf-8"
        )
        told = {problem.field for problem in check_all(with_split(split))}
        return {name for name in fields if f"year_ago.income.{name}" in told}

    assert found() == set()
    assert found(diluted_eps=0.02, diluted_shares=20) == set(fields)
    path.write_text(text, encoding="utf-8")


def test_it_moves_what_is_of_one_share_and_nothing_else(plain: Path, split: Path) -> None:
    with_split(split)
    then, now = (open_report(NEW, data=root) for root in (plain, split))
    assert now.market_value.number == pytest.approx(then.market_value.number, rel=1e-9)
    assert now.value().number == pytest.approx(then.value().number, rel=1e-9)
    counts = (each.quarterly("balance.shares_outstanding") for each in (then, now))
    old, new = ([figure.number for figure in series.figures.values()] for series in counts)
    assert new == pytest.approx([10 * count for count in old])
    closes = (each.edition.prices()["close_usd"].to_numpy() for each in (then, now))
    old, new = map(list, closes)
    assert new == pytest.approx([close / 10 for close in old], rel=1e-9)
    assert now.edition.close(date(2026, 3, 31)).number == pytest.approx(20.827)
    assert "in the shares of" in now.edition.figure("income.diluted_shares", LAST.quarter).label


def test_what_moved_the_value_is_told_in_the_same_shares(plain: Path, split: Path) -> None:
    with_split(split)
    then, now = (change(open_edition(NEW, root)) for root in (plain, split))
    assert then is not None
    assert now is not None
    for (name, old), new in zip(then.bridges.items(), now.bridges.values(), strict=True):
        for before, after in zip(old.steps, new.steps, strict=True):
            assert after.amount.number == pytest.approx(before.amount.number, abs=1e-6), name


def test_an_edition_before_it_knows_nothing_of_it(plain: Path, split: Path) -> None:
    with_split(split)
    then, now = (open_edition(LAST.label, root) for root in (plain, split))
    assert now.figure("balance.shares_outstanding").number == then.figure("balance.shares_outstanding").number
    assert now.prices().equals(then.prices())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one: {day: soon, ratio: 10, source: a}\n", "one.day"),
        ("one: {day: 2026-07-15, ratio: -1, source: a}\n", "one.ratio"),
        ("one: {day: 2026-07-15, ratio: 1, source: a}\n", "one.ratio"),
        ("one: {day: 2026-07-15, ratio: 10}\n", "one.source"),
        ("one: {day: 2026-07-15, ratio: 10, source: a, old: 1}\n", "one.old"),
        ("one: 10\n", "one"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, text: str, said: str) -> None:
    with_split(tmp_path, text)
    problems: list[Problem] = []
    load_splits(tmp_path, problems)
    assert said in {problem.field for problem in problems}
