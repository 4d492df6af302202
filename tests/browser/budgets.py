"""The budgets of a page: what breaks them, as a list; an empty list is a pass.

Five visits see all of them: at a desk from a server, on a phone from the disk, by axe-core, on a slow phone,
and with scripts off.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser

from analysis.charts.drawing import FONTS
from tests.browser.visit import Site, Visit, visit

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WIDTHS = (320, 390, 768, 1280)
SHELL = 60_000  # without what the search page looks in
HTML = 150_000
VEGA = 210_000
PAINT = 1600.0  # milliseconds
SHIFT = 0.02
ANSWERS = 23  # of 25 points over a chart
STOPS = 40  # of the tab key from the text's start to the first slider
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # the rules of axe-core that a scheme can break
SMALL = (390, 740)  # a phone's window
TRIES = 12  # the machine may be busy: the best of so many paints counts


def desk(browser: Browser, site: Site, page: str) -> list[str]:
    """At a desk: nothing foreign, policy, descriptions, no movement, charts that answer, labels apart."""
    with visit(browser, site, page) as opened:
        found = _policy(opened)
        opened.read_through()
        found += (
            _described(opened)
            + _movement(opened)
            + _silent(opened)
            + _misread(opened)
            + _far(opened)
            + _crowded(opened)
            + _complaints(opened)
        )
        return found


def phone(browser: Browser, site: Site, page: str) -> list[str]:
    """On a phone, opened as a file in the dark: weights, Vega only when a chart is near, room to tap.

    Nothing moves, nothing scrolls sideways, nothing is missing or complained about.
    """
    width, height = SMALL
    with visit(browser, site, page, width=width, height=height, scheme="dark", from_disk=True) as opened:
        opened.page.wait_for_timeout(250)
        found = _weights(opened)
        opened.read_through()
        vega = sum(opened.weight(url) for url in _vega(opened))
        found += [f"Vega weighs {vega:,} bytes gzipped"] if vega > VEGA else []
        found += _movement(opened)
        return found + _crowded(opened) + _out_of_sight(opened) + _sideways(opened) + _complaints(opened)


def barriers(browser: Browser, site: Site, page: str) -> list[str]:
    """What axe-core finds: by all its rules at a desk, colours in both schemes, sizes on a small phone."""
    with visit(browser, site, page) as opened:
        opened.read_through()
        _prepare(opened)
        found = _barriers(opened, "light") + _barriers(opened, "dark", OF_COLOUR)
        opened.page.set_viewport_size({"width": min(WIDTHS), "height": SMALL[1]})
        return found + _barriers(opened, "dark", ["target-size"])


def slow_phone(browser: Browser, site: Site, page: str) -> list[str]:
    """The largest paint on a slow phone comes in time."""
    times = []
    for _ in range(TRIES):
        with visit(browser, site, page, width=SMALL[0], height=SMALL[1], slow=True) as opened:
            opened.page.wait_for_timeout(PAINT + 400)
            times.append(float(opened.watched()["paint"]))
        if 0 < times[-1] < PAINT:
            return []
    return [f"largest contentful paint after {min(times):.0f} ms (of {TRIES} tries)"]


def scripts_off(browser: Browser, site: Site, page: str) -> list[str]:
    """Text, tables, pictures and results are there with scripts off."""
    with visit(browser, site, page, scripts=False) as opened:
        found = [] if len(opened.page.inner_text("main").split()) > 0 else ["no text"]
        for chart in opened.page.query_selector_all("figure.chart, .calculator:has(.plot)"):
            picture = chart.query_selector(".plot > svg.wide")
            box = picture.bounding_box() if picture else None
            if box is None or box["height"] < 60:
                found.append(f"{chart.get_attribute('id')}: no picture")
        tables = opened.page.query_selector_all(".data-table")
        found += ["a table is not shown" for table in tables if not table.is_visible()]
        empty = opened.page.query_selector_all(".output dd[data-output]")
        return found + ["a result is empty" for cell in empty if not cell.inner_text().strip()]


def _complaints(opened: Visit) -> list[str]:
    """Requests that left the site or failed, errors in the console, breaches of the policy."""
    return (
        [f"asks another host: {url}" for url in opened.foreign]
        + [f"failed: {line}" for line in opened.failed]
        + [f"console: {line}" for line in opened.errors]
        + [f"security policy: {line}" for line in opened.watched()["violations"]]
    )


def _policy(opened: Visit) -> list[str]:
    """Whether the page states a policy without ``eval``, inline scripts or foreign hosts."""
    meta = opened.page.query_selector('meta[http-equiv="Content-Security-Policy"]')
    stated = (meta.get_attribute("content") or "") if meta else ""
    rules = {rule.split()[0]: rule.split()[1:] for rule in stated.split(";") if rule.split()}
    found = [] if rules.get("default-src") == ["'none'"] else [f"default-src is not 'none': {stated!r}"]
    if rules.get("script-src") != ["'self'"]:
        found.append(f"script-src is {rules.get('script-src')}")
    listed = [(name, value) for name, values in rules.items() for value in values]
    return found + [
        f"{name} allows {value}" for name, value in listed if "unsafe-eval" in value or "." in value
    ]


def _weights(opened: Visit) -> list[str]:
    """HTML and shell as asked for before the reader moves, and Vega if it came too early."""
    early = _vega(opened)
    near = opened.page.evaluate(
        "[...document.querySelectorAll('figure.chart, .calculator')]"
        ".some(e => e.getBoundingClientRect().top < innerHeight + 120)"
    )
    document, *rest = [url for url in opened.requested if not url.endswith("search-index.js")]
    html, shell = opened.weight(document), sum(opened.weight(url) for url in rest if url not in early)
    found = [f"HTML weighs {html:,} bytes gzipped"] if html > HTML else []
    found += [f"shell weighs {shell:,} bytes gzipped"] if shell > SHELL else []
    return found + (["Vega is loaded before a chart comes near"] if early and not near else [])


def _vega(opened: Visit) -> list[str]:
    return [url for url in opened.requested if "/vega/" in url]


def _silent(opened: Visit) -> list[str]:
    """Charts that answer at fewer than ``ANSWERS`` points of a grid over them."""
    found: list[dict[str, Any]] = opened.page.evaluate(_POINTED)
    return [
        f"{each['id']}: {each['answers']} of 25 points answer" for each in found if each["answers"] < ANSWERS
    ]


def _misread(opened: Visit) -> list[str]:
    """Charts that read another row than the one nearest to where they are pointed at."""
    return list(opened.page.evaluate(_MISREAD))


def _far(opened: Visit) -> list[str]:
    """Whether the keyboard comes to the first slider in time."""
    stops = int(opened.page.evaluate(_STOPS))
    return [f"{stops} stops of the tab key before the first slider"] if stops > STOPS else []


def _movement(opened: Visit) -> list[str]:
    opened.page.wait_for_timeout(150)
    shift = float(opened.watched()["shift"])
    return [f"layout shift {shift:.3f}"] if shift >= SHIFT else []


def _sideways(opened: Visit) -> list[str]:
    found = []
    for width in WIDTHS:
        opened.page.set_viewport_size({"width": width, "height": 700})
        opened.page.wait_for_timeout(120)
        over = opened.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        if over > 0:
            found.append(f"scrolls {over} px sideways at {width} px: {_widest(opened)}")
    return found


def _crowded(opened: Visit) -> list[str]:
    """Labels of charts that are too small, or stand on another label or a line; in the report's font."""
    fonts = [base64.b64encode((FONTS / f"{name}.ttf").read_bytes()).decode() for name in ("regular", "bold")]
    return list(opened.page.evaluate(_CROWDED, fonts))


