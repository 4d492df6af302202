"""The package as somebody installs it: what it needs is declared, and it runs where there is no checkout."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DISTRIBUTIONS = {"yaml": "pyyaml", "vl_convert": "vl-convert-python"}  # where the module has another name
OFFLINE = {key: text for key, text in os.environ.items() if not key.startswith("REPORT_")} | {
    "UV_OFFLINE": "1"
}


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command], cwd=folder, env=OFFLINE, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has the wheel and, by a path, what it needs; the checkout is not on it."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    assert uv is not None, "the set dev has it"
    folder = tmp_path_factory.mktemp("package")
    build = (uv, "build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable)
    made = run(*build, "--out-dir", folder, ROOT, folder=folder)
    assert made.returncode == 0, made.stderr
    wheel = next(folder.glob("*.whl"))
    assert run(uv, "venv", "--quiet", "--python", sys.executable, "own", folder=folder).returncode == 0
    python = folder / "own" / "bin" / "python"
    done = run(uv, "pip", "install", "--quiet", "--no-deps", "--python", python, wheel, folder=folder)
    assert done.returncode == 0, done.stderr
    import numpy

    packages = next((folder / "own").glob("lib/python*/site-packages"))
    (packages / "needed.pth").write_text(f"{Path(numpy.__file__).parents[1]}\n", encoding="utf-8")
    return folder / "own" / "bin"


def test_the_wheel_holds_the_package_and_all_data(installed: Path) -> None:
    with zipfile.ZipFile(next(installed.parents[1].glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    listed = run("git", "ls-files", "analysis", "data", folder=ROOT).stdout.split()
    wanted = {f"analysis/installed/{name}" if name.startswith("data/") else name for name in listed}
    assert {name for name in names if "dist-info" not in name} >= wanted
    assert not [name for name in names if name.startswith(("tests", "book", "analysis/installed/_"))]
    cited = re.search(r'^version: "(.+)"$', (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert cited
    assert f"amazon_valuation_report-{cited[1]}.dist-info/METADATA" in names


def test_a_what_if_runs_in_any_folder(installed: Path, tmp_path: Path) -> None:
    asked = (
        "import analysis; from analysis import open_report; report = open_report('2025Q4'); "
        "changed = report.change({'aws.margin_change': 0.05}); "
        "print(analysis.__file__, report.value(), changed.value(), sep='\\n')"
    )
    done = run(installed / "python", "-c", asked, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    where, value, changed = done.stdout.splitlines()
    assert Path(where).is_relative_to(installed.parent)
    assert (value, changed) == ("$3.23T", "$3.56T")


def test_the_command_writes_the_workbook_where_it_is_called(installed: Path, tmp_path: Path) -> None:
    done = run(installed / "amazon-report", "export", "--as-of", "2024Q4", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{tmp_path / 'amazon-2030-2024Q4.xlsx'}\n"), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["amazon-2030-2024Q4.xlsx"]


def test_what_needs_a_checkout_says_so_in_one_line(installed: Path, tmp_path: Path) -> None:
    done = run(installed / "amazon-report", "book", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: book needs a checkout of the report; export and score work without one\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["export", pytest.param("score", marks=pytest.mark.long)])
def test_a_verb_that_needs_no_checkout_needs_no_other_package_than_declared(
    verb: str, installed: Path, tmp_path: Path
) -> None:
    others = ["distributed", "jupytext", "nbclient", "nbformat", "papermill", "psutil", "tqdm"]
    code = f"import sys; sys.modules.update(dict.fromkeys({others}))\n"
    code += f"from analysis.__main__ import main; sys.exit(main([{verb!r}, '--as-of', '2024Q4']))"
    done = run(installed / "python", "-c", code, folder=tmp_path)
    assert done.returncode == 0, done.stderr


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def test_what_the_package_needs_without_a_checkout_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["parquet"]]
    declared = {re.split(r"[<>=]", each)[0].lower() for each in asked}
    rooms = [
        path for path in (ROOT / "analysis").rglob("*.py") if path.parts[-2] not in ("build", "sphinx_ext")
    ]
    names = {name for path in rooms for name in imported(path)} - {*sys.stdlib_module_names, "analysis", ""}
    assert {DISTRIBUTIONS.get(name, name) for name in names} == declared
