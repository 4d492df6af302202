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
from analysis.formats import NBSP

BEGIN, END = "<!-- answer: written by `python -m analysis readme` -->", "<!-- end of the answer -->"
ANSWER = """\
- **{num}`index.t4t` is {num}`index.t4t_word`, {num}`index.t5t` is {num}`index.t5t_word`:** the chance to \
stand above {num}`index.t4t` at the end of {num}`index.horizon` is {num}`index.t4t_odds|percent0`, \
above {num}`index.t5t` {num}`index.t5t_odds|percent0`.
- From {num}`index.value` on {num}`index.price_date` the {num}`index.scenario` scenario leads to \
{num}`index.expected`; bear to bull span {num}`index.bear` to {num}`index.bull`.
- {num}`index.t4t_must` by {num}`index.t4t_aws_growth` a year instead of \
{num}`index.base_aws_growth`, or the operating margin {num}`index.t4t_reach` {num}`index.t4t_margin` \
instead of {num}`index.base_margin`."""


def answer(records: prose.Records) -> str:
    """The first page's answer as three Markdown lines, from the numbers that it published."""
    text, _, problems = prose.fill(ANSWER, records, "README.md", "the cut-off", plain=True)
    if problems:
        raise BuildError(problems)
    return text.replace(NBSP, " ")


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
