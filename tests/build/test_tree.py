from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from analysis.build import manifest
from analysis.build.tree import BuildError, Tree, digests, make_folder, read_record, text_of, write_record

RECORD = {"pages": {"aws": 12345, "index": None}, "names": ["a", "b"]}


def test_what_is_remembered_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_record(tmp_path / "below" / "record.json", RECORD)
    assert read_record(tmp_path / "below" / "record.json") == RECORD
    assert [path.name for path in (tmp_path / "below").iterdir()] == ["record.json"]


@pytest.mark.parametrize(
    "damage", ["", "{", "{}", "null", "[]", "deep", "digits", "cut", "flipped", "folder", "gone"]
)
def test_a_damaged_record_is_none_and_is_written_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "record.json"
    write_record(path, RECORD)
    content = path.read_bytes()
    path.unlink()
    half = len(content) // 2
    damaged = {
        "deep": b"[" * 100_000,
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


@pytest.mark.parametrize("name", [".#aws.md", "#aws.md#", "aws.md~", ".aws.md.swx", ".DS_Store"])
def test_what_tools_leave_beside_files_is_not_read_but_in_a_site(tmp_path: Path, name: str) -> None:
    (tmp_path / "aws.md").write_text("x", encoding="utf-8")
    (tmp_path / name).write_text("x", encoding="utf-8")
    assert list(digests(tmp_path)) == ["aws.md"]
    assert set(digests(tmp_path, and_of_tools=True)) == {"aws.md", name}


@pytest.mark.parametrize("left", ["file", "link"])
def test_what_lies_where_a_folder_belongs_gives_way(tmp_path: Path, left: str) -> None:
    if left == "file":
        (tmp_path / "cache").write_text("x", encoding="utf-8")
    else:
        (tmp_path / "cache").symlink_to("nowhere")
    write_record(tmp_path / "cache" / "2024Q4" / "record.json", RECORD)
    assert read_record(tmp_path / "cache" / "2024Q4" / "record.json") == RECORD


def test_an_editors_mark_that_leads_nowhere_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".#aws.md").symlink_to("someone@somewhere.1234")
    assert digests(tmp_path) == {}


@pytest.mark.parametrize("name", ["pipe", os.fsdecode(b"caf\xe9.css"), "two\nlines.css"])
def test_what_is_no_file_or_has_no_name_is_named(tmp_path: Path, name: str) -> None:
    if name == "pipe":
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).write_text("x", encoding="utf-8")
    with pytest.raises(BuildError, match="pipe: is no file|caf.*: its name|two.*: its name"):
        digests(tmp_path)


def test_a_text_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "words.md"
    path.write_bytes(b"\xef\xbb\xbf# Words\n")
    assert text_of(path, "book/words.md") == "# Words\n"
    path.write_bytes("# Words\n\ncaf\u00e9\n".encode("latin-1"))
    with pytest.raises(BuildError, match=r"^book/words.md:3: byte 0xe9 is no UTF-8"):
        text_of(path, "book/words.md")


@pytest.mark.parametrize("left", ["pipe", "folder"])
def test_what_is_no_file_is_no_text_and_nobody_waits_for_it(tmp_path: Path, left: str) -> None:
    path = tmp_path / "_toc.yml"
    os.mkfifo(path) if left == "pipe" else path.mkdir()
    with pytest.raises(BuildError, match=r"_toc.yml: is no file \(expected a file\)"):
        text_of(path, "_toc.yml")
    with pytest.raises(BuildError, match=r"_toc.yml: is no file \(expected a file\)"):
        manifest.inputs(Tree(tmp_path))


def test_pages_that_run_at_once_may_make_the_same_folder(tmp_path: Path) -> None:
    both = Barrier(2)

    def make(_: int) -> None:
        for number in range(300):
            both.wait(60)
            make_folder(tmp_path / str(number) / "base")

    with ThreadPoolExecutor(2) as pages:
        list(pages.map(make, range(2)))
    assert len(list(tmp_path.glob("*/base"))) == 300
