"""What a running notebook uses of the checkout, and what it may not do, seen from inside its process.

An audit hook sees every file that Python opens, every module it runs and every folder it lists,
whichever library asks, so the record cannot be forgotten by the code that reads. It is not told when somebody
asks whether there is a file or a module: those functions of :mod:`os` are wrapped, and whoever looks for a
module asks the record first. The record is a line each: the hash
of what was there when it was read, and the path; a folder that was listed ends with a slash.
While cells run, the hook refuses what no result may depend on or leave behind.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from types import CodeType
from typing import Any

from analysis.build.imports import PACKAGE
from analysis.build.tree import LEFT_OUT, digest

NO_FILE = "unending"
_ASKED = ("access", "lstat", "stat")  # functions of os that no audit hook is told of
_IMPORTS = "<frozen importlib._bootstrap_external>"  # what lists folders to find modules in them
_SYSTEM = ("/etc", "/usr", "/lib", "/lib64", "/bin", "/proc", "/sys", "/dev", "/nix", "/System", "/Library")
_WRITES = {
    f"os.{verb}" for verb in ("chmod", "chown", "link", "mkdir", "remove", "rename", "rmdir", "symlink",
                              "truncate", "utime")
}  # fmt: skip
_NETWORK = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo")
_PROCESSES = ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn")
_WATCHED = frozenset(
    {
        "open",
        "exec",
        "sqlite3.connect",
        "os.listdir",
        "os.scandir",
        *_WRITES,
        *_NETWORK,
        *_PROCESSES,
    }
)


class Record:
    """The record of one process, from now on; it is kept in memory until there is a file to write it to."""

    def __init__(self, root: Path) -> None:
        self._prefix = f"{root}{os.sep}"
        self._seen: dict[str, str] = {}
        self._handle: int | None = None
        self._own = ""
        self._readable: tuple[str, ...] = ()
        self._is_guarded = False
        self._is_paused = False
        sys.addaudithook(self._hook)
        sys.meta_path.insert(0, self)
        for name in _ASKED:
            self._wrap(name)

    def _wrap(self, name: str) -> None:
        ask = getattr(os, name)

        def asked(path: Any, *arguments: Any, **options: Any) -> Any:
            if options.get("dir_fd") is None:
                self._note(path, is_read=False)
            return ask(path, *arguments, **options)

        for able in (
            os.supports_dir_fd,
            os.supports_effective_ids,
            os.supports_fd,
            os.supports_follow_symlinks,
        ):
            if ask in able:
                able.add(asked)
        setattr(os, name, asked)

    def pause(self) -> None:
        """Record nothing until a page begins."""
        self._is_paused = True

    def begin(self, root: Path, scratch: Path, log: Path) -> None:
        """Write the record of a page to ``log``; ``scratch`` is the folder that is its own.

        What was read before is part of it, modules left out: those are known from what imports them.
        """
        self._prefix, self._own = f"{root}{os.sep}", f"{scratch}{os.sep}"
        python = {sys.prefix, sys.base_prefix, *sys.path, *map(os.path.realpath, (sys.prefix, *sys.path))}
        self._readable = tuple(
            f"{place.rstrip(os.sep)}{os.sep}" for place in (*_SYSTEM, *python - {"", str(root)})
        )
        self._is_paused = False
        self._handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for line, state in self._seen.items():
            os.write(self._handle, f"{state} {line}\n".encode())

    def guard(self) -> None:
        """Refuse from now on what reaches out of the checkout and the page's own folder."""
        self._is_guarded = True

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _WATCHED:  # most are not, and there are millions
            return
        if event == "open":
            if _is_written(arguments):
                self._change(arguments[0])
            else:
                self._note(arguments[0])
        elif event == "exec":
            if self._handle is not None and isinstance(arguments[0], CodeType):
                self._note(arguments[0].co_filename, is_read=False)
        elif event in ("os.listdir", "os.scandir"):
            if sys._getframe(1).f_code.co_filename != _IMPORTS:
                self._note(arguments[0], "/")
        elif not self._is_guarded:
            return
        elif event in _WRITES:
            for argument in arguments:
                self._change(argument)
        elif event == "sqlite3.connect":
            if arguments[0] != ":memory:":
                raise PermissionError("a database is read unseen (expected a file that Python opens)")
        elif event in _NETWORK:
            raise PermissionError(f"the network is not asked while cells run ({event})")
        elif event in _PROCESSES:
            raise PermissionError(f"no other program is started while cells run ({event})")

    def _note(self, path: object, ending: str = "", is_read: bool = True) -> None:
        full = _absolute(path)
        if full is None:
            return
        line = full.removeprefix(self._prefix) + ending
        is_within = full.startswith(self._prefix) and not f"{line}/".startswith((".venv/", "_build/"))
        if not is_within:
            if self._is_guarded and is_read and not f"{full}/".startswith((self._own, *self._readable)):
                raise PermissionError(f"{full} is read (expected files of the checkout only)")
        elif not self._is_paused and _is_input(line, self._handle is None):
            if line not in self._seen:
                self._seen[line] = ""
                self._seen[line] = state = state_of(Path(self._prefix), line)
                if self._handle is not None:
                    os.write(self._handle, f"{state} {line}\n".encode())
            if is_read and self._seen[line] == NO_FILE:
                raise PermissionError(f"{line} is read and is no file (expected a file)")

    def find_spec(self, module: str, *where: object) -> None:
        """A module of ours is looked for in two places, and may come to be in either."""
        if module.startswith(f"{PACKAGE}."):
            place = f"{self._prefix}{module.replace('.', os.sep)}"
            self._note(f"{place}{os.sep}__init__.py", is_read=False)
            self._note(f"{place}.py", is_read=False)

    def _change(self, path: object) -> None:
        full = _absolute(path)
        if self._is_guarded and full not in (None, os.devnull) and not f"{full}/".startswith(self._own):
            raise PermissionError(f"{full} is written (expected nothing outside the folder in TMPDIR)")


def state_of(root: Path, use: str) -> str:
    """Hash of a file's bytes, or of the names in a folder if ``use`` ends with a slash; "folder" for one that
    was asked for and not listed, "absent" for what is not there, and :data:`NO_FILE` for a pipe or a socket,
    which nobody would ever be done with reading.
    """
    path = root / use
    try:
        if use.endswith("/"):
            return digest("\n".join(sorted(set(os.listdir(path)) - {*LEFT_OUT})).encode())
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            return digest(path.read_bytes())
        return "folder" if stat.S_ISDIR(mode) else NO_FILE
    except (FileNotFoundError, NotADirectoryError):
        return "absent"


def recorded(log: Path) -> dict[str, str]:
    """What a log says was used, with the state it was in when it was used first."""
    lines = (line.partition(" ") for line in log.read_text(encoding="utf-8").splitlines())
    return {use: state for state, _, use in lines}


def _absolute(path: object) -> str | None:
    if not isinstance(path, str | bytes | os.PathLike):
        return None
    name = os.fsdecode(path)
    return None if name.startswith("<") else os.path.abspath(name)  # <string>: no file


def _is_input(line: str, is_before: bool) -> bool:
    """Whether it counts: modules that were imported before are known from what imports them."""
    is_module = line.startswith(f"{PACKAGE}/") and line.endswith(".py")
    return "__pycache__" not in line and not (is_before and is_module)


def _is_written(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2] if isinstance(arguments[2], int) else 0
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
