// "Your case": sliders and risks on the whole model. What a scenario gives stands in the page; for anything else a
// worker runs the simulation, made from the text of two scripts of this site, so that it runs from a disk too.
(() => {
  "use strict";
  const { formats, hundred, state } = window.report;
  const APART = ["from", "risks"]; // of the address: the scenario begun with, and the risks ticked
  const PLAIN = "This browser does not let the page run its simulation in the background. The three scenarios still show; for anything else there is no result here.";
  const MISSING = "A part of this page did not load, so nothing can be computed now. ";

  // One script of the site, loaded when it is needed and asked for again after it failed.
  const load = (source) =>
    new Promise((done, fail) => {
      const script = document.createElement("script");
      script.src = source;
      script.addEventListener("load", done);
      script.addEventListener("error", () => fail(new Error(`${source} did not load`)));
      document.head.append(script);
    });

  class Refused extends Error {}

  class Case extends state.Tool {
    constructor(section) {
      super(section, ".buttons");
      this.told = JSON.parse(section.querySelector(".case-spec").textContent);
      this.ticks = Object.fromEntries([...section.querySelectorAll("input[type=checkbox]")].map((i) => [i.name, i]));
      this.figure = section.querySelector("figure.hundred");
      this.shown = {}; // what each slider shows
      this.drawings = [...this.figure.querySelectorAll(".plot > svg")];
      const sizes = new ResizeObserver((boxes) => {
        for (const { target, contentRect } of boxes) target.isSeen = contentRect.width > 0;
        this.drawings.sort((one, other) => Number(other.isSeen) - Number(one.isSeen)); // the one in sight comes first
      });
      this.drawings.forEach((svg) => sizes.observe(svg));
      this.begin(this.told.start);
      this.listen();
      this.follow();
      this.show();
    }

    begin(scenario) {
      this.from = scenario;
      this.values = { ...this.told.settings[scenario] };
      this.risks = [];
    }

    get moved() {
      const own = this.told.settings[this.from];
      return Object.fromEntries(Object.entries(this.values).filter(([name, value]) => value !== own[name]));
    }

    get isPreset() {
      return !this.risks.length && !Object.keys(this.moved).length;
    }

    get isStart() {
      return this.isPreset && this.from === this.told.start;
    }

    get scenario() {
      return this.from[0].toUpperCase() + this.from.slice(1);
    }

    // The case in words, for a picture that leaves the page.
    get inWords() {
      const named = (element) => element.textContent.trim();
      const moved = Object.keys(this.moved).map((name) => {
        const box = this.inputs[name].parentElement;
        return `${named(box.querySelector("label"))}: ${named(box.querySelector("output"))}`;
      });
      const ticked = this.risks.map((key) => named(this.ticks[key].nextElementSibling));
      return `${this.scenario} scenario${[...moved, ...ticked].map((each) => `; ${each}`).join("")}`;
    }

    // --- The address ------------------------------------------------------------------------------------------

    address() {
      const start = { ...this.told.settings[this.from], from: this.told.start, risks: "" };
      return state.addressOf(this.name, start, { ...this.values, from: this.from, risks: this.risks.join(".") });
    }

    // Takes the state that the address asks for; says what of it could not be understood.
    follow() {
      const address = state.fromAddress();
      const [from, risks] = APART.map((key) => address.get(`${this.name}.${key}`));
      const wrong = [];
      const isKnown = from === null || Object.hasOwn(this.told.settings, from);
      if (!isKnown) wrong.push(`${this.name}.from=${from}: there is no such scenario`);
      const begun = from !== null && isKnown ? from : this.told.start;
      const asked = state.stateOf(this.name, this.told.settings[begun], this.inputs, APART);
      if (!asked) return;
      this.begin(begun);
      Object.assign(this.values, asked.values);
      for (const key of (risks ?? "").split(".").filter(Boolean)) {
        if (!this.ticks[key]) wrong.push(`${this.name}.risks=${key}: there is no such risk`);
        else if (!this.risks.includes(key)) this.risks.push(key);
      }
      wrong.push(...asked.wrong);
      this.changed();
      this.keep();
      this.sayUnknown(wrong);
    }

    // The first move is written at once, those of a drag together.
    remember() {
      if (this.writing) {
        this.waiting = true;
        return;
      }
      state.write(this.address());
      this.keep();
      this.writing = setTimeout(() => {
        this.writing = undefined;
        if (this.waiting) this.remember();
      }, state.WRITE_EVERY);
      this.waiting = false;
    }

    // Other pages lead back to the case as it is left.
    keep() {
      const hash = this.isStart ? "" : new URL(this.address()).hash;
      window.report.chip.keep(hash);
    }

    // --- What the reader does ---------------------------------------------------------------------------------

    listen() {
      const { section } = this;
      this.enable((name, value) => {
        this.values[name] = value;
        this.changed();
        this.remember();
      });
      for (const [key, tick] of Object.entries(this.ticks)) {
        tick.addEventListener("change", () => {
          this.risks = this.risks.filter((each) => each !== key);
          if (tick.checked) this.risks.push(key);
          this.changed();
          this.remember();
        });
      }
      section.querySelectorAll("[data-preset]").forEach((button) => button.addEventListener("click", () => this.choose(button.dataset.preset)));
      section.querySelector(".reset").addEventListener("click", () => this.choose(this.told.start));
      section.querySelector(".share").addEventListener("click", (event) => state.share(event.currentTarget, this.address(), this));
      section.querySelector(".csv")?.addEventListener("click", (event) => this.asData(event.currentTarget));
    }

    choose(scenario) {
      this.begin(scenario);
      this.changed();
      clearTimeout(this.writing);
      this.writing = undefined;
      state.write(this.address());
      this.keep();
    }

    changed() {
      this.say("");
      this.show();
      this.evaluate();
    }

    show() {
      for (const [name, input] of Object.entries(this.inputs)) {
        const [value, begun] = [this.values[name], this.told.settings[this.from][name]];
        if (this.shown[name]?.value === value && this.shown[name].begun === begun) continue;
        this.shown[name] = { value, begun };
        const text = formats.show(value, input.dataset.unit);
        const span = Number(input.max) - Number(input.min);
        const at = (value) => `${((value - Number(input.min)) / span) * 100}%`;
        if (Number(input.value) !== value) input.value = value;
        input.setAttribute("aria-valuetext", text);
        input.parentElement.querySelector("output").textContent = text;
        input.parentElement.style.setProperty("--at", at(value));
        input.parentElement.style.setProperty("--begun", at(begun));
      }
      for (const [key, tick] of Object.entries(this.ticks)) tick.checked = this.risks.includes(key);
      this.section.querySelectorAll("[data-preset]").forEach((button) => {
        button.setAttribute("aria-pressed", String(this.isPreset && button.dataset.preset === this.from));
      });
      const many = (count, what) => (count ? `${count} ${what}${count > 1 ? "s" : ""}` : "");
      const differs = [many(Object.keys(this.moved).length, "assumption"), many(this.risks.length, "risk")].filter(Boolean);
      const line = this.section.querySelector(".case-state");
      line.classList.toggle("own", !this.isPreset);
      line.textContent = this.isPreset ? `${this.scenario} scenario` : `Your case: ${this.from} with ${differs.join(" and ")} changed`;
    }

    // --- What follows -----------------------------------------------------------------------------------------

    // A scenario as it stands needs no simulation: its results are the ones that the report prints.
    evaluate() {
      this.wanted = { id: (this.wanted?.id ?? 0) + 1, from: this.from, moved: this.moved, risks: [...this.risks] };
      if (this.isPreset) {
        const { results, ...rest } = this.told.scenarios[this.from];
        this.inFlight = undefined;
        this.section.removeAttribute("aria-busy");
        this.take({ results, ...rest, above: this.told.targets.map((_, at) => results[`above${at}`]), isLast: true });
        return;
      }
      this.section.setAttribute("aria-busy", "true");
      this.send();
    }

    // One question at a time: while a first answer is awaited a fast drag skips what lies between.
    async send() {
      if (this.inFlight) return;
      const asked = this.wanted;
      this.inFlight = asked;
      try {
        const worker = await this.worker();
        if (this.inFlight !== asked) return;
        if (this.wanted !== asked) {
          this.inFlight = undefined;
          this.send();
          return;
        }
        worker.postMessage(asked);
      } catch (error) {
        if (this.inFlight === asked) this.fail(error);
      }
    }

    worker() {
      this.made ??= this.make().catch((error) => {
        this.made = undefined;
        throw error;
      });
      return this.made;
    }

    async make() {
      const own = document.querySelector("script[src*='case.js']").src;
      if (!window.report.caseWorker) await load(own.replace("case.js", "case-worker.js"));
      if (!window.report.caseModel) await load(this.section.dataset.model);
      const { caseWorker, caseModel } = window.report;
      const text = `"use strict";(${caseWorker})((${caseModel})());`;
      const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      try {
        return await new Promise((done, fail) => {
          const worker = new Worker(url);
          worker.addEventListener("error", (event) => {
            event.preventDefault();
            fail(new Refused(event.message));
            this.stopped(new Refused(event.message));
          });
          worker.addEventListener("message", ({ data }) => (data.ready ? done(worker) : this.answered(data)));
        });
      } catch (error) {
        throw error instanceof Refused ? error : new Refused(String(error));
      } finally {
        URL.revokeObjectURL(url);
      }
    }

    // A worker that breaks down while it is used.
    stopped(error) {
      this.made = undefined;
      if (this.section.hasAttribute("aria-busy")) this.fail(error);
    }

    answered(answer) {
      if (answer.failed) {
        if (answer.asked.id === this.inFlight?.id) this.fail(new Error(answer.failed));
        return;
      }
      if (this.inFlight?.id === answer.asked.id) this.inFlight = undefined;
      if (answer.asked.id !== this.wanted.id) {
        if (!this.isPreset) this.send();
        return;
      }
      const { value, share, rate, below, above } = answer;
      const results = { value, share, rate, below };
      above.forEach((chance, at) => (results[`above${at}`] = chance));
      if (answer.isLast) this.section.removeAttribute("aria-busy");
      this.take({ ...answer, results });
    }

    // Results, dots and words of one state, all at once.
    take(answer) {
      const { results, touched, values, shares, middle, isLast } = answer;
      const told = this.told.scenarios[this.from];
      this.section.querySelectorAll("[data-output]").forEach((cell) => {
        const value = results[cell.dataset.output];
        cell.dataset.value = String(value);
        cell.textContent = formats.show(value, cell.dataset.unit);
        const box = cell.closest(".output");
        box.querySelector("[data-beside]").textContent = `${this.from} ${formats.show(told.results[cell.dataset.output], cell.dataset.unit)}`;
        const chance = box.querySelector("[data-touched]");
        if (!chance) return;
        const at = Number(cell.dataset.output.replace("above", ""));
        chance.dataset.value = String(touched[at]);
        chance.textContent = formats.show(touched[at], cell.dataset.unit);
      });
      const { targets, today } = this.told;
      const marks = targets.map((target, at) => ({ ...target, above: answer.above[at], touched: touched[at] }));
      const said = (amount) => ({ value: amount, text: formats.show(amount, "usd_bn") });
      const drawn = {
        values,
        rings: hundred.ringed(values, shares, targets[0].level),
        targets: marks,
        today,
        middle: said(middle),
        base: this.isPreset ? undefined : said(told.middle),
      };
      this.drawn = drawn;
      this.words(drawn);
      const plot = this.figure.querySelector(".plot");
      plot.removeAttribute("hidden");
      plot.dataset.values = JSON.stringify(values.map((value) => Math.round(10 * value) / 10));
      plot.dispatchEvent(new Event("dotsmoved"));
      // Each piece of work apart, so that none holds the page up: the drawing in sight, then the rest.
      clearTimeout(this.later);
      const [seen, other] = this.drawings;
      const work = [...hundred.pieces(seen, drawn), () => this.beside(drawn), ...hundred.pieces(other, drawn)];
      const go = () => {
        work.shift()();
        if (work.length) this.later = setTimeout(go, work.length === 3 ? 60 : 0); // what is in sight goes first
      };
      this.later = setTimeout(go);
      clearTimeout(this.speaking);
      if (!isLast || this.isStart) return;
      this.speaking = setTimeout(() => {
        this.section.querySelector("[role=status]").textContent = this.drawings[0].getAttribute("aria-label");
      }, state.SPEAK_AFTER);
    }

    words({ values, targets, today, middle }) {
      const [lowest] = targets;
      const year = this.told.title.match(/\d{4}/)?.[0] ?? "";
      const { whole } = hundred;
      const title = `${whole(lowest.above)} of a hundred end ${year} above ${lowest.name}, ${whole(lowest.touched)} touch it on the way`;
      this.figure.querySelector(".chart-title").textContent = title;
      const ends = targets.map((each) => `${whole(each.above)} end above ${each.name}, ${whole(each.touched)} touch it`).join("; ");
      const low = values.filter((value) => value < today.value).length;
      const words = `A hundred dots on an axis of market value. ${ends}. ${low} end below today’s ${today.text}; half end above ${middle.text}.`;
      this.figure.querySelectorAll(".plot > svg").forEach((svg) => svg.setAttribute("aria-label", words));
    }

    // What stands around the dots: the key with its counts, the table, the address.
    beside({ values, rings, targets, today }) {
      const counts = { low: 0, mid: 0, hit: 0, top: 0, ring: rings.size };
      values.forEach((value) => (counts[hundred.stateOf(value, { targets, today })] += 1));
      const [first, last] = [targets[0].name, targets.at(-1).name];
      const keys = {
        low: `${counts.low} below ${today.value >= targets[0].level ? first : "today’s value"}`,
        mid: `${counts.mid} up to ${first}`,
        ring: `${counts.ring} of these touched ${first}`,
        hit: first === last ? `${counts.hit} above ${first}` : `${counts.hit} from ${first} to ${last}`,
        top: `${counts.top} above ${last}`,
      };
      const { ring, ...drawn } = counts;
      window.report.chip.dots(this.isStart ? undefined : drawn, `${counts.hit + counts.top} of 100 end above ${first}`);
      this.figure.querySelectorAll(".dot-key li").forEach((item) => {
        const [mark] = item.querySelectorAll("svg");
        const kind = mark.querySelector("circle").getAttribute("class");
        item.replaceChildren(mark, keys[kind]);
      });
      const plot = this.figure.querySelector(".plot");
      this.figure.querySelectorAll(".chart-table tbody tr").forEach((row, at) => {
        const level = Number(plot.dataset.from) + 2 * Number(plot.dataset.step) * at;
        row.lastElementChild.textContent = String(values.filter((value) => value >= level).length);
      });
      const address = this.address();
      this.figure.dataset.address = this.isStart ? "" : address;
      const cells = [...this.section.querySelectorAll(".output")].filter((box) => !box.querySelector("[data-touched]"));
      const results = cells.map((box) => `${box.querySelector("dt").textContent} ${box.querySelector("dd").textContent}`);
      this.figure.dataset.subtitle = `${this.inWords}. ${results.join("; ")}.`;
      const link = this.figure.querySelector(".permalink");
      if (link) link.href = this.isStart ? `#${this.figure.id}` : new URL(address).hash;
    }

    // The data of the case on the screen, not of the one that the page was built with.
    asData(link) {
      if (this.isStart || !this.drawn) return;
      const { values, rings, targets } = this.drawn;
      const rows = values.map((value, at) => `${at + 1},${value},${value >= targets[0].level || rings.has(at) ? "yes" : "no"}`);
      const text = ["dot,value,touched", ...rows, ""].join("\r\n");
      link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
    }

    // Results of other inputs than those on the screen are taken away.
    fail(error) {
      console.info(error);
      this.inFlight = undefined;
      this.section.removeAttribute("aria-busy");
      clearTimeout(this.later);
      clearTimeout(this.speaking);
      this.section.querySelectorAll("[data-output], [data-touched]").forEach((cell) => {
        cell.textContent = "–";
        delete cell.dataset.value;
      });
      this.figure.querySelector(".plot").setAttribute("hidden", "");
      this.figure.querySelector(".chart-title").textContent = "No result for these assumptions";
      this.drawn = undefined;
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = "Try again";
      again.addEventListener("click", () => {
        this.say("");
        this.evaluate();
      });
      this.say(error instanceof Refused ? `${PLAIN} ` : MISSING, again);
    }
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("section.case").forEach((section) => new Case(section)));
})();
