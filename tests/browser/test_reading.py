"""What a reader does on a page: asks numbers for their source, switches colours, sorts, searches, prints."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from tests.browser.visit import Site, until, visit

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, sample: Site) -> Iterator[Page]:
    with visit(browser, sample, "sample.html") as opened:
        yield opened.page
        assert opened.errors == []


def test_number_answers_to_the_keyboard(page: Page) -> None:
    link = page.locator('p a.num[data-key="sample.growth"]')
    answer = page.locator(".answer")
    page.locator("main").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.key") == "sample.sales"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.key") == "sample.growth"
    expect(answer).to_have_count(0)
    page.keyboard.press("Enter")
    expect(answer).to_be_visible()
    expect(link).to_have_attribute("aria-expanded", "true")
    for part in ("growth of cloud sales", "19.7", "cloud sales, twelve months ÷ cloud sales", "$128,725m",
                 "press release on the fourth quarter", "Public since 30 January 2020"):  # fmt: skip
        expect(answer).to_contain_text(part)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.answer') !== null")
    page.keyboard.press("Escape")
    expect(answer).to_have_count(0)
    assert page.evaluate("document.activeElement.dataset.key") == "sample.growth"
    expect(link).to_have_attribute("aria-expanded", "false")


def test_numbers_of_a_paragraph_are_one_stop_of_the_tab_key(page: Page) -> None:
    page.locator("main").focus()
    stops = []
    for _ in range(3):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.dataset.key ?? document.activeElement.type"))
    assert stops == ["sample.sales", "sample.total", "range"]


def test_calculator_is_two_stops_from_the_top(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Skip to the calculator":
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range"


def test_number_answers_to_the_pointer_and_leaves(page: Page) -> None:
    page.locator('p a.num[data-key="sample.sales"]').hover()
    answer = page.locator(".answer")
    expect(answer).to_contain_text("segments.cloud.net_sales")
    answer.hover()
    page.wait_for_timeout(400)
    expect(answer).to_be_visible()
    page.mouse.move(5, 5)
    expect(answer).to_have_count(0)


def test_number_answers_to_a_tap_within_the_screen(browser: Browser, sample: Site) -> None:
    with visit(browser, sample, "sample.html", width=320, height=640) as opened:
        link = opened.page.locator('p a.num[data-key="sample.growth"]')
        link.tap()
        answer = opened.page.locator(".answer")
        expect(answer).to_be_visible()
        box = answer.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        link.tap()
        expect(answer).to_be_visible()
        opened.page.locator(".site-header").tap(position={"x": 2, "y": 2})
        expect(answer).to_have_count(0)


def test_number_in_a_table_answers_too(page: Page) -> None:
    page.locator(".data-table a.num").first.click()
    expect(page.locator(".answer")).to_contain_text("cloud sales")


def test_list_of_numbers_opens_at_the_row_asked_for(browser: Browser, sample: Site) -> None:
    with visit(browser, sample, "sample.html#n-sample-growth") as opened:
        expect(opened.page.locator("#n-sample-growth")).to_be_in_viewport()


def colour(page: Page, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("e => getComputedStyle(e).fill"))


def test_colours_switch_at_once_in_still_and_live_charts(page: Page) -> None:
    live, still = (
        "#chart-sample-chart_2 .drawing path[fill='#17202b']",
        ".plot > svg.wide path[fill='#17202b']",
    )
    page.locator("#chart-sample-chart_2").scroll_into_view_if_needed()
    page.wait_for_selector("#chart-sample-chart_2 .plot.live")
    assert {colour(page, live), colour(page, still)} == {"rgb(23, 32, 43)"}
    page.locator("button.scheme").click()
    assert page.evaluate("document.documentElement.dataset.scheme") == "dark"
    assert {colour(page, live), colour(page, still)} == {"rgb(233, 237, 241)"}
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 22, 29)"


def test_chart_is_redrawn_to_its_box(page: Page) -> None:
    plot = page.locator("#chart-sample-chart_1 .plot")
    plot.scroll_into_view_if_needed()
    page.wait_for_selector("#chart-sample-chart_1 .plot.live")
    for width in (1280, 700, 360):
        page.set_viewport_size({"width": width, "height": 800})
        until(
            page,
            "(() => { const p = document.querySelector('#chart-sample-chart_1 .plot');"
            " const s = p.querySelector('.drawing svg');"
            " return Math.abs(s.getBoundingClientRect().width - p.clientWidth) < 1.5"
            " && Math.abs(Number(s.getAttribute('width')) - p.clientWidth) < 1.5; })()",
        )


def drawn(page: Page, name: str) -> tuple[Locator, Locator]:
    """The line above a chart that is drawn and its picture."""
    figure = page.locator(f"#{name}")
    figure.scroll_into_view_if_needed()
    page.wait_for_selector(f"#{name} .plot.live")
    return figure.locator(".readout"), figure.locator(".plot")


def test_line_above_a_chart_says_the_latest_step_and_the_one_pointed_at(page: Page) -> None:
    line, plot = drawn(page, "chart-sample-chart_1")
    expect(line).to_contain_text("2019Q4North America $70.1bn")
    before = line.bounding_box()
    plot.hover(position={"x": 40, "y": 200})
    expect(line).to_contain_text("2013Q1North America $36.0bnInternational $20.0bnCloud $8.0bn")
    assert line.bounding_box() == before
    page.keyboard.press("Escape")
    expect(line).to_contain_text("2019Q4")
    expect(page.locator(".cursor")).to_have_count(0)


def test_chart_is_read_by_the_keyboard_alone(page: Page) -> None:
    line, plot = drawn(page, "chart-sample-chart_2")
    plot.focus()
    for key, step in (
        ("Home", "2013Q1"),
        ("ArrowRight", "2013Q2"),
        ("End", "2019Q4"),
        ("ArrowLeft", "2019Q3"),
    ):
        page.keyboard.press(key)
        expect(line).to_contain_text(step)
    assert line.get_attribute("aria-live") == "polite"


def test_chart_is_read_by_a_touch(browser: Browser, sample: Site) -> None:
    with visit(browser, sample, "sample.html", width=390) as opened:
        line, plot = drawn(opened.page, "chart-sample-chart_5")
        plot.tap(position={"x": 200, "y": 60})
        expect(line).to_have_text("TrendLow $2.10TBase $3.40THigh $5.20T")


def test_chart_says_so_where_its_script_does_not_load(browser: Browser, sample: Site) -> None:
    with visit(browser, sample, "sample.html") as opened:
        opened.page.context.route("**/vega.js", lambda route: route.abort())
        opened.page.reload()
        figure = opened.page.locator("#chart-sample-chart_1")
        figure.scroll_into_view_if_needed()
        expect(figure.locator(".readout")).to_contain_text("did not load")
        expect(figure.locator("svg.wide")).to_be_visible()


def column(page: Page, index: int) -> list[str]:
    return page.locator(f"table[data-sortable] tbody tr > :nth-child({index})").all_inner_texts()


def test_table_sorts_by_value_with_missing_ones_last(page: Page) -> None:
    button = page.locator("table[data-sortable]").get_by_role("button", name="Growth")
    button.click()
    assert column(page, 3) == ["20.0", "10.0", "−5.0", "–"]
    button.click()
    assert column(page, 3) == ["−5.0", "10.0", "20.0", "–"]
    assert button.locator("xpath=..").get_attribute("aria-sort") == "ascending"


@pytest.mark.parametrize("from_disk", [False, True])
@pytest.mark.parametrize(("words", "place"), [("run-rate", "words.html"), ("cloud sales", "sample.html"),
                                              ("margin fifth", "sample.html#claims")])  # fmt: skip
def test_search_finds_terms_chapters_and_claims(
    browser: Browser, sample: Site, words: str, place: str, from_disk: bool
) -> None:
    with visit(browser, sample, f"search.html?q={words}", from_disk=from_disk) as opened:
        addresses = opened.page.locator(".search-results a").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        )
    assert any(address.startswith(place) for address in addresses)


def test_menu_opens_on_a_phone_without_scripts(browser: Browser, sample: Site) -> None:
    with visit(browser, sample, "sample.html", width=320, height=640, scripts=False) as opened:
        menu = opened.page.locator("#menu")
        expect(menu).to_be_hidden()
        opened.page.get_by_role("button", name="Chapters").click()
        expect(menu).to_be_visible()
        menu.get_by_role("link", name="Words").click()
        assert opened.page.url.endswith("words.html")


def test_print_has_still_charts_and_no_frame(page: Page, tmp_path: Path) -> None:
    page.wait_for_selector(".calculator .plot.live")
    page.emulate_media(media="print")
    expect(page.locator(".menu")).to_be_hidden()
    expect(page.locator(".drawing").first).to_be_hidden()
    expect(page.locator("#chart-sample-chart_1 svg.wide")).to_be_visible()
    assert len(page.pdf()) > 20_000


def test_head_of_a_sortable_table_is_printed_on_every_sheet(page: Page) -> None:
    double = "body => body.append(...[...body.rows].map((row) => row.cloneNode(true)))"
    for _ in range(4):
        page.locator("table[data-sortable] tbody").evaluate(double)
    reader = PdfReader(io.BytesIO(page.pdf(format="A5")))
    sheets = [sheet.extract_text() for sheet in reader.pages]
    rows = [sheet for sheet in sheets if sheet.count("holds with rounding") > 1]
    assert len(rows) > 1
    assert all("Grade\n" in sheet for sheet in rows)  # and no arrow that nobody can press


def test_reduced_motion_leaves_nothing_moving(browser: Browser, sample: Site) -> None:
    with visit(browser, sample, "sample.html", width=390) as opened:
        opened.page.emulate_media(reduced_motion="reduce")
        opened.page.get_by_role("button", name="Chapters").click()
        assert opened.page.evaluate("document.getAnimations().length") == 0


def slid(page: Page, value: float) -> Locator:
    """The slider for growth, once it stands at ``value`` and the results have followed."""
    slider = page.get_by_label("Sales growth a year")
    slider.fill(str(value))
    until(page, "!document.querySelector('.calculator').hasAttribute('aria-busy')")
    return slider


def test_sliders_stay_where_they_are_when_a_link_within_the_page_is_followed(page: Page) -> None:
    slider = slid(page, 0.2)
    page.evaluate("location.hash = '#content'")
    page.wait_for_timeout(100)
    assert slider.input_value() == "0.2"
    page.evaluate("location.hash = '#play.growth=0.25'")
    expect(slider).to_have_value("0.25")


def test_long_drag_writes_the_address_a_few_times_and_ends_right(page: Page) -> None:
    written = page.evaluate("""async () => {
      let count = 0;
      const write = history.replaceState.bind(history);
      history.replaceState = (...all) => { count += 1; write(...all); };
      const slider = document.querySelector('.calculator input[name=growth]');
      for (let step = 0; step <= 60; step += 1) {
        slider.value = step * 0.005;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((next) => setTimeout(next, 5));
      }
      return count;
    }""")
    assert 1 <= written <= 10
    until(page, "location.hash.includes('play.growth=0.3')")


def test_address_that_may_not_be_written_stops_no_slider(page: Page) -> None:
    page.evaluate(
        "void (history.replaceState = () => { throw new DOMException('too often', 'SecurityError'); })"
    )
    slid(page, 0.2)
    expect(page.locator("[data-output=value]")).to_have_text("$6.07T")


def test_results_are_read_out_once_moved_and_not_before(page: Page) -> None:
    page.wait_for_selector(".calculator .plot.live")
    said = page.locator(".calculator [role=status]")
    page.wait_for_timeout(1000)
    assert said.inner_text() == ""
    slid(page, 0.2)
    expect(said).to_contain_text("Market value, end of 2030: $6.07T")
    live = page.locator(".slider output").evaluate_all("all => all.map(o => o.getAttribute('aria-live'))")
    assert set(live) == {"off"}


def test_results_stay_in_sight_on_a_phone_while_a_slider_is_dragged(browser: Browser, sample: Site) -> None:
    with visit(browser, sample, "sample.html", width=320, height=480) as opened:
        opened.page.locator(".calculator-title").evaluate("e => e.scrollIntoView()")
        for result in opened.page.locator("[data-output]").all():
            expect(result).to_be_in_viewport(ratio=1)
        share = opened.page.locator(".outputs").evaluate("e => e.offsetHeight / innerHeight")
        assert share < 0.45
        opened.page.locator(".share").evaluate("e => e.scrollIntoView({ block: 'end' })")
        expect(opened.page.locator(".share")).to_be_in_viewport(ratio=1)


def test_answer_to_a_tile_lists_its_inputs_plainly_and_folds_the_many(page: Page) -> None:
    page.locator(".tiles a.num").hover()
    answer = page.locator(".answer")
    expect(answer).to_contain_text("sales of country 6")
    assert answer.locator("li").first.evaluate("e => getComputedStyle(e).display") == "list-item"
    expect(answer.get_by_role("link")).to_have_count(3 + 1)  # documents, the list
    answer.get_by_text("17 more sources").click()
    expect(answer.get_by_role("link")).to_have_count(21)


@pytest.mark.parametrize("height", [360, *(pytest.param(h, marks=pytest.mark.pages) for h in (560, 800))])
def test_answer_fits_the_screen_wherever_its_number_stands(
    browser: Browser, sample: Site, height: int
) -> None:
    with visit(browser, sample, "sample.html", width=320, height=height) as opened:
        link = opened.page.locator(".tiles a.num")
        for block in ("start", "center", "end"):
            link.evaluate("(e, block) => e.scrollIntoView({ block })", block)
            link.tap()
            box = opened.page.locator(".answer").bounding_box()
            assert box is not None
            assert min(box["x"], box["y"]) >= 0
            assert box["x"] + box["width"] <= 320
            assert box["y"] + box["height"] <= height
            opened.page.keyboard.press("Escape")


def test_words_look_like_words_until_pointed_at(page: Page) -> None:
    word, number = page.locator("p a.num.word"), page.locator('p a.num[data-key="sample.sales"]')
    line = "e => getComputedStyle(e).textDecorationColor"
    assert word.evaluate(line) == "rgba(0, 0, 0, 0)"
    assert number.evaluate(line) == "rgb(141, 138, 130)"
    word.press("Enter")
    expect(page.locator(".answer")).to_contain_text("How the market value compares")
    assert word.evaluate(line) == "rgb(27, 90, 138)"


@pytest.mark.parametrize(
    ("words", "first", "said"),
    [
        ("run rate", "words.html#term-run-rate", "1 place found."),
        ("Run-Rate", "words.html#term-run-rate", "1 place found."),
        ("P/S", "words.html#term-price-to-sales", "found"),
        ("Q4 2019", "words.html#term-price-to-sales", "found"),
        ("clowd", "sample.html#cloud-sales", "places found for “cloud”."),
        ("cloud zebra", "sample.html#cloud-sales", "No place has all of these words."),
        ("lou", None, "Nothing found."),
        ("", None, "Type a word"),
        ("( )", None, "Type a word"),
    ],
)
def test_search_is_forgiving_and_says_what_it_did(
    browser: Browser, sample: Site, words: str, first: str | None, said: str
) -> None:
    with visit(browser, sample, f"search.html?q={words}") as opened:
        expect(opened.page.locator(".search-status")).to_contain_text(said)
        links = opened.page.locator(".search-results a")
        assert links.first.get_attribute("href") == first if first else links.count() == 0
        assert opened.errors == []


@pytest.mark.parametrize("width", [320, 640])
def test_letters_of_twice_the_size_cause_no_sideways_scrolling(
    browser: Browser, sample: Site, width: int
) -> None:
    with visit(browser, sample, "sample.html", width=width) as opened:
        opened.page.evaluate("document.documentElement.style.fontSize = '34px'")
        opened.page.wait_for_timeout(150)
        assert opened.page.evaluate("document.scrollingElement.scrollWidth - innerWidth") == 0


def test_current_chapter_is_told_apart_where_the_system_sets_the_colours(
    browser: Browser, sample: Site
) -> None:
    with visit(browser, sample, "words.html") as opened:
        opened.page.emulate_media(forced_colors="active")
        line = "links => links.map(a => getComputedStyle(a).borderLeftColor)"
        other = opened.page.locator(".menu li:not(.current) > a")
        current = opened.page.locator(".menu .current > a")
        assert not set(other.evaluate_all(line)) & set(current.evaluate_all(line))


_CUT = """[...document.querySelectorAll("article .scroll")]
  .filter((box) => !box.closest("details") && box.scrollWidth > box.clientWidth + 1)
  .map((box) => `${box.ariaLabel}: ${box.scrollWidth} in ${box.clientWidth}`)"""


@pytest.mark.book
@pytest.mark.parametrize("name", ["articles", "aws", "dcf", "index", "method", "sources", "track-record"])
def test_no_table_is_cut_at_a_desk(browser: Browser, book: Site, name: str) -> None:
    with visit(browser, book, f"{name}.html") as opened:
        assert opened.page.evaluate(_CUT) == []


def test_copied_link_is_said_once_and_the_button_keeps_its_name(page: Page) -> None:
    share = page.locator(".share")
    share.click()
    share.click()
    expect(share).to_have_text(re.compile("Link"))
    expect(page.locator(".calculator [role=status]")).to_have_text(re.compile("^Link"))
    expect(share).to_have_text("Copy link")
    page.wait_for_timeout(1500)
    assert share.inner_text() == "Copy link"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_frame_of_a_phones_browser_follows_the_chosen_colours(
    browser: Browser, sample: Site, name: str
) -> None:
    with visit(browser, sample, "sample.html", scheme="dark" if name == "light" else "light") as opened:
        opened.page.locator("button.scheme").click()
        assert opened.page.evaluate("document.documentElement.dataset.scheme") == name
        metas = "[...document.querySelectorAll('meta[name=theme-color]')]"
        shown = opened.page.evaluate(f"{metas}.find((m) => matchMedia(m.media).matches).content")
        assert shown == {"light": "#fcfbf8", "dark": "#10161d"}[name]
