"""The Vega that the site serves is the one that specifications are compiled for."""

from __future__ import annotations

import re
from pathlib import Path

import vl_convert

FOLDER = Path(__file__).parents[2] / "book" / "_static" / "vega"


def test_versions_agree() -> None:
    head = (FOLDER / "vega.js").read_text(encoding="utf-8")[:200]
    match = re.search(r"vega (\d+\.\d+\.\d+)", head)
    assert match is not None
    assert match[1] == vl_convert.get_vega_version()
    assert f"vega@{match[1]} " in (FOLDER / "build.sh").read_text(encoding="utf-8")


def test_bundle_asks_no_other_host() -> None:
    text = (FOLDER / "vega.js").read_text(encoding="utf-8")
    addresses = set(re.findall(r"https?://[\w./-]+", text))
    assert addresses <= {
        "http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg", "http://www.w3.org/2000/xmlns/",
    }  # fmt: skip