def _out_of_sight(opened: Visit) -> list[str]:
    """Tables whose names or key column a phone does not show without scrolling sideways."""
    return list(opened.page.evaluate(_OUT_OF_SIGHT))


def _widest(opened: Visit) -> str:
    return str(
        opened.page.evaluate(
            "() => { const inBox = e => e.closest('.scroll, pre, .math');"
            " const wide = [...document.body.querySelectorAll('*')].filter(e => !inBox(e)"
            " && e.getBoundingClientRect().right > innerWidth + 1);"
            " return wide.slice(-3).map(e => e.outerHTML.slice(0, 90)).join(' | '); }"
        )
    )


def _prepare(opened: Visit) -> None:
    """Bring axe-core in, unfold every table, and keep three rows of each kind in it.

    Rows of a kind have the same elements with the same classes, so axe-core finds the same in each; the
    thousand rows of a page would take it most of a minute.
    """
    opened.page.evaluate(_THIN)
    opened.page.evaluate(f"(() => {{ {AXE.read_text(encoding='utf-8')} }})()")


def _barriers(opened: Visit, scheme: Literal["light", "dark"], rules: list[str] | None = None) -> list[str]:
    """What axe-core calls serious or critical on a prepared page, by all its rules or those named."""
    opened.page.emulate_media(color_scheme=scheme)
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    if rules:
        options = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": rules}}
    result: dict[str, Any] = opened.page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{scheme}: {v['id']} ({v['impact']}): {v['help']}: {_where(v)}"
        for v in result["violations"]
        if v["impact"] in ("serious", "critical")
    ]


