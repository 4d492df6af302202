// Long tables sort by the column whose header is pressed: numbers by value, words by letter.
(() => {
  "use strict";
  const key = (row, column) => {
    const cell = row.cells[column];
    const value = cell.dataset.value;
    return value === undefined ? cell.textContent.trim() : Number(value);
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : typeof a === typeof b
        ? String(a).localeCompare(String(b), "en")
        : typeof a === "number" ? -1 : 1;

  const prepare = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    heads.forEach((head, column) => {
      head.querySelector("button").addEventListener("click", () => {
        const first = head.classList.contains("number") ? "descending" : "ascending";
        const other = first === "ascending" ? "descending" : "ascending";
        const order = head.getAttribute("aria-sort") === first ? other : first;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", order);
        const sign = order === "ascending" ? 1 : -1;
        // A missing value ("–") stays last whichever way the numbers run.
        const isMissing = (row) => typeof key(row, column) === "string" && head.classList.contains("number");
        const rows = [...body.rows].sort(
          (a, b) => isMissing(a) - isMissing(b) || sign * compare(key(a, column), key(b, column)),
        );
        body.append(...rows);
      });
    });
  };
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("table[data-sortable]").forEach(prepare);
  });
})();
