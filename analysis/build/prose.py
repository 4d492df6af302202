"""Numbers filled into sentences: every ``{num}`key|format` `` of a text becomes what was computed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterator, Mapping
from typing import Any

from analysis.charts.numbers import formatted, number_link

# A code span in double backticks is left alone, so that a page can show how a number is written.
ROLE = re.compile(r"(?P<code>``.+?``)|\{num\}`(?P<key>[^`|]+)(?:\|(?P<form>[^`]*))?`", re.DOTALL)
_FENCE = re.compile(r"\s*(`{3,}|~{3,}|:{3,})(.*)")
# Where HTML would be taken literally: headings, directive options, titles of directives.
_PLAIN = re.compile(r"\s*(#{1,6}\s|:[\w-]+:\s|`{3,}|:{3,})")
_PAGE_LINK = re.compile(r"\]\((?:\./)?(?P<page>[\w-]+)\.md(?=[#)])")

Records = Mapping[str, Mapping[str, Any]]


def fill(text: str, records: Records, where: str, line: int = 1) -> tuple[str, list[str], list[str]]:
    """``text`` with its numbers filled in, the keys it used in order, and the problems met.

    ``where`` names the file and ``line`` the text's first line in it, for problems. A number becomes
    a link to its row in the page's table; in a heading or a directive's option it is plain text.
    """
    used: dict[str, None] = {}
    problems: list[str] = []
    lines = []
    for number, content, is_code in marked_lines(text):

        def replaced(match: re.Match[str], number: int = number, content: str = content) -> str:
            if match["code"]:
                return match[0]
            try:
                shown = _shown(records, match["key"].strip(), match["form"])
            except KeyError as error:
                problems.append(f"{where}:{line + number}: {error.args[0]}")
                return match[0]
            key = match["key"].strip()
            used[key] = None
            is_word = isinstance(records[key]["value"], str) or records[key]["unit"] == "year"
            return shown if _PLAIN.match(content) else number_link(key, shown, is_word)

        lines.append(content if is_code else ROLE.sub(replaced, content))
    return "\n".join(lines), list(used), problems


def relink(text: str, notebooks: Container[str]) -> str:
    """``text`` with links to pages leading to what they become: ``aws.md`` to ``aws.ipynb``.

    >>> relink("see [](aws.md#backlog) and [](glossary.md)", {"aws"})
    'see [](aws.ipynb#backlog) and [](glossary.md)'
    """

    def moved(match: re.Match[str]) -> str:
        return f"]({match['page']}.ipynb" if match["page"] in notebooks else match[0]

    return _PAGE_LINK.sub(moved, text)


def _shown(records: Records, key: str, form: str | None) -> str:
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
