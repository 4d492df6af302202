"""Markup that nobody understood: what Markdown printed as it stood, and HTML that no page may hold.

Sphinx warns of an unknown directive or role, but neither of a role without its backticks, nor of brackets
that lead nowhere, nor of a fence that swallows the rest of the page. The text is read with the parser that
Sphinx uses, so that whatever is plain text here is plain text on the page; a sign that is meant as such is
written with a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from analysis.build.tree import BuildError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

REFUSED = ("style", "iframe", "object", "embed", "base", "applet", "frame", "frameset")
"""Elements that no page holds."""
# Those of the frame and the charts, and what no chapter has.
_OF_SITE = ("form", "script", "meta", "link", "html", "head", "title", "body", "h1", "select",
            "textarea", "dialog", "font", "marquee", "blink")  # fmt: skip
_LEADING = ("href", "xlink:href", "action", "formaction", "src")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES = ("http", "https", "mailto")
_WITHOUT_LINK = ("math", "abbr", "sub", "sup")  # roles that draw no link
# Directives whose content is no Markdown.
_NO_MARKDOWN = ("code", "code-block", "code-cell", "math", "raw", "generated", "bibliography", "eval-rst")
# What takes a page's words from elsewhere, unseen by whoever looks at them and at what the build is made of.
_TAKEN = re.compile(r"\s*(?:\.\. )?\{?(?P<what>(?:raw|include|literalinclude)(?:::|\})|:(?:file|url):).*")
_DIRECTIVE = re.compile(r"\{(?P<name>[\w:-]+)\}\s*(?P<title>.*)")
_ROLE = re.compile(r"\{(?!num\}`[^`]+`)[\w:-]+\}")  # numbers are filled into HTML too
# Control signs, what stands for a sign that could not be read, and what turns the order of signs around.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffd\u202a-\u202e\u2066-\u2069]")
_OPTION = re.compile(r"\s*:[\w-]+:.*|\s*---\s*$")
# What is left in a text of markup that was not understood, and what was expected.
_LEFT: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\{[^{}]*\}?|\}"), r"a name in it and backticks after it, as in {num}`page.key`, or \{"),
    (re.compile(r"\[[^\[\]]*\](?:\[[^\[\]]*\])?|[\[\]]"), r"a link or footnote that is defined, or \["),
    (re.compile(r"`"), r"a closed pair of backticks, or \`"),
    (re.compile(r"\*\*|\*(?=\w)|__|~~"), r"words set off right beside their signs, or \*"),
    (re.compile(r"\$\$"), "a formula in {math}"),
    (re.compile(r"&[A-Za-z]\w*;"), "a sign that HTML knows, or &amp;"),
    (re.compile(r"^:[\w-]+:(?=\s|$)", re.MULTILINE), "an option of a directive, at its beginning"),
    (re.compile(r"</?[A-Za-z!][^<>\n]{0,30}"), "a whole tag, or &lt;"),
    (re.compile(r"^\|.*", re.MULTILINE), "a table, whose second line is | - | - |"),
)  # fmt: skip


def problems(text: str, extensions: Collection[str]) -> list[tuple[int, str]]:
    r"""What a page's text has that nobody understood: line from 1 and what is wrong, in order.

    ``extensions`` are those of MyST that the book is read with.

    >>> problems("A [link][nowhere] here.", ())
    [(1, "'[link][nowhere]' is left as it stands (expected a link or footnote that is defined, or \\[)")]
    """
    signs = ((text.count("\n", 0, found.start()) + 1, found[0]) for found in _NO_TEXT.finditer(text))
    unreadable = [(line, f"{sign!r} (expected signs that can be read)") for line, sign in signs]
    return sorted({*unreadable, *_of_text(_parser(extensions), text, 1)})


def unsafe(tag: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with one element of a page: its name, a handler, or where it leads.

    >>> list(unsafe("a", {"href": "aws.html", "onclick": "go()"}))
    ["an attribute that runs: onclick='go()'"]
    """
    if tag in REFUSED:
        yield f"<{tag}> (expected no such element)"
    for name, value in attributes.items():
        if name.startswith("on") or name == "ping":
            yield f"an attribute that runs: {name}={value!r}"
        if name in _LEADING and tag not in ("img", "image"):
            yield from wrong_link(value)


def wrong_link(target: str) -> Iterator[str]:
    """What is wrong with where a link leads: nothing, or that its kind is none a reader can follow."""
    scheme = _SCHEME.match(re.sub(r"[\x00-\x20]", "", target))
    if scheme and scheme[1].lower() not in _SCHEMES:
        yield f"a link to {target} (expected http, https, mailto or a page)"


def _parser(extensions: Collection[str]) -> MarkdownIt:
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    try:
        parser = create_md_parser(MdParserConfig(enable_extensions=set(extensions)), RendererHTML)
    except (TypeError, ValueError) as error:
        raise BuildError([f"_config.yml: parse: {error}"]) from error
    return parser.disable("text_join")  # which makes what stands after a backslash like any other text


