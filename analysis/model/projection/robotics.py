"""Warehouse automation: what robots save a year, what they cost to install, what that is worth.

Savings are units handled × cost per unit × saving on an automated unit × share of units automated.
The share follows a logistic curve over time (:func:`analysis.model.projection.growth.s_curve`), and what is
automated already has already reached reported profit: only the *further* savings are new.

All of it happens inside the stores: a sum of the parts that holds both counts twice. Money in one
unit (units × cost per unit must give it: billions of units × dollars give USD billions), rates and
shares as fractions; arguments broadcast.
"""

from __future__ import annotations

from analysis.model._inputs import (
    Number,
    checked,
    require_fraction,
    require_non_negative,
    require_positive,
)


@checked
def annual_savings(units: Number, cost_per_unit: Number, saving: Number, adoption: Number) -> Number:
    """The savings of one year: ``units × cost_per_unit × saving × adoption``.

    ``cost_per_unit`` is that of a unit handled by hand, ``saving`` the fraction of it that automation
    takes away, ``adoption`` the share of units automated. Raises ``ValueError`` if units or cost are
    below 0, or saving or adoption is not a fraction.

    >>> annual_savings(units=14.0, cost_per_unit=3.0, saving=0.25, adoption=0.5)
    5.25
    """
    require_non_negative(units=units, cost_per_unit=cost_per_unit)
    require_fraction(saving=saving, adoption=adoption)
    return units * cost_per_unit * saving * adoption


@checked
def further_savings(
    units: Number, cost_per_unit: Number, saving: Number, adoption: Number, adoption_now: Number
) -> Number:
    """The annual savings beyond those of today.

    ``units × cost_per_unit × saving × (adoption - adoption_now)``: what is automated
    now is in reported profit already. The result is negative if adoption falls. Raises ``ValueError`` as
    :func:`annual_savings` does.
    """
    require_non_negative(units=units, cost_per_unit=cost_per_unit)
    require_fraction(saving=saving, adoption=adoption, adoption_now=adoption_now)
    return units * cost_per_unit * saving * (adoption - adoption_now)


@checked
def capital_cost(sites: Number, cost_per_site: Number, adoption: Number, adoption_now: Number) -> Number:
    """What it costs to raise adoption: ``sites × cost_per_site × (adoption - adoption_now)``.

    ``sites`` is the number of sites at full adoption. Raises ``ValueError`` if sites or cost are below
    0 or an adoption is not a fraction.
    """
    require_non_negative(sites=sites, cost_per_site=cost_per_site)
    require_fraction(adoption=adoption, adoption_now=adoption_now)
    return sites * cost_per_site * (adoption - adoption_now)


@checked
def payback_years(capital: Number, savings: Number) -> Number:
    """The years in which savings repay the capital, undiscounted: ``capital ÷ savings``.

    Raises ``ValueError`` if capital is below 0 or savings are not above 0: then it is never repaid.

    >>> payback_years(capital=450.0, savings=90.0)
    5.0
    """
    require_non_negative(capital=capital)
    require_positive(savings=savings)
    return capital / savings


@checked
def value_of_savings_after_tax(savings: Number, tax_rate: Number, multiple: Number) -> Number:
    """What annual savings are worth after tax: ``savings × (1 - tax_rate) × multiple``.

    ``multiple`` is one of earnings after tax. Raises ``ValueError`` if the tax rate is not a fraction
    or the multiple is below 0.
    """
    require_fraction(tax_rate=tax_rate)
    require_non_negative(multiple=multiple)
    return savings * (1 - tax_rate) * multiple


@checked
def net_value(savings: Number, tax_rate: Number, multiple: Number, capital: Number) -> Number:
    """The value of savings less the capital that buys them, ``capital`` before tax relief.

    ``savings × (1 - tax_rate) × multiple - capital``.
    Raises ``ValueError`` as :func:`value_of_savings_after_tax` does, or if capital is below 0.
    """
    require_non_negative(capital=capital)
    return value_of_savings_after_tax(savings, tax_rate, multiple) - capital


@checked
def margin_from_automation(savings: Number, store_sales: Number) -> Number:
    """The points of the stores' operating margin that savings make up: ``savings ÷ store_sales``.

    Raises ``ValueError`` unless sales are above 0.
    """
    require_positive(store_sales=store_sales)
    return savings / store_sales
