"""What all tests share: which parts of the suite this machine can run."""

from __future__ import annotations

import pytest

from analysis.build.pdf import find_chromium


def pytest_report_header() -> str:
    browser = find_chromium()
    return f"browser tests: run in {browser}" if browser else "browser tests: skipped, no Chromium was found"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_chromium() is None:
        for item in items:
            if "browser" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="no Chromium was found on this machine"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; tests that take it are marked ``browser``."""
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium was found on this machine")
    return found
