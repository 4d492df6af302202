from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from analysis.build import environment
from analysis.build.environment import STAMP, EnvironmentProblem
from tests.build.tiny_book import ROOT

# What README and pyproject.toml promise; WSL is Linux.
PYTHONS = ("3.11.5", "3.12", "3.13", "3.14")
PLATFORMS = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose lock names one small package, which lies in a folder of wheels of its own."""
    root = tmp_path / "checkout"
    (root / "analysis" / "build").mkdir(parents=True)
    (root / "analysis" / "__init__.py").write_text("", encoding="utf-8")
    text = (ROOT / "analysis" / "build" / "environment.py").read_text(encoding="utf-8")
    (root / "analysis" / "build" / "environment.py").write_text(text, encoding="utf-8")
    lock(root, wheel(tmp_path / "wheels", "sample_one", "1.0"))
    return root


def wheel(folder: Path, name: str, version: str) -> Path:
    """A wheel of one module that says its version."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", f"version = {version!r}\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(
            f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n"
        )
    return path


def lock(root: Path, *wheels: Path, digest: str | None = None, name: str = "requirements.txt") -> None:
    """A lock file of these wheels with their hashes."""
    lines = []
    for path in wheels:
        package, version, *_ = path.name.split("-")
        found = digest or hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{package.replace('_', '-')}=={version} \\\n    --hash=sha256:{found}\n")
    (root / name).write_text("".join(lines), encoding="utf-8")


def prepare(root: Path, *wanted: str, path: str = "") -> subprocess.CompletedProcess[str]:
    """Run the module as ``make`` does, with the folder of wheels as the only index.

    Without uv, unless a folder that has it is put on the ``path``.
    """
    wheels = str(root.parent / "wheels")
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels, "UV_FIND_LINKS": wheels, "UV_OFFLINE": "1"}
    settings["PATH"] = f"{path}:/usr/bin:/bin" if path else "/usr/bin:/bin"
    command = [sys.executable, "analysis/build/environment.py", *wanted]
    return subprocess.run(
        command, cwd=root, env=os.environ | settings, capture_output=True, text=True, check=False
    )


