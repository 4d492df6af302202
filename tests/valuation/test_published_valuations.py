"""Published valuations, reproduced by name: textbooks, lecture notes, standards and the manual of a
spreadsheet.

Each row gives a work and its place in it, the number as printed there, and our kernels on the inputs
printed beside it. A number must come out to its last printed digit; where a work computed with more digits
than it prints of its inputs, ``room`` says by how much of itself the result may be off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from analysis.model._inputs import Number
from analysis.model.dcf.cost_of_capital import (
    cost_of_debt,
    cost_of_equity,
    nominal_rate,
    real_rate,
    wacc,
)
from analysis.model.dcf.discounting import discount
from analysis.model.dcf.economic_profit import economic_profit, value_economic_profit
from analysis.model.dcf.free_cash_flow import OperatingLines, value_lines
from analysis.model.dcf.given_flows import present_value, rates_of_return, xirr, xnpv
from analysis.model.dcf.implied import solve
from analysis.model.dcf.leases import implied_interest, lease_addition, lease_liability
from analysis.model.dcf.loss_carryforward import carry_losses_forward
from analysis.model.dcf.paths import (
    constant_then_linear,
    cost_of_capital_path,
    geometric_to_target,
    growth_path,
    linear_to_target,
    sales_path,
)
from analysis.model.dcf.reinvestment import (
    growth_from_reinvestment,
    reinvestment_for_growth,
    reinvestment_path,
)
from analysis.model.dcf.research_and_development import research_asset
from analysis.model.dcf.terminal_value import TerminalYear, ValueDriver, growing_perpetuity, value_driver
from analysis.model.parts.employee_options import Grant, after_options, black_scholes_call
from analysis.model.parts.equity_bridge import Balance, Shares, equity_value, per_share
from analysis.model.projection.growth import cagr


@dataclass(frozen=True)
class Published:
    """A number as a work prints it, and how ours is found; ``unit`` scales ours to the printed one."""

    name: str
    source: str
    printed: str
    ours: Callable[[], Number]
    unit: float = 1.0
    room: float = 0.0


PERCENT = 0.01

# --- Microsoft: the examples in the manual of Excel's functions -----------------------------------

DATED = [-10_000.0, 2_750.0, 4_250.0, 3_250.0, 2_750.0]
DAYS = [date(2008, 1, 1), date(2008, 3, 1), date(2008, 10, 30), date(2009, 2, 15), date(2009, 4, 1)]
SHOP = [8_000.0, 9_200.0, 10_000.0, 12_000.0, 14_500.0]
RESTAURANT = [-70_000.0, 12_000.0, 15_000.0, 18_000.0, 21_000.0, 26_000.0]


def irr_of_restaurant(years: int) -> float:
    return rates_of_return(RESTAURANT[: years + 1], [float(year) for year in range(years + 1)]).value


EXCEL = [
    Published("XNPV", "Microsoft, XNPV function", "2,086.65", lambda: xnpv(0.09, DATED, DAYS)),
    Published("XIRR", "Microsoft, XIRR function", "37.34", lambda: xirr(DATED, DAYS).value, PERCENT),
    Published(
        "NPV with the cost a year away",
        "Microsoft, NPV function, first example",
        "1,188.44",
        lambda: present_value([-10_000.0, 3_000.0, 4_200.0, 6_800.0], [0.10] * 4),
    ),
    Published(
        "NPV of the shoe shop",
        "Microsoft, NPV function, second example",
        "1,922.06",
        lambda: present_value(SHOP, [0.08] * 5) - 40_000.0,
    ),
    Published(
        "NPV of the shoe shop whose roof collapses",
        "Microsoft, NPV function, second example",
        "-3,749.47",
        lambda: present_value([*SHOP, -9_000.0], [0.08] * 6) - 40_000.0,
    ),
    Published(
        "IRR after five years", "Microsoft, IRR function", "8.7", lambda: irr_of_restaurant(5), PERCENT
    ),
    Published(
        "IRR after four years", "Microsoft, IRR function", "-2.1", lambda: irr_of_restaurant(4), PERCENT
    ),
    Published(
        "IRR after two years", "Microsoft, IRR function", "-44.4", lambda: irr_of_restaurant(2), PERCENT
    ),
    Published("RRI", "Microsoft, RRI function", "0.0009933", lambda: cagr(10_000.0, 11_000.0, 96.0)),
]

# --- Brealey, Myers and Allen: Principles of Corporate Finance ------------------------------------

BMA = "Brealey, Myers and Allen, Principles of Corporate Finance"
CONCATENATOR = [-0.80, -0.96, -1.15, -1.39, -0.20, -0.23]
CONCATENATOR_LATER = growing_perpetuity(1.59, 0.06, 0.10)

BREALEY = [
    Published("Perpetuity", f"{BMA}, ch. 2", "10", lambda: growing_perpetuity(1.0, 0.0, 0.10)),
    Published("Growing perpetuity", f"{BMA}, ch. 2", "16.667", lambda: growing_perpetuity(1.0, 0.04, 0.10)),
    Published("Fledgling Electronics", f"{BMA}, ch. 4", "100", lambda: growing_perpetuity(5.0, 0.10, 0.15)),
    Published(
        "Fledgling Electronics, first year",
        f"{BMA}, ch. 4",
        "100",
        lambda: present_value([5.0], [0.15], horizon_value=110.0),
    ),
    Published(
        "Concatenator, flows to the horizon",
        f"{BMA}, ch. 4, valuing a business",
        "-3.6",
        lambda: present_value(CONCATENATOR, [0.10] * 6),
    ),
    Published(
        "Concatenator, horizon value",
        f"{BMA}, ch. 4, valuing a business",
        "22.4",
        lambda: CONCATENATOR_LATER * discount([0.10] * 6).horizon,
    ),
    Published(
        "Concatenator, the business",
        f"{BMA}, ch. 4, valuing a business",
        "18.8",
        lambda: present_value(CONCATENATOR, [0.10] * 6, horizon_value=CONCATENATOR_LATER),
        room=0.003,  # the work adds its two rounded terms
    ),
    Published(
        "Internal rate of return",
        f"{BMA}, ch. 5",
        "28.08",
        lambda: rates_of_return([-4_000.0, 2_000.0, 4_000.0], [0.0, 1.0, 2.0]).value,
        PERCENT,
    ),
    Published(
        "Office building, two years",
        f"{BMA}, ch. 2",
        "720,344",
        lambda: present_value([30_000.0, 870_000.0], [0.12] * 2),
    ),
    Published("Real rate", f"{BMA}, ch. 6", "4.5", lambda: real_rate(0.15, 0.10), PERCENT),
    Published(
        "Real flows in money",
        f"{BMA}, ch. 6",
        "5.5",
        lambda: (
            present_value(
                [real * 1.10**year for year, real in enumerate((35.0, 50.0, 30.0), start=1)], [0.15] * 3
            )
            - 100.0
        ),
    ),
    Published(
        "Quayle City, economic value added",
        f"{BMA}, ch. 12",
        "30",
        lambda: economic_profit(130.0, 1_000.0, 0.10),
    ),
    Published(
        "Sangria Corporation",
        f"{BMA}, ch. 19",
        "9.0",
        lambda: wacc(0.124, 0.06, 0.35, equity_value=750.0, debt_value=500.0),
        PERCENT,
    ),
]

# --- Ross, Westerfield and Jaffe: Corporate Finance, ch. 4 ----------------------------------------

ROSS = [
    Published(
        "Dividend about to be paid",
        "Ross, Westerfield and Jaffe, Corporate Finance, ch. 4",
        "66.60",
        lambda: 3.00 + growing_perpetuity(3.00 * 1.06, 0.06, 0.11),
    ),
    Published(
        "Growing annuity of forty years",
        "Ross, Westerfield and Jaffe, Corporate Finance, ch. 4",
        "711,730.71",
        lambda: present_value([80_000.0 * 1.09**year for year in range(40)], [0.20] * 40),
    ),
]

# --- J. Hull: Options, Futures, and Other Derivatives ---------------------------------------------

WARRANTS = Grant(count=200_000, exercise_price=60, years=5, volatility=0.30, risk_free=0.03)

HULL = [
    Published("Call", "Hull, example 15.6", "4.76", lambda: black_scholes_call(42, 40, 0.5, 0.10, 0.20)),
    Published(
        "Call on an index",
        "Hull, example 17.1",
        "51.83",
        lambda: black_scholes_call(930, 900, 2 / 12, 0.08, 0.20, 0.03),
    ),
    Published(
        "Call of five years", "Hull, example 15.7", "7.04", lambda: black_scholes_call(40, 60, 5, 0.03, 0.30)
    ),
    Published("Warrant", "Hull, example 15.7", "5.87", lambda: after_options(40e6, 1e6, WARRANTS).option),
    Published(
        "Share beside warrants",
        "Hull, example 15.7",
        "38.83",
        lambda: after_options(40e6, 1e6, WARRANTS).share,
    ),
    Published(
        "Call on sterling at 20% volatility",
        "Hull, example 17.2",
        "0.0639",
        lambda: black_scholes_call(1.6, 1.6, 4 / 12, 0.08, 0.20, 0.11),
    ),
    Published(
        "Call on sterling at 10% volatility",
        "Hull, example 17.2",
        "0.0285",
        lambda: black_scholes_call(1.6, 1.6, 4 / 12, 0.08, 0.10, 0.11),
    ),
    Published(
        "Volatility that a price takes for granted",
        "Hull, example 17.2",
        "14.1",
        lambda: (
            solve(
                "volatility",
                lambda sigma: black_scholes_call(1.6, 1.6, 4 / 12, 0.08, sigma, 0.11),
                0.043,
                low=0.01,
                high=1.0,
            ).value
        ),
        PERCENT,
    ),
]

# --- CFA Institute: free cash flow valuation, constant growth -------------------------------------

CFA = "CFA Institute, Level II curriculum, free cash flow valuation, Cagiati Enterprises"
CAGIATI = growing_perpetuity(700.0 * 1.05, 0.05, 0.102)
CAGIATI_DEBT = Balance(cash=0.0, securities=0.0, debt=2_200.0)

CURRICULUM = [
    Published(
        "Cost of capital",
        CFA,
        "10.2",
        lambda: wacc(0.118, 0.057, 0.3333, equity_value=80.0, debt_value=20.0),
        PERCENT,
    ),
    Published("Firm", CFA, "14,134.6", lambda: CAGIATI),
    Published("Equity", CFA, "11,934.6", lambda: equity_value(CAGIATI, CAGIATI_DEBT)),
    Published(
        "Share",
        CFA,
        "59.67",
        lambda: per_share(equity_value(CAGIATI, CAGIATI_DEBT) / 1000, Shares(basic=200.0)),
    ),
]

# --- McKinsey and Mauboussin: what growth and returns do to a multiple ----------------------------

KOLLER = "Koller, Goedhart and Wessels, Valuation"
CREATED_EQUAL = "McKinsey, All P/Es are not created equal (2004), exhibit 1"
MAUBOUSSIN = "Mauboussin and Callahan, What does a price-earnings multiple mean? (2014), exhibit 5"


def growing_profit(growth: float, roic: float, years: int) -> OperatingLines:
    """Profits from 1 in year 1, and what it takes to make them grow at a return on new capital."""
    profit = tuple((1 + growth) ** year for year in range(years))
    share = reinvestment_for_growth(growth, roic)
    return OperatingLines((1.0,) * years, profit, profit, tuple(each * share for each in profit))


def price_earnings(growth: float, roic: float) -> Number:
    """Mauboussin's: fifteen years of growth, then returns of no more than the cost of capital, 8%."""
    lines = growing_profit(growth, roic, 15)
    after = TerminalYear((1 + growth) ** 15, 0.0, growth=0.0, cost_of_capital=0.08)
    return value_lines(lines, [0.08] * 15, after).value


