"""A browser, a server for the sites under test, the sample book and the real one."""

from __future__ import annotations

import faulthandler
import fcntl
import functools
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analysis.build import pdf
from analysis.build.serve import Server
from tests.browser.sample import SITE, build_sample
from tests.browser.visit import Site
from tests.conftest import MadeOnce

ROOT = Path(__file__).parents[2]


_LONGEST = 300  # seconds of a test, after which its process is given up: a browser that hangs says nothing


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    faulthandler.dump_traceback_later(_LONGEST, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with pdf.browser(chromium) as launched:
        yield launched


@contextmanager
def _served(folder: Path) -> Iterator[Site]:
    handler = functools.partial(_Quiet, directory=str(folder))
    server = Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(folder, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def sample(chromium: str, made_once: MadeOnce) -> Iterator[Site]:
    with _served(made_once("sample", build_sample) / SITE) as site:
        yield site


@pytest.fixture
def serve() -> Iterator[Callable[[Path], Site]]:
    """A function that serves a folder until the test ends."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(_served(folder))


@pytest.fixture(scope="session")
def book_of(chromium: str) -> Iterator[Callable[..., Site]]:
    """A function that serves this checkout's book below a folder, built with options such as ``--as-of``, and
    brought up to date first: one worker builds, the others wait.
    """
    served: dict[tuple[str, ...], Site] = {}
    with ExitStack() as stack:

        def get(folder: str, *options: str) -> Site:
            if (folder, *options) not in served:
                served[folder, *options] = stack.enter_context(_served(_built(folder, *options)))
            return served[folder, *options]

        yield get


def _built(folder: str, *options: str) -> Path:
    (ROOT / "_build").mkdir(exist_ok=True)
    with (ROOT / "_build" / "browser-tests.lock").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "analysis", "book", "--folder", folder, *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"make book failed:\n{done.stdout}{done.stderr}", pytrace=False)
    return ROOT / folder / "html"


@pytest.fixture(scope="session")
def book(book_of: Callable[..., Site]) -> Site:
    """The site of this checkout, of the latest edition."""
    return book_of("_build")
