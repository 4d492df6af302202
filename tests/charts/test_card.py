from __future__ import annotations

from xml.etree import ElementTree

from analysis.charts.card import HEIGHT, WIDTH, card_png, card_svg

DOTS = ("0 0 760 292", '<circle class="hit" cx="9" cy="9" r="8"/>')


def test_card_shows_question_answer_dots_and_foot() -> None:
    svg = card_svg("Can Amazon & others be worth that much?", "It is <possible>.", DOTS, "Edition 2025Q4")
    root = ElementTree.fromstring(svg)
    words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words == ["Can Amazon & others be worth that much?", "It is <possible>.", "Edition 2025Q4"]
    assert [inner.get("viewBox") for inner in root.iter("{http://www.w3.org/2000/svg}svg")][1:] == [DOTS[0]]


def test_words_stay_on_the_card() -> None:
    root = ElementTree.fromstring(card_svg("word " * 80, "word " * 80, DOTS, "foot"))
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        assert float(element.get("y", "0")) < HEIGHT
        assert len(element.text or "") * float(element.get("font-size", "0")) * 0.56 < WIDTH - 112


def test_picture_is_the_same_each_time_with_and_without_dots() -> None:
    for dots in (DOTS, None):
        one, other = (card_png("Title", "Answer", dots, "foot") for _ in range(2))
        assert one == other
        assert one.startswith(b"\x89PNG")
