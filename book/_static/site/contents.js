// The contents mark the section that is being read; on a small screen they are a bar that names it and unfolds.
(() => {
  "use strict";
  // On paper nothing can be opened: what tables fold is printed open.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("td details:not([open])")];
    opened.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));

  // The chapter that is read is in sight in a menu longer than the screen.
  document.addEventListener("DOMContentLoaded", () => {
    const [menu, link] = [document.querySelector(".menu"), document.querySelector('.menu [aria-current="page"]')];
    if (menu && link) menu.scrollTop = Math.max(0, link.getBoundingClientRect().bottom + link.offsetHeight - innerHeight);
  });

  // Who goes by the keyboard gets to what can be played with, or looked at, in one step.
  const skips = { ":is(.calculator, .case form)": "Skip to the calculator", "figure.chart": "Skip to the first figure" };
  document.addEventListener("DOMContentLoaded", () => {
    for (const [part, words] of Object.entries(skips)) {
      const target = document.querySelector(`article ${part}`);
      if (!target) continue;
      target.id ||= "play";
      const link = document.createElement("a");
      link.className = "skip";
      link.href = `#${target.id}`;
      link.textContent = words;
      target.tabIndex = -1;
      document.querySelector(".skip").after(link);
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    const contents = document.querySelector("nav.contents");
    if (!contents) return;
    const bar = contents.querySelector(".here");
    const named = bar.querySelector("b");
    const links = new Map(
      [...contents.querySelectorAll("a[href^='#']")].map((link) => [document.getElementById(link.hash.slice(1)), link]),
    );
    links.delete(null);
    const sections = [...links.keys()];
    const notes = [...document.querySelectorAll(".margin-note")];

    const unfold = (open) => {
      contents.classList.toggle("open", open);
      bar.setAttribute("aria-expanded", String(open));
    };
    bar.addEventListener("click", () => unfold(!contents.classList.contains("open")));
    contents.addEventListener("click", (event) => event.target.closest("a") && unfold(false));
    contents.addEventListener("keydown", (event) => event.key === "Escape" && (unfold(false), bar.focus()));

    let waiting = false;
    const mark = () => {
      waiting = false;
      const line = innerHeight / 4; // the section whose heading passed this line last is the one being read
      const now = sections.findLast((section) => section.getBoundingClientRect().top <= line);
      for (const [section, link] of links) {
        if (section === now) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      named.textContent = now ? links.get(now).textContent : "";
      // In the right column contents give way to a note that passes, unless someone is in them.
      const own = contents.getBoundingClientRect();
      const meets = (note) => {
        const box = note.getBoundingClientRect();
        return box.left >= own.left && box.top < own.bottom && box.bottom > own.top;
      };
      contents.classList.toggle("yields", !contents.matches(":focus-within") && notes.some(meets));
    };
    addEventListener("scroll", () => (waiting ||= requestAnimationFrame(mark)), { passive: true });
    mark();
  });
})();
