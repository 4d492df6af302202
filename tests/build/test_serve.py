from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from analysis.build import serve
from analysis.build.publish import only_build
from analysis.build.serve import News, open_server, rebuild
from analysis.build.tree import BuildError, Tree
from tests.build.tiny_book import ROOT, until


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "html"
    folder.mkdir()
    (folder / "index.html").write_text("<html><body>first</body></html>", encoding="utf-8")
    (folder / "aws.csv").write_text("x\n1\n", encoding="utf-8")
    return folder


@pytest.fixture
def news() -> News:
    return News()


@pytest.fixture
def port(site: Path, news: News) -> Iterator[int]:
    with open_server(news, site, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def get(port: int, path: str, host: str = "localhost") -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": f"{host}:{port}"})
    answer = connection.getresponse()
    found = answer.status, answer.read().decode(), answer.headers.get("Content-Type", "")
    connection.close()
    return found


@pytest.mark.parametrize("path", ["/", "/index.html"])
def test_pages_are_served_with_the_script_that_reloads_them(port: int, site: Path, path: str) -> None:
    status, text, kind = get(port, path)
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert text == f'<html><body>first<script src="{serve.SCRIPT}"></script></body></html>'
    assert (site / "index.html").read_text(encoding="utf-8") == "<html><body>first</body></html>"


def test_other_files_are_served_as_they_are(port: int) -> None:
    assert get(port, "/aws.csv")[:2] == (200, "x\n1\n")
    assert get(port, "/none.html")[0] == 404


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/link.txt", "/folder/", "/folder", "/%00", "/" + "a" * 5000]
)
def test_nothing_outside_the_site_and_no_folder_is_shown(port: int, site: Path, path: str) -> None:
    (site / "folder").mkdir()
    (site.parent / "secret.txt").write_text("secret", encoding="utf-8")
    (site / "link.txt").symlink_to(site.parent / "secret.txt")
    status, text, _ = get(port, path)
    assert status == (301 if path == "/folder" else 404)  # to /folder/, where nothing is
    assert "secret" not in text


def test_a_page_that_is_closed_while_it_is_read_is_no_news(
    port: int, site: Path, news: News, capfd: pytest.CaptureFixture[str]
) -> None:
    (site / "index.html").write_bytes(b"x" * 50_000_000)
    for path in ("/", "/aws.csv", serve.EVENTS):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # cut, not closed
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            client.recv(1)
    (site / "index.html").write_text("still", encoding="utf-8")
    assert get(port, "/")[:2] == (200, "still")
    while serving := [each for each in threading.enumerate() if "process_request" in each.name]:
        news.tell("built")  # to a page that is gone
        serving[0].join(0.1)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/aws.csv", 200), ("/folder/", 404)])
def test_what_is_there_is_there_without_its_body_too(port: int, site: Path, path: str, status: int) -> None:
    (site / "folder").mkdir()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for host, expected in (("localhost", status), ("evil.example", 421)):
        connection.request("HEAD", path, headers={"Host": host})
        assert connection.getresponse().status == expected
    connection.close()
    assert get(port, path)[0] == status


def test_a_request_under_another_name_is_refused(port: int) -> None:
    assert get(port, "/index.html", "evil.example")[0] == 421
    assert get(port, serve.EVENTS, "evil.example")[0] == 421


def test_a_port_that_is_taken_is_refused_if_named_and_passed_over_if_not(
    port: int, site: Path, news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BuildError, match=f"port {port} is taken"):
        open_server(news, site, port)
    monkeypatch.setattr(serve, "FIRST_PORT", port)
    with open_server(news, site, None) as server:
        assert port < server.server_address[1] < port + serve.TRIES


def test_the_script_listens_to_the_news(port: int) -> None:
    status, text, kind = get(port, serve.SCRIPT)
    assert (status, kind) == (200, "text/javascript")
    assert f'EventSource("{serve.EVENTS}")' in text


def test_a_page_that_is_open_hears_of_the_next_build(port: int, news: News) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", serve.EVENTS)
    stream = connection.getresponse()
    news.tell("failed", "error: book/aws.md\nmore")
    assert stream.readline() == b"event: failed\n"
    assert json.loads(stream.readline().removeprefix(b"data: ")) == "error: book/aws.md\nmore"
    stream.readline()
    news.tell("built")
    assert stream.readline() == b"event: built\n"
    connection.close()


def test_a_new_site_is_served_without_a_new_server(port: int, site: Path) -> None:
    new = site.with_name("new")
    new.mkdir()
    (new / "index.html").write_text("<body>second</body>", encoding="utf-8")
    site.rename(site.with_name("old"))
    new.rename(site)
    assert "second" in get(port, "/")[1]


