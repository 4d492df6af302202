"""Every source that a docstring of the model names has an entry, and every entry is cited."""

from __future__ import annotations

import re

import pytest

from analysis.sphinx_ext.citations import cited
from tests.build.tiny_book import ROOT

CITED = re.compile(r"cite(?::[a-z]+)?[:}]*`([a-z0-9,]+)`")


@pytest.mark.parametrize(
    ("named", "key"),
    [
        ("Damodaran 2012", "damodaran2012"),
        ("Koller et al. 2020", "koller2020"),
        ("Golub and Van Loan 2013", "golub2013"),
        ("Kotz and van Dorp 2004", "kotz2004"),
        ("Sobol' 1967", "sobol1967"),
        ("Andersen and\n    Brotherton-Ratcliffe 1996", "andersen1996"),
    ],
)
def test_a_source_named_in_a_docstring_is_cited(named: str, key: str) -> None:
    assert cited(f"x\nSource: {named}, ch. 8.") == f"x\nSource: :cite:t:`{key}`, ch. 8."


def test_only_the_paragraph_of_the_source_is_read() -> None:
    text = "Reported in March 2020.\n\nSource: Stone 1961.\n\nSince June 2019."
    assert cited(text) == text.replace("Stone 1961", ":cite:t:`stone1961`")


def test_what_is_cited_and_the_references_are_the_same() -> None:
    entries = re.findall(r"^@\w+\{(\w+),", (ROOT / "book/references.bib").read_text("utf-8"), re.MULTILINE)
    texts = [cited(path.read_text(encoding="utf-8")) for path in (ROOT / "analysis/model").rglob("*.py")]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "book").glob("*.md")]
    keys = {key for text in texts for found in CITED.findall(text) for key in found.split(",")}
    assert keys == set(entries)
    assert len(entries) == len(set(entries))
