"""The whole site built twice from nothing but its inputs, under settings that must not matter.

Each build has a folder of its own that holds only what the manifest calls an input, so that a file which is
read without being one is missing there, and a machine of its own: place on the disk, time zone, language,
rights of new files, seed of Python's hashes, home and number of workers.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.build import manifest, parameters
from analysis.build.builders import COMMAND, book_command, problems_of
from analysis.build.tree import BuildError, Tree, digests, remove


@dataclass(frozen=True)
class Setting:
    """One of the two machines: the folder below ``_build/twice``, its environment and the rest."""

    folder: str
    environment: Mapping[str, str]
    umask: int
    workers: int


SETTINGS = (
    Setting("one", {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1"}, 0o022, 1),
    Setting(
        "another place/and deeper",
        {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "20"},
        0o077,
        max(2, os.cpu_count() or 1),
    ),
)


def twice(
    tree: Tree, as_of: str | None = None, scenario: str | None = None, command: Sequence[str] = COMMAND
) -> tuple[int, str]:
    """Build an edition twice and compare: the number of files of the site and its hash.

    ``command`` is what runs a verb in the folder that it is called in. Raises ``BuildError`` naming every
    file that differs, or what a build said that failed. The caller holds the build's lock.
    """
    chosen = parameters.choose(tree, as_of, scenario)
    below = tree.build / "twice"
    remove(below)
    sites = []
    try:
        for setting in SETTINGS:
            folder = below / setting.folder
            for name in manifest.inputs(tree):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(tree.root / name, folder / name)
            _build(folder, setting, chosen, command)
            sites.append(digests(Tree(folder).site))
    finally:
        remove(below)
    one, other = sites
    differing = [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
    if differing:
        raise BuildError([f"{name}: differs between two clean builds" for name in differing])
    return len(one), manifest.site_hash(one)


def _build(folder: Path, setting: Setting, chosen: parameters.Parameters, command: Sequence[str]) -> None:
    home = folder.parent / f"{folder.name} home"
    home.mkdir()
    done = subprocess.run(
        book_command(command, chosen, setting.workers),
        cwd=folder,
        env={**os.environ, **setting.environment, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
        umask=setting.umask,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(problems_of(done.stderr))
