"""The picture that other sites show when somebody shares a link to the report: question, answer, the dots."""

from __future__ import annotations

import textwrap

import vl_convert

from analysis.charts.drawing import with_fonts
from analysis.charts.theme import AXIS, BEYOND, FONT, GRID, INK, INK_SOFT, PAPER, SLATE, TARGET
from analysis.formats import escape

WIDTH, HEIGHT = 1200, 630
_MARGIN = 56
_LETTERS = {"question": 66, "answer": 42}  # in a line
# What the site's style sheet says of the dots.
_STYLE = (
    f"text{{font-family:{FONT};fill:{INK}}}.soft{{fill:{INK_SOFT}}}.strong{{font-weight:bold}}"
    f".on{{fill:{TARGET};font-weight:bold}}.axis{{fill:none;stroke:{AXIS}}}.target{{stroke:{TARGET};stroke-width:1.6}}"
    f".today{{stroke:{INK};stroke-width:1.4;stroke-dasharray:2 3}}circle{{stroke-width:1.4}}"
    f".low{{fill:{PAPER};stroke:{SLATE}}}.mid{{fill:{SLATE}}}.ring{{fill:none;stroke:{TARGET}}}"
    f".hit{{fill:{TARGET}}}.top{{fill:{BEYOND}}}"
)


def card_svg(question: str, answer: str, dots: tuple[str, str] | None, footer: str) -> str:
    """The card; ``dots`` are the picture of the first page, its view box and what is drawn in it."""
    parts = [
        f"<style>{_STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        f'<rect width="{WIDTH}" height="10" fill="{TARGET}"/>',
    ]
    y = 68
    for line in textwrap.wrap(question, _LETTERS["question"])[:2]:
        parts.append(_text(y, 27, line, "soft"))
        y += 34
    for line in textwrap.wrap(answer, _LETTERS["answer"])[:2]:
        y += 24
        parts.append(_text(y, 46, line, "strong"))
        y += 28
    if dots is not None:
        view, drawn = dots
        place = f'x="{_MARGIN}" y="{y}" width="{WIDTH - 2 * _MARGIN}" height="{HEIGHT - y - 76}"'
        parts.append(f'<svg {place} viewBox="{escape(view)}">{drawn}</svg>')
    parts.append(f'<path d="M{_MARGIN} {HEIGHT - 64}H{WIDTH - _MARGIN}" stroke="{GRID}"/>')
    parts.append(_text(HEIGHT - 28, 20, footer, "soft"))
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
    return f'{frame} viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'


def card_png(question: str, answer: str, dots: tuple[str, str] | None, footer: str) -> bytes:
    """The card as the bytes of a PNG."""
    with_fonts()
    return bytes(vl_convert.svg_to_png(card_svg(question, answer, dots, footer)))


def _text(y: int, size: int, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{_MARGIN}" y="{y}" font-size="{size}">{escape(words)}</text>'
