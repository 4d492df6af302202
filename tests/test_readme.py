"""What the README and the book's page on it show at a prompt is what a prompt says."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest


@pytest.mark.parametrize(("name", "least"), [("README.md", 9), ("book/api.md", 18)])
def test_an_example_runs_as_printed(name: str, least: int) -> None:
    failed, tried = doctest.testfile(str(Path(__file__).parents[1] / name), module_relative=False)
    assert tried >= least
    assert failed == 0
