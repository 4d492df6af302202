"""The line under a chart or table: where the figures come from and what they could know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analysis.charts.html import tag
from analysis.figures import Figure, Source
from analysis.formats import day, escape

# A sentence, a document, or several of either; figures stand for the documents below them.
Sources = str | Source | Figure | Sequence[str | Source | Figure]
ASSUMED = "assumptions of this report"
_NAMED = 2  # documents named in a caption, the latest first, before the rest are counted


def listed(sources: Sources) -> list[str | Source | Figure]:
    """``sources`` as a list, also where it is only one."""
    return [sources] if isinstance(sources, str | Source | Figure) else list(sources)


def documents(sources: Sources) -> tuple[str | Source, ...]:
    """Every distinct sentence or document in ``sources``, in the order met; assumptions are one sentence."""
    found: dict[tuple[str, str | None], str | Source] = {}
    for item in listed(sources):
        for source in item.sources() if isinstance(item, Figure) else (item,):
            if isinstance(source, Source) and source.quality == "assumption":
                source = ASSUMED
            key = (source, None) if isinstance(source, str) else (source.document, source.url)
            found.setdefault(key, source)
    return tuple(found.values())


def too_late(sources: Sources, cutoff: date) -> list[Source]:
    """The documents in ``sources`` that became public after ``cutoff``."""
    every = [s for item in listed(sources) for s in (item.sources() if isinstance(item, Figure) else (item,))]
    return [s for s in every if isinstance(s, Source) and s.published > cutoff]


def _document_html(source: str | Source) -> str:
    if isinstance(source, str):
        return escape(source)
    name = escape(source.document)
    return tag("a", name, href=source.url) if source.url else name


def _latest_first(source: str | Source) -> int:
    """Sentences before documents, documents by the day they became public, the latest first."""
    return -date.max.toordinal() if isinstance(source, str) else -source.published.toordinal()


def caption(sources: Sources, cutoff: date | None) -> str:
    """The caption's HTML: documents and cut-off date."""
    found = sorted(documents(sources), key=_latest_first)
    named = "; ".join(_document_html(s) for s in found[:_NAMED])
    if len(found) > _NAMED:
        named += f"; and {len(found) - _NAMED} more"
    parts = [f"Source: {named.rstrip('.')}."] if named else []
    if cutoff is not None:
        parts.append(f"Known by {day(cutoff)}.")
    return " ".join(parts)


def links(page: str, name: str, anchor: str) -> str:
    """What a reader may take along of a figure or table: data and address; scripts add more."""
    if not name:
        return ""
    data = tag("a", "Data", href=f"_static/data/{page}/{name}.csv", download=True, class_="csv")
    return tag("p", data + tag("a", "Link", href=f"#{anchor}", class_="permalink"), class_="figure-links")
