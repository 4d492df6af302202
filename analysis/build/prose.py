"""Numbers filled into sentences: every ``{num}`key|format` `` of a text becomes what was computed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from analysis.charts.numbers import formatted, number_link

# A code span in double backticks is left alone, so that a page can show how a number is written.
ROLE = re.compile(r"(?P<code>``.+?``)|\{num\}`(?P<key>[^`|]+)(?:\|(?P<form>[^`]*))?`", re.DOTALL)
_FENCE = re.compile(r"\s*(`{3,}|~{3,}|:{3,})(.*)")
# Where HTML would be taken literally: headings, directive options, titles of directives.
_PLAIN = re.compile(r"\s*(#{1,6}\s|:[\w-]+:\s|`{3,}|:{3,})")
_PAGE_LINK = re.compile(r"\]\((?:\./)?(?P<page>[\w-]+)\.md(?=[#)])")

Records = Mapping[str, Mapping[str, Any]]


def fill(text: str, records: Records, where: Callable[[int], str]) -> tuple[str, list[str], list[str]]:
    """``text`` with its numbers filled in, the keys it used in order, and the problems met.

    ``where`` turns a line number (0 for the first) into the place to name in a problem. A number
    becomes a link to its row in the page's table; in a heading or a directive's option it is text.
    """
    used: dict[str, None] = {}
    problems: list[str] = []
    lines = []
    for number, line, is_code in marked_lines(text):

        def replaced(match: re.Match[str], number: int = number, line: str = line) -> str:
            if match["code"]:
                return match[0]
            try:
                shown = _shown(records, match["key"].strip(), match["form"])
            except KeyError as error:
                problems.append(f"{where(number)}: {error.args[0]}")
                return match[0]
            used[match["key"].strip()] = None
            return shown if _PLAIN.match(line) else number_link(match["key"].strip(), shown)

        lines.append(line if is_code else ROLE.sub(replaced, line))
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
    """Each line with its number and whether it stands in a block of code.

    Blocks of directives (an opening fence with braces) hold prose, so theirs do not count as code.

    >>> [is_code for _, _, is_code in marked_lines("a\\n```python\\nb = 1\\n```\\n:::{note}\\nc\\n:::")]
    [False, True, True, True, False, False, False]
    """
    fence = ""
    for number, line in enumerate(text.split("\n")):
        match = _FENCE.match(line)
        if fence:
            yield number, line, True
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif match and match[1][0] != ":" and match[2].strip() and not match[2].strip().startswith("{"):
            fence = match[1]
            yield number, line, True
        elif match and match[1][0] != ":" and match[2].strip().startswith(("{code", "{math", "{raw")):
            fence = match[1]
            yield number, line, True
        else:
            yield number, line, False
