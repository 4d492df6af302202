"""Articles read from ``data/articles/*.yml``: strictly, with every problem reported under the claim's id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from analysis.articles.claim_loading import CLAIM, take_claim
from analysis.articles.printed import units
from analysis.articles.records import Article, Claim, ModelInput, ReproductionRecord
from analysis.articles.taking import take_printed, take_sentence
from analysis.data import schema
from analysis.data.editions import edition_labels
from analysis.data.problems import Problem, stop_on
from analysis.data.reads import data_root, note_read, shown
from analysis.data.values import (
    Place,
    refuse_unknown,
    take_choice,
    take_date,
    take_list,
    take_mapping,
    take_text,
)
from analysis.data.yaml_files import read_yaml

FOLDER = "articles"
CONSISTENCY = "consistency"
_TEXTS = ("letter", "title", "short", "kind", "language", "dated", "argument")
_REPRODUCTION = schema.having({"title": schema.TEXT, "finding": schema.TEXT})
_INPUT = schema.having(
    {"label": schema.TEXT, "says": schema.TEXT, "unit": schema.one_of(units())}, {"assumed": schema.TEXT}
)
SCHEMA = schema.having(
    {
        **dict.fromkeys(_TEXTS, schema.TEXT),
        "published": schema.DAY,
        "judged_as_of": schema.TEXT,
        "model": schema.mapping(_INPUT),
        "claims": schema.list_of(CLAIM),
    },
    {"reproductions": schema.mapping(_REPRODUCTION)},
)


def article_slugs(root: Path) -> list[str]:
    """The names of all articles' files; a new file there is a change for whoever asked."""
    note_read(root, FOLDER)
    stems = (path.stem for path in (root / FOLDER).glob("*.yml"))
    return sorted(stem for stem in stems if stem != CONSISTENCY)


def open_articles(root: Path | None = None) -> tuple[Article, ...]:
    """All articles by letter; raises ``DataError`` with every problem of their files."""
    problems: list[Problem] = []
    articles = load_articles(data_root(root), problems)
    stop_on(problems)
    return articles


def load_articles(root: Path, problems: list[Problem]) -> tuple[Article, ...]:
    """All articles that could be read, by letter."""
    found = [load_article(root, slug, problems) for slug in article_slugs(root)]
    articles = sorted((a for a in found if a is not None), key=lambda article: article.letter)
    ids: dict[str, str] = {}
    for article in articles:
        for claim in article.claims:
            place = Place(article.path, f"claims.{claim.id}", problems)
            if claim.id in ids:
                place.report(f"is given twice, also in {ids[claim.id]}", "each claim's id once")
            if not claim.id.startswith(article.letter):
                place.report("is not of this article", f"an id that begins with {article.letter}")
            ids[claim.id] = article.path
    return tuple(articles)


def load_article(root: Path, slug: str, problems: list[Problem]) -> Article | None:
    """One article; ``None`` if its head cannot be used. Claims that cannot be used are left out."""
    relative = f"{FOLDER}/{slug}.yml"
    raw = read_yaml(root, relative, problems)
    if raw is None:
        return None
    place = Place(shown(root, relative), "", problems)
    refuse_unknown(raw, schema.names(SCHEMA), place)
    texts = {name: take_text(raw.get(name), place.at(name)) for name in _TEXTS}
    inputs = _inputs(take_mapping(raw.get("model"), place.at("model")), place.at("model"))
    take_sentence(raw.get("argument"), place.at("argument"), frozenset(item.name for item in inputs))
    published = take_date(raw.get("published"), place.at("published"))
    judged = take_choice(raw.get("judged_as_of"), edition_labels(root), place.at("judged_as_of"))
    claims = _claims(raw.get("claims"), place.at("claims"))
    if published is None or judged is None or None in texts.values():
        return None
    named = {name: text or "" for name, text in texts.items()}
    return Article(
        slug=slug,
        published=published,
        judged_as_of=judged,
        inputs=inputs,
        claims=claims,
        reproductions=_reproductions(raw.get("reproductions", {}), place.at("reproductions")),
        path=place.path,
        **named,
    )


def _inputs(entries: dict[str, Any], place: Place) -> tuple[ModelInput, ...]:
    found = []
    for name, value in entries.items():
        here = place.at(name)
        entry = take_mapping(value, here)
        refuse_unknown(entry, schema.names(_INPUT), here)
        label = take_text(entry.get("label"), here.at("label"))
        printed = take_printed(entry.get("says"), entry.get("unit"), here)
        assumed = take_text(entry["assumed"], here.at("assumed")) if "assumed" in entry else None
        if label is not None and printed is not None:
            found.append(ModelInput(name, label, printed, assumed))
    return tuple(found)


def _reproductions(raw: object, place: Place) -> dict[str, ReproductionRecord]:
    """Titles and sentences by name; which figures a sentence may show is known once it is worked out."""
    found = {}
    for name, value in take_mapping(raw, place).items():
        here = place.at(name)
        entry = take_mapping(value, here)
        refuse_unknown(entry, schema.names(_REPRODUCTION), here)
        title = take_text(entry.get("title"), here.at("title"))
        finding = take_sentence(entry.get("finding"), here.at("finding"), None)
        if title is not None and finding is not None:
            found[name] = ReproductionRecord(title, finding)
    return found


def _claims(raw: object, place: Place) -> tuple[Claim, ...]:
    claims = []
    for value, here in take_list(raw, place):
        entry = take_mapping(value, here)
        name = take_text(entry.get("id"), here.at("id"))
        if name is not None:
            claim = take_claim(name, entry, place.at(name))
            claims += [claim] if claim is not None else []
    return tuple(claims)
