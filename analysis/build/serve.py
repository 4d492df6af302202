"""Live preview: a server of this machine only, which rebuilds what changes and reloads the browser.

The script that reloads is added to pages as they are served; nothing of it is in the site's files.
It is a file of its own, so that it obeys the pages' content-security policy.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from watchfiles import DefaultFilter, watch

from analysis.build.tree import Tree

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
    """Serves the site, with the reload script in each page, and the stream of news."""

    def __init__(self, *arguments: Any, news: News, **options: Any) -> None:
        self.news = news
        super().__init__(*arguments, **options)

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

    def end_headers(self) -> None:
        """Nothing is cached: the next build may change it."""
        self.send_header("Cache-Control", "no-store")
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
        try:
            while True:
                found = self.news.after(seen, 15)
                if found is None:
                    self.wfile.write(b": still here\n\n")
                else:
                    seen, (event, message) = found
                    self.wfile.write(f"event: {event}\ndata: {json.dumps(message)}\n\n".encode())
                self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            return  # the page was closed


def start_server(site: Path, news: News, port: int) -> ThreadingHTTPServer:
    """A server of ``site`` on this machine, running in threads that end with the process."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=str(site), news=news))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def serve(tree: Tree, as_of: str | None, scenario: str | None, port: int) -> int:
    """Build, serve and rebuild until interrupted; returns the exit code."""
    command = [sys.executable, "-m", "analysis", "book"]
    command += ["--as-of", as_of] if as_of else []
    command += ["--scenario", scenario] if scenario else []
    news = News()
    rebuild(tree, command, news)
    server = start_server(tree.site, news, port)
    print(f"http://localhost:{server.server_address[1]}/ (stop with Ctrl-C)", file=sys.stderr, flush=True)
    watched = (tree.book, tree.data, tree.root / "analysis", tree.config, tree.toc)
    try:
        for _ in watch(*watched, watch_filter=DefaultFilter(), raise_interrupt=True):
            rebuild(tree, command, news)
    except KeyboardInterrupt:
        return 0
    finally:
        server.shutdown()
    return 0


def rebuild(tree: Tree, command: list[str], news: News) -> None:
    """Run a build in a process of its own, so that changed modules count, and tell how it went."""
    done = subprocess.run(command, cwd=tree.root, stderr=subprocess.PIPE, text=True, check=False)
    print(done.stderr, end="", file=sys.stderr, flush=True)
    problems = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    if done.returncode:
        news.tell("failed", "\n".join(problems) or done.stderr)
    else:
        news.tell("built")
