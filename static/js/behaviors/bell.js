/* The bell: its count and the numbers at places change by themselves, and its list is fetched when it is opened. */
export default function attach(bell) {
  const list = bell.querySelector(".bell-list");
  const count = bell.querySelector(".bell-count");
  const summary = bell.querySelector("summary");
  const until = bell.querySelector(".bell-reading input[name=until]");
  const title = document.title;
  let isAsking = false;
  let mustAskAgain = false;

  const markAll = bell.querySelector(".bell-reading button");
  markAll.disabled = !count.textContent;
  const show = (number) => {
    markAll.disabled = !number;
    count.textContent = number ? (number > 99 ? "99+" : number) : "";
    summary.setAttribute("aria-label", number ? `${bell.dataset.label} (${number})` : bell.dataset.label);
    document.title = number ? `(${number}) ${title}` : title;
  };

  const ask = async () => {
    if (isAsking) {
      mustAskAgain = true;
      return;
    }
    isAsking = true;
    try {
      const response = await fetch(bell.dataset.source, { headers: { "HX-Request": "true" }, redirect: "manual" });
      if (!response.ok) return;
      const panel = new DOMParser().parseFromString(await response.text(), "text/html").querySelector(".bell-panel");
      const cursor = Number(bell.dataset.cursor);
      const arrived = [...panel.querySelectorAll(".bell-row.unread")].filter((row) => Number(row.dataset.cursor) > cursor);
      show(Number(panel.dataset.count));
      for (const place of panel.querySelectorAll("[data-badge-of]")) {
        for (const badge of document.querySelectorAll(`[data-badge="${place.dataset.badgeOf}"]`)) badge.replaceChildren(place.content.cloneNode(true));
      }
      if (!list.contains(document.activeElement)) list.replaceChildren(panel.querySelector(".bell-rows"));
      if (arrived.length) {
        document.querySelector("#announcements").textContent = arrived.map((row) => row.querySelector(".grow").textContent).join("; ");
        document.dispatchEvent(new CustomEvent("bell:arrived"));
      }
      bell.dataset.cursor = until.value = panel.dataset.cursor;
    } catch {
      /* Offline, or signed out: the next ring asks again. */
    } finally {
      isAsking = false;
      if (mustAskAgain) {
        mustAskAgain = false;
        ask();
      }
    }
  };

  bell.addEventListener("rung", ask);
  bell.addEventListener("toggle", () => bell.open && ask());
  bell.querySelector(".bell-reading").addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new FormData(event.target);
    await fetch(event.target.action, { method: "POST", body, headers: { "HX-Request": "true" } });
    ask();
  });
}