MULTIPLES = [
    Published("Value, Inc.", f"{KOLLER}, ch. 2", "1,500", lambda: value_driver(100.0, 0.05, 0.20, 0.10)),
    Published("Volume, Inc.", f"{KOLLER}, ch. 2", "1,000", lambda: value_driver(100.0, 0.05, 0.10, 0.10)),
    Published("Returns, Inc.", CREATED_EQUAL, "17", lambda: value_driver(1.0, 0.05, 0.35, 0.10)),
    *(
        Published(
            f"Price-earnings at {growth:.0%} growth and {roic:.0%} return",
            MAUBOUSSIN,
            printed,
            lambda growth=growth, roic=roic: price_earnings(growth, roic),  # type: ignore[misc]
        )
        for growth, roic, printed in (
            (0.04, 0.04, "7.1"), (0.06, 0.04, "3.3"), (0.04, 0.08, "12.5"), (0.10, 0.08, "12.5"),
            (0.04, 0.16, "15.2"), (0.06, 0.16, "17.1"), (0.08, 0.16, "19.4"), (0.10, 0.16, "22.4"),
        )
    ),
]  # fmt: skip

# --- A. Damodaran: rates, growth, a share ---------------------------------------------------------

LECTURES = "Damodaran, lecture notes on valuation"
ON_VALUATION = "Damodaran on Valuation, 2nd ed. (2006)"
EQUITY_FLOWS = [50.0, 60.0, 68.0, 76.2, 83.49]
INTEREST_AFTER_TAX = 40.0
FLOWS_OF_BOTH = [flow + INTEREST_AFTER_TAX for flow in EQUITY_FLOWS]
BOTH_RATES = wacc(0.13625, 0.10, 0.50, equity_value=1_073.0, debt_value=800.0)
DISNEY_EQUITY = cost_of_equity(0.0275, 1.0013, 0.0576)


