"""The page on all editions: what was published, what was rebuilt since, and how each did; and their feed.

Large numbers are read off the first page of each book, so that they are what the book says. What was
published is in ``data/vintages``. How an edition did is in the latest edition's back-test of the rules.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from xml.sax.saxutils import quoteattr

import pandas as pd

from analysis.build.binding import FEED, PAGE
from analysis.build.tree import BuildError, Tree
from analysis.build.volumes import Volume
from analysis.charts.html import tag
from analysis.charts.table import Column, table_html
from analysis.data import open_edition
from analysis.data.problems import Problem, stop_on
from analysis.data.vintages import Vintage, load_vintage
from analysis.formats import day, escape
from analysis.model.track_record.backtest import Outcome
from analysis.valuation.backtest import REPORT, track_record

TITLE = "All editions"
AHEAD = 4  # quarters from an edition to the sales that it is held against
SERIES = "group_sales"
# What a vintage keeps of the numbers that the first page sets large.
KEPT = {
    "index.value": "market_value_usd_bn",
    "index.expected": "values_usd_bn.base.blended",
    "index.t4t_odds": "odds.4T.above",
    "index.t5t_odds": "odds.5T.above",
}
_TILE = re.compile(
    r'<li><strong><a class="num" href="(?P<place>#[^"]*)" data-key="(?P<key>[^"]*)">(?P<value>[^<]*)</a>'
    r"</strong><span>(?P<label>[^<]*)</span></li>"
)
_DAY = re.compile(r", \d{1,2} [A-Z][a-z]+ \d{4}$")
_TEXT = """\
<h1>All editions</h1>
<p>An edition uses only what was public by its cut-off. Those marked <em>as published</em> say what the report
said on the day. All others were <em>rebuilt with today's rules</em>: code and assumptions are today's, made
with the years since in view, so no rebuilt edition is a forecast that anybody made.</p>
"""
_SCORES = """\
<p>How an edition did: the company's sales in the quarter a year later, as its rules expected them, beside
what was reported; nothing stands there where that quarter is not reported yet, or the rules had too little to
go on. <a href="track-record.html">The track record</a> scores every series and rule.</p>
"""


@dataclass(frozen=True)
class Entry:
    """One edition of the archive: its book, its cut-off, its first page's large numbers, and how it did.

    ``tiles`` are value, place on the page and label by key.
    """

    volume: Volume
    cutoff: date
    tiles: Mapping[str, tuple[str, str, str]]
    outcome: Outcome | None


def tiles(html: str) -> dict[str, tuple[str, str, str]]:
    """The numbers that a first page sets large, by key: value, place on the page, and label."""
    found = ((match["key"], match["value"], match["place"], match["label"]) for match in _TILE.finditer(html))
    return {key: (unescape(value), place, unescape(label)) for key, value, place, label in found}


def outcomes(tree: Tree, latest: str) -> dict[str, Outcome]:
    """How sales a year later compare with what each edition's rules expected, by its label."""
    made = track_record(open_edition(latest, tree.data)).forecasts(SERIES, REPORT, AHEAD)
    return {outcome.origin: outcome for outcome in made.due}


def published(tree: Tree, volumes: Sequence[Volume]) -> dict[str, Vintage]:
    """What was published, by edition; raises ``DataError``."""
    problems: list[Problem] = []
    found = [load_vintage(tree.data, volume.name, problems) for volume in volumes if volume.is_published]
    stop_on(problems)
    return {vintage.edition: vintage for vintage in found if vintage is not None}


def article(entries: Sequence[Entry], vintages: Mapping[str, Vintage], scenarios: Sequence[Volume]) -> str:
    """The page's text and table; its links begin at the top of the site."""
    shown = {key: _DAY.sub("", label) for key, (_, _, label) in entries[0].tiles.items()}
    columns = [Column("edition", "Edition", "link"), Column("status", "How it came about")]
    columns += [Column("cutoff", "Cut-off")]
    columns += [Column(key, label, "link") for key, label in shown.items()]
    is_scored = any(entry.outcome for entry in entries)
    columns += [
        Column("expected", "Sales a year later, expected", "usd_bn", 1),
        Column("came", "Reported", "usd_bn", 1),
        Column("missed", "Missed by", "fraction", 1),
    ][: 3 * is_scored]
    rows = [row for entry in entries for row in _rows(entry, vintages.get(entry.volume.name))]
    frame = pd.DataFrame(rows, columns=[column.field for column in columns], dtype=object)
    table = table_html(frame, columns, "Editions and how they did", sortable=True)
    table = tag("div", table, class_="data-table")
    others = ", ".join(
        tag("a", escape(volume.chosen.scenario), href=f"{volume.folder}/index.html") for volume in scenarios
    )
    latest = entries[0].volume.chosen.as_of
    feed = tag("a", "feed (Atom)", href=FEED)
    ends = f"Edition {latest} under other scenarios: {others}. " if others else ""
    return f"{_TEXT}{_SCORES * is_scored}{table}\n{tag('p', f'{ends}New editions are in the {feed}.')}\n"


