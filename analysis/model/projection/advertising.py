"""Advertising: its operating income at an assumed margin, its value, and what is left of retail.

Amazon reports advertising's sales but not its profit, which lies inside North America and
International. Every function here therefore takes the margin as an assumption and returns what it
implies.

"Retail" is North America plus International. Money in one unit, margins as fractions; arguments
broadcast.
"""

from __future__ import annotations

from analysis.model._inputs import Number, checked, require_non_negative, require_positive


@checked
def operating_income(sales: Number, operating_margin: Number) -> Number:
    """Advertising's operating income at an assumed margin: ``sales × operating_margin``.

    Raises ``ValueError`` if sales are below 0.
    """
    require_non_negative(sales=sales)
    return sales * operating_margin


@checked
def value(sales: Number, operating_margin: Number, multiple: Number) -> Number:
    """What advertising is worth: ``sales × operating_margin × multiple`` of operating income.

    Raises ``ValueError`` if sales or the multiple is below 0.

    >>> round(value(68.6, 0.4, 20), 1)
    548.8
    """
    require_non_negative(multiple=multiple)
    return operating_income(sales, operating_margin) * multiple


@checked
def retail_income(
    north_america: Number, international: Number, sales: Number, operating_margin: Number
) -> Number:
    """Retail's operating income without advertising's.

    ``north_america + international - sales × operating_margin``, the first two being the segments'
    operating income and ``sales`` those of advertising. Raises ``ValueError`` if sales are below 0.

    >>> round(retail_income(30.0, 5.0, 70.0, 0.6), 6)
    -7.0
    """
    return north_america + international - operating_income(sales, operating_margin)


@checked
def retail_margin(
    north_america: Number,
    international: Number,
    retail_sales: Number,
    sales: Number,
    operating_margin: Number,
) -> Number:
    """The operating margin of retail without advertising: its income ÷ its sales.

    ``(north_america + international - sales × operating_margin) ÷ (retail_sales - sales)``, where
    ``retail_sales`` are both segments' net sales, advertising included.
    Raises ``ValueError`` unless they exceed advertising's.
    """
    require_positive(**{"retail_sales − sales": retail_sales - sales})
    return retail_income(north_america, international, sales, operating_margin) / (retail_sales - sales)


@checked
def margin_at_which_stores_break_even(north_america: Number, international: Number, sales: Number) -> Number:
    """Advertising's margin at which retail without it earns nothing.

    ``(north_america + international) ÷ sales``: at any higher margin the stores lose money.
    Raises ``ValueError`` unless advertising's sales are above 0.

    >>> margin_at_which_stores_break_even(30.0, 5.0, 70.0)
    0.5
    """
    require_positive(sales=sales)
    return (north_america + international) / sales
