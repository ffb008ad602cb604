/* A discussion that is rung asks what is new. What others removed or changed follows at once; what is new waits behind a count to press,
   so that nothing moves under the reader's eyes. What the reader wrote stands there at once. */
const LONGEST_DELAY = 1500;
const LONGEST_ANSWER = 15000;

export default function attach(section) {
  if (section.dataset.behaviorBound) return;
  section.dataset.behaviorBound = "1";
  const list = section.querySelector("[data-part=comments]");
  const notice = section.querySelector("[data-part=arrived]");
  let waiting = null;
  let timer = 0;
  let isAsking = false;
  let isDue = false;
  let mustShow = false;

  section.addEventListener("click", (event) => {
    const button = event.target.closest("[data-closes-form]");
    if (button) closeForm(button.closest("form"));
  });
  if (!list || !notice) return;
  const link = notice.querySelector("a");

  const ask = async () => {
    const url = `${section.dataset.arrivals}?since=${section.dataset.cursor}`;
    try {
      const response = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "manual", signal: AbortSignal.timeout(LONGEST_ANSWER) });
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

  const placeOf = (id) => list.querySelector(`.place[data-comment="${id}"] [data-part=replies]`);

  /* Puts what waits into its places, and returns what is new there. */
  const show = () => {
    const arrivals = waiting;
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
      const replies = placeOf(reply.dataset.parent);
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

  const announce = () => {
    if (waiting) link.textContent = waiting.dataset.label;
    if (waiting && notice.hidden) document.dispatchEvent(new CustomEvent("announce", { detail: { text: waiting.dataset.label } }));
    notice.hidden = !waiting;
  };

  const canShow = () => section.dataset.front && waiting && !waiting.dataset.tooMuch;

  /* A reply to what stands on another page, where nothing that waits has a place on this one. */
  const replyElsewhere = () => {
    const replies = [...waiting.querySelectorAll("[data-part=replies] > li")];
    const hasPlace = waiting.querySelector("[data-part=places] > .place") || replies.some(({ dataset }) => placeOf(dataset.parent));
    return hasPlace ? null : replies[0]?.querySelector(".comment").id.replace("comment-", "");
  };

  /* One question at a time, so that no older answer comes after a newer one. `shows` says that what is new shall not wait to be pressed. */
  const refresh = async (shows) => {
    mustShow ||= shows;
    isDue = true;
    if (isAsking) return [];
    isAsking = true;
    const fresh = [];
    while (isDue) {
      isDue = false;
      const since = section.dataset.cursor;
      const arrivals = await ask();
      if (arrivals && since !== section.dataset.cursor) {
        isDue = true; /* Some of it was shown meanwhile. */
        continue;
      }
      if (arrivals) {
        replaceChanged(arrivals);
        waiting = arrivals.dataset.count === "0" ? null : arrivals;
      }
      if (mustShow && !isDue && canShow()) fresh.push(...show());
      else announce();
      if (arrivals && !isDue) mustShow = false;
    }
    isAsking = false;
    return fresh;
  };

  section.addEventListener("rung", () => {
    timer ||= setTimeout(() => {
      timer = 0;
      refresh(false);
    }, Math.random() * LONGEST_DELAY);
  });
  section.addEventListener("discussion:posted", async () => (await refresh(true)).at(0)?.scrollIntoView({ block: "nearest" }));
  link.addEventListener("click", (event) => {
    if (!canShow()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const elsewhere = replyElsewhere();
    if (elsewhere) {
      htmx.ajax("GET", `${link.getAttribute("hx-get").split("?")[0]}?comment=${elsewhere}`, { target: section, swap: "outerHTML" });
      return;
    }
    show();
    refresh(true);
  }, { capture: true });
}

function closeForm(form) {
  const article = form.closest(".comment");
  form.remove();
  article?.querySelector("footer a")?.focus();
}
