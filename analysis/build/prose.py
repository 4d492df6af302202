"""Numbers filled into sentences: every ``{num}`key|format` `` of a text becomes what was computed.

A sentence that needs a number which was not public is left out, and its paragraph ends with a line
that names what was not public.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterator, Mapping
from functools import partial
from typing import Any

from analysis.charts.html import as_text
from analysis.charts.numbers import formatted, linked

# A code span in double backticks is left alone, so that a page can show how a number is written.
ROLE = re.compile(r"(?P<code>``.+?``)|\{num\}`(?P<key>[^`|]+)(?:\|(?P<form>[^`]*))?`", re.DOTALL)
_FENCE = re.compile(r"\s*(`{3,}|~{3,}|:{3,})(.*)")
# Where HTML would be taken literally: headings, directive options, titles of directives.
_PLAIN = re.compile(r"\s*(#{1,6}\s|:[\w-]+:\s|`{3,}|:{3,})")
# What is no running text: the above, lines of tables and of HTML, targets, comments.
_NO_PARAGRAPH = re.compile(rf"{_PLAIN.pattern}|\s*(\||<|%|\([\w-]+\)=|\+{{3}}|$)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
# Spans within which no sentence ends: code and roles, brackets, emphasis, quotations.
_WHOLE = re.compile(
    r"(`+).+?\1|\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\]|(\*{1,2})\S.*?\2|“[^”]*”|\"[^\"]*\"", re.DOTALL
)
_END = re.compile(r"[.!?…][\"'”’)\]*_]*(?P<gap>\s+)(?=[A-Z\d$\"“‘'(\[*_{`<])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|e\.g|i\.e|cf|vs|approx|no|No|Nos|Inc|Corp|Co|Ltd|Mr|Ms|Dr|St)|\.[A-Z])\.$"
)
_PAGE_LINK = re.compile(r"\]\((?:\./)?(?P<page>[\w-]+)\.md(?=[#)])")

Records = Mapping[str, Mapping[str, Any]]


def fill(
    text: str, records: Records, where: str, cutoff: str, line: int = 1, plain: bool = False
) -> tuple[str, list[str], list[str]]:
    """``text`` with its numbers filled in, the keys it used in order, and the problems met.

    ``where`` names the file and ``line`` the text's first line in it, for problems; ``cutoff`` is the
    day that what is absent was not public by. A number becomes a link to its row in the page's table;
    in a heading or a directive's option, or everywhere if ``plain``, it is plain text.
    """
    used: dict[str, None] = {}
    problems: list[str] = []
    for number, content, is_code in marked_lines(text):
        for match in ROLE.finditer("" if is_code else content):
            if not match["code"]:
                try:
                    _shown(records, match)
                    used[match["key"].strip()] = None
                except KeyError as error:
                    problems.append(f"{where}:{line + number}: {error.args[0]}")
    if problems:
        return text, list(used), problems
    if any(records[key].get("absent") for key in used):
        text = _without_absent(text, records, cutoff)
    lines = []
    for _, content, is_code in marked_lines(text):
        draw = partial(_drawn, records, plain or bool(_PLAIN.match(content)))
        lines.append(content if is_code else ROLE.sub(draw, content))
    return "\n".join(lines), list(used), []


def sentences(text: str) -> list[str]:
    """A paragraph's sentences, each with the space that follows it.

    >>> sentences("Sales of the U.S. rose (see [it](a.md). Or not). **So.** {num}`a.b` is 2.5 e.g. Now.")
    ['Sales of the U.S. rose (see [it](a.md). Or not). ', '**So.** ', '{num}`a.b` is 2.5 e.g. Now.']
    """
    masked = _WHOLE.sub(lambda span: re.sub(r"\s", "\0", span[0]), text)
    ends = [
        match.end("gap")
        for match in _END.finditer(masked)
        if not _ABBREVIATED.search(masked[: match.start("gap")])
    ]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _without_absent(text: str, records: Records, cutoff: str) -> str:
    """``text`` less the sentences whose numbers were not public, each paragraph saying which those are."""
    lines: list[str] = []
    paragraph: list[str] = []
    for _, content, is_code in marked_lines(text):
        is_prose = not is_code and not _NO_PARAGRAPH.match(content)
        if paragraph and (not is_prose or _ITEM.match(content)):
            lines.append(_given_way("\n".join(paragraph), records, cutoff))
            paragraph = []
        (paragraph if is_prose else lines).append(content)
    if paragraph:
        lines.append(_given_way("\n".join(paragraph), records, cutoff))
    return "\n".join(lines)


def _given_way(paragraph: str, records: Records, cutoff: str) -> str:
    """A sentence that ends with a colon stays: what it introduces would hang in the air without it."""
    mark = _ITEM.match(paragraph)
    start = mark.end() if mark else 0
    kept: list[str] = []
    missing: dict[str, None] = {}
    for sentence in sentences(paragraph[start:]):
        absent = [key for key in keys(sentence) if records[key].get("absent")]
        if not absent or sentence.rstrip().endswith(":"):
            kept.append(sentence)
        else:
            missing |= {label: None for key in absent for label in records[key]["missing"]}
    if not missing:
        return paragraph
    said = f'<span class="not-public">Not public by {cutoff}: {as_text("; ".join(missing))}.</span>'
    return paragraph[:start] + " ".join(filter(None, ("".join(kept).rstrip(), said)))


def keys(text: str) -> list[str]:
    """The keys of the numbers that ``text`` uses.

    >>> keys("Sales of {num}`aws.sales|usd_bn0`, written ``{num}`aws.sales` ``.")
    ['aws.sales']
    """
    return [match["key"].strip() for match in ROLE.finditer(text) if not match["code"]]


def _drawn(records: Records, plain: bool, match: re.Match[str]) -> str:
    if match["code"]:
        return match[0]
    key, shown = match["key"].strip(), _shown(records, match)
    record = records[key]
    is_word = isinstance(record["value"], str) or record["unit"] == "year" or bool(record.get("absent"))
    return as_text(shown) if plain else linked(key, as_text(shown), is_word)


def relink(text: str, notebooks: Container[str]) -> str:
    """``text`` with links to pages leading to what they become: ``aws.md`` to ``aws.ipynb``.

    >>> relink("see [](aws.md#backlog) and [](glossary.md)", {"aws"})
    'see [](aws.ipynb#backlog) and [](glossary.md)'
    """

    def moved(match: re.Match[str]) -> str:
        return f"]({match['page']}.ipynb" if match["page"] in notebooks else match[0]

    return _PAGE_LINK.sub(moved, text)


def _shown(records: Records, match: re.Match[str]) -> str:
    key, form = match["key"].strip(), match["form"]
    if key not in records:
        near = difflib.get_close_matches(key, list(records), n=3)
        raise KeyError(f"no number {key!r} (expected {' or '.join(near) if near else 'a key of this page'})")
    return formatted(records[key], form.strip() if form else None)


def marked_lines(text: str) -> Iterator[tuple[int, str, bool]]:
    r"""Each line with its number and whether it stands in a block of code or of a formula.

    Blocks of other directives (braces after the fence) hold prose, which does not count as code.

    >>> [is_code for _, _, is_code in marked_lines("a\n```python\nb = 1\n```\n:::{note}\nc\n:::")]
    [False, True, True, True, False, False, False]
    """
    opened: list[tuple[str, bool]] = []
    for number, line in enumerate(text.split("\n")):
        fence = _FENCE.match(line)
        inside_code = bool(opened) and opened[-1][1]
        if fence is None:
            yield number, line, inside_code
            continue
        about = fence[2].strip()
        if opened and not about and fence[1].startswith(opened[-1][0]):
            yield number, line, opened.pop()[1]
            continue
        if not inside_code:
            opened.append((fence[1], _holds_code(fence[1], about)))
        yield number, line, opened[-1][1]


def _holds_code(fence: str, about: str) -> bool:
    is_directive = about.startswith("{") and not about.startswith(("{code", "{math", "{raw"))
    return fence[0] != ":" and not is_directive
