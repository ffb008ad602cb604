/* A tree that is walked with the arrow keys; what stands below a node is fetched when it is first opened. */
export default function attach(tree) {
  const visible = () => [...tree.querySelectorAll("[role=treeitem]")].filter((item) => !item.parentElement.closest("[aria-expanded=false]"));

  const focus = (item) => {
    tree.querySelector("[tabindex='0'][role=treeitem]")?.setAttribute("tabindex", "-1");
    item.setAttribute("tabindex", "0");
    item.focus();
  };

  // The links are for those without scripts; here the tree itself takes the focus and the keys.
  const quieten = (part) => {
    for (const link of part.querySelectorAll("a")) link.tabIndex = -1;
    for (const toggle of part.querySelectorAll(".toggle")) toggle.setAttribute("aria-hidden", "true");
  };

  const open = async (item) => {
    let group = item.querySelector(":scope > [role=group]");
    if (!group) {
      const response = await fetch(item.dataset.branch, { headers: { "HX-Request": "true" } });
      if (!response.ok || item.querySelector(":scope > [role=group]")) return;
      group = document.createElement("ul");
      group.setAttribute("role", "group");
      group.innerHTML = await response.text();
      quieten(group);
      item.append(group);
    }
    group.hidden = false;
    item.setAttribute("aria-expanded", group.childElementCount ? "true" : "false");
    if (!group.childElementCount) item.removeAttribute("aria-expanded");
  };

  const close = (item) => {
    item.setAttribute("aria-expanded", "false");
    const group = item.querySelector(":scope > [role=group]");
    if (group) group.hidden = true;
  };

  quieten(tree);
  tree.querySelector("[role=treeitem]")?.setAttribute("tabindex", "0");
  tree.addEventListener("click", (event) => {
    const toggle = event.target.closest(".toggle");
    if (!toggle || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const item = toggle.closest("[role=treeitem]");
    focus(item);
    if (item.getAttribute("aria-expanded") === "true") close(item);
    else open(item);
  });
  tree.addEventListener("keydown", (event) => {
    const item = event.target.closest("[role=treeitem]");
    if (!item || event.target !== item || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = visible();
    const place = items.indexOf(item);
    const expanded = item.getAttribute("aria-expanded");
    const steps = {
      ArrowDown: () => items[place + 1] && focus(items[place + 1]),
      ArrowUp: () => items[place - 1] && focus(items[place - 1]),
      Home: () => focus(items[0]),
      End: () => focus(items.at(-1)),
      ArrowRight: () => (expanded === "false" ? open(item) : expanded === "true" && items[place + 1] && focus(items[place + 1])),
      ArrowLeft: () => {
        if (expanded === "true") close(item);
        else if (item.parentElement.closest("[role=treeitem]")) focus(item.parentElement.closest("[role=treeitem]"));
      },
      Enter: () => item.querySelector(".node a:not(.toggle)")?.click(),
    };
    if (!steps[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    steps[event.key]();
  });
}
