/* A light clean of HTML that comes from elsewhere, so that the editor shows about what the server will store. The server is the judge. */
const BULLETS = /^[·•●○■□▪▫◆◇➢➤✓√*–—§Øüovnql\uf0a0-\uf0ff-]$/;
const NUMBERS = /^[(（]?(\d{1,4}|[a-zA-Z]|[ivxIVX]{1,5})[.)、．]?$/;
const RENAMED = { H1: "h2", H5: "h4", H6: "h4" };
const MARKS = [
  [/font-weight:\s*(bold|[6-9]00)/i, "strong"],
  [/font-style:\s*italic/i, "em"],
  [/text-decoration[^;]*underline/i, "u"],
  [/text-decoration[^;]*line-through/i, "s"],
  [/vertical-align:\s*super/i, "sup"],
  [/vertical-align:\s*sub(?!-|[a-z])/i, "sub"],
];

/* What the server stored, as the editor takes it: the side of a cell belongs to its paragraph. */
export function prepare(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  alignCells(page);
  return page.body.innerHTML;
}

/* The HTML of a clipboard; `takePicture(blob)` gives the key of a picture on its way, or null. Where one does not come along, which only the
   writer sees, stands `missing`; `tellMissing` is called then. */
export function tidy(html, { takePicture, missing, tellMissing }) {
  const page = new DOMParser().parseFromString(readable(html), "text/html");
  page.querySelectorAll("style, script, meta, link, title, xml, template, object, iframe, svg, math").forEach((element) => element.remove());
  removeComments(page);
  removeRemarks(page);
  makeLists(page);
  for (const element of [...page.body.querySelectorAll("h1, h5, h6, p.MsoTitle")]) rename(element, RENAMED[element.tagName] ?? "h2");
  for (const element of [...page.body.querySelectorAll("[data-css]")]) takeStyle(page, element);
  alignCells(page);
  for (const image of [...page.body.querySelectorAll("img")]) takeImage(page, image, takePicture, missing);
  if (page.querySelector('[data-arriving=""]')) tellMissing();
  for (const element of page.body.querySelectorAll("*")) {
    for (const name of element.getAttributeNames()) {
      if (!["href", "src", "alt", "colspan", "rowspan", "start", "data-arriving", "data-name", "data-pm-slice", "class"].includes(name)) element.removeAttribute(name);
    }
    if (!["center", "right"].includes(element.className)) element.removeAttribute("class");
  }
  for (const paragraph of [...page.body.querySelectorAll("p")]) if (!paragraph.textContent.trim() && !paragraph.querySelector("img, br")) paragraph.remove();
  return page.body.innerHTML;
}

