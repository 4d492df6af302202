"""The README's answer is drawn from the first page, and goes stale loudly."""

from pathlib import Path

import pytest

from analysis.build.readme import BEGIN, END, answer, current, with_answer
from analysis.build.tree import BuildError, Tree
from analysis.charts.numbers import record
from tests.notebooks import EARLY, run

ROOT = Path(__file__).parents[2]


def test_the_readme_holds_the_current_answer() -> None:
    path, text = current(Tree(ROOT))
    assert path.read_text(encoding="utf-8") == text, "run `python -m analysis readme`"


def test_the_answer_follows_the_scenario() -> None:
    page = run("index", *EARLY)
    told = answer({f"index.{key}": record(figure) for key, figure in page.numbers.items()})
    assert f"the bear scenario leads to {page['expected']}" in told


def test_only_the_lines_between_the_markers_change() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert with_answer(text, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_a_readme_without_markers_is_refused() -> None:
    with pytest.raises(BuildError, match="markers"):
        with_answer("no markers here", "new")
