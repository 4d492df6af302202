"""The real articles judged once, and a copy of ``data/`` that a test may break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.articles import Judge, JudgedClaim, open_judge
from analysis.data import open_edition

DATA = Path(__file__).resolve().parents[2] / "data"
LATEST = "2025Q4"
Edit = Callable[[str, str, str], None]


@pytest.fixture(scope="session")
def judge() -> Judge:
    return open_judge(open_edition(LATEST))


@pytest.fixture(scope="session")
def claims(judge: Judge) -> dict[str, JudgedClaim]:
    """Every claim of the latest edition, judged, by its id."""
    return {claim.claim.id: claim for claim in judge.claims()}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the repository's data folder, this test's own."""
    return shutil.copytree(DATA, tmp_path / "data")


@pytest.fixture
def edit(data: Path) -> Edit:
    """Replace text that occurs once in a file of the copy."""

    def replace(name: str, old: str, new: str) -> None:
        path = data / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
