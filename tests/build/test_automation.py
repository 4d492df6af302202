from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.__main__ import parser
from analysis.build.commands import VERBS
from tests.build.tiny_book import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def load(path: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in load(path)["jobs"].values() for step in job.get("steps", [])]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_to_a_commit_with_its_version_beside_it(path: Path) -> None:
    uses = [line for line in path.read_text(encoding="utf-8").splitlines() if re.search(r"\buses:", line)]
    assert uses
    for line in uses:
        assert re.search(r"uses: (?:\./|[\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$)", line), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_do_no_more_than_they_need(path: Path) -> None:
    allowed = {"contents": "read", "pages": "write", "id-token": "write"}
    workflow = load(path)
    granted = [workflow["permissions"], *(job.get("permissions", {}) for job in workflow["jobs"].values())]
    assert all(entry.items() <= allowed.items() for entry in granted)


def test_each_push_and_pull_request_is_tested_and_built_and_main_is_published() -> None:
    workflow = load(ROOT / ".github" / "workflows" / "book.yml")
    triggers = workflow[True]  # YAML reads the key "on" as true
    assert "pull_request" in triggers
    assert triggers["push"] == {"branches": ["main"]}
    commands = {step.get("run") for step in steps(ROOT / ".github" / "workflows" / "book.yml")}
    assert {".ci/run", "make check", "make book"} <= commands
    deploy = workflow["jobs"]["deploy"]
    assert deploy["needs"] == ["test", "build"]
    assert "refs/heads/main" in deploy["if"]


def test_packages_are_cached_by_the_hash_of_the_lock() -> None:
    keys = [
        step["with"]["key"]
        for step in steps(ROOT / ".github" / "workflows" / "book.yml")
        if "key" in step.get("with", {})
    ]
    assert len(keys) == 2
    assert all("hashFiles('requirements.txt')" in key for key in keys)


def test_the_book_is_built_every_week() -> None:
    workflow = load(ROOT / ".github" / "workflows" / "weekly.yml")
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", workflow[True]["schedule"][0]["cron"])
    assert workflow["jobs"]["book"]["uses"] == "./.github/workflows/book.yml"


def test_ci_installs_a_browser_and_calls_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert "apt-get install" in text
    assert text.rstrip().splitlines()[-1] == "make test"
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_make_knows_every_verb_and_calls_it() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {"book", "check", "serve", "add-quarter", "clean"}
    assert targets <= set(VERBS)
    for target in targets:
        assert re.search(rf"^{target}:.*\n\t@\$\((?:RUN|PYTHON)\)[^\n]* {target}\b", text, re.MULTILINE), (
            target
        )


def test_help_lists_every_verb() -> None:
    shown = parser().format_help()
    for name, verb in VERBS.items():
        assert name in shown
        assert verb.about[:30] in shown


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["AS_OF=2024Q4", "SCENARIO=bull", "book"], "book --as-of 2024Q4 --scenario bull"),
        (["book"], "book"),
        (["serve", "PORT=9000"], "serve --port 9000"),
        (["add-quarter", "Q=2026Q1", "XBRL=filing.xml"], "add-quarter 2026Q1 --xbrl filing.xml"),
        (["test"], ".venv/bin/python -m pytest -n 2"),
    ],
)
def test_make_passes_what_was_asked_for(arguments: list[str], expected: str) -> None:
    done = subprocess.run(["make", "-n", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    assert expected in " ".join(done.stdout.split())
