"""Where a notebook's cells run: in a child of one warm process, in a Python of its own, or in a real kernel.

``forked`` runs each notebook in a child of a process that has imported the slow libraries and the report's
own modules already; ``spawned``, for systems where that is not safe, in a fresh Python. Both run the cells
with ipykernel's own shell, in the process itself. ``plain`` starts a real kernel and talks to it over
sockets: the reference. A test holds the outputs of all three against each other.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from analysis.build import reads
from analysis.build.parameters import Parameters

Start = Literal["forked", "spawned", "plain"]

# Slow imports: of every page, and of pages that use modules of ours.
SHELL = ("ipykernel.inprocess.ipkernel", "ipykernel.inprocess.manager", "nbclient")
LIBRARIES = ("altair", "pandas", "scipy.interpolate", "scipy.optimize", "scipy.stats", "yaml")
JOB_VARIABLE = "ANALYSIS_JOB"
START: Start = "forked" if sys.platform == "linux" else "spawned"
SHORT = "/tmp"  # paths of sockets end at 107 bytes, wherever TMPDIR is


class Runners:
    """The processes that run the notebooks of one build; as a context, none of them outlives it.

    ``environment`` is all of the environment that they get, ``modules`` those of ours that pages need. A
    page's process leads a session of its own and ends, with all that it started, when its connection is
    closed: at the latest when this process ends.
    """

    def __init__(
        self,
        start: Start,
        root: Path,
        environment: Mapping[str, str],
        parameters: Parameters,
        modules: Sequence[str] = (),
    ) -> None:
        self.start, self.root, self.environment = start, root, dict(environment)
        self._running: set[int] = set()
        self._kernels: list[Any] = []
        self._started: list[subprocess.Popen[bytes]] = []
        self._control: socket.socket | None = None
        if start == "forked":
            self._control, theirs = socket.socketpair()
            self._python("warm", theirs, parameters.as_of, parameters.scenario, *modules)

    def __enter__(self) -> Runners:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End all that runs."""
        for leader in list(self._running):
            self.end(leader)
        for manager in self._kernels:
            if manager.provisioner is not None and manager.provisioner.pid is not None:
                self.end(manager.provisioner.pid)
        if self._control is not None:
            self._control.close()
        for process in self._started:
            process.kill()
            process.wait()

    def page(self) -> Connection:
        """The connection to a new process, which waits for what it is to run.

        Raises ``OSError`` if the process that starts it has died.
        """
        ours, theirs = socket.socketpair()
        connection = Connection(ours.detach())
        if self._control is None:
            self._python("page", theirs)
        else:
            with theirs:
                socket.send_fds(self._control, [b"."], [theirs.fileno()])
        return connection

    def _python(self, role: str, theirs: socket.socket, *more: str) -> None:
        with theirs:
            command = [sys.executable, "-m", "analysis.build.kernel", role, str(self.root)]
            command += [str(theirs.fileno()), *more]
            process = subprocess.Popen(
                command,
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            self._started.append(process)

    def kernel(self, sockets: str) -> Any:
        """The manager of a real kernel that talks through files whose paths begin with ``sockets``.

        IPC sockets need a path of their own for each kernel; TCP ports would be raced for.
        """
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager

        spec = Path(f"{sockets}-specs") / "python3" / "kernel.json"
        spec.parent.mkdir(parents=True)
        command = [
            sys.executable,
            "-m",
            "analysis.build.kernel",
            "kernel",
            str(self.root),
            "{connection_file}",
        ]
        spec.write_text(json.dumps({"argv": command, "display_name": "", "language": "python"}))
        specs = KernelSpecManager(kernel_dirs=[str(spec.parents[1])], ensure_native_kernel=False)
        files = {"transport": "ipc", "ip": sockets, "connection_file": f"{sockets}.json"}
        manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs, **files)
        self._kernels.append(manager)
        return manager

    def runs(self, leader: int) -> None:
        """``leader`` leads the session of a page that is running."""
        self._running.add(leader)

    def end(self, leader: int) -> None:
        """End a session, whatever is left of it."""
        self._running.discard(leader)
        try:
            os.killpg(leader, signal.SIGKILL)
        except ProcessLookupError:
            return


