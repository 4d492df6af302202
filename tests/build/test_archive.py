"""The zip of all data, read back as a reader would."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package

from analysis.build import archive
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree
from analysis.data import long_table, open_edition
from tests.build.tiny_book import ROOT

CHOSEN = Parameters("2025Q4", "base")


@pytest.fixture(scope="module")
def packed() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(archive.archive(Tree(ROOT), CHOSEN)))


@pytest.fixture(scope="module")
def described(packed: zipfile.ZipFile) -> dict[str, Any]:
    return dict(json.loads(packed.read(archive.DESCRIPTOR)))


def tables(described: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in described["resources"] if each["profile"] == "tabular-data-resource"]


def test_it_holds_the_folder_the_table_of_quarters_and_nothing_else(packed: zipfile.ZipFile) -> None:
    data = ROOT / "data"
    folder = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    visible = {name for name in folder if "/." not in f"/{name}"}
    assert set(packed.namelist()) - {archive.DESCRIPTOR, "amazon/quarters.csv"} == visible
    assert packed.read("targets.yml") == (ROOT / "data" / "targets.yml").read_bytes()
    assert packed.namelist() == sorted(packed.namelist())


def test_every_resource_is_there_as_described(packed: zipfile.ZipFile, described: dict[str, Any]) -> None:
    paths = {each["path"] for each in described["resources"]}
    assert paths == set(packed.namelist()) - {archive.DESCRIPTOR}
    names = [each["name"] for each in described["resources"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[-a-z0-9._/]+", name) for name in names)
    for each in described["resources"]:
        content = packed.read(each["path"])
        assert each["bytes"] == len(content)
        assert each["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_fields_are_the_headers_of_their_tables(packed: zipfile.ZipFile, described: dict[str, Any]) -> None:
    written = {name for name in packed.namelist() if name.endswith(".csv")}
    assert {each["path"] for each in tables(described)} == written
    for each in tables(described):
        header = next(csv.reader(io.StringIO(packed.read(each["path"]).decode("utf-8"))))
        assert [field["name"] for field in each["schema"]["fields"]] == header
        for field in each["schema"]["fields"]:
            assert set(field) - {"constraints"} == {"name", "type", "description", "unit"}
            assert field["description"]


def test_cells_have_the_type_their_field_says(packed: zipfile.ZipFile, described: dict[str, Any]) -> None:
    reads = {"number": float, "date": date.fromisoformat, "string": str, "any": str}
    met = set()
    for each in tables(described):
        kinds = {field["name"]: field["type"] for field in each["schema"]["fields"]}
        met |= set(kinds.values())
        for row in csv.DictReader(io.StringIO(packed.read(each["path"]).decode("utf-8"))):
            for name, cell in row.items():
                if cell not in each["schema"]["missingValues"]:
                    reads[kinds[name]](cell)
    assert {"number", "date", "string"} <= met


def test_the_package_is_valid_by_the_standard(packed: zipfile.ZipFile, tmp_path: Path) -> None:
    packed.extractall(tmp_path)
    report = Package(str(tmp_path / archive.DESCRIPTOR)).validate()
    assert report.flatten(["title", "message"]) == []
    assert report.valid


def test_a_slip_in_a_table_is_one_by_the_standard_too(packed: zipfile.ZipFile, tmp_path: Path) -> None:
    packed.extractall(tmp_path)
    descriptor = tmp_path / archive.DESCRIPTOR
    described = json.loads(descriptor.read_text(encoding="utf-8"))
    for each in described["resources"]:
        del each["hash"], each["bytes"]
    descriptor.write_text(json.dumps(described), encoding="utf-8")
    companies, chips = tmp_path / "peers" / "companies.csv", tmp_path / "chips.csv"
    companies.write_text(companies.read_text(encoding="utf-8").replace("MSFT,", "MSTF,"), encoding="utf-8")
    lines = chips.read_text(encoding="utf-8").splitlines()
    slips = [lines[1].replace(",secondary,", ",good,"), lines[2], lines[2]]
    chips.write_text("\n".join([lines[0], *slips, ""]), encoding="utf-8")
    found = Package(str(descriptor)).validate().flatten(["type"])
    assert {kind for (kind,) in found} == {"constraint-error", "primary-key", "foreign-key"}


def test_every_quarters_figure_is_a_row_with_its_document(packed: zipfile.ZipFile) -> None:
    rows = list(csv.DictReader(io.StringIO(packed.read("amazon/quarters.csv").decode("utf-8"))))
    by_key = {tuple(row[name] for name in long_table.KEY): row for row in rows}
    assert len(by_key) == len(rows) > 1900
    reported = open_edition("2025Q4", ROOT / "data").reported
    assert len(rows) == sum(len(file.printed) for file in reported.files.values())
    row = by_key["segments.aws.net_sales", "2025Q4", "quarter", "2026-02-05"]
    assert (row["value"], row["unit"], row["basis"]) == ("35579", "usd_m", "printed")
    assert row["document"] == "Amazon.com, Inc., press release on the fourth quarter of 2025"
    assert row["url"].startswith("https://")
    assert {row["span"] for row in rows} == set(long_table.SPANS)
    assert {row["basis"] for row in rows} == set(long_table.BASES)


def test_the_table_that_a_site_offers_is_cut_at_its_edition() -> None:
    edition = open_edition("2019Q4", ROOT / "data")
    rows = list(csv.DictReader(io.StringIO(archive.quarters_csv(edition).decode("utf-8-sig"))))
    assert rows
    assert max(row["published"] for row in rows) <= edition.cutoff.isoformat()
    assert max(row["quarter"] for row in rows) == "2019Q4"


def test_the_package_says_whose_it_is_and_what_it_covers(described: dict[str, Any]) -> None:
    assert described["name"] == "amazon-2030"
    assert described["title"]
    assert [licence["name"] for licence in described["licenses"]] == ["CC-BY-4.0"]
    titles = {source["title"] for source in described["sources"]}
    assert "Amazon.com, Inc., press release on the fourth quarter of 2025" in titles
    assert {source["title"] for each in tables(described) for source in each["sources"]} <= titles
    assert "as it is" in described["description"]


def test_two_writes_give_the_same_bytes_on_any_day(real: Tree) -> None:
    first = archive.archive(real, CHOSEN)
    for path in real.data.rglob("*.csv"):
        path.touch()
        path.chmod(0o600)
    assert archive.archive(real, CHOSEN) == first
    cutoff = open_edition("2025Q4", real.data).cutoff
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        stamps = {info.date_time[:3] for info in packed.infolist()}
    assert stamps == {(cutoff.year, cutoff.month, cutoff.day)}


def test_what_editors_and_tools_leave_beside_a_file_is_not_in_it(real: Tree) -> None:
    before = archive.contents(real.data)
    for name in ("targets.yml~", "amazon/fields.yml.swp", "__pycache__/cloud.csv"):
        (real.data / name).parent.mkdir(exist_ok=True)
        (real.data / name).write_text("old", encoding="utf-8")
    assert archive.contents(real.data) == before


def test_a_table_without_sidecar_is_refused(real: Tree) -> None:
    (real.data / "cloud.meta.yml").unlink()
    with pytest.raises(BuildError, match=r"cloud\.meta\.yml"):
        archive.archive(real, CHOSEN)


def test_the_sources_page_offers_it() -> None:
    assert "```{generated} archive\n```" in (ROOT / "book" / "sources.md").read_text(encoding="utf-8")
