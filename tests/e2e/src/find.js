// role, name, test id of what it is inside of (or null) -> the first visible element, or null.
const [role, name, inside] = arguments;
const SELECTORS = {
  button: 'button:not([role]), [role=button], summary',
  link: 'a[href]:not([role]), [role=link]',
  textbox: 'textarea, input:not([type]), input[type=text], input[type=search], [role=textbox], [role=searchbox]',
  combobox: 'select, [role=combobox]',
  checkbox: 'input[type=checkbox], [role=checkbox]',
  radio: 'input[type=radio], [role=radio]',
  dialog: 'dialog, [role=dialog]',
};
const selector = SELECTORS[role] ?? `[role="${role}"]`;

function text(element) {
  if (element.nodeType === Node.TEXT_NODE) return element.data;
  if (element.nodeType !== Node.ELEMENT_NODE || element.ariaHidden === 'true' || element.tagName === 'KBD') return '';
  if (!element.checkVisibility() && !element.classList.contains('visually-hidden')) return '';
  return [...element.childNodes].map(text).join('');
}

function nameOf(element) {
  const by = element.getAttribute('aria-labelledby');
  const labelled = by && by.split(/\s+/).map(id => element.getRootNode().getElementById(id)?.textContent ?? '').join(' ');
  const labels = element.labels?.length ? [...element.labels].map(text).join(' ') : null;
  const own = labelled || element.getAttribute('aria-label') || labels || text(element) || element.title || element.placeholder || '';
  return own.replace(/\s+/g, ' ').trim();
}

function fits(element) {
  const found = nameOf(element);
  return name.endsWith('…') ? found.startsWith(name.slice(0, -1)) : found === name;
}

function search(root) {
  for (const element of root.querySelectorAll(selector)) {
    if (element.checkVisibility({ visibilityProperty: true }) && fits(element)) return element;
  }
  for (const element of root.querySelectorAll('*')) {
    const found = element.shadowRoot && search(element.shadowRoot);
    if (found) return found;
  }
  return null;
}

const start = inside ? document.querySelector(`[data-testid="${inside}"]`) : document;
return start ? search(start) : null;
