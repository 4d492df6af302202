"""Numbers that answer for themselves: the record behind each number a page prints.

Staging draws a number in prose as :func:`number_link`, and puts :func:`numbers_section` at the end
of the page. A link leads to its row there; with scripts on, the row's content opens beside the number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Any

from analysis.charts.html import fragment, tag
from analysis.figures import Figure, Source
from analysis.formats import day, escape, show, with_days
from analysis.units import words_of

FORMULAS = "formulas.html"  # the page that has an entry for every kernel of the model
METHOD = "method.html"  # the page that has the reason of every assumption
NUMBERS = '<details class="numbers">'  # how the section of a page's numbers begins, which ends its article
_DOCUMENT = "n-doc-{}"  # the ``id`` of a document that is named by its number
_LONG = 600  # letters of a list that is written once a page
_GROUPS = {"assumption": "Assumed", "reported": "Reported", "other": "Other"}
_INPUTS, _DOCUMENTS, _FIELDS = 6, 3, 3  # shown at once; the rest of a long list is folded
_LISTS = ("inputs", "sources")  # of a record
_SERIES = 3  # quarters of one series, which then share a line
_OF_A_QUARTER = re.compile(r"(.+ )(\d{4}Q[1-4])", re.DOTALL)
_MANY = 12  # documents of which the lines are left to the list of inputs


def record(figure: Figure) -> dict[str, Any]:
    """What a page keeps of ``figure``, as JSON can hold it: value, formula, inputs, sources, date."""
    published = figure.published
    return {
        "value": figure.value,
        "unit": "text" if isinstance(figure.value, str) and not figure.is_absent else figure.unit,
        "absent": figure.is_absent,
        "missing": figure.missing(),
        "text": show(figure.value, figure.unit),
        "error": _error(figure),
        "label": figure.label,
        "formula": figure.formula,
        "published": published.isoformat() if published else None,
        "kernel": figure.kernel,
        "inputs": [_input(item, _kind(item) if figure.kernel else "") for item in _inputs(figure)],
        "sources": _sources(figure),
    }


def _error(figure: Figure) -> str:
    """The standard error of a simulated figure in words; that of a chance in percentage points."""
    error = figure.standard_error
    if error is None:
        return ""
    is_share = figure.unit == "fraction"
    return f"± {100 * error:.2f} points" if is_share else f"± {show(error, figure.unit)}"


def packed(figures: Mapping[str, Figure]) -> dict[str, Any]:
    """The records of figures by key, as a notebook hands them over: what several of them name stands once.

    >>> packed({"a": Figure(1.0, "x", "A", inputs=(Figure(2.0, "x", "B"),))})["named"]
    [{'label': 'B', 'text': '2.00×', 'kind': ''}]
    """
    numbers = {key: record(figure) for key, figure in figures.items()}
    named: list[Any] = []
    places: dict[str, int] = {}

    def place(item: Any) -> int:
        at = places.setdefault(json.dumps(item), len(named))
        if at == len(named):
            named.append(item)
        return at

    for entry in numbers.values():
        entry.update({name: [place(item) for item in entry[name]] for name in _LISTS})
    return {"numbers": numbers, "named": named}


def unpacked(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A payload with its records, if it has any, as :func:`record` makes them."""
    if "named" not in payload:
        return dict(payload)
    rest = {name: part for name, part in payload.items() if name != "named"}
    numbers = {
        key: {**entry, **{name: [payload["named"][at] for at in entry[name]] for name in _LISTS}}
        for key, entry in payload["numbers"].items()
    }
    return {**rest, "numbers": numbers}


def _inputs(figure: Figure) -> list[Figure]:
    """What went in; into a kernel's result what went into the kernels before it and into what has no name."""
    found: dict[Figure, None] = {}
    for item in figure.inputs:
        is_opened = figure.kernel and (item.kernel or item.is_unnamed)
        found.update(dict.fromkeys(_inputs(item) if is_opened else [item]))
    return list(found)


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
    drawn = _Lists()
    rows = [_row(key, entry, drawn) for key, entry in entries.items()]
    head = "".join(tag("th", text, scope="col") for text in ("Number", "Value", "How", "From", "Public"))
    table = tag("table", tag("thead", tag("tr", head)) + tag("tbody", "\n".join(rows)))
    box = tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=title)
    inside = tag("summary", escape(title)) + box + drawn.documents()
    return fragment([f"{NUMBERS}{inside}</details>"])


