"""The data: loaded, checked and cut to what was public.

:func:`open_edition` is the only way in for models, charts and pages. Money is in the unit its
figure names (``usd_m`` as printed in filings, ``usd_bn`` elsewhere); fractions are not percents.
"""

from analysis.data.drivers import Correlation, Driver, Drivers
from analysis.data.edition import Edition, open_edition
from analysis.data.problems import DataError, Problem, require_known
from analysis.data.reads import recording_reads
from analysis.data.targets import Target
from analysis.figures import AbsentFigure

__all__ = [
    "AbsentFigure",
    "Correlation",
    "DataError",
    "Driver",
    "Drivers",
    "Edition",
    "Problem",
    "Target",
    "open_edition",
    "recording_reads",
    "require_known",
]
