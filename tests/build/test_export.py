from __future__ import annotations

import pytest

from analysis.__main__ import main
from analysis.build import export
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree
from tests.export.evaluated import read

NAME = "amazon-2030-2024Q4.xlsx"
CHOSEN = Parameters("2024Q4", "base")


def test_the_verb_writes_the_workbook_into_the_site(real: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--as-of", "2024Q4", "--scenario", "bull"], real.root) == 0
    assert capsys.readouterr().out == f"_build/html/downloads/{NAME}\n"
    book = read((real.site / "downloads" / NAME).read_bytes())
    assert book.values["INPUTS", "C2"] == "bull"


def test_an_unknown_edition_is_refused_and_nothing_written(real: Tree) -> None:
    with pytest.raises(BuildError, match="'2031Q1' is not an edition"):
        export.export(real, "2031Q1")
    assert not real.site.exists()


def test_a_broken_scenario_is_told_as_a_problem_of_the_data(
    real: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    (real.data / "scenarios" / "bull.yml").write_text("extends: nothing\n", encoding="utf-8")
    assert main(["export", "--as-of", "2024Q4"], real.root) == 1
    assert "data/scenarios/bull.yml: " in capsys.readouterr().err


def test_a_second_run_leaves_the_file_untouched(real: Tree) -> None:
    path = export.export(real, "2024Q4")
    before = path.stat().st_mtime_ns
    assert export.export(real, "2024Q4") == path
    assert path.stat().st_mtime_ns == before