def value_with_investments() -> Number:
    """Ten put in at the beginning of each of five years at 15%; after that growth of 5% that adds nothing."""
    profit = tuple(15.0 + 1.5 * year for year in range(1, 6))
    lines = OperatingLines(profit, profit, profit, (10.0, 10.0, 10.0, 10.0, 0.5 * profit[-1]))
    return value_economic_profit(lines, 110.0, [0.10] * 5, ValueDriver(0.05, 0.10, 0.10)).value - 10.0


DAMODARAN = [
    Published(
        "Con Edison, cost of equity",
        f"{LECTURES}, ch. 13",
        "8.30",
        lambda: cost_of_equity(0.051, 0.80, 0.04),
        PERCENT,
    ),
    Published(
        "Con Edison, a share",
        f"{LECTURES}, ch. 13",
        "42.37",
        lambda: growing_perpetuity(2.18 * 1.03, 0.03, 0.083),
    ),
    Published("Two ways, cost of capital", LECTURES, "9.94", lambda: BOTH_RATES, PERCENT),
    Published(
        "Two ways, equity",
        LECTURES,
        "1,073",
        lambda: present_value(EQUITY_FLOWS, [0.13625] * 5, horizon_value=1_603.008),
    ),
    Published(
        "Two ways, firm",
        LECTURES,
        "1,873",
        lambda: present_value(FLOWS_OF_BOTH, [BOTH_RATES] * 5, horizon_value=2_363.008),
    ),
    Published("Disney, cost of equity", f"{LECTURES}, Disney 2013", "8.52", lambda: DISNEY_EQUITY, PERCENT),
    Published(
        "Disney, cost of debt",
        f"{LECTURES}, Disney 2013",
        "3.75",
        lambda: cost_of_debt(0.0275, 0.01),
        PERCENT,
    ),
    Published(
        "Disney, cost of capital",
        f"{LECTURES}, Disney 2013",
        "7.81",
        lambda: wacc(DISNEY_EQUITY, 0.0375, 0.361, equity_value=121_878.0, debt_value=15_961.0),
        PERCENT,
    ),
    Published(
        "Gillette, cost of capital",
        f"{ON_VALUATION}, ch. 15",
        "7.39",
        lambda: wacc(cost_of_equity(0.0425, 0.9, 0.04), 0.05, 0.35, equity_value=90.0, debt_value=10.0),
        PERCENT,
    ),
    Published(
        "Gillette, growth",
        f"{ON_VALUATION}, ch. 15",
        "8.13",
        lambda: growth_from_reinvestment(0.50, 0.25 * (1 - 0.35)),
        PERCENT,
        room=0.001,  # half is "approximately" half there
    ),
    Published(
        "Cisco, growth from what is put back",
        LECTURES,
        "36.39",
        lambda: growth_from_reinvestment(1.0681, 0.3407),
        PERCENT,
    ),
    Published(
        "Motorola, growth from what is put back",
        LECTURES,
        "6.45",
        lambda: growth_from_reinvestment(0.5299, 0.1218),
        PERCENT,
    ),
    Published("Economic profit and cash flow", f"{ON_VALUATION}, ch. 6", "170.85", value_with_investments),
    Published(
        "Assets in place", f"{ON_VALUATION}, ch. 6", "150", lambda: value_driver(15.0, 0.0, 0.15, 0.10)
    ),
]

