// Elements are made one by one, and text is only ever text.

const SVG = 'http://www.w3.org/2000/svg';

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
  return element;
}

function el(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function byId(id) {
  return document.getElementById(id);
}

// Puts new content in the place of the old; whoever had the focus keeps it, and what was unfolded stays so.
function show(section, ...children) {
  const focused = section.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const open = new Set([...section.querySelectorAll('details[open]')].map(d => d.dataset.key));
  section.replaceChildren(...children.flat(Infinity).filter(Boolean));
  section.hidden = !section.hasChildNodes();
  for (const details of section.querySelectorAll('details')) {
    if (open.has(details.dataset.key)) details.open = true;
  }
  if (focused) section.querySelector('[data-key="' + CSS.escape(focused) + '"]')?.focus({ preventScroll: true });
}
