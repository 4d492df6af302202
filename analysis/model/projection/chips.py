"""Own chips: what Trainium, Inferentia and Graviton save, and what the saving is worth.

Two measures that are easily confused: a *price-performance advantage* ``a`` says how much more work
a dollar buys ("40% better price-performance" is a = 0.4), a *cost saving* ``s`` how much less the
same work costs. They are linked by ``s = a ÷ (1 + a)``, so a = 0.4 saves 28.6%, not 40%.

All of it happens inside AWS: sales of chip capacity are AWS sales, and savings that are kept are
already in AWS's operating income. :func:`aws_income_without_chips` gives the AWS income beside which a part
for chips may stand.

Money in one unit, rates and shares as fractions; arguments broadcast. Adoption over time is
:func:`analysis.model.projection.growth.s_curve`, annual sales behind a run-rate
:func:`analysis.model.projection.growth.sales_from_run_rate`.
"""

from __future__ import annotations

from analysis.model._inputs import (
    Number,
    checked,
    require_above,
    require_fraction,
    require_non_negative,
)


@checked
def saving_from_advantage(advantage: Number) -> Number:
    """The cost saving on the same work: ``advantage ÷ (1 + advantage)``.

    Raises ``ValueError`` unless ``advantage`` is above -1.

    >>> round(saving_from_advantage(0.4), 4)
    0.2857
    """
    require_above(-1, advantage=advantage)
    return advantage / (1 + advantage)


@checked
def cost_on_bought_chips(compute_cost: Number, own_share: Number, advantage: Number) -> Number:
    """What the same work would cost on bought chips alone, from what it costs with own ones in the mix.

    ``compute_cost ÷ (1 − own_share × advantage ÷ (1 + advantage))``, ``own_share`` being the share of the
    work done on own chips. Raises ``ValueError`` if the cost is below 0, the share is not a fraction or the
    advantage is not above -1.

    >>> round(cost_on_bought_chips(80.0, 1.0, 0.25), 9)
    100.0
    """
    require_non_negative(compute_cost=compute_cost)
    require_fraction(own_share=own_share)
    return compute_cost / (1 - own_share * saving_from_advantage(advantage))


@checked
def cost_avoided(compute_cost: Number, own_share: Number, advantage: Number) -> Number:
    """What own chips save a year: ``compute_cost × own_share × (1 - 1 ÷ (1 + advantage))``.

    ``compute_cost`` is what all of the work would cost on bought chips, ``own_share`` the share of
    that work done on own ones. Raises ``ValueError`` if the cost is below 0, the share is not a
    fraction or the advantage is not above -1.

    >>> round(cost_avoided(100.0, 0.3, 0.4), 2)
    8.57
    """
    require_non_negative(compute_cost=compute_cost)
    require_fraction(own_share=own_share)
    require_above(-1, advantage=advantage)
    return compute_cost * own_share * (1 - 1 / (1 + advantage))


@checked
def savings_kept(savings: Number, passed_on: Number) -> Number:
    """The part of savings that stays with the company: ``savings × (1 - passed_on)``.

    ``passed_on`` is the share given to customers in lower prices. Raises ``ValueError`` unless it is a
    fraction.
    """
    require_fraction(passed_on=passed_on)
    return savings * (1 - passed_on)


@checked
def value_of_savings_kept(savings: Number, passed_on: Number, multiple: Number) -> Number:
    """What annual savings are worth: ``savings × (1 - passed_on) × multiple``.

    Savings kept are operating income before tax, so ``multiple`` is one of operating income.
    Raises ``ValueError`` if ``passed_on`` is not a fraction or the multiple is below 0.

    >>> value_of_savings_kept(8.0, 0.5, 20)
    80.0
    """
    require_non_negative(multiple=multiple)
    return savings_kept(savings, passed_on) * multiple


@checked
def aws_income_without_chips(aws_operating_income: Number, kept: Number) -> Number:
    """AWS's operating income less the savings it already contains: ``aws_operating_income − kept``.

    Beside a part that values the chips, AWS may be valued on this and no more.
    """
    return aws_operating_income - kept
