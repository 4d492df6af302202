"""Numbers that answer for themselves: the record behind each number a page prints.

Staging draws a number in prose as :func:`number_link`, and puts :func:`numbers_section` at the end
of the page. A link leads to its row there; with scripts on, the row's content opens beside the number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from analysis.charts.html import fragment, tag
from analysis.figures import Figure, Source
from analysis.formats import day, show
from analysis.units import words_of

FORMULAS = "formulas.html"  # the page that has an entry for every kernel of the model
METHOD = "method.html"  # the page that has the reason of every assumption
_LONG = 600  # letters of a list that is written once a page
_GROUPS = {"assumption": "Assumptions", "reported": "Reported", "other": "Other"}
_INPUTS, _DOCUMENTS, _FIELDS = 6, 3, 3  # shown at once; the rest of a long list is folded


def record(figure: Figure) -> dict[str, Any]:
    """What a page keeps of ``figure``, as JSON can hold it: value, formula, inputs, sources, date."""
    published = figure.published
    return {
        "value": figure.value,
        "unit": "text" if isinstance(figure.value, str) and not figure.is_absent else figure.unit,
        "absent": figure.is_absent,
        "missing": figure.missing(),
        "text": show(figure.value, figure.unit),
        "label": figure.label,
        "formula": figure.formula,
        "published": published.isoformat() if published else None,
        "kernel": figure.kernel,
        "inputs": [_input(item, _kind(item) if figure.kernel else "") for item in _inputs(figure)],
        "sources": _sources(figure),
    }


def _inputs(figure: Figure) -> list[Figure]:
    """What went in; into a kernel's result also what went into the kernels before it."""
    found: dict[int, Figure] = {}
    for item in figure.inputs:
        behind = _inputs(item) if figure.kernel and item.kernel else [item]
        found.update((id(each), each) for each in behind)
    return list(found.values())


def _kind(figure: Figure) -> str:
    """Whether an input is assumed, was reported (or follows from nothing else), or is neither alone."""
    assumed = {source.quality == "assumption" for source in figure.sources()}
    return "assumption" if assumed == {True} else "reported" if assumed == {False} else "other"


def _input(figure: Figure, kind: str) -> dict[str, Any]:
    return {"label": figure.label, "text": show(figure.value, figure.unit), "kind": kind}


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


def number_link(key: str, text: str, is_word: bool = False) -> str:
    """The number ``key``, printed as ``text``, as a link to what is behind it; words are marked less."""
    return linked(key, escape(text), is_word)


def linked(key: str, content: str, is_word: bool = False) -> str:
    """As :func:`number_link`, of a number that is HTML already."""
    kind = "num word" if is_word else "num"
    return tag("a", content, class_=kind, href=f"#{anchor(key)}", data_key=key)


def formatted(entry: Mapping[str, Any], form: str | None = None) -> str:
    """The record's number in the named format, or in that of its unit."""
    return show(entry["value"], form) if form else str(entry["text"])


def numbers_section(
    entries: Mapping[str, Mapping[str, Any]], title: str = "Every number on this page"
) -> str:
    """A closed list of ``entries`` by key: value, formula, inputs, sources and date of each."""
    shown: dict[str, str] = {}
    rows = [_row(key, entry, shown) for key, entry in entries.items()]
    head = "".join(tag("th", text, scope="col") for text in ("Number", "Value", "How", "From", "Public"))
    table = tag("table", tag("thead", tag("tr", head)) + tag("tbody", "\n".join(rows)))
    box = tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=title)
    return fragment([tag("details", tag("summary", escape(title)) + box, class_="numbers")])


def _row(key: str, entry: Mapping[str, Any], shown: dict[str, str]) -> str:
    """``shown`` are the long lists that rows before have, with the number each was shown for."""
    label = escape(entry["label"]) + tag("code", escape(key))
    unit = "" if isinstance(entry["value"], str) else words_of(entry["unit"])
    value = escape(entry["text"]) + (tag("small", escape(unit)) if unit else "")
    formula = tag("p", escape(entry["formula"])) if entry["formula"] else ""
    how = formula + _kernel(entry["kernel"]) + _once(_inputs_of(entry), "inputs", key, shown)
    cells = [
        tag("th", label, scope="row"),
        tag("td", value, class_="value"),
        tag("td", how),
        tag("td", _once(_from(entry["sources"]), "origins", key, shown)),
        tag("td", _day(entry["published"]), class_="date"),
    ]
    return tag("tr", "".join(cells), id=anchor(key))


