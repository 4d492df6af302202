"""The report's own pages on paper."""

from __future__ import annotations

import math
import re

import pytest
from pypdf import PageObject, PdfReader

from analysis.build import pdf
from analysis.build.book import Options
from analysis.build.tree import Tree
from tests.browser.conftest import ROOT
from tests.browser.visit import Site

pytestmark = [pytest.mark.browser, pytest.mark.book, pytest.mark.long]

_FOOT = 50  # points from the lower edge to above the page's number


def filled(sheet: PageObject) -> float:
    """Share of a sheet's height down to the last text above its foot."""
    heights = []
    sheet.extract_text(
        visitor_text=lambda text, cm, tm, *_: heights.append(cm[5] + tm[5] * cm[3]) if text.strip() else None
    )
    return 1 - min(height for height in heights if height > _FOOT) / float(sheet.mediabox.height)


def smallest(sheet: PageObject) -> float:
    """Points of the smallest letters on a sheet."""
    sizes = [math.inf]
    sheet.extract_text(
        visitor_text=lambda text, cm, tm, _, size: (
            sizes.append(abs(cm[3] * tm[3] * size)) if text.strip() else None
        )
    )
    return min(sizes)


@pytest.mark.parametrize("name", ["index", "articles", "peers", "scenarios", "sotp"])
def test_no_sheet_but_the_last_stands_half_empty_and_all_can_be_read(name: str, book: Site) -> None:
    *whole, last = sheets = PdfReader(pdf.pdf(Tree(ROOT), name, Options(quiet=True))).pages
    assert last.extract_text()
    assert [share for share in map(filled, whole) if share < 0.5] == []
    assert [size for size in map(smallest, sheets) if size < 6.0] == []
    ends = [sheet.extract_text().strip().split("\n")[-1] for sheet in whole]
    assert [words for words in ends if re.fullmatch(r"(Table|Figure) [\d.]+", words)] == []
    assert not any("How this is computed" in sheet.extract_text() for sheet in sheets)
