// Draws a chart live when it comes into view: the SVG of the page stays until the drawing is there.
window.report = window.report ?? {};
window.report.charts = (() => {
  "use strict";
  const bundle = new URL("../vega/vega.js", document.currentScript.src).href;
  const NARROW_BELOW = 34; // rem, as in figures.css
  let loading;

  const loadVega = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = bundle;
      script.onload = () => resolve({ vega: window.vega, interpreter: window.vegaInterpreter });
      script.onerror = () => reject(new Error(`cannot load ${bundle}`));
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

  const tip = (() => {
    let box;
    const hide = () => box?.remove();
    const row = (key, value) => {
      const term = document.createElement("dt");
      const data = document.createElement("dd");
      term.textContent = key;
      data.textContent = value;
      return [term, data];
    };
    const show = (event, value) => {
      hide();
      box = document.createElement("div");
      box.className = "tip";
      const list = document.createElement("dl");
      const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
      list.append(...rows.flatMap(([key, text]) => row(key, text)));
      box.append(list);
      document.body.append(box);
      const { offsetWidth: width, offsetHeight: height } = box;
      box.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 4))}px`;
      box.style.top = `${event.clientY + height + 20 < innerHeight ? event.clientY + 14 : event.clientY - height - 10}px`;
    };
    return (_handler, event, _item, value) => (value == null || value === "" ? hide() : show(event, value));
  })();

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
      const options = { renderer: "svg", expr: interpreter.expressionInterpreter, tooltip: tip };
      const view = new vega.View(vega.parse(spec, {}, { ast: true }), options).initialize(drawing).hover();
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

  document.addEventListener("DOMContentLoaded", () => {
    whenSeen(document.querySelectorAll("figure.chart"), (figure) => {
      const specs = JSON.parse(figure.querySelector(".vega-spec").textContent);
      draw(figure.querySelector(".plot"), specs);
    });
  });
  return { draw, loadVega, whenSeen };
})();
