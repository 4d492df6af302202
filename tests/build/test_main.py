"""The command line's manners."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.__main__ import main
from tests.build.tiny_book import write_book

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_reader_who_leaves_early_gets_no_traceback(closed: str, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    code = (
        "import analysis.__main__ as top\n"
        "from analysis.build.commands import VERBS\n"
        "from dataclasses import replace\n"
        "import sys\n"
        f"def talk(tree, chosen): print('word ' * 100_000, file=sys.{closed}, flush=True); return 0\n"
        "VERBS['check'] = replace(VERBS['check'], run=talk)\n"
        "sys.exit(top.main(['check']))\n"
    )
    with other.open("wb") as file:
        streams = {"stdout": file, "stderr": file, closed: subprocess.PIPE}
        running = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, **streams)
        pipe = getattr(running, closed)
        pipe.read(5)
        pipe.close()
        assert running.wait() == 1
    assert other.read_text(encoding="utf-8") == ""


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_verb_needs_nobody_to_read_it(closed: str) -> None:
    """And no file that it opens, nor one of a process that it starts, takes the place of a closed stream."""
    code = (
        "import sys; import analysis.__main__ as top\n"
        "from analysis.build.commands import VERBS\n"
        "from dataclasses import replace\n"
        "import subprocess\n"
        "def talk(tree, chosen):\n"
        "    sys.stdout.write('said'); sys.stderr.write('told')\n"
        "    opens = 'import os, sys; sys.exit(open(os.devnull).fileno() < 3)'\n"
        "    return (open('/dev/null').fileno() < 3) + subprocess.call([sys.executable, '-c', opens])\n"
        "VERBS['check'] = replace(VERBS['check'], run=talk)\n"
        "sys.exit(top.main(['check']))\n"
    )
    command = ["sh", "-c", f'exec "$0" -c "$1" {closed}', sys.executable, code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    told = ("" if " >&-" in f" {closed}" else "said", "" if "2>&-" in closed else "told")
    assert (done.returncode, done.stdout, done.stderr) == (0, *told)


def test_the_day_of_a_build_is_not_taken_from_the_environment() -> None:
    """NumPy reads it as a number."""
    command = [sys.executable, "-m", "analysis", "export", "--as-of", "1999Q1"]
    told = {**os.environ, "SOURCE_DATE_EPOCH": "today"}
    done = subprocess.run(command, cwd=ROOT, env=told, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr[:23]) == (1, "error: AS_OF: '1999Q1' ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["page", "a\nb"], r"book/a\nb.md: does not exist"),
        (["page", "\x1b[31m"], r"book/\x1b[31m.md: does not exist"),
        (["add-quarter", "a\nb"], r"data/amazon/quarters/a\nb.yml: quarter: 'a\nb' is not a quarter"),
    ],
)
def test_a_problem_is_one_line_whatever_was_given(
    arguments: list[str], told: str, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tree = write_book(tmp_path)
    assert main(arguments, tree.root) == 1
    assert capfd.readouterr().err.splitlines()[0].startswith(f"error: {told}")
