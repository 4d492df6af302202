// Sliders, results and the chart of a calculator. The results are the kernel's own expressions,
// evaluated by Vega; this file only moves values between the page, the address and Vega's signals.
(() => {
  "use strict";
  const { charts, formats } = window.report;
  const SPEAK_AFTER = 700; // milliseconds of rest before the results are read out
  const WRITE_EVERY = 400; // milliseconds between two writings of the address: browsers refuse many

  // The address holds `#play.growth=0.12&play.multiple=3.4`, one entry for each moved slider.
  const fromAddress = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

  const addressOf = (name, start, values) => {
    const kept = fromAddress();
    for (const [slider, value] of Object.entries(values)) {
      if (value === start[slider]) kept.delete(`${name}.${slider}`);
      else kept.set(`${name}.${slider}`, String(value));
    }
    const url = new URL(location.href);
    url.hash = kept.toString();
    return url.href;
  };

  const write = (url) => {
    try {
      history.replaceState(null, "", url);
    } catch {
      // The browser refuses, for a file or after too many; "Copy link" gives the address all the same.
    }
  };

  const stated = (name, inputs) => {
    const found = {};
    for (const [slider, input] of Object.entries(inputs)) {
      const text = fromAddress().get(`${name}.${slider}`);
      const value = text === null || text.trim() === "" ? NaN : Number(text);
      if (value >= Number(input.min) && value <= Number(input.max)) found[slider] = value;
    }
    return found;
  };

  class Calculator {
    constructor(section) {
      this.section = section;
      this.name = section.dataset.name;
      Object.assign(this, JSON.parse(section.querySelector(".calculator-spec").textContent));
      this.inputs = Object.fromEntries([...section.querySelectorAll("input[type=range]")].map((i) => [i.name, i]));
      this.values = { ...this.start };
      this.evaluated = Promise.resolve();
      this.listen();
      this.show();
      const wanted = stated(this.name, this.inputs);
      if (Object.keys(wanted).length) {
        this.set(wanted);
        section.scrollIntoView();
      }
    }

    listen() {
      const { section } = this;
      section.querySelectorAll(":disabled").forEach((control) => (control.disabled = false));
      for (const [name, input] of Object.entries(this.inputs)) {
        input.addEventListener("input", () => {
          this.set({ [name]: Number(input.value) });
          this.remember();
        });
      }
      section.querySelectorAll("[data-preset]").forEach((button) => {
        button.addEventListener("click", () => this.choose(this.presets[button.dataset.preset]));
      });
      section.querySelector(".reset").addEventListener("click", () => this.choose(this.start));
      section.querySelector(".share").addEventListener("click", (event) => this.share(event.currentTarget));
      section.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
      addEventListener("hashchange", () => {
        const wanted = stated(this.name, this.inputs); // none in a link to a place on the page
        if (Object.keys(wanted).length) this.set({ ...this.start, ...wanted });
      });
    }

    set(values) {
      this.moved = true;
      Object.assign(this.values, values);
      this.show();
      this.evaluate();
    }

    choose(values) {
      this.set(values);
      clearTimeout(this.writing);
      this.writing = undefined;
      write(addressOf(this.name, this.start, this.values));
    }

    // The first move is written at once, those of a drag together.
    remember() {
      if (this.writing) {
        this.waiting = true;
        return;
      }
      write(addressOf(this.name, this.start, this.values));
      this.writing = setTimeout(() => {
        this.writing = undefined;
        if (this.waiting) this.remember();
      }, WRITE_EVERY);
      this.waiting = false;
    }

    show() {
      for (const [name, input] of Object.entries(this.inputs)) {
        const text = formats.show(this.values[name], input.dataset.unit);
        input.value = this.values[name];
        input.setAttribute("aria-valuetext", text);
        input.parentElement.querySelector("output").textContent = text;
      }
      this.section.querySelectorAll("[data-preset]").forEach((button) => {
        const preset = Object.entries(this.presets[button.dataset.preset]);
        button.setAttribute("aria-pressed", String(preset.every(([name, value]) => this.values[name] === value)));
      });
    }

    // Evaluations follow one another; each takes the newest values, so a fast drag skips some.
    evaluate() {
      this.section.setAttribute("aria-busy", "true");
      this.pending ??= this.evaluated.then(async () => {
        const view = await this.view();
        this.pending = undefined;
        for (const [name, value] of Object.entries(this.values)) view.signal(name, value);
        await view.runAsync();
        this.results(view);
        this.section.removeAttribute("aria-busy");
      });
      this.evaluated = this.pending;
      return this.evaluated;
    }

    async view() {
      this.current ??= await this.open();
      return this.current();
    }

    async open() {
      const plot = this.section.querySelector(".plot");
      if (plot) return charts.draw(plot, { wide: this.spec });
      const { vega, interpreter } = await charts.loadVega();
      const runtime = vega.parse(this.spec, {}, { ast: true });
      const view = new vega.View(runtime, { renderer: "none", expr: interpreter.expressionInterpreter });
      return () => view;
    }

    results(view) {
      const spoken = [];
      this.section.querySelectorAll("[data-output]").forEach((cell) => {
        const value = view.signal(`output_${cell.dataset.output}`);
        cell.dataset.value = String(value);
        cell.textContent = formats.show(value, cell.dataset.unit);
        const box = cell.closest(".output");
        box.querySelectorAll("[data-target]").forEach((mark) => {
          mark.dataset.reached = String(value >= Number(mark.dataset.target));
        });
        spoken.push(`${box.querySelector("dt").textContent}: ${cell.textContent}`);
      });
      clearTimeout(this.speaking);
      if (!this.moved) return;
      this.speaking = setTimeout(() => {
        this.section.querySelector("[role=status]").textContent = spoken.join("; ");
      }, SPEAK_AFTER);
    }

    async share(button) {
      const url = addressOf(this.name, this.start, this.values);
      write(url);
      let said = "Link copied";
      try {
        await navigator.clipboard.writeText(url);
      } catch {
        said = "Link is in the address bar"; // the browser does not let the page copy
      }
      this.shareName ??= button.textContent;
      button.textContent = said;
      this.section.querySelector("[role=status]").textContent = said;
      clearTimeout(this.saying);
      this.saying = setTimeout(() => (button.textContent = this.shareName), 2500);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const calculators = [...document.querySelectorAll(".calculator")].map((section) => new Calculator(section));
    charts.whenSeen(
      calculators.map((calculator) => calculator.section),
      (section) => calculators.find((calculator) => calculator.section === section).evaluate(),
    );
  });
})();