def _once(content: str, kind: str, key: str, shown: dict[str, str]) -> str:
    """A list, or where an earlier number has the same long one, a link to it; popovers show it whole."""
    if len(content) < _LONG:
        return content
    first = shown.setdefault(content, key)
    if first == key:
        return tag("div", content, class_=kind)
    return tag(
        "p", tag("a", f"The same {kind} as", href=f"#{anchor(first)}", data_same=kind) + tag("code", first)
    )


def _inputs_of(entry: Mapping[str, Any]) -> str:
    groups = {kind: [item for item in entry["inputs"] if item["kind"] == kind] for kind in ("", *_GROUPS)}
    return "".join(_list(_GROUPS.get(kind, ""), group) for kind, group in groups.items())


def _kernel(name: str | None) -> str:
    """The kernel whose result the number is, a link to its entry if it is one of the model's."""
    if name is None:
        return ""
    short = tag("code", escape(".".join(name.split(".")[-2:])))
    is_formula = name.startswith("analysis.model.")
    return tag("p", "Computed by " + (tag("a", short, href=f"{FORMULAS}#{name}") if is_formula else short))


def _list(title: str, inputs: Sequence[Mapping[str, Any]]) -> str:
    items = [tag("li", f"{escape(item['label'])}: {escape(item['text'])}") for item in inputs]
    head = tag("small", title) if title and items else ""
    return head + _folded(items, _INPUTS, "inputs", lambda found: tag("ul", found))


def _from(sources: Sequence[Mapping[str, Any]]) -> str:
    """Documents, the latest first, before the report's own assumptions; many of those are counted."""
    latest = sorted(sources, key=lambda source: str(source["published"]), reverse=True)
    assumed = [source for source in latest if source["quality"] == "assumption"]
    reported = [source for source in latest if source["quality"] != "assumption"]
    origins = [tag("p", _origin(source)) for source in reported]
    if len(assumed) <= _DOCUMENTS:
        origins += [tag("p", _origin(source)) for source in assumed]
    else:
        method = tag("a", "method", href=METHOD)
        origins.append(
            tag("p", f"{len(assumed)} assumptions, each with its reason on the page of the {method}")
        )
    return _folded(origins, _DOCUMENTS, "sources", str)


def _folded(items: Sequence[str], shown: int, noun: str, whole: Callable[[str], str]) -> str:
    """``items`` within ``whole``; of a long list the first ``shown``, the rest below a line to open.

    >>> _folded(["a", "b", "c"], 1, "inputs", "<{}>".format)
    '<a><details><summary>2 more inputs</summary><bc></details>'
    """
    if len(items) <= shown + 1:
        return whole("".join(items)) if items else ""
    rest = tag("summary", f"{len(items) - shown} more {noun}") + whole("".join(items[shown:]))
    return whole("".join(items[:shown])) + tag("details", rest)


def _origin(source: Mapping[str, Any]) -> str:
    """A document with link, day and statement lines; an assumption says what it is in its own words."""
    name = escape(source["document"])
    linked = tag("a", name, href=source["url"]) if source["url"] else name
    quality = source["quality"].replace("_", " ")
    is_said = quality == "primary" or name.lower().startswith(quality)
    stated = "" if is_said else escape(f" ({quality})")
    fields = source["fields"]
    more = f" and {len(fields) - _FIELDS} more" if len(fields) > _FIELDS + 1 else ""
    lines = tag("code", escape(", ".join(fields[:_FIELDS] if more else fields)))
    return linked + stated + f", {_day(source['published'])}" + (f": {lines}{more}" if fields else "")


def _day(published: str | None) -> str:
    return day(date.fromisoformat(published)) if published else ""
