// "Your case" in the head of every page, once there is one: it leads back to it as it was left.
window.report = window.report ?? {};
window.report.chip = (() => {
  "use strict";
  const KEY = `case ${new URL(document.documentElement.dataset.root || "./", location.href).pathname}`; // of this edition
  const [ROWS, PITCH] = [4, 4]; // of the strip: its hundred dots stand in columns, from the lowest value
  const stored = (key = KEY) => {
    try {
      return sessionStorage.getItem(key) ?? "";
    } catch {
      return ""; // storage is forbidden in this browser: the address of the page alone holds the case
    }
  };
  const store = (key, text) => {
    try {
      if (text) sessionStorage.setItem(key, text);
      else sessionStorage.removeItem(key);
    } catch {
      // storage is forbidden in this browser
    }
  };
  // The hundred dots of the case, small: how many are of each kind, in the order of the axis.
  const strip = (text) => {
    const chip = document.querySelector(".case-chip");
    chip?.querySelector("svg")?.remove();
    chip?.removeAttribute("title");
    if (!chip || !text) return;
    const { counts, words } = JSON.parse(text);
    const kinds = Object.entries(counts).flatMap(([kind, count]) => Array(count).fill(kind));
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", `0 0 ${(PITCH * kinds.length) / ROWS} ${PITCH * ROWS}`);
    svg.setAttribute("aria-hidden", "true");
    kinds.forEach((kind, at) => {
      const dot = document.createElementNS(svg.namespaceURI, "circle");
      const place = { cx: PITCH * (Math.floor(at / ROWS) + 0.5), cy: PITCH * (ROWS - 0.5 - (at % ROWS)), r: 1.5 };
      for (const [name, value] of Object.entries(place)) dot.setAttribute(name, value);
      dot.setAttribute("class", kind);
      svg.append(dot);
    });
    chip.title = words;
    chip.append(svg);
  };
  const dots = (counts, words) => {
    const text = counts ? JSON.stringify({ counts, words }) : "";
    store(`${KEY} dots`, text);
    strip(text);
  };
  const show = (hash) => {
    const chip = document.querySelector(".case-chip");
    if (!chip) return;
    chip.hidden = !hash;
    chip.dataset.page ??= chip.getAttribute("href");
    chip.href = hash ? `${chip.dataset.page.split("#")[0]}${hash}` : chip.dataset.page;
  };
  const keep = (hash) => {
    store(KEY, hash);
    show(hash);
  };
  document.addEventListener("DOMContentLoaded", () => {
    show(stored());
    strip(stored() && stored(`${KEY} dots`));
  });
  return { keep, dots };
})();
