from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.build import reads
from tests.build.tiny_book import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "data" / "folder").mkdir(parents=True)
    (tmp_path / "analysis").symlink_to(ROOT / "analysis")
    (tmp_path / "data" / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    return tmp_path


def used(checkout: Path, script: str) -> list[str]:
    """What is recorded when ``script`` runs in the checkout."""
    log = checkout / "log"
    setup = (
        "import sys; from pathlib import Path; from analysis.build.reads import Record\n"
        f"sys.path.insert(0, {str(checkout)!r})\n"
        f"record = Record(Path({str(checkout)!r}))\n"
        f"record.begin(Path({str(checkout)!r}), Path({str(checkout / 'own')!r}), Path({str(log)!r}))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": f"{checkout}-compiled"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run([sys.executable, "-c", setup + script], cwd=checkout, check=True, env=environment)
    return list(reads.recorded(log))


@pytest.mark.parametrize(
    "script",
    [
        "open('data/a.csv').read()",
        "from pathlib import Path; Path('data/../data/a.csv').read_bytes()",
        "import pandas; pandas.read_csv('data/a.csv')",
        "import os; os.close(os.open('data/a.csv', os.O_RDONLY))",
        "open('data/a.csv'); open('data/a.csv')",
        "from pathlib import Path; Path('data/a.csv').exists()",
        "import os; os.path.getsize('data/a.csv')",
        "import os; os.access('data/a.csv', os.R_OK)",
    ],
)
def test_a_file_is_recorded_once_whoever_reads_it(checkout: Path, script: str) -> None:
    assert [line for line in used(checkout, script) if line.startswith("data/")] == ["data/a.csv"]


def test_a_listed_folder_and_a_missing_file_are_recorded(checkout: Path) -> None:
    script = "import os; os.listdir('data')\ntry: open('data/gone.csv')\nexcept OSError: pass"
    assert used(checkout, script) == ["data/", "data/gone.csv"]


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ("from pathlib import Path; Path('data/later').exists()", ["data/later"]),
        ("from pathlib import Path; Path('data/folder').is_dir()", ["data/folder"]),
        ("import glob; glob.glob('data/*/a.csv')", ["data/", "data/folder/a.csv"]),
        ("import os; os.listdir('book')", ["book/"]),
        ("import os; os.listdir('analysis/model')", ["analysis/model/"]),
    ],
)
def test_what_is_asked_for_and_not_read_is_recorded(checkout: Path, script: str, asked: list[str]) -> None:
    (checkout / "book").mkdir()
    assert [line for line in used(checkout, script) if line not in ("data", "UTC")] == asked


def test_a_module_that_is_not_there_is_recorded(checkout: Path) -> None:
    script = "import importlib\ntry: importlib.import_module('analysis.' + 'later')\nexcept ImportError: pass"
    assert {"analysis/later.py", "analysis/later/__init__.py"} <= set(used(checkout, script))


def test_a_folder_is_told_from_a_file_and_from_nothing(checkout: Path) -> None:
    states = {use: reads.state_of(checkout, use) for use in ("data/a.csv", "data/folder", "data/later")}
    assert len(set(states.values())) == 3
    (checkout / "data" / "__pycache__").mkdir()
    was = reads.state_of(checkout, "data/")
    (checkout / "data" / "__pycache__").rmdir()
    assert reads.state_of(checkout, "data/") == was


def test_modules_of_the_report_are_recorded_with_all_they_import(checkout: Path) -> None:
    script = "import importlib; sys.modules.pop('analysis'); importlib.import_module('analysis.' + 'figures')"
    used(checkout, script)
    (checkout / "log").unlink()
    lines = used(checkout, script)  # the second time Python reads its compiled copy instead
    assert "analysis/figures.py" in lines
    assert all(line.endswith(".py") for line in lines)


def test_written_files_and_files_elsewhere_are_not_recorded(checkout: Path) -> None:
    script = "open('data/new.csv', 'w').close(); open('/dev/null').close()"
    assert used(checkout, script) == []


def test_a_page_that_reads_a_pipe_is_told_so_and_does_not_wait(checkout: Path) -> None:
    os.mkfifo(checkout / "data" / "pipe")
    script = (
        "from pathlib import Path; pipe = Path('data/pipe')\n"
        "assert pipe.exists()\n"
        "try: pipe.read_bytes()\n"
        "except PermissionError as error: assert 'data/pipe is read and is no file' in str(error)\n"
        "else: raise AssertionError\n"
    )
    assert used(checkout, script) == ["data/pipe"]
    assert reads.state_of(checkout, "data/pipe") == reads.NO_FILE
