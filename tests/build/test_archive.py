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

from analysis.build import archive, downloads
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree
from analysis.data import open_edition
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


def test_it_holds_the_folder_and_nothing_else(packed: zipfile.ZipFile) -> None:
    data = ROOT / "data"
    folder = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    visible = {name for name in folder if "/." not in f"/{name}"}
    assert set(packed.namelist()) - {archive.DESCRIPTOR} == visible
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
            assert set(field) == {"name", "type", "description", "unit"}
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


def test_a_table_without_sidecar_is_refused(real: Tree) -> None:
    (real.data / "cloud.meta.yml").unlink()
    with pytest.raises(BuildError, match=r"cloud\.meta\.yml"):
        archive.archive(real, CHOSEN)


def test_it_is_written_where_a_page_offers_it(real: Tree, tmp_path: Path) -> None:
    ready = tmp_path / "next"
    ready.mkdir()
    page = ready / "sources.html"
    page.write_text("<p>nothing to take along</p>", encoding="utf-8")
    downloads.write(real, CHOSEN, ready)
    assert not (ready / "downloads" / archive.NAME).exists()
    page.write_text(archive.link(downloads.FOLDER), encoding="utf-8")
    downloads.write(real, CHOSEN, ready)
    assert (ready / "downloads" / archive.NAME).read_bytes() == archive.archive(real, CHOSEN)


def test_the_sources_page_offers_it() -> None:
    assert "```{generated} archive\n```" in (ROOT / "book" / "sources.md").read_text(encoding="utf-8")
