from __future__ import annotations

from pathlib import Path

import pytest

from analysis.build.tree import read_record, write_record

RECORD = {"pages": {"aws": 12345, "index": None}, "names": ["a", "b"]}


def test_what_is_remembered_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_record(tmp_path / "below" / "record.json", RECORD)
    assert read_record(tmp_path / "below" / "record.json") == RECORD
    assert [path.name for path in (tmp_path / "below").iterdir()] == ["record.json"]


@pytest.mark.parametrize(
    "damage", ["", "{", "{}", "null", "[]", "digits", "cut", "flipped", "folder", "gone"]
)
def test_a_damaged_record_is_none_and_is_written_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "record.json"
    write_record(path, RECORD)
    content = path.read_bytes()
    path.unlink()
    half = len(content) // 2
    damaged = {
        "digits": content.replace(b"12345", b"99999"),
        "cut": content[:half],
        "flipped": content[:half] + bytes([content[half] ^ 0x80]) + content[half + 1 :],
    }
    if damage == "folder":
        path.mkdir()
    elif damage != "gone":
        path.write_bytes(damaged.get(damage, damage.encode()))
    assert read_record(path) == {}
    write_record(path, RECORD)
    assert read_record(path) == RECORD
