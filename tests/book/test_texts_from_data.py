"""What a text of the data holds is text on every page, whatever signs are in it."""

from __future__ import annotations

import csv
import re
import shutil
from functools import cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jupytext
import pytest
import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from analysis.build import catalogue, prose
from analysis.build.tree import Tree
from analysis.charts.numbers import numbers_section, record
from analysis.data import open_edition
from analysis.data.yaml_files import read_yaml
from analysis.figures import Figure
from tests.bump import DATA
from tests.notebooks import BOOK, computing, run_on, some

SIGNS = (
    "x </p><script>go()</script> | `c` [l](javascript:go()) ![i](a.png) {num}`aws.sales` $4 and $5 *b* _c_ "
    "**d** &lt; <!-- \\ \"q\" 'r' [^n] <https://x.org>\n\n# h\n\n- i\n\n```\ny"
)
IN_TEMPLATES = SIGNS.replace("{num}", "").replace("$4 and $5", "$")  # whose braces are places to fill
PLAIN = "x" + "y" * (len(escape(SIGNS)) - 1)
# The texts of each kind of file, by their place; ``*`` is any key or entry.
TEXTS = {
    "*.meta.yml": ("title", "description", "attribution", "licence", "oddities.*"),
    "*/*.meta.yml": ("title", "description", "attribution", "licence", "oddities.*"),
    "amazon/quarters/*.yml": ("document",),
    "amazon/fields.yml": ("*.label", "*.definition", "*.where", "*.crossfoot"),
    "editions/*.yml": ("why", "price.source", "shares.document", "shares.note"),
    "targets.yml": ("*.why", "*.source"),
    "errata.yml": ("*.said", "*.right", "*.why"),
    "risks.yml": ("*.name", "*.short", "*.story", "*.why", "*.watch"),
    "scenarios/*.yml": ("story", "drivers.*.label", "drivers.*.why", "drivers.*.source"),
    "articles/[!c]*.yml": (
        "title", "short", "kind", "dated", "argument", "model.*.label", "reproductions.*.title",
        "reproductions.*.finding", "claims.*.text", "claims.*.translation_slip", "claims.*.no_source",
        "claims.*.nobody_can",
        "claims.*.numbers.*.measure", "claims.*.numbers.*.band.why", "claims.*.behind.*.sentence",
    ),
    "articles/consistency.yml": ("checks.*.question", "checks.*.agrees", "checks.*.differs"),
}  # fmt: skip
TEMPLATES = (
    "argument",
    "finding",
    "sentence",
    "question",
    "agrees",
    "differs",
    "translation_slip",
    "no_source",
    "nobody_can",
)
COLUMNS = ("source", "note", "document", "company")


def written(data: Path, added: str, in_templates: str) -> None:
    """Adds a text to every text of the data below a folder."""
    for pattern, places in TEXTS.items():
        paths = sorted(data.glob(pattern))
        assert paths, pattern
        for path in paths:
            content = read_yaml(data, path.relative_to(data).as_posix(), [])
            for place in places:
                steps = place.split(".")
                is_template = steps[-1] in TEMPLATES or "band" in steps
                _add(content, steps, in_templates if is_template else added)
            path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    for path in sorted(data.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            if row.get("company") != "Amazon":  # by whose name the pages find it
                row.update({column: f"{row[column]} {added}" for column in COLUMNS if row.get(column)})
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _add(content: Any, steps: list[str], added: str) -> None:
    first, *rest = steps
    keys = list(content) if isinstance(content, dict) else range(len(content))
    for key in keys:
        if first not in ("*", key):
            continue
        if rest and isinstance(content[key], dict | list):
            _add(content[key], rest, added)
        elif not rest and isinstance(content[key], str):
            content[key] = f"{content[key].strip()} {added}"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The data with signs in all its texts, and with letters in their place."""
    folder = tmp_path_factory.mktemp("texts")
    for name, texts in {"signs": (SIGNS, IN_TEMPLATES), "plain": (PLAIN, PLAIN)}.items():
        written(Path(shutil.copytree(DATA, folder / name / "data")), *texts)
    return {name: folder / name / "data" for name in ("signs", "plain")}


class Page(HTMLParser):
    """The elements of a page with the names of their attributes, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *sorted(name for name, _ in attrs)))
        self.words += " "

    def handle_data(self, data: str) -> None:
        self.words += data


@cache
def parser() -> MarkdownIt:
    extensions = {"attrs_inline", "colon_fence", "deflist", "tasklist"}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)


