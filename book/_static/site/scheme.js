// Runs before the page is drawn: says that scripts run, and applies the reader's choice of colours.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const stored = () => {
    try {
      return localStorage.getItem("scheme");
    } catch {
      return null; // storage is forbidden in this browser; the choice then lasts for the page
    }
  };
  const apply = (scheme) => {
    if (scheme === "light" || scheme === "dark") root.dataset.scheme = scheme;
    else delete root.dataset.scheme;
    // The frame that a phone's browser draws around the page: one colour for each scheme, in this order.
    document.querySelectorAll("meta[name=theme-color]").forEach((meta, index) => {
      const name = ["light", "dark"][index];
      const chosen = root.dataset.scheme;
      meta.media = chosen ? (chosen === name ? "all" : "not all") : `(prefers-color-scheme: ${name})`;
    });
  };
  apply(stored());

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button.scheme");
    const label = () => {
      const now = root.dataset.scheme ?? "as the system";
      button.setAttribute("aria-label", `Colours: ${now}. Change`);
      button.title = `Colours: ${now}`;
    };
    label();
    button.addEventListener("click", () => {
      const systemIsDark = matchMedia("(prefers-color-scheme: dark)").matches;
      const order = systemIsDark ? [undefined, "light", "dark"] : [undefined, "dark", "light"];
      const next = order[(order.indexOf(root.dataset.scheme) + 1) % order.length];
      apply(next);
      try {
        if (next) localStorage.setItem("scheme", next);
        else localStorage.removeItem("scheme");
      } catch {
        // storage is forbidden in this browser
      }
      label();
    });
  });
})();
