"""Kernels that run the notebooks: real ipykernels over IPC sockets, started in one of two ways.

``plain`` starts a fresh Python for every notebook: the reference. ``forked`` starts the very same
kernel as a child of one process that has imported the slow libraries already; it saves their import
for each page. A test holds the outputs of both against each other.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from importlib.metadata import EntryPoint
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

from ipykernel.kernelapp import IPKernelApp
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from analysis.build import reads

Start = Literal["forked", "plain"]

# Slow imports of every page. Only other people's packages: ours may change while `serve` runs.
PRELOAD = (
    "analysis.build.kernel",
    "altair",
    "pandas",
    "scipy.interpolate",
    "scipy.optimize",
    "scipy.stats",
    "yaml",
)
HASH_SEED = "0"
ROOT_VARIABLE = "ANALYSIS_ROOT"
READS_VARIABLE = "ANALYSIS_READS_FILE"


def run_kernel(connection_file: str, environment: dict[str, str]) -> None:
    """Be the kernel of ``connection_file`` until told to stop, recording which files are used."""
    os.environ.update(environment)
    root = Path(environment[ROOT_VARIABLE])
    os.chdir(root)
    sys.path[:] = [str(root), *(path for path in sys.path if path not in ("", str(root)))]
    for name in [name for name in sys.modules if name.split(".")[0] == "analysis"]:
        del sys.modules[name]  # a notebook imports the checkout's modules itself, and is seen to
    reads.record(root, Path(environment[READS_VARIABLE]))
    builder = multiprocessing.parent_process()
    if builder is not None:
        threading.Thread(target=_end_with, args=(builder,), daemon=True).start()
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(["-f", connection_file, "--HistoryManager.enabled=False"])
    app.start()


def _end_with(builder: BaseProcess) -> None:
    """End this kernel when the build that asked for it ends, however it ends.

    ipykernel itself watches its parent, which here is the server, and the server lives as long as
    any of its children does.
    """
    builder.join()
    os._exit(1)


def manager(start: Start, sockets: str) -> Any:
    """A kernel manager whose kernel starts as ``start`` says and talks through files at ``sockets``.

    IPC sockets need a path of their own for each kernel; TCP ports would be raced for.
    """
    factory = KernelProvisionerFactory.instance()
    name = f"report-{start}"
    factory.provisioners[name] = EntryPoint(
        name, f"analysis.build.kernel:{start.title()}Provisioner", KernelProvisionerFactory.GROUP_NAME
    )
    factory.default_provisioner_name = name
    return AsyncKernelManager(kernel_name="python3", transport="ipc", ip=sockets)


class PlainProvisioner(LocalProvisioner):  # type: ignore[misc]  # jupyter_client ships no types
    """Starts a kernel in a fresh Python."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the process; ``cmd`` of the installed kernel spec gives way to ours."""
        return await super().launch_kernel(
            [sys.executable, "-m", __name__, self.parent.connection_file], **kwargs
        )


class ForkedProvisioner(LocalProvisioner):  # type: ignore[misc]  # jupyter_client ships no types
    """Starts a kernel as the child of a process that has the slow imports behind it."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the child; ``cmd`` of the installed kernel spec is not used."""
        server = multiprocessing.get_context("forkserver")
        child = server.Process(target=run_kernel, args=(self.parent.connection_file, dict(kwargs["env"])))
        child.start()
        self.process = Child(child)
        self.pid = child.pid
        return self.connection_info


def start_server() -> None:
    """Start the process that kernels are forked from, unless it runs; it lives as long as this one.

    Its hash seed is fixed, as a fresh kernel's is: children have their parent's.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(PRELOAD))
    seed = os.environ.get("PYTHONHASHSEED")
    os.environ["PYTHONHASHSEED"] = HASH_SEED
    try:
        forkserver.ensure_running()
    finally:
        del os.environ["PYTHONHASHSEED"]
        if seed is not None:
            os.environ["PYTHONHASHSEED"] = seed


class Child:
    """A forked process with the methods of ``subprocess.Popen`` that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, process: ForkServerProcess) -> None:
        self.process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        return self.process.exitcode

    def wait(self) -> int | None:
        """The exit code, once it has ended."""
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.pid is not None and self.process.exitcode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.process.terminate()

    def kill(self) -> None:
        """End it."""
        self.process.kill()


if __name__ == "__main__":
    run_kernel(sys.argv[1], dict(os.environ))
