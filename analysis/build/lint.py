"""No typed figures in prose: a digit in a sentence must come from a number drawn by its key. No "clearly"
where no test says so. And no markup that Markdown left as it stands (:mod:`analysis.build.markup`).

Left alone are code, links' addresses, citations, years, quarter labels, list numbers, and the names
in ``book/lint_allow.yml``, each with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import yaml

from analysis.build import markup
from analysis.build.kept import Kept
from analysis.build.pages import read_settings
from analysis.build.prose import marked_lines
from analysis.build.tree import BuildError, Tree, files_below

ALLOW_FILE = "lint_allow.yml"
# What is no sentence, in the order it is taken out of a line.
_NO_SENTENCE = (
    re.compile(r"(`{2,}).+?\1"),  # code that shows backticks
    re.compile(r"\{num\}`[^`]+`"),  # a number drawn by key
    re.compile(r"\{(?:cite[\w:]*|ref|numref|doc|eq|math)\}`[^`]*`"),
    re.compile(r"(?<!\})`[^`]+`"),  # code
    re.compile(r"\]\([^)]*\)"),  # the address of a link
    re.compile(r"<https?://[^>]*>|https?://\S+"),
    re.compile(r"</?[a-zA-Z][^>]*>"),  # HTML tags
    re.compile(r"\[\^[\w-]+\]:?"),  # footnotes
    re.compile(r"^\s*\([\w-]+\)=\s*$|^\s*%.*$|^\s*:[\w-]+:.*$"),  # targets, comments, options
    re.compile(r"^\s*(?:`{3,}|:{3,}|~{3,})\{[\w:-]+\}\s*[\w./-]*$"),  # directives with a file name
    re.compile(r"^\s*\d+[.)]\s"),  # numbers of an ordered list
)
_ROLE_TARGET = re.compile(r"(?<=\})`([^`<]*?)\s*<[^`>]*>`")  # {term}`text <target>`
_DATES = re.compile(r"(?<![\w$.,])(?:19|20)\d\d(?:Q[1-4]|s)?(?![\w%]|[.,]\d)")
_UNTESTED = re.compile(r"(?<![*\w])[Cc]learly(?![*\w])")
_NEAR = 3  # lines of a cell between a test and the word that it chooses
_TYPED = re.compile(r"[$€£+−-]?\d(?:[\d.,]*\d)?(?:\s?%|\w*)")


@dataclass(frozen=True)
class Allowed:
    """A name with a digit in it that is no figure: where it may stand and why."""

    word: str
    reason: str
    headings_only: bool = False


def allowed_words(tree: Tree) -> tuple[Allowed, ...]:
    """The names of ``book/lint_allow.yml``; raises ``BuildError`` for an entry without a reason."""
    path = tree.book / ALLOW_FILE
    try:
        entries: Any = (yaml.safe_load(tree.text(path)) if path.is_file() else None) or []
    except yaml.YAMLError as error:
        raise BuildError([f"{tree.name(path)}: cannot be read: {' '.join(str(error).split())}"]) from error
    if not isinstance(entries, list):
        raise BuildError([f"{tree.name(path)}: {entries!r:.60} (expected a list of entries)"])
    problems = [
        f"{tree.name(path)}: {entry!r}: not an entry (expected word, reason and perhaps headings_only)"
        for entry in entries
        if not isinstance(entry, dict)
        or not {"word", "reason"} <= set(entry) <= {"word", "reason", "headings_only"}
        or not str(entry["reason"]).strip()
    ]
    if problems:
        raise BuildError(problems)
    return tuple(Allowed(str(e["word"]), str(e["reason"]), bool(e.get("headings_only"))) for e in entries)


def typed_figures(text: str, allowed: Sequence[Allowed] = ()) -> Iterator[tuple[int, str]]:
    """Each typed figure of a page, with its line number from 1.

    >>> list(typed_figures("Sales rose 12% in 2025Q4 to {num}`aws.sales`."))
    [(1, '12%')]
    """
    body = _without_header(text)
    for number, line, is_code in marked_lines(body):
        if is_code:
            continue
        for found in _TYPED.findall(_sentences(line, allowed)):
            yield number + 1, found.strip()


def untested_words(text: str) -> Iterator[tuple[int, str]]:
    """Each "clearly" of a page, with its line number: typed into a sentence, or chosen without a test.

    A cell may choose the word where it looks at a p-value; in a sentence it may only be spoken about, set
    off as ``*clearly*``.

    >>> list(untested_words("The rule is clearly better. Never say *clearly* without a test."))
    [(1, 'clearly')]
    """
    body = _without_header(text)
    cells = {number for number, line, is_code in marked_lines(body) if is_code and "p_value" in line}
    for number, line, is_code in marked_lines(body):
        is_tested = is_code and any(abs(number - each) <= _NEAR for each in cells)
        if not is_tested:
            for found in _UNTESTED.findall(line):
                yield number + 1, found.strip()


def _without_header(text: str) -> str:
    """The text with its front matter blanked, line numbers kept."""
    match = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    return "\n" * match[0].count("\n") + text[match.end() :] if match else text


def _sentences(line: str, allowed: Sequence[Allowed]) -> str:
    is_heading = re.match(r"\s*#{1,6}\s", line) is not None
    line = _ROLE_TARGET.sub(r"\1", line)
    for pattern in _NO_SENTENCE:
        line = pattern.sub(" ", line)
    for entry in allowed:
        if is_heading or not entry.headings_only:
            line = re.sub(rf"(?<![\w$.]){re.escape(entry.word)}(?![\w%])", " ", line)
    return _DATES.sub(" ", line)


def check(tree: Tree, kept: Kept | None = None) -> None:
    """Raises ``BuildError`` with all of ``book/*.md`` that is typed, untested, or markup not understood.

    The changelog and the authors' guide, which are pages too, are read for markup alone. ``kept`` are
    texts read before.
    """
    allowed, extensions = allowed_words(tree), _extensions(tree)

    def of_markup(text: str) -> list[str]:
        return [f"{line}: {wrong}" for line, wrong in markup.problems(text, extensions)]

    def of_words(text: str) -> list[str]:
        return [
            f"{line}: {typed!r} is typed into the text (expected a number drawn by key: {{num}}`…`)"
            for line, typed in typed_figures(text, allowed)
        ] + [
            f"{line}: {word!r} without a test (expected words chosen by a p-value below 0.10)"
            for line, word in untested_words(text)
        ]

    pages = [path for path in files_below(tree.book) if path.suffix == ".md" and path.parent == tree.book]
    beside = [path for path in (tree.changelog, tree.guide) if path.is_file()]
    known = kept or Kept()
    problems = []
    for paths, what, read in (
        (
            [*pages, *beside],
            f"markup {extensions} {version('markdown-it-py')} {version('myst-parser')}",
            of_markup,
        ),
        (pages, f"words {allowed}", of_words),
    ):
        for path in paths:
            found = known.of(what, tree.text(path), read)
            problems += [f"{tree.name(path)}:{wrong}" for wrong in found]
    if problems:
        raise BuildError(problems)


def _extensions(tree: Tree) -> list[str]:
    """MyST's extensions that the book is read with."""
    settings = read_settings(tree, tree.config) if tree.config.is_file() else {}
    parse = settings.get("parse") or {}
    found = parse.get("myst_enable_extensions", []) if isinstance(parse, dict) else None
    if not isinstance(found, list):
        raise BuildError(
            [f"{tree.name(tree.config)}: parse: {parse!r:.60} (expected a list of extensions in it)"]
        )
    return found
