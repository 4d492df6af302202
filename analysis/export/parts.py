"""The sheet of today's sum of the parts: low, base and high, the bridge, and what is left for AWS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.export.sheet import Cell, Sheet, letter
from analysis.formats import day
from analysis.model.parts.sum_of_parts import CASES, Case, Part, Range
from analysis.units import words_of
from analysis.valuation.group import STAKE, Group
from analysis.valuation.parts import NAMES, PartsValue, implied_multiple, value_today

LABEL, BASIS, AMOUNT, MULTIPLE, VALUE = 0, 1, 2, 3, 6
WIDTHS = (44, 18, 14, *(15 for _ in range(6)))
ENDS: Mapping[str, str] = {"low": ".low", "base": "", "high": ".high"}
AMOUNTS: Mapping[str, str] = {
    "aws": "start.aws_operating_income",
    "advertising": "start.advertising_sales*advertising.operating_margin",
    "stores": "start.stores_sales",
    "retail": "start.stores_sales",
}
MULTIPLES: Mapping[str, str] = {
    "aws": "sotp.multiple_aws",
    "advertising": "sotp.multiple_advertising",
    "stores": "sotp.sales_multiple_stores",
    "retail": "sotp.sales_multiple_retail",
}
LEASES = "-IF(bridge.leases_as_debt<>0,start.leases,0)"


@dataclass(frozen=True)
class PartsSheet:
    """The sheet, and the row of equity on it."""

    sheet: Sheet
    equity_row: int


def parts_sheet(group: Group) -> PartsSheet:
    """What the parts are worth on the edition's day, in three cases side by side."""
    value = value_today(group)
    sheet = Sheet("SOTP", widths=WIDTHS, frozen=(2, 1))
    sheet.put(0, LABEL, Cell(f"Sum of the parts on {day(value.at)}", "title"))
    heads = [f"{what}: {case}" for what in ("Multiple", "Value") for case in CASES]
    sheet.texts(1, ["Part", "Multiple of", "Amount", *heads], "head")
    codes = {name: code for code, name in NAMES.items()}
    for row, part in enumerate(value.parts, start=2):
        _part(sheet, row, part, codes[part.name])
    last = 1 + len(value.parts)
    columns = [letter(column) for column in range(VALUE, VALUE + len(CASES))]
    total = last + 1
    sums = [f"SUM({c}3:{c}{last + 1})" for c in columns]
    _three(sheet, total, "Enterprise value", sums, value.sum.enterprise_value)
    end = _bridge(sheet, total + 1, group)
    _three(sheet, end, "Equity", [f"SUM({c}{total + 1}:{c}{end})" for c in columns], value.equity)
    _questions(sheet, end, group, value, columns)
    return PartsSheet(sheet, end)


def equity_cell(equity_row: int, case: Case) -> str:
    """The cell of the shares' value in one case, as other sheets name it."""
    return f"SOTP!${letter(VALUE + CASES.index(case))}${equity_row + 1}"


def _part(sheet: Sheet, row: int, part: Part, code: str) -> None:
    sheet.texts(row, [part.name, part.basis.replace("_", " ")])
    amount = part.amount
    if amount is None:
        raise ValueError(f"{part.name} has no amount to put a multiple on")
    sheet.put(row, AMOUNT, Cell(float(amount), "usd_bn", AMOUNTS[code]))
    for at, case in enumerate(CASES):
        multiple = float(getattr(part.multiple, case))
        sheet.put(row, MULTIPLE + at, Cell(multiple, "x", MULTIPLES[code] + ENDS[case]))
        formula = f"$C{row + 1}*{letter(MULTIPLE + at)}{row + 1}"
        sheet.put(row, VALUE + at, Cell(float(amount) * multiple, "usd_bn", formula))


def _three(sheet: Sheet, row: int, label: str, formulas: Sequence[str], values: Range) -> None:
    sheet.texts(row, [label, words_of("usd_bn")], "head")
    for at, (formula, case) in enumerate(zip(formulas, CASES, strict=True)):
        sheet.put(row, VALUE + at, Cell(float(getattr(values, case)), "usd_bn", formula))


def _bridge(sheet: Sheet, row: int, group: Group) -> int:
    """The steps from enterprise value to equity, the same in all cases; gives the row after the last."""
    balance = group.market.balance
    leases = -balance.leases if group.leases == "debt" else 0.0
    steps = {
        "Cash": ("start.cash", balance.cash),
        "Marketable securities": ("start.securities", balance.securities),
        "Long-term debt": ("-start.debt", -balance.debt),
        "Long-term leases, where they are called debt": (LEASES, leases),
    }
    if STAKE in balance.stakes:
        formula = "start.stake*bridge.anthropic_to_carried"
        steps[f"Stake in {STAKE}"] = (formula, balance.stakes[STAKE])
    for at, (label, (formula, value)) in enumerate(steps.items(), start=row):
        sheet.texts(at, [label, words_of("usd_bn")])
        for column in range(VALUE, VALUE + len(CASES)):
            sheet.put(at, column, Cell(float(value), "usd_bn", formula))
    return row + len(steps)


def _questions(sheet: Sheet, equity: int, group: Group, value: PartsValue, columns: Sequence[str]) -> None:
    """A share's value, the market beside it, and the multiple that the market pays for AWS."""
    shares, market = group.edition.shares.number, group.edition.market_value
    row, last = equity + 2, 2 + len(value.parts)
    sheet.texts(row, ["Equity a share", words_of("usd")])
    sheet.texts(row + 1, ["Equity over market value", words_of("fraction")])
    sheet.texts(row + 2, ["Multiple of AWS's operating income left by the market value", words_of("x")])
    for at, (column, case) in enumerate(zip(columns, CASES, strict=True), start=VALUE):
        worth = float(getattr(value.equity, case))
        cell = f"{column}{equity + 1}"
        sheet.put(row, at, Cell(worth * 1000 / shares, "usd", f"{cell}*1000/start.shares"))
        sheet.put(row + 1, at, Cell(worth / market.number, "fraction", f"{cell}/start.market_value"))
        rest, net = f"SUM({column}4:{column}{last})", f"SUM({column}{last + 2}:{column}{equity})"
        left = f"(start.market_value-{net}-{rest})/$C$3"
        paid = float(implied_multiple(value, market, case=case))
        sheet.put(row + 2, at, Cell(paid, "x", left))
