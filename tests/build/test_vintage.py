"""The verb that keeps a vintage: a file once, an error the second time."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import pytest

from analysis.build.commands import VERBS
from analysis.build.tree import BuildError, Tree

ROOT = Path(__file__).parents[2]


def test_a_vintage_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("vintages"))
    verb, tree = VERBS["keep-vintage"], Tree(tmp_path)
    assert verb.run(tree, argparse.Namespace(edition="2022Q4")) == 0
    assert capsys.readouterr().out == "data/vintages/2022Q4.yml\n"
    kept = (tmp_path / "data/vintages/2022Q4.yml").read_text(encoding="utf-8")
    assert "cut_off: 2023-02-03" in kept
    with pytest.raises(BuildError, match="is never edited"):
        verb.run(tree, argparse.Namespace(edition="2022Q4"))
    with pytest.raises(BuildError, match=r"editions/2031Q1\.yml"):
        verb.run(tree, argparse.Namespace(edition="2031Q1"))
