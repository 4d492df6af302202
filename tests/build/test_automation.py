from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.__main__ import main, parser
from analysis.build import checks, keys, lint, schemas
from analysis.build.commands import VERBS
from tests.build.tiny_book import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def made(*arguments: str) -> list[str]:
    """The lines that make prints, as it would were it not make that runs the tests."""
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def load(path: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_to_a_commit_with_its_version_beside_it(path: Path) -> None:
    uses = [line for line in path.read_text(encoding="utf-8").splitlines() if re.search(r"\buses:", line)]
    assert uses
    for line in uses:
        assert re.search(r"uses: (?:\./|[\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$)", line), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_job_may_do_what_it_needs_and_no_more(path: Path) -> None:
    allowed = {"contents": "read", "pages": "write", "id-token": "write"}
    workflow = load(path)
    assert workflow["permissions"] == {}
    assert all(job["permissions"].items() <= allowed.items() for job in workflow["jobs"].values())


def test_each_push_and_pull_request_is_tested_and_built_and_main_is_published() -> None:
    workflow = load(ROOT / ".github" / "workflows" / "book.yml")
    triggers = workflow[True]  # YAML reads the key "on" as true
    assert "pull_request" in triggers
    assert triggers["push"] == {"branches": ["main"]}
    steps = workflow["jobs"]["build"]["steps"]
    event = "github.event_name {} 'pull_request'"
    asked, published = event.format("=="), event.format("!=")
    assert [(step["run"], step.get("if")) for step in steps if "run" in step] == [
        ("make pdf-set", None),
        ("make check", None),
        ("make book", asked),
        ('make diff >> "$GITHUB_STEP_SUMMARY"', asked),
        ("make editions pdf", published),
        ("cp _build/pdf/book.pdf _build/editions/html/downloads/", published),
    ]
    kept = [(step["with"]["path"], step["if"]) for step in steps if "upload-" in step.get("uses", "")]
    assert kept == [("_build/html", asked), ("_build/editions/html", published)]
    deploy = workflow["jobs"]["deploy"]
    assert deploy["needs"] == ["test", "build"]
    assert "refs/heads/main" in deploy["if"]


def test_the_packages_that_a_job_installs_are_cached_by_the_hash_of_their_lock() -> None:
    installs = {"make pdf-set": "requirements-pdf.txt"}
    for path in WORKFLOWS:
        for job in load(path)["jobs"].values():
            commands = {step.get("run") for step in job.get("steps", [])}
            lock = next((installs[name] for name in installs if name in commands), "requirements-dev.txt")
            set_up = [step["with"] for step in job.get("steps", []) if "setup-python" in step.get("uses", "")]
            assert len(set_up) == any(commands - {None})
            assert all((each["cache"], each["cache-dependency-path"]) == ("pip", lock) for each in set_up)


def test_every_promised_python_is_tested_the_oldest_with_the_whole_suite() -> None:
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first, last = re.findall(r"3\.(\d+)", promised["requires-python"])
    workflow = load(ROOT / ".github" / "workflows" / "book.yml")
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]["include"]
    oldest, *later = (f"3.{minor}" for minor in range(int(first), int(last)))
    expected = [
        (oldest, ".ci/run"),
        (oldest, "make test-pages"),
        *((each, "make test-quick") for each in later),
    ]
    assert [(each["python"], each["command"]) for each in matrix] == expected


def test_the_book_is_built_every_week() -> None:
    workflow = load(ROOT / ".github" / "workflows" / "weekly.yml")
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", workflow[True]["schedule"][0]["cron"])
    assert workflow["jobs"]["book"]["uses"] == "./.github/workflows/book.yml"
    assert workflow["jobs"]["long"]["steps"][-1] == {"run": "make test-all"}


def test_the_newest_versions_are_tried_every_week_and_stop_nothing() -> None:
    job = load(ROOT / ".github" / "workflows" / "weekly.yml")["jobs"]["newest"]
    assert job["continue-on-error"] is True
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert (commands[0], commands[-1]) == ("make lock", "make test-quick")


def test_a_hosted_lab_installs_the_locked_book_and_the_package() -> None:
    folder = ROOT / ".binder"
    asked = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()[-1].removeprefix("-r ")
    assert (folder / asked).resolve() == ROOT / "requirements.txt"
    assert (folder / "runtime.txt").read_text(encoding="utf-8") == "python-3.11\n"
    assert os.access(folder / "postBuild", os.X_OK)
    assert subprocess.run(["bash", "-n", str(folder / "postBuild")], check=False).returncode == 0


def test_a_lab_opens_pages_as_notebooks_by_its_settings(tmp_path: Path) -> None:
    """JupyterLab takes no kind of view from an address, and prints its own with a key behind it."""
    *_, setting, start = made("--dry-run", "lab")
    address = re.search(r"--LabApp.default_url=/lab/tree/(\S+)", start)
    assert address
    assert (ROOT / address[1]).is_file()
    words = setting.split()
    file = words[words.index("--settings-file") + 1]
    assert file == ".venv/etc/jupyter/labconfig/default_setting_overrides.json"  # where JupyterLab looks
    written = tmp_path / "settings.json"
    subprocess.run(setting.replace(file, str(written)), shell=True, cwd=ROOT, check=True)
    viewers = {
        "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Jupytext Notebook"}}
    }
    assert json.loads(written.read_text(encoding="utf-8")) == viewers
    hosted = (ROOT / ".binder" / "postBuild").read_text(encoding="utf-8")
    assert f"jupytext-config {' '.join(words[-2:])}\n" in hosted


