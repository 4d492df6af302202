"""The rule of size, findings and their acknowledgement, days of trading, messages that belong together."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data.findings import Finding, report_findings, take_acknowledged
from analysis.data.problems import Problem, told
from analysis.data.series import load_meta
from analysis.data.sessions import check_rules, sessions
from analysis.data.sizes import out_of_line
from analysis.data.values import Place
from tests.data.conftest import REAL

EVEN = [0.1, 0.2, 0.15, 0.12, 0.18, 0.11, 0.19, 0.13, 0.14]


def odd(values: list[float]) -> list[int]:
    return [each.key for each in out_of_line(list(enumerate(values)))]


def test_a_value_within_the_widened_range_is_in_line() -> None:
    assert odd([*EVEN, 0.29, 0.01]) == []


@pytest.mark.parametrize("value", [0.31, -0.01, -math.inf])
def test_a_value_outside_the_widened_range_is_out_of_line(value: float) -> None:
    assert odd([*EVEN, value]) == [len(EVEN)]


def test_the_first_values_are_held_against_those_that_follow() -> None:
    assert odd([5.0, *EVEN]) == [0]


def test_too_short_a_past_judges_nothing() -> None:
    assert odd([1.0, 2.0, 100.0]) == []


@given(st.lists(st.floats(-1, 1), min_size=9, max_size=30))
def test_a_value_met_before_is_never_out_of_line(values: list[float]) -> None:
    last = min(values[-12:])
    assert len(values) not in odd([*values, last])


FINDING = Finding("data/a.yml", "income.tax", -5.0, ("9% of sales (1% to 3% in its past)",))


def reported(acknowledged: dict[str, object], findings: list[Finding]) -> list[str]:
    problems: list[Problem] = []
    entries = take_acknowledged({"acknowledged": acknowledged}, Place("data/a.yml", "", problems))
    report_findings(findings, entries, "data/a.yml", problems)
    return [str(problem) for problem in problems]


def test_a_finding_is_reported_with_the_line_that_would_acknowledge_it() -> None:
    (line,) = reported({}, [FINDING])
    assert line.startswith("data/a.yml: income.tax: -5 is out of line with its past: 9% of sales (1% to 3%")
    assert 'below `acknowledged` the reason: `income.tax: {value: -5, why: "…"}`' in line


def test_an_acknowledged_finding_passes() -> None:
    assert reported({"income.tax": {"value": -5, "why": "a benefit"}}, [FINDING]) == []


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"value": -6, "why": "a benefit"}, "income.tax"),
        ({"value": -5}, "acknowledged.income.tax.why"),
        ({"value": -5, "why": " "}, "acknowledged.income.tax.why"),
        ({"why": "a benefit"}, "acknowledged.income.tax.value"),
    ],
)
def test_another_value_or_no_reason_does_not(entry: dict[str, object], field: str) -> None:
    assert any(line.split(": ")[1] == field for line in reported({"income.tax": entry}, [FINDING]))


def test_an_acknowledgement_that_is_not_needed_is_reported() -> None:
    (line,) = reported({"income.tax": {"value": -5, "why": "a benefit"}}, [])
    assert "acknowledged.income.tax: acknowledges a figure that is not out of line" in line


def test_the_exchange_trades_on_the_days_that_the_price_file_has_and_closes_in_years_to_come() -> None:
    meta = load_meta(REAL, "prices/amzn.meta.yml", [])
    assert meta is not None
    spring = set(sessions(date(2026, 4, 1), date(2026, 7, 31), meta.closed))
    closed = {date(2026, 4, 3), date(2026, 5, 25), date(2026, 6, 19), date(2026, 7, 3)}
    assert not spring & closed
    assert len(spring) == 84
    assert date(2021, 12, 31) in set(sessions(date(2021, 12, 30), date(2022, 1, 3), meta.closed))


@pytest.mark.parametrize(
    "rule", [{"name": "a day"}, {"month": 1, "day": 1}, {"name": "a day", "easter": 1, "dya": 2}]
)
def test_a_rule_that_cannot_be_read_is_reported(rule: dict[str, object]) -> None:
    problems: list[Problem] = []
    assert not check_rules([rule], Place("data/prices/amzn.meta.yml", "closed", problems))
    assert [problem.field for problem in problems] == ["closed"]


def test_what_belongs_together_is_one_message() -> None:
    alike = [Problem("data/a.yml", f"f{n}", "has no value", f"field {n}") for n in range(58)]
    other = Problem("data/a.yml", "published", "is missing", "a day")
    first, second = told([*alike, other])
    assert first.startswith(
        "data/a.yml: 58 fields: has no value (expected for the first field 0, and so on): f0,"
    )
    assert second == str(other)


def test_a_sidecar_s_pattern_that_fits_no_metric_is_reported(tmp_path: Path) -> None:
    text = (
        (REAL / "cloud.meta.yml")
        .read_text(encoding="utf-8")
        .replace("\nlicence:", "\nahead: [guidanse]\nlicence:")
    )
    (tmp_path / "cloud.meta.yml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    load_meta(tmp_path, "cloud.meta.yml", problems)
    assert any("'guidanse' fits no metric" in str(problem) for problem in problems)
