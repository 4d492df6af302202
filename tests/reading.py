"""Data files as they are written, read without the report's own loaders."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parents[1] / "data"


@cache
def written(path: str) -> Any:
    """A YAML file below ``data/`` as it is written."""
    return yaml.safe_load((DATA / path).read_text(encoding="utf-8"))


def reported(field: str, *quarters: str) -> float:
    """A field of the quarter files summed over quarters, in USD billions."""
    added = 0.0
    for label in quarters:
        entry = written(f"amazon/quarters/{label}.yml")
        for key in field.split("."):
            entry = entry[key]
        added += entry
    return added / 1000


def drivers(scenario: str = "base") -> dict[str, dict[str, Any]]:
    """The drivers of a scenario's file: of bull and bear, only what they change."""
    found: dict[str, dict[str, Any]] = written(f"scenarios/{scenario}.yml")["drivers"]
    return found
