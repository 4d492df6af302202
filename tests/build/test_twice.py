from __future__ import annotations

import subprocess
import sys

import pytest

from analysis.build import manifest
from analysis.build.book import Options, build
from analysis.build.tree import BuildError, Tree, digests
from analysis.build.twice import twice
from tests.build.tiny_book import cell, notebook, write_page

pytestmark = [pytest.mark.book, pytest.mark.usefixtures("made_up_data_is_fine")]
# The tiny book's made-up data would not pass the checks of real data.
SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from analysis.build import checks
from analysis.__main__ import main
checks.check, checks.cutoff = lambda tree: None, lambda tree, chosen: date(2025, 2, 7)
sys.exit(main(sys.argv[1:], Path.cwd()))
"""
COMMAND = (sys.executable, "-c", SCRIPT)


@pytest.mark.long
def test_two_clean_builds_under_different_settings_are_the_same(tree: Tree) -> None:
    files, site = twice(tree, command=COMMAND)
    build(tree, Options(quiet=True))
    assert (files, site) == (len(digests(tree.site)), manifest.site_hash(digests(tree.site)))
    assert not (tree.build / "twice").exists()


@pytest.mark.long
def test_what_differs_is_named(tree: Tree) -> None:
    differs = "from IPython.display import HTML\nimport uuid\nHTML(f'<b>{uuid.uuid4()}</b>')"
    write_page(tree, "words", "# Words\n")
    write_page(tree, "index", notebook("The answer"))
    write_page(tree, "aws", notebook("AWS", cell(differs)))
    with pytest.raises(BuildError) as caught:
        twice(tree, command=COMMAND)
    named = {problem.removesuffix(": differs between two clean builds") for problem in caught.value.problems}
    assert {"aws.html", "_sources/aws.ipynb"} <= named
    assert "words.html" not in named
    assert not (tree.build / "twice").exists()


def test_a_build_that_fails_says_why(tree: Tree) -> None:
    write_page(tree, "words", "# Words\n\n{num}`aws.salse`\n")
    with pytest.raises(BuildError, match=r"^book/words.md:3: no number 'aws.salse'"):
        twice(tree, command=COMMAND)


def test_the_site_has_its_hash_beside_it(built: Tree) -> None:
    command = "find * -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum"
    listed = subprocess.run(["sh", "-c", command], cwd=built.site, check=True, capture_output=True, text=True)
    assert built.site_hash.read_text(encoding="utf-8") == f"{listed.stdout.split()[0]}  html\n"
