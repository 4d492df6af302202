"""Data, valuation kernels, charts and build of the report on Amazon's value in 2030.

:func:`open_report` is the front door, for notebooks, scripts and a prompt. A number travels one way:
``data/`` files are read by :mod:`analysis.data`, run through the kernels of :mod:`analysis.model` by
:mod:`analysis.valuation`, and computed with in the cells of ``book/``, which :mod:`analysis.report` serves.
:mod:`analysis.build` orchestrates those steps and is imported by none of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.report import open_report

__all__ = ["open_report", "project_root"]


def project_root() -> Path:
    """The checkout; of an installed package, the folder in it that has the data of its release alone."""
    package = Path(__file__).resolve().parent
    installed = package / "installed"  # where pyproject.toml puts data/
    return installed if installed.is_dir() else package.parent


def __getattr__(name: str) -> Any:
    """``open_report``, imported when it is asked for: no command of the build pays for pandas."""
    if name != "open_report":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from analysis.report import open_report

    return open_report
