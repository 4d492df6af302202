"""The answer in the README: three lines drawn from the first page's numbers, never typed.

``python -m analysis readme`` writes them between the markers; a test fails when they are stale.
"""

from __future__ import annotations

from pathlib import Path

from analysis.build import payloads, prose
from analysis.build.execute import execute
from analysis.build.pages import Page
from analysis.build.parameters import choose
from analysis.build.tree import BuildError, Tree
from analysis.charts.numbers import formatted
from analysis.formats import NBSP

BEGIN, END = "<!-- answer: written by `python -m analysis readme` -->", "<!-- end of the answer -->"


def answer(records: prose.Records) -> str:
    """The first page's answer as three Markdown lines, from the numbers that it published."""

    def said(key: str, form: str | None = None) -> str:
        return formatted(records[f"index.{key}"], form).replace(NBSP, " ")

    return "\n".join(
        (
            f"- **{said('t4t')} is {said('t4t_word')}, {said('t5t')} is {said('t5t_word')}:** the chance to "
            f"stand above {said('t4t')} at the end of {said('horizon')} is {said('t4t_odds', 'percent0')}, "
            f"above {said('t5t')} {said('t5t_odds', 'percent0')}.",
            f"- From {said('value')} on {said('price_date')} the {said('scenario')} scenario leads to "
            f"{said('expected')}; bear to bull span {said('bear')} to {said('bull')}.",
            f"- For {said('t4t')} AWS would have to grow by {said('t4t_aws_growth')} a year instead of "
            f"{said('base_aws_growth')}, or the operating margin reach {said('t4t_margin')} instead of "
            f"{said('base_margin')}.",
        )
    )


def with_answer(text: str, lines: str) -> str:
    """``text`` with the lines between the markers replaced; raises ``BuildError`` without the markers."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BuildError([f"README.md: the markers {BEGIN} and {END} are missing"])
    return f"{before}{begin}\n{lines}\n{end}{after}"


def current(tree: Tree) -> tuple[Path, str]:
    """README.md and what it should hold for the edition that is published; runs the first page if stale."""
    path = tree.root / "README.md"
    first = Page("index", tree.book / "index.md")
    executed = execute(tree, choose(tree), [first], quiet=True)
    lines = answer(payloads.collect(executed).numbers)
    return path, with_answer(path.read_text(encoding="utf-8"), lines)
