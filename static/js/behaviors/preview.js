/* Opens and closes the preview of a file in its place; without scripts the link leads to a page. */
export default function attach(link) {
  const place = document.getElementById(link.dataset.place);
  if (!place) return;
  link.setAttribute("role", "button");
  link.setAttribute("aria-expanded", "false");
  link.setAttribute("aria-controls", place.id);

  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    place.hidden = !place.hidden;
    link.setAttribute("aria-expanded", String(!place.hidden));
    if (!place.hidden && !place.childElementCount) await htmx.ajax("GET", link.href, { target: place, swap: "innerHTML" });
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    link.click();
  });
}
