"""Pages on paper: printed by the browser, bound, and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pypdf import PdfReader

from analysis.__main__ import main
from analysis.build import pdf
from analysis.build.book import Options
from analysis.build.tree import BuildError, Tree
from tests.build.tiny_book import write_page

LONG = "# Words\n\nBack to [](index.md), to [the web](https://example.org/).\n\n" + "Much to say.\n\n" * 120


def text(path: Path) -> str:
    return "\n".join(sheet.extract_text() for sheet in PdfReader(path).pages)


def links(path: Path) -> list[object]:
    """Addresses, and sheets by number, that links of a PDF lead to."""
    reader = PdfReader(path)
    numbers = {sheet.indirect_reference: number for number, sheet in enumerate(reader.pages)}
    found = []
    for sheet in reader.pages:
        for reference in sheet.get("/Annots", ()):
            link = reference.get_object()
            found.append(link["/A"]["/URI"] if "/A" in link else numbers[link["/Dest"][0].indirect_reference])
    return found


def feet(path: Path) -> list[str]:
    """The lines at the foot of the sheets, number first: the browser writes them before the text."""
    return [sheet.extract_text().split("\n")[0] for sheet in PdfReader(path).pages]


@pytest.mark.browser
@pytest.mark.book
def test_a_page_is_printed_whole_without_the_frame(
    built: Tree, chromium: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_page(built, "words", LONG)
    assert main(["pdf", "words", "--quiet"], built.root) == 0
    assert capsys.readouterr().out == "_build/pdf/words.pdf\n"
    printed = built.build / "pdf" / "words.pdf"
    assert len(PdfReader(printed).pages) > 1
    assert text(printed).split("\n")[1:3] == ["Parts · chapter 2", "Words"]
    assert text(printed).count("Much to say.") == 120
    assert "Search the report" not in text(printed)
    assert "Chapters" not in text(printed)
    a4 = [210 / 25.4 * 72, 297 / 25.4 * 72]
    assert PdfReader(printed).pages[0].mediabox[2:] == pytest.approx(a4, abs=1)
    assert links(printed) == ["https://example.org/"]
    assert b"file:" not in printed.read_bytes()
    numbers = range(1, len(PdfReader(printed).pages) + 1)
    assert feet(printed) == [f"{n}Words · edition 2024Q4" for n in numbers]


def elements(reader: PdfReader) -> list[Any]:
    """What the tags of a PDF say its parts are, from the top."""
    found, waiting = [], [reader.root_object["/StructTreeRoot"]["/K"]]
    while waiting:
        kids = waiting.pop()
        for kid in kids if isinstance(kids, list) else [kids]:
            element = kid.get_object()
            if isinstance(element, dict) and "/S" in element:
                found.append(element)
                waiting.append(element.get("/K", []))
    return found


def says_what_is_what(reader: PdfReader) -> None:
    """The book's tags make one tree, and what is on a sheet finds its own place in it."""
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    document, *rest = elements(reader)
    assert document["/S"] == "/Document"
    parts = sorted(element["/T"] for element in rest if element["/S"] == "/Part")
    assert parts == ["AWS", "Contents", "The answer", "Words"]
    assert {"/H1", "/P", "/Link"} <= {element["/S"] for element in rest}
    assert all(element["/Pg"].get_object()["/Type"] == "/Page" for element in rest if "/Pg" in element)
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    tagged = dict(zip(numbers[::2], numbers[1::2], strict=True))
    used = []
    for sheet in reader.pages:
        marked = tagged[sheet["/StructParents"]].get_object()
        assert {element["/Pg"].indirect_reference for element in marked} == {sheet.indirect_reference}
        links = [link.get_object() for link in sheet.get("/Annots", ())]
        assert all(tagged[link["/StructParent"]]["/S"] in ("/Link", "/NonStruct") for link in links)
        used += [sheet["/StructParents"], *(link["/StructParent"] for link in links)]
    assert len(used) == len(set(used))


@pytest.mark.browser
@pytest.mark.book
def test_the_book_holds_all_pages_in_order_and_its_links_stay_inside(built: Tree, chromium: str) -> None:
    path = pdf.pdf(built, None, Options(quiet=True))
    assert path == built.build / "pdf" / "book.pdf"
    reader = PdfReader(path)
    names = ("index", "aws", "words")
    counts = [len(PdfReader(path.with_name(f"{name}.pdf")).pages) for name in names]
    starts = [1, 1 + counts[0], 1 + counts[0] + counts[1]]
    assert len(reader.pages) == 1 + sum(counts)
    assert [item.title for item in reader.outline] == ["Contents", "The answer", "AWS", "Words"]
    assert [reader.get_destination_page_number(item) for item in reader.outline] == [0, *starts]
    assert reader.metadata is not None
    title = yaml.safe_load(built.config.read_text(encoding="utf-8"))["title"]
    assert (reader.metadata.title, reader.metadata.author) == (title, "The authors of the report")
    assert reader.metadata.subject
    contents = reader.pages[0].extract_text().split("\n")[1:]
    edition = "Edition 2024Q4 · knows what was public by 7 February 2025 · "
    assert " ".join(contents).startswith(f"{title} {edition}")  # where lines break is up to the fonts
    assert "Parts" in contents
    for name, start in zip(("The answer", "AWS", "Words"), starts, strict=True):
        assert f"{name} {start + 1}" in contents
    assert [foot[: len(str(n))] for n, foot in enumerate(feet(path), 1)] == [
        str(n) for n in range(1, len(reader.pages) + 1)
    ]
    inside = [target for target in links(path) if isinstance(target, int)]
    assert set(starts) <= set(inside)
    assert b"file:" not in path.read_bytes()
    says_what_is_what(reader)


def test_without_chromium_it_says_what_is_needed(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(BuildError, match="no Chromium to print with was found"):
        pdf.pdf(tree, None, Options())


def test_an_unknown_page_is_refused_with_those_there_are(tree: Tree) -> None:
    with pytest.raises(BuildError, match="no page 'asw' .*expected nearest: aws"):
        pdf.pdf(tree, "asw", Options())


def test_a_browser_that_does_not_run_is_one_line(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/bin/false")
    monkeypatch.setattr(pdf, "build", lambda tree, options: None)
    with pytest.raises(BuildError, match="/bin/false does not run: "):
        pdf.pdf(tree, None, Options())


def test_a_driver_that_does_not_start_is_one_line(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system without a library that Playwright's own program needs."""
    monkeypatch.setenv("CHROMIUM", "/bin/false")
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", "/bin/false")
    monkeypatch.setattr(pdf, "build", lambda tree, options: None)
    with pytest.raises(BuildError, match="/bin/false does not run: .*driver"):
        pdf.pdf(tree, None, Options())
