/* Uploads what is chosen, dropped or pasted: two at once, each with its progress; large files in parts that go on where they stopped, and
   begin anew by themselves where the server has lost what it had, or does not have what was sent. */
import { combobox } from "../combobox.js";
import { FileDigest } from "../sha256.js";

const WHOLE = 20_000_000;
const PART = 5 * 1024 * 1024;
const AT_ONCE = 2;
const MOST_BEGUN = 3;
const PAUSES = [1000, 3000, 10_000];

class Refusal extends Error {
  constructor(message, { signIn, isForNow = false } = {}) {
    super(message);
    this.signIn = signIn;
    this.isForNow = isForNow || Boolean(signIn);
  }
}

class Lost extends Refusal {}

class Cancelled extends Error {}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const token = () => decodeURIComponent(document.cookie.match(/(?:^|; )gongfang_csrf=([^;]*)/)?.[1] ?? "");

function send(method, url, { body = null, headers = {}, onProgress = () => {}, upload = {} }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    upload.request = request;
    request.open(method, url);
    for (const [name, value] of Object.entries({ "X-CSRFToken": token(), Accept: "application/json", ...headers })) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new TypeError("network")));
    request.addEventListener("abort", () => reject(new Cancelled()));
    request.send(body);
  });
}

function read(request, refused) {
  let answer = {};
  try {
    answer = JSON.parse(request.responseText || "{}");
  } catch {
    /* a page, not an answer */
  }
  if (request.status >= 200 && request.status < 300) return answer;
  if (request.status === 502 || request.status === 503 || request.status === 504) throw new TypeError("away");
  if (answer.anew) throw new Lost(answer.error);
  throw new Refusal(answer.error ?? refused, { signIn: answer.sign_in, isForNow: request.status === 507 });
}

