"""The page that a test module is about."""

from __future__ import annotations

import pytest

from analysis.chapters import Page
from tests.chapters.reading import opened


@pytest.fixture(scope="module")
def page(request: pytest.FixtureRequest) -> Page:
    """The page that the module is named after: of 2025Q4 and base, or as ``in_editions`` asks."""
    name = request.path.stem.removeprefix("test_").replace("_", "-")
    return opened(name, *getattr(request, "param", "2025Q4 base").split())
