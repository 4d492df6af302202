from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.build.tiny_book import ROOT

SETUP = "import sys; from pathlib import Path; from analysis.build.reads import record; "


@pytest.fixture
def used(tmp_path: Path):  # noqa: ANN201 - a function made for each test
    """Runs a script in a checkout of its own and returns the lines that were recorded."""
    (tmp_path / "data" / "folder").mkdir(parents=True)
    (tmp_path / "analysis").symlink_to(ROOT / "analysis")
    (tmp_path / "data" / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not an input", encoding="utf-8")

    def run(script: str) -> list[str]:
        log = tmp_path / "log"
        setup = f"{SETUP}sys.path.insert(0, {str(tmp_path)!r}); record(Path({str(tmp_path)!r}), Path({str(log)!r}))\n"
        subprocess.run(
            [sys.executable, "-c", setup + script], cwd=tmp_path, check=True, env={"PYTHONPATH": str(ROOT)}
        )
        return log.read_text(encoding="utf-8").splitlines()

    return run


@pytest.mark.parametrize(
    "script",
    [
        "open('data/a.csv').read()",
        "from pathlib import Path; Path('data/../data/a.csv').read_bytes()",
        "import pandas; pandas.read_csv('data/a.csv')",
        "import os; os.close(os.open('data/a.csv', os.O_RDONLY))",
        "open('data/a.csv'); open('data/a.csv')",
    ],
)
def test_a_file_is_recorded_once_whoever_reads_it(used, script: str) -> None:  # noqa: ANN001
    assert [line for line in used(script) if line.startswith("data/")] == ["data/a.csv"]


def test_a_listed_folder_and_a_missing_file_are_recorded(used) -> None:  # noqa: ANN001
    script = "import os; os.listdir('data'); os.path.exists('data/none.csv')\ntry: open('data/gone.csv')\nexcept OSError: pass"
    assert used(script) == ["data/", "data/gone.csv"]


def test_modules_of_the_report_are_recorded_with_all_they_import(used) -> None:  # noqa: ANN001
    lines = used(
        "import importlib; sys.modules.pop('analysis'); importlib.import_module('analysis.' + 'figures')"
    )
    assert "analysis/figures.py" in lines
    assert all(line.endswith(".py") for line in lines)


def test_written_files_and_files_elsewhere_are_not_recorded(used) -> None:  # noqa: ANN001
    assert (
        used("open('data/new.csv', 'w').close(); open('notes.txt').close(); open('/etc/hostname').close()")
        == []
    )