def _where(violation: dict[str, Any]) -> str:
    return "; ".join(json.dumps(node["target"]) + " " + node["html"][:100] for node in violation["nodes"][:3])


def _described(opened: Visit) -> list[str]:
    """Pictures without text, charts without table view, data or source, headings out of order."""
    return list(opened.page.evaluate(_DESCRIBED))


_DESCRIBED = """() => {
  const found = [];
  for (const picture of document.querySelectorAll("img:not([alt]), svg[role=img]:not([aria-label])"))
    found.push(`no alt text: ${picture.outerHTML.slice(0, 80)}`);
  for (const chart of document.querySelectorAll("figure.chart")) {
    const label = chart.querySelector(".plot svg")?.getAttribute("aria-label") ?? "";
    if (label.trim().length < 12) found.push(`${chart.id}: alt text is ${JSON.stringify(label)}`);
    if (!chart.querySelector("details table tbody tr")) found.push(`${chart.id}: no table view`);
    if (!chart.querySelector("a.csv[href$='.csv']")) found.push(`${chart.id}: no link to its data`);
    if (!chart.querySelector(".source")?.textContent.trim()) found.push(`${chart.id}: no source`);
  }
  for (const link of document.querySelectorAll("a"))
    if (!link.getAttribute("href")) found.push(`link without target: ${link.outerHTML.slice(0, 80)}`);
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((h) => Number(h.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) found.push("not exactly one h1");
  levels.forEach((level, i) => {
    if (i && level > levels[i - 1] + 1) found.push(`h${level} after h${levels[i - 1]}`);
  });
  return found;
}"""

