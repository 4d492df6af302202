"""The picture that other sites show when somebody shares a link to the report."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html import escape

import vl_convert

from analysis.charts.drawing import with_fonts
from analysis.charts.theme import BLUE, FONT, GRID, INK, INK_SOFT, TARGET

WIDTH, HEIGHT = 1200, 630
_SHOWN = 4  # numbers that fit
_LINE = 38  # letters in a line of the title


def card_svg(title: str, numbers: Sequence[tuple[str, str]], footer: str) -> str:
    """The card: ``title``, up to four ``numbers`` as (value, label), and a line at the foot."""
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<rect width="{WIDTH}" height="14" fill="{BLUE}"/>',
        f'<path d="M80 120h150M80 152h150" stroke="{TARGET}" stroke-width="4" stroke-dasharray="12 9"/>',
        f'<path d="M80 196c60-8 96-34 120-76S236 74 254 66" fill="none" stroke="{BLUE}" stroke-width="9"/>',
    ]
    lines = textwrap.wrap(title, _LINE)[:3]
    parts += [_text(80, 270 + 62 * n, 54, INK, line, bold=True) for n, line in enumerate(lines)]
    step = (WIDTH - 160) // _SHOWN
    for n, (value, label) in enumerate(numbers[:_SHOWN]):
        left = 80 + n * step
        parts.append(f'<rect x="{left}" y="440" width="{step - 30}" height="3" fill="{GRID}"/>')
        parts.append(_text(left, 498, 42, BLUE, value, bold=True))
        parts += [
            _text(left, 532 + 26 * i, 21, INK_SOFT, t) for i, t in enumerate(textwrap.wrap(label, 22)[:2])
        ]
    parts.append(_text(80, 606, 20, INK_SOFT, footer))
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
    return f'{frame} viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'


def card_png(title: str, numbers: Sequence[tuple[str, str]], footer: str) -> bytes:
    """The card as the bytes of a PNG."""
    with_fonts()
    return bytes(vl_convert.svg_to_png(card_svg(title, numbers, footer)))


def _text(x: int, y: int, size: int, colour: str, words: str, bold: bool = False) -> str:
    weight = "bold" if bold else "normal"
    style = f'font-family="{FONT}" font-size="{size}" font-weight="{weight}" fill="{colour}"'
    return f'<text x="{x}" y="{y}" {style}>{escape(words)}</text>'
