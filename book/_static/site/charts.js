// Draws a chart live when it comes into view: the SVG of the page stays until the drawing is there.
window.report = window.report ?? {};
window.report.charts = (() => {
  "use strict";
  const { formats } = window.report;
  const bundle = new URL("../vega/vega.js", document.currentScript.src).href;
  const NARROW_BELOW = 34; // rem, as in figures.css
  let loading;

  const loadVega = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = bundle;
      script.onload = () => resolve({ vega: window.vega, interpreter: window.vegaInterpreter });
      script.onerror = () => {
        loading = undefined; // so that another try asks again
        script.remove();
        reject(new Error(`cannot load ${bundle}`));
      };
      document.head.append(script);
    });
    return loading;
  };

  const whenSeen = (elements, start) => {
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (!entry.isIntersecting) continue;
          observer.unobserve(entry.target);
          start(entry.target);
        }
      },
      { rootMargin: "120px" },
    );
    elements.forEach((element) => observer.observe(element));
  };

  const layoutOf = (element) => {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    return element.clientWidth <= NARROW_BELOW * rem ? "narrow" : "wide";
  };

  // The size that the page keeps free: that of the still picture, scaled to the box.
  const size = (plot, layout) => {
    const box = plot.querySelector(`:scope > svg.${layout}`).viewBox.baseVal;
    const width = Math.floor(plot.clientWidth);
    return { width, height: Math.round((width * box.height) / box.width) };
  };

  const isFitted = (spec) => spec.autosize?.type === "fit";

  // Pointing, touching or the arrow keys read the row of the figure's table that is nearest, in the line above.
  const read = (figure, view) => {
    const plot = figure.querySelector(".plot");
    const line = figure.querySelector(".readout");
    const table = figure.querySelector(".chart-table table");
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows];
    const axes = ["x", "y"].filter((axis) => plot.dataset[axis] !== undefined);
    const columns = axes.map((axis) => Number(plot.dataset[axis]));
    const isPlace = columns.length > 1; // both axes: a point or a cell, not a step
    const rest = [...line.childNodes];
    const colours = JSON.parse(plot.dataset.colours ?? "null"); // of the columns to read; all where there are none
    const cursors = []; // one, or one a panel
    let at; // the row that is read

    const label = (head) => head.firstChild?.textContent.trim() ?? "";
    const printed = (cell, head) =>
      cell.dataset.value !== undefined && head.dataset.unit !== undefined && head.dataset.unit !== "figure"
        ? formats.show(Number(cell.dataset.value), head.dataset.unit)
        : cell.textContent.trim();

    // The mark that a series has in the line at rest; where that has none at all, a dot in its colour.
    const marked = rest.filter((part) => part.querySelector?.("svg"));
    const swatch = (name, colour) => {
      const own = marked.find(({ textContent }) => `${textContent.trim()} `.startsWith(`${name} `));
      if (marked.length) return own ? [own.querySelector("svg").cloneNode(true)] : [];
      const mark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      mark.setAttribute("viewBox", "0 0 12 12");
      mark.setAttribute("aria-hidden", "true");
      const dot = document.createElementNS(mark.namespaceURI, "circle");
      for (const [name, value] of Object.entries({ cx: 6, cy: 6, r: 5, fill: colour })) dot.setAttribute(name, value);
      mark.append(dot);
      return [mark];
    };

    const element = (name, ...children) => {
      const made = document.createElement(name);
      made.append(...children);
      return made;
    };

    // The panels of small multiples, in pixels of the box; none where the chart is one.
    const panels = () => {
      const box = plot.getBoundingClientRect();
      return [...plot.querySelectorAll(".drawing .role-scope[class*=concat_] > g > .background")].map((panel) => {
        const { left, top, height } = panel.getBoundingClientRect();
        return { left: left - box.left, top: top - box.top, height };
      });
    };

    // Where each row stands, in pixels of the box (of the first panel), by axis; rows not drawn are left out.
    const places = () => {
      const whole = plot.querySelector(".drawing svg");
      const box = plot.getBoundingClientRect();
      const frame = panels().length ? box : plot.querySelector(".drawing .root > g > .background").getBoundingClientRect();
      const shift = { x: frame.left - box.left, y: frame.top - box.top };
      const scaled = whole.getBoundingClientRect().width / Number(whole.getAttribute("width"));
      return rows.flatMap((row, index) => {
        const found = axes.map((axis, n) => {
          const scale = view().scale(axis);
          const cell = row.cells[columns[n]];
          const key = scale.bandwidth ? cell.textContent.trim() : Number(cell.dataset.value);
          return (scale(key) + (scale.bandwidth ? scale.bandwidth() / 2 : 0)) * scaled + shift[axis];
        });
        return found.every(Number.isFinite) ? [{ index, at: found }] : [];
      });
    };

    const show = (place) => {
      at = place.index;
      const cells = [...rows[at].cells];
      const steps = isPlace && !columns.includes(0) ? [0] : columns;
      const named = steps.map((n) => (isPlace && n ? `${label(heads[n])} ` : "") + printed(cells[n], heads[n])).join(", ");
      const values = cells.flatMap((cell, n) => {
        const text = printed(cell, heads[n]);
        const colour = colours?.[label(heads[n])];
        if (steps.includes(n) || text === "–" || (colours && !colour)) return [];
        const name = label(heads[n]);
        return [element("span", ...(colour ? swatch(name, colour) : []), `${name} `, element("b", text))];
      });
      line.replaceChildren(element("b", named), ...values);
      line.dataset.row = at;
      mark(place.at);
    };

    const mark = (where) => {
      const all = panels();
      while (cursors.length < Math.max(all.length, 1)) {
        const cursor = document.createElement("i");
        cursor.className = `cursor ${isPlace ? "place" : axes[0]}`;
        cursors.push(cursor);
      }
      cursors.forEach((cursor, panel) => {
        const { left, top, height } = all[panel] ?? { left: 0 };
        axes.forEach((axis, n) => cursor.style.setProperty(axis === "x" ? "left" : "top", `${where[n] + left}px`));
        if (height) Object.assign(cursor.style, { top: `${top}px`, bottom: "auto", height: `${height}px` });
      });
      plot.append(...cursors);
    };

    const clear = () => {
      if (at === undefined) return;
      at = undefined;
      delete line.dataset.row;
      line.replaceChildren(...rest);
      cursors.forEach((cursor) => cursor.remove());
    };

    const point = (event) => {
      const box = plot.getBoundingClientRect();
      const pointed = { x: event.clientX - box.left, y: event.clientY - box.top };
      const begun = panels().map(({ left }) => left).filter((left, n) => n === 0 || left <= pointed.x);
      if (begun.length) pointed.x -= Math.max(...begun);
      const away = ({ at: place }) => axes.reduce((sum, axis, n) => sum + (pointed[axis] - place[n]) ** 2, 0);
      const all = places();
      if (all.length) show(all.reduce((best, place) => (away(place) < away(best) ? place : best)));
    };

    // Arrows step in the order in which the rows are drawn, from where one is.
    const step = (event) => {
      const all = places();
      if (!isPlace) all.sort((a, b) => a.at[0] - b.at[0]);
      const now = all.findIndex((place) => place.index === at);
      const last = all.length - 1;
      const forward = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const wanted = { Home: 0, End: last }[event.key] ?? (forward && (now < 0 ? (forward > 0 ? 0 : last) : now + forward));
      if (event.key === "Escape") clear();
      if (wanted === undefined || !all.length) return;
      event.preventDefault();
      show(all[Math.max(0, Math.min(last, wanted))]);
    };

    plot.addEventListener("pointerdown", point);
    plot.addEventListener("pointermove", point);
    plot.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && clear());
    plot.addEventListener("keydown", step);
    document.addEventListener("keydown", (event) => event.key === "Escape" && clear());
    plot.addEventListener("focus", () => line.setAttribute("aria-live", "polite"));
    plot.addEventListener("blur", () => line.removeAttribute("aria-live"));
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", "Chart: arrow keys read its values, Escape ends");
  };

  // Draws `spec` into `plot`; `specs` may hold another for narrow boxes. Redraws with the box.
  const draw = async (plot, specs) => {
    const { vega, interpreter } = await loadVega();
    const label = plot.querySelector(":scope > svg").getAttribute("aria-label");
    const state = { view: undefined, layout: undefined };

    const start = async (layout) => {
      const { width, height } = size(plot, layout);
      const given = specs[layout] ?? specs.wide;
      const spec = isFitted(given) ? { ...given, width, height } : given;
      const drawing = document.createElement("div");
      drawing.className = "drawing";
      plot.append(drawing);
      const options = { renderer: "svg", expr: interpreter.expressionInterpreter };
      const view = new vega.View(vega.parse(spec, {}, { ast: true }), options).tooltip(() => {}).initialize(drawing);
      await view.runAsync();
      const svg = drawing.querySelector("svg");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", label);
      svg.querySelectorAll(":scope > g").forEach((part) => part.setAttribute("aria-hidden", "true"));
      plot.style.height = `${height}px`;
      state.view?.finalize();
      plot.querySelectorAll(".drawing").forEach((old) => old !== drawing && old.remove());
      plot.classList.add("live");
      Object.assign(state, { view, layout, fitted: isFitted(given) });
    };

    const fit = async () => {
      const layout = layoutOf(plot);
      if (plot.clientWidth === 0) return;
      if (layout !== state.layout && (specs.narrow || !state.view)) return start(layout);
      const { width, height } = size(plot, layout);
      plot.style.height = `${height}px`;
      state.layout = layout;
      if (state.fitted && (state.view.width() !== width || state.view.height() !== height)) {
        await state.view.width(width).height(height).runAsync();
      }
    };

    await fit();
    let waiting = Promise.resolve();
    new ResizeObserver(() => {
      waiting = waiting.then(fit);
    }).observe(plot);
    return () => state.view;
  };

  // Whether scripts of the site fail to load is said where the drawing would be; the still picture stays.
  const drawFigure = async (figure) => {
    const plot = figure.querySelector(".plot");
    try {
      const view = await draw(plot, JSON.parse(figure.querySelector(".vega-spec").textContent));
      if (plot.dataset.x ?? plot.dataset.y) read(figure, view);
    } catch (error) {
      figure.querySelector(".readout")?.replaceChildren("Values can be read in the table below: a part of this page did not load.");
      console.info(error);
    }
  };

  document.addEventListener("DOMContentLoaded", () => whenSeen(document.querySelectorAll("figure.chart"), drawFigure));
  return { draw, loadVega, whenSeen };
})();
