"""A first reader's walk through the built report: ``python -m tests.browser.walk`` after ``make book``.

Five questions, asked at a desk, on a phone and by keyboard alone. For each it counts what a reader has to do,
reads what then stands on the screen, and takes the time; ``docs/first-reader.md`` keeps a walk.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from analysis.build.pdf import find_chromium
from tests.browser.visit import Site, visit

HTML = Path(__file__).parents[2] / "_build" / "html"
SCREENS = {"at a desk": (1280, 900), "on a phone": (390, 844), "by keyboard": (1280, 900)}
_MOST = 60  # steps after which a reader has given up
_IN_SIGHT = """e => {
  const box = e.getBoundingClientRect();
  return box.width > 0 && box.top >= 0 && box.top < innerHeight - 24 && box.bottom > 24;
}"""


@dataclass
class Step:
    """One question on the way: what was done, how often, the milliseconds it took, what then stood there."""

    question: str
    done: str
    milliseconds: float
    found: str


def first_page(page: Page, by_keyboard: bool) -> list[Step]:
    """The answer, how sure it is, what would change it, and where a number of it comes from."""
    verdict = page.locator(".home h1 + p strong").first
    sure = page.locator("article p", has_text="Other defensible choices").first
    steps = [
        _asked("What is the answer?", page, verdict, by_keyboard),
        _asked("How sure is it?", page, sure, by_keyboard),
        _asked("What would have to be true?", page, page.locator(".levers").first, by_keyboard),
    ]
    page.evaluate("scrollTo(0, 0)")
    begun, doubted = time.monotonic(), page.locator(".home h1 + p + p a.num", has_text="%").first
    if by_keyboard:
        done = _skip(page, "text")
        done += f", Tab {_tab_to(page, page.locator('.home h1 + p + p a.num').first)} times"
        done += f", → {_press_to(page, doubted, 'ArrowRight')} times, Enter"
        page.keyboard.press("Enter")
    else:
        doubted.click()
        done = "one press on it"
    box = page.locator(".answer")
    box.wait_for()
    steps.append(Step("Where does the first of its odds come from?", done, _since(begun), _words(box)))
    page.keyboard.press("Escape")
    return steps


def own_case(page: Page, by_keyboard: bool) -> Step:
    """What follows if one assumption is another."""
    begun = time.monotonic()
    link = page.locator("nav.menu a, article a").filter(has_text="Your case").first
    opened = ""
    if not link.is_visible():
        page.locator(".menu-button").click()
        opened = "the menu, "
    if by_keyboard:
        done = f"Tab {_tab_to(page, link)} times, Enter"
        page.keyboard.press("Enter")
    else:
        link.click()
        done = f"{opened}one link"
    slider = page.locator(".case .slider input").first
    slider.wait_for()
    if by_keyboard:
        done += f"; {_skip(page, 'calculator')}, Tab {_tab_to(page, slider)} times, PageUp"
    else:
        slider.focus()
        done += ", one slider"
    _until(lambda: page.evaluate("document.querySelector('.case .slider input').disabled") is False)
    before = page.locator(".case .chart-title").inner_text()
    page.keyboard.press("PageUp")
    _until(lambda: page.locator(".case[aria-busy]").count() == 0)
    told = page.locator(".case .chart-title").inner_text()
    return Step("What if AWS grows otherwise?", done, _since(begun), f"{before} → {told}")


def _asked(question: str, page: Page, answer: Locator, by_keyboard: bool) -> Step:
    """Screens scrolled until the answer is in sight."""
    begun, screens = time.monotonic(), 0
    while not answer.evaluate(_IN_SIGHT) and screens < _MOST:
        screens += 1
        if by_keyboard:
            page.keyboard.press("PageDown")
        else:
            page.evaluate("scrollBy({ top: 0.9 * innerHeight, behavior: 'instant' })")
        page.wait_for_timeout(120)
    key = "PageDown" if by_keyboard else "a screen scrolled"
    done = f"{screens} × {key}" if screens else "nothing: it is on the first screen"
    return Step(question, done, _since(begun), _words(answer))


def _skip(page: Page, to: str) -> str:
    """Takes the skip link that leads to a part of the page."""
    presses = _tab_to(page, page.locator("a.skip", has_text=f"Skip to the {to}"))
    page.keyboard.press("Enter")
    return f"Tab {presses} times and Enter to skip to the {to}"


def _tab_to(page: Page, wanted: Locator) -> int:
    """Presses of the tab key until ``wanted`` has the focus."""
    return _press_to(page, wanted, "Tab")


def _press_to(page: Page, wanted: Locator, key: str) -> int:
    for presses in range(1, _MOST + 1):
        page.keyboard.press(key)
        if wanted.evaluate("e => e === document.activeElement"):
            return presses
    raise AssertionError(f"not reached by {_MOST} presses of {key}: {wanted}")


def _until(is_so: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)


def _since(begun: float) -> float:
    return 1000 * (time.monotonic() - begun)


def _words(where: Locator) -> str:
    return " ".join(where.inner_text().split())


def walk(browser: Browser, site: Site, how: str) -> list[Step]:
    """All questions in one visit."""
    width, height = SCREENS[how]
    by_keyboard = how == "by keyboard"
    with visit(browser, site, "index.html", width=width, height=height, from_disk=True) as opened:
        steps = first_page(opened.page, by_keyboard)
        opened.page.goto(site.address("index.html", from_disk=True))
        return [*steps, own_case(opened.page, by_keyboard)]


def main() -> None:
    """Prints the walk, a table for each way."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for how in SCREENS:
            print(f"\n## {how[0].upper()}{how[1:]}, {' × '.join(map(str, SCREENS[how]))}\n")
            print("| question | what a reader does | seconds | what stands there |\n|---|---|---|---|")
            for step in walk(browser, Site(HTML, ""), how):
                found = step.found if len(step.found) < 200 else f"{step.found[:200]}…"
                print(f"| {step.question} | {step.done} | {step.milliseconds / 1000:.1f} | {found} |")
        browser.close()


if __name__ == "__main__":
    main()