# --- A. Damodaran: research, leases, options, the bridge ------------------------------------------

CISCO_RESEARCH = [2_704.0, 3_922.0, 3_448.0, 3_135.0, 3_192.0, 3_320.0]
TARGET_RENT = [146.0, 142.0, 137.0, 117.0, 102.0, *(2_405.0 / 18,) * 18]
TARGET_LEASES = lease_liability(TARGET_RENT, 0.055)


def a_share(equity: float, shares: float, options: float = 0.0) -> Number:
    """Equity in millions less options at a given value, over millions of shares."""
    left = equity_value(equity, Balance(cash=0.0, securities=0.0, debt=0.0, options=options))
    return per_share(left / 1000, Shares(basic=shares))


ADJUSTED = [
    Published(
        "Cisco, research asset",
        f"{ON_VALUATION}, illustration 3.2",
        "9.92",
        lambda: research_asset(CISCO_RESEARCH, 5).asset,
        1000.0,
    ),
    Published(
        "Cisco, amortisation",
        f"{ON_VALUATION}, illustration 3.2",
        "3.28",
        lambda: research_asset(CISCO_RESEARCH, 5).amortisation,
        1000.0,
    ),
    Published("Target, debt value of leases", f"{ON_VALUATION}, ch. 6", "1,704.82", lambda: TARGET_LEASES),
    Published(
        "Target, operating income with leases as debt",
        f"{ON_VALUATION}, ch. 6",
        "3,695",
        lambda: 3_601.0 + lease_addition(TARGET_RENT[0], TARGET_LEASES, 0.055),
    ),
    Published(
        "Cisco, a share less options",
        f"{ON_VALUATION}, ch. 11",
        "9.80",
        lambda: a_share(65_622.0, 6_487.0, 2_058.0),
    ),
    Published(
        "Google, a share less options",
        f"{ON_VALUATION}, ch. 11",
        "99.44",
        lambda: a_share(32_187.0, 277.78, 4_565.0),
    ),
    Published("Cisco, fully diluted", f"{ON_VALUATION}, ch. 11", "8.28", lambda: a_share(65_622.0, 7_923.0)),
    Published(
        "Google, fully diluted", f"{ON_VALUATION}, ch. 11", "106.09", lambda: a_share(32_187.0, 303.39)
    ),
    Published("SAP, a share", f"{ON_VALUATION}, ch. 6", "106.12", lambda: a_share(33_715.0, 316.0, 180.0)),
    Published(
        "Ashmore Holdings, equity",
        "AcadiFi, enterprise value to equity value (2026)",
        "3,900",
        lambda: equity_value(
            5_200.0,
            Balance(
                cash=350.0,
                securities=0.0,
                debt=1_400.0,
                leases=120.0,
                minority_interest=150.0,
                preferred=100.0,
                pensions=80.0,
                stakes={"equity method": 200.0},
            ),
            leases="debt",
        ),
    ),
    Published(
        "Ashmore Holdings, a share",
        "AcadiFi, enterprise value to equity value (2026)",
        "26.00",
        lambda: a_share(3_900.0, 150.0),
    ),
]

