/* For Wagtail's editor, which has not our own script: attaches our controls to what is there and to what comes. */
import attachments from "./behaviors/attachments.js";
import audience from "./behaviors/audience-picker.js";
import sendAfterSaving from "./editor-saving.js";

const behaviors = { attachments, "audience-picker": audience };
const attached = new WeakSet();

function attachAll(root) {
  for (const [name, attach] of Object.entries(behaviors)) {
    for (const element of root.querySelectorAll?.(`[data-behavior~="${name}"]`) ?? []) {
      if (attached.has(element)) continue;
      attached.add(element);
      attach(element);
    }
  }
}

/* A new page has its key in its address, so that whoever comes back to the form is led to what it made. */
function keepKey(root) {
  const field = root.querySelector("form[data-edit-form] input[name=key]");
  if (!field) return;
  const address = new URL(location.href);
  if (address.searchParams.has("key")) field.value = address.searchParams.get("key");
  address.searchParams.set("key", field.value);
  history.replaceState(history.state, "", address);
}

keepKey(document);
sendAfterSaving(document);
attachAll(document);
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) attachAll(node.parentNode ?? node);
}).observe(document.documentElement, { childList: true, subtree: true });