_CROWDED = """async ([regular, bold]) => {
  const FOLLOWING = Node.DOCUMENT_POSITION_FOLLOWING;
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  for (const [weight, text] of [["400", regular], ["700", bold]])
    document.fonts.add(await new FontFace("Report Sans", bytes(text), { weight }).load());
  document.documentElement.style.setProperty("--chart-font", '"Report Sans"');
  const found = new Set();
  for (const plot of document.querySelectorAll("article .plot")) {
    const name = plot.closest("[id]").id;
    const svg = [...plot.querySelectorAll("svg")].findLast((each) => each.getBoundingClientRect().width > 0);
    if (!svg) continue;
    const isClear = (e) => getComputedStyle(e).opacity === "0" || e.getAttribute("fill") === "transparent";
    const isShown = (e) => !isClear(e) && e.checkVisibility();
    const all = [...svg.querySelectorAll("text")].filter((e) => e.textContent.trim() && isShown(e));
    const halos = all.filter((e) => e.hasAttribute("stroke"));
    const width = svg.viewBox.baseVal?.width || Number(svg.getAttribute("width"));
    const scale = svg.getBoundingClientRect().width / width;
    const words = all.filter((e) => !e.hasAttribute("stroke")).map((e) => {
      const { left, right, top, bottom } = e.getBoundingClientRect();
      const away = (bottom - top) * 0.22; // letters fill less than the line that they stand in
      const halo = halos.find((h) => h.textContent === e.textContent);
      return { e, halo, text: e.textContent.trim(), left, right, top: top + away, bottom: bottom - away };
    });
    for (const word of words) {
      const size = scale * parseFloat(getComputedStyle(word.e.querySelector("tspan") ?? word.e).fontSize);
      if (size < 10.9) found.add(`${name}: “${word.text}” is ${size.toFixed(1)} px tall`);
    }
    words.forEach((one, at) => words.slice(at + 1).forEach((other) => {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across > 1 && down > 1) found.add(`${name}: “${one.text}” and “${other.text}” overlap`);
    }));
    const isEmpty = (e) => ["none", "transparent", null].includes(e.getAttribute("fill"));
    const isFaint = (e) => getComputedStyle(e).opacity === "0" || !e.checkVisibility();
    const isLine = (e) => isEmpty(e) && e.hasAttribute("stroke") && !isFaint(e);
    let lifted = null;
    const areas = [...svg.querySelectorAll("path, rect")].filter((e) => !isEmpty(e) && !isFaint(e));
    const covers = (area, word) => {
      const { left, right, top, bottom } = area.getBoundingClientRect();
      return left <= word.left && right >= word.right && top <= word.top && bottom >= word.bottom;
    };
    for (const line of [...svg.querySelectorAll("line, path")].filter(isLine)) {
      if (line.getAttribute("stroke") === "#fcfbf8" || !line.getTotalLength?.()) continue; // a halo of paper
      const [length, m] = [line.getTotalLength(), line.getScreenCTM()];
      const steps = Math.max(2, Math.ceil(length / 3));
      const points = Array.from({ length: steps + 1 }, (_, n) => {
        const { x, y } = line.getPointAtLength((length * n) / steps);
        return [x * m.a + m.e, y * m.d + m.f];
      });
      for (const word of words) {
        // Of words that curves leave no free place, one a chart may stand on a curve, with a halo that is
        // drawn over it. No word stands on a straight line: of the grid, of zero, at a level.
        const isOver = (e) => line.compareDocumentPosition(e) & FOLLOWING;
        const isIn = ([x, y]) => x > word.left + 1 && x < word.right - 1 && y > word.top && y < word.bottom;
        if (points.filter(isIn).length < 2) continue;
        if (areas.some((area) => isOver(area) && covers(area, word))) continue; // the line lies under a bar
        if (word.halo && isOver(word.halo) && line.tagName !== "line") lifted ??= word;
        if (word !== lifted) found.add(`${name}: a line passes through “${word.text}”`);
      }
    }
  }
  return [...found];
}"""

_OUT_OF_SIGHT = """() => [...document.querySelectorAll("article .data-table .scroll")].flatMap((box) => {
  const { left, right } = box.getBoundingClientRect();
  const row = [...box.querySelectorAll("tbody tr")].find((tr) => tr.checkVisibility());
  const cells = [row?.querySelector("th"), row?.querySelector(".key")];
  const places = cells.map((cell) => cell?.getBoundingClientRect());
  const [name, key] = places;
  if (!key || box.closest("details:not([open])")) return [];
  const isSeen = name.left >= left - 1 && name.right <= key.left + 1 && key.right <= right + 1;
  return isSeen ? [] : [`${box.ariaLabel}: the key column is out of sight`];
})"""

_STOPS = """() => {
  const slider = document.querySelector("main input[type=range]");
  if (!slider) return 0;
  const all = [...document.querySelectorAll("main :is(a[href], button, input, select, summary, [tabindex])")];
  const isStop = (e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true });
  return all.slice(0, all.indexOf(slider)).filter(isStop).length;
}"""

