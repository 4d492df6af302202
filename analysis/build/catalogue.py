"""What ``data/`` holds, as tables for the reader: documents, series, fields, editions, targets.

Each function returns Markdown with tables in HTML. Rows that became public after the edition's
cut-off are left out, and so are a series' remarks where the edition does not see all of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.build.parameters import editions as edition_labels
from analysis.build.tree import BuildError, Tree
from analysis.charts.html import as_text, fragment, slug, tag
from analysis.charts.table import Column, table_html
from analysis.data import Edition
from analysis.data.editions import load_edition
from analysis.data.fields import Field
from analysis.data.series import Series, load_series, series_names
from analysis.formats import day, escape, show
from analysis.units import words_of

_SECTIONS = {
    "segments": "Segments", "service_lines": "Service lines", "income": "Income statement",
    "cash_flow": "Cash flow statement", "balance": "Balance sheet and share counts",
}  # fmt: skip

_NAME = re.compile(rf"\b(?:{'|'.join(_SECTIONS)})\.[a-z_]+(?:\.[a-z_]+)?")  # of a field, in a sentence
_FOR_MAKERS = re.compile(r"^### For authors and developers\n.*?(?=^##|\Z)", re.MULTILINE | re.DOTALL)


def documents(edition: Edition) -> str:
    """Every document that Amazon's figures were read in, with the number of figures, latest first."""
    counts: Counter[tuple[str, str, date]] = Counter()
    for file in edition.reported.files.values():
        for printed in file.printed.values():
            source = printed.source
            if source.published <= edition.cutoff:
                counts[source.document, source.url or "", source.published] += 1
    rows = [
        {"document": _linked(document, url), "published": published, "figures": count}
        for (document, url, published), count in counts.items()
    ]
    rows.sort(key=lambda row: (row["published"], str(row["document"])), reverse=True)
    columns = [
        Column("document", "Document", "link"),
        Column("published", "Public since"),
        Column("figures", "Figures", "count"),
    ]
    return _table(rows, columns, "Documents of Amazon")


def series(edition: Edition) -> str:
    """Every series with its description, sources and quality, as far as the edition sees it."""
    parts = []
    for name in series_names(edition.root):
        loaded = load_series(edition.root, name, [])
        if loaded is not None:
            parts.append(_series(loaded, edition.cutoff))
    return "\n\n".join(parts)


def _series(loaded: Series, cutoff: date) -> str:
    dates = [_day_of(row.values) for row in loaded.rows]
    seen = [
        row for row, public in zip(loaded.rows, dates, strict=True) if public is not None and public <= cutoff
    ]
    meta = loaded.meta
    lines = [f"### {as_text(meta.title)}", as_text(meta.description.strip())]
    lines.append(as_text(f"Source: {meta.attribution}. {meta.licence}"))
    lines.append(f"{show(float(len(seen)), 'count')} rows are public by {day(cutoff)}.")
    if seen and "source" in seen[0].values:
        lines.append(_sources(row.values for row in seen))
    if len(seen) == len(loaded.rows) and meta.oddities:
        lines.append("\n".join(f"- {as_text(remark)}" for remark in meta.oddities))
    return "\n\n".join(lines)


def _sources(rows: Iterable[Mapping[str, object]]) -> str:
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        counts[str(row["source"]), str(row.get("url") or ""), str(row.get("quality") or "")] += 1
    table = [
        {"source": _linked(source, url), "quality": quality.replace("_", " "), "rows": count}
        for (source, url, quality), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    columns = [
        Column("source", "Source", "link"),
        Column("quality", "Quality"),
        Column("rows", "Rows", "count"),
    ]
    return _closed("Sources of these rows", _table(table, columns, "Sources of these rows"))


def fields(edition: Edition) -> str:
    """The dictionary of reported fields, one list a statement; each field can be linked to."""
    parts = []
    for section, title in _SECTIONS.items():
        entries = [_field(field) for field in edition.fields.values() if field.section == section]
        parts += [f"## {title}", fragment([tag("dl", "\n".join(entries), class_="fields")])]
    return "\n\n".join(parts)


def _field(field: Field) -> str:
    name = escape(field.label) + " " + tag("code", escape(field.name))
    facts = [words_of(field.unit) or field.unit, f"given {field.required}", field.where]
    if field.sign != "any":
        facts.insert(1, field.sign)
    meaning = " ".join(filter(None, (field.definition, field.crossfoot)))
    about = tag("p", _NAME.sub(_to_field, escape(meaning)))
    about += tag("p", escape("; ".join(facts)), class_="source")
    return tag("dt", name, id=f"field-{slug(field.name)}") + tag("dd", about)


def _to_field(match: re.Match[str]) -> str:
    return tag("a", tag("code", match[0]), href=f"#field-{slug(match[0])}")


def editions(tree: Tree, edition: Edition) -> str:
    """The editions that can be built, up to the one that is."""
    found = (load_edition(edition.root, label, []) for label in edition_labels(tree))
    rows = [
        {
            "label": record.label,
            "cutoff": record.cutoff,
            "price": record.price.number,
            "price_date": record.price_date,
            "shares": record.shares.number,
            "value": record.price.number * record.shares.number / 1000,  # dollars × millions are $m
            "why": record.why or "the day after the release",
        }
        for record in found
        if record is not None and record.cutoff <= edition.cutoff
    ]
    columns = [
        Column("label", "Edition"), Column("cutoff", "Cut-off"), Column("price", "Share price", "usd"),
        Column("price_date", "Close of"), Column("shares", "Shares", "million"),
        Column("value", "Market value", "usd_bn"), Column("why", "Why this cut-off"),
    ]  # fmt: skip
    return _table(rows, columns, "Editions")


def targets(edition: Edition) -> str:
    """The targets that the report holds the company against."""
    rows = [{"name": f"${t.name}", "value": t.value_usd_bn, "by": t.horizon} for t in edition.targets]
    columns = [Column("name", "Target"), Column("value", "Market value", "usd_bn"), Column("by", "Until")]
    return _table(rows, columns, "Targets")


def changelog(tree: Tree) -> str:
    """The repository's changelog for readers: without its title, which the page has already, and without
    what concerns those alone who write or build the report.
    """
    return _FOR_MAKERS.sub("", _untitled(tree.changelog, "the page of changes")).strip()


def guide(tree: Tree) -> str:
    """The repository's guide for authors, in the same way."""
    return _untitled(tree.guide, "the page for authors")


def _untitled(path: Path, page: str) -> str:
    if not path.is_file():
        raise BuildError([f"{path.name}: does not exist (expected for {page})"])
    return re.sub(r"\A# .*\n", "", path.read_text(encoding="utf-8")).strip()


def _day_of(values: Mapping[str, object]) -> date:
    found = values.get("published", values.get("date"))
    return found if isinstance(found, date) else date.max


def _linked(text: str, url: str) -> tuple[str, str] | str:
    return (text, url) if url else text


def _closed(summary: str, html: str) -> str:
    return f"<details><summary>{summary}</summary>\n{html}\n</details>"


def _table(rows: Sequence[Mapping[str, object]], columns: Sequence[Column], title: str) -> str:
    frame = pd.DataFrame(list(rows), columns=[column.field for column in columns], dtype=object)
    return fragment([table_html(frame, columns, title)])
