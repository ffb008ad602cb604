/* Sends files and whole folders one after the other, each with its path, and says how far it is. Without scripts the form sends what is chosen. */
const token = () => decodeURIComponent(document.cookie.match(/(?:^|; )gongfang_csrf=([^;]*)/)?.[1] ?? "");

function children(folder) {
  const reader = folder.createReader();
  const all = [];
  return new Promise((resolve, reject) => {
    const more = () =>
      reader.readEntries((entries) => {
        all.push(...entries);
        if (entries.length) more();
        else resolve(all);
      }, reject);
    more();
  });
}

async function filesIn(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const found = await Promise.all((await children(entry)).map(filesIn));
  return found.flat();
}

export default function attach(form) {
  const part = (name) => form.querySelector(`[data-part="${name}"]`);
  const [drop, bar, state, refusals] = ["drop", "bar", "state", "refusals"].map(part);
  for (const name of ["folder", "hint"]) part(name).hidden = false;
  const waiting = [];
  let sent = 0;
  let isSending = false;

  function refuse(path, sentence) {
    const row = document.createElement("li");
    row.textContent = `${path}: ${sentence}`;
    refusals.append(row);
  }

  async function send({ file, path }) {
    const body = new FormData();
    body.append("files", file, file.name);
    body.append("path", path);
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": token(), Accept: "application/json" } });
    const said = await answer.json().catch(() => ({ refused: [form.dataset.refused] }));
    for (const sentence of said.refused ?? [said.error ?? form.dataset.refused]) refuse(path, sentence);
  }

  async function work() {
    if (isSending) return;
    isSending = true;
    bar.hidden = false;
    while (waiting.length) {
      const next = waiting.shift();
      try {
        await send(next);
      } catch {
        state.textContent = form.dataset.away;
        isSending = false;
        return;
      }
      sent += 1;
      bar.value = sent / (sent + waiting.length);
      state.textContent = `${form.dataset.sent} ${sent} / ${sent + waiting.length}`;
    }
    isSending = false;
    if (!refusals.children.length) window.location.reload();
  }

  function take(files) {
    waiting.push(...files);
    if (waiting.length) work();
  }

  function takeFrom(input) {
    take([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    input.value = "";
  }

  for (const input of form.querySelectorAll('input[type="file"]')) {
    input.addEventListener("change", () => takeFrom(input));
    takeFrom(input); // what was chosen before this listened
  }
  part("plain").remove();
  for (const name of ["dragover", "dragenter"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    take((await Promise.all(entries.map(filesIn))).flat());
  });
}
