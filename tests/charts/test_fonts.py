from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from analysis.charts.case import SIGNS
from analysis.charts.drawing import FONTS
from analysis.charts.table import GRADES
from analysis.charts.theme import FONT

ROOT = Path(__file__).parents[2]
_DRAW = """
import hashlib
from analysis.charts.card import card_png
from analysis.charts.drawing import static_svg
from analysis.charts.table import GRADES
from analysis.charts.theme import FONT
words = {"type": "text", "encode": {"enter": {
    "text": {"value": "A rather long label, 35.8%"}, "font": {"value": FONT}, "align": {"value": "left"}}}}
axis = {"scale": "y", "orient": "left", "labelFont": FONT}
scale = {"name": "y", "type": "band", "domain": ["A long label, 35.8%", "Net sales"], "range": "height"}
spec = {"$schema": "https://vega.github.io/schema/vega/v5.json", "width": 200, "height": 80,
        "marks": [words], "scales": [scale], "axes": [axis]}
picture = static_svg(spec, "p", "d", "wide").encode()
print(*(hashlib.sha256(each).hexdigest() for each in (picture, card_png("Title", "Answer", None, "foot"))))
"""


def drawn(home: Path) -> str:
    """Hashes of a chart and of the card, drawn by somebody with that home."""
    command = [sys.executable, "-c", _DRAW]
    given = {**os.environ, "HOME": str(home)}
    return subprocess.run(command, env=given, cwd=ROOT, check=True, capture_output=True, text=True).stdout


FIRST, *OTHERS = FONT.split(", ")[1:]


@pytest.mark.parametrize("family", [FIRST, *(pytest.param(each, marks=pytest.mark.long) for each in OTHERS)])
def test_pictures_do_not_differ_by_the_fonts_of_the_machine(tmp_path: Path, family: str) -> None:
    """A font under the family's name that is far wider than what it stands for."""
    wide = TTFont(FONTS / "regular.ttf")
    for glyph, (advance, left) in wide["hmtx"].metrics.items():
        wide["hmtx"].metrics[glyph] = (advance * 2, left)
    named(wide, family if family != "sans-serif" else "DejaVu Sans")
    (tmp_path / "other" / ".fonts").mkdir(parents=True)
    wide.save(tmp_path / "other" / ".fonts" / "wide.ttf")
    assert drawn(tmp_path / "other") == drawn(tmp_path)


def named(font: Any, family: str) -> None:
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6):
            record.string = family if record.nameID == 1 else family.replace(" ", "")


def letters() -> Iterator[str]:
    for path in sorted((ROOT / "book").glob("*.md")):
        yield from path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "analysis" / "charts").glob("*.py")):
        yield from path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["regular", "bold"])
def test_the_fonts_have_every_letter_that_a_chart_may_show(name: str) -> None:
    known = TTFont(FONTS / f"{name}.ttf").getBestCmap()
    in_tables = set("".join((*GRADES.values(), *SIGNS.values())))
    assert {each for each in letters() if each.isprintable() and ord(each) not in known} <= in_tables
