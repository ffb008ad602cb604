/* For pages that have not our own script, as Wagtail's: attaches the editor to what is there and to what comes. */
import attach from "../behaviors/rich-text.js";

const attachAll = (root) => root.querySelectorAll?.('[data-behavior~="rich-text"]').forEach(attach);

attachAll(document);
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) attachAll(node.parentNode ?? node);
}).observe(document.documentElement, { childList: true, subtree: true });
