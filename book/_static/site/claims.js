// Claims can be filtered by article, topic and grade. Without this script all of them are shown.
(() => {
  "use strict";
  const FIELDS = { article: "Article", topic: "Topic", grade: "Grade" };

  const option = (value, label) => {
    const found = document.createElement("option");
    found.value = value;
    found.textContent = label;
    return found;
  };

  const select = (field, rows, chosen) => {
    const label = document.createElement("label");
    const menu = document.createElement("select");
    const values = [...new Set(rows.map((row) => row.dataset[field]))];
    menu.name = field;
    menu.append(option("", "all"), ...values.map((value) => option(value, value)));
    menu.value = values.includes(chosen) ? chosen : "";
    label.append(FIELDS[field], " ", menu);
    return label;
  };

  const form = (rows) => {
    const made = document.createElement("form");
    made.className = "claim-filter";
    made.setAttribute("aria-label", "Filter the claims");
    const wanted = new URLSearchParams(location.search);
    const reset = document.createElement("button");
    reset.type = "reset";
    reset.textContent = "Show all";
    const count = document.createElement("output");
    count.setAttribute("aria-live", "polite");
    made.append(...Object.keys(FIELDS).map((field) => select(field, rows, wanted.get(field))), reset, count);
    return made;
  };

  const chosen = (filter) =>
    Object.keys(FIELDS).map((field) => [field, filter.elements[field].value]).filter(([, value]) => value);

  const remember = (pairs) => {
    const query = new URLSearchParams(location.search);
    Object.keys(FIELDS).forEach((field) => query.delete(field));
    pairs.forEach(([field, value]) => query.set(field, value));
    const text = query.toString();
    try {
      history.replaceState(null, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`);
    } catch {
      // Some browsers do not let a page opened as a file change its address; the filter works all the same.
    }
  };

  const apply = (filter, rows) => {
    const pairs = chosen(filter);
    rows.forEach((row) => { row.hidden = !pairs.every(([field, value]) => row.dataset[field] === value); });
    document.querySelectorAll(".data-table").forEach((table) => {
      const own = rows.filter((row) => table.contains(row));
      if (own.length) table.classList.toggle("no-match", own.every((row) => row.hidden));
    });
    const left = rows.filter((row) => !row.hidden).length;
    filter.querySelector("output").textContent = `${left} of ${rows.length} claims`;
    return pairs;
  };

  // A link to a claim that the filter hides shows it all the same.
  const reveal = (filter, rows) => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && rows.includes(target) && target.hidden) {
      filter.reset();
      apply(filter, rows);
      target.scrollIntoView();
    }
  };

  // The style sheet lays rows out as cards, which takes their table roles away; this gives them back.
  const keepRoles = (rows) => {
    new Set(rows.map((row) => row.closest("table"))).forEach((table) => {
      table.setAttribute("role", "table");
      table.querySelectorAll("thead, tbody").forEach((part) => part.setAttribute("role", "rowgroup"));
      table.querySelectorAll("tr").forEach((row) => row.setAttribute("role", "row"));
      table.querySelectorAll("thead th").forEach((head) => head.setAttribute("role", "columnheader"));
      table.querySelectorAll("tbody th").forEach((head) => head.setAttribute("role", "rowheader"));
      table.querySelectorAll("td").forEach((cell) => cell.setAttribute("role", "cell"));
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    const rows = [...document.querySelectorAll("tr[data-grade]")];
    const first = rows.length && document.querySelector("[data-claim-filter]");
    if (!first) return;
    keepRoles(rows);
    const filter = form(rows);
    first.append(filter);
    filter.addEventListener("change", () => remember(apply(filter, rows)));
    filter.addEventListener("reset", () => setTimeout(() => remember(apply(filter, rows))));
    filter.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", () => reveal(filter, rows));
    apply(filter, rows);
    reveal(filter, rows);
  });
})();
