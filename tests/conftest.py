"""What all tests share: which this machine can run, no time limits, and edits of a copy of the data."""

from __future__ import annotations

import atexit
import fcntl
import gc
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from analysis.build.pdf import find_chromium

PAGES = {path.stem for path in (Path(__file__).parents[1] / "book").glob("*.md")}
Edit = Callable[[str, str, str], None]
MadeOnce = Callable[[str, Callable[[Path], object]], Path]

# How long one example takes says more about what else the machine does than about the code.
settings.register_profile("report", deadline=None)
settings.load_profile("report")


def pytest_configure() -> None:
    """A job in the background of a shell ignores interrupts, and so would all that the tests start."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "PYTEST_XDIST_WORKER" in os.environ:  # it has told all: to take apart what it holds takes ten seconds
        atexit.register(signal.raise_signal, signal.SIGKILL)


def pytest_report_header() -> str:
    browser = find_chromium()
    return f"browser tests: run in {browser}" if browser else "browser tests: skipped, no Chromium was found"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    has_browser = find_chromium() is not None
    for item in items:
        if "browser" in item.keywords and not has_browser:
            item.add_marker(pytest.mark.skip(reason="no Chromium was found on this machine"))
        if not item.get_closest_marker("xdist_group") and (group := _group_of(item)):
            item.add_marker(pytest.mark.xdist_group(group))


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: to look through it again and again takes a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def _group_of(item: pytest.Item) -> str | None:
    """The page that a test looks at, else its file: they share a process, which makes what they need once."""
    room = item.path.parent.name
    given = getattr(item, "callspec", None)
    names = [str(value).removesuffix(".html") for value in given.params.values()] if given else []
    if room not in ("book", "browser"):
        return str(item.path)
    own = item.path.stem.removeprefix("test_").replace("_", "-") if room == "book" else None
    return next((name for name in names if name in PAGES), own)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; tests that take it are marked ``browser``."""
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium was found on this machine")
    return found


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """A folder by its name, filled by the first process of the run that asks for it; others wait for that."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, fill: Callable[[Path], object]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with (shared / f"{name}.lock").open("w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                fill(folder)
                done.touch()
        return folder

    return made


@pytest.fixture
def edit(data: Path) -> Edit:
    """Replace text that occurs once in a file of ``data``, the copy that a folder's tests may break."""

    def replace(name: str, old: str, new: str) -> None:
        path = data / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
