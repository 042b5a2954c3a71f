// Tables to type in (table[data-grid]): arrows and Enter move, a copied range pastes, totals run. Without this script the page
// works the same; the server adds up. Cells: td > input. Sums: td[data-row] at the end of a row, td[data-col] in tfoot in the order
// of the columns, td[data-all] for the whole. An element [data-say] beside the table says the total, with its words in
// data-none, data-one and data-many ("{n} people").
const locale = document.documentElement.lang === "es" ? "es-PE" : document.documentElement.lang;

const numberIn = (cell) => (/^\d+$/.test(cell.value.trim()) ? Number(cell.value) : null);

/** The sum of what is known, or null when nothing is: an empty cell is not a zero. */
function sumOf(cells) {
  const known = cells.map(numberIn).filter((n) => n !== null);
  return known.length ? known.reduce((a, b) => a + b) : null;
}

function show(cell, n) {
  if (cell) cell.textContent = n === null ? "–" : n.toLocaleString(locale);
}

function say(line, n) {
  if (!line) return;
  const words = n === null ? line.dataset.none : n === 1 ? line.dataset.one : line.dataset.many;
  line.textContent = (words ?? "").replace("{n}", (n ?? 0).toLocaleString(locale));
}

function rowsOf(table) {
  return [...table.tBodies].flatMap((body) => [...body.rows])
    .map((row) => [...row.querySelectorAll("td > input:not([type=hidden])")])
    .filter((cells) => cells.length);
}

function addUp(table, rows) {
  for (const cells of rows) show(cells[0].closest("tr").querySelector("[data-row]"), sumOf(cells));
  table.querySelectorAll("[data-col]").forEach((cell, x) => show(cell, sumOf(rows.map((cells) => cells[x]).filter(Boolean))));
  const all = sumOf(rows.flat());
  show(table.querySelector("[data-all]"), all);
  say(table.closest("section, div:not(.al-scroll), form").querySelector("[data-say]"), all);
}

/** Moves to the cell at row y, column x; false where there is none. */
function go(rows, y, x) {
  const cell = rows[y]?.[x];
  if (!cell) return false;
  cell.focus();
  cell.select();
  return true;
}

/** Left and right leave a cell only from its edge, so that one can still edit inside it. */
function move(rows, [y, x], { key, target }) {
  const { selectionStart: from, selectionEnd: to, value } = target;
  const isWhole = from === 0 && to === value.length;
  if (key === "ArrowUp") return go(rows, y - 1, x);
  if (key === "ArrowDown" || key === "Enter") return go(rows, y + 1, x);
  if (key === "ArrowLeft") return (isWhole || to === 0) && go(rows, y, x - 1);
  if (key === "ArrowRight") return (isWhole || from === value.length) && go(rows, y, x + 1);
  return false;
}

function paste(rows, [y, x], text) {
  text.trimEnd().split(/\r?\n/).forEach((line, dy) => line.split("\t").forEach((value, dx) => {
    const cell = rows[y + dy]?.[x + dx];
    if (cell && !cell.readOnly) cell.value = value.trim();
  }));
}

function wire(table) {
  const rows = rowsOf(table);
  const placeOf = new Map(rows.flatMap((cells, y) => cells.map((cell, x) => [cell, [y, x]])));
  table.addEventListener("keydown", (event) => {
    const at = placeOf.get(event.target);
    if (!at || event.altKey || event.ctrlKey || event.metaKey) return;
    // A list of typed reasons that is open needs its own arrows; Enter must never send a half-filled form.
    if (event.target.list && (event.key === "ArrowUp" || event.key === "ArrowDown") && event.target.value !== "" && numberIn(event.target) === null) return;
    if (move(rows, at, event) || event.key === "Enter") event.preventDefault();
  });
  table.addEventListener("paste", (event) => {
    const at = placeOf.get(event.target);
    const text = event.clipboardData.getData("text");
    if (!at || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    paste(rows, at, text);
    table.dispatchEvent(new Event("input", { bubbles: true }));
  });
  table.addEventListener("input", () => addUp(table, rows));
}

document.querySelectorAll("table[data-grid]").forEach(wire);
