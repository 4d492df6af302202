"""Jupyter Book in a process of its own that is there before its pages are, since its imports take a second.

It waits for an order on the socket that it was given, and ends without one when whoever holds the other end
does. Of what the command line of Jupyter Book does this is the part that builds, with pages read and written
side by side, which that command line has no option for.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path


def wait_and_build(control: socket.socket, config: Path) -> int:
    """Import what ``config`` asks for, then build as ordered; the exit code is returned.

    An order is JSON: the folders ``source`` and ``output``, whether to be ``strict``, how many ``jobs``, and
    the ``epoch`` that pages are dated by. The build's lock comes with it and is held to the end.
    """
    from jupyter_book.config import get_final_config
    from jupyter_book.sphinx import build_sphinx
    from sphinx.application import builtin_extensions

    settings, _ = get_final_config(user_yaml=config, cli_config={"latex_individualpages": False})
    for name in (*builtin_extensions, *settings["extensions"], "myst_nb.sphinx_ext"):
        with suppress(Exception):  # it fails again, and is told, when the extension is set up
            importlib.import_module(name)
    gc.freeze()
    gc.disable()  # the process ends with its build: what a collection frees is not worth its time
    order, _, _, _ = socket.recv_fds(control, 4096, 1)
    if not order:
        return 1
    given = json.loads(order)
    os.environ["SOURCE_DATE_EPOCH"] = given["epoch"]
    source, output = Path(given["source"]), Path(given["output"])
    result = build_sphinx(
        source,
        output / "html",
        noconfig=True,
        path_config=source / "_config.yml",
        confoverrides={
            "external_toc_path": str(source / "_toc.yml"),
            "latex_individualpages": False,
            "nitpicky": True,
        },
        warningiserror=given["strict"],
        keep_going=given["strict"],
        quiet=True,
        jobs=given["jobs"],
    )
    return result if isinstance(result, int) else 1  # else the error that it has printed


if __name__ == "__main__":
    sys.exit(wait_and_build(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