/* The page's own policy would complain of styles and handlers even where they are only read: styles are read under another name. */
const readable = (html) => html
  .replace(/<(style|script|title|xml|noscript)\b[\s\S]*?<\/\1\s*>/gi, "")
  .replace(/<\/?(base|meta|link|style|script|iframe|object|embed)\b[^>]*>?/gi, "")
  .replace(/<[a-z][^<]*/gi, (tag) => tag.replace(/([\s"'/])style(\s*=)/gi, "$1data-css$2").replace(/([\s"'/])on[a-z]+(\s*=)/gi, "$1data-no$2").replace(/\ssrcdoc(\s*=)/gi, " data-no$1"));

function removeComments(page) {
  const walker = page.createTreeWalker(page, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  comments.forEach((comment) => comment.remove());
}

/* What reviewers remarked in Word, the signs that lead there, and the row without height under a table of unequal parts. */
function removeRemarks(page) {
  page.querySelectorAll(".MsoCommentReference, .msocomanchor, .msocomtxt, .msocomoff, tr[height='0']").forEach((element) => element.remove());
  for (const element of page.querySelectorAll("div[data-css]")) if (/mso-element:\s*comment/i.test(element.dataset.css)) element.remove();
}

function rename(element, name) {
  const made = element.ownerDocument.createElement(name);
  for (const attribute of element.attributes) made.setAttribute(attribute.name, attribute.value);
  made.append(...element.childNodes);
  element.replaceWith(made);
  return made;
}

function takeStyle(page, element) {
  const css = element.dataset.css;
  const side = /text-align:\s*(center|right|end)/i.exec(css)?.[1]?.toLowerCase();
  if (side) element.className = side === "center" ? "center" : "right";
  if (/^(SPAN|FONT|B|STRONG|EM|I|U|A)$/.test(element.tagName)) {
    if (/^(B|STRONG)$/.test(element.tagName) && /font-weight:\s*(normal|400)/i.test(css)) element = rename(element, "span");
    for (const [pattern, name] of MARKS) {
      if (!pattern.test(css)) continue;
      const mark = page.createElement(name);
      mark.append(...element.childNodes);
      element.append(mark);
    }
  }
}

function alignCells(page) {
  for (const element of page.body.querySelectorAll("[align=center], [align=right]")) {
    if (element.tagName !== "TABLE" && element.tagName !== "DIV") element.className = element.getAttribute("align");
  }
  for (const cell of page.body.querySelectorAll("td.center, td.right, th.center, th.right")) {
    const paragraphs = cell.querySelectorAll("p");
    if (paragraphs.length) paragraphs.forEach((paragraph) => { paragraph.className ||= cell.className; });
    else {
      const paragraph = page.createElement("p");
      paragraph.className = cell.className;
      paragraph.append(...cell.childNodes);
      cell.append(paragraph);
    }
  }
}

/* Word's items are paragraphs that carry their number as text. Numbers as Chinese papers write them stay text, because they are cited. */
function makeLists(page) {
  let lists = [];
  for (const paragraph of [...page.body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const level = Number(/mso-list:\s*l\d+\s+level(\d)/i.exec(paragraph.dataset.css ?? "")?.[1] ?? 0);
    const marker = [...paragraph.querySelectorAll("[data-css]")].find((span) => /mso-list:\s*ignore/i.test(span.dataset.css));
    const sign = marker?.textContent.replace(/\s/g, "") ?? "";
    const kind = !level ? "" : BULLETS.test(sign) || !sign ? "ul" : NUMBERS.test(sign) ? "ol" : "";
    if (!kind) {
      if (marker) marker.replaceWith(sign);
      lists = [];
      continue;
    }
    const previous = paragraph.previousElementSibling;
    if (!lists.length || (lists[0] !== previous && !lists[0].contains(previous))) lists = [];
    lists.length = Math.min(lists.length, level);
    if (lists.length === level && lists.at(-1).localName !== kind) lists.pop();
    marker?.remove();
    const item = page.createElement("li");
    const text = page.createElement("p");
    text.append(...paragraph.childNodes);
    item.append(text);
    if (lists.length < level) {
      const list = page.createElement(kind);
      const first = Number(NUMBERS.exec(sign)?.[1]);
      if (kind === "ol" && first > 1) list.setAttribute("start", String(first));
      if (lists.length) {
        lists.at(-1).lastElementChild.append(list);
        paragraph.remove();
      } else paragraph.replaceWith(list);
      lists.push(list);
    } else paragraph.remove();
    lists.at(-1).append(item);
  }
}

function takeImage(page, image, takePicture, missing) {
  const source = ownAddress(image.getAttribute("src") ?? "");
  if (source.startsWith("/files/")) return image.setAttribute("src", source);
  if (image.getAttribute("width") === "1" || image.getAttribute("height") === "1") return image.remove();
  const blob = source.startsWith("data:image/") ? decode(source) : null;
  if (!source) return image.remove();
  const key = blob && takePicture(blob);
  const figure = page.createElement("figure");
  figure.dataset.arriving = key ?? "";
  if (!key) figure.dataset.name = missing;
  const block = image.closest("p, h2, h3, h4");
  if (block && block.textContent.trim() === "" && block.querySelectorAll("img").length === 1) block.replaceWith(figure);
  else if (block) {
    block.after(figure);
    image.remove();
  } else image.replaceWith(figure);
}

/* A picture that was copied from a page of the portal has its whole address. */
function ownAddress(source) {
  const address = URL.canParse(source) ? new URL(source) : null;
  return address?.origin === location.origin && /^\/files\/[0-9a-f-]{36}\/picture\/$/.test(address.pathname) ? address.pathname : source;
}

function decode(address) {
  const [head, body] = address.split(",", 2);
  if (!head.endsWith(";base64")) return null;
  try {
    return new Blob([Uint8Array.from(atob(body.trim()), (sign) => sign.charCodeAt(0))], { type: head.slice(5, -7) });
  } catch {
    return null;
  }
}
