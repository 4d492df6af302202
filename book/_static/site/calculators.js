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
    for (const key of [...kept.keys()].filter((each) => each.startsWith(`${name}.`))) kept.delete(key);
    for (const [slider, value] of Object.entries(values)) {
      if (value !== start[slider]) kept.set(`${name}.${slider}`, String(value));
    }
    const url = new URL(location.href);
    url.hash = kept.toString();
    return url.href;
  };

  // Whether the address now says so: a browser may refuse, for a file or after too many.
  const write = (url) => {
    try {
      history.replaceState(null, "", url);
    } catch {
      return false;
    }
    return true;
  };

  const isTick = (input) => input.type === "checkbox";

  // The whole state that the address asks for: every slider's value, and what of the link was not understood.
  // Nothing if the address says nothing of this calculator, as a link to a place on the page. `apart` are keys
  // that are no sliders.
  const stateOf = (name, start, inputs, apart = []) => {
    const asked = [...fromAddress()].filter(([key]) => key.startsWith(`${name}.`));
    if (!asked.length) return undefined;
    const values = { ...start };
    const wrong = [];
    for (const [key, text] of asked) {
      if (apart.includes(key.slice(name.length + 1))) continue;
      const input = inputs[key.slice(name.length + 1)];
      const value = text.trim() === "" ? NaN : Number(text);
      const range = input && [input.min, input.max].map((end) => formats.show(Number(end), input.dataset.unit)).join(" to ");
      if (!input) wrong.push(`${key}: there is no such slider`);
      else if (isTick(input)) {
        if (value === 0 || value === 1) values[input.name] = value;
        else wrong.push(`${key}=${text}: expected 0 or 1`);
      } else if (!(value >= Number(input.min) && value <= Number(input.max))) wrong.push(`${key}=${text}: expected a number in ${range}`);
      else values[input.name] = value;
    }
    return { values, wrong };
  };

  // Copies the link to a state; `owner` says what happened.
  const share = async (button, url, owner) => {
    const isWritten = write(url);
    let said = "Link copied";
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      // The browser does not let the page copy; where the address may not change either, the link is shown.
      said = isWritten ? "Link is in the address bar" : "Link is shown below";
      if (!isWritten) owner.say(url);
    }
    owner.shareName ??= button.textContent;
    button.textContent = said;
    owner.section.querySelector("[role=status]").textContent = said;
    clearTimeout(owner.saying);
    owner.saying = setTimeout(() => (button.textContent = owner.shareName), 2500);
  };

  // What has sliders, a link to its state, and a line in which it says what went wrong.
  class Tool {
    constructor(section, noticeAfter) {
      this.section = section;
      this.name = section.dataset.name;
      this.inputs = Object.fromEntries([...section.querySelectorAll(".slider input")].map((i) => [i.name, i]));
      this.notice = document.createElement("p");
      this.notice.className = "notice";
      this.notice.hidden = true;
      section.querySelector(noticeAfter).after(this.notice);
    }

    say(words, ...more) {
      this.notice.replaceChildren(words, ...more);
      this.notice.hidden = !words;
      this.section.querySelector("[role=status]").textContent = words;
    }

    sayUnknown(wrong) {
      if (wrong.length) this.say(`Part of the link was not understood, and the rest is applied. ${wrong.join("; ")}.`);
    }

    // Controls are off until scripts run; `moved` takes a slider's name and its new value.
    enable(moved) {
      const { section } = this;
      section.querySelectorAll(":disabled").forEach((control) => (control.disabled = false));
      for (const [name, input] of Object.entries(this.inputs)) {
        input.addEventListener("input", () => moved(name, isTick(input) ? Number(input.checked) : Number(input.value)));
      }
      section.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
      addEventListener("hashchange", () => this.follow());
    }
  }

  window.report.state = { fromAddress, addressOf, write, stateOf, share, Tool, SPEAK_AFTER, WRITE_EVERY };

  class Calculator extends Tool {
    constructor(section) {
      super(section, "form");
      Object.assign(this, JSON.parse(section.querySelector(".calculator-spec").textContent));
      this.values = { ...this.start };
      this.computed = { ...this.start }; // the inputs that the results on the page belong to
      this.evaluated = Promise.resolve();
      this.listen();
      this.show();
      if (this.follow()) section.scrollIntoView();
    }

    // Takes the state that the address asks for; says what of it could not be understood.
    follow() {
      const asked = stateOf(this.name, this.start, this.inputs);
      if (!asked) return false;
      this.set(asked.values);
      this.sayUnknown(asked.wrong);
      return true;
    }

    listen() {
      const { section } = this;
      this.enable((name, value) => {
        this.set({ [name]: value });
        this.remember();
      });
      section.querySelectorAll("[data-preset]").forEach((button) => {
        button.addEventListener("click", () => this.choose(this.presets[button.dataset.preset]));
      });
      section.querySelector(".reset").addEventListener("click", () => this.choose(this.start));
      section.querySelector(".share").addEventListener("click", (event) => this.share(event.currentTarget));
    }

    set(values) {
      this.moved = true;
      this.say("");
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
        if (isTick(input)) {
          input.checked = this.values[name] === 1;
          continue;
        }
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
        try {
          const view = await this.view();
          this.pending = undefined;
          const inputs = { ...this.values };
          for (const [name, value] of Object.entries(inputs)) view.signal(name, value);
          await view.runAsync();
          this.results(view);
          this.computed = inputs;
        } catch (error) {
          this.pending = undefined;
          this.fail(error);
        }
        this.section.removeAttribute("aria-busy");
      });
      this.evaluated = this.pending;
      return this.evaluated;
    }

    // Results of other inputs than the sliders show are taken away; those of the same stay.
    fail(error) {
      console.info(error);
      if (Object.entries(this.values).some(([name, value]) => this.computed[name] !== value)) {
        this.section.querySelectorAll("[data-output]").forEach((cell) => {
          cell.textContent = "–";
          delete cell.dataset.value;
        });
        this.section.querySelectorAll("[data-target]").forEach((mark) => delete mark.dataset.reached);
        this.section.querySelector(".plot")?.setAttribute("hidden", "");
        this.computed = {};
      }
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = "Try again";
      again.addEventListener("click", () => {
        this.say("");
        this.evaluate();
      });
      this.say("A part of this page did not load, so nothing can be computed now. ", again);
    }

    async view() {
      this.section.querySelector(".plot")?.removeAttribute("hidden");
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

    share(button) {
      return share(button, addressOf(this.name, this.start, this.values), this);
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