_POINTED = """() => [...document.querySelectorAll("figure.chart")].map((figure) => {
  const [plot, line] = [figure.querySelector(".plot"), figure.querySelector(".readout")];
  const box = plot.getBoundingClientRect();
  const rest = line?.textContent;
  let answers = 0;
  for (let n = 0; n < 25; n += 1) {
    const clientX = box.left + (box.width * ((n % 5) + 0.5)) / 5;
    const clientY = box.top + (box.height * (Math.floor(n / 5) + 0.5)) / 5;
    plot.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, pointerType: "mouse" }));
    answers += Boolean(line && figure.querySelector(".cursor") && line.querySelector("span b")?.textContent);
  }
  plot.dispatchEvent(new PointerEvent("pointerleave", { pointerType: "mouse" }));
  return { id: figure.id, answers: line?.textContent === rest ? answers : 0 };
})"""

_MISREAD = """() => [...document.querySelectorAll("figure.chart")].flatMap((figure) => {
  const [plot, line] = [figure.querySelector(".plot"), figure.querySelector(".readout")];
  const axes = ["x", "y"].filter((axis) => plot.dataset[axis] !== undefined);
  const rows = [...figure.querySelectorAll(".chart-table tbody tr")];
  if (axes.length !== 1 || !rows.length || !line) return [];
  const keys = rows.map((row) => row.cells[plot.dataset[axes[0]]]).map((cell) =>
    cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value));
  const middle = (e) => {
    const { left, right, top, bottom } = e.getBoundingClientRect();
    return [(left + right) / 2, (top + bottom) / 2];
  };
  const spread = (numbers) => Math.max(...numbers) - Math.min(...numbers);
  const isAcross = (labels) => {
    const [across, down] = [0, 1].map((n) => spread(labels.map((e) => middle(e)[n])));
    return across > down;
  };
  const drawn = [...plot.querySelectorAll(".drawing .role-axis")].map((axis) =>
    [...axis.querySelectorAll(".role-axis-label text")].filter((e) => e.checkVisibility() && e.textContent));
  const labels = drawn.filter((all) => all.length > 1 && isAcross(all) === (axes[0] === "x")).flat();
  const found = labels.flatMap((label) => {
    const { value } = label.__data__.datum;
    const away = keys.map((key) => (typeof key === "string" ? Number(key !== value) : Math.abs(key - value)));
    const nearest = [...away].sort((a, b) => a - b);
    const isWord = typeof keys[0] === "string";
    if (isWord ? !keys.includes(value) : value < Math.min(...keys) || value > Math.max(...keys)) return [];
    const { left, right } = label.getBoundingClientRect();
    const y = middle(label)[1];
    const x = { left, right }[label.__data__.align] ?? middle(label)[0]; // the last may end at its tick
    const [across, down] = middle(plot);
    const [clientX, clientY] = axes[0] === "x" ? [x, down] : [across, y];
    plot.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, pointerType: "mouse" }));
    const isRight = away[Number(line.dataset.row)] <= (isWord ? 0 : nearest[1] ?? 0);
    const read = line.querySelector("b")?.textContent;
    return isRight ? [] : [`${figure.id}: reads “${read}” where it is pointed at “${label.textContent}”`];
  });
  plot.dispatchEvent(new PointerEvent("pointerleave", { pointerType: "mouse" }));
  return found.slice(0, 1);
})"""

_THIN = """() => {
  const kind = (e) =>
    `${e.tagName}.${[...e.classList].sort().join(".")}(${[...new Set([...e.children].map(kind))].join()})`;
  document.querySelectorAll("details").forEach((details) => { details.open = true; });
  for (const body of document.querySelectorAll("tbody")) {
    const seen = new Map();
    for (const row of [...body.rows]) {
      seen.set(kind(row), (seen.get(kind(row)) ?? 0) + 1);
      if (seen.get(kind(row)) > 3) row.remove();
    }
  }
}"""
