// What a reader takes along of a figure or table: a picture, its address, how to cite it.
(() => {
  "use strict";
  const SAID_FOR = 2500; // milliseconds that a button says what it did
  const MARGIN = 24;
  const SHARP = 2; // pixels of the picture for each of the drawing
  const INK = ["fill", "stroke"];

  const text = (figure, part) => figure.querySelector(part)?.textContent.trim() ?? "";
  const address = (figure) => figure.dataset.address || `${location.origin === "null" || location.protocol === "file:" ? location.href.split("#")[0] : location.origin + location.pathname}#${figure.id}`;
  const title = (figure) => text(figure, ".chart-title, .table-title");

  const citation = (figure) => {
    const report = document.querySelector("meta[property='og:site_name']").content;
    const edition = [...document.querySelectorAll(".status span")].slice(0, 2).map((span) => span.textContent);
    const named = [text(figure, ".figure-number"), title(figure)].filter(Boolean).join(": ");
    return `${named}. In: ${report} ${edition.join(", ")}. ${address(figure)}`;
  };

  const say = (button, words) => {
    button.dataset.name ??= button.textContent;
    button.textContent = words;
    clearTimeout(Number(button.dataset.timer));
    button.dataset.timer = setTimeout(() => (button.textContent = button.dataset.name), SAID_FOR);
  };

  // Where the browser lets no page copy, the words are shown, to be copied by hand.
  const copy = async (button, words) => {
    try {
      await navigator.clipboard.writeText(words);
      say(button, "Copied");
    } catch {
      const links = button.closest(".figure-links");
      const shown = links.nextElementSibling?.matches(".to-copy") ? links.nextElementSibling : document.createElement("p");
      shown.className = "to-copy";
      shown.textContent = words;
      links.after(shown);
      getSelection().selectAllChildren(shown);
    }
  };

  // The drawing in the colours that the reader sees, with number, title and source around it.
  const picture = (figure) => {
    const seen = [...figure.querySelectorAll(".plot svg")].find((svg) => svg.getBoundingClientRect().width > 0);
    const { width, height } = seen.getBoundingClientRect();
    const drawn = seen.cloneNode(true);
    const originals = seen.querySelectorAll("*");
    drawn.querySelectorAll("*").forEach((element, at) => {
      const style = getComputedStyle(originals[at]);
      for (const name of INK) if (element.hasAttribute(name)) element.setAttribute(name, style[name]);
      if (element.tagName === "text") element.setAttribute("font-family", "Helvetica, Arial, sans-serif");
      if (["text", "tspan"].includes(element.tagName)) {
        element.setAttribute("fill", style.fill);
        element.setAttribute("font-weight", style.fontWeight);
      }
    });
    const style = getComputedStyle(document.body);
    const soft = getComputedStyle(figure.querySelector(".source")).color;
    const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = (words, y, size, colour, weight = "normal") => {
      const element = document.createElementNS(made.namespaceURI, "text");
      const given = { x: MARGIN, y, "font-size": size, fill: colour, "font-weight": weight, "font-family": "Georgia, serif" };
      for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
      element.textContent = words;
      made.append(element);
    };
    const wrapped = (words, letters) => words.split(" ").reduce((lines, word) => {
      if (lines.length && `${lines.at(-1)} ${word}`.length <= letters) lines.push(`${lines.pop()} ${word}`);
      else lines.push(word);
      return lines;
    }, []);
    const titles = wrapped(title(figure), Math.floor(width / 9.5));
    const foot = wrapped(`${text(figure, ".source")} ${address(figure)}`, Math.floor(width / 5.6));
    const below = wrapped(figure.dataset.subtitle || text(figure, ".chart-subtitle"), Math.floor(width / 7.6));
    const top = MARGIN + 24 * titles.length + 10 + 16 * below.length;
    const size = [width + 2 * MARGIN, top + height + 20 + 15 * foot.length + MARGIN];
    const ground = document.createElementNS(made.namespaceURI, "rect");
    for (const [name, value] of Object.entries({ width: size[0], height: size[1], fill: style.backgroundColor })) ground.setAttribute(name, value);
    made.append(ground);
    titles.forEach((words, at) => line(words, MARGIN + 16 + 24 * at, 20, style.color, "bold"));
    below.forEach((words, at) => line(words, top - 14 - 16 * (below.length - 1 - at), 13, soft));
    foot.forEach((words, at) => line(words, top + height + 24 + 15 * at, 11, soft));
    for (const [name, value] of Object.entries({ x: MARGIN, y: top, width, height })) drawn.setAttribute(name, value);
    drawn.removeAttribute("style");
    drawn.removeAttribute("display");
    made.append(drawn);
    for (const [name, value] of Object.entries({ width: size[0], height: size[1], viewBox: `0 0 ${size[0]} ${size[1]}` })) made.setAttribute(name, value);
    return { svg: new XMLSerializer().serializeToString(made), size };
  };

  const save = (name, blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };

  const asSvg = (figure) => save(`${figure.id}.svg`, new Blob([picture(figure).svg], { type: "image/svg+xml" }));

  const asPng = async (figure) => {
    const { svg, size } = picture(figure);
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = size.map((length) => Math.round(length * SHARP));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    save(`${figure.id}.png`, blob);
  };

  const button = (name, label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = name;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", async () => {
      try {
        await act(made);
      } catch (error) {
        say(made, "This browser cannot do it");
        throw error;
      }
    });
    return made;
  };

  const prepare = (links) => {
    const figure = links.closest("figure, .data-table");
    const named = text(figure, ".figure-number") || title(figure);
    const permalink = links.querySelector(".permalink");
    permalink.addEventListener("click", () => navigator.clipboard?.writeText(address(figure)).then(() => say(permalink, "Copied"), () => {}));
    if (figure.matches("figure")) {
      links.prepend(
        button("SVG", `SVG: ${named} as a drawing`, () => asSvg(figure)),
        button("PNG", `PNG: ${named} as a picture`, () => asPng(figure)),
      );
    }
    links.setAttribute("role", "toolbar");
    links.setAttribute("aria-label", `${named}: take it along`);
    links.append(button("Cite", `Cite ${named}: copy how`, (made) => copy(made, citation(figure))));
  };

  // One stop of the tab key for sources and all that a figure offers; arrow keys go from one to the next.
  const OFFERS = ".source a, .figure-links :is(a, button), .chart-table > summary";
  const asOneStop = (figure, parts = OFFERS) => {
    const all = [...figure.querySelectorAll(parts)];
    if (!all.length) return;
    const stop = (chosen) => all.forEach((each) => (each.tabIndex = each === chosen ? 0 : -1));
    stop(all[0]);
    figure.addEventListener("focusin", (event) => all.includes(event.target) && stop(event.target));
    figure.addEventListener("keydown", (event) => {
      const by = all.includes(document.activeElement) && { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by) event.preventDefault();
      if (by) all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus();
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".figure-links").forEach((links) => {
      prepare(links);
      asOneStop(links.closest("figure, .data-table"));
    });
    // So are the heads that sort a table, the workings that it folds and the links that head its rows.
    document.querySelectorAll(".data-table table").forEach((table) => {
      asOneStop(table, "thead button");
      asOneStop(table, "td summary, tbody th a");
    });
    // A table that fits its box needs no stop of its own to be scrolled.
    const fits = new ResizeObserver((boxes) =>
      boxes.forEach(({ target }) => (target.tabIndex = target.scrollWidth > target.clientWidth + 1 || target.scrollHeight > target.clientHeight + 1 ? 0 : -1)),
    );
    document.querySelectorAll(".scroll").forEach((box) => fits.observe(box));
  });
})();
