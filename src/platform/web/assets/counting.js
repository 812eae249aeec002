// Counts a text as its network does; the mirror of `domain/capability.rs`, with the same test vectors.

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const clusters = (text) => [...graphemes.segment(text)].map((part) => part.segment);
const LINK_LENGTH = 23;

/** `counting` is a word of `domain::capability::Counting`. */
export function count(text, counting) {
  switch (counting) {
    case 'graphemes':
      return clusters(text).length;
    case 'graphemes_short_links':
      return withShortLinks(text, (plain) => clusters(withoutHosts(plain)).length);
    case 'weighted':
      return withShortLinks(text, weigh);
    case 'bytes':
      return new TextEncoder().encode(text).length;
    case 'utf16':
      return text.length;
    default:
      return [...text].length;
  }
}

function withShortLinks(text, plain) {
  let total = 0;
  let rest = text;
  for (let start; (start = rest.search(/https?:\/\//)) >= 0;) {
    total += plain(rest.slice(0, start)) + LINK_LENGTH;
    const link = rest.slice(start);
    const end = link.search(/\p{White_Space}/u);
    rest = end < 0 ? '' : link.slice(end);
  }
  return total + plain(rest);
}

/** `@mara@social.example` is counted by Mastodon as `@mara`. */
function withoutHosts(text) {
  return text.replace(/\P{White_Space}+/gu, (word) => {
    const [, user, host] = /^@([^@]+)@(.*)$/su.exec(word) ?? [];
    return user && host.includes('.') ? `@${user}` : word;
  });
}

const isLight = (code) =>
  code <= 4351 || (code >= 8192 && code <= 8205) || (code >= 8208 && code <= 8223) || (code >= 8242 && code <= 8247);
const isJoined = (code) =>
  code === 0x200d ||
  code === 0xfe0f ||
  code === 0x20e3 ||
  (code >= 0x1f1e6 && code <= 0x1f1ff) ||
  (code >= 0x1f3fb && code <= 0x1f3ff);

/** X's weights, configuration v3: the light ranges weigh one, an emoji two whatever it is made of, all else two. */
function weigh(text) {
  let total = 0;
  for (const cluster of clusters(text.normalize('NFC'))) {
    const codes = [...cluster].map((character) => character.codePointAt(0));
    if (codes.some(isJoined) && codes.some((code) => !isLight(code))) total += 2;
    else for (const code of codes) total += isLight(code) ? 1 : 2;
  }
  return total;
}

export const UNITS = {
  characters: 'characters',
  graphemes: 'characters',
  graphemes_short_links: 'characters, links count 23',
  weighted: 'weighted characters, links count 23',
  bytes: 'bytes',
  utf16: 'characters',
};