# --- Leases, losses, inflation, days --------------------------------------------------------------

IFRS = "IFRS 16, illustrative example 13"
FIRST_RENT = 50_000.0
LIABILITY = lease_liability([FIRST_RENT] * 9, 0.05)
LEASED_ASSET = LIABILITY + FIRST_RENT + 20_000.0 - 5_000.0  # direct costs, less the incentive
WRITTEN_OFF = FIRST_RENT - lease_addition(
    FIRST_RENT, LIABILITY, 0.05, by="depreciation", asset=LEASED_ASSET, life=10
)
STUB = discount([0.10] * 3, timing="mid", first_period=0.25, first_flow="stub")


def understated() -> Number:
    """How far a perpetuity without investment and without inflation falls short of one whose prices rise."""
    rate = nominal_rate(0.06, 0.02)
    growth = growth_from_reinvestment(0.0, rate, 0.02)
    return 1 - growing_perpetuity(1.0, 0.0, rate) / growing_perpetuity(1.0, growth, rate)


STANDARDS = [
    Published("Lease liability", IFRS, "355,391", lambda: LIABILITY),
    Published("Interest of the first year", IFRS, "17,770", lambda: implied_interest(LIABILITY, 0.05)),
    Published("Leased asset", IFRS, "420,391", lambda: LEASED_ASSET),
    Published("Leased asset after six years", IFRS, "168,156", lambda: LEASED_ASSET - 6 * WRITTEN_OFF),
    Published(
        "Losses that shelter four fifths of income",
        "BKC CPAs, NOL deduction limited (21 June 2018)",
        "20,000",
        lambda: 100_000.0 - carry_losses_forward([100_000.0], [0.21], 120_000.0, cap=0.8).used[0],
    ),
    Published(
        "Understatement where prices rise by 2%",
        "Bradley and Jarrell, Inflation and the constant-growth valuation model: a clarification (2003)",
        "25",
        understated,
        PERCENT,
    ),
    Published(
        "Flow in the middle of the fourth year",
        "Wall Street Oasis, Mid-year discount",
        "716",
        lambda: 1_000.0 * discount([0.10] * 4, timing="mid").flows[3],
    ),
    *(
        Published(
            f"Years to the flow of period {period}, a quarter of the first year being left",
            "Wall Street Oasis, Mid-year DCF, example 3",
            printed,
            lambda period=period: -np.log(STUB.flows[period - 1]) / np.log(1.10),  # type: ignore[misc]
        )
        for period, printed in enumerate(("0.125", "0.750", "1.750"), start=1)
    ),
    Published(
        "Business at the end of its years",
        "ValuAdder, Discounted cash flow business valuation: using the mid-year convention (2010)",
        "3,915,542",
        lambda: present_value(
            [953_770.0, 1_012_310.0, 1_070_850.0, 1_129_400.0, 1_187_940.0],
            [0.30] * 5,
            horizon_value=5_124_129.0,
        ),
        room=0.0001,  # its flows are rounded to ten dollars
    ),
]