def flat(text: str) -> str:
    return " ".join(text.split())


def assert_same_but_for_the_text(with_signs: str, with_letters: str) -> None:
    signs, letters = Page(with_signs), Page(with_letters)
    assert signs.elements == letters.elements
    assert PLAIN in letters.words
    shown = {flat(SIGNS), flat(IN_TEMPLATES)}
    expected = flat(letters.words).split(PLAIN)
    rest = flat(signs.words)
    for number, part in enumerate(expected):
        assert rest.startswith(part), (part[-200:], rest[:300])
        rest = rest[len(part) :]
        if number < len(expected) - 1:
            found = next((text for text in shown if rest.startswith(text)), None)
            assert found is not None, (part[-200:], rest[:300])
            rest = rest[len(found) :]


@pytest.mark.parametrize(
    "part", some(["documents", "targets"], ["documents", "series", "fields", "editions", "targets"], "pages")
)
def test_what_data_say_is_text_in_the_lists_of_the_sources(data: dict[str, Path], part: str) -> None:
    html = {}
    for name, folder in data.items():
        edition = open_edition("2025Q4", folder)
        given = (Tree(folder.parent), edition) if part == "editions" else (edition,)
        html[name] = parser().render(getattr(catalogue, part)(*given))
    if part == "targets":  # whose texts are shown elsewhere
        assert html["signs"] == html["plain"]
    else:
        assert_same_but_for_the_text(html["signs"], html["plain"])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.pages if name == "risks" else pytest.mark.long)
        for name in computing()
    ],
)
def test_what_data_say_is_text_on_the_page(data: dict[str, Path], name: str) -> None:
    html = {kind: page_on(folder, name) for kind, folder in data.items()}
    assert_same_but_for_the_text(html["signs"], html["plain"])


def page_on(data: Path, name: str) -> str:
    """A page's sentences, what its cells show, and the list of its numbers."""
    run = run_on(open_edition("2025Q4", data), name)
    cells = jupytext.read(BOOK / f"{name}.md").cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    elsewhere = {key: record(Figure(1.0, "x", key)) for key in prose.keys(text)}
    filled, used, problems = prose.fill(text, elsewhere | run.records, name, "31 March 2026")
    assert problems == []
    shown = [payload.get("html", "") for payload in run.payloads]
    ending = numbers_section(
        {key: (elsewhere | run.records)[key] for key in {**run.records, **dict.fromkeys(used)}}
    )
    return parser().render(filled) + "".join(shown) + parser().render(ending)


@pytest.mark.parametrize(
    "sentence", ["Sales {num}`a.b` so.", "- {num}`a.b`", "## On {num}`a.b`", "> {num}`a.b`", "{num}`a.b`",
                 "| a |\n| - |\n| {num}`a.b` |", "<p>\n{num}`a.b`\n</p>", "*It {num}`a.b` is*"]
)  # fmt: skip
@pytest.mark.parametrize("absent", [False, True])
def test_what_data_say_is_text_in_sentences(sentence: str, absent: bool) -> None:
    html = []
    for text in (SIGNS, PLAIN):
        word = record(Figure(text, "text", f"label {text}"))
        if absent:
            word |= {"absent": True, "missing": [text]}
        filled, _, problems = prose.fill(sentence, {"a.b": word}, "page", "31 March 2026")
        assert problems == []
        html.append(parser().render(filled))
    assert_same_but_for_the_text(*html)


def test_an_address_that_is_none_of_a_page_is_refused(tmp_path: Path) -> None:
    from analysis.data.check import check_all

    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    wrong = "javascript:go()"
    quarter = folder / "amazon/quarters/2025Q4.yml"
    quarter.write_text(re.sub(r"^url: .*$", f"url: {wrong}", quarter.read_text("utf-8"), flags=re.MULTILINE))
    series = folder / "cloud.csv"
    lines = series.read_text("utf-8").splitlines(keepends=True)
    lines[1] = re.sub(r"https?://[^,\"]*", wrong, lines[1])
    series.write_text("".join(lines), encoding="utf-8")
    edition = folder / "editions/2025Q4.yml"
    edition.write_text(edition.read_text("utf-8").replace("  field: bal", f'  url: "{wrong}"\n  field: bal'))
    found = [
        str(problem) for problem in check_all(folder) if "an address beginning with https" in str(problem)
    ]
    assert {problem.split(":")[0] for problem in found} == {
        "data/amazon/quarters/2025Q4.yml",
        "data/cloud.csv",
        "data/editions/2025Q4.yml",
    }
