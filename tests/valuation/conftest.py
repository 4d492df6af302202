from __future__ import annotations

import pytest

from analysis.data import Edition, open_edition
from analysis.valuation.group import Group, open_group


@pytest.fixture(scope="session")
def edition() -> Edition:
    return open_edition("2025Q4")


@pytest.fixture(scope="session")
def base(edition: Edition) -> Group:
    """The company of that edition in the base scenario."""
    return open_group(edition, "base")


@pytest.fixture(scope="session", params=["bear", "base", "bull"])
def group(edition: Edition, request: pytest.FixtureRequest) -> Group:
    """The company of that edition in each scenario."""
    return open_group(edition, request.param)
