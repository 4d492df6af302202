"""Data, valuation kernels, charts and build of the report on Amazon's value in 2030.

A number travels one way: ``data/`` files are read by :mod:`analysis.data`, valued by
:mod:`analysis.model`, drawn by :mod:`analysis.charts`, gathered page by page in
:mod:`analysis.chapters` and printed by the notebooks in ``book/``. :mod:`analysis.build`
orchestrates those steps and is imported by none of them.
"""