def installed(root: Path, code: str) -> str:
    command = [str(root / ".venv" / "bin" / "python"), "-c", code]
    done = subprocess.run(command, cwd=root.parent, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def this_python(monkeypatch: pytest.MonkeyPatch, works: Callable[[list[str]], bool]) -> list[list[str]]:
    """What this machine's Python is asked to run; nothing is run, it succeeds where ``works`` says so."""
    ran, really = [], subprocess.run

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[Any]:
        if command[0] != sys.executable:
            return really(command, **options)
        ran.append(command)
        return subprocess.CompletedProcess(command, 0 if works(command) else 1)

    monkeypatch.setattr(subprocess, "run", run)
    return ran


@pytest.mark.pages
def test_an_environment_is_made_once_and_again_when_the_lock_changes(checkout: Path, tmp_path: Path) -> None:
    first = prepare(checkout)
    assert first.returncode == 0, first.stderr
    assert "making .venv from requirements.txt" in first.stderr
    assert installed(checkout, "import sample_one; print(sample_one.version)") == "1.0"
    assert installed(checkout, "import analysis; print(analysis.__file__)") == str(
        checkout / "analysis" / "__init__.py"
    )

    again = prepare(checkout)
    assert (again.returncode, again.stderr) == (0, "")

    lock(checkout, wheel(tmp_path / "wheels", "sample_two", "2.0"))
    changed = prepare(checkout)
    assert changed.returncode == 0, changed.stderr
    assert installed(checkout, "import sample_two; print(sample_two.version)") == "2.0"
    assert installed(checkout, "import sample_one") == "ModuleNotFoundError: No module named 'sample_one'"


@pytest.mark.parametrize(
    ("stamp", "given", "asked"),
    [
        (True, (), ".venv"),
        (False, (), ".venv, python3"),
        (True, ("PYTHON=python3",), "python3"),
    ],
    ids=["holds", "changed", "another Python"],
)
def test_make_asks_the_environment_itself_before_the_machine_s_python(
    checkout: Path, stamp: bool, given: tuple[str, ...], asked: str
) -> None:
    shutil.copy(ROOT / "Makefile", checkout / "Makefile")
    log, tools, own = checkout / "asked", checkout / "tools", checkout / ".venv" / "bin"
    for folder, name in ((own, ".venv"), (tools, "python3")):
        folder.mkdir(parents=True)
        python = folder / ("python" if folder == own else "python3")
        runs = f'exec {sys.executable} "$@"' if folder == own else "true"
        python.write_text(f"#!/bin/sh\necho {name} >> {log}\n{runs}\n", encoding="utf-8")
        python.chmod(0o755)
    held = environment.fingerprint(checkout / "requirements.txt") if stamp else "another"
    (checkout / ".venv" / STAMP).write_text(f"book {held}\n", encoding="utf-8")
    path = {"PATH": f"{tools}:/usr/bin:/bin"}
    subprocess.run(["make", "book-set", *given], cwd=checkout, env=path, check=True, capture_output=True)
    assert ", ".join(log.read_text(encoding="utf-8").split()) == asked


@pytest.mark.long
def test_an_environment_of_unknown_making_is_brought_to_the_lock(checkout: Path) -> None:
    assert prepare(checkout).returncode == 0
    (checkout / ".venv" / STAMP).unlink()
    module = next((checkout / ".venv").rglob("sample_one.py"))
    subprocess.run(
        [str(environment.python_of(checkout / ".venv")), "-m", "pip", "uninstall", "-yq", "sample-one"],
        check=True,
    )
    assert not module.exists()
    assert prepare(checkout).returncode == 0
    assert module.exists()


@pytest.mark.long
def test_a_larger_set_is_kept_when_a_smaller_one_is_asked_for(checkout: Path, tmp_path: Path) -> None:
    both = (
        tmp_path / "wheels" / "sample_one-1.0-py3-none-any.whl",
        wheel(tmp_path / "wheels", "sample_two", "2.0"),
    )
    lock(checkout, *both, name="requirements-dev.txt")
    assert prepare(checkout, "book").returncode == 0
    assert installed(checkout, "import sample_two").startswith("ModuleNotFoundError")
    assert prepare(checkout, "dev").returncode == 0
    again = prepare(checkout, "book")
    assert (again.returncode, again.stderr) == (0, "")
    assert installed(checkout, "import sample_two; print(sample_two.version)") == "2.0"


def test_uv_makes_just_what_the_lock_says_where_the_machine_has_it(checkout: Path, tmp_path: Path) -> None:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    assert uv is not None, "the set dev has it"
    assert prepare(checkout, path=str(Path(uv).parent)).returncode == 0
    assert installed(checkout, "import sample_one; print(sample_one.version)") == "1.0"
    assert installed(checkout, "import pip").startswith("ModuleNotFoundError")  # it was not pip that did it
    assert list((checkout / ".venv").rglob("sample_one.cpython-*.pyc")), "each process would compile it anew"
    lock(checkout, wheel(tmp_path / "wheels", "sample_two", "2.0"))
    assert prepare(checkout, path=str(Path(uv).parent)).returncode == 0
    assert installed(checkout, "import sample_one").startswith("ModuleNotFoundError")


@pytest.mark.long
def test_where_uv_fails_pip_makes_it_or_says_why_not(checkout: Path, tmp_path: Path) -> None:
    broken = tmp_path / "bin" / "uv"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\nexit 2\n", encoding="utf-8")
    broken.chmod(0o755)
    assert prepare(checkout, path=str(broken.parent)).returncode == 0
    assert installed(checkout, "import sample_one; print(sample_one.version)") == "1.0"


@pytest.mark.long
def test_packages_are_refused_without_their_hash_and_the_environment_stays_unready(
    checkout: Path, tmp_path: Path
) -> None:
    lock(checkout, tmp_path / "wheels" / "sample_one-1.0-py3-none-any.whl", digest="0" * 64)
    done = prepare(checkout)
    assert done.returncode == 1
    assert "this failed:" in done.stderr
    (checkout / "requirements.txt").write_text("sample-one==1.0\n", encoding="utf-8")
    assert prepare(checkout).returncode == 1
    assert not (checkout / ".venv" / STAMP).exists()


def test_a_broken_environment_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(tmp_path / "gone")
    ran = this_python(monkeypatch, lambda command: True)
    environment.create(folder)
    assert ran[-1] == [sys.executable, "-m", "venv", str(folder)]
    assert not folder.exists()


def test_a_machine_without_venv_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    this_python(monkeypatch, lambda command: False)
    with pytest.raises(EnvironmentProblem, match="apt-get install python3-venv"):
        environment.create(tmp_path / ".venv")


def test_pip_of_the_machine_stands_in_where_ensurepip_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = this_python(monkeypatch, lambda command: not any("ensurepip" in word for word in command))
    venv_folder = tmp_path / ".venv"
    installer = environment.create(venv_folder)
    assert ran[-1] == [sys.executable, "-m", "venv", "--without-pip", str(venv_folder)]
    assert installer == [sys.executable, "-m", "pip", "--python", str(venv_folder / "bin" / "python")]


def test_an_old_python_is_told_which_one_is_needed(checkout: Path) -> None:
    script = """
        import runpy, sys
        sys.version_info = (3, 9, 2, "final", 0)
        sys.argv = ["analysis/build/environment.py"]
        runpy.run_path(sys.argv[0], run_name="__main__")
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Python 3.11.5 or newer is needed" in done.stderr
    assert "is 3.9.2" in done.stderr


def test_what_the_system_refuses_is_one_line(checkout: Path) -> None:
    (checkout / ".venv").symlink_to(checkout / ".venv")
    done = prepare(checkout)
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [f"Too many levels of symbolic links: {checkout}/.venv/{STAMP}"]


def test_the_stamp_depends_on_lock_and_python(checkout: Path) -> None:
    lock_file = checkout / "requirements.txt"
    before = environment.fingerprint(lock_file)
    lock_file.write_text(lock_file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert environment.fingerprint(lock_file) != before


def test_nothing_but_the_standard_library_is_needed() -> None:
    command = [sys.executable, "-I", "-S", "-c", f"import runpy; runpy.run_path({environment.__file__!r})"]
    assert subprocess.run(command, check=False).returncode == 0


@pytest.mark.parametrize("name", environment.SETS.values())
def test_a_lock_names_a_hash_for_every_package_and_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(packages) > 50
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in text
    assert "--index-url" not in text


def test_each_set_holds_the_one_before_at_the_same_versions() -> None:
    sets = [_versions(name) for name in environment.SETS.values()]
    assert all(smaller.items() <= larger.items() for smaller, larger in pairwise(sets))


def _versions(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in (line.split(" ")[0] for line in lines) if "==" in line)


@pytest.mark.long
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_installs_on_every_promised_python_and_platform(
    python: str, platform: str, tmp_path: Path
) -> None:
    largest = "cluster" if platform == "x86_64-apple-darwin" else "dev"  # nothing prints on a Mac with Intel
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    command = [str(uv), "pip", "install", "--quiet", "--dry-run", "--target", str(tmp_path / "none")]
    command += ["--only-binary", ":all:", "--require-hashes", "-r", str(ROOT / environment.SETS[largest])]
    command += ["--python-version", python, "--python-platform", platform]
    system = os.environ | {"MACOSX_DEPLOYMENT_TARGET": "15.0"}  # what prints asks for it
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=system)
    assert done.returncode == 0, done.stderr
