// The hundred dots answer for any value: how many of them end above it. By pointing, touching or arrow keys.
// Where a page moves them, they are drawn here as analysis/charts/hundred.py draws them.
window.report = window.report ?? {};
window.report.hundred = (() => {
  "use strict";
  const { formats } = window.report;
  const [FROM, TO, STEP, ROUND] = [500, 8000, 250, 4000]; // $bn: the axis, a column, by how much its end moves on
  const [MOST_BEYOND, BLOCK, GAP] = [30, 3, 0.6];
  const SIDE_BY_SIDE = [1, 2, 3, 4];

  const prepare = (figure) => {
    const plot = figure.querySelector(".plot");
    const line = figure.querySelector(".readout");
    const rest = line.textContent;
    const values = () => JSON.parse(plot.dataset.values);
    const [from, step] = [Number(plot.dataset.from), Number(plot.dataset.step)];
    const cursor = document.createElement("i");
    cursor.className = "cursor x";
    let at; // the value that is read, $bn

    const seen = () => [...plot.querySelectorAll("svg")].find((svg) => svg.getBoundingClientRect().width > 0);

    const show = (value) => {
      const svg = seen();
      const end = Number(svg.dataset.end);
      at = Math.max(from, Math.min(end, value));
      const above = values().filter((each) => each >= at).length;
      const words = document.createElement("b");
      words.textContent = `${above} of 100`;
      line.replaceChildren(words, ` end above ${formats.show(at, "usd_bn")}`);
      const scaled = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      cursor.style.left = `${((at - from) / step) * Number(svg.dataset.column) * scaled}px`;
      cursor.style.top = `${0.4 * Number(svg.dataset.ground) * scaled}px`;
      cursor.style.bottom = `${(svg.viewBox.baseVal.height - Number(svg.dataset.ground)) * scaled}px`;
      plot.append(cursor);
    };

    const clear = () => {
      if (at === undefined) return;
      at = undefined;
      line.textContent = rest;
      cursor.remove();
    };

    const point = (event) => {
      const svg = seen();
      const box = svg.getBoundingClientRect();
      const across = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      show(from + (across / Number(svg.dataset.column)) * step);
    };

    plot.addEventListener("pointerdown", point);
    plot.addEventListener("pointermove", point);
    plot.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && clear());
    plot.addEventListener("keydown", (event) => {
      const by = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step }[event.key];
      if (!by) return;
      event.preventDefault();
      show(at === undefined ? values()[49] : at + by);
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && clear());
    plot.addEventListener("dotsmoved", clear);
    plot.addEventListener("focus", () => line.setAttribute("aria-live", "polite"));
    plot.addEventListener("blur", () => line.removeAttribute("aria-live"));
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", "A hundred dots: arrow keys read how many end above a value, Escape ends");
  };

  // The dots that end below the lowest target and touched it, from the line down: a ring whenever the running
  // sum of shares passes a half beyond a whole number.
  const ringed = (values, shares, level) => {
    const found = new Set();
    let running = 0;
    for (let at = values.length - 1; at >= 0; at -= 1) {
      if (values[at] >= level) continue;
      running += shares[at];
      if (running >= found.size + 0.5) found.add(at);
    }
    return found;
  };

  const stateOf = (value, { targets, today }) => {
    if (targets.length > 1 && value >= targets.at(-1).level) return "top";
    if (value >= targets[0].level) return "hit";
    return value < today.value ? "low" : "mid";
  };

  const element = (name, given, words = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(given)) if (value !== undefined) made.setAttribute(key, String(value));
    made.textContent = words;
    return made;
  };
  const near = (value) => value.toFixed(1);
  const whole = (chance) => formats.show(100 * chance, "count");
  const INKS = {
    low: { fill: "#fcfbf8", stroke: "#7d8894" },
    mid: { fill: "#7d8894" },
    ring: { fill: "none", stroke: "#b3123f" },
    hit: { fill: "#b3123f" },
    top: { fill: "#5e0a26" },
    axis: { fill: "none", stroke: "#8d8a82" },
    target: { stroke: "#b3123f" },
    today: { stroke: "#17202b", "stroke-dasharray": "2 3" },
  };
  const inked = (kind) => ({ class: kind, ...INKS[kind] });
  const words = (x, y, size, text, kind, anchor) =>
    element("text", { class: kind || undefined, x: near(x), y: near(y), "font-size": size, "text-anchor": anchor }, text);
  const counted = (x, y, large, count, text, small, kind) => {
    const made = element("text", { class: kind || undefined, x: near(x), y: near(y) });
    made.append(element("tspan", { class: "strong", "font-size": large }, count), element("tspan", { dx: 6, "font-size": small }, text));
    return made;
  };

  // The dots of one drawing keep their elements, and so slide to where they belong.
  const dotsOf = (svg) => {
    svg.dots ??= Array.from({ length: 100 }, () => ({ outer: element("circle", {}), core: element("circle", {}) }));
    return svg.dots;
  };
  const place = (circle, kind, x, y, r) => {
    const before = circle.given ?? {};
    const given = { ...inked(kind), cx: near(x), cy: near(y), r: r.toFixed(1) };
    for (const name in before) if (!(name in given)) circle.removeAttribute(name);
    for (const name in given) if (before[name] !== given[name]) circle.setAttribute(name, given[name]);
    circle.given = given;
  };

  // A drawing in two pieces of work, to be done one after the other. `told`: the hundred `values`, `rings`, `targets` ({name, level, above, touched}), `today`, `middle` and, where it
  // is another, the `base` middle, each {value, text}.
  const pieces = (svg, told) => {
    const { values, rings, targets, today, middle, base } = told;
    const isWide = svg.classList.contains("wide");
    const { width } = svg.viewBox.baseVal;
    const [ground, top, letters, large] = ["ground", "top", "letters", "large"].map((key) => Number(svg.dataset[key]));
    let end = TO;
    while (values.filter((value) => value >= end).length > MOST_BEYOND) end += ROUND;
    const columns = (end - FROM) / STEP;
    const column = width / (columns + GAP + BLOCK);
    const stacks = new Map();
    let beyond = 0;
    values.forEach((value, dot) => {
      const own = value >= end ? columns + (beyond++ % BLOCK) : Math.max(0, Math.floor((value - FROM) / STEP));
      if (!stacks.has(own)) stacks.set(own, []);
      stacks.get(own).push(dot);
    });
    const tallest = Math.max(...[...stacks.values()].map((stack) => stack.length));
    // In a high stack several stand side by side, so that dots stay to be seen.
    const pitchOf = (side) => Math.min((0.93 * column) / side, (ground - top) / Math.ceil(tallest / side));
    const side = SIDE_BY_SIDE.reduce((best, each) => (pitchOf(each) > pitchOf(best) ? each : best));
    const pitch = pitchOf(side);
    const radius = Math.min((0.77 * column) / side, 0.96 * pitch) / 2;
    const axis = columns * column;
    const at = (value) => ((Math.min(Math.max(value, FROM), end) - FROM) / STEP) * column;

    const around = () => {
      const parts = [element("path", { ...inked("axis"), d: `M0 ${ground + 0.5}H${near(axis)}M${near(axis + GAP * column)} ${ground + 0.5}H${width}` })];
      const every = end <= TO ? 1000 : 2000;
      for (let level = every; level < end; level += every) {
        parts.push(element("path", { ...inked("axis"), d: `M${near(at(level))} ${ground}v5` }));
        parts.push(words(at(level), ground + 19, letters, formats.show(level, "usd_bn"), "soft", "middle"));
      }
      parts.push(words(width, ground + 19, letters, isWide ? `beyond ${formats.show(end, "usd_bn")}` : "beyond", "soft", "end"));
      targets.slice(0, 2).forEach((target, row) => {
        const [x, from, size] = [at(target.level), row ? 48 : 2, large - (row ? 6 : 0)];
        const small = letters + (isWide && !row ? 2 : 1);
        const first = isWide ? from + (row ? 22 : 24) : from + 18;
        const said = row ? "touch it" : "touch it on the way";
        parts.push(element("path", { ...inked("target"), d: `M${near(x)} ${from.toFixed(1)}V${ground}` }));
        parts.push(counted(x + 8, first, size, whole(target.above), `end above ${target.name}`, small, "on"));
        if (isWide) parts.push(counted(width - (row ? 170 : 215), first, size, whole(target.touched), said, small, ""));
        else parts.push(counted(x + 8, first + 19, size - 5, whole(target.touched), said, small, ""));
      });
      const x = at(today.value);
      const flag = top - (isWide ? 44 : 46);
      parts.push(element("path", { ...inked("today"), d: `M${near(x)} ${flag}V${ground}` }));
      const lows = values.filter((value) => value < today.value).length;
      const lines = isWide ? [`today ${today.text}`, `${lows} end below it`] : ["today", today.text];
      lines.forEach((line, row) => {
        const kind = row === 0 || !isWide ? "strong" : "soft";
        parts.push(words(x > 90 ? x - 8 : x + 8, flag + 12 + 16 * row, letters, line, kind, x > 90 ? "end" : "start"));
      });
      const half = at(middle.value);
      if (base) parts.push(element("path", { class: "middle-base", fill: "none", stroke: "#525b66", d: `M${near(at(base.value))} ${ground + 1}l4 6h-8z` }));
      parts.push(element("path", { class: "middle", d: `M${near(half)} ${ground + 1}l4 6h-8z` }));
      parts.push(words(Math.min(Math.max(half, 70), width - 70), ground + 38, letters, `half end above ${middle.text}`, "", "middle"));

      svg.around ??= element("g", {});
      svg.around.replaceChildren(...parts);
      svg.dataset.column = column.toFixed(3);
      svg.dataset.end = String(end);
    };

    const inside = () => {
      const dots = dotsOf(svg);
      for (const [own, stack] of stacks) {
        const across = own < columns ? (own + 0.5) * column : axis + (GAP + own - columns + 0.5) * column;
        stack.sort((one, other) => rings.has(one) - rings.has(other) || one - other);
        stack.forEach((dot, order) => {
          const up = ground - 3 - pitch * (Math.floor(order / side) + 0.5);
          const beside = across + ((0.93 * column) / side) * ((order % side) - (side - 1) / 2);
          const state = stateOf(values[dot], told);
          const { outer, core } = dots[dot];
          if (rings.has(dot)) place(outer, "ring", beside, up, radius - 0.8);
          else place(outer, state, beside, up, state === "low" ? radius - 0.7 : radius);
          if (rings.has(dot) && state === "mid") place(core, "mid", beside, up, 0.5 * radius);
          else if (core.given) place(core, "mid", beside, up, 0);
        });
      }
      // Dots that are in the drawing stay in it: what is taken out and put back would not slide.
      if (!svg.held) {
        svg.held = element("g", {});
        svg.held.append(...dots.flatMap(({ outer, core }) => [outer, core]));
        svg.replaceChildren(svg.around, svg.held);
      }
    };
    return [around, inside];
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("figure.hundred").forEach(prepare));
  return { pieces, ringed, stateOf, whole };
})();
