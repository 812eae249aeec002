// Builds elements. Text only ever becomes text: there is no way from here to markup.

/** `el('button.primary', { type: 'button', onclick }, 'Claim')`; null children are left out. */
export function el(kind, props = {}, ...children) {
  const [tag, ...classes] = kind.split('.');
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(' ');
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'data') Object.assign(node.dataset, value);
    else if (name in node && name !== 'list' && name !== 'form') node[name] = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const ICONS = {
  clock: ['M12 7v5l3 2', 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17z'],
  pause: ['M9 7v10', 'M15 7v10'],
  check: ['M5 12.500l4.500 4.500L19 7.500'],
  person: ['M12 12a3.700 3.700 0 1 0 0-7.400 3.700 3.700 0 0 0 0 7.400z', 'M5 20c.6-3.800 3.400-5.800 7-5.800s6.400 2 7 5.800'],
  lock: ['M7 11V8a5 5 0 0 1 10 0v3', 'M5.500 11h13v9h-13z'],
  flag: ['M6 21V4h11l-2 4 2 4H6'],
  out: ['M14 5h5v5', 'M19 5l-8 8', 'M17 14v5H5V7h5'],
  bell: ['M6 17h12l-1.500-2.500V10a4.500 4.500 0 0 0-9 0v4.500L6 17z', 'M10 20h4'],
  hash: ['M5 9h14', 'M4 15h14', 'M10 4L8 20', 'M16 4l-2 16'],
};

export function icon(name) {
  const paths = (ICONS[name] ?? []).map((d) => svg('path', { d }));
  return svg('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' }, ...paths);
}

export const find = (selector, within = document) => within.querySelector(selector);
/**
 * Remembers which control of a place has the focus before the place is drawn again; the answer gives it back, to the
 * place itself where the control is gone. None where the focus is elsewhere or on the place.
 */
export function focusWithin(place) {
  const active = document.activeElement;
  if (!active || active === place || !place.contains(active)) return null;
  const name = ['command', 'focus', 'open', 'tab'].find((name) => active.dataset[name]);
  const same = name && `[data-${name}="${CSS.escape(active.dataset[name])}"]`;
  return () => ((same && find(same, place)) || place).focus({ preventScroll: true });
}

export const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

/** The colour that belongs to a name: the same everywhere, and nothing more than a help to the eye. */
export function hue(name) {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)) % 3600;
  return hash % 360;
}

export function initials(name) {
  const words = name
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .trim()
    .split(/ +/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return (
    letters
      .map((word) => [...word][0] ?? '')
      .join('')
      .toUpperCase() || '·'
  );
}

export function avatar(name, kind = '') {
  const node = el('span.avatar', { 'aria-hidden': 'true' }, initials(name));
  if (kind) node.classList.add(kind);
  node.style.setProperty('--hue', hue(name));
  return node;
}

/** Networks are written in small letters inside; people read a name. */
const SPELLED = { linkedin: 'LinkedIn', youtube: 'YouTube' };
export const networkName = (network) => SPELLED[network] ?? network.charAt(0).toUpperCase() + network.slice(1);

export const leadName = (lead) => `L-${lead}`;
