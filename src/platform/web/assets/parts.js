// The parts of a card that stand elsewhere as well: who wrote, where, what came with it, what must be known, what happened.

import { el, hue, icon, leadName, networkName } from './dom.js';
import { tell } from './hub.js';
import { hostOf, outside, said, saidBox, visible } from './said.js';
import { age } from './time.js';

const KINDS = { mention: 'mention', comment: 'comment', direct_message: 'private message', review: 'review' };

export function author(author) {
  if (!author) return el('span.name', {}, 'Author not seen yet');
  const handle = `@${author.handle.replace(/^@/, '')}`;
  return [
    el('span.name', {}, said(author.name || author.handle)),
    author.verified &&
      el('span.verified', { title: 'The network says it checked who this is' }, icon('check'), el('span.hidden', {}, 'verified')),
    author.name && author.handle ? el('span.handle', {}, said(handle)) : null,
  ].filter(Boolean);
}

export function profile(author) {
  const link = author?.url ? outside(author.url, 'Profile') : null;
  link?.classList.add('profile');
  return link;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function followers(author) {
  return typeof author?.followers === 'number'
    ? el('span', { title: author.followers.toLocaleString('en') }, `${compact.format(author.followers)} followers`)
    : null;
}

export function origin(card) {
  const node = el('span.network', {}, visible(networkName(card.network), false), ' · ', KINDS[card.kind] ?? card.kind);
  node.style.setProperty('--hue', hue(card.network));
  return node;
}

export function leadChip(lead) {
  return el(
    'button.lead',
    {
      type: 'button',
      data: { focus: 'lead', open: leadName(lead) },
      title: 'Open the details',
      onclick: () => tell('open-lead', { lead, explicit: true }),
    },
    leadName(lead),
  );
}

export function media(items) {
  if (!items.length) return null;
  return el(
    'ul.media',
    {},
    items
      .slice(0, 12)
      .map((item) =>
        el(
          'li',
          {},
          el('span.tag.plain', {}, 'Attachment'),
          item.description ? said(item.description) : el('em', {}, 'without a description'),
          ' ',
          outside(item.url, 'Open') ?? (hostOf(item.url) ? el('span.host', {}, hostOf(item.url)) : null),
        ),
      ),
  );
}

export function priority(word) {
  return word === 'normal' ? null : el('span.tag.priority', { data: { priority: word } }, icon('flag'), word);
}

export function banner(banner) {
  return el(
    'div.banner',
    { data: { tone: banner.tone } },
    el('p', {}, visible(banner.text)),
    banner.lines?.length
      ? el(
          'ul',
          {},
          banner.lines.map((line) => el('li', {}, saidBox(line))),
        )
      : null,
  );
}

/** How much of a story is not shown. */
export const earlierEntries = (count) =>
  count === 1 ? '1 earlier entry is not shown.' : `${count} earlier entries are not shown.`;

export function historyList(notice) {
  if (!notice.rows?.length) return el('p.quiet', {}, visible(notice.text));
  return el(
    'ol.history',
    {},
    notice.earlier > 0
      ? el('li', {}, el('span'), el('span.quiet', {}, earlierEntries(notice.earlier)))
      : null,
    notice.rows.map((row) =>
      el(
        'li',
        {},
        row.at ? age(row.at) : el('span'),
        el('span', {}, visible(row.text), row.said ? el('q', {}, said(row.said)) : null),
      ),
    ),
  );
}
