"""Sums that printed figures must satisfy, within a statement and across quarters.

Every figure in a filing is rounded to its last printed digit, but Amazon's statements are printed so
that their columns add up. Sums are therefore held exactly (``SUM_TOLERANCE_USD_M``); the places where
the filings themselves do not add up are listed with their reason in ``known_differences.yml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.data import quarters
from analysis.data.amazon import TTM, YEAR, YEAR_AGO, QuarterFile
from analysis.data.fields import Field

SUM_TOLERANCE_USD_M = 0.0  # printed columns of integers add up exactly
EPS_ROUNDING_USD = 0.005  # per-share figures are printed to the cent
SHARES_ROUNDING_MILLION = 10.0  # half a million shares, times 20 for those printed before the split of 2022
NET_INCOME_ROUNDING_USD_M = 0.5  # printed to the million

_COSTS = (
    "cost_of_sales",
    "fulfillment",
    "technology_and_infrastructure",
    "sales_and_marketing",
    "general_and_administrative",
    "other_operating",
)
_SEGMENTS = ("north_america", "international", "aws")
_LINES = ("online_stores", "physical_stores", "third_party_seller_services", "subscription_services", "aws")


@dataclass(frozen=True)
class Rule:
    """``total`` is the sum of ``terms``; a term that begins with ``-`` is taken off."""

    name: str
    total: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """A sum that does not come out: ``added`` is not what was ``printed``.

    ``check`` is the rule within a statement (``segments_net_sales``, ``fiscal_year.income_statement``),
    or the block that four quarters should make (``fiscal_year``); ``field`` is the total.
    """

    quarter: str
    path: str
    check: str
    field: str
    printed: float
    added: float
    how: str

    @property
    def amount(self) -> float:
        """The sum of the parts less the printed total."""
        return self.added - self.printed

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies it in ``known_differences.yml``."""
        return self.quarter, self.check, self.field


RULES = (
    Rule("segments_net_sales", "income.net_sales", tuple(f"segments.{name}.net_sales" for name in _SEGMENTS)),
    Rule(
        "segments_operating_income",
        "income.operating_income",
        tuple(f"segments.{name}.operating_income" for name in _SEGMENTS),
    ),
    Rule(
        "service_lines",
        "income.net_sales",
        tuple(f"service_lines.{name}" for name in (*_LINES, "advertising_services", "other")),
    ),
    Rule(
        "service_lines_before_advertising",
        "income.net_sales",
        tuple(f"service_lines.{name}" for name in (*_LINES, "other_incl_advertising")),
    ),
    Rule(
        "other_incl_advertising",
        "service_lines.other_incl_advertising",
        ("service_lines.advertising_services", "service_lines.other"),
    ),
    Rule("aws_net_sales", "service_lines.aws", ("segments.aws.net_sales",)),
    Rule(
        "income_statement",
        "income.operating_income",
        ("income.net_sales", *(f"-income.{cost}" for cost in _COSTS)),
    ),
    Rule(
        "pretax_income",
        "income.pretax_income",
        (
            "income.operating_income",
            "income.interest_income",
            "income.interest_expense",
            "income.other_income",
        ),
    ),
    Rule("net_income", "income.net_income", ("income.pretax_income", "income.tax", "income.equity_method")),
    Rule(
        "free_cash_flow",
        "cash_flow.free_cash_flow",
        (
            "cash_flow.operating_cash_flow",
            "cash_flow.purchases_of_property_and_equipment",
            "cash_flow.proceeds_from_sales_and_incentives",
        ),
    ),
)


def within_statements(file: QuarterFile, year_ago: QuarterFile | None = None) -> Iterator[Difference]:
    """Sums within the quarter, the printed twelve months, the printed year and the year-ago columns.

    Of those a file gives what is printed otherwise than it was: the rest is what ``year_ago``, the file of
    that quarter, has.
    """
    for block in ("", f"{TTM}.", f"{YEAR}.", f"{YEAR_AGO}."):
        rest = year_ago if block == f"{YEAR_AGO}." else None
        for rule in RULES:
            paths = [rule.total, *(term.removeprefix("-") for term in rule.terms)]
            if not any(block + path in file.printed for path in paths):
                continue
            values = {path: _value(file, block + path) for path in paths}
            values |= {path: _value(rest, path) for path, value in values.items() if value is None}
            printed = values[rule.total]
            parts = [_signed(values, term) for term in rule.terms]
            if printed is not None and None not in parts:
                added = sum(part for part in parts if part is not None)
                if abs(printed - added) > SUM_TOLERANCE_USD_M:
                    how = " + ".join(rule.terms).replace("+ -", "− ")
                    check = block + rule.name
                    yield Difference(file.quarter, file.path, check, rule.total, printed, added, how)


def across_quarters(files: Mapping[str, QuarterFile], fields: Mapping[str, Field]) -> Iterator[Difference]:
    """Four quarters against the printed twelve months and the printed year, field by field."""
    flows = [field.name for field in fields.values() if field.is_flow]
    for label, file in sorted(files.items()):
        for block in (TTM, YEAR):
            for name in flows:
                printed = _value(file, f"{block}.{name}")
                parts = [_value(files.get(quarter), name) for quarter in quarters.last_four(label)]
                if printed is not None and None not in parts:
                    added = sum(part for part in parts if part is not None)
                    if abs(printed - added) > SUM_TOLERANCE_USD_M:
                        yield Difference(label, file.path, block, name, printed, added, "the four quarters")


def check_earnings_per_share(file: QuarterFile) -> Iterator[Difference]:
    """Diluted earnings per share against net income ÷ diluted shares, within printed rounding."""
    for block in ("", f"{YEAR}."):
        eps, income, shares = (
            _value(file, f"{block}income.{name}") for name in ("diluted_eps", "net_income", "diluted_shares")
        )
        if eps is not None and income is not None and shares:
            divided = income / shares
            rounding = abs(divided) * SHARES_ROUNDING_MILLION / shares + NET_INCOME_ROUNDING_USD_M / shares
            if abs(eps - divided) > EPS_ROUNDING_USD + rounding:
                check, how = f"{block}diluted_eps", "net income ÷ diluted shares"
                yield Difference(file.quarter, file.path, check, "income.diluted_eps", eps, divided, how)


def free_cash_flow(values: Mapping[str, float]) -> float | None:
    """Free cash flow by the rule of that name, from values by field; ``None`` if a term is absent."""
    rule = next(rule for rule in RULES if rule.name == "free_cash_flow")
    parts = [values.get(term) for term in rule.terms]
    return None if None in parts else sum(part for part in parts if part is not None)


def _value(file: QuarterFile | None, path: str) -> float | None:
    printed = file.printed.get(path) if file is not None else None
    return printed.value if printed is not None else None


def _signed(values: Mapping[str, float | None], term: str) -> float | None:
    value = values[term.removeprefix("-")]
    return -value if value is not None and term.startswith("-") else value
