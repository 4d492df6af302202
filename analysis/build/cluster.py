"""Books built by the workers of a Dask cluster, through the executor of ``distributed`` itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from typing import Any
from urllib.parse import urlsplit

from analysis.build import away, manifest
from analysis.build.builders import book_command, problems_of
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree, digest, remove

SCHEME = "dask"
WAIT_SECONDS = 15  # for the scheduler to answer, and for a worker to be there


class Away:
    """Builds books on the cluster whose scheduler is at ``dask://HOST:PORT``, from the files of ``inputs``.

    What a worker that died was building is built again by another. Raises ``BuildError`` if there is no
    scheduler, or no worker.
    """

    def __init__(self, tree: Tree, address: str, command: Sequence[str], inputs: Mapping[str, str]) -> None:
        self._address, self._arguments, self._inputs = address, command[1:], inputs
        self._checkout = _checkout(tree, inputs)
        self._client = _client(address)
        self._executor = self._client.get_executor(pure=False)

    def submit(self, chosen: Parameters, book: Tree) -> Future[tuple[bytes, str]]:
        """Have a book built."""
        arguments = book_command(self._arguments, chosen, 1, "--until-input-ends")
        site = Tree(book.root).site.relative_to(book.root).as_posix()
        future: Future[tuple[bytes, str]] = self._executor.submit(
            _ByValue(away.build_away), self._checkout, tuple(sys.version_info[:2]), arguments, site
        )
        return future

    def keep(self, future: Future[tuple[bytes, str]], chosen: Parameters, book: Tree) -> None:
        """Put a book that was built into its folder; raises ``BuildError`` if it could not be."""
        from distributed.scheduler import KilledWorker

        try:
            packed, said = future.result()
        except CancelledError:
            raise BuildError([f"{self._address}: the scheduler is gone"]) from None
        except KilledWorker:
            raise BuildError([f"{self._address}: every worker that was to build it died"]) from None
        if said:
            raise BuildError(problems_of(said))
        remove(book.build)
        book.site.mkdir(parents=True)
        away.unpack(packed, book.site)
        manifest.write(book, chosen.as_dict(), self._inputs)

    def close(self) -> None:
        """Ask for nothing more; what workers are at ends with the book."""
        self._executor.shutdown(wait=False)
        self._client.close(timeout=2)


class _ByValue:
    """A function that a worker is sent with its module's code, instead of its name."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *given: Any) -> Any:
        return self.function(*given)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[bytes]]:
        import cloudpickle

        return cloudpickle.loads, (cloudpickle.dumps(self.function),)


def _checkout(tree: Tree, inputs: Mapping[str, str]) -> bytes:
    files = {name: (tree.root / name).read_bytes() for name in inputs}
    if changed := [name for name, content in files.items() if digest(content) != inputs[name]]:
        raise BuildError([f"{name}: was changed while it was read; build again" for name in changed])
    return away.pack(files)


def _client(address: str) -> Any:
    parts = urlsplit(address)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if parts.scheme != SCHEME or not host or not port or parts.path.strip("/"):
        raise BuildError([f"EXECUTOR: {address!r} is no executor (expected {SCHEME}://HOST:PORT)"])
    try:
        import cloudpickle
        import dask
    except ImportError:
        where = "requirements-cluster.txt, which make editions EXECUTOR=… installs"
        raise BuildError([f"EXECUTOR: the package distributed is missing (expected {where})"]) from None
    dask.config.set({"logging": dict.fromkeys(("distributed", "distributed.client"), "critical")})
    from distributed import Client

    cloudpickle.register_pickle_by_value(away)
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        client = Client(f"tcp://{place}", timeout=WAIT_SECONDS, set_as_default=False)
    except OSError:
        raise BuildError([f"EXECUTOR: no scheduler answers at {place}"]) from None
    try:
        client.wait_for_workers(1, timeout=WAIT_SECONDS)
    except TimeoutError:
        client.close(timeout=2)
        raise BuildError([f"EXECUTOR: the scheduler at {place} has no worker"]) from None
    return client
