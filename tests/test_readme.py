"""What the README shows at a prompt is what a prompt says."""

from __future__ import annotations

import doctest
from pathlib import Path


def test_the_readmes_example_runs_as_printed() -> None:
    readme = Path(__file__).parents[1] / "README.md"
    failed, tried = doctest.testfile(str(readme), module_relative=False)
    assert tried > 8
    assert failed == 0
