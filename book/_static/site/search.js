// The search page: every section of the report, ranked by where the words are found.
(() => {
  "use strict";
  const SHOWN = 40;
  const AROUND = 90; // characters on each side of a word in the excerpt
  // What one writes with and another without: case, accents, hyphens, curly quotes.
  const folded = (text) => text.toLowerCase().replace(/[-‐‑–_]/g, " ").replace(/[’‘]/g, "'");
  // The field's spellings: P/S for price-to-sales, Q4 2025 for 2025Q4.
  const SPELLINGS = [
    [/(?<![\p{L}\p{N}])p ?\/ ?s(?![\p{L}\p{N}])/gu, "price to sales"],
    [/(?<![\p{L}\p{N}])p ?\/ ?e(?![\p{L}\p{N}])/gu, "price to earnings"],
    [/(?<![\p{L}\p{N}])ev ?\/ ?ebitda?(?![\p{L}\p{N}])/gu, "ev operating income"],
    [/(?<![\p{L}\p{N}])capex(?![\p{L}\p{N}])/gu, "capital expenditure"],
    [/(?<![\p{L}\p{N}])q([1-4])[ /]?((?:19|20)\d\d)(?![\p{L}\p{N}])/gu, "$2q$1"],
    [/(?<![\p{L}\p{N}])((?:19|20)\d\d) q([1-4])(?![\p{L}\p{N}])/gu, "$1q$2"],
  ];
  const spelt = (text) => SPELLINGS.reduce((words, [form, meant]) => words.replace(form, meant), text);
  const plain = (text) => spelt(folded(text).normalize("NFKD").replace(/\p{M}/gu, ""));
  const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const wordsOf = (text) => [...new Set(text.match(/\$?[\p{L}\p{N}][\p{L}\p{N}.,'&%]*/gu) ?? [])].map(
    (word) => word.replace(/[.,']+$/, ""),
  );
  // A word is found where one begins with it, so that "aws" is not found in "draws".
  const start = (word) => `(?<![\\p{L}\\p{N}])${escaped(word)}`;
  const count = (text, word) => text.match(new RegExp(start(word), "gu"))?.length ?? 0;

  const prepared = (entry) => ({
    entry,
    text: plain(entry.text),
    heading: plain(entry.heading),
    page: plain(entry.page),
    isChapter: entry.heading === entry.page,
    tier: entry.tier ?? 0, // what the report says, what others claimed, how it is made
  });

  const score = (place, words, phrase) => {
    let [points, found] = [0, 0];
    for (const word of words) {
      const inHeading = count(place.heading, word) > 0;
      const inPage = count(place.page, word) > 0;
      const inText = count(place.text, word);
      if (!inHeading && !inPage && !inText) continue;
      found += 1;
      points += (inHeading ? (place.isChapter ? 20 : 12) : inPage ? 4 : 0) + Math.min(inText, 6);
    }
    const isNamed = place.heading === phrase;
    if (isNamed) points += 40;
    else if (words.length > 1 && place.heading.includes(phrase)) points += 15;
    else if (words.length > 1 && place.text.includes(phrase)) points += 10;
    return { place, points, found, tier: isNamed ? 0 : place.tier };
  };

  // The places with as many of the words as any has, the best first.
  const search = (places, words) => {
    const scored = places.map((place) => score(place, words, words.join(" ")));
    const most = Math.max(...scored.map(({ found }) => found));
    return { most, found: scored.filter(({ found }) => found && found === most).sort((a, b) => a.tier - b.tier || b.points - a.points) };
  };

  // Letters to add, drop, change or swap to make `b` of `a`; no more than `limit` are looked for.
  const distance = (a, b, limit) => {
    if (Math.abs(a.length - b.length) > limit) return limit + 1;
    let [before, last] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= b.length; j += 1) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[b.length];
  };

  // The word of the report nearest to one that it does not have, the more frequent of two as near.
  const nearest = (places, word) => {
    const limit = word.length < 4 ? 0 : word.length < 6 ? 1 : 2;
    const known = new Map();
    for (const place of places)
      for (const each of `${place.heading} ${place.text}`.match(/\p{L}{3,}/gu) ?? []) known.set(each, (known.get(each) ?? 0) + 1);
    let best;
    for (const [each, times] of known) {
      const away = distance(word, each, limit);
      if (away <= limit && (!best || away < best.away || (away === best.away && times > best.times))) best = { each, away, times };
    }
    return best?.each;
  };

  const corrected = (places, words) =>
    words.map((word) => {
      const isKnown = places.some((place) => count(`${place.heading} ${place.page} ${place.text}`, word));
      return isKnown ? word : nearest(places, word) ?? word;
    });

  const excerpt = ({ entry, text }, words) => {
    const same = text.length === entry.text.length ? text : folded(entry.text);
    const at = words.map((word) => same.search(new RegExp(start(word), "u"))).filter((place) => place >= 0);
    const first = at.length ? Math.max(0, Math.min(...at) - AROUND) : 0;
    const from = first && entry.text.lastIndexOf(" ", first) + 1;
    const end = from + 2 * AROUND + 40;
    const to = end < entry.text.length ? entry.text.lastIndexOf(" ", end) : entry.text.length;
    const parts = document.createElement("p");
    if (from > 0) parts.append("… ");
    let done = from;
    for (const match of same.slice(0, to).matchAll(new RegExp(words.map(start).join("|"), "gu"))) {
      if (match.index < from) continue;
      const marked = entry.text.slice(match.index, match.index + match[0].length);
      parts.append(entry.text.slice(done, match.index), Object.assign(document.createElement("mark"), { textContent: marked }));
      done = match.index + match[0].length;
    }
    parts.append(entry.text.slice(done, to), to < entry.text.length ? " …" : "");
    return parts;
  };

  const item = (place, words) => {
    const { entry, isChapter } = place;
    const link = Object.assign(document.createElement("a"), { href: entry.url });
    link.textContent = isChapter ? entry.page : `${entry.page}: ${entry.heading}`;
    const made = document.createElement("li");
    made.append(link, excerpt(place, words));
    return made;
  };

  const told = (asked, words, { most, found }) => {
    const shown = found.length > SHOWN ? `, the first ${SHOWN} shown` : "";
    const number = `${found.length} ${found.length === 1 ? "place" : "places"} found${shown}`;
    if (!found.length) return "Nothing found. Try a shorter word, or the glossary.";
    if (words.join(" ") !== asked.join(" ")) return `Not in the report as written. ${number} for “${words.join(" ")}”.`;
    return most < words.length ? `No place has all of these words. ${number} with most of them.` : `${number}.`;
  };

  document.addEventListener("DOMContentLoaded", () => {
    const typed = new URLSearchParams(location.search).get("q") ?? "";
    document.querySelectorAll("input[name=q]").forEach((input) => (input.value = typed));
    const status = document.querySelector(".search-status");
    const asked = wordsOf(plain(typed));
    if (!asked.length) {
      status.textContent = "Type a word: a business, a term, a claim.";
      return;
    }
    const places = window.reportIndex.map(prepared);
    const words = corrected(places, asked);
    const result = search(places, words);
    status.textContent = told(asked, words, result);
    document.querySelector(".search-results").append(...result.found.slice(0, SHOWN).map(({ place }) => item(place, words)));
  });
})();