def warm(control: socket.socket, root: Path, parameters: Parameters, modules: Sequence[str]) -> None:
    """Import what pages need, ``modules`` of our own among it, then fork a child for every connection that
    arrives; end with the builder.

    What pages read is read once before. They read it again, and it is on their record, but what a text holds
    is worked out once for each text.
    """
    log = reads.Record(root)
    for name in (*SHELL, *(LIBRARIES if modules else ())):
        importlib.import_module(name)
    for name in modules:
        with suppress(
            Exception, SystemExit
        ):  # it fails again, and is told with its place, in the cell that needs it
            importlib.import_module(name)
    log.pause()
    if "analysis.report" in modules:
        with suppress(Exception):  # likewise
            report = sys.modules["analysis.report"].open_report(parameters.as_of, parameters.scenario)
            report.judge.claims()
            for case in report.scenarios.values():  # their distributions are tabulated
                sys.modules["analysis.valuation.odds"].odds_plan(case.group.plain, case.group.years[:1])
    gc.freeze()
    while True:
        with suppress(ChildProcessError):  # none is left
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        message, (*handles,), _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            os.setsid()
            run_page(Connection(handles[0]), log)
        os.close(handles[0])


def run_page(connection: Connection, log: reads.Record) -> None:
    """Be the process of one page: run its cells, tell of each when it is over, then send all outputs."""
    from nbformat.v4 import new_code_cell, new_notebook

    try:
        job = json.loads(connection.recv_bytes())
        connection.send_bytes(json.dumps(os.getpid()).encode())
        threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
        _enter(job, log)
        notebook = new_notebook(cells=[new_code_cell(source) for source in job["cells"]])
        for number in _run(notebook, log):
            connection.send_bytes(json.dumps(number).encode())
        connection.send_bytes(json.dumps([cell.outputs for cell in notebook.cells]).encode())
    except (EOFError, ConnectionError):
        pass  # the builder has ended
    except BaseException:
        traceback.print_exc()  # no cell's fault: the builder sees that this process ended
        raise
    finally:
        os._exit(0)


def _end_with(connection: Connection) -> None:
    """End this session when the builder closes the connection, or ends."""
    try:
        connection.recv_bytes()
    finally:
        os.killpg(0, signal.SIGKILL)


def _enter(job: Mapping[str, Any], log: reads.Record) -> None:
    own = Path(job["scratch"])
    os.environ |= {"HOME": str(own), "IPYTHONDIR": str(own / "ipython"), "TMPDIR": str(own)}
    os.chdir(job["root"])
    sys.dont_write_bytecode = True
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.split(".")[0] == "analysis" and file not in job["modules"]:
            del sys.modules[name]  # not known to be used: imported again, it is seen to be
            parent, _, attribute = name.rpartition(".")
            vars(sys.modules.get(parent, module)).pop(attribute, "")  # nor is it there unless imported
    log.begin(Path(job["root"]), Path(job["scratch"]), Path(job["log"]))
    if package := sys.modules.get("analysis"):  # it ran before there was a record, which now has it too
        Path(str(package.__file__)).read_bytes()


def _run(notebook: Any, log: reads.Record) -> Iterator[int]:
    """Run the cells and say of each when it is over, up to the first that fails."""
    from ipykernel.inprocess.manager import InProcessKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionComplete
    from traitlets.config import Config

    manager = InProcessKernelManager(config=Config({"HistoryManager": {"enabled": False}}))
    manager.start_kernel()
    kernel = manager.client()
    kernel.start_channels()
    client = NotebookClient(notebook, record_timing=False)
    client.reset_execution_trackers()
    log.guard()
    for number, cell in enumerate(notebook.cells):
        client.clear_before_next_output = False
        kernel.execute(cell.source, stop_on_error=False)
        with suppress(CellExecutionComplete):  # the last message, that the kernel is idle again
            while True:  # a thread of the kernel's sends them, some of them after the cell is over
                client.process_message(kernel.iopub_channel.get_msg(), cell, number)
        yield number
        if any(output.output_type == "error" for output in cell.outputs):
            return


def run_kernel(connection_file: str) -> None:
    """Be the real kernel of ``connection_file`` until told to stop."""
    from ipykernel.kernelapp import IPKernelApp

    job = json.loads(os.environ.pop(JOB_VARIABLE))
    log = reads.Record(Path(job["root"]))
    _enter(job, log)
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(["-f", connection_file, "--HistoryManager.enabled=False"])
    log.guard()
    app.start()


if __name__ == "__main__":
    role, root, given = sys.argv[1:4]  # nbclient adds arguments for the kernel
    if role == "kernel":
        run_kernel(given)
    gc.disable()  # it ends with the build or its page: what a collection frees is not worth its time
    if role == "warm":
        warm(socket.socket(fileno=int(given)), Path(root), Parameters(*sys.argv[4:6]), sys.argv[6:])
    elif role == "page":
        run_page(Connection(int(given)), reads.Record(Path(root)))
