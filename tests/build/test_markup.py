from __future__ import annotations

import pytest

from analysis.build import markup
from tests.build.tiny_book import HEADER, cell

LINK = "a link to {} (expected http, https, mailto or a page)"
EXTENSIONS = ("attrs_inline", "colon_fence", "deflist", "tasklist")  # those of _config.yml


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('{term}"operating income"', [(1, "'{term}'")]),
        ("fine\n\n{num} `aws.sales`", [(3, "'{num}'")]),
        ("{num}`aws.sales", [(1, "'`'"), (1, "'{num}'")]),
        ("{num}``", [(1, "'`'"), (1, "'{num}'")]),
        ("{num}", [(1, "'{num}'")]),
        ("build {build-id}", [(1, "'{build-id}'")]),
        ("an { alone", [(1, "'{ alone'")]),
        ("A claim[^missing].", [(1, "'[^missing]'")]),
        ("one\ntwo [a link][nowhere]", [(2, "'[a link][nowhere]'")]),
        ("[x](javascript:go())", [(1, "'[x]'")]),
        ("[x](a b.md)", [(1, "'[x]'")]),
        ("**bold **word", [(1, "'**'")]),
        ("a <b with no end", [(1, "'<b with no end'")]),
        ("| a | b |\n| 1 | 2 |", [(1, "'| a | b |'"), (2, "'| 1 | 2 |'")]),
        ("# A {heading}", [(1, "'{heading}'")]),
        ("- item\n- [this]", [(2, "'[this]'")]),
        ("> quoted [so]", [(1, "'[so]'")]),
        (":::{note}\n:class: tip\n\na {word}\n:::", [(4, "'{word}'")]),
        (":::{admonition} The {title}\ntext\n:::", [(1, "'{title}'")]),
        ("```{glossary}\nbacklog\n    Work [to do].\n```", [(3, "'[to do]'")]),
        ("[^1]: a {note}\n\nsee[^1]", [(1, "'{note}'")]),
        ("| a |\n| - |\n| {b} |", [(3, "'{b}'")]),
        ("an *open word", [(1, "'*'")]),
        ("~~gone~~", [(1, "'~~'"), (1, "'~~'")][:1]),
        ("$$\nx\n\nAfter.", [(1, "'$$'")]),
        ("a &nosuch; sign", [(1, "'&nosuch;'")]),
        (":field: value", [(1, "':field:'")]),
    ],
)
def test_what_markdown_leaves_as_it_stands_is_found(text: str, left: list[tuple[int, str]]) -> None:
    found = markup.problems(text, EXTENSIONS)
    assert [(line, wrong.partition(" is left as it stands (expected ")[0]) for line, wrong in found] == left


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        (":::{note}\nnever closed\n\n## Later", 1, ":::{note} is never closed (expected :::)"),
        ("a\n\n```python\nx = 1", 3, "```python is never closed (expected ```)"),
        ("~~~\n```", 1, "~~~ is never closed (expected ~~~)"),
        ("````{note}\n```\ncode\n````", 2, "``` is never closed (expected ```)"),
        ("- ```\n\nout of the list", 1, "``` is never closed (expected ```)"),
        ("text\n::: x", 2, ":::x is never closed (expected :::)"),
        ("```", 1, "``` is never closed (expected ```)"),
        (
            "See [worth {num}`chips.gain` now](aws.md).",
            1,
            "{num}`chips.gain` within the text of a link (expected it before or after)",
        ),
        (
            "See [the {term}`backlog`](aws.md).",
            1,
            "{term}`backlog` within the text of a link (expected it before or after)",
        ),
        (
            '<a href="aws.md">{num}`aws.sales`</a>',
            1,
            "{num}`aws.sales` within the text of a link (expected it before or after)",
        ),
        (
            '<a href="aws.md">[x](aws.md)</a>',
            1,
            "a link within the text of a link (expected it before or after)",
        ),
        (
            "![Sales of {num}`aws.sales`](a.svg)",
            1,
            "{num}`aws.sales` in the description of a picture (expected words)",
        ),
        ("so <b onclick='go()'>x</b>", 1, "an attribute that runs: onclick='go()'"),
        ("<div>\n<p OnLoad=go()>x</p>\n</div>", 2, "an attribute that runs: onload='go()'"),
        ("<style>\np { }\n</style>", 1, "<style> (expected no such element)"),
        ("<form><input></form>", 1, "<form> (expected no such element)"),
        ("<script>go()</script>", 1, "<script> (expected no such element)"),
        (
            '<p><a href="javascript:go()">x</a></p>',
            1,
            LINK,
        ),
        ("[x](ftp://example.org/a)", 1, LINK),
        ("<ftp://example.org/a>", 1, LINK),
        ("[x][y]\n\n[y]: tel:123", 1, LINK),
        ("fine\na \0 sign", 2, r"'\x00' (expected signs that can be read)"),
        ("a \x08 sign", 1, r"'\x08' (expected signs that can be read)"),
        ("caf\ufffd", 1, "'\ufffd' (expected signs that can be read)"),
        ("turned \u202e around", 1, r"'\u202e' (expected signs that can be read)"),
        ("![x]()", 1, "a picture without an address (expected a file of the book)"),
        (
            "[](https://example.org/)",
            1,
            "a link to https://example.org/ without words (expected some to click on)",
        ),
        (
            "<a href='aws.md' ping='https://example.org/'>x</a>",
            1,
            "an attribute that runs: ping='https://example.org/'",
        ),
        ("<h1>Another title</h1>", 1, "<h1> (expected no such element)"),
        ("```{raw} html\n<b>x</b>\n```", 1, "'raw' takes words from elsewhere (expected them here)"),
        (
            "```{csv-table}\n:file: /etc/hosts\n```",
            2,
            "'file' takes words from elsewhere (expected them here)",
        ),
        (
            "```{eval-rst}\n.. include:: a.md\n```",
            2,
            "'include' takes words from elsewhere (expected them here)",
        ),
        ("<p>\n{term}`backlog`\n</p>", 2, "'{term}' within HTML (expected no Markdown there)"),
        ('<p id="{num}`a.b`">x</p>', 1, "'{num}`a.b`' in id of <p> (expected no role in an attribute)"),
    ],
)
def test_what_no_page_may_hold_is_found(text: str, line: int, wrong: str) -> None:
    (found,) = markup.problems(text, EXTENSIONS)
    assert found[0] == line
    before, gap, after = wrong.partition("{} (")
    assert found[1].startswith(before) and found[1].endswith(after) if gap else found[1] == wrong


