"""Make ``.venv`` from a hash-locked set of packages, again only when the lock changes.

There are five sets, each with all of the one before: ``book`` builds the report, ``cluster`` does so on many
machines, ``pdf`` prints it too, ``dev`` tests it and keeps its code, ``lab`` opens its pages in JupyterLab.
An environment that holds a larger set than a command needs stays as it is. ``uv`` installs where the machine
has it, ``pip`` otherwise; wheels only.

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

OLDEST = (3, 11, 5)
STAMP = "made-from.sha256"
SETS = {
    "book": "requirements.txt",
    "cluster": "requirements-cluster.txt",
    "pdf": "requirements-pdf.txt",
    "dev": "requirements-dev.txt",
    "lab": "requirements-lab.txt",
}


class EnvironmentProblem(Exception):
    """What keeps the environment from being made, and what to do about it."""


def fingerprint(lock_file: Path) -> str:
    """Hash of the lock file and of the Python that the environment is for."""
    version = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
    return hashlib.sha256(version.encode() + b"\0" + lock_file.read_bytes()).hexdigest()


def made_of(venv: Path) -> tuple[str, str]:
    """The set that the environment was made of, and the fingerprint of its lock then; empty if unknown."""
    stamp = venv / STAMP
    words = stamp.read_text(encoding="utf-8").split() if stamp.is_file() else []
    return (words[0], words[1]) if len(words) == 2 and words[0] in SETS else ("", "")


def python_of(venv: Path) -> Path:
    """The environment's Python."""
    return venv / "bin" / "python"


def due(root: Path, wanted: str) -> tuple[str, str] | None:
    """The set to install, so that none is taken away, and its lock's fingerprint; ``None`` if it is held."""
    venv = root / ".venv"
    held, made_from = made_of(venv)
    chosen = max(wanted, held or wanted, key=list(SETS).index)
    wanted_print = fingerprint(root / SETS[chosen])
    is_held = (held, made_from) == (chosen, wanted_print) and python_of(venv).exists()
    return None if is_held else (chosen, wanted_print)


def prepare(root: Path, wanted: str = "book") -> None:
    """Make the environment for a set, or bring an older one to its lock; nothing if it holds the set.

    Raises ``EnvironmentProblem`` with the way out if Python is too old or cannot make environments.
    """
    if sys.version_info < OLDEST:
        oldest, found = (".".join(map(str, version[:3])) for version in (OLDEST, sys.version_info))
        raise EnvironmentProblem(
            f"Python {oldest} or newer is needed, {sys.executable} is {found}: make PYTHON=python3.12 …"
        )
    venv = root / ".venv"
    missing = due(root, wanted)
    if missing is None:
        return
    chosen, wanted_print = missing  # of the lock as it is now, whatever becomes of it meanwhile
    lock_file = root / SETS[chosen]
    print(
        f"making {venv.name} from {lock_file.name} (once, until the lock changes) …",
        file=sys.stderr,
        flush=True,
    )
    (venv / STAMP).unlink(missing_ok=True)
    uv = shutil.which("uv")
    if uv is None or not _installed_by_uv(uv, venv, lock_file):
        _install_by_pip(venv, lock_file)
    _add_to_path(venv, root)
    (venv / STAMP).write_text(f"{chosen} {wanted_print}\n", encoding="utf-8")


def _installed_by_uv(uv: str, venv: Path, lock_file: Path) -> bool:
    """Whether uv made the environment just what the lock says; if it could not, pip is left to say why."""
    if not _is_for_this_python(venv):
        _remove(venv)
        if not _works([uv, "venv", "--quiet", "--python", sys.executable, str(venv)]):
            return False
    sync = [uv, "pip", "sync", "--quiet", "--python", str(python_of(venv)), "--require-hashes"]
    # Compiled once here, as pip does too, and not by each process anew where Python may write no caches.
    return _works([*sync, "--only-binary", ":all:", "--compile-bytecode", str(lock_file)])


def _install_by_pip(venv: Path, lock_file: Path) -> None:
    installer = create(venv)
    install = [*installer, "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    _run([*install, "--only-binary", ":all:", "-r", str(lock_file)])
    _remove_unlisted(installer, lock_file)


def _is_for_this_python(venv: Path) -> bool:
    same = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    return _works([str(python_of(venv)), "-c", same])


def _remove(venv: Path) -> None:
    if venv.is_symlink():
        raise EnvironmentProblem(f"{venv} is a link to an environment of another Python: remove it first.")
    if venv.exists():
        shutil.rmtree(venv)


def create(venv: Path) -> list[str]:
    """An environment of this machine's Python, the one there is if it works; returns its pip's command.

    Raises ``EnvironmentProblem`` if this Python can make none.
    """
    python = python_of(venv)
    own_pip = [str(python), "-m", "pip"]
    if _is_for_this_python(venv) and _works([*own_pip, "--version"]):
        return own_pip
    _remove(venv)
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
    import json  # not at every start

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
    checkout = Path(os.path.abspath(__file__)).parents[2]
    if sys.argv[1:2] == ["--holds"]:
        sys.exit(due(checkout, sys.argv[2]) is not None)
    try:
        prepare(checkout, *sys.argv[1:2])
    except EnvironmentProblem as problem:
        sys.exit(str(problem))
    except OSError as error:
        sys.exit(f"{error.strerror}: {error.filename}")
