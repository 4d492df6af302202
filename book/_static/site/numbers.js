// Numbers that answer for themselves: what the page's list says of a number, beside the number.
(() => {
  "use strict";
  const DELAY = 180; // milliseconds before a hovered number opens, so that passing over opens nothing
  let open; // { link, box } of the one that is open
  let timer;

  const close = (returnFocus = false) => {
    clearTimeout(timer);
    if (!open) return;
    const { link, box } = open;
    open = undefined;
    const held = box.contains(document.activeElement);
    box.remove();
    link.setAttribute("aria-expanded", "false");
    if (returnFocus && held) link.focus();
  };

  const element = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  const fill = (box, link, row) => {
    const [head, value, how, from, date] = [...row.children].map((cell) => cell.cloneNode(true));
    for (const same of [how, from].flatMap((cell) => [...cell.querySelectorAll("[data-same]")])) {
      const list = same && document.querySelector(`${same.hash.replaceAll(".", "\\.")} .${same.dataset.same}`);
      if (list) same.parentElement.replaceWith(list.cloneNode(true));
    }
    for (const numbers of from.querySelectorAll(".refs")) {
      const documents = [...numbers.children].map((link) => document.getElementById(link.hash.slice(1)));
      numbers.replaceWith(...documents.map((each) => element("p", {}, ...each.cloneNode(true).childNodes)));
    }
    head.querySelector("code")?.remove();
    const title = element("h2", { id: `${box.id}-title` }, ...head.childNodes);
    box.append(title, element("p", { class: "value" }, ...value.childNodes), ...how.childNodes);
    if (from.hasChildNodes()) box.append(element("small", {}, "From"), ...from.childNodes);
    if (date.textContent) box.append(element("p", {}, `Public since ${date.textContent}`));
    const list = element("a", { href: link.getAttribute("href") }, "In the list of all numbers");
    list.addEventListener("click", () => {
      close();
      row.closest("details").open = true;
    });
    box.append(element("p", {}, list));
    if (groupOf(link).length > 1) box.append(element("small", {}, "← → lead to the others here"));
  };

  // The numbers and terms of a paragraph, list or table are one stop of the tab key; arrow keys lead from one to the next.
  const groups = new Map();
  const blockOf = (link) => link.closest("table, .tiles") ?? link.closest("p, li, dd, td, th") ?? link.parentElement;
  const groupOf = (link) => groups.get(blockOf(link)) ?? [link];
  const stopAt = (link) => groupOf(link).forEach((each) => (each.tabIndex = each === link ? 0 : -1));
  const step = (link, by) => {
    const group = groupOf(link).filter((each) => each.checkVisibility());
    group[(group.indexOf(link) + by + group.length) % group.length].focus();
  };

  // Below the number or above it, where there is more room, and no higher than the room there.
  const place = (link, box) => {
    const at = link.getClientRects()[0];
    const margin = 12;
    const left = Math.min(at.left, document.documentElement.clientWidth - box.offsetWidth - margin);
    box.style.maxHeight = "";
    const room = { below: innerHeight - at.bottom - margin, above: at.top - margin };
    const below = box.offsetHeight <= room.below || room.below >= room.above;
    box.style.maxHeight = `min(22rem, ${Math.max(96, below ? room.below : room.above)}px)`;
    box.style.left = `${Math.max(margin, left) + scrollX}px`;
    box.style.top = `${(below ? at.bottom + 6 : at.top - box.offsetHeight - 6) + scrollY}px`;
  };

  const show = (link) => {
    clearTimeout(timer);
    if (open?.link === link) return;
    close();
    const row = document.getElementById(link.hash.slice(1));
    if (!row) return;
    const box = element("div", { class: "answer", role: "dialog", id: "answer", "aria-labelledby": "answer-title" });
    fill(box, link, row);
    box.popover = "manual";
    link.after(box);
    box.showPopover();
    place(link, box);
    link.setAttribute("aria-expanded", "true");
    open = { link, box };
    box.addEventListener("toggle", (event) => event.target !== box && place(link, box), true); // a list unfolds
    box.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && leave(event));
    box.addEventListener("pointerenter", () => clearTimeout(timer));
  };

  const leave = (event) => {
    clearTimeout(timer);
    if (open?.box.contains(event.relatedTarget) || open?.box.contains(document.activeElement)) return;
    timer = setTimeout(() => close(), DELAY * 1.5);
  };

  const prepare = (link) => {
    link.setAttribute("aria-haspopup", "dialog");
    link.setAttribute("aria-expanded", "false");
    let pressed = false;
    link.addEventListener("pointerdown", () => (pressed = true));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const wasOpen = open?.link === link && !pressed;
      pressed = false;
      if (wasOpen) close();
      else show(link);
    });
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "mouse") return;
      clearTimeout(timer);
      timer = setTimeout(() => show(link), DELAY);
    });
    link.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && leave(event));
  };

  const walk = (link) => {
    link.addEventListener("focus", () => stopAt(link));
    link.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by || groupOf(link).length < 2) return;
      event.preventDefault();
      step(link, by);
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    const links = document.querySelectorAll("a.num, article a:has(> .std-term)");
    links.forEach((link) => groups.set(blockOf(link), [...(groups.get(blockOf(link)) ?? []), link]));
    links.forEach(walk);
    document.querySelectorAll("a.num").forEach(prepare);
    groups.forEach(([first]) => stopAt(first));
    const reveal = () => {
      const row = location.hash.startsWith("#n-") && document.getElementById(location.hash.slice(1));
      const list = row && row.closest("details");
      if (!list || list.open) return;
      list.open = true;
      row.scrollIntoView();
    };
    addEventListener("hashchange", reveal);
    reveal();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close(true));
  document.addEventListener("pointerdown", (event) => {
    if (open && !open.box.contains(event.target) && !open.link.contains(event.target)) close();
  });
  document.addEventListener("focusin", (event) => {
    if (open && !open.box.contains(event.target) && !open.link.contains(event.target)) close();
  });
  addEventListener("resize", () => open && place(open.link, open.box));
})();