# --- A. Damodaran values Amazon, January 2000 -----------------------------------------------------

DARK_SIDE = "Damodaran, The Dark Side of Valuation (2001), ch. 6, Amazon in January 2000"
SALES_2000 = sales_path(1_117.0, [1.50, 1.00, 0.75, 0.50, 0.30, 0.252, 0.204, 0.156, 0.108, 0.06])
MARGINS_2000 = geometric_to_target(-0.3671, 0.10, years=10)
INCOME_2000 = tuple(sales * margin for sales, margin in zip(SALES_2000, MARGINS_2000, strict=True))
LOSSES_2000 = carry_losses_forward(INCOME_2000, [0.35] * 10, 500.0)
SPENT_2000 = reinvestment_path(1_117.0, SALES_2000, 3.0)


def flow_of_2000(year: int) -> Number:
    at = year - 1
    return INCOME_2000[at] - LOSSES_2000.taxes[at] - SPENT_2000[at]


def terminal_flow_of_2000() -> Number:
    profit = SALES_2000[-1] * 1.06 * 0.10 * (1 - 0.35)
    return profit * (1 - reinvestment_for_growth(0.06, 0.20))


AMAZON_2000 = [
    Published("Sales of the tenth year", DARK_SIDE, "39,006", lambda: SALES_2000[9]),
    Published("Margin of the third year", DARK_SIDE, "4.16", lambda: MARGINS_2000[2], PERCENT),
    Published("Margin of the tenth year", DARK_SIDE, "9.95", lambda: MARGINS_2000[9], PERCENT),
    Published("Loss of the first year", DARK_SIDE, "-373", lambda: INCOME_2000[0]),
    Published("Losses carried after the second year", DARK_SIDE, "967", lambda: LOSSES_2000.carried[1]),
    Published("Tax of the third year", DARK_SIDE, "0", lambda: LOSSES_2000.taxes[2]),
    Published("Tax of the fourth year", DARK_SIDE, "167", lambda: LOSSES_2000.taxes[3]),
    Published("Reinvestment of the fourth year", DARK_SIDE, "1,629", lambda: SPENT_2000[3]),
    Published("Cash flow of the first year", DARK_SIDE, "-931", lambda: flow_of_2000(1)),
    Published("Cash flow of the fourth year", DARK_SIDE, "-758", lambda: flow_of_2000(4)),
    Published("Cash flow of the tenth year", DARK_SIDE, "1,788", lambda: flow_of_2000(10)),
    Published("Cash flow of the terminal year", DARK_SIDE, "1,881", terminal_flow_of_2000),
]

