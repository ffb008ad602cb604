/* A discussion that is rung asks what is new. What others removed or changed follows at once; what is new waits behind a count to press,
   so that nothing moves under the reader's eyes. What the reader wrote stands there at once. */
const LONGEST_DELAY = 1500;

export default function attach(section) {
  if (section.dataset.behaviorBound) return;
  section.dataset.behaviorBound = "1";
  const list = section.querySelector("[data-part=comments]");
  const notice = section.querySelector("[data-part=arrived]");
  let waiting = null;
  let timer = 0;

  section.addEventListener("click", (event) => {
    const button = event.target.closest("[data-closes-form]");
    if (button) closeForm(button.closest("form"));
  });
  if (!list || !notice) return;
  const link = notice.querySelector("a");

  const ask = async () => {
    const url = `${section.dataset.arrivals}?since=${section.dataset.cursor}`;
    try {
      const response = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "manual" });
      if (response.status === 404) section.remove();
      if (!response.ok) return null;
      return new DOMParser().parseFromString(await response.text(), "text/html").querySelector(".arrivals");
    } catch {
      return null; /* Offline: the next ring asks again. */
    }
  };

  const replaceChanged = (arrivals) => {
    for (const changed of [...arrivals.querySelectorAll("[data-part=changed] > .comment")]) {
      const shown = section.querySelector(`#${changed.id}`);
      if (!shown || shown.contains(document.activeElement) || shown.querySelector("form.composer")) continue;
      shown.replaceWith(changed);
      htmx.process(changed);
    }
  };

  const show = (arrivals) => {
    waiting = null;
    notice.hidden = true;
    section.querySelector("[data-part=empty]")?.remove();
    const fresh = [];
    for (const place of [...arrivals.querySelectorAll("[data-part=places] > .place")].reverse()) {
      if (list.querySelector(`#${place.querySelector(".comment").id}`)) continue;
      list.prepend(place);
      fresh.push(place);
    }
    for (const reply of [...arrivals.querySelectorAll("[data-part=replies] > li")]) {
      const id = reply.querySelector(".comment").id;
      const replies = list.querySelector(`.place[data-comment="${reply.dataset.parent}"] [data-part=replies]`);
      if (!replies || replies.querySelector(`#${id}`)) continue;
      replies.append(reply);
      fresh.push(reply);
    }
    for (const element of fresh) {
      htmx.process(element);
      element.classList.add("fresh");
    }
    section.dataset.cursor = arrivals.dataset.cursor;
    const count = section.querySelector(".discussion-head .count");
    if (count) count.textContent = arrivals.dataset.total;
    return fresh;
  };

  const announce = (arrivals) => {
    if (arrivals.dataset.count === "0") return;
    waiting = arrivals;
    link.textContent = arrivals.dataset.label;
    if (notice.hidden) document.dispatchEvent(new CustomEvent("announce", { detail: { text: arrivals.dataset.label } }));
    notice.hidden = false;
  };

  section.addEventListener("rung", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const arrivals = await ask();
      if (!arrivals) return;
      replaceChanged(arrivals);
      announce(arrivals);
    }, Math.random() * LONGEST_DELAY);
  });
  section.addEventListener("discussion:posted", async () => {
    const arrivals = await ask();
    if (!arrivals) return;
    replaceChanged(arrivals);
    if (section.dataset.front && !arrivals.dataset.tooMuch) show(arrivals).at(0)?.scrollIntoView({ block: "nearest" });
    else announce(arrivals);
  });
  link.addEventListener("click", (event) => {
    if (!section.dataset.front || !waiting || waiting.dataset.tooMuch) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    show(waiting);
  }, { capture: true });
}

function closeForm(form) {
  const article = form.closest(".comment");
  form.remove();
  article?.querySelector("footer a")?.focus();
}