class _Lists:
    """The lists of a section: many numbers rest on the same inputs and documents, which are drawn once.

    Records that were unpacked together share those that are the same.
    """

    def __init__(self) -> None:
        self.shown: dict[str, str] = {}  # the long ones, with the number each was shown for
        self._drawn: dict[tuple[int, ...], Any] = {}
        self._documents: dict[str, int] = {}  # with the number of each
        self._from = partial(_from, numbered=self._numbered)

    def of(
        self, items: Sequence[Mapping[str, Any]], draw: Callable[[Sequence[Mapping[str, Any]]], Any]
    ) -> Any:
        """What ``draw`` makes of the items of a record, which outlives the section."""
        same = (id(draw), *map(id, items))
        if same not in self._drawn:
            self._drawn[same] = draw(items)
        return self._drawn[same]

    def origins(self, sources: Sequence[Mapping[str, Any]]) -> str:
        """What a number is from: of many documents all but the latest by their number below the table."""
        return str(self.of(sources, self._from))

    def _numbered(self, documents: Sequence[str]) -> str:
        numbers = [self._documents.setdefault(each, len(self._documents) + 1) for each in documents]
        links = [tag("a", str(number), href=f"#{_DOCUMENT.format(number)}") for number in sorted(numbers)]
        return tag("p", " ".join(links), class_="refs")

    def documents(self) -> str:
        """The documents that are named by number, with a heading; nothing where none is."""
        items = [tag("li", each, id=_DOCUMENT.format(number)) for each, number in self._documents.items()]
        return tag("p", "Documents named above by number") + tag("ol", "".join(items)) if items else ""


def _row(key: str, entry: Mapping[str, Any], drawn: _Lists) -> str:
    label = escape(with_days(entry["label"])) + tag("code", escape(key))
    unit = "" if isinstance(entry["value"], str) else words_of(entry["unit"])
    error = entry.get("error") and f"{entry['error']}, one standard error of the simulation"
    notes = (tag("small", escape(note)) for note in (unit, error) if note)
    value = escape(entry["text"]) + "".join(notes)
    formula = tag("p", escape(with_days(entry["formula"]))) if entry["formula"] else ""
    inputs = (
        _once(found, kind, key, drawn.shown) for kind, found in drawn.of(entry["inputs"], _inputs_of).items()
    )
    how = formula + _kernel(entry["kernel"]) + "".join(inputs)
    cells = [
        tag("th", label, scope="row"),
        tag("td", value, class_="value"),
        tag("td", how),
        tag("td", _once(drawn.origins(entry["sources"]), "origins", key, drawn.shown)),
        tag("td", _day(entry["published"]), class_="date"),
    ]
    return tag("tr", "".join(cells), id=anchor(key))


def _once(content: str, kind: str, key: str, shown: dict[str, str]) -> str:
    """A list, or where an earlier number has the same long one, a link to it; popovers show it whole."""
    if len(content) < _LONG:
        return content
    first, name = shown.setdefault(content, key), kind.replace(" ", "-")
    if first == key:
        return tag("div", content, class_=name)
    return tag(
        "p", tag("a", f"The same {kind} as", href=f"#{anchor(first)}", data_same=name) + tag("code", first)
    )


