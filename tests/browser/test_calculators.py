"""Calculators run the kernel in the browser: same numbers, state in the address, steerable by keyboard."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import sample as made
from tests.browser.visit import Site, visit

pytestmark = pytest.mark.browser

# Sets sliders one after the other as a drag does and waits until the results have followed.
_MOVE = """async ([name, moves]) => {
  const section = document.querySelector(`.calculator[data-name="${name}"]`);
  for (const [slider, value] of Object.entries(moves)) {
    const input = section.querySelector(`input[name="${slider}"]`);
    if (input.type === "checkbox") input.checked = Boolean(value);
    else input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  while (section.hasAttribute("aria-busy")) await new Promise((next) => setTimeout(next, 4));
  const read = (selector, key) => {
    const all = [...section.querySelectorAll(selector)];
    const held = (e) => e.dataset.value ?? (e.type === "checkbox" ? Number(e.checked) : e.value);
    return Object.fromEntries(all.map((e) => [e.dataset[key] ?? e.name, held(e)]));
  };
  return { outputs: read("[data-output]", "output"), sliders: read(".slider input", "name") };
}"""


def moved(page: Page, name: str, moves: dict[str, float]) -> dict[str, Any]:
    """Slider values and raw results after ``moves``."""
    read = page.evaluate(_MOVE, [name, moves])
    return {kind: {key: float(value) for key, value in values.items()} for kind, values in read.items()}


@pytest.fixture
def page(browser: Browser, sample: Site) -> Iterator[Page]:
    with visit(browser, sample, "sample.html") as opened:
        opened.page.wait_for_selector(".calculator .plot.live")
        yield opened.page
        assert opened.errors == []


def test_results_equal_the_kernel_over_a_grid(page: Page) -> None:
    calculator = made.calculator()
    steps = {s.name: [s.min + (s.max - s.min) * k / 3 for k in range(4)] for s in calculator.sliders}
    for point in itertools.product(*steps.values()):
        read = moved(page, "play", dict(zip(steps, point, strict=True)))
        expected = calculator.results(read["sliders"])
        assert read["outputs"] == pytest.approx(expected, rel=1e-9)


def test_results_of_the_page_equal_those_of_the_browser(page: Page) -> None:
    assert moved(page, "play", {})["outputs"] == pytest.approx(made.calculator().results(), rel=1e-12)


def test_preset_sets_exact_values_off_the_slider_steps(page: Page) -> None:
    calculator = made.calculator()
    page.get_by_role("button", name="Bull").click()
    outputs = moved(page, "play", {})["outputs"]
    assert outputs == pytest.approx(calculator.results(calculator.presets["bull"]), rel=1e-12)
    expect(page.get_by_role("button", name="Bull")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Base")).to_have_attribute("aria-pressed", "false")


def test_reset_restores_values_and_address(page: Page) -> None:
    moved(page, "play", {"growth": 0.2, "multiple": 5})
    assert "play.growth=0.2" in page.url
    page.get_by_role("button", name="Reset").click()
    assert moved(page, "play", {})["outputs"] == pytest.approx(made.calculator().results())
    assert "play." not in page.url


def test_targets_are_told_by_word(page: Page) -> None:
    shown = "li => getComputedStyle(li, '::before').content + li.textContent"
    marks = page.locator(".targets li")
    moved(page, "play", {"growth": 0.0, "multiple": 6})
    assert [mark.evaluate(shown) for mark in marks.all()] == ['"✓ reaches "$4T', '"✕ below "$5T']


def test_address_carries_the_state(browser: Browser, sample: Site) -> None:
    with visit(browser, sample, "sample.html#play.growth=0.2&play.multiple=5&play.margin=7") as opened:
        opened.page.wait_for_selector(".calculator .plot.live")
        outputs = moved(opened.page, "play", {})["outputs"]
        expect(opened.page.locator(".notice")).to_contain_text(
            "play.margin=7: expected a number in 0.0% to 30.0%"
        )
    # The margin lies outside its slider and is left at its start.
    assert outputs == pytest.approx(made.calculator().results({"growth": 0.2, "multiple": 5.0}), rel=1e-12)


def test_link_with_a_slider_that_there_is_not_says_so(browser: Browser, sample: Site) -> None:
    with visit(browser, sample, "sample.html#play.growth=0.2&play.pace=3") as opened:
        expect(opened.page.locator(".notice")).to_contain_text("play.pace: there is no such slider")
        expect(opened.page.get_by_label("Sales growth a year")).to_have_value("0.2")


def test_results_of_other_inputs_are_never_left_where_nothing_can_be_computed(
    browser: Browser, sample: Site
) -> None:
    with visit(browser, sample, "sample.html") as opened:
        page = opened.page
        page.context.route("**/vega.js", lambda route: route.abort())
        page.reload()
        result, notice = page.locator("[data-output=value]"), page.locator(".notice")
        expect(notice).to_contain_text("did not load")
        expect(result).to_have_text("$4.11T")  # of the values that the sliders start at
        page.get_by_role("button", name="Bear").click()
        expect(result).to_have_text("–")
        page.context.unroute("**/vega.js")
        page.get_by_role("button", name="Try again").click()
        expect(result).to_have_text("$2.21T")
        expect(notice).to_be_hidden()


def test_copied_link_that_can_be_put_nowhere_is_shown(page: Page) -> None:
    page.evaluate(
        "() => { history.replaceState = () => { throw new DOMException('no', 'SecurityError'); };"
        " navigator.clipboard.writeText = async () => { throw new Error('no'); }; }"
    )
    page.get_by_role("button", name="Bear").click()
    page.locator(".share").click()
    expect(page.locator(".notice")).to_contain_text("#play.growth=0.07&play.multiple=2.2")


def test_slider_moves_by_keyboard_and_results_are_announced(page: Page) -> None:
    slider = page.get_by_label("Sales growth a year")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "11.5%")
    expect(page.locator(".calculator [role=status]")).to_contain_text("Market value, end of 2030: $4.20T")


def test_chart_of_the_calculator_follows(page: Page) -> None:
    drawn = ".calculator .drawing path[stroke='#17202b']"
    before = page.locator(drawn).first.get_attribute("d")
    moved(page, "play", {"growth": 0.3})
    assert page.locator(drawn).first.get_attribute("d") != before


def test_without_scripts_shows_starting_values_and_says_so(browser: Browser, sample: Site) -> None:
    with visit(browser, sample, "sample.html", scripts=False) as opened:
        assert opened.page.inner_text("[data-output=value]") == "$4.11T"
        assert opened.page.get_by_label("Sales growth a year").is_disabled()
        assert "need scripts" in opened.page.inner_text(".calculator")
