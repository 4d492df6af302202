"""What all tests share: which this machine can run, no time limits, and edits of a copy of the data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from analysis.build.pdf import find_chromium

Edit = Callable[[str, str, str], None]

# How long one example takes says more about what else the machine does than about the code.
settings.register_profile("report", deadline=None)
settings.load_profile("report")


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


@pytest.fixture
def edit(data: Path) -> Edit:
    """Replace text that occurs once in a file of ``data``, the copy that a folder's tests may break."""

    def replace(name: str, old: str, new: str) -> None:
        path = data / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
