from __future__ import annotations

from pathlib import Path

from analysis.build.kept import Kept
from analysis.build.tree import read_record, write_record

TEXTS = {"a": "<p>one</p> 12345678", "b": "<p>two</p> 12345678"}


def read(path: Path | None, build_id: str = "12345678", **texts: str) -> tuple[dict[str, int], list[str]]:
    """The lengths of some texts, and which of them had to be read."""
    asked: list[str] = []
    kept = Kept(path, build_id)

    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    found = {name: kept.of("length", text, length) for name, text in (TEXTS | texts).items()}
    kept.write()
    return found, asked


def test_only_what_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "read.json"
    first, asked = read(path)
    assert len(asked) == 2
    assert read(path) == (first, [])
    changed, asked = read(path, b="<p>three</p>")
    assert asked == ["<p>three</p>"]
    assert changed == first | {"b": 12}


def test_the_id_of_the_build_makes_no_page_another(tmp_path: Path) -> None:
    read(tmp_path / "read.json")
    texts = {name: text.replace("12345678", "abcdef00") for name, text in TEXTS.items()}
    assert read(tmp_path / "read.json", "abcdef00", **texts)[1] == []


def test_another_question_is_asked_anew(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "read.json")
    assert (kept.of("length", "text", len), kept.of("upper", "text", str.upper)) == (4, "TEXT")


def test_what_no_page_needs_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "read.json"
    read(path)
    read(path, b="other")
    assert len(read_record(path)["read"]) == 2


def test_what_other_code_read_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "read.json"
    first, _ = read(path)
    write_record(path, read_record(path) | {"version": "0"})
    assert read(path) == (first, list(TEXTS.values()))
    assert read(path) == (first, [])


def test_without_a_file_nothing_is_kept() -> None:
    assert read(None) == read(None)
    assert len(read(None)[1]) == 2