def _of_text(parser: MarkdownIt, text: str, first: int) -> Iterator[tuple[int, str]]:
    """``first`` is the number of the text's first line."""
    lines = text.split("\n")
    for token in parser.parse(text, {}):
        line = first + (token.map[0] if token.map else 0)
        if token.type == "inline":
            yield from _inline(token.children or [], line)
        elif token.type == "html_block":
            yield from _html(token.content, line)
        elif token.type in ("fence", "colon_fence"):
            if not _is_closed(token, lines):
                yield line, f"{token.markup}{token.info.strip()} is never closed (expected {token.markup})"
            yield from _directive(parser, token, line)


def _is_closed(fence: Token, lines: Sequence[str]) -> bool:
    begin, end = fence.map or (0, 0)
    closing = rf"[\s>]*{re.escape(fence.markup[0])}{{{len(fence.markup)},}}\s*"
    return end - 1 > begin and re.fullmatch(closing, lines[end - 1]) is not None


def _directive(parser: MarkdownIt, fence: Token, line: int) -> Iterator[tuple[int, str]]:
    """What is wrong within a fence that holds Markdown: its title, and its content below the options."""
    directive = _DIRECTIVE.fullmatch(fence.info.strip())
    if directive is not None:
        for number, each in enumerate([fence.info, *fence.content.split("\n")], line):
            if taken := _TAKEN.fullmatch(each):
                yield number, f"{taken['what'].strip('}:')!r} takes words from elsewhere (expected them here)"
    is_code = fence.type == "fence" if directive is None else directive["name"] in _NO_MARKDOWN
    if is_code:
        return
    content = fence.content.split("\n")
    options = 0
    if directive is not None:
        yield from _of_text(parser, directive["title"], line)
        while options < len(content) and _OPTION.fullmatch(content[options]):
            options += 1
        if directive["name"] == "glossary":  # whose definitions are indented
            content = [each.lstrip() for each in content]
    yield from _of_text(parser, "\n".join(content[options:]), line + 1 + options)


def _inline(children: Sequence[Token], line: int) -> Iterator[tuple[int, str]]:
    text, begun, links, is_address = "", line, 0, False
    for at, child in enumerate(children):
        if child.markup == "autolink":
            is_address = child.type == "link_open"
        if child.type == "text" and not is_address:
            text += child.content
        elif child.type in ("softbreak", "hardbreak"):
            text += "\n"
            line += 1
        else:
            text += "\0"
            line += child.content.count("\n")
        if child.type == "link_open":
            yield from _nested(links, line, "a link")
            address = str(child.attrGet("href"))
            yield from ((line, wrong) for wrong in wrong_link(address))
            if _SCHEME.match(address) and children[at + 1].type == "link_close":
                yield line, f"a link to {address} without words (expected some to click on)"
            links += 1
        elif child.type == "link_close":
            links -= 1
        elif child.type == "html_inline":
            is_link = re.match(r"<a\b", child.content, re.IGNORECASE) is not None
            if is_link:
                yield from _nested(links, line, "a link")
            links += is_link - (re.match(r"</a\b", child.content, re.IGNORECASE) is not None)
            yield from _html(child.content, line)
        elif child.type == "myst_role" and child.meta["name"] not in _WITHOUT_LINK:
            yield from _nested(links, line, _role(child))
        elif child.type == "image":
            yield from _picture(child, line)
    yield from _left(text, begun)


def _role(token: Token) -> str:
    return f"{{{token.meta['name']}}}`{token.content}`"


def _nested(links: int, line: int, what: str) -> Iterator[tuple[int, str]]:
    if links:
        yield line, f"{what} within the text of a link (expected it before or after)"


def _picture(image: Token, line: int) -> Iterator[tuple[int, str]]:
    """A picture has words for those who do not see it, not markup."""
    address = str(image.attrGet("src") or "")
    wrong = wrong_link(address) if address else ["a picture without an address (expected a file of the book)"]
    yield from ((line, each) for each in wrong)
    for each in image.children or []:
        if each.type not in ("text", "text_special", "softbreak"):
            shown = _role(each) if each.type == "myst_role" else each.content or each.type
            yield line, f"{shown} in the description of a picture (expected words)"
        elif each.type == "text":
            yield from _left(each.content, line)


def _left(text: str, line: int) -> Iterator[tuple[int, str]]:
    for pattern, expected in _LEFT:
        for found in pattern.finditer(text):
            where = line + text.count("\n", 0, found.start())
            shown = found[0].replace("\0", "…").split("\n")[0][:60]
            yield where, f"{shown!r} is left as it stands (expected {expected})"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, str]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._say(*unsafe(tag, values))
        if tag in _OF_SITE:
            self._say(f"<{tag}> (expected no such element)")
        for name, value in values.items():
            if "{" in value:
                self._say(f"{value!r} in {name} of <{tag}> (expected no role in an attribute)")
        if tag in ("pre", "code"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._open:
            for found in _ROLE.finditer(data):
                below = data.count("\n", 0, found.start())
                self._say(f"{found[0]!r} within HTML (expected no Markdown there)", below=below)

    def _say(self, *wrong: str, below: int = 0) -> None:
        self.found += [(self.getpos()[0] - 1 + below, each) for each in wrong]


def _html(text: str, line: int) -> Iterator[tuple[int, str]]:
    reader = _Tags()
    reader.feed(text)
    reader.close()
    yield from ((line + below, wrong) for below, wrong in reader.found)
