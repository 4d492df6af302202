from __future__ import annotations

from xml.etree import ElementTree

from analysis.charts.card import HEIGHT, WIDTH, card_png, card_svg

NUMBERS = [(f"${n}T", f"a label that is rather long for {n}") for n in range(6)]


def test_card_shows_title_first_numbers_and_foot() -> None:
    svg = card_svg("Can Amazon & others be worth that much by 2030?", NUMBERS, "Edition 2025Q4")
    words = " ".join(element.text or "" for element in ElementTree.fromstring(svg).iter())
    assert "Amazon & others" in words
    assert "$3T" in words
    assert "$4T" not in words
    assert "Edition 2025Q4" in words


def test_words_stay_on_the_card() -> None:
    root = ElementTree.fromstring(card_svg("word " * 80, NUMBERS, "foot"))
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        assert float(element.get("x", "0")) < WIDTH - 150
        assert float(element.get("y", "0")) < HEIGHT


def test_picture_is_the_same_each_time() -> None:
    one, other = (card_png("Title", NUMBERS, "foot") for _ in range(2))
    assert one == other
    assert one.startswith(b"\x89PNG")
