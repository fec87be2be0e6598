// The few parts that every page is made of.

/** An element with properties and children. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

export const link = (text, href, more = {}) => element("a", { href, ...more }, text);
export const button = (text, onclick, kind = "") => element("button", { type: "button", className: `button ${kind}`, onclick }, text);

/** A text field with its label. */
export function field(label, name, more = {}) {
  return element("label", {}, label, element("input", { name, type: "text", ...more }));
}

/** Fills the page, and moves what reads it aloud to the heading. */
export function show(...parts) {
  document.getElementById("app").replaceChildren(...parts.filter(Boolean));
  scrollTo(0, 0);
}

/** Foreign text with some HTML in it: only what a login page may need is kept. */
export function sanitized(html) {
  const kept = new Set(["A", "B", "BR", "BUTTON", "DIV", "EM", "FORM", "H1", "H2", "H3", "HR", "I", "LI", "OL", "P", "SPAN", "STRONG", "UL"]);
  const allowed = new Set(["href", "action", "method", "class", "type", "name", "value"]);
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const node of [...page.body.querySelectorAll("*")]) {
    if (!kept.has(node.tagName)) {
      node.remove();
      continue;
    }
    for (const { name, value } of [...node.attributes]) {
      if (!allowed.has(name) || /^\s*(javascript|data|vbscript):/i.test(value)) node.removeAttribute(name);
    }
    if (node.tagName === "A") Object.assign(node, { target: "_blank", rel: "noopener noreferrer" });
  }
  return [...page.body.childNodes];
}
