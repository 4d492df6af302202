"""Live preview: a server of this machine only, which rebuilds what changes and reloads the browser.

The script that reloads is added to pages as they are served; nothing of it is in the site's files.
It is a file of its own, so that it obeys the pages' content-security policy.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from watchfiles import DefaultFilter, watch

from analysis.build import manifest
from analysis.build.publish import ANOTHER_RUNS
from analysis.build.tree import BuildError, Tree

FIRST_PORT, TRIES = 8000, 20
_TICK = 250  # milliseconds between two looks at what is not watched
EVENTS, SCRIPT = "/__events", "/__reload.js"
_TAG = f'<script src="{SCRIPT}"></script></body>'.encode()
_SOURCE = """
const events = new EventSource("%s");
events.addEventListener("built", () => location.reload());
events.addEventListener("failed", (event) => {
  const box = document.createElement("pre");
  box.textContent = JSON.parse(event.data);
  box.setAttribute("role", "alert");
  Object.assign(box.style, {
    position: "fixed", inset: "auto 0 0 0", zIndex: 9999, margin: 0, padding: "1rem", maxHeight: "40vh",
    overflow: "auto", color: "white", background: "darkred",
  });
  document.body.append(box);
});
"""


class News:
    """What the latest build came to, for every open page to wait for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self._event = ("built", "")

    def tell(self, event: str, message: str = "") -> None:
        """Wake every waiting page with ``event``: "built" or "failed"."""
        with self._changed:
            self._number, self._event = self._number + 1, (event, message)
            self._changed.notify_all()

    @property
    def number(self) -> int:
        """How many builds there have been."""
        return self._number

    def after(self, number: int, seconds: float) -> tuple[int, tuple[str, str]] | None:
        """The first news later than ``number``, or None if there is none within ``seconds``."""
        with self._changed:
            if self._changed.wait_for(lambda: self._number > number, seconds):
                return self._number, self._event
        return None