def _inputs_of(inputs: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The lists of what went in, by what they hold."""
    groups = {kind: [item for item in inputs if item["kind"] == kind] for kind in ("", *_GROUPS)}
    return {
        f"{_GROUPS.get(kind, '')} inputs".strip().lower(): _list(_GROUPS.get(kind, ""), group)
        for kind, group in groups.items()
    }


def _kernel(name: str | None) -> str:
    """The kernel whose result the number is, a link to its entry if it is one of the model's."""
    if name is None:
        return ""
    short = tag("code", escape(".".join(name.split(".")[-2:])))
    is_formula = name.startswith("analysis.model.")
    return tag("p", "Computed by " + (tag("a", short, href=f"{FORMULAS}#{name}") if is_formula else short))


def _list(title: str, inputs: Sequence[Mapping[str, Any]]) -> str:
    lines = dict.fromkeys(_lines(inputs))  # what every edition assumes alike stands once
    items = [tag("li", line) for line in lines]
    head = tag("small", title) if title and items else ""
    return head + _folded(items, _INPUTS, "inputs", lambda found: tag("ul", found))


def _lines(inputs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line an input; of a series of several quarters one."""
    found: dict[str, dict[tuple[str, str], None]] = {}  # quarter, if the label ends in one, and text by name
    for item in inputs:
        of_a_quarter = _OF_A_QUARTER.fullmatch(item["label"])
        named, at = of_a_quarter.groups() if of_a_quarter else (item["label"], "")
        found.setdefault(named, {})[at, item["text"]] = None
    for what, texts in found.items():
        said = with_days(what)
        if len(quarters := sorted({at for at, _ in texts if at})) >= _SERIES:
            values = ", ".join(text for _, text in sorted(texts, key=itemgetter(0)))
            each = "" if what.endswith(", ") else "each of "
            when = f"{each}{len(quarters)} quarters from {quarters[0]} to {quarters[-1]}"
            yield escape(f"{said}{when}: {values}")
        else:
            yield from (escape(f"{said}{at}: {text}") for at, text in texts)


def _from(sources: Sequence[Mapping[str, Any]], numbered: Callable[[Sequence[str]], str]) -> str:
    """Documents, the latest first, before the report's own assumptions, which are counted where many.

    Many documents are named without the lines of their statements, as those are among the inputs, and all
    but the latest as ``numbered`` has them.
    """
    latest = sorted(sources, key=lambda source: str(source["published"]), reverse=True)
    assumed = [source for source in latest if source["quality"] == "assumption"]
    reported = [source for source in latest if source["quality"] != "assumption"]
    if len(assumed) <= _DOCUMENTS:
        own = "".join(tag("p", _origin(source)) for source in assumed)
    else:
        method = tag("a", "method", href=METHOD)
        own = tag("p", f"{len(assumed)} assumptions, each with its reason on the page of the {method}")
    if len(reported) <= _MANY:
        return _folded([tag("p", _origin(source)) for source in reported], _DOCUMENTS, "sources", str) + own
    named = [_origin(source, with_lines=False) for source in reported]
    rest = tag("summary", f"{len(named) - _DOCUMENTS} more sources") + numbered(named[_DOCUMENTS:])
    return "".join(tag("p", each) for each in named[:_DOCUMENTS]) + tag("details", rest) + own


def _folded(items: Sequence[str], shown: int, noun: str, whole: Callable[[str], str]) -> str:
    """``items`` within ``whole``; of a long list the first ``shown``, the rest below a line to open.

    >>> _folded(["a", "b", "c"], 1, "inputs", "<{}>".format)
    '<a><details><summary>2 more inputs</summary><bc></details>'
    """
    if len(items) <= shown + 1:
        return whole("".join(items)) if items else ""
    rest = tag("summary", f"{len(items) - shown} more {noun}") + whole("".join(items[shown:]))
    return whole("".join(items[:shown])) + tag("details", rest)


def _origin(source: Mapping[str, Any], with_lines: bool = True) -> str:
    """A document with link, day and statement lines; an assumption says what it is in its own words."""
    name = escape(source["document"])
    linked = tag("a", name, href=source["url"]) if source["url"] else name
    quality = source["quality"].replace("_", " ")
    is_said = quality == "primary" or name.lower().startswith(quality)
    stated = "" if is_said else escape(f" ({quality})")
    fields = source["fields"]
    more = f" and {len(fields) - _FIELDS} more" if len(fields) > _FIELDS + 1 else ""
    lines = tag("code", escape(", ".join(fields[:_FIELDS] if more else fields)))
    stated += f", {_day(source['published'])}"
    return linked + stated + (f": {lines}{more}" if fields and with_lines else "")


def _day(published: str | None) -> str:
    return day(date.fromisoformat(published)) if published else ""
