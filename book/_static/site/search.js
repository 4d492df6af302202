// The search page: every section of the report, ranked by where the words are found.
(() => {
  "use strict";
  const SHOWN = 40;
  const AROUND = 90; // characters on each side of a word in the excerpt
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

  const score = (entry, words) => {
    let total = 0;
    for (const word of words) {
      const inTitle = plain(entry.heading).includes(word) || plain(entry.page).includes(word);
      const count = plain(entry.text).split(word).length - 1;
      if (!inTitle && count === 0) return 0;
      total += (plain(entry.heading).includes(word) ? 12 : inTitle ? 4 : 0) + Math.min(count, 6);
    }
    return total;
  };

  const excerpt = (entry, words) => {
    const text = plain(entry.text).length === entry.text.length ? plain(entry.text) : entry.text.toLowerCase();
    const first = Math.max(0, Math.min(...words.map((word) => text.indexOf(word)).filter((at) => at >= 0), text.length));
    const from = first === text.length ? 0 : Math.max(0, first - AROUND);
    const cut = entry.text.slice(from, from + 2 * AROUND + 40);
    const parts = document.createElement("p");
    if (from > 0) parts.append("… ");
    const pattern = new RegExp(`(${words.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "giu");
    for (const [index, piece] of cut.split(pattern).entries()) {
      if (index % 2) parts.append(Object.assign(document.createElement("mark"), { textContent: piece }));
      else parts.append(piece);
    }
    return parts;
  };

  document.addEventListener("DOMContentLoaded", () => {
    const asked = new URLSearchParams(location.search).get("q") ?? "";
    document.querySelectorAll("input[name=q]").forEach((input) => (input.value = asked));
    const status = document.querySelector(".search-status");
    const words = [...new Set(plain(asked).split(/\s+/).filter(Boolean))];
    if (!words.length) return;
    const found = window.reportIndex
      .map((entry) => ({ entry, points: score(entry, words) }))
      .filter(({ points }) => points > 0)
      .sort((a, b) => b.points - a.points);
    status.textContent = found.length
      ? `${found.length} ${found.length === 1 ? "place" : "places"} found`
      : "Nothing found. Try a shorter word, or the glossary.";
    document.querySelector(".search-results").append(
      ...found.slice(0, SHOWN).map(({ entry }) => {
        const link = Object.assign(document.createElement("a"), { href: entry.url });
        link.textContent = entry.heading === entry.page ? entry.page : `${entry.page}: ${entry.heading}`;
        const item = document.createElement("li");
        item.append(link, excerpt(entry, words));
        return item;
      }),
    );
  });
})();
