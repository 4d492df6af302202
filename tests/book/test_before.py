"""Before something was public, a line says so in its place."""

from __future__ import annotations

import pytest

from tests.notebooks import run

BEFORE = [
    (
        "advertising", "2021Q3", {"size", "growth", "share", "value", "ways", "play", "claims"}, {"sales"},
        {"status": "did not yet report"},
    ),
    ("advertising", "2021Q4", {"growth", "claims"}, {"grew_latest"}, {}),
    ("capex", "2019Q4", {"spenders", "peers", "claims"}, {"plan", "peers"}, {}),
    ("chips", "2019Q4", {"prize", "prices", "claims"}, {"run_rate", "prize_sales"}, {}),
    ("robotics", "2019Q4", {"estimates", "claims"}, {"bank_low"}, {}),
]  # fmt: skip
"""Page, edition, the parts that a line stands for, numbers that print as absent, and words."""


@pytest.mark.parametrize(("name", "edition", "parts", "absent", "words"), BEFORE)
def test_before_it_was_public_the_page_says_so(
    name: str, edition: str, parts: set[str], absent: set[str], words: dict[str, str]
) -> None:
    page = run(name, edition)
    assert page.missing == parts
    assert {key for key in absent if page[key].is_absent} == absent
    assert {key: page[key].value for key in words} == words
