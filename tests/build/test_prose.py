from __future__ import annotations

import pytest

from analysis.build import prose

RECORDS = {
    "aws.sales": {"value": 128.7, "unit": "usd_bn", "text": "$128.7bn"},
    "aws.growth": {"value": 0.2, "unit": "fraction", "text": "20.0%"},
    "aws.azure": {
        "value": "a share that was not public", "unit": "fraction", "text": "a share that was not public",
        "absent": True, "missing": ["Growth of R&D"],
    },
    "aws.rank": {
        "value": "not comparable", "unit": "text", "text": "not comparable",
        "absent": True, "missing": ["Growth of R&D"],
    },
    "aws.word": {"value": "rise & fall", "unit": "text", "text": "rise & fall"},
}  # fmt: skip
DAY = "31 January 2020"
LINE = '<span class="not-public">Not public by 31 January 2020: Growth of R&amp;D.</span>'
SALES = '<a class="num" href="#n-aws-sales" data-key="aws.sales">$128.7bn</a>'

WORD = '<a class="num word" href="#n-aws-word" data-key="aws.word">rise &amp; fall</a>'


def filled(text: str) -> str:
    result, _, problems = prose.fill(text, RECORDS, "book/aws.md", DAY)
    assert problems == []
    return result


def test_a_number_becomes_a_link_to_its_row() -> None:
    assert filled("Sales of {num}`aws.sales`.") == f"Sales of {SALES}."


def test_a_number_can_be_asked_for_in_another_format() -> None:
    assert ">20%</a>" in filled("{num}`aws.growth|percent0`")


def test_words_are_marked_apart_from_numbers() -> None:
    assert 'class="num word"' in filled("They {num}`aws.word`.")
    year = {"aws.year": {"value": 2030.0, "unit": "year", "text": "2030"}}
    assert 'class="num word"' in prose.fill("In {num}`aws.year`.", year, "x", DAY)[0]
    assert 'class="num"' in filled("{num}`aws.growth`")


def test_text_is_escaped() -> None:
    assert ">rise &amp; fall</a>" in filled("Sales {num}`aws.word`.")


@pytest.mark.parametrize(
    "line", ["## Sales of {num}`aws.sales`", ":alt: {num}`aws.sales`", ":::{note} {num}`aws.sales`"]
)
def test_headings_options_and_titles_get_plain_text(line: str) -> None:
    assert filled(line) == line.replace("{num}`aws.sales`", "$128.7bn")


@pytest.mark.parametrize(
    "text",
    [
        "```python\n{num}`aws.sales`\n```",
        "``{num}`aws.sales` ``",
        "```\n{num}`no.such`\n```",
        "```{code-block}\n{num}`x`\n```",
    ],
)
def test_code_is_left_alone(text: str) -> None:
    assert filled(text) == text


def test_prose_inside_and_after_directives_is_filled() -> None:
    text = "```{note}\n{num}`aws.sales`\n```\n{num}`aws.sales`\n"
    text += "::::{grid}\n:::{card}\n{num}`aws.sales`\n:::\n::::\n"
    assert filled(text).count(SALES) == 3


def test_keys_are_told_in_the_order_they_are_used_and_once() -> None:
    text = "{num}`aws.word` {num}`aws.sales` {num}`aws.word`"
    assert prose.fill(text, RECORDS, "x", DAY)[1] == ["aws.word", "aws.sales"]


def test_an_unknown_key_is_told_with_its_line_and_near_ones() -> None:
    _, used, problems = prose.fill("fine\n\n{num}`aws.salse`", RECORDS, "book/aws.md", DAY, 10)
    assert used == []
    assert problems == ["book/aws.md:12: no number 'aws.salse' (expected aws.sales or aws.azure)"]


def test_an_unknown_format_is_told() -> None:
    _, _, problems = prose.fill("{num}`aws.sales|furlongs`", RECORDS, "book/aws.md", DAY)
    assert problems[0].startswith("book/aws.md:1: no format 'furlongs'; known: ")


def test_a_format_for_numbers_asked_of_a_text_is_told() -> None:
    assert filled("{num}`aws.word|percent`").endswith(">rise &amp; fall</a>")


def test_a_sentence_that_needs_what_was_not_public_gives_way_to_one_line() -> None:
    text = "It {num}`aws.word`. Azure grew {num}`aws.azure`, i.e. {num}`aws.rank`. See [it](a.md). "
    text += "Azure: {num}`aws.azure`."
    assert filled(text) == f"It {WORD}. See [it](a.md). {LINE}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{num}`aws.azure` is more. {num}`aws.azure` is less.", LINE),
        ("- Azure: {num}`aws.azure`.\n- Fine: {num}`aws.word`", f"- {LINE}\n- Fine: WORD"),
        ("1. One.\n   More. Azure grew\n   {num}`aws.azure`.", f"1. One.\n   More. {LINE}"),
        ("**So.** It grew {num}`aws.azure`.\n\nNext.", f"**So.** {LINE}\n\nNext."),
        ("(It grew {num}`aws.azure`. Or not.) Then.", f"Then. {LINE}"),
        ("It grew {num}`aws.azure` (the U.S. only). Then.", f"Then. {LINE}"),
        ("Growth was\n{num}`aws.azure` of 2.5. Then.", f"Then. {LINE}"),
        (":::{note}\nIt grew {num}`aws.azure`. Then.\n:::", f":::{{note}}\nThen. {LINE}\n:::"),
    ],
)
def test_a_paragraph_keeps_its_other_sentences(text: str, expected: str) -> None:
    assert filled(text) == expected.replace("WORD", WORD)


@pytest.mark.parametrize(
    "form", ["## Azure: {}", "| Azure | {} |", "Azure grew {}, in which:", "Fine.\n\n<p>{}. A.</p>"]
)
def test_what_is_no_sentence_prints_words_for_what_was_not_public(form: str) -> None:
    text = filled(form.format("{num}`aws.azure`"))
    assert "a share that was not public" in text
    assert "Not public by" not in text


def test_a_key_of_a_sentence_that_gave_way_counts_as_used() -> None:
    assert prose.fill("{num}`aws.azure` is more.", RECORDS, "x", DAY)[1] == ["aws.azure"]


def test_links_to_notebooks_lead_to_what_they_become() -> None:
    text = "[a](aws.md) [b](./aws.md#growth) [c](words.md) [d](https://x.org/aws.md)"
    expected = "[a](aws.ipynb) [b](aws.ipynb#growth) [c](words.md) [d](https://x.org/aws.md)"
    assert prose.relink(text, {"aws"}) == expected
