"""The sheet of sensitivity: values over two levels at a time, every cell a formula."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.export.dcf import GROWTH, RATE, equities, fade
from analysis.export.parts import AMOUNTS, MULTIPLES, equity_cell
from analysis.export.sheet import Cell, Sheet, letter, place, quoted
from analysis.export.years import AHEAD, TODAY, Lines
from analysis.formats import day
from analysis.model.projection.segments import DRIVERS_OF, group_sales
from analysis.valuation.dcf import Intrinsic, first_period
from analysis.valuation.group import Group
from analysis.valuation.parts import NAMES, PartsValue

SIDE = 2  # levels on each side of the scenario's own
FIRST = 3


@dataclass(frozen=True)
class Axis:
    """Levels of a grid: the scenario's own with the formula that links to it, and a step to the next."""

    label: str
    unit: str
    own: float
    formula: str
    step: float

    @property
    def levels(self) -> list[float]:
        """The levels, the scenario's own in the middle."""
        return [self.own + n * self.step for n in range(-SIDE, SIDE + 1)]


@dataclass(frozen=True)
class Grid:
    """A grid's values, and where they stand on the sheet: first and last row, first and last column."""

    rows: tuple[int, int]
    columns: tuple[int, int]
    values: tuple[float, ...]

    def span(self, name: str) -> str:
        """The range of the values, for formulas."""
        ends = (
            place(row, column, absolute=True) for row, column in zip(self.rows, self.columns, strict=True)
        )
        return f"{quoted(name)}!{':'.join(ends)}"


def grids_sheet(
    group: Group,
    projection: Lines,
    values: Lines,
    equity_row: int,
    parts: PartsValue,
    dcf: Lines,
    found: Intrinsic,
) -> tuple[Sheet, Grid]:
    """Three grids: growth and multiple to the horizon, multiples of two parts today, cash flow for ever."""
    sheet = Sheet("Sensitivity", widths=(58, 14, 13, *(12 for _ in dcf.rows)), frozen=(1, 0))
    sheet.put(0, 0, Cell("Sensitivity: billions of dollars; steps may be typed over", "title"))
    _to_horizon(sheet, group, projection, values)
    _of_parts(sheet, parts, equity_row)
    return sheet, _for_ever(sheet, group, dcf, found)


def _grid(
    sheet: Sheet, title: str, down: Axis, across: Axis, formula: Callable[[str, str], str],
    values: Sequence[Sequence[float]], gap: int = 2,
) -> Grid:  # fmt: skip
    """Put a grid; ``formula`` takes the cells of the two levels."""
    top = sheet.next_row + gap
    sheet.put(top, 0, Cell(title, "heading"))
    steps = {}
    for at, axis in enumerate((down, across), start=top + 1):
        sheet.texts(at, [f"Step {'down' if axis is down else 'across'}: {axis.label}"])
        sheet.put(at, TODAY, Cell(axis.step, _form(axis.unit)))
        steps[axis.label] = place(at, TODAY, absolute=True)
    head, last = top + 3, top + 3 + 2 * SIDE + 1
    for n, level in enumerate(across.levels):
        inward, sign = (1, "-") if n < SIDE else (-1, "+")
        before = f"{place(head, FIRST + n + inward)}{sign}{steps[across.label]}"
        sheet.put(head, FIRST + n, Cell(level, across.unit, across.formula if n == SIDE else before))
    for n, level in enumerate(down.levels):
        row = head + 1 + n
        inward, sign = (1, "-") if n < SIDE else (-1, "+")
        before = f"{place(row + inward, TODAY)}{sign}{steps[down.label]}"
        sheet.put(row, TODAY, Cell(level, down.unit, down.formula if n == SIDE else before))
        for m, value in enumerate(values[n]):
            cells = (f"${letter(TODAY)}{row + 1}", f"{letter(FIRST + m)}${head + 1}")
            sheet.put(row, FIRST + m, Cell(float(value), "usd_bn", formula(*cells)))
    sheet.texts(head, [f"down {down.label}, across {across.label}"])
    return Grid((head + 1, last), (FIRST, FIRST + 2 * SIDE), tuple(value for row in values for value in row))


def _form(unit: str) -> str:
    return "stated" if unit == "fraction" else unit


def _to_horizon(sheet: Sheet, group: Group, projection: Lines, values: Lines) -> None:
    sales, years = group_sales(group.base), group.exit_years
    today, ahead = projection.at(f"${letter(TODAY)}"), projection.at(f"${letter(AHEAD + projection.horizon)}")
    own = values.at(f"${letter(TODAY)}")
    multiple = group.market.value / sales * (1 + group.drivers["exit.price_to_sales_change"])
    growth = (group.projection.sales[projection.horizon] / sales) ** (1 / years) - 1
    down = Axis("price-to-sales", "x", multiple, own["price_to_sales"], 0.5)
    across = Axis("growth of sales a year", "fraction", growth, own["growth"], 0.02)
    _grid(
        sheet,
        f"Market value at the end of {group.horizon_year}: sales × price-to-sales",
        down,
        across,
        lambda m, g: f"{today['sales']}*(1+{g})^{ahead['end']}*{m}",
        [[sales * (1 + g) ** years * m for g in across.levels] for m in down.levels],
        gap=1,
    )


