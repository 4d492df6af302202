"""Numbers that answer for themselves: the record behind each number a page prints.

Staging draws a number in prose as :func:`number_link`, and puts :func:`numbers_section` at the end
of the page. A link leads to its row there; with scripts on, the row's content opens beside the number.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from analysis.charts.html import fragment, tag
from analysis.figures import Figure, Source
from analysis.formats import show

UNITS = {
    "usd_bn": "billions of dollars",
    "usd_m": "millions of dollars",
    "usd": "dollars",
    "fraction": "fraction, shown as percent",
    "x": "multiple",
    "count": "count",
    "years": "years",
    "million": "millions",
    "text": "words",
}


def record(figure: Figure) -> dict[str, Any]:
    """What a page keeps of ``figure``, as JSON can hold it: value, formula, inputs, sources, date."""
    published = figure.published
    return {
        "value": figure.value,
        "unit": figure.unit,
        "text": show(figure.value, figure.unit),
        "label": figure.label,
        "formula": figure.formula,
        "published": published.isoformat() if published else None,
        "inputs": [_input(item) for item in figure.inputs],
        "sources": _sources(figure),
    }


def _input(figure: Figure) -> dict[str, Any]:
    return {"label": figure.label, "text": show(figure.value, figure.unit)}


def _sources(figure: Figure) -> list[dict[str, Any]]:
    merged: dict[tuple[str, str | None], dict[str, Any]] = {}
    for source in figure.sources():
        entry = merged.setdefault((source.document, source.url), _document(source))
        if source.field and source.field not in entry["fields"]:
            entry["fields"].append(source.field)
    return list(merged.values())


def _document(source: Source) -> dict[str, Any]:
    return {
        "document": source.document,
        "url": source.url,
        "path": source.path,
        "published": source.published.isoformat(),
        "quality": source.quality,
        "note": source.note,
        "fields": [],
    }


def anchor(key: str) -> str:
    """The ``id`` of the row that holds the number ``key``.

    >>> anchor("aws.sales_ttm")
    'n-aws-sales_ttm'
    """
    return "n-" + key.replace(".", "-")


def number_link(key: str, text: str) -> str:
    """The number ``key``, printed as ``text``, as a link to what is behind it."""
    return tag("a", escape(text), class_="num", href=f"#{anchor(key)}", data_key=key)


def formatted(entry: Mapping[str, Any], form: str | None = None) -> str:
    """The record's number in the named format, or in that of its unit."""
    return show(entry["value"], form) if form else str(entry["text"])


def numbers_section(
    entries: Mapping[str, Mapping[str, Any]], title: str = "Every number on this page"
) -> str:
    """A closed list of ``entries`` by key: value, formula, inputs, sources and date of each."""
    rows = [_row(key, entry) for key, entry in entries.items()]
    head = "".join(tag("th", text, scope="col") for text in ("Number", "Value", "How", "From", "Public"))
    table = tag("table", tag("thead", tag("tr", head)) + tag("tbody", "\n".join(rows)))
    box = tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=title)
    return fragment([tag("details", tag("summary", escape(title)) + box, class_="numbers")])


def _row(key: str, entry: Mapping[str, Any]) -> str:
    label = escape(entry["label"]) + tag("code", escape(key))
    unit = UNITS.get(entry["unit"], "")
    value = escape(entry["text"]) + (tag("small", escape(unit)) if unit else "")
    cells = [
        tag("th", label, scope="row"),
        tag("td", value, class_="value"),
        tag("td", _how(entry)),
        tag("td", "".join(tag("p", _origin(s)) for s in entry["sources"])),
        tag("td", entry["published"] or "", class_="date"),
    ]
    return tag("tr", "".join(cells), id=anchor(key))


def _how(entry: Mapping[str, Any]) -> str:
    formula = tag("p", escape(entry["formula"])) if entry["formula"] else ""
    inputs = [tag("li", f"{escape(i['label'])}: {escape(i['text'])}") for i in entry["inputs"]]
    return formula + (tag("ul", "".join(inputs)) if inputs else "")


def _origin(source: Mapping[str, Any]) -> str:
    name = escape(source["document"])
    linked = tag("a", name, href=source["url"]) if source["url"] else name
    fields = ", ".join(source["fields"])
    quality = "" if source["quality"] == "primary" else f" ({source['quality'].replace('_', ' ')})"
    return linked + escape(quality) + (" " + tag("code", escape(fields)) if fields else "")
