"""Numbers are printed in the browser exactly as by analysis.formats."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Browser

from analysis.formats import FORMATS, show
from tests.browser.visit import Site, visit

pytestmark = pytest.mark.browser


def values() -> list[float]:
    """Ties, near-ties, signs, steps of unit, and a spread of magnitudes."""
    ties = [n / 8 for n in range(-40, 41)] + [0.125, 4.25, 2.675, 1.005, 1.015, 0.0005, 999.95, 999.949]
    edges = [
        0.0,
        -0.04,
        0.04,
        999.5,
        1000.0,
        1049.9999,
        12345.675,
        -2239.7,
        3.0,
        4.75,
        1e9,
        123456789.5,
    ]
    drawn = random.Random(7)
    spread = [drawn.uniform(-1, 1) * 10 ** drawn.randint(-4, 7) for _ in range(400)]
    return [*ties, *edges, *spread]


def test_every_format_agrees(browser: Browser, sample: Site) -> None:
    numbers = values()
    with visit(browser, sample, "sample.html") as opened:
        units = opened.page.evaluate("window.report.formats.units")
        shown = opened.page.evaluate(
            "([units, values]) => units.map((u) => values.map((v) => window.report.formats.show(v, u)))",
            [units, numbers],
        )
    assert sorted(units) == sorted(FORMATS)
    differing = [
        (unit, value, text, show(value, unit))
        for unit, texts in zip(units, shown, strict=True)
        for value, text in zip(numbers, texts, strict=True)
        if text != show(value, unit)
    ]
    assert differing == []
