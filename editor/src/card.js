// The card on hover: title, the ORM's own words, check ids, and the fix as a button.

const SVG = "http://www.w3.org/2000/svg";
const SIGNS = { error: "circle-x", warning: "triangle-alert", info: "info" };

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

function icon(name, className) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${className}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/// A sentence in which words in backticks are code.
export function sentence(text) {
  return element("span", "", ...text.split("`").map((part, index) => (index % 2 ? element("span", "name", part) : part)));
}

/// One card for all problems at this place, once each.
export function card(found, view, onFix) {
  const items = [...new Map(found.map((item) => [item.problem, item])).values()];
  const dom = element("div", "float hovercard");
  dom.setAttribute("role", "tooltip");
  for (const item of items) {
    const head = element("div", "hovercard-title", icon(SIGNS[item.severity], `sev sev-${item.severity}`), sentence(item.title));
    dom.append(element("div", "hovercard-body", head, element("p", "muted indent", item.message)));
    const foot = element("div", "hovercard-foot");
    for (const id of item.ids) foot.append(element("span", `chip chip-${item.severity}`, id));
    foot.append(element("span", "grow"));
    if (item.fixes.length) {
      const button = element("button", "btn btn-small", icon("wrench", "icon-12"), sentence(item.fixes[0]));
      button.type = "button";
      button.addEventListener("click", () => {
        onFix(item.message_index, 0);
        view.focus();
      });
      foot.append(button);
    }
    dom.append(foot);
  }
  return dom;
}
