"""Elements, attributes and data blocks of the HTML that charts, tables and calculators put on a page."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from analysis.formats import apostrophes, escape

MIME = "application/vnd.valuation-report+json"
PICTURES, DATA = "<!--pictures-->", "<!--data-->"  # where a figure's pictures and its data block go
NUMBERED = "<!--number of the {}-->"  # where a page puts "Figure 2.1"; filled when its chapter is known
DRAWN_APART = "REPORT_DRAWN_APART"
"""Set where a build runs the notebooks: no chart is drawn there, nor checked against Vega-Lite's schema."""
# What a fragment has for the site alone: data that scripts read, files beside the page, links into it.
_OF_SITE = re.compile(rf"<script\b.*?</script>|{DATA}|<a\b[^>]* download[ >].*?</a>", re.DOTALL)
_WITHIN_SITE = re.compile(r'<a\b[^>]*href="(?!https?:)[^>]*>(.*?)</a>', re.DOTALL)

_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
# What Markdown takes for markup, anywhere or at the start of a line; as a character reference it is text.
_SIGN = re.compile(r"[\\`*_{}\[\]|#~]|^[-+](?=\s)|^[-=:](?=[-=:])|(?<=^\d)[.)](?=\s)|(?<=^\d\d)[.)](?=\s)")


def attributes(**values: str | int | bool | None) -> str:
    """HTML attributes; ``None`` and ``False`` are left out, ``True`` is written without a value.

    A trailing underscore is dropped and the others become hyphens, so that ``class_`` and
    ``aria_label`` can be written.

    >>> attributes(class_="chart", aria_label="a < b", hidden=True, id=None)
    ' class="chart" aria-label="a &lt; b" hidden'
    """
    parts = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        key = name.rstrip("_").replace("_", "-")
        kept = html.escape if key in ("href", "src") else escape  # an address is no words
        parts.append(f" {key}" if value is True else f' {key}="{kept(str(value))}"')
    return "".join(parts)


def tag(name: str, content: str = "", **values: str | int | bool | None) -> str:
    """An element around ``content``, which is HTML already.

    >>> tag("p", "a &amp; b", class_="note")
    '<p class="note">a &amp; b</p>'
    """
    return f"<{name}{attributes(**values)}>{content}</{name}>"


def title_html(words: str) -> str:
    r"""A title as HTML: no line of it ends between a minus sign and its number.

    >>> title_html("−$5bn < $0")
    '−\u2060$5bn &lt; $0'
    """
    return escape(words).replace("−", "−\u2060")


def data_script(payload: Any, class_: str) -> str:
    """A data block that scripts read: JSON that cannot close its own element."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return tag("script", apostrophes(text).replace("<", "\\u003c"), type="application/json", class_=class_)


def slug(text: str) -> str:
    """``text`` as an identifier for ``id`` attributes and file names.

    >>> slug("aws.sales_ttm"), slug("Net sales, $bn")
    ('aws-sales_ttm', 'net-sales-bn')
    """
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-")


def fragment(lines: list[str]) -> str:
    r"""The parts of a fragment joined without blank lines, so that Markdown leaves it alone.

    >>> fragment(["<p>a text", "", "of\n \ntwo lines</p>"])
    '<p>a text\nof\ntwo lines</p>'
    """
    return _BLANK.sub("\n", "\n".join(line for line in lines if line))


def as_text(text: str) -> str:
    r"""Text from data as Markdown, or HTML, that shows it as it is, on one line.

    >>> as_text("a *b* <c>\n\n{num}")
    'a &#42;b&#42; &lt;c&gt; &#123;num&#125;'
    """
    one_line = re.sub(r"\s*\n\s*", " ", text)
    return _SIGN.sub(lambda sign: f"&#{ord(sign[0])};", html.escape(apostrophes(one_line), quote=False))


def bundle(html: str, payload: dict[str, Any]) -> dict[str, Any]:
    """What a notebook cell shows: the fragment for the page within the payload for the build.

    JupyterLab shows the same without the links that lead into the page. The plain text is given too, or
    the notebook would print all that the object holds.

    >>> shown = bundle('<p><a href="#n">1</a></p>', {"kind": "table", "page": "aws", "name": "years"})
    >>> shown["text/html"], shown["text/plain"], shown[MIME]["html"]
    ('<p>1</p>', 'table aws years', '<p><a href="#n">1</a></p>')
    """
    said = " ".join(str(payload[part]) for part in ("kind", "page", "name") if part in payload)
    alone = _WITHIN_SITE.sub(r"\1", _OF_SITE.sub("", html))
    return {"text/html": alone, "text/plain": said, MIME: {"html": html, **payload}}
