/* Rows are dragged within and between columns; the new order is stored at once. */
export default function attach(element) {
  let dragged = null;

  async function store() {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", element.querySelector("[name=csrfmiddlewaretoken]").value);
    for (const column of element.querySelectorAll("[data-column]")) {
      for (const row of column.querySelectorAll("[data-code]")) body.append(column.dataset.column, row.dataset.code);
    }
    const answer = await fetch(element.dataset.url, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (!answer.ok) document.dispatchEvent(new CustomEvent("toast", { detail: { text: await answer.text(), kind: "error" } }));
    location.reload();
  }

  for (const row of element.querySelectorAll("[data-code]")) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
      row.classList.add("dragged");
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("dragged");
      dragged = null;
    });
  }
  for (const column of element.querySelectorAll("[data-column]")) {
    column.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      const after = [...column.querySelectorAll("[data-code]:not(.dragged)")].find((row) => {
        const box = row.getBoundingClientRect();
        return event.clientY < box.top + box.height / 2;
      });
      column.insertBefore(dragged, after ?? null);
    });
    column.addEventListener("drop", (event) => {
      event.preventDefault();
      store();
    });
  }
}
