"""Pure kernels: projection, multiples, sum of the parts, discounting, odds.

Every formula of the report is a function in here. Kernels know no files, no pandas, no clock and
no hidden randomness; they import nothing of this project but each other. Those that a reader can
steer are written in plain ``+ - * / **``, so that one function runs on floats, on NumPy arrays that
broadcast, on :class:`analysis.figures.Figure` (which records the formula) and on Altair
parameters, whose ``to_dict()["expr"]`` is what the reader's browser evaluates.

``projection`` says what the business earns, ``parts`` what that is worth, ``dcf`` what its cash is worth,
``odds`` how likely a value is, ``track_record`` how good such forecasts were.

Units: money in any one unit throughout a call (the report uses USD billions), rates, margins and
shares as fractions, time in years.
"""
