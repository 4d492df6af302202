"""Charts drawn for all notebooks by the build itself, while others still run, and kept between builds.

A notebook hands over what is to be drawn (:class:`analysis.charts.drawing.Drawing`). A drawing is kept under
the hash of that, of the code and fonts that draw and of the version of the library.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis.build import payloads
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree, digest, read_record, remove, write_record
from analysis.charts import drawing, html, theme
from analysis.charts.drawing import Drawing, filled

_USED = "drawings.json"  # what the pages of an edition under a scenario use, beside their outputs
_SOURCES = (drawing, html, theme)


class Drawings:
    """Draws in a thread of its own: the library starts once, and lets other threads run while it draws."""

    def __init__(self, tree: Tree) -> None:
        self.folder = tree.cache / "drawings"
        self._thread = ThreadPoolExecutor(1)
        self._asked: dict[str, Future[dict[str, str]]] = {}
        code = [Path(module.__file__).read_bytes() for module in _SOURCES if module.__file__]
        code += [path.read_bytes() for path in sorted(drawing.FONTS.glob("*.ttf"))]
        self._versions = digest(b"\0".join([version("vl-convert-python").encode(), *code]))

    def ask(self, notebook: Any) -> None:
        """Begin to draw what an executed notebook asks for."""
        for _, wanted in _wanted(notebook):
            key = self._key(wanted)
            if key not in self._asked:
                self._asked[key] = self._thread.submit(self._parts, key, wanted)

    def put_in(self, notebook: Any, where: str) -> None:
        """Put the drawings that a notebook asked for into the HTML of its outputs, in place of the wish.

        Raises ``BuildError`` naming the page and the chart that cannot be drawn.
        """
        for output, wanted in _wanted(notebook):
            try:
                parts = self._asked[self._key(wanted)].result()
            except ValueError as error:
                raise BuildError([f"{where}: {wanted['id']} cannot be drawn: {error}"]) from error
            payload = output.data[payloads.MIME]
            payload["html"] = filled(payload["html"], parts)
            if "text/html" in output.data:
                output.data["text/html"] = filled(output.data["text/html"], parts)
            del payload["drawing"]

    def keep_only(self, parameters: Parameters) -> None:
        """Remove the drawings that no page uses: of what a whole book asked for here, and of what those of
        other editions and scenarios asked for when they were built.
        """
        books = self.folder.parent
        write_record(
            books / parameters.as_of / parameters.scenario / _USED, {"drawings": sorted(self._asked)}
        )
        used = {key for path in books.glob(f"*/*/{_USED}") for key in read_record(path).get("drawings", [])}
        for path in self.folder.glob("*.json"):
            if path.stem not in used:
                remove(path)

    def close(self) -> None:
        """Draw nothing more than what is being drawn."""
        self._thread.shutdown(cancel_futures=True)

    def _key(self, wanted: Mapping[str, Any]) -> str:
        return digest(f"{self._versions} {json.dumps(wanted, sort_keys=True)}".encode())

    def _parts(self, key: str, wanted: Mapping[str, Any]) -> dict[str, str]:
        path = self.folder / f"{key}.json"
        parts = read_record(path)
        if not parts:
            parts = Drawing(**wanted).parts()
            write_record(path, parts)
        return parts


def _wanted(notebook: Any) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            payload = output.get("data", {}).get(payloads.MIME, {})
            if "drawing" in payload:
                yield output, payload["drawing"]
