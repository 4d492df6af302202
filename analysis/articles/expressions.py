"""The small language in which claims say what is computed for them.

``growth("segments.aws.net_sales") - claimed("A05")``: calls of named functions, joined by
``+ - * / **`` and brackets; text and numbers as arguments. It is read with Python's own parser and
nothing else of Python is allowed, so a data file cannot run code.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from analysis.figures import Figure

Value = Figure | float | str
Call = Callable[[str, Sequence[Value]], Value]

_EXPECTED = "calls of named functions, joined by + - * / ** and brackets"


class ExpressionError(ValueError):
    """An expression that cannot be read or does not give a figure."""


def parse(text: str) -> ast.expr:
    """The expression's tree; raises ``ExpressionError`` for anything that is not of the language."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ExpressionError(f"{text!r} cannot be read (expected {_EXPECTED})") from error
    for node in ast.walk(tree):
        if not _is_allowed(node):
            found = type(node).__name__
            raise ExpressionError(f"{text!r} holds a Python {found} (expected {_EXPECTED})")
    return tree


def functions_in(text: str) -> list[str]:
    """The names of the functions that an expression calls, in order."""
    calls = [node for node in ast.walk(parse(text)) if isinstance(node, ast.Call)]
    return list(dict.fromkeys(node.func.id for node in calls if isinstance(node.func, ast.Name)))


def evaluate(text: str, call: Call) -> Figure:
    """The figure an expression gives; ``call`` runs a function by name on evaluated arguments.

    Arithmetic on figures records its formula and inputs. Raises ``ExpressionError`` if the result is
    a bare number or word, and whatever ``call`` raises.
    """
    value = _value(parse(text), call)
    if not isinstance(value, Figure):
        raise ExpressionError(f"{text!r} gives {value!r} (expected a figure, from some function)")
    return value


def _is_allowed(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(), keywords=[]):
            return True
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=str() | int() | float()):
            return True
        case ast.BinOp() | ast.UnaryOp(op=ast.USub()) | ast.USub() | ast.Name() | ast.Load():
            return True
        case ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow():
            return True
    return False


def _value(node: ast.expr, call: Call) -> Value:
    match node:
        case ast.Constant(value=str(word)):
            return word
        case ast.Constant(value=int(number) | float(number)):
            return float(number)
        case ast.Call(func=ast.Name(id=name)):
            return call(name, [_value(argument, call) for argument in node.args])
        case ast.UnaryOp(operand=operand):
            return -_number(operand, call)
        case ast.BinOp(left=left, op=operator, right=right):
            return _arithmetic(_number(left, call), operator, _number(right, call))
        case ast.Name(id=name):
            raise ExpressionError(f"{name!r} is no function call (expected {name}(…))")
    raise ExpressionError(f"cannot evaluate {ast.unparse(node)!r} (expected {_EXPECTED})")


def _number(node: ast.expr, call: Call) -> Figure | float:
    value = _value(node, call)
    if isinstance(value, str):
        raise ExpressionError(f"{ast.unparse(node)!r} is a word (expected a number)")
    return value


def _arithmetic(left: Figure | float, operator: ast.operator, right: Figure | float) -> Figure | float:
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
        case _:
            return left**right
