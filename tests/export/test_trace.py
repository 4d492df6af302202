from __future__ import annotations

from datetime import date

import pytest

from analysis.export.trace import Ledger
from analysis.figures import Figure, Source, computed, total

PLACE = "data/amazon/quarters/2025Q4.yml"


def printed(label: str, value: float) -> Figure:
    return Figure(value, "usd_m", label, Source("release", date(2026, 2, 5), None, PLACE, label))


def test_inputs_stand_above_what_is_made_of_them() -> None:
    ledger = Ledger("C", 10)
    one, two = printed("one", 100.0), printed("two", 25.0)
    ratio = ((one + two) / two - 1).named("ratio", "fraction")
    assert ledger.ref(ratio) == "C12"
    assert [line.figure.label for line in ledger.lines] == ["one", "two", "ratio"]
    assert ledger.lines[-1].formula == "(C10 + C11) / C11 - 1"
    assert ledger.lines[-1].value == 4.0


def test_a_sum_in_billions_of_figures_in_millions_is_kept_in_millions() -> None:
    ledger = Ledger("C", 1)
    added = total([printed("one", 100.0), printed("two", 25.0)], "sum").to("usd_bn")
    assert ledger.ref(added) == "(C3/1000)"
    assert (ledger.lines[-1].value, ledger.lines[-1].unit) == (125.0, "usd_m")


def test_a_figure_in_two_units_is_one_line() -> None:
    ledger = Ledger("C", 1)
    one = printed("one", 13921.0)
    assert ledger.ref(one.to("usd_bn")) == "(C1/1000)"
    assert ledger.ref(one) == "C1"
    assert [(line.value, line.formula) for line in ledger.lines] == [(13921.0, None)]


def test_a_label_inside_another_label_is_not_taken_for_it() -> None:
    ledger = Ledger("C", 1)
    ledger.ref((printed("sales", 10.0) + printed("sales abroad", 4.0)).named("both", "usd_m"))
    assert ledger.lines[-1].formula == "C1 + C2"


def test_words_are_no_formula() -> None:
    figure = computed(1.0, "x", "solved", "the root of one", printed("one", 1.0))
    with pytest.raises(ValueError, match="'solved' is no arithmetic on its inputs"):
        Ledger("C", 1).ref(figure)


def test_two_inputs_of_one_name_are_refused() -> None:
    one = Figure(2.0, "x", "same", Source("a", date(2026, 1, 1)))
    two = Figure(3.0, "x", "same", Source("b", date(2026, 1, 1)))
    with pytest.raises(ValueError, match="two inputs that are called 'same'"):
        Ledger("C", 1).ref(one * two)
