"""The language of claims: arithmetic on named functions, and nothing else of Python."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles.expressions import ExpressionError, Value, evaluate, functions_in, parse
from analysis.figures import Figure


def call(name: str, arguments: Sequence[Value]) -> Value:
    assert name == "number"
    (value,) = arguments
    assert isinstance(value, float)
    return Figure(value, "usd_bn", f"n{value:g}")


def test_arithmetic_keeps_formula_and_inputs() -> None:
    figure = evaluate("(number(6) - number(2)) / 2 + 1", call)
    assert figure.number == 3.0
    assert figure.formula == "(n6 − n2) ÷ 2 + 1"
    assert [item.label for item in figure.inputs] == ["n6", "n2"]


@given(a=st.integers(-99, 99), b=st.integers(1, 99), c=st.integers(0, 3))
def test_it_computes_what_python_computes(a: int, b: int, c: int) -> None:
    for text in (
        f"number({a}) * {b} - {c}",
        f"-{b} + number({a})",
        f"number({b}) ** {c}",
        f"{a} / number({b})",
    ):
        plain = text.replace("number", "")
        assert evaluate(text, call).number == pytest.approx(float(eval(plain)))


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "number(1).value",
        "[number(1)]",
        "number(1) if 1 else 2",
        "lambda: 1",
        "number(x=1)",
        "number(*[1])",
        "True",
        "number(1) > 2",
        "number(1) // 2",
        "f'{1}'",
        "(a := 1)",
        "number(1); number(2)",
        "number(1",
        "",
        "\x00",
    ],
)
def test_everything_else_of_python_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


@pytest.mark.parametrize("text", ["1 + 1", "'word'", "number", "number(1) + 'word'"])
def test_only_figures_come_out(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text, call)


def test_functions_are_named_once_in_order() -> None:
    assert functions_in("b(a(1), a(2)) + c('x')") == ["b", "c", "a"]