@pytest.mark.parametrize(
    ("code", "event", "message"),
    [
        ("pass", "built", ""),
        (
            "import sys; print('error: a\\n2.0 s  check\\nerror: b', file=sys.stderr); sys.exit(1)",
            "failed",
            "error: a\nerror: b",
        ),
        ("import sys; sys.exit('boom')", "failed", "boom"),
    ],
)
def test_a_build_tells_how_it_went(tmp_path: Path, news: News, code: str, event: str, message: str) -> None:
    assert not rebuild(Tree(tmp_path), [sys.executable, "-c", code], news)
    assert news.after(0, 1) == (1, (event, message))
    assert news.after(1, 0.01) is None


@pytest.mark.book
def test_a_build_that_another_one_kept_out_is_owed(tree: Tree, news: News) -> None:
    script = "import sys; from pathlib import Path; from analysis.__main__ import main\n"
    script += f"sys.exit(main(['book'], Path({str(tree.root)!r})))"
    command = [sys.executable, "-c", script]
    with only_build(tree):
        assert rebuild(tree, command, news)
    assert news.after(0, 0.01) is None


@contextmanager
def served(tree: Tree, while_it_builds: str = "") -> Iterator[Path]:
    """A preview whose builds only add a letter to the file that is given, from after the first of them, which
    does something else before, ``while_it_builds``.
    """
    builds = "import pathlib; there = pathlib.Path('built')\n"
    builds += f"if not there.exists(): {while_it_builds or 'pass'}\n"
    builds += "there.open('a').write('x')"
    script = (
        "import sys; from pathlib import Path; from analysis.build import serve\n"
        "from analysis.build.tree import Tree\n"
        "build = serve.rebuild\n"
        f"serve.rebuild = lambda tree, command, news: build(tree, [sys.executable, '-c', {builds!r}], news)\n"
        "sys.exit(serve.serve(Tree(Path(sys.argv[1])), None, None, 0))\n"
    )
    command = [sys.executable, "-c", script, str(tree.root)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            assert process.stderr.readline().startswith("http://localhost:")
            built = tree.root / "built"
            so_far = built.read_text(encoding="utf-8")  # what was saved meanwhile may have been built too
            assert so_far == "x" or (while_it_builds and so_far == "xx")
            yield built
        finally:
            os.kill(process.pid, signal.SIGINT)
            try:
                process.wait(timeout=10)
            finally:
                process.kill()  # else leaving the context would wait for it
    assert process.returncode == 0


@pytest.mark.book
def test_an_edited_page_is_built_again_and_told(tree: Tree) -> None:
    with served(tree) as built:
        deadline = time.monotonic() + 20
        while built.read_text(encoding="utf-8") == "x" and time.monotonic() < deadline:
            (tree.book / "words.md").write_text(f"# Words {time.monotonic()}\n", encoding="utf-8")
            time.sleep(0.3)
    assert built.read_text(encoding="utf-8").startswith("xx")


@pytest.mark.book
@pytest.mark.parametrize("name", ["_toc.yml", "CHANGELOG.md"])
def test_a_file_at_the_top_is_followed_however_often_an_editor_puts_another_in_its_place(
    tree: Tree, name: str
) -> None:
    with served(tree) as built:
        for builds in (2, 3, 4):
            (tree.root / "saved").write_text(f"# {builds}\n", encoding="utf-8")
            (tree.root / "saved").replace(tree.root / name)
            until(lambda: len(built.read_text(encoding="utf-8")) >= builds)  # noqa: B023  # called at once


@pytest.mark.book
def test_a_folder_is_followed_after_another_has_taken_its_place(tree: Tree) -> None:
    with served(tree) as built:
        tree.book.rename(tree.root / "aside")
        until(lambda: len(built.read_text(encoding="utf-8")) >= 2)
        shutil.copytree(tree.root / "aside", tree.book)
        until(lambda: len(built.read_text(encoding="utf-8")) >= 3)
        time.sleep(1.5)  # what the return of the folder brought has been told
        builds = len(built.read_text(encoding="utf-8"))
        (tree.book / "words.md").write_text("# Other words\n", encoding="utf-8")
        until(lambda: len(built.read_text(encoding="utf-8")) > builds)


@pytest.mark.book
def test_what_is_saved_while_the_first_book_is_built_is_built_after_it(tree: Tree) -> None:
    with served(tree, while_it_builds="pathlib.Path('book/words.md').write_text('# New')") as built:
        until(lambda: len(built.read_text(encoding="utf-8")) >= 2)


LOST = """
import signal, sys
from pathlib import Path
from analysis.build import serve
from analysis.build.tree import Tree

class Dying:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

serve.rebuild = lambda *given: bool(Dying())  # true, and gone at once
sys.exit(serve.serve(Tree(Path(sys.argv[1])), None, None, 0))
"""


def test_an_interrupt_that_python_cannot_raise_stops_the_preview_too(tree: Tree) -> None:
    command = [sys.executable, "-c", LOST, str(tree.root)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert re.search(
        r"Exception ignored (in:|while calling deallocator) <function Dying\.__del__", done.stderr
    )
    assert done.stderr.endswith("stopped\n")
    assert done.returncode == 0
