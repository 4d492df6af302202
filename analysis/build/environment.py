"""Make ``.venv`` from the hash-locked ``requirements.txt``, again only when the lock changes.

Run as a file by whatever ``python3`` the machine has, before any package is there: only the standard
library, and syntax that an older Python can read well enough to be told that it is too old.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
STAMP = "made-from.sha256"


class EnvironmentProblem(Exception):
    """What keeps the environment from being made, and what to do about it."""


def fingerprint(lock_file: Path) -> str:
    """Hash of the lock file and of the Python that the environment is for."""
    version = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
    return hashlib.sha256(version.encode() + b"\0" + lock_file.read_bytes()).hexdigest()


def is_ready(venv: Path, wanted: str) -> bool:
    """Whether the environment was made from this lock by this rule, and is still there."""
    stamp = venv / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted and python_of(venv).exists()


def python_of(venv: Path) -> Path:
    """The environment's Python."""
    return venv / "bin" / "python"


def prepare(root: Path) -> None:
    """Make the environment, or bring an older one to what the lock says; nothing if it is up to date.

    Raises ``EnvironmentProblem`` with the way out if Python is too old or cannot make environments.
    """
    if sys.version_info < OLDEST:
        wanted, found = (".".join(map(str, version[:2])) for version in (OLDEST, sys.version_info))
        raise EnvironmentProblem(
            f"Python {wanted} or newer is needed, {sys.executable} is {found}: make PYTHON=python{wanted} …"
        )
    venv, lock_file = root / ".venv", root / "requirements.txt"
    wanted_print = fingerprint(lock_file)
    if is_ready(venv, wanted_print):
        return
    print(
        f"making {venv.name} from {lock_file.name} (once, until the lock changes) …",
        file=sys.stderr,
        flush=True,
    )
    (venv / STAMP).unlink(missing_ok=True)
    installer = _create(venv)
    _run(
        [
            *installer,
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(lock_file),
        ]
    )
    _remove_unlisted(installer, lock_file)
    _add_to_path(venv, root)
    (venv / STAMP).write_text(wanted_print, encoding="utf-8")


def _create(venv: Path) -> list[str]:
    """An environment with this machine's Python; returns the command of its pip."""
    python = python_of(venv)
    own_pip = [str(python), "-m", "pip"]
    if _works(
        [str(python), "-c", f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"]
    ) and _works([*own_pip, "--version"]):
        return own_pip
    if venv.exists():
        shutil.rmtree(venv)
    if _works([sys.executable, "-c", "import ensurepip, venv"]):
        _run([sys.executable, "-m", "venv", str(venv)])
        return own_pip
    if _works([sys.executable, "-c", "import venv"]) and _works([sys.executable, "-m", "pip", "--version"]):
        _run([sys.executable, "-m", "venv", "--without-pip", str(venv)])
        return [sys.executable, "-m", "pip", "--python", str(python)]
    raise EnvironmentProblem(
        f"{sys.executable} cannot make virtual environments: its modules venv and ensurepip are missing.\n"
        "On Debian and Ubuntu: apt-get install python3-venv. Then run the command again."
    )


def _remove_unlisted(installer: list[str], lock_file: Path) -> None:
    """Uninstall what an older lock put there and this one does not name."""
    import json

    listing = subprocess.run(
        [*installer, "list", "--format=json", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=True,
    )
    locked = {
        line.split("==")[0].strip()
        for line in lock_file.read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    keep = {_canonical(name) for name in locked} | {"pip", "setuptools", "wheel"}
    extra = [entry["name"] for entry in json.loads(listing.stdout) if _canonical(entry["name"]) not in keep]
    if extra:
        _run([*installer, "uninstall", "--quiet", "--yes", *extra])


def _canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _add_to_path(venv: Path, root: Path) -> None:
    """Let every Python of the environment import ``analysis``, wherever it is started."""
    for packages in venv.glob("lib/python*/site-packages"):
        (packages / "report.pth").write_text(f"{root}\n", encoding="utf-8")


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _run(command: list[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        raise EnvironmentProblem(f"this failed: {' '.join(command)}")


if __name__ == "__main__":
    try:
        prepare(Path(os.path.abspath(__file__)).parents[2])
    except EnvironmentProblem as problem:
        sys.exit(str(problem))
