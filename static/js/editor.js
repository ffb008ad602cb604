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

sendAfterSaving(document);
attachAll(document);
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) attachAll(node.parentNode ?? node);
}).observe(document.documentElement, { childList: true, subtree: true });
