from __future__ import annotations

import re
import shutil
from datetime import datetime
from html import unescape

import pytest
from bs4 import BeautifulSoup

from analysis.build import catalogue, generated
from analysis.build.pages import Page, read_toc
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree
from analysis.data import open_edition
from tests.build.tiny_book import BASE, ROOT, write_page

REAL = Tree(ROOT)


def part(name: str, label: str) -> str:
    return generated.PARTS[name](REAL, open_edition(label, root=REAL.data))


def cells(html: str, column: int) -> list[str]:
    rows = re.findall(r"<tr>(.*?)</tr>", html.split("<tbody>")[1])
    return [
        unescape(re.sub("<[^>]*>", "", re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)[column])) for row in rows
    ]


def test_written_text_is_left_as_it_is(tree: Tree) -> None:
    pages = read_toc(tree)
    assert generated.texts(tree, pages, BASE) == {
        "words": (tree.book / "words.md").read_text(encoding="utf-8")
    }


def test_a_block_is_filled_in_where_it_stands(tree: Tree) -> None:
    shutil.rmtree(tree.data)
    shutil.copytree(REAL.data, tree.data)
    write_page(tree, "words", "# Words\n\nbefore\n\n```{generated} targets\n```\n\nafter\n")
    text = generated.texts(tree, read_toc(tree), Parameters("2025Q4", "base"))["words"]
    assert text.startswith("# Words\n\nbefore\n\n<div")
    assert text.endswith("</div>\n\nafter\n")
    assert ">$4T<" in text
    assert "4,000.0" in text


def test_an_unknown_part_is_told_with_its_line(tree: Tree) -> None:
    write_page(tree, "words", "# Words\n\n```{generated} serie\n```\n\n```{generated}\n```\n")
    with pytest.raises(BuildError) as caught:
        generated.texts(tree, read_toc(tree), BASE)
    assert caught.value.problems == (
        "book/words.md:3: no generated part 'serie' (expected series)",
        f"book/words.md:6: no generated part '' (expected {' or '.join(sorted(generated.PARTS))})",
    )


def test_a_page_of_the_contents_that_does_not_exist_is_told(tree: Tree) -> None:
    with pytest.raises(BuildError, match="_toc.yml: book/gone.md does not exist"):
        generated.texts(tree, [*read_toc(tree), Page("gone", tree.book / "gone.md")], BASE)


@pytest.mark.parametrize("label", ["2021Q2", "2024Q4", "2025Q4"])
def test_documents_are_cut_at_the_editions_last_day(label: str) -> None:
    cutoff = open_edition(label, root=REAL.data).cutoff
    days = [datetime.strptime(cell, "%d %B %Y").date() for cell in cells(part("documents", label), 1)]
    assert max(days) <= cutoff
    assert days == sorted(days, reverse=True)
    assert (cutoff - max(days)).days < 100, "the latest documents are there"


def test_every_printed_figure_of_the_edition_is_counted_once() -> None:
    edition = open_edition("2024Q4", root=REAL.data)
    counted = sum(int(cell.replace(",", "")) for cell in cells(part("documents", "2024Q4"), 2))
    files = edition.reported.files.values()
    public = [p for file in files for p in file.printed.values() if p.source.published <= edition.cutoff]
    assert counted == len(public) > 1000


def test_series_show_less_in_an_earlier_edition() -> None:
    rows = {
        label: re.findall(r"([\d,]+) rows are public by", part("series", label))
        for label in ("2021Q2", "2025Q4")
    }
    early, late = ([int(count.replace(",", "")) for count in rows[label]] for label in ("2021Q2", "2025Q4"))
    assert len(early) == len(late) >= 8
    assert all(one <= two for one, two in zip(early, late, strict=True))
    assert sum(early) < sum(late)


def test_remarks_are_shown_only_where_all_of_a_series_is_seen() -> None:
    remark = "Survivor bias is not removed"
    assert remark in part("series", "2025Q4")
    assert remark not in part("series", "2021Q2")


def test_every_field_is_in_the_dictionary_with_its_place() -> None:
    html = part("fields", "2025Q4")
    edition = open_edition("2025Q4", root=REAL.data)
    assert html.count("<dt ") == len(edition.fields)
    for field in edition.fields.values():
        assert f"<code>{field.name}</code>" in html


def test_a_field_named_by_another_can_be_followed() -> None:
    page = BeautifulSoup(part("fields", "2025Q4"), "html.parser")
    named = page.select("dd a")
    assert 'href="#field-income-net_sales"><code>income.net_sales</code></a>.' in str(page)
    assert all(page.find(id=str(link["href"])[1:]) for link in named)


def test_editions_run_up_to_the_one_that_is_read() -> None:
    labels = cells(part("editions", "2024Q1"), 0)
    assert labels[0] == "2019Q4"
    assert labels[-1] == "2024Q1"


def test_an_editions_market_value_is_the_editions_own() -> None:
    html, edition = part("editions", "2024Q1"), open_edition("2024Q1", root=REAL.data)
    value = dict(zip(cells(html, 0), cells(html, 5), strict=True))["2024Q1"]
    assert value == f"{edition.market_value.number:,.1f}"


def test_a_changelog_is_shown_without_its_title_and_what_is_for_makers(tree: Tree) -> None:
    made = "\n### For authors and developers\n\n- a switch\n"
    text = f"# Changelog\n\n## 1.1\n\n- second\n{made}\n## 1.0\n\n- first\n{made}"
    (tree.root / "CHANGELOG.md").write_text(text, encoding="utf-8")
    assert catalogue.changelog(tree) == "## 1.1\n\n- second\n\n## 1.0\n\n- first"
    (tree.root / "CHANGELOG.md").unlink()
    with pytest.raises(BuildError, match="CHANGELOG.md: does not exist"):
        catalogue.changelog(tree)
