"""What a dollar of capital expenditure earns back: cash a year, return, payback, and what breaks even.

A dollar of capital in use sells ``sales_per_dollar`` a year when it is full and earns ``margin`` on that
after depreciation; depreciation is ``1 ÷ life`` of what is left of it, as in the perpetual inventory of
:func:`analysis.model.projection.segments.project`, so capacity and cash shrink by that share every year. At a
``utilisation`` below one, sales and the costs that go with them fall in proportion, depreciation does not:

``operating income = utilisation × (sales_per_dollar × margin + 1 ÷ life) − 1 ÷ life``.

All amounts are per dollar of capital, rates and margins fractions; a loss saves tax elsewhere. Arguments
broadcast and, but for :func:`years_until_cash_repays`, may be Altair parameters.

Source: geometric depreciation and the user cost of capital as in Jorgenson 1963.
"""

from __future__ import annotations

import numpy as np

from analysis.model._inputs import (
    Number,
    also,
    checked,
    is_figure,
    log,
    require_above,
    require_non_negative,
    require_positive,
)


@checked
def operating_income_per_dollar(
    sales_per_dollar: Number, margin: Number, life: Number, utilisation: Number = 1.0
) -> Number:
    """Operating income of the first year per dollar.

    ``utilisation × (sales_per_dollar × margin + 1 ÷ life) − 1 ÷ life``.
    Raises ``ValueError`` if sales or utilisation is below 0 or the life is not above 0.

    >>> round(operating_income_per_dollar(0.8, 0.25, 5.0), 9)
    0.2
    >>> round(operating_income_per_dollar(0.8, 0.25, 5.0, utilisation=0.5), 9)
    0.0
    """
    require_non_negative(sales_per_dollar=sales_per_dollar, utilisation=utilisation)
    require_positive(life=life)
    return utilisation * (sales_per_dollar * margin + 1 / life) - 1 / life


@checked
def cash_per_dollar(
    sales_per_dollar: Number, margin: Number, life: Number, tax: Number, utilisation: Number = 1.0
) -> Number:
    """Cash of the first year per dollar: ``operating income × (1 − tax) + 1 ÷ life``.

    Raises ``ValueError`` as :func:`operating_income_per_dollar` does, or if tax is not finite.
    """
    income = operating_income_per_dollar(sales_per_dollar, margin, life, utilisation)
    return income * (1 - tax) + 1 / life


@checked
def rate_of_return(
    sales_per_dollar: Number, margin: Number, life: Number, tax: Number, utilisation: Number = 1.0
) -> Number:
    """The rate at which the flows of a dollar, for ever, are worth the dollar: ``cash − 1 ÷ life``.

    That is operating income after tax: with geometric depreciation the internal rate of return is the return
    on capital. Raises ``ValueError`` as :func:`cash_per_dollar` does.
    """
    return cash_per_dollar(sales_per_dollar, margin, life, tax, utilisation) - 1 / life


@checked
def value_per_dollar(cash: Number, life: Number, rate: Number) -> Number:
    """What the flows of a dollar are worth today at ``rate``: ``cash ÷ (rate + 1 ÷ life)``.

    Raises ``ValueError`` unless rate and life are above 0.

    >>> round(value_per_dollar(0.3, 5.0, 0.1), 9)
    1.0
    """
    require_positive(life=life, rate=rate)
    return cash / (rate + 1 / life)


@checked
def break_even_utilisation(
    sales_per_dollar: Number, margin: Number, life: Number, tax: Number, rate: Number
) -> Number:
    """How full the capital must be to return ``rate``: the inverse of :func:`rate_of_return`.

    ``(rate ÷ (1 − tax) + 1 ÷ life) ÷ (sales_per_dollar × margin + 1 ÷ life)``; above 1 it cannot be. Raises
    ``ValueError`` unless the life is above 0, or if full capital does not even earn its depreciation.
    """
    require_positive(life=life)
    full = sales_per_dollar * margin + 1 / life
    require_positive(**{"sales_per_dollar × margin + 1 ÷ life": full})
    return (rate / (1 - tax) + 1 / life) / full


@checked
def break_even_margin(
    sales_per_dollar: Number, life: Number, tax: Number, rate: Number, utilisation: Number = 1.0
) -> Number:
    """The margin, when full, that returns ``rate`` at a utilisation: the inverse in the margin.

    ``((rate ÷ (1 − tax) + 1 ÷ life) ÷ utilisation − 1 ÷ life) ÷ sales_per_dollar``. Raises ``ValueError``
    unless sales, life and utilisation are above 0.
    """
    require_positive(sales_per_dollar=sales_per_dollar, life=life, utilisation=utilisation)
    return ((rate / (1 - tax) + 1 / life) / utilisation - 1 / life) / sales_per_dollar


@checked
def years_until_cash_repays(cash: Number, life: Number) -> Number:
    """The years until the shrinking cash adds up to the dollar.

    ``ln(1 − d ÷ cash) ÷ ln(1 − d)`` with d = 1 ÷ life. Infinite if it never does, which is when there is no
    operating income after tax. Numbers, arrays and figures. Raises ``ValueError`` unless the life is above 1.

    >>> round(years_until_cash_repays(0.5, 4.0), 2)
    2.41
    """
    require_above(1, life=life)
    if is_figure(cash) or is_figure(life):
        worn = 1 / life
        return log(1 - worn / cash) / log(1 - worn) if cash > worn else also(np.inf, cash, life)
    cash = np.asarray(cash, dtype=float)
    worn = 1 / np.asarray(life, dtype=float)
    left = 1 - worn / np.where(cash > worn, cash, np.inf)
    years = np.where(cash > worn, np.log(left) / np.log(1 - worn), np.inf)
    return years if years.ndim else float(years)