# --- A. Damodaran values Amazon, October 2014 -----------------------------------------------------

FIELD = "Damodaran, Narrative and Numbers (2017), table 9.7, Amazon in October 2014"
GROWTH_2014 = growth_path(0.15, 0.022, years=10, constant_years=5)
SALES_2014 = sales_path(85_246.0, GROWTH_2014)
MARGINS_2014 = linear_to_target(0.0047, 0.0738, years=10, convergence_year=10)
TAX_2014 = constant_then_linear(0.318, 0.318, years=10, constant_years=5)
INCOME_2014 = tuple(sales * margin for sales, margin in zip(SALES_2014, MARGINS_2014, strict=True))
NOPAT_2014 = tuple(income * (1 - tax) for income, tax in zip(INCOME_2014, TAX_2014, strict=True))
SPENT_2014 = reinvestment_path(85_246.0, SALES_2014, 3.68)
TERMINAL_2014 = ValueDriver(growth=0.022, roic=0.10, cost_of_capital=0.08)
VALUE_2014 = value_lines(
    OperatingLines(SALES_2014, INCOME_2014, NOPAT_2014, SPENT_2014),
    cost_of_capital_path(0.0839, 0.08, years=10, constant_years=5),
    TERMINAL_2014,
)
BALANCE_2014 = Balance(cash=10_252.0, securities=0.0, debt=9_202.0)
OF_THE_RATIO = 0.005 / 3.68  # sales to capital is printed as 3.68
OF_THE_RATE = 0.0005  # the first rate is printed as 8.39%: half a unit of that, over ten years