export default function attach(element) {
  const part = (name, root = element) => root.querySelector(`[data-part="${name}"]`);
  const [list, drop] = [part("list"), part("drop")];
  const input = drop.querySelector('input[type="file"]');
  const form = element.closest("form");
  const waiting = [];
  let running = 0;
  let unfinished = 0;

  const changed = () => element.dispatchEvent(new Event("input", { bubbles: true }));
  const announce = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));

  function prepare(row) {
    const remove = part("remove", row);
    row.querySelector("input").name = element.dataset.name;
    row.querySelector("input").hidden = true;
    remove.hidden = false;
    remove.addEventListener("click", () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      changed();
      (next?.querySelector("button") ?? input).focus();
    });
  }

  function rowOf(answer) {
    const holder = document.createElement("template");
    holder.innerHTML = answer.row.trim();
    const row = holder.content.firstElementChild;
    prepare(row);
    return row;
  }

  /* A file of the portal is copied, and then stands in the list as one that was uploaded. */
  async function copy(option, url) {
    const state = part("portal-state");
    state.textContent = "";
    try {
      list.append(rowOf(read(await send("POST", url, {}), element.dataset.refused)));
      announce(`${element.dataset.done}: ${option.dataset.label}`);
      changed();
    } catch (error) {
      state.textContent = error instanceof Refusal ? error.message : element.dataset.broken;
    }
  }

  function say(upload, text, { isError = false, signIn = "" } = {}) {
    const state = part("state", upload.row);
    state.textContent = text;
    state.classList.toggle("quiet", !isError);
    upload.row.classList.toggle("wrong", isError);
    part("again", upload.row).hidden = !isError || upload.isHopeless;
    part("sign-in", upload.row).hidden = !signIn;
    if (signIn) part("sign-in", upload.row).href = signIn;
  }

  function show(upload, sent) {
    const share = upload.file.size ? Math.min(sent / upload.file.size, 1) : 0;
    upload.row.querySelector("progress").value = share;
    say(upload, `${Math.floor(share * 100)}%`);
  }

  async function sendWhole(upload) {
    const body = new FormData();
    body.append("file", upload.file, upload.file.name);
    const request = await send("POST", element.dataset.uploadUrl, { body, upload, onProgress: (sent) => show(upload, sent) });
    return read(request, element.dataset.refused);
  }

  async function sendInParts(upload) {
    const refused = element.dataset.refused;
    if (!upload.url) {
      const body = new URLSearchParams({ name: upload.file.name });
      const request = await send("POST", element.dataset.uploadUrl, { body, upload, headers: { "Upload-Length": upload.file.size } });
      upload.url = read(request, refused).url;
      upload.digest = new FileDigest(upload.file);
    }
    const standing = read(await send("GET", upload.url, { upload }), refused);
    if (standing.id) return standing;
    for (let { offset } = standing; ;) {
      const start = offset;
      const end = Math.min(start + PART, upload.file.size);
      const headers = { "Upload-Offset": start, "Content-Type": "application/offset+octet-stream" };
      if (end === upload.file.size) headers["Repr-Digest"] = await upload.digest.header();
      const sending = send("PATCH", upload.url, { body: upload.file.slice(start, end), upload, headers, onProgress: (sent) => show(upload, start + sent) });
      const [request] = await Promise.all([sending, upload.digest.upTo(end)]);
      const answer = read(request, refused);
      if (answer.id) return answer;
      offset = Number(request.getResponseHeader("Upload-Offset"));
      upload.breaks = 0;
    }
  }

  async function carry(upload) {
    upload.breaks = 0;
    let begun = 1;
    for (;;) {
      if (upload.isCancelled) throw new Cancelled();
      try {
        return await (upload.file.size > WHOLE ? sendInParts(upload) : sendWhole(upload));
      } catch (error) {
        if (error instanceof Lost && begun < MOST_BEGUN) {
          begun += 1;
          upload.url = null;
          say(upload, element.dataset.anew);
          continue;
        }
        if (error instanceof Refusal || error instanceof Cancelled || upload.breaks >= PAUSES.length) throw error;
        say(upload, element.dataset.broken);
        await pause(PAUSES[upload.breaks]);
        upload.breaks += 1;
        if (upload.isCancelled) throw new Cancelled();
      }
    }
  }

  async function run(upload) {
    running += 1;
    try {
      const answer = await carry(upload);
      upload.row.replaceWith(rowOf(answer));
      settle();
      announce(`${element.dataset.done}: ${upload.file.name}`);
      changed();
    } catch (error) {
      if (!(error instanceof Cancelled)) {
        const text = error instanceof Refusal ? error.message : element.dataset.broken;
        upload.isHopeless = error instanceof Refusal && !error.isForNow;
        if (upload.isHopeless) settle();
        say(upload, text, { isError: true, signIn: error.signIn });
      }
    } finally {
      running -= 1;
      next();
    }
  }

  function next() {
    while (running < AT_ONCE && waiting.length) run(waiting.shift());
  }

  function settle() {
    unfinished -= 1;
    input.setCustomValidity(unfinished > 0 ? element.dataset.wait : "");
  }

  function add(file) {
    const row = part("going").content.firstElementChild.cloneNode(true);
    const upload = { file, row };
    part("file", row).textContent = file.name;
    unfinished += 1;
    input.setCustomValidity(element.dataset.wait);
    part("again", row).addEventListener("click", () => {
      say(upload, "");
      waiting.push(upload);
      next();
    });
    part("cancel", row).addEventListener("click", () => {
      upload.isCancelled = true;
      const place = waiting.indexOf(upload);
      if (place >= 0) waiting.splice(place, 1);
      upload.request?.abort();
      if (upload.url) send("DELETE", upload.url, {}).catch(() => {});
      if (!upload.isHopeless) settle();
      row.remove();
      input.focus();
    });
    list.append(row);
    if (file.size > Number(element.dataset.greatest)) {
      upload.isHopeless = true;
      settle();
      say(upload, element.dataset.tooLarge, { isError: true });
      return;
    }
    waiting.push(upload);
    next();
  }

  for (const row of list.querySelectorAll('[data-part="chosen"]')) prepare(row);
  input.removeAttribute("name");
  input.addEventListener("change", () => {
    [...input.files].forEach(add);
    input.value = "";
  });
  const portal = part("portal");
  if (portal) {
    portal.hidden = false;
    const onChoose = (option) => copy(option, portal.dataset.copies.replace(/[0-9a-f-]{36}/, option.dataset.token));
    combobox(portal.querySelector("input"), { url: portal.dataset.choices, onChoose });
  }
  for (const name of ["dragover", "dragenter"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    [...event.dataTransfer.files].forEach(add);
  });
  element.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    [...event.clipboardData.files].forEach(add);
  });
  form?.addEventListener("submit", (event) => {
    if (unfinished <= 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    announce(element.dataset.wait);
    list.querySelector(".going")?.scrollIntoView({ block: "center" });
  }, true);
}