def _of_parts(sheet: Sheet, value: PartsValue, equity_row: int) -> None:
    """The sum of the parts today over the multiples of its first two parts, all else as it is."""
    codes = {name: code for code, name in NAMES.items()}
    one, two = value.parts[0], value.parts[1]
    amounts = [float(part.amount) for part in (one, two) if part.amount is not None]
    own = [float(part.multiple.base) for part in (one, two)]
    names = [codes[part.name] for part in (one, two)]
    equity = float(value.equity.base) - sum(a * m for a, m in zip(amounts, own, strict=True))
    axes = [
        Axis(f"multiple of {NAMES[name]}", "x", m, MULTIPLES[name], step)
        for name, m, step in zip(names, own, (2.0, 1.0 if own[1] > 5 else 0.1), strict=True)
    ]
    known = equity_cell(equity_row, "base")
    taken = [f"({{}}-{MULTIPLES[name]})*({AMOUNTS[name]})" for name in names]
    _grid(
        sheet,
        f"Value of the shares on {day(value.at)} by the sum of the parts",
        axes[0],
        axes[1],
        lambda a, b: f"{known}+{taken[0].format(a)}+{taken[1].format(b)}",
        [[equity + a * amounts[0] + b * amounts[1] for b in axes[1].levels] for a in axes[0].levels],
    )


def _for_ever(sheet: Sheet, group: Group, dcf: Lines, found: Intrinsic) -> Grid:
    """The discounted cash flow over growth and cost of capital after the forecast, and its workings."""
    growth, cost = float(group.drivers[GROWTH]), float(group.drivers[RATE])
    down = Axis("stable cost of capital", "fraction", cost, RATE, 0.005)
    across = Axis("stable growth", "fraction", growth, GROWTH, 0.005)
    today, last = dcf.at(f"${letter(TODAY)}"), dcf.at(f"${letter(AHEAD + dcf.horizon)}")
    top = sheet.next_row + 2
    workings = top + 3 + 2 * SIDE + 1 + 3
    count = "INT(dcf.roic_fade_years)"

    def of_part(name: str, r: str, g: str) -> str:
        returned, ratio = f"dcf.roic_stable_{DRIVERS_OF[name]}", f"{DRIVERS_OF[name]}.sales_to_capital"
        first = f"{last[f'{name}_nopat']}*(1+{g})"
        held = fade(f"((1+{g})/(1+{r}))", count)
        more = f"({last[f'{name}_sales']}*{g}/{ratio}-{first}*{g}/{returned})"
        return f"{first}*(1-{g}/{returned})/({r}-{g})-{more}*{held}/(1+{r})"

    def formula(r: str, g: str) -> str:
        at = workings + 3 * (int(r.removeprefix(f"${letter(TODAY)}")) - 1 - (top + 4))
        first, end = letter(AHEAD), letter(AHEAD + dcf.horizon)
        factor = f"${end}{at + 2}*(1+${end}{at + 1})^start.before_end"
        after = "+".join(of_part(name, r, g) for name in found.valuation.parts)
        return f"SUM(${first}{at + 3}:${end}{at + 3})+({after})*{factor}+{today['net']}"

    levels = equities(found.group, across.levels, down.levels)
    grid = _grid(sheet, "Value of the shares by discounted cash flow", down, across, formula, levels)
    sheet.put(workings - 1, 0, Cell("Workings of the grid above", "heading"))
    for n, level in enumerate(down.levels):
        cell = place(grid.rows[0] + n, TODAY, absolute=True)
        _discounted(sheet, workings + 3 * n, n, cell, level, dcf, found)
    return grid


def _discounted(
    sheet: Sheet, row: int, number: int, cell: str, level: float, dcf: Lines, found: Intrinsic
) -> None:
    """Cost of capital, discount and present value of each year at one stable cost of capital."""
    labels = ("cost of capital", "a dollar at the year's end", "free cash flow, worth today")
    for at, label in enumerate(labels):
        sheet.texts(row + at, [f"Row {number + 1}: {label}"])
    sheet.put(row + 1, TODAY, Cell(1.0, "number", "1"))
    wacc, held, end = float(found.capital.wacc), int(found.group.drivers["dcf.constant_years"]), 1.0
    flows = found.lines.free_cash_flow
    today, last = dcf.at(f"${letter(TODAY)}"), dcf.at(f"${letter(AHEAD + dcf.horizon)}")
    lengths = (first_period(found.group), *(1.0 for _ in flows[1:]))
    for at, (flow, length) in enumerate(zip(flows, lengths, strict=True)):
        own = dcf.at(letter(AHEAD + at))
        moved = (at + 1 - held) / (len(flows) - held) if at + 1 > held else 0.0
        each = wacc + (level - wacc) * moved
        step = f"({own['year']}-INT(dcf.constant_years))/({last['year']}-INT(dcf.constant_years))"
        moving = f"{today['wacc']}+({cell}-{today['wacc']})*{step}"
        rate = f"IF({own['year']}<=INT(dcf.constant_years),{today['wacc']},{moving})"
        column = AHEAD + at
        sheet.put(row, column, Cell(each, "fraction", rate))
        end = end / (1 + each) ** length
        before, here = place(row + 1, column - 1), place(row, column)
        sheet.put(row + 1, column, Cell(end, "number", f"{before}/(1+{here})^{own['period']}"))
        worth = f"{own['flow']}*{place(row + 1, column)}*(1+{here})^start.before_end"
        sheet.put(row + 2, column, Cell(float(flow) * end * (1 + each) ** 0.5, "usd_bn", worth))
