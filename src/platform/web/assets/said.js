// Shows what strangers wrote: as text, isolated in its own direction, with everything invisible made visible.

import { el, icon } from './dom.js';

const NAMES = {
  0x00ad: 'SHY',
  0x034f: 'joiner',
  0x061c: 'ALM',
  0x115f: 'filler',
  0x1160: 'filler',
  0x180e: 'MVS',
  0x200b: 'ZWSP',
  0x200c: 'ZWNJ',
  0x200d: 'ZWJ',
  0x200e: 'LRM',
  0x200f: 'RLM',
  0x202a: 'LRE',
  0x202b: 'RLE',
  0x202c: 'PDF',
  0x202d: 'LRO',
  0x202e: 'RLO',
  0x2028: 'line',
  0x2029: 'paragraph',
  0x2060: 'WJ',
  0x2066: 'LRI',
  0x2067: 'RLI',
  0x2068: 'FSI',
  0x2069: 'PDI',
  0x2800: 'blank',
  0x3164: 'filler',
  0xfeff: 'BOM',
  0xffa0: 'filler',
};

// Control and format characters, fillers that draw nothing, variation selectors and tags.
const INVISIBLE =
  /[\p{Cf}\p{Cc}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\u{e0000}-\u{e0fff}]/u;
const JOINING =
  /[\p{sc=Arabic}\p{sc=Syriac}\p{sc=Nko}\p{sc=Mongolian}\p{sc=Devanagari}\p{sc=Bengali}\p{sc=Gujarati}\p{sc=Gurmukhi}\p{sc=Kannada}\p{sc=Malayalam}\p{sc=Oriya}\p{sc=Sinhala}\p{sc=Tamil}\p{sc=Telugu}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const PICTURE = /\p{Extended_Pictographic}/u;
const PICTURE_END = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\u20e3]/u;

/** Does the invisible character do its honest work here, in an emoji or a joining script? */
function isHonest(character, before, after) {
  switch (character) {
    case '\u200d':
      if (PICTURE_END.test(before) && PICTURE.test(after)) return true;
    // falls through: Persian and the Indic scripts need both joiners
    case '\u200c':
      return JOINING.test(before) && JOINING.test(after);
    case '\ufe0e':
    case '\ufe0f':
      return /[\p{Emoji}\u2190-\u2bff\u3030\u303d\u3297\u3299]/u.test(before);
    default: {
      const code = character.codePointAt(0);
      // Tags spell the flags of England, Scotland and Wales after a black flag.
      return code >= 0xe0020 && code <= 0xe007f && /[\u{1f3f4}\u{e0020}-\u{e007e}]/u.test(before);
    }
  }
}

function mark(character) {
  const code = character.codePointAt(0);
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return el('span.mark', { title: `Invisible character ${hex}`, data: { mark: hex } }, NAMES[code] ?? hex);
}

/** The text as nodes; `lines` keeps line breaks and tabs. */
export function visible(text, lines = true) {
  const nodes = [];
  let plain = '';
  const characters = [...text.replace(/\r\n?/g, '\n')];
  for (const [index, character] of characters.entries()) {
    const harmless =
      !INVISIBLE.test(character) ||
      (lines && (character === '\n' || character === '\t')) ||
      isHonest(character, characters[index - 1] ?? '', characters[index + 1] ?? '');
    if (harmless) {
      plain += character;
    } else {
      if (plain) nodes.push(plain);
      plain = '';
      nodes.push(mark(character));
    }
  }
  if (plain) nodes.push(plain);
  return nodes;
}

/** A stranger's words in a line of ours: a name, a handle, an excerpt. */
export function said(text, kind = '') {
  const node = el('bdi.said', { dir: 'auto' }, visible(text, false));
  if (kind) node.classList.add(kind);
  return node;
}

/** A stranger's words as a paragraph of their own. */
export function saidBlock(text) {
  return el('bdi.said.block', { dir: 'auto' }, visible(text));
}

/** Boxes that were opened stay open when their place is drawn again. */
const opened = new Set();

/** The same, in a box that long text does not leave. `key` names the box, where it may be drawn again. */
export function saidBox(text, key = null) {
  const box = el('div.saying', {}, saidBlock(text));
  if (text.length < 420 && (text.match(/\n/g)?.length ?? 0) < 7) return box;
  const button = el('button.link', { type: 'button', data: { focus: 'show-all' } });
  const set = (open) => {
    box.classList.toggle('folded', !open);
    button.setAttribute('aria-expanded', open);
    button.textContent = open ? 'Show less' : `Show all ${text.length.toLocaleString('en')} characters`;
  };
  set(opened.has(key));
  button.addEventListener('click', () => {
    const open = box.classList.contains('folded');
    set(open);
    if (key && open) opened.add(key);
    else opened.delete(key);
  });
  return el('div', {}, box, button);
}

/** Only http and https; the true host stands beside the words, in ASCII, so that no name can be dressed up. */
export function outside(url, words) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return null;
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return null;
  return el(
    'a.outside',
    { href: parsed.href, target: '_blank', rel: 'noopener noreferrer nofollow', title: parsed.href.slice(0, 300) },
    words,
    el('span.host', {}, parsed.host),
    icon('out'),
  );
}

/** The host alone, for pictures and films that are described and never fetched. */
export function hostOf(url) {
  try {
    return new URL(url).host;
  } catch {
    return null;
  }
}
