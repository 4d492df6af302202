"""Publish an edition: when check, book and tests are clean, what it says is kept and told."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from analysis.build import checks, keys, lint, readme
from analysis.build.book import Options, build
from analysis.build.pdf import browser, find_chromium
from analysis.build.tree import BuildError, Tree, replace_file
from analysis.data import Edition, open_edition
from analysis.data.edition import latest_label
from analysis.data.reads import exists
from analysis.data.vintages import vintage_file

PICTURE = "docs/first-page.png"
WIDTH, HEIGHT = 1280, 1000
_VERSION = re.compile(r"^## (\d+)\.(\d+)\.(\d+) ", re.MULTILINE)
_UNRELEASED = "## Unreleased\n"


def publish_edition(tree: Tree, tests: Callable[[Tree], bool] | None = None) -> list[Path]:
    """Keep the latest edition as published and say so; the files written.

    Those are the vintage with its near forecasts, README's answer and picture, the changelog's heading and
    line, and CITATION.cff. Raises ``BuildError``, with every file as it was, unless the check, the book and
    then the tests (by default the whole suite) are clean; an edition is not published twice, nor while it is
    being published, nor over what a run that was killed has left.
    """
    edition = open_edition(latest_label(tree.data), root=tree.data)
    files = (f"data/{vintage_file(edition.label)}", "README.md", "CHANGELOG.md", "CITATION.cff", PICTURE)
    begun = tree.build / "publishing"
    if begun.exists():
        wrong = "publishing was begun and has not ended"
        mend = f"once nothing runs any more, `git checkout {' '.join(files[1:])}` and `rm {files[0]}"
        raise BuildError([f"{tree.name(begun)}: {wrong} (expected, {mend} {tree.name(begun)}`)"])
    if exists(tree.data, vintage_file(edition.label)):
        raise BuildError([f"data/{vintage_file(edition.label)}: {edition.label} was published already"])
    chromium = find_chromium()
    if chromium is None:
        raise BuildError(
            [f"{PICTURE}: no Chromium was found to take the picture (expected CHROMIUM, its path)"]
        )
    problems = checks.problems(tree) or checks.implausible(tree)
    if problems:
        raise BuildError(problems)
    lint.check(tree)
    keys.check(tree)
    build(tree, Options())
    written = [tree.root / name for name in files]
    before = {path: path.read_bytes() if path.is_file() else None for path in written}
    begun.touch(exist_ok=False)
    try:
        _write(tree, edition, chromium)
        if not (tests or whole_suite)(tree):
            wrong = "tests: not all pass, so nothing was published"
            raise BuildError([f"{wrong} (expected no failure of `make test test-pages`)"])
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                replace_file(path, content)
        raise
    finally:
        begun.unlink(missing_ok=True)
    return written


def whole_suite(tree: Tree) -> bool:
    """Whether the tests pass, every page in the browser included; their output goes where this one's goes."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "3", "--dist", "loadgroup", "-m", "not long"]
    return subprocess.run(command, cwd=tree.root, check=False).returncode == 0


def _write(tree: Tree, edition: Edition, chromium: str) -> None:
    from analysis.valuation.changes import change
    from analysis.valuation.vintages import record

    led = change(edition)
    record(edition)
    path, text = readme.current(tree)
    replace_file(path, text.encode())
    changelog = tree.changelog.read_text(encoding="utf-8")
    version = next_version(changelog)
    bridges = led.bridges if led else {}
    moved = [f"{_name(name)} {bridge.then} → {bridge.now}" for name, bridge in bridges.items()]
    line = f"- **Edition {edition.label}**, with what was public by {edition.cutoff}: {'; '.join(moved)}.\n"
    replace_file(tree.changelog, with_release(changelog, version, edition, line if moved else "").encode())
    citation = tree.root / "CITATION.cff"
    replace_file(citation, cited(citation.read_text(encoding="utf-8"), version, edition).encode())
    with ThreadPoolExecutor(1) as apart:  # Playwright refuses a thread in which an event loop runs
        apart.submit(_picture, tree, chromium).result()


def _name(output: str) -> str:
    if output.startswith("odds."):
        return f"chance to stand above ${output.split('.')[1]}"
    return "base scenario"


def next_version(changelog: str) -> str:
    """The version after the changelog's last: an edition raises the second number.

    >>> next_version("## 1.4.2 – edition 2025Q4, 2026-03-31")
    '1.5.0'
    """
    last = _VERSION.search(changelog)
    return f"{last[1]}.{int(last[2]) + 1}.0" if last else "1.0.0"


def with_release(changelog: str, version: str, edition: Edition, line: str) -> str:
    """The changelog with what was unreleased under the edition's heading, ``line`` on top of it."""
    before, unreleased, rest = changelog.partition(_UNRELEASED)
    if not unreleased:
        raise BuildError([f"CHANGELOG.md: there is no heading {_UNRELEASED.strip()!r}"])
    heading = f"## {version} – edition {edition.label}, {edition.cutoff}\n"
    told = f"\n### The answer\n\n{line}" if line else ""
    return f"{before}{unreleased}\n{heading}{told}{rest}"


def cited(citation: str, version: str, edition: Edition) -> str:
    """The citation with the version and the day of the edition."""
    lines = {"version": f'version: "{version}"', "date-released": f"date-released: {edition.cutoff}"}
    for key, line in lines.items():
        citation, count = re.subn(rf"^{key}: .*$", line, citation, flags=re.MULTILINE)
        if count != 1:
            raise BuildError([f"CITATION.cff: {key} is given {count} times (expected once)"])
    return citation


def _picture(tree: Tree, chromium: str) -> None:
    """The first page as it opens, in light colours."""
    with browser(chromium) as opened:
        size = {"width": WIDTH, "height": HEIGHT}
        tab = opened.new_context(viewport=size, color_scheme="light").new_page()  # type: ignore[arg-type]  # playwright's own dict type
        tab.goto((tree.site / "index.html").resolve().as_uri())
        tab.wait_for_load_state("networkidle")
        tab.screenshot(path=tree.root / PICTURE)
