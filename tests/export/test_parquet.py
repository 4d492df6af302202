from __future__ import annotations

import sys
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.data import open_edition
from analysis.data.series import series_names
from analysis.export.parquet import write_tables


def test_every_table_is_a_file_with_its_types_and_only_what_was_public(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import parquet

    edition = open_edition("2024Q4")
    paths = write_tables(edition, tmp_path)
    names = {name.replace("/", "-") for name in series_names(edition.root)}
    assert {path.stem for path in paths} == names | {"amazon-quarters"}
    read = {path.stem: parquet.read_table(path) for path in paths}
    for table in read.values():
        kinds = {field.name: str(field.type) for field in table.schema}
        assert all(kinds[name] == "date32[day]" for name in kinds if name in ("date", "published"))
        assert all(kinds[name] == "double" for name in kinds if name == "value" or name.endswith("_usd"))
        days = [day for name in kinds if name == "published" for day in table[name].to_pylist() if day]
        assert all(day <= edition.cutoff for day in days)
        assert all(field.metadata[b"meaning"] for field in table.schema)
        assert table.schema.metadata[b"public_by"] == str(edition.cutoff).encode()
    cloud = read["cloud"]
    both = zip(cloud["value"].to_pylist(), cloud["value_in_words"].to_pylist(), strict=True)
    assert {(value is None, words is None) for value, words in both} <= {(True, False), (False, True)}
    wanted = {"field": "income.net_sales", "quarter": "2024Q4", "span": "quarter"}
    rows = [row for row in read["amazon-quarters"].to_pylist() if row.items() >= wanted.items()]
    (sales,) = [row["value"] for row in rows]
    assert sales == edition.figure("income.net_sales", "2024Q4").number


def test_without_pyarrow_one_line_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [each for each in sys.modules if each.startswith("pyarrow")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["export", "--parquet", "--as-of", "2024Q4"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    extra = "expected the package with its extra: pip install '.[parquet]'"
    assert said.err == f"error: --parquet: pyarrow is not there ({extra})\n"