def _rows(entry: Entry, vintage: Vintage | None) -> Iterator[dict[str, object]]:
    name, folder = entry.volume.name, entry.volume.folder
    common = {"edition": (name, f"{folder}/index.html"), "cutoff": entry.cutoff}
    if vintage is not None:
        kept = {key: output for key, output in KEPT.items() if output in vintage.outputs}
        said = {key: vintage.figure(output, key) for key, output in kept.items()}
        texts = {
            key: f"{each:percent0}" if each.unit == "fraction" else str(each) for key, each in said.items()
        }
        yield {**common, "status": "as published", **texts}
    found: dict[str, object] = {
        key: (value, f"{folder}/index.html{place}") for key, (value, place, _) in entry.tiles.items()
    }
    made = entry.outcome
    if made is not None and made.actual is not None:
        found |= {"expected": made.forecast, "came": made.actual, "missed": made.forecast / made.actual - 1}
    yield {**common, "status": "rebuilt with today's rules", **found}


def framed(frame: str, text: str) -> str:
    """``text`` as a page of its own, below the top of the site, in the frame of the page ``frame`` there.

    Raises ``BuildError`` for a frame that has no text to take the place of.
    """
    whole, times = re.subn(
        r"<article>.*</article>", lambda _: f"<article>\n{text}</article>", frame, flags=re.DOTALL
    )
    if times != 1:
        raise BuildError([f"{PAGE}: the frame has {times} texts (expected one to take the place of)"])
    whole = re.sub(r"<title>[^<·]*", f"<title>{TITLE} ", whole)
    whole = re.sub(r'(property="og:title" content=)"[^"]*"', rf'\1"{TITLE}"', whole)
    whole = re.sub(r"(--foot: &quot;)[^·&]*", rf"\1{TITLE} ", whole)
    whole = re.sub(
        r'((?:rel="canonical" href|property="og:url" content)="[^"]*/)[^"/]*"', rf'\1{PAGE}"', whole
    )
    whole = whole.replace('data-root="./"', 'data-root="../"')
    own = r'(\b(?:href|src|action)="|property="og:image" content=")(?![a-z]+:|#|")'
    return re.sub(own, r"\1../", whole)


def feed(entries: Sequence[Entry], title: str, author: str, address: str) -> str:
    """The editions as an Atom feed (RFC 4287), the latest cut-off first; ``address`` is the site's, or ""."""
    newest = sorted(entries, key=lambda entry: entry.cutoff, reverse=True)
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        tag("title", escape(f"Editions: {title}")),
        tag("id", _id("feed")),
        tag("updated", _moment(newest[0].cutoff)),
        tag("author", tag("name", escape(author))),
        f'<link rel="self" href={quoteattr(address + FEED)}/>',
        f"<link href={quoteattr(address + PAGE)}/>",
    ]
    for entry in newest:
        numbers = "; ".join(f"{label}: {value}" for value, _, label in entry.tiles.values())
        parts += [
            "<entry>",
            tag("title", escape(entry.volume.title)),
            tag("id", _id(entry.volume.name)),
            tag("updated", _moment(entry.cutoff)),
            f"<link href={quoteattr(f'{address}{entry.volume.folder}/index.html')}/>",
            tag("summary", escape(f"Uses what was public by {day(entry.cutoff)}. {numbers}".strip())),
            "</entry>",
        ]
    return "\n".join([*parts, "</feed>"]) + "\n"


def _id(name: str) -> str:
    """The same for an edition for ever, wherever the site is."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"amazon-2030 {name}").urn


def _moment(cutoff: date) -> str:
    return f"{cutoff.isoformat()}T00:00:00Z"
