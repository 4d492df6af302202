"""The editions built by the workers of a Dask cluster: the same bytes, whoever builds and whoever dies."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from threading import Thread

import psutil
import pytest

from analysis.build import cluster, editions
from analysis.build.away import build_away, pack, unpack
from analysis.build.tree import BuildError, Tree, digests
from analysis.build.volumes import whole
from tests.build.test_twice import COMMAND
from tests.build.tiny_book import until, write_page

PYTHON = sys.version_info[:2]


def test_what_was_packed_is_unpacked(tmp_path: Path) -> None:
    files = {"index.html": b"<p>", "_static/a b.css": b"p {}"}
    assert pack(files) == pack(dict(reversed(files.items())))
    with pytest.MonkeyPatch.context() as later:
        packed = pack(files)
        later.setattr(time, "time", lambda: 1e10)
        assert pack(files) == packed
    unpack(packed, tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in files} == files


def test_a_worker_runs_this_python_in_the_checkout_and_packs_what_it_made(tmp_path: Path) -> None:
    code = "import os; os.mkdir('out'); open('out/a', 'w').write(open('in').read() * 2)"
    checkout = pack({"in": b"x", "requirements.txt": f"numpy=={version('numpy')} \\\n".encode()})
    packed, said = build_away(checkout, PYTHON, ["-c", code], "out")
    assert said == ""
    unpack(packed, tmp_path)
    assert (tmp_path / "a").read_text(encoding="utf-8") == "xx"


@pytest.mark.parametrize(
    ("lock", "python", "told"),
    [
        ("numpy==1.0 \\", PYTHON, f"error: a worker has numpy {version('numpy')} (expected 1.0), as here"),
        ("no-such-package==1.0", PYTHON, "error: wrong"),
        ("", (3, 8), f"error: a worker has Python {PYTHON[0]}.{PYTHON[1]} (expected 3.8), as here"),
    ],
)
def test_what_a_worker_cannot_build_it_says(lock: str, python: tuple[int, int], told: str) -> None:
    checkout = pack({"requirements.txt": lock.encode()})
    assert build_away(checkout, python, ["-c", "import sys; sys.exit('error: wrong')"], "out") == (
        b"",
        told if "worker" in told else f"{told}\n",
    )


@pytest.mark.parametrize("address", ["cluster", "dask://", "dask://host", "dask://host:x", "tcp://host:8786"])
def test_an_executor_that_is_none_is_one_line(tree: Tree, address: str) -> None:
    with pytest.raises(BuildError) as caught:
        editions.build(tree, editions.Options(address, quiet=True), COMMAND)
    expected = f"EXECUTOR: {address!r} is no executor (expected dask://HOST:PORT)"
    assert caught.value.problems == (expected,)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_a_host_where_no_scheduler_answers_is_one_line(
    tree: Tree, host: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed", reason="the set of packages for a cluster is not installed")
    monkeypatch.setattr(cluster, "WAIT_SECONDS", 1)
    port = free_port()
    with pytest.raises(BuildError) as caught:
        editions.build(tree, editions.Options(f"dask://{host}:{port}", quiet=True), COMMAND)
    assert caught.value.problems == (f"EXECUTOR: no scheduler answers at {host}:{port}",)
    assert capfd.readouterr().err == ""


class Cluster:
    """A real scheduler on the loopback, and workers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.scheduler = self.start("scheduler", "--port", str(self.port))
        until(self.answers)
        self.workers: list[psutil.Popen] = []

    @property
    def address(self) -> str:
        return f"dask://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Whether the scheduler listens."""
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0

    def add_worker(self) -> None:
        given = ["--no-nanny", "--nthreads", "1", "--local-directory", str(self.folder)]
        self.workers.append(self.start("worker", f"tcp://127.0.0.1:{self.port}", *given))

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process.is_running():
                process.kill()
            process.wait()

    def start(self, role: str, *given: str) -> psutil.Popen:
        command = [sys.executable, "-m", "dask", role, "--host", "127.0.0.1", "--no-dashboard", *given]
        return psutil.Popen(command, cwd=self.folder, stderr=subprocess.DEVNULL)


def is_building(worker: psutil.Popen) -> bool:
    with suppress(psutil.Error):  # a child that has just ended
        return any("--until-input-ends" in child.cmdline() for child in worker.children())
    return False


@contextmanager
def running_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    found = Cluster(folder)
    try:
        for _ in range(workers):
            found.add_worker()
        yield found
    finally:
        found.close()


@pytest.fixture
def locked(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """The tiny book with a lock that the packages at hand obey, for a cluster that is slow to start."""
    pytest.importorskip("distributed", reason="the set of packages for a cluster is not installed")
    monkeypatch.setattr(cluster, "WAIT_SECONDS", 120)
    tree.lock_file.write_text(f"numpy=={version('numpy')}\n", encoding="utf-8")
    return tree


@pytest.mark.long
@pytest.mark.book
@pytest.mark.usefixtures("made_up_data_is_fine")
def test_two_workers_one_killed_midway_make_the_same_bytes_as_this_machine(
    locked: Tree, tmp_path_factory: pytest.TempPathFactory
) -> None:
    here = Tree(Path(shutil.copytree(locked.root, tmp_path_factory.mktemp("here") / "book")))
    editions.build(here, editions.Options(quiet=True), COMMAND)
    with running_cluster(tmp_path_factory.mktemp("cluster"), 2) as running:
        killed: list[int] = []

        def kill_one() -> None:
            victim = running.workers[0]
            until(lambda: is_building(victim))
            killed.append(victim.pid)
            victim.kill()

        killer = Thread(target=kill_one)
        killer.start()
        editions.build(locked, editions.Options(running.address, quiet=True), COMMAND)
        killer.join()
    assert killed
    assert digests(whole(locked).site) == digests(whole(here).site)


@pytest.mark.long
@pytest.mark.book
@pytest.mark.usefixtures("made_up_data_is_fine")
def test_a_scheduler_that_is_gone_is_one_line(locked: Tree, tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_cluster(tmp_path_factory.mktemp("cluster"), 1) as running:
        worker = running.workers[0]

        def end() -> None:
            until(lambda: is_building(worker))
            running.scheduler.kill()

        killer = Thread(target=end)
        killer.start()
        with pytest.raises(BuildError, match=r"^2024Q\S+: dask://127.0.0.1:\d+: the scheduler is gone$"):
            editions.build(locked, editions.Options(running.address, quiet=True), COMMAND)
        killer.join()


@pytest.mark.long
@pytest.mark.book
@pytest.mark.usefixtures("made_up_data_is_fine")
def test_a_problem_that_a_worker_meets_names_its_edition(
    locked: Tree, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write_page(locked, "words", "# Words\n\n{num}`aws.salse`\n")
    with (
        running_cluster(tmp_path_factory.mktemp("cluster"), 1) as running,
        pytest.raises(BuildError, match=r"^2024Q\S+: book/words.md:3: no number 'aws.salse'"),
    ):
        editions.build(locked, editions.Options(running.address, quiet=True), COMMAND)