AMAZON_2014 = [
    Published("Growth of the sixth year", FIELD, "12.44", lambda: GROWTH_2014[5], PERCENT),
    Published("Sales of the tenth year", FIELD, "243,405", lambda: SALES_2014[9]),
    Published("Margin of the first year", FIELD, "1.16", lambda: MARGINS_2014[0], PERCENT),
    Published("Margin of the ninth year", FIELD, "6.69", lambda: MARGINS_2014[8], PERCENT),
    Published("Profit after tax of the tenth year", FIELD, "12,251", lambda: NOPAT_2014[9]),
    Published("Reinvestment of the fifth year", FIELD, "6,076", lambda: SPENT_2014[4], room=OF_THE_RATIO),
    Published("Cash flow of the tenth year", FIELD, "10,827", lambda: VALUE_2014.lines.free_cash_flow[9]),
    Published(
        "Share put back after it", FIELD, "22.00", lambda: reinvestment_for_growth(0.022, 0.10), PERCENT
    ),
    Published("Terminal value", FIELD, "168,379", lambda: VALUE_2014.terminal_value),
    Published("Terminal value today", FIELD, "76,029", lambda: VALUE_2014.present_terminal, room=OF_THE_RATE),
    Published(
        "Ten years' cash flow today", FIELD, "4,064", lambda: VALUE_2014.present_forecast, room=OF_THE_RATE
    ),
    Published("Operations", FIELD, "80,093", lambda: VALUE_2014.value, room=OF_THE_RATE),
    Published("Equity", FIELD, "81,143", lambda: equity_value(80_093.0, BALANCE_2014)),
    Published("A share", FIELD, "175.25", lambda: a_share(81_143.0, 463.01)),
]

EVERY = [
    *EXCEL, *BREALEY, *ROSS, *HULL, *CURRICULUM, *MULTIPLES, *DAMODARAN, *ADJUSTED, *STANDARDS, *AMAZON_2000,
    *AMAZON_2014,
]  # fmt: skip


@pytest.mark.parametrize("published", EVERY, ids=lambda each: f"{each.name}: {each.source}")
def test_a_published_number_comes_out_to_its_last_digit(published: Published) -> None:
    digits = published.printed.replace(",", "")
    half_a_digit = 0.5 * 10.0 ** -len(digits.partition(".")[2])
    room = max(half_a_digit * (1 + 1e-9), published.room * abs(float(digits)))
    assert float(published.ours()) / published.unit == pytest.approx(float(digits), rel=0, abs=room)


def test_all_cash_flows_of_both_valuations_of_amazon_come_out() -> None:
    printed_2000 = [-931, -1024, -989, -758, -408, -163, 177, 625, 1174, 1788]
    printed_2014 = [-2698, -2572, -2346, -1996, -1487, 274, 2492, 5087, 7925, 10827]
    ours_2000 = [flow_of_2000(year) for year in range(1, 11)]
    assert ours_2000 == pytest.approx(printed_2000, rel=0, abs=1.5)  # sums of rounded terms
    assert list(VALUE_2014.lines.free_cash_flow) == pytest.approx(printed_2014, rel=0, abs=1.5)


def test_the_names_are_all_different_and_at_least_thirty_numbers_are_printed_by_others() -> None:
    named = [(each.source, each.name) for each in EVERY]
    assert len(set(named)) == len(named) >= 30
    assert len({each.source.partition(",")[0] for each in EVERY}) >= 10


def test_margins_that_converge_halve_their_distance_each_year() -> None:
    left = [0.10 - margin for margin in (-0.3671, *MARGINS_2000)]
    assert [after / before for before, after in pairwise(left)] == pytest.approx([0.5] * 10)