def test_ci_installs_a_browser_and_calls_lint_and_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert "apt-get install" in text
    assert text.rstrip().splitlines()[-3:] == ["make lint", "make test", "make test-pages"]
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_make_knows_every_verb_and_calls_it() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {"book", "editions", "check", "serve", "add-quarter", "clean"}
    assert targets <= set(VERBS)
    for target in targets:
        assert re.search(rf"^{target}:.*\n\t@\$\((?:RUN|PYTHON)\)[^\n]* {target}\b", text, re.MULTILINE), (
            target
        )


def test_make_help_says_what_every_target_does() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", text, re.MULTILINE)
    shown = made("help")
    assert [line.split()[0] for line in shown] == targets
    assert all(len(line.split()) > 2 for line in shown)


def test_the_readme_names_every_target_and_every_verb() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in targets if f"make {name}" not in readme] == []
    assert [name for name in VERBS if name not in targets and f"`{name}`" not in readme] == []


def test_add_quarter_without_a_quarter_says_how_to_name_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add-quarter"], ROOT) == 1
    assert "make add-quarter Q=2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["exprot"], "'exprot' is no verb (expected nearest: export)"),
        (["book", "--folder", "/etc"], "--folder: /etc is outside the checkout"),
        (["book", "--folder", "../elsewhere"], "--folder: ../elsewhere is outside the checkout"),
        (["book", "--folder", "."], "--folder: . is outside the checkout"),
        (["book", "--folder", "data"], "--folder: data is there and no build made it"),
        (["book", "--folder", "tests/new"], "--folder: tests is there and no build made it"),
        (["page", "../README"], "does not exist (expected one of "),
        (["diff", "2024Q3", "2030Q1"], "'2030Q1' is not an edition"),
        (
            ["serve", "--as-of", "2025q4"],
            "'2025q4' is not an edition in data/editions (expected nearest: ",
        ),
    ],
)
def test_what_a_verb_cannot_take_is_refused_before_anything_is_done(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, ROOT) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["book", "--workers", "0"], "'0' is not one (expected a whole number, 1 or more)"),
        (["bench", "--runs", "-1"], "'-1' is not one (expected a whole number, 1 or more)"),
        (["pdf", "--workers", "1.5"], "'1.5' is not one (expected a whole number, 1 or more)"),
        (["score", "--scenario", "bull"], "unrecognized arguments: --scenario bull"),  # it scores the base
    ],
)
def test_an_option_that_a_verb_cannot_take_is_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments, ROOT)
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("problem", "shown"),
    [
        (
            "data/targets.yml: 4T.horizon: 'soon' is not a date (expected 100% a day)",
            "::error file=data/targets.yml::4T.horizon: 'soon' is not a date (expected 100%25 a day)",
        ),
        ("book/aws.md:12: no number 'aws.salse'", "::error file=book/aws.md,line=12::no number 'aws.salse'"),
        ("no edition", "::error::no edition"),
    ],
)
def test_on_github_a_problem_stands_beside_its_file(
    problem: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "problems", lambda tree: [problem])
    for step in (lint, keys, schemas):
        monkeypatch.setattr(step, "check", lambda tree: None)
    assert main(["check"], ROOT) == 1
    assert capsys.readouterr().out.splitlines() == [problem] or "GITHUB_ACTIONS" in os.environ
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert main(["check"], ROOT) == 1
    assert capsys.readouterr().out.splitlines() == [shown]


def test_help_lists_every_verb() -> None:
    shown = parser().format_help()
    for name, verb in VERBS.items():
        assert name in shown
        assert verb.about[:30] in shown


@pytest.mark.parametrize(
    ("arguments", "verb", "given"),
    [
        (["AS_OF=2024Q4", "SCENARIO=bull", "book"], "book", {"AS_OF": "2024Q4", "SCENARIO": "bull"}),
        (["book"], "book", {}),
        (["editions", "EXECUTOR=dask://host:8786"], "editions", {"EXECUTOR": "dask://host:8786"}),
        (["serve", "PORT=9000"], "serve", {"PORT": "9000"}),
        (
            ["add-quarter", "Q=2026Q1", "XBRL=a $(x).xml"],
            "add-quarter",
            {"Q": "2026Q1", "XBRL": "a $(x).xml"},
        ),
    ],
)
def test_make_passes_what_was_asked_for(arguments: list[str], verb: str, given: dict[str, str]) -> None:
    *environment, ran = made("PYTHON=true", "RUN=env; echo", *arguments)
    found = dict(line.removeprefix("REPORT_").split("=", 1) for line in environment if "REPORT_" in line)
    assert ran == verb
    assert {name: value for name, value in found.items() if value} == given
