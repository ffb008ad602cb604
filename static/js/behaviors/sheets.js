/* A long table as sheets of paper: each but the last ends with what its lines come to so far, and the next begins with it (过次页, 承前页).
   The words of each line's running totals come from the server; here it is only seen where a sheet ends, in the layout in which it is printed. */
const PIXELS = 96 / 25.4;
const STANDING = { width: 182, height: 265 };
const LYING = { width: 269, height: 178 };
const SPARE = 5;

export default function attach(sheet) {
  const size = sheet.classList.contains("lying") ? LYING : STANDING;

  const restore = () => {
    for (const row of sheet.querySelectorAll("tr.carried")) row.remove();
    sheet.classList.remove("measured");
    sheet.style.width = "";
  };
  const divide = () => {
    restore();
    sheet.classList.add("measured");
    sheet.style.width = `${size.width}mm`;
    let start = sheet.getBoundingClientRect().top;
    for (const table of sheet.querySelectorAll("table:has(tr[data-carried])")) start = divideTable(table, start);
  };
  /* `start` is where the sheet begins on which the table stands; returns that of its last one. */
  const divideTable = (table, start) => {
    const head = table.tHead.getBoundingClientRect().height;
    const most = (size.height - SPARE) * PIXELS;
    const rows = [...table.tBodies[0].rows];
    const places = rows.map((row) => row.getBoundingClientRect());
    const total = table.tFoot.getBoundingClientRect().height;
    start += Math.floor((places[0].top - start) / most) * most;
    for (const [index, row] of rows.entries()) {
      const { top, bottom } = places[index];
      if (index === 0 || bottom + total - start <= most) continue;
      const { carried } = rows[index - 1].dataset;
      row.before(line(table, sheet.dataset.carried, carried, "ends"), line(table, sheet.dataset.brought, carried, "begins"));
      start = top - head - total;
    }
    return start;
  };

  addEventListener("beforeprint", divide);
  addEventListener("afterprint", restore);
}

/* Cells as in the row of the totals at the foot. */
function line(table, label, carried, place) {
  const row = table.tFoot.rows[0].cloneNode(true);
  row.className = `carried ${place}`;
  row.cells[0].textContent = label;
  JSON.parse(carried).forEach((words, index) => { row.cells[index + 1].textContent = words; });
  return row;
}
