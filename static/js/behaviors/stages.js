/* Cards go from column to column: dragged, or by the arrow keys on a card, which press its buttons. All three send the card's own form. */
export default function attach(board) {
  let dragged = null;

  for (const card of board.querySelectorAll(".sale-card")) {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      dragged = card;
      event.dataTransfer.effectAllowed = "move";
      card.classList.add("dragged");
    });
    card.addEventListener("dragend", () => {
      card.classList.remove("dragged");
      dragged = null;
    });
    card.addEventListener("keydown", (event) => {
      if (event.target !== card || event.ctrlKey || event.metaKey || event.altKey) return;
      const way = { ArrowLeft: "back", ArrowRight: "on" }[event.key];
      if (way) {
        event.preventDefault();
        card.querySelector(`[data-way=${way}]`)?.click();
      } else if (event.key === "Enter") {
        card.querySelector("a").click();
      }
    });
  }

  for (const column of board.querySelectorAll("[data-stage]")) {
    if (column.classList.contains("sale-card")) continue;
    column.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      column.classList.add("over");
    });
    column.addEventListener("dragleave", () => column.classList.remove("over"));
    column.addEventListener("drop", (event) => {
      event.preventDefault();
      column.classList.remove("over");
      if (!dragged || dragged.dataset.stage === column.dataset.stage) return;
      const form = dragged.querySelector("form");
      const stage = document.createElement("input");
      Object.assign(stage, { type: "hidden", name: "stage", value: column.dataset.stage });
      form.append(stage);
      form.requestSubmit();
    });
  }
}