class Handler(SimpleHTTPRequestHandler):
    """Serves the site to this machine's browser, with the reload script in each page, and the stream of news.

    A request under another host's name is refused: a foreign page could have sent it. Folders are not listed.
    """

    def __init__(self, *arguments: Any, news: News, **options: Any) -> None:
        self.news = news
        super().__init__(*arguments, **options)

    def parse_request(self) -> bool:
        """Whether the request, of whatever kind, is one to answer."""
        if not super().parse_request():
            return False
        host = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host")
        if host in ("localhost", "127.0.0.1", "[::1]"):
            return True
        self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "this server answers to localhost only")
        return False

    def do_GET(self) -> None:
        """Answer one request."""
        path = Path(self.translate_path(self.path))
        if self.path == EVENTS:
            self._stream()
        elif self.path == SCRIPT:
            self._send((_SOURCE % EVENTS).encode(), "text/javascript")
        elif (page := path / "index.html" if path.is_dir() else path).suffix == ".html" and page.is_file():
            self._send(page.read_bytes().replace(b"</body>", _TAG), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """A folder without a page is not there."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def translate_path(self, path: str) -> str:
        """A file of the site; what a link leads out of it is not there."""
        found = Path(super().translate_path(path))
        try:
            found.exists()
            is_inside = found.resolve().is_relative_to(Path(self.directory).resolve())
        except (OSError, ValueError):  # a name no file can have
            is_inside = False
        return str(found) if is_inside else str(Path(self.directory) / "nothing there")

    def end_headers(self) -> None:
        """Nothing is cached: the next build may change it."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Requests are not news."""

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        seen = self.news.number
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        while True:  # until the page is closed
            found = self.news.after(seen, 15)
            if found is None:
                self.wfile.write(b": still here\n\n")
            else:
                seen, (event, message) = found
                self.wfile.write(f"event: {event}\ndata: {json.dumps(message)}\n\n".encode())
            self.wfile.flush()


def open_server(news: News, site: Path, port: int | None) -> ThreadingHTTPServer:
    """A server of ``site`` on this machine at ``port``, or at the first free port from :data:`FIRST_PORT`.

    Raises ``BuildError`` if the port is taken or no port can be.
    """
    wanted = range(FIRST_PORT, FIRST_PORT + TRIES) if port is None else (port,)
    for number in wanted:
        try:
            return Server(("127.0.0.1", number), partial(Handler, directory=str(site), news=news))
        except (OSError, OverflowError):
            continue
    if port is None:
        raise BuildError([f"no port from {wanted[0]} to {wanted[-1]} is free; name one with PORT=…"])
    raise BuildError([f"port {port} is taken or no port (expected a free one from 1024 to 65535)"])


class Server(ThreadingHTTPServer):
    """A server that says nothing of pages that are closed while they load."""

    daemon_threads = True
    allow_reuse_port = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """That a page is closed while it is read is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def serve(tree: Tree, as_of: str | None, scenario: str | None, port: int | None) -> int:
    """Serve at once, build, and rebuild what changes until interrupted; returns the exit code."""
    news, stop = News(), threading.Event()
    with open_server(news, tree.site, port) as server, _interrupted_by(stop):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            _follow(tree, as_of, scenario, server.server_address[1], news, stop)
        except KeyboardInterrupt:
            pass
        finally:
            server.shutdown()
    print("stopped", file=sys.stderr)
    return 0


@contextmanager
def _interrupted_by(stop: threading.Event) -> Iterator[None]:
    """Let an interrupt set the event too: as an exception it is lost if it meets an object's last rites."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:  # whoever started this has it so
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        stop.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _follow(
    tree: Tree, as_of: str | None, scenario: str | None, port: int, news: News, stop: threading.Event
) -> None:
    command = [sys.executable, "-m", "analysis", "book"]
    command += ["--as-of", as_of] if as_of else []
    command += ["--scenario", scenario] if scenario else []
    at_top: list[tuple[int, int]] | None = None
    is_owed = False
    while not stop.is_set():
        watched = _folders(tree)
        changes = watch(
            *watched,
            watch_filter=DefaultFilter(),
            stop_event=stop,
            raise_interrupt=True,
            yield_on_timeout=True,
            rust_timeout=_TICK,
        )
        for found in changes:  # from before the first build on: what is saved meanwhile is built after it
            before, at_top = at_top, _at_top(tree)
            if found or is_owed or at_top != before:
                is_owed = rebuild(tree, command, news)
            if before is None:
                print(f"http://localhost:{port}/ (stop with Ctrl-C)", file=sys.stderr, flush=True)
            if _folders(tree) != watched:  # the watch is lost with the folder
                is_owed = True
                break


def _folders(tree: Tree) -> dict[Path, int]:
    """The folders that the book is made of, those that are there, and what tells each from another."""
    found = {}
    for name in manifest.FOLDERS:
        with suppress(OSError):
            found[tree.root / name] = (tree.root / name).stat().st_ino
    return found


def _at_top(tree: Tree) -> list[tuple[int, int]]:
    """What tells the files at the top from what they were: they are looked at, not watched, since the watch
    of a single file is lost when an editor puts another in its place.
    """
    found = []
    for name in manifest.FILES:
        with suppress(OSError):  # it is not there
            status = (tree.root / name).stat()
            found.append((status.st_ino, status.st_mtime_ns))
    return found


def rebuild(tree: Tree, command: list[str], news: News) -> bool:
    """Run a build in a process of its own, so that changed modules count, and tell how it went.

    What it says is printed as it says it. Says whether another build was running, so that this one is owed.
    """
    said = []
    with subprocess.Popen(command, cwd=tree.root, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr is not None
            for line in running.stderr:
                said.append(line)
                if ANOTHER_RUNS not in line:
                    print(line, end="", file=sys.stderr, flush=True)
        except BaseException:
            running.terminate()
            raise
    if any(ANOTHER_RUNS in line for line in said):
        return True
    if running.returncode:
        problems = [line for line in said if line.startswith("error: ")]
        news.tell("failed", "".join(problems or said).rstrip())
    else:
        news.tell("built")
    return False
