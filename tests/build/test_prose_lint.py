from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.build import lint
from analysis.build.kept import Kept
from analysis.build.lint import Allowed
from analysis.build.prose import marked_lines
from analysis.build.tree import BuildError, Tree
from tests.build.tiny_book import HEADER, ROOT, cell, write_page

NAMES = (
    Allowed("S3", "a product"),
    Allowed("10-K", "a form"),
    Allowed("$4T", "the target", headings_only=True),
)


def typed(text: str) -> list[str]:
    return [found for _, found in lint.typed_figures(text, NAMES)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sales rose 12% last year.", ["12%"]),
        ("Sales rose 12.5% to $128.7bn.", ["12.5%", "$128.7bn"]),
        ("A multiple of 3.4x, or 3.4×.", ["3.4x", "3.4"]),
        ("From 1,100 to 5,000 by 2030.", ["1,100", "5,000"]),
        ("On 31 March 2026 it was −4.", ["31", "−4"]),
        ("about 2030.5 or $2030 or 2,030", ["2030.5", "$2030", "2,030"]),
        ("Worth $4T some day.", ["$4T"]),
        ("# Growth of 10%", ["10%"]),
        ("1. first, 2 more", ["2"]),
        ("See [9 charts](aws.md).", ["9"]),
        ("The {term}`3 parts <SOTP>` add up.", ["3"]),
        ("> quoted: 7", ["7"]),
        ("| AWS | 35.6 |", ["35.6"]),
        ("{num}`aws.sales` of 5", ["5"]),
        ("```{note}\nten is 10\n```", ["10"]),
        (":::{admonition} The 3 parts\n:::", ["3"]),
        ("S3x and AS3", ["3x", "3"]),
        ("half of 1890 and 2130", ["1890", "2130"]),
    ],
)  # fmt: skip
def test_typed_figures_are_found(text: str, found: list[str]) -> None:
    assert typed(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Sales of {num}`aws.sales_2025|percent0` in 2025Q4, as in 2019 and the 2020s.",
        "From 2019Q1 to 2025Q4, by the end of 2030.",
        "Reported in the 10-K; S3 was first.",
        "# Amazon at $4T by 2030?",
        "[chart](_static/data/aws/growth10.csv) and <https://example.org/2025/1>",
        "Shown by {cite:t}`damodaran2012` and in [^note1].\n\n[^note1]: a note",
        "Formula {math}`x^2` and code `x = 3` and ``{num}`a.b3` ``.",
        "```python\nx = 3\n```",
        "```{math}\nV = S (1 + g)^5\n```",
        "1. first\n2. second",
        "(section-2)=\n% comment 3\n",
        ":::{figure} part1.svg\n:name: fig-1\n:::",
        '<a id="x1" href="y2">see</a>',
        HEADER + "fine",
        cell("page.chart('top10')"),
    ],
)
def test_what_is_no_typed_figure_is_left_alone(text: str) -> None:
    assert typed(text) == []


def test_lines_are_counted_from_the_top_of_the_file() -> None:
    text = HEADER + "\n" + cell("x = 1") + "\nSales rose 12%.\n"
    line = text.splitlines().index("Sales rose 12%.") + 1
    assert list(lint.typed_figures(text)) == [(line, "12%")]


def test_every_problem_of_every_page_is_told_at_once(tree: Tree) -> None:
    write_page(tree, "index", "# x\n\nSales rose 12%.\n")
    write_page(tree, "words", "{num}`aws.sales\n\nand 3")
    tree.changelog.write_text("# Changes\n\n- All [3][of] them.\n", encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        lint.check(tree)
    expected = "(expected a number drawn by key: {num}`…`)"
    name = r"a name in it and backticks after it, as in {num}`page.key`, or \{"
    defined = r"a link or footnote that is defined, or \["
    assert caught.value.problems == (
        r"book/words.md:1: '`' is left as it stands (expected a closed pair of backticks, or \`)",
        f"book/words.md:1: '{{num}}' is left as it stands (expected {name})",
        f"CHANGELOG.md:3: '[3][of]' is left as it stands (expected {defined})",
        f"book/index.md:3: '12%' is typed into the text {expected}",
        f"book/words.md:3: '3' is typed into the text {expected}",
    )


@pytest.mark.parametrize(
    "entry", ["{word: S3}", "S3", '{word: S3, reason: " "}', "{word: S3, reason: x, where: y}"]
)
def test_an_allowed_name_needs_a_reason(tree: Tree, entry: str) -> None:
    (tree.book / lint.ALLOW_FILE).write_text(f"- {entry}\n", encoding="utf-8")
    with pytest.raises(BuildError, match="book/lint_allow.yml: .*not an entry"):
        lint.check(tree)


def test_the_book_has_no_typed_figures() -> None:
    book = Tree(ROOT)
    assert list(book.book.glob("*.md"))
    lint.check(book)


def test_a_paragraph_of_a_chapter_is_one_line() -> None:
    """A line left behind below a paragraph would be read as its last sentence."""
    glued = []
    for page in sorted(set(Tree(ROOT).book.glob("*.md")) - {Tree(ROOT).book / "glossary.md"}):
        above = False
        for _, line, is_code in marked_lines(page.read_text("utf-8")):
            is_prose = not is_code and re.match(r"[\w\"“‘*_\[{$]|\d+\. |- ", line) is not None
            if above and is_prose and not re.match(r"- |\d+\. ", line):
                glued.append(f"{page.name}: {line}")
            above = is_prose
    assert glued == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("The rule is clearly better.", [1]),
        ("one\n\nClearly so, and clearly.", [3, 3]),
        ("Say *clearly* only after a test, never unclearly.", []),
        (cell('words = "clearly better"'), [2]),
        (cell('words = "clearly better" if p_value < 0.10 else "better"'), []),
    ],
)
def test_clearly_needs_a_test(text: str, lines: list[int]) -> None:
    assert [line for line, _ in lint.untested_words(text)] == lines


def test_a_book_with_an_untested_word_does_not_pass(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.book.mkdir()
    write_page(tree, "aws", f"{HEADER}# AWS\n\nGrowth is clearly faster.\n")
    with pytest.raises(BuildError, match="clearly.*p-value"):
        lint.check(tree)


def test_only_texts_that_changed_are_read_again(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was wrong in one is told again without being read."""
    write_page(tree, "index", HEADER + "# x\n\nSales of 7.\n")
    kept = Kept(tree.build / "prose.json")
    with pytest.raises(BuildError) as first:
        lint.check(tree, kept)
    kept.write()
    read: list[str] = []
    monkeypatch.setattr(lint, "typed_figures", lambda text, allowed: read.append(text) or [])
    with pytest.raises(BuildError) as second:
        lint.check(tree, Kept(tree.build / "prose.json"))
    assert second.value.problems == first.value.problems
    assert not read
    write_page(tree, "index", HEADER + "# x\n\nSales of eight.\n")
    lint.check(tree, Kept(tree.build / "prose.json"))
    assert len(read) == 1