@pytest.mark.parametrize(
    "text",
    [
        "See [AWS](aws.md), <https://example.org/{x}>, [us](mailto:a@b.c) and [](#place).",
        "Sales of {num}`aws.sales|usd_bn0`, a {term}`backlog <b>`, {cite:t}`x`, {math}`\\frac{1}{2}`.",
        "Code `{a: [1]}` and ``{num}`a.b` ``; \\[so\\], \\{x\\} &#123;y&#125;, 2 * 3 * 4, a_b, x < y.",
        "```python\nx = {'a': [1]}\n```\n\n    {indented}",
        "```{math}\n\\sum_{i} [x]\n```",
        "~~~\n```\n~~~\n\n````{note}\n```\n[x]\n```\n````",
        "- list\n  ```\n  [x]\n  ```\n\n> ```\n> {x}\n> ```",
        ":::{note}\n:class: tip\nA *word*.\n:::",
        "[defined][here] and a note[^n]\n\n[here]: aws.md\n[^n]: Text.",
        "- [ ] to do\n- [x] done\n\n[span]{.marked}",
        "| a | b |\n| - | - |\n| {num}`a.b` | 2 |",
        '<p class="lead">Sales of {num}`aws.sales`.</p>\n\n<details>\n\ntext\n\n</details>',
        "<!-- a {comment} [x] -->\n\n% a {comment} [x]\n\n(place)=\n## Place",
        "<div><code>{term}</code></div>",
        HEADER + cell('x = {"a": [1]}') + "fine",
    ],
)
def test_what_is_understood_passes(text: str) -> None:
    assert markup.problems(text, EXTENSIONS) == []
