"""Vintages: kept once, never written again, and compared with what the code says now."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from analysis.data import DataError, Edition, open_edition
from analysis.data.check import check_all
from analysis.data.problems import Problem
from analysis.data.vintages import check_vintages
from analysis.valuation import vintages
from analysis.valuation.group import open_group
from analysis.valuation.odds import simulate_odds

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("repository") / "data"
    shutil.copytree(DATA, copy, ignore=shutil.ignore_patterns("vintages"))
    return copy


@pytest.fixture(scope="module")
def edition(root: Path) -> Edition:
    return open_edition("2025Q4", root)


@pytest.fixture(scope="module")
def kept(edition: Edition) -> Path:
    return vintages.record(edition)


def test_a_vintage_holds_the_headline_outputs(edition: Edition, kept: Path) -> None:
    (vintage,) = vintages.vintages(edition)
    group = open_group(edition, "base")
    at = group.index_of(2030)
    assert kept == edition.root / "vintages/2025Q4.yml"
    assert vintage.outputs["market_value_usd_bn"] == pytest.approx(208.27 * 10.731, abs=1e-3)
    assert vintage.outputs["values_usd_bn.base.blended"] == pytest.approx(group.values[at], abs=1e-3)
    methods = [vintage.outputs[f"values_usd_bn.base.{m}"] for m in ("sales", "parts", "earnings")]
    weights = [group.drivers[f"blend.{m}"] for m in ("sales", "parts", "earnings")]
    blended = sum(v * w for v, w in zip(methods, weights, strict=True)) / sum(weights)
    assert vintage.outputs["values_usd_bn.base.blended"] == pytest.approx(blended, abs=2e-3)
    above = simulate_odds(group).above(4000.0).value[-1]
    assert vintage.outputs["odds.4T.above"] == pytest.approx(above, abs=1e-5)
    assert vintage.outputs["odds.4T.touched"] > vintage.outputs["odds.4T.above"]
    drivers = edition.drivers("base")
    assert vintage.assumptions.keys() == dict(drivers.items()).keys()
    growth = drivers["aws.growth_change"]
    said = {"low": growth.low, "value": growth.value, "high": growth.high}
    assert vintage.assumptions["aws.growth_change"] == said


def test_a_vintage_is_never_written_again(edition: Edition, kept: Path) -> None:
    before = kept.read_bytes()
    with pytest.raises(DataError, match=r"data/vintages/2025Q4\.yml: \(file\): was published already"):
        vintages.record(edition)
    assert kept.read_bytes() == before


def test_nothing_moves_while_nothing_changes(edition: Edition, kept: Path) -> None:
    (vintage,) = vintages.vintages(edition)
    found = vintages.revisions(edition, vintage)
    assert {revision.name for revision in found} == set(vintage.outputs)
    assert [revision.change for revision in found] == [0.0] * len(found)


def test_a_revision_shows_by_how_much_the_code_has_moved(edition: Edition, kept: Path) -> None:
    (vintage,) = vintages.vintages(edition)
    name = "values_usd_bn.bear.blended"
    said = replace(vintage, outputs={name: vintage.outputs[name] - 100.0, "odds.4T.above": 0.5})
    money, chance = vintages.revisions(edition, said)
    assert money.change == pytest.approx(100.0)
    assert chance.change == pytest.approx(vintage.outputs["odds.4T.above"] - 0.5)


def test_an_edition_does_not_know_the_vintages_of_later_ones(root: Path, kept: Path) -> None:
    assert vintages.vintages(open_edition("2025Q3", root)) == ()
    assert len(vintages.vintages(open_edition("2025Q4", root))) == 1


def test_a_vintage_s_figure_names_its_file(edition: Edition, kept: Path) -> None:
    (vintage,) = vintages.vintages(edition)
    figure = vintage.figure("odds.5T.above", "Chance as published")
    assert figure.unit == "fraction"
    assert figure.source is not None
    assert (figure.source.path, figure.source.field) == ("data/vintages/2025Q4.yml", "odds.5T.above")
    assert figure.published == edition.cutoff


def test_a_kept_vintage_passes_the_checks(root: Path, kept: Path) -> None:
    assert [p for p in check_all(root) if "vintages" in p.path] == []


def small_copy(root: Path, to: Path) -> Path:
    """A data folder with editions and vintages alone."""
    for folder in ("editions", "vintages"):
        shutil.copytree(root / folder, to / "data" / folder)
    return to / "data"


def problems_of(root: Path) -> list[str]:
    found: list[Problem] = []
    check_vintages(root, found)
    return [str(problem) for problem in found]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("odds.4T.above", 1.2, "odds.4T.above: is 1.2 (expected a probability"),
        ("odds.4T.touched", 0.01, "odds.4T: above, 0."),
        ("odds.4T.passed", 0.5, "odds.4T.passed: is an unknown field"),
        ("market_value_usd_bn", -5.0, "market_value_usd_bn: is -5 (expected an amount above zero"),
        ("values_usd_bn.base.blended", "3,400", "values_usd_bn.base.blended: '3,400' is text"),
        ("sum_of_the_parts_usd_bn.low", 9e9, "sum_of_the_parts_usd_bn: does not rise"),
        ("odds", None, "odds: is missing"),
        ("edition", "2025Q3", "edition: is '2025Q3' (expected '2025Q4'"),
        ("horizon", "soon", "horizon: 'soon' is not a date"),
        ("profit", 1.0, "profit: is an unknown field"),
    ],
)
def test_the_check_names_what_cannot_be(
    root: Path, kept: Path, tmp_path: Path, name: str, value: object, problem: str
) -> None:
    raw = yaml.safe_load(kept.read_text(encoding="utf-8"))
    *above, last = name.split(".")
    place = raw
    for key in above:
        place = place[key]
    place[last] = value
    copy = small_copy(root, tmp_path)
    (copy / "vintages/2025Q4.yml").write_text(yaml.safe_dump(raw), encoding="utf-8")
    found = problems_of(copy)
    assert [line for line in found if line.startswith(f"data/vintages/2025Q4.yml: {problem}")], found


@pytest.mark.parametrize("entry", ["{low: 0.9, value: 0.0, high: 0.06}", "{low: -0.06, value: 0.0}", "0.5"])
def test_the_check_names_an_assumption_that_cannot_have_been(
    root: Path, kept: Path, tmp_path: Path, entry: str
) -> None:
    copy = small_copy(root, tmp_path)
    text, times = re.subn(r"(  aws\.growth_change: ).*", rf"\g<1>{entry}", kept.read_text(encoding="utf-8"))
    assert times == 1
    (copy / "vintages/2025Q4.yml").write_text(text, encoding="utf-8")
    found = problems_of(copy)
    assert found
    assert all(each.startswith("data/vintages/2025Q4.yml: assumptions.aws.growth_change") for each in found)


def test_the_check_names_a_cut_off_that_is_not_the_edition_s(root: Path, kept: Path, tmp_path: Path) -> None:
    copy = small_copy(root, tmp_path)
    file = copy / "vintages/2025Q4.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("2026-03-31", "2026-03-30"), encoding="utf-8")
    (problem,) = problems_of(copy)
    wrong = "cut_off: 2026-03-30 is not the edition's cut-off"
    assert problem.startswith(f"data/vintages/2025Q4.yml: {wrong}")
    (copy / "vintages/2019Q1.yml").write_text(kept.read_text(encoding="utf-8").replace("2025Q4", "2019Q1"))
    assert any("'2019Q1' is no edition" in each for each in problems_of(copy))
