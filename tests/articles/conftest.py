"""The real articles judged once, and a copy of ``data/`` that a test may break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.articles import Judge, JudgedClaim, open_judge
from analysis.data import open_edition

DATA = Path(__file__).resolve().parents[2] / "data"
LATEST = "2025Q4"


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
