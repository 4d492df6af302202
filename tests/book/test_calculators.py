"""Calculators start at the numbers that their page prints."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.notebooks import run

NOW_AND_THEN = ("2025Q4 base", "2019Q4 base")
STARTS = (
    (
        "advertising",
        {"sales": "sales_ahead", "of_5t": "of_5t"},
        ("2025Q4 base", "2025Q1 bull", "2021Q4 bear"),
    ),
    ("capex", {"rate": "rate", "cash": "cash_per_dollar", "least": "break_even"}, NOW_AND_THEN),
    ("chips", {key: key for key in ("saving", "avoided", "kept", "value")}, NOW_AND_THEN),
    (
        "projection",
        {"value": "scenario_value", "sales": "scenario_sales"},
        ("2025Q4 base", "2025Q1 bull", "2021Q3 bear"),
    ),
    (
        "robotics",
        {key: key for key in ("adoption", "further", "capital", "payback", "value")},
        NOW_AND_THEN,
    ),
    ("sotp", {"value_today": "then_discounted"}, ("2025Q4 base", "2021Q3 bear", "2019Q4 base")),
)


@pytest.mark.parametrize(
    ("name", "keys", "edition"),
    [
        pytest.param(name, keys, edition, id=f"{name} {edition}")
        for name, keys, editions in STARTS
        for edition in editions
    ],
)
def test_a_calculator_starts_at_its_page_s_numbers(name: str, keys: Mapping[str, str], edition: str) -> None:
    page = run(name, *edition.split())
    found = page.parts["play"].results()
    for output, key in keys.items():
        assert found[output] == pytest.approx(page[key].number, rel=1e-12)


def test_an_end_that_is_given_gives_way_to_a_scenario_beyond_it() -> None:
    play = run("dcf", "2023Q1").parts["play"]
    (stated,) = (slider for slider in play.sliders if slider.name == "roic")
    assert max(preset["roic"] for preset in play.presets.values()) > 0.3  # the end that its page gives
    assert (stated.min, stated.max) == (0.06, 0.32)
