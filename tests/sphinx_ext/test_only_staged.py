from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.build.tiny_book import ROOT


def test_jupyter_book_on_the_pages_as_written_stops_at_once_and_names_make_book(tmp_path: Path) -> None:
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "book", tmp_path / "book")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(tmp_path)]
    path = os.environ | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, env=path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert "`make book`" in line
    assert not list((tmp_path / "_build").rglob("*.html"))
