/* Sends pictures to the server and puts them into the text where they were dropped or pasted. */
export class Pictures {
  constructor(element, labels, say) {
    Object.assign(this, { element, labels, say, count: 0, waiting: new Map() });
  }

  get isOpen() {
    return Boolean(this.element.dataset.upload);
  }

  /* A key for a picture that `send` will be asked for once it stands in the text. */
  take(blob) {
    if (!this.isOpen) return null;
    const key = `${Date.now().toString(36)}-${++this.count}`;
    this.waiting.set(key, blob);
    return key;
  }

  insert(editor, files, position) {
    const content = files.map((file) => ({ type: "arriving", attrs: { key: this.take(file), name: file.name } }));
    editor.view.focus();
    editor.commands.insertContentAt(position ?? editor.state.selection.to, content);
    this.sendWaiting(editor);
  }

  sendWaiting(editor) {
    for (const [key, blob] of this.waiting) {
      this.waiting.delete(key);
      this.send(editor, key, blob);
    }
  }

  async send(editor, key, blob) {
    this.say(this.labels.uploading);
    const body = new FormData();
    body.append("file", blob, blob.name || `picture.${(blob.type.split("/")[1] || "png").replace("jpeg", "jpg")}`);
    try {
      const response = await fetch(this.element.dataset.upload, { method: "POST", body, headers: { "X-CSRFToken": token(this.element), Accept: "application/json" } });
      const answer = await response.json().catch(() => ({}));
      const address = answer.picture ?? answer.url;
      if (!response.ok || !/^\/files\/[0-9a-f-]{36}\/picture\/$/.test(address ?? "")) throw new Error(answer.error || this.labels.failed);
      this.replace(editor, key, { type: "figure", attrs: { src: address, alt: "" } });
      this.say("");
    } catch (error) {
      this.replace(editor, key, null);
      this.say(error instanceof TypeError ? this.labels.failed : error.message, true);
    }
  }

  replace(editor, key, content) {
    if (editor.isDestroyed) return;
    let place = null;
    editor.state.doc.descendants((node, position) => {
      if (node.type.name === "arriving" && node.attrs.key === key) place = { from: position, to: position + node.nodeSize };
      return place === null;
    });
    if (!place) return;
    const node = content ? editor.schema.nodes.figure.create(content.attrs) : [];
    editor.view.dispatch(editor.state.tr.replaceWith(place.from, place.to, node));
  }
}

function token(element) {
  return element.closest("form")?.elements.csrfmiddlewaretoken?.value ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}
