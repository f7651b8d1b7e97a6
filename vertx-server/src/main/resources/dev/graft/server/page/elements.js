// Small things that all sections are made of.

export const byId = (id) => document.getElementById(id);

/** An element with properties and children; text is set as text, never as markup. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.map((child) => (child instanceof Node ? child : String(child))));
  return made;
}

/** A cell of a table. */
export const cell = (text, title = "") => element("td", { title }, text ?? "");

/** Fills a table, or says that it is empty. */
export function rows(id, items, empty, cells) {
  const body = byId(id);
  body.replaceChildren(
    ...items.map((item) => element("tr", {}, ...cells(item))),
    ...(items.length ? [] : [element("tr", {}, element("td", { colSpan: 7, className: "soft" }, empty))]));
}

/** The same work, with its failures shown on the page. */
export function guarded(work) {
  return async (...args) => {
    const problem = byId("problem");
    try {
      await work(...args);
      problem.hidden = true;
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  };
}
